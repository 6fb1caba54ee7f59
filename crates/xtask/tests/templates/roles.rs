//! The roles' trust policies, and the permissions of the function's role. Those of the data sources' roles are compared
//! with their resolvers in the library's tests.

use serde_json::{Value, json};

use crate::cfn::{API, BACKEND, attribute, only_when, properties, read, reference, resources, sub, template};

/// A trust policy for a service, limited to `resource` where the parameter `RoleTrust` is `RESOURCE`.
fn trust(service: &str, resource: &Value) -> Value {
    let condition = json!({
        "StringEquals": { "aws:SourceAccount": reference("AWS::AccountId") },
        "ArnLike": only_when("TrustsResource", &json!({ "aws:SourceArn": resource })),
    });
    json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": { "Service": service },
            "Action": "sts:AssumeRole",
            "Condition": { "Fn::If": ["TrustsAny", reference("AWS::NoValue"), condition] },
        }],
    })
}

fn expected_trust(role: &str) -> Value {
    let arn = |rest: &str| sub(&format!("arn:${{AWS::Partition}}:{rest}"));
    match role {
        "AggregatorRole" => trust(
            "lambda.amazonaws.com",
            &arn("lambda:${AWS::Region}:${AWS::AccountId}:function:*"),
        ),
        "ApiLogRole" => trust(
            "appsync.amazonaws.com",
            &arn("appsync:${AWS::Region}:${AWS::AccountId}:apis/*"),
        ),
        "UserIdentityRole" => json!({
            "Version": "2012-10-17",
            "Statement": [{
                "Effect": "Allow",
                "Principal": { "Federated": "cognito-identity.amazonaws.com" },
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": {
                    "StringEquals": { "cognito-identity.amazonaws.com:aud": reference("UserIdentityPool") },
                    "ForAnyValue:StringLike": { "cognito-identity.amazonaws.com:amr": "authenticated" },
                },
            }],
        }),
        _ => trust("appsync.amazonaws.com", &attribute("Api.Arn")),
    }
}

#[test]
fn every_role_trusts_its_service_alone_on_behalf_of_this_account() {
    let mut seen = Vec::new();
    for name in ["dynamodb-lambda", "appsync-api", "caltrack"] {
        let template = template(name);
        for (role, found) in resources(&template, "AWS::IAM::Role") {
            assert_eq!(
                found["AssumeRolePolicyDocument"],
                expected_trust(&role),
                "{role} of {name}"
            );
            seen.push(role);
        }
        let parameter = &template["Parameters"]["RoleTrust"];
        assert_eq!(parameter["Default"], "ACCOUNT", "{name}");
        for (condition, value) in [("TrustsAny", "ANY"), ("TrustsResource", "RESOURCE")] {
            let expected = json!({ "Fn::Equals": [reference("RoleTrust"), value] });
            assert_eq!(template["Conditions"][condition], expected, "{name}");
        }
    }
    seen.sort();
    seen.dedup();
    assert_eq!(
        seen,
        [
            "ActivityCategoryTableRole",
            "ActivityTableRole",
            "AggregatorRole",
            "ApiLogRole",
            "UserAggregateTableRole",
            "UserIdentityRole",
            "UserTableRole"
        ]
    );
}

fn allow(sid: &str, actions: &Value, resource: &Value) -> Value {
    json!({ "Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resource })
}

#[test]
fn the_functions_role_permits_what_the_function_does_and_no_more() {
    let statements = json!([
        allow(
            "ReadTheStream",
            &json!([
                "dynamodb:DescribeStream",
                "dynamodb:GetRecords",
                "dynamodb:GetShardIterator"
            ]),
            &sub("${ActivityTable.Arn}/stream/*"),
        ),
        allow("ListStreams", &json!("dynamodb:ListStreams"), &json!("*")),
        only_when(
            "IsTraced",
            &allow(
                "Trace",
                &json!(["xray:PutTelemetryRecords", "xray:PutTraceSegments"]),
                &json!("*"),
            ),
        ),
        allow(
            "BookTotals",
            &json!(["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"]),
            &attribute("UserAggregateTable.Arn"),
        ),
        allow(
            "PutAsideWhatCannotBeRead",
            &json!("sqs:SendMessage"),
            &attribute("AggregatorFailureQueue.Arn"),
        ),
        allow(
            "WriteTheLog",
            &json!(["logs:CreateLogStream", "logs:PutLogEvents"]),
            &attribute("AggregatorLogGroup.Arn"),
        ),
    ]);
    let policy = |name: &str, statements: &Value| {
        json!({
            "PolicyName": name,
            "PolicyDocument": { "Version": "2012-10-17", "Statement": statements },
        })
    };
    let publish = |api: &str| {
        let field = sub(&format!("{api}/types/Mutation/fields/publishUserAggregate"));
        policy(
            "publish",
            &json!([{ "Effect": "Allow", "Action": "appsync:GraphQL", "Resource": field }]),
        )
    };
    let named =
        publish("arn:${AWS::Partition}:appsync:${AWS::Region}:${AWS::AccountId}:apis/${AppSyncApiId}");
    for (name, publish) in [
        ("dynamodb-lambda", only_when("Publishes", &named)),
        ("caltrack", publish("${Api.Arn}")),
    ] {
        let role = properties(&template(name), "AggregatorRole");
        assert_eq!(
            role["Policies"],
            json!([policy("aggregate", &statements), publish]),
            "{name}"
        );
        assert!(role.get("ManagedPolicyArns").is_none(), "{name}");
    }
    assert!(
        caltrack_aggregator::PUBLISH_DOCUMENT.contains(" publishUserAggregate(input: "),
        "the function sends the mutation that its role may send"
    );
}

/// The fields that carry both `@aws_iam` and `@aws_cognito_user_pools`, as resources of a policy.
fn fields_of_users() -> Vec<Value> {
    let schema = read("graphql/schema.graphql");
    let (mut fields, mut kind, mut field) = (Vec::new(), "", "");
    for line in schema.lines() {
        if let Some(rest) = line.strip_prefix("type ") {
            kind = rest.split(' ').next().unwrap();
        } else if let Some((name, _)) = line.strip_prefix("  ").and_then(|rest| rest.split_once('('))
            && name.chars().all(char::is_alphanumeric)
        {
            field = name;
        }
        let is_root = ["Query", "Mutation", "Subscription"].contains(&kind) && line.starts_with("  ");
        if is_root && line.contains("@aws_iam") && line.contains("@aws_cognito_user_pools") {
            fields.push(sub(&format!("${{Api.Arn}}/types/{kind}/fields/{field}")));
        }
    }
    fields
}

#[test]
fn users_with_keys_may_use_exactly_the_fields_of_users() {
    let fields = fields_of_users();
    assert!(fields.len() >= 30, "{fields:?}");
    for name in API {
        let template = template(name);
        let role = properties(&template, "UserIdentityRole");
        assert_eq!(
            role["Policies"][0]["PolicyDocument"]["Statement"],
            json!([{ "Effect": "Allow", "Action": "appsync:GraphQL", "Resource": fields }]),
            "{name}"
        );
        assert_eq!(role["Policies"].as_array().unwrap().len(), 1, "{name}");
        assert!(role.get("ManagedPolicyArns").is_none(), "{name}");
        let roles = properties(&template, "UserIdentityRoles");
        assert_eq!(
            roles["Roles"],
            json!({ "authenticated": attribute("UserIdentityRole.Arn") }),
            "guests have no role: {name}"
        );
    }
}

#[test]
fn appsync_writes_to_its_own_logs_alone() {
    for name in API {
        let role = properties(&template(name), "ApiLogRole");
        assert_eq!(
            role["Policies"][0]["PolicyDocument"]["Statement"],
            json!([{
                "Effect": "Allow",
                "Action": ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
                "Resource": sub("arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/appsync/apis/*"),
            }]),
            "{name}"
        );
    }
}

#[test]
fn tracing_is_off_by_default() {
    for name in BACKEND.into_iter().chain(API) {
        let template = template(name);
        assert_eq!(template["Parameters"]["Tracing"]["Default"], "false", "{name}");
        assert_eq!(
            template["Conditions"]["IsTraced"],
            json!({ "Fn::Equals": [reference("Tracing"), "true"] }),
            "{name}"
        );
    }
    for name in BACKEND {
        let function = properties(&template(name), "Aggregator");
        let mode = json!({ "Fn::If": ["IsTraced", "Active", "PassThrough"] });
        assert_eq!(function["TracingConfig"]["Mode"], mode, "{name}");
    }
    for name in API {
        let api = properties(&template(name), "Api");
        let on = json!({ "Fn::If": ["IsTraced", true, false] });
        assert_eq!(api["XrayEnabled"], on, "{name}");
    }
}
