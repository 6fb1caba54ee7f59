"""Compares the deployed resources, as the services describe them, with the templates. Not compared, since ministack doesn't support it: point-in-time
recovery, encryption, capacity limits, time to live; reserved concurrency, the mapping's metrics; the pool's tier and account recovery; the client's rotation of refresh tokens."""

KEYS = {
    "user_table": ["id"],
    "activity_table": ["id"],
    "activity_category_table": ["category"],
    "user_aggregate_table": ["userid", "date"],
}
INDEXES = {
    "userid-creationDateTime-index": ["userid", "creationDateTime"],
    "userid-date-index": ["userid", "date"],
}


ALARMS = {
    "IteratorAgeAlarm": ("AWS/Lambda", "IteratorAge"),
    "ErrorsAlarm": ("AWS/Lambda", "Errors"),
    "FailuresAlarm": ("CalTrack/Aggregator", "Failures"),
    "PublishAbandonedAlarm": ("CalTrack/Aggregator", "PublishAbandoned"),
    "ThrottlesAlarm": ("AWS/Lambda", "Throttles"),
    "FailedInvokesAlarm": ("AWS/Lambda", "FailedInvokeEventCount"),
    "DroppedEventsAlarm": ("AWS/Lambda", "DroppedEventCount"),
    "FailureQueueAlarm": ("AWS/SQS", "ApproximateNumberOfMessagesVisible"),
}
# Alarms on a formula of several metrics, which ministack rejects.
FORMULAS = ["WriteThrottlesAlarm", "ReadThrottlesAlarm", "HeartbeatAlarm"]


def keys(schema):
    assert [key["KeyType"] for key in schema] == ["HASH", "RANGE"][: len(schema)], schema
    return [key["AttributeName"] for key in schema]


def tables(aws, prefix, protected):
    """Checks the four tables and returns the ARN of the activity table's stream."""
    for name, expected in KEYS.items():
        table = aws(f"aws dynamodb describe-table --table-name {prefix}_{name}")["Table"]
        assert keys(table["KeySchema"]) == expected, table
        assert table["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST", table
        assert str(table["DeletionProtectionEnabled"]).lower() == protected, table
        indexes = {index["IndexName"]: index for index in table.get("GlobalSecondaryIndexes", [])}
        found = {name: keys(index["KeySchema"]) for name, index in indexes.items()}
        assert found == (INDEXES if name == "activity_table" else {}), table
        assert all(index["Projection"]["ProjectionType"] == "ALL" for index in indexes.values()), table
        streams = name == "activity_table"
        assert bool(table.get("LatestStreamArn")) == streams, table
        if streams:
            assert table["StreamSpecification"]["StreamViewType"] == "NEW_AND_OLD_IMAGES", table
            stream = table["LatestStreamArn"]
    return stream


def aggregation(aws, prefix, stream, stack, factor, endpoint, tracing="PassThrough"):
    """The function of a stack, its mapping and its role."""
    [function] = [function for function in aws("aws lambda list-functions")["Functions"]
                  if function["FunctionName"].startswith(f"{stack}-")]
    assert (function["Runtime"], function["Architectures"]) == ("provided.al2023", ["x86_64"]), function
    assert (function["MemorySize"], function["Timeout"]) == (256, 60), function
    assert function["TracingConfig"] == {"Mode": tracing}, function
    name = function["FunctionName"]
    variables = function["Environment"]["Variables"]
    assert variables["USER_AGGREGATE_TABLE"] == f"{prefix}_user_aggregate_table", variables
    assert f"{stack}-AggregatorFailureQueue-" in variables["FAILURE_QUEUE_URL"], variables
    assert variables["GRAPHQL_ENDPOINT"] == endpoint, variables

    [mapping] = aws(f"aws lambda list-event-source-mappings --function-name {name}")["EventSourceMappings"]
    assert mapping["EventSourceArn"] == stream, mapping
    assert (mapping["StartingPosition"], mapping["BatchSize"]) == ("TRIM_HORIZON", 100), mapping
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"] and "FilterCriteria" not in mapping, mapping
    assert (mapping["MaximumRetryAttempts"], mapping["MaximumRecordAgeInSeconds"]) == (-1, 82800), mapping
    assert mapping["BisectBatchOnFunctionError"] and mapping["ParallelizationFactor"] == factor, mapping
    destination = mapping["DestinationConfig"]["OnFailure"]["Destination"]
    assert f"{stack}-AggregatorFailureQueue-" in destination, mapping

    role = function["Role"].rsplit("/", 1)[1]
    policy = aws(f"aws iam get-role-policy --role-name {role} --policy-name aggregate")["PolicyDocument"]
    [reads] = [statement for statement in policy["Statement"] if statement.get("Sid") == "ReadTheStream"]
    assert reads["Resource"] == f"{stream.rsplit('/', 1)[0]}/*", "every stream of the table, also a new one"


def alarms(aws, stack, topic):
    """Each alarm has its metric and notifies the topic when it begins and when it ends."""
    found = {}
    for alarm in aws("aws cloudwatch describe-alarms")["MetricAlarms"]:
        if alarm["AlarmName"].startswith(f"{stack}-"):
            found[alarm["AlarmName"].split("-")[1]] = alarm
    expected = {**ALARMS, **({"ApiErrorsAlarm": ("AWS/AppSync", "5XXError")} if "ApiErrorsAlarm" in found else {})}
    assert found.keys() == expected.keys(), found.keys()
    actions = [topic] if topic else []
    for name, alarm in found.items():
        assert (alarm["Namespace"], alarm["MetricName"]) == expected[name], alarm
        [dimension] = alarm["Dimensions"]
        assert dimension["Value"], alarm
        assert alarm["AlarmActions"] == actions and alarm["OKActions"] == actions, alarm


def pool(aws, id, name, totp, protection, sign_up=True):
    described = aws(f"aws cognito-idp describe-user-pool --user-pool-id {id}")["UserPool"]
    assert described["Name"] == name and described["DeletionProtection"] == protection, described
    assert described["Policies"]["PasswordPolicy"] == {
        "MinimumLength": 8, "RequireUppercase": True, "RequireLowercase": True, "RequireNumbers": True,
        "RequireSymbols": True, "TemporaryPasswordValidityDays": 7,
    }, described
    assert described["AutoVerifiedAttributes"] == ["email"], described
    assert described["UsernameConfiguration"] == {"CaseSensitive": False}, described
    assert described["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is not sign_up, described
    assert described["EmailConfiguration"] == {"EmailSendingAccount": "COGNITO_DEFAULT"}, described
    required = {attribute["Name"] for attribute in described["SchemaAttributes"] if attribute["Required"]}
    assert required == {"sub", "email"}, described
    assert described["MfaConfiguration"] == ("OPTIONAL" if totp else "OFF"), described
    if totp:
        mfa = aws(f"aws cognito-idp get-user-pool-mfa-config --user-pool-id {id}")
        assert mfa["SoftwareTokenMfaConfiguration"] == {"Enabled": True}, mfa
    [group] = aws(f"aws cognito-idp list-groups --user-pool-id {id}")["Groups"]
    assert group["GroupName"] == "admin", group


def client(aws, pool, id, rotates=True):
    described = aws(f"aws cognito-idp describe-user-pool-client --user-pool-id {pool} --client-id {id}")["UserPoolClient"]
    assert "ClientSecret" not in described, described
    flows = ["ALLOW_USER_SRP_AUTH"] if rotates else ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"]
    assert sorted(described["ExplicitAuthFlows"]) == flows, described
    assert described["PreventUserExistenceErrors"] == "ENABLED" and described["EnableTokenRevocation"], described
    units = described["TokenValidityUnits"]
    validities = {name: (described[f"{name}Validity"], units[name]) for name in units}
    hour, month = (60, "minutes"), (30, "days")
    assert validities == {"AccessToken": hour, "IdToken": hour, "RefreshToken": month}, described


def api(aws, outputs, traced=False):
    described = aws(f"aws appsync get-graphql-api --api-id {outputs['AppSyncApiId']}")["graphqlApi"]
    assert described["authenticationType"] == "AMAZON_COGNITO_USER_POOLS", described
    users = {"userPoolId": outputs["UserPoolId"], "awsRegion": outputs["Region"], "defaultAction": "ALLOW"}
    assert described["userPoolConfig"] == users, described
    assert described["additionalAuthenticationProviders"] == [{"authenticationType": "AWS_IAM"}], described
    log = described["logConfig"]
    assert log["fieldLogLevel"] == "ERROR" and log["excludeVerboseContent"], described
    assert (described["introspectionConfig"], described["xrayEnabled"]) == ("DISABLED", traced), described
    assert (described["queryDepthLimit"], described["resolverCountLimit"]) == (10, 100), described
    assert described["uris"]["GRAPHQL"] == outputs["GraphQLEndpoint"], described


def sources(aws, api, prefix):
    """Each table has a data source with its own role."""
    found = aws(f"aws appsync list-data-sources --api-id {api}")["dataSources"]
    found = {source["name"]: source for source in found if source["type"] == "AMAZON_DYNAMODB"}
    tables = {name: source["dynamodbConfig"]["tableName"] for name, source in found.items()}
    assert tables == {
        "UserTable": f"{prefix}_user_table", "ActivityTable": f"{prefix}_activity_table",
        "ActivityCategoryTable": f"{prefix}_activity_category_table", "UserAggregateTable": f"{prefix}_user_aggregate_table",
    }, tables
    for name, source in found.items():
        assert f"-{name}Role-" in source["serviceRoleArn"], source


def identity_pool(aws, outputs, name):
    """Users of the user pool get keys with the role for exactly their fields, and guests get none."""
    id = outputs["IdentityPoolId"]
    described = aws(f"aws cognito-identity describe-identity-pool --identity-pool-id {id}")
    assert described["IdentityPoolName"] == name and described["AllowUnauthenticatedIdentities"] is False, described
    [provider] = described["CognitoIdentityProviders"]
    assert provider["ProviderName"].endswith(f"/{outputs['UserPoolId']}"), described
    assert (provider["ClientId"], provider["ServerSideTokenCheck"]) == (outputs["UserPoolClientId"], True), described
    roles = aws(f"aws cognito-identity get-identity-pool-roles --identity-pool-id {id}")["Roles"]
    assert roles.keys() == {"authenticated"}, roles
    role = roles["authenticated"].split("/")[-1]
    policy = aws(f"aws iam get-role-policy --role-name {role} --policy-name log")["PolicyDocument"]
    [statement] = policy["Statement"]
    assert statement["Action"] == "appsync:GraphQL" and len(statement["Resource"]) == 30, statement
    assert all("/types/" in field and "*" not in field for field in statement["Resource"]), statement
    assert not any("publishUserAggregate" in field for field in statement["Resource"]), statement


def no_identity_pool(aws, outputs):
    assert "IdentityPoolId" not in outputs, outputs
    assert aws("aws cognito-identity list-identity-pools --max-results 10")["IdentityPools"] == []
