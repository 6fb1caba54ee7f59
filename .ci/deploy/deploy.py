"""The guide's commands and the one-stack template on ministack, an independent emulator of AWS, through the real AWS CLI.

    deploy.py CALTRACK-TUI PACKAGE

What ministack can't show: its resolvers take no `import`, with which every resolver of APPSYNC_JS begins, so a query gets as far as
its resolver and no further; it has no subscriptions, knows no RealtimeUrl of an API (the template's copy that is
deployed here says the GraphQL address in its place), sets no time to live, lists no pipeline functions, and checks no IAM policy. Resolvers run in the box's
tests, the package under AWS's own runtime emulator.
"""

import contextlib
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).parents[2]
BIN = pathlib.Path(sys.executable).parent
REGION = "eu-west-1"
BUCKET = "caltrack-check"
TABLES = ["caltrack_activity_category_table", "caltrack_activity_table", "caltrack_user_aggregate_table",
          "caltrack_user_table"]
PASSWORD = "Correct-Horse-7!"

GUIDE = {
    "tables": "aws cloudformation create-stack --stack-name dynamoDBLambdaStack"
              " --template-body file://templates/dynamodb-lambda.yaml"
              f" --parameters ParameterKey=APIName,ParameterValue=caltrack ParameterKey=S3BucketName,ParameterValue={BUCKET}"
              " --capabilities CAPABILITY_IAM",
    "categories": "aws dynamodb batch-write-item --request-items file://assets/activity-categories.json",
    "resolvers": "aws cloudformation create-stack --stack-name resolver-stack"
                 " --template-body file://templates/appsync-resolvers.yaml"
                 " --parameters ParameterKey=AppSyncApiId,ParameterValue={api}"
                 " ParameterKey=AppSyncUserTableDataSourceName,ParameterValue=UserTable"
                 " ParameterKey=AppSyncActivityTableDataSourceName,ParameterValue=ActivityTable"
                 " ParameterKey=AppSyncActivityCategoryTableDataSourceName,ParameterValue=ActivityCategoryTable"
                 " ParameterKey=AppSyncUserAggTableDataSourceName,ParameterValue=UserAggregateTable",
}


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Aws:
    """The AWS CLI, pointed at the emulator."""

    def __init__(self, port):
        self.url = f"http://127.0.0.1:{port}"
        self.environment = {**os.environ, "AWS_ENDPOINT_URL": self.url, "AWS_ACCESS_KEY_ID": "test",
                            "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": REGION, "AWS_CONFIG_FILE": os.devnull}

    def __call__(self, command, *more):
        words = [*command.split()[1:], *more]
        ran = subprocess.run([sys.executable, BIN / "aws", *words], cwd=ROOT, env=self.environment, capture_output=True,
                             text=True, timeout=120)
        assert ran.returncode == 0, f"{command}: {ran.stdout}{ran.stderr}"
        with contextlib.suppress(json.JSONDecodeError):
            return json.loads(ran.stdout)

    def stack(self, name):
        """Waits for a stack; what it says of itself."""
        self(f"aws cloudformation wait stack-create-complete --stack-name {name}")
        [stack] = self(f"aws cloudformation describe-stacks --stack-name {name}")["Stacks"]
        assert stack["StackStatus"] == "CREATE_COMPLETE", stack
        return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}


@contextlib.contextmanager
def ministack(log):
    port = free_port()
    environment = {**os.environ, "GATEWAY_PORT": str(port), "BIND_HOST": "127.0.0.1", "MINISTACK_HOST": "127.0.0.1",
                   "AUTH": "true"}
    with open(log, "wb") as out:
        running = subprocess.Popen([BIN / "ministack"], env=environment, stdout=out, stderr=subprocess.STDOUT)
        try:
            for _ in range(300):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                assert running.poll() is None, log.read_text()
                time.sleep(0.1)
            yield Aws(port)
        finally:
            running.terminate()
            running.wait(20)


def guide(aws, package):
    aws(f"aws s3 mb s3://{BUCKET}")
    aws(f"aws s3 cp --quiet {package} s3://{BUCKET}/bootstrap.zip")
    aws(GUIDE["tables"])
    aws.stack("dynamoDBLambdaStack")
    assert aws("aws dynamodb list-tables")["TableNames"] == TABLES
    table = aws("aws dynamodb describe-table --table-name caltrack_activity_table")["Table"]
    indexes = {index["IndexName"] for index in table["GlobalSecondaryIndexes"]}
    assert indexes == {"userid-creationDateTime-index", "userid-date-index"}, indexes
    assert table["StreamSpecification"]["StreamViewType"] == "NEW_AND_OLD_IMAGES", table
    [mapping] = aws("aws lambda list-event-source-mappings")["EventSourceMappings"]
    assert mapping["EventSourceArn"] == table["LatestStreamArn"], mapping
    assert mapping["StartingPosition"] == "TRIM_HORIZON" and mapping["BisectBatchOnFunctionError"], mapping
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"] and "FilterCriteria" not in mapping, mapping
    [function] = aws("aws lambda list-functions")["Functions"]
    assert (function["Runtime"], function["Architectures"]) == ("provided.al2023", ["x86_64"]), function
    variables = function["Environment"]["Variables"]
    assert variables["USER_AGGREGATE_TABLE"] == "caltrack_user_aggregate_table", variables
    assert variables.get("GRAPHQL_ENDPOINT", "") == "", variables
    print("the guide's first stack: tables, indexes, stream, function, mapping")

    assert aws(GUIDE["categories"])["UnprocessedItems"] == {}
    assert aws("aws dynamodb scan --table-name caltrack_activity_category_table")["Count"] == 3
    print("the guide's categories")

    api = aws("aws appsync create-graphql-api --name tracker --authentication-type AWS_IAM")["graphqlApi"]["apiId"]
    aws(f"aws appsync start-schema-creation --api-id {api}", "--definition", "fileb://assets/schema.graphql")
    for source, table in [("UserTable", "caltrack_user_table"), ("ActivityTable", "caltrack_activity_table"),
                          ("UserAggregateTable", "caltrack_user_aggregate_table"),
                          ("ActivityCategoryTable", "caltrack_activity_category_table")]:
        aws(f"aws appsync create-data-source --api-id {api} --name {source} --type AMAZON_DYNAMODB",
            "--dynamodb-config", json.dumps({"tableName": table, "awsRegion": REGION}),
            "--service-role-arn", "arn:aws:iam::000000000000:role/any")
    aws(GUIDE["resolvers"].format(api=api))
    aws.stack("resolver-stack")
    resolvers(aws, api)
    print("the guide's resolvers, on an API made by hand")


def resolvers(aws, api):
    """Every file is attached, with its own code, to its own source."""
    files = {path.stem for path in (ROOT / "graphql/resolvers").glob("*.js")}
    found = {}
    for kind in ["Query", "Mutation", "Subscription"]:
        for resolver in aws(f"aws appsync list-resolvers --api-id {api} --type-name {kind}")["resolvers"]:
            found[f"{kind}.{resolver['fieldName']}"] = resolver
    assert found.keys() == files, found.keys() ^ files
    for name, resolver in found.items():
        assert resolver["runtime"] == {"name": "APPSYNC_JS", "runtimeVersion": "1.0.0"}, resolver
        assert "export" in resolver["code"], resolver
        header = (ROOT / f"graphql/resolvers/{name}.js").read_text().splitlines()[0]
        if header.startswith("// pipeline: "):
            functions = header.removeprefix("// pipeline: ").split(", ")
            assert resolver["kind"] == "PIPELINE" and len(resolver["pipelineConfig"]["functions"]) == len(functions), resolver
        else:
            assert resolver["dataSourceName"] == header.removeprefix("// datasource: "), resolver


def one_stack(aws, work):
    template = work / "caltrack.yaml"
    text = (ROOT / "templates/caltrack.yaml").read_text()
    assert text.count("!GetAtt Api.RealtimeUrl") == 1
    template.write_text(text.replace("!GetAtt Api.RealtimeUrl", "!GetAtt Api.GraphQLUrl"))
    aws(f"aws cloudformation deploy --stack-name one --template-file {template} --s3-bucket {BUCKET}"
        f" --capabilities CAPABILITY_IAM --parameter-overrides APIName=one S3BucketName={BUCKET}")
    outputs = aws.stack("one")
    api = outputs["AppSyncApiId"]
    resolvers(aws, api)
    sources = {source["name"] for source in aws(f"aws appsync list-data-sources --api-id {api}")["dataSources"]}
    assert sources == {"UserTable", "ActivityTable", "ActivityCategoryTable", "UserAggregateTable", "NoneSource"}, sources
    described = aws(f"aws appsync get-graphql-api --api-id {api}")["graphqlApi"]
    assert described["authenticationType"] == "AMAZON_COGNITO_USER_POOLS", described
    pool = f"--user-pool-id {outputs['UserPoolId']}"
    [group] = aws(f"aws cognito-idp list-groups {pool}")["Groups"]
    assert group["GroupName"] == "admin", group
    client = aws(f"aws cognito-idp describe-user-pool-client {pool} --client-id {outputs['UserPoolClientId']}")
    assert "ClientSecret" not in client["UserPoolClient"], client
    print("everything in one stack: API, sources, resolvers, pool, client, group")
    return outputs


def sign_in(aws, outputs, program, work):
    pool = f"--user-pool-id {outputs['UserPoolId']}"
    aws(f"aws cognito-idp admin-create-user {pool} --username ann --message-action SUPPRESS"
        " --user-attributes Name=email,Value=ann@example.com")
    aws(f"aws cognito-idp admin-set-user-password {pool} --username ann --permanent --password {PASSWORD}")
    described = work / "stacks.json"
    described.write_text(json.dumps(aws("aws cloudformation describe-stacks --stack-name one")))

    def tui(*arguments, code=0):
        ran = subprocess.run([program, "--data-dir", work / "tui", *arguments], input=PASSWORD, capture_output=True,
                             text=True, timeout=60)
        assert ran.returncode == code, f"{arguments}: {ran.stdout}{ran.stderr}"
        return ran.stdout

    api = f"{aws.url}/v1/apis/{outputs['AppSyncApiId']}/graphql"
    tui("configure", "cloud", "--stack-outputs", str(described), "--graphql-endpoint", api, "--realtime-endpoint",
        api.replace("http", "ws") + "/realtime", "--cognito-endpoint", aws.url)
    assert "ann on profile cloud" in tui("--profile", "cloud", "sign-in", "ann", "--password-stdin")
    assert json.loads(tui("--profile", "cloud", "--json", "whoami"))["username"] == "ann"
    # Authenticated, parsed, and given to its resolver.
    ran = subprocess.run([program, "--data-dir", work / "tui", "--profile", "cloud", "categories"], capture_output=True,
                         text=True, timeout=60)
    assert ran.returncode == 1 and "Cannot use import statement outside a module" in ran.stderr, ran
    print("caltrack-tui: configured by the stack's outputs, signed in to ministack's Cognito by SRP")


def main():
    program, package = (pathlib.Path(path).resolve() for path in sys.argv[1:3])
    with tempfile.TemporaryDirectory() as directory:
        work = pathlib.Path(directory)
        with ministack(work / "ministack.log") as aws:
            guide(aws, package)
            outputs = one_stack(aws, work)
            sign_in(aws, outputs, program, work)


main()
