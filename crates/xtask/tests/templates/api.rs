//! The user pool, its client and the API.

use serde_json::json;

use crate::cfn::{API, attribute, only_when, properties, reference, sub, template, when};

#[test]
fn refresh_tokens_rotate_where_the_plan_allows_it() {
    for name in API {
        let template = template(name);
        let client = properties(&template, "UserPoolClient");
        assert_eq!(
            client["RefreshTokenRotation"],
            only_when(
                "RotatesTokens",
                &json!({ "Feature": "ENABLED", "RetryGracePeriodSeconds": 60 })
            ),
            "{name}"
        );
        // Cognito refuses ALLOW_REFRESH_TOKEN_AUTH beside rotation.
        assert_eq!(
            client["ExplicitAuthFlows"],
            when(
                "RotatesTokens",
                &json!(["ALLOW_USER_SRP_AUTH"]),
                &json!(["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"])
            ),
            "{name}"
        );
        assert_eq!(
            template["Conditions"]["RotatesTokens"],
            json!({ "Fn::Not": [{ "Fn::Equals": [reference("UserPoolTier"), "LITE"] }] }),
            "{name}"
        );
        assert_eq!(
            template["Parameters"]["UserPoolTier"]["Default"], "ESSENTIALS",
            "{name}"
        );
        assert_eq!(client["GenerateSecret"], false, "{name}");
        assert_eq!(client["EnableTokenRevocation"], true, "{name}");
        assert_eq!(client["PreventUserExistenceErrors"], "ENABLED", "{name}");
    }
}

#[test]
fn a_new_recovery_address_must_be_verified_before_it_replaces_the_old_one() {
    for name in API {
        let template = template(name);
        let pool = properties(&template, "UserPool");
        assert_eq!(
            pool["UserAttributeUpdateSettings"],
            json!({ "AttributesRequireVerificationBeforeUpdate": ["email"] }),
            "{name}"
        );
        assert_eq!(pool["AutoVerifiedAttributes"], json!(["email"]), "{name}");
        assert_eq!(
            pool["AccountRecoverySetting"],
            json!({ "RecoveryMechanisms": [{ "Name": "verified_email", "Priority": 1 }] }),
            "{name}"
        );
        assert_eq!(pool["UserPoolTier"], reference("UserPoolTier"), "{name}");
        assert_eq!(
            pool["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"],
            when("AllowsSignUp", &json!(false), &json!(true)),
            "{name}"
        );
        assert_eq!(
            template["Resources"]["UserPool"]["DeletionPolicy"], "RetainExceptOnCreate",
            "{name}"
        );
    }
}

#[test]
fn the_api_accepts_the_pools_users_and_iam() {
    for name in API {
        let api = properties(&template(name), "Api");
        assert_eq!(api["AuthenticationType"], "AMAZON_COGNITO_USER_POOLS", "{name}");
        assert_eq!(
            api["UserPoolConfig"],
            json!({ "UserPoolId": reference("UserPool"), "AwsRegion": reference("AWS::Region"), "DefaultAction": "ALLOW" }),
            "{name}"
        );
        assert_eq!(
            api["AdditionalAuthenticationProviders"],
            json!([{ "AuthenticationType": "AWS_IAM" }]),
            "{name}"
        );
        assert_eq!(api["LogConfig"]["ExcludeVerboseContent"], true, "{name}");
    }
}

#[test]
fn the_identity_pool_is_off_by_default_and_takes_users_of_this_pool_alone() {
    for name in API {
        let template = template(name);
        assert_eq!(
            template["Parameters"]["IdentityPool"]["Default"], "false",
            "{name}"
        );
        assert_eq!(
            template["Conditions"]["HasIdentityPool"],
            json!({ "Fn::Equals": [reference("IdentityPool"), "true"] }),
            "{name}"
        );
        for resource in ["UserIdentityPool", "UserIdentityRole", "UserIdentityRoles"] {
            assert_eq!(
                template["Resources"][resource]["Condition"], "HasIdentityPool",
                "{resource} of {name}"
            );
        }
        assert_eq!(
            template["Outputs"]["IdentityPoolId"]["Condition"], "HasIdentityPool",
            "{name}"
        );
        let pool = properties(&template, "UserIdentityPool");
        assert_eq!(pool["AllowUnauthenticatedIdentities"], false, "{name}");
        assert_eq!(pool["AllowClassicFlow"], false, "{name}");
        assert_eq!(
            pool["CognitoIdentityProviders"],
            json!([{
                "ProviderName": attribute("UserPool.ProviderName"),
                "ClientId": reference("UserPoolClient"),
                "ServerSideTokenCheck": true,
            }]),
            "{name}"
        );
        // The box's resolvers have the same variable, with the ids of its own pool.
        let begin =
            sub("authenticated\"${UserPool.ProviderName}\",\"${UserPool.ProviderName}:CognitoSignIn:");
        assert_eq!(
            properties(&template, "Api")["EnvironmentVariables"],
            only_when("HasIdentityPool", &json!({ "SIGN_IN": begin })),
            "{name}"
        );
    }
}

#[test]
fn a_web_acl_guards_both_the_api_and_the_pool() {
    for name in API {
        let template = template(name);
        for (association, guarded) in [("ApiWebAcl", "Api.Arn"), ("UserPoolWebAcl", "UserPool.Arn")] {
            let resource = &template["Resources"][association];
            assert_eq!(resource["Type"], "AWS::WAFv2::WebACLAssociation", "{name}");
            assert_eq!(resource["Condition"], "HasWebAcl", "{name}");
            assert_eq!(
                resource["Properties"],
                json!({ "ResourceArn": attribute(guarded), "WebACLArn": reference("WebAclArn") }),
                "{name}"
            );
        }
        assert_eq!(
            template["Conditions"]["HasWebAcl"],
            json!({ "Fn::Not": [{ "Fn::Equals": [reference("WebAclArn"), ""] }] }),
            "{name}"
        );
    }
}
