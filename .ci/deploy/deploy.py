"""The guide's commands and the one-stack template on ministack, an independent emulator of AWS, through the real AWS CLI.

    deploy.py CALTRACK-TUI PACKAGE

Its mapping polls the stream and runs the package, so one entry is followed from the table to its total. What ministack can't show: its
resolvers take no `import`, with which those of tables begin, so queries and mutations get as far as their resolver and no
further; it has no subscriptions, knows no RealtimeUrl of an API (copies of the templates say the GraphQL address in its place), lists no
pipeline functions, and checks no IAM policy. It drops what described.py names. Nor is a total published: the function knows the API by its name
on AWS. Resolvers run in the box's tests, the package with its API under AWS's own runtime emulator.
"""

import contextlib
import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

import described

ROOT = pathlib.Path(__file__).parents[2]
BIN = pathlib.Path(sys.executable).parent
REGION = "eu-west-1"
BUCKET = "caltrack-check"
TABLES = ["caltrack_activity_category_table", "caltrack_activity_table", "caltrack_user_aggregate_table",
          "caltrack_user_table"]
PASSWORD = "Correct-Horse-7!"
# ministack's refusal of a table's resolver.
NO_IMPORT = "Cannot use import statement outside a module"

GUIDE = {
    "tables": "aws cloudformation create-stack --stack-name dynamoDBLambdaStack"
              " --template-body file://templates/dynamodb-lambda.yaml"
              f" --parameters ParameterKey=APIName,ParameterValue=caltrack ParameterKey=S3BucketName,ParameterValue={BUCKET}"
              " --capabilities CAPABILITY_IAM",
    "categories": "aws dynamodb batch-write-item --request-items file://assets/activity-categories.json",
    "api": "aws cloudformation create-stack --stack-name apiStack --template-body file://{template}"
           f" --parameters ParameterKey=APIName,ParameterValue=caltrack ParameterKey=SchemaS3Location,ParameterValue=s3://{BUCKET}/schema.graphql"
           " --capabilities CAPABILITY_IAM",
    "publishing": "aws cloudformation deploy --stack-name dynamoDBLambdaStack --template-file templates/dynamodb-lambda.yaml"
                  " --capabilities CAPABILITY_IAM --parameter-overrides GraphQLEndpoint={endpoint} AppSyncApiId={api}",
    "resolvers": "aws cloudformation create-stack --stack-name {stack}"
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

    def stack(self, name, status="CREATE_COMPLETE"):
        """Waits for a stack; its outputs. `aws cloudformation wait` looks every 30 s alone."""
        for _ in range(60):
            [stack] = self(f"aws cloudformation describe-stacks --stack-name {name}")["Stacks"]
            if not stack["StackStatus"].endswith("IN_PROGRESS"):
                break
            time.sleep(0.5)
        assert stack["StackStatus"] == status, stack
        return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}


@contextlib.contextmanager
def ministack(log):
    port = free_port()
    environment = {**os.environ, "GATEWAY_PORT": str(port), "BIND_HOST": "127.0.0.1", "MINISTACK_HOST": "127.0.0.1",
                   "AUTH": "true",
                   # Where its functions find it.
                   "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}"}
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


def guide(aws, package, work):
    aws(f"aws s3 mb s3://{BUCKET}")
    aws(f"aws s3 cp --quiet {package} s3://{BUCKET}/bootstrap.zip")
    aws(GUIDE["tables"])
    aws.stack("dynamoDBLambdaStack")
    assert aws("aws dynamodb list-tables")["TableNames"] == TABLES
    stream = described.tables(aws, "caltrack", "false")
    described.aggregation(aws, "caltrack", stream, "dynamoDBLambdaStack", 1, "")
    print("the guide's first stack: tables, indexes, stream, function, mapping")

    an_entry_is_counted(aws)
    print("an entry: by the mapping to the package, by the package to the totals")

    assert aws(GUIDE["categories"])["UnprocessedItems"] == {}
    assert aws("aws dynamodb scan --table-name caltrack_activity_category_table")["Count"] == 3
    print("the guide's categories")

    resolvers(aws, by_hand(aws), "resolver-stack")
    print("the guide's resolvers, on an API made by hand")

    outputs = api_stack(aws, work)
    resolvers(aws, outputs["AppSyncApiId"], "resolver-stack-2")
    print("and on the API that appsync-api.yaml makes")

    aws(GUIDE["publishing"].format(endpoint=outputs["GraphQLEndpoint"], api=outputs["AppSyncApiId"]))
    aws.stack("dynamoDBLambdaStack", "UPDATE_COMPLETE")
    described.aggregation(aws, "caltrack", stream, "dynamoDBLambdaStack", 1, outputs["GraphQLEndpoint"])
    print("publishing, turned on by an update that names two parameters and keeps the others")


def an_entry_is_counted(aws):
    """What the template wires together, at work: S3, function, mapping, role's names, and table of totals."""
    item = {name: {"S": text} for name, text in {
        "id": "1", "userid": "ann", "category": "Food", "type": "Lunch", "date": "2026-11-23",
        "creationDateTime": "2026-11-23T12:00:00.000Z",
    }.items()}  # fmt: skip
    aws("aws dynamodb put-item --table-name caltrack_activity_table", "--item",
        json.dumps({**item, "caloriesConsumed": {"N": "650"}}))
    key = json.dumps({"userid": {"S": "ann"}, "date": {"S": "2026-11-23"}})
    for _ in range(60):
        found = aws("aws dynamodb get-item --table-name caltrack_user_aggregate_table", "--key", key) or {}
        if "Item" in found:
            break
        time.sleep(0.5)
    total = found["Item"]
    assert (total["caloriesConsumed"], total["caloriesBurned"], total["version"]) == ({"N": "650"}, {"N": "0"}, {"N": "1"}), total


def by_hand(aws):
    """The API as the guide's console makes it, in the order that docs/deploy.md names; its id."""
    pool = aws("aws cognito-idp create-user-pool --pool-name by-hand")["UserPool"]["Id"]
    api = aws("aws appsync create-graphql-api --name tracker --authentication-type AMAZON_COGNITO_USER_POOLS"
              f" --user-pool-config userPoolId={pool},awsRegion={REGION},defaultAction=ALLOW"
              " --additional-authentication-providers authenticationType=AWS_IAM")["graphqlApi"]["apiId"]
    aws(f"aws appsync start-schema-creation --api-id {api}", "--definition", "fileb://assets/schema.graphql")
    for source, table in [("UserTable", "caltrack_user_table"), ("ActivityTable", "caltrack_activity_table"),
                          ("UserAggregateTable", "caltrack_user_aggregate_table"),
                          ("ActivityCategoryTable", "caltrack_activity_category_table")]:
        aws(f"aws appsync create-data-source --api-id {api} --name {source} --type AMAZON_DYNAMODB",
            "--dynamodb-config", json.dumps({"tableName": table, "awsRegion": REGION}),
            "--service-role-arn", "arn:aws:iam::000000000000:role/any")
    return api


def without_realtime_url(work, name):
    """A copy of a template for ministack, which knows no RealtimeUrl of an API."""
    text = (ROOT / f"templates/{name}").read_text()
    assert text.count("!GetAtt Api.RealtimeUrl") == 1
    (work / name).write_text(text.replace("!GetAtt Api.RealtimeUrl", "!GetAtt Api.GraphQLUrl"))
    return work / name


def api_stack(aws, work):
    aws(f"aws s3 cp --quiet assets/schema.graphql s3://{BUCKET}/schema.graphql")
    aws(GUIDE["api"].format(template=without_realtime_url(work, "appsync-api.yaml")))
    outputs = aws.stack("apiStack")
    described.api(aws, outputs)
    described.sources(aws, outputs["AppSyncApiId"], "caltrack")
    described.pool(aws, outputs["UserPoolId"], "caltrack-users", totp=True, protection="INACTIVE")
    described.client(aws, outputs["UserPoolId"], outputs["UserPoolClientId"])
    return outputs


def resolvers(aws, api, stack=None):
    """Every file is attached, with its own code, to its own source; by a stack of this name, or by then."""
    if stack:
        aws(GUIDE["resolvers"].format(api=api, stack=stack))
        aws.stack(stack)
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
    aws(f"aws cloudformation deploy --stack-name one --template-file {without_realtime_url(work, 'caltrack.yaml')}"
        f" --s3-bucket {BUCKET} --capabilities CAPABILITY_IAM --parameter-overrides APIName=one S3BucketName={BUCKET}"
        " DeletionProtection=true ParallelizationFactor=2 OptionalTotp=false")
    outputs = aws.stack("one")
    resolvers(aws, outputs["AppSyncApiId"])
    stream = described.tables(aws, "one", "true")
    described.aggregation(aws, "one", stream, "one", 2, outputs["GraphQLEndpoint"])
    described.api(aws, outputs)
    described.sources(aws, outputs["AppSyncApiId"], "one")
    described.pool(aws, outputs["UserPoolId"], "one-users", totp=False, protection="ACTIVE")
    described.client(aws, outputs["UserPoolId"], outputs["UserPoolClientId"])
    print("everything in one stack: tables, stream, function, API, sources, resolvers, pool, client, group")
    return outputs


def sign_in(aws, outputs, program, work):
    pool = f"--user-pool-id {outputs['UserPoolId']}"
    aws(f"aws cognito-idp admin-create-user {pool} --username ann --message-action SUPPRESS"
        " --user-attributes Name=email,Value=ann@example.com")
    aws(f"aws cognito-idp admin-set-user-password {pool} --username ann --permanent --password {PASSWORD}")
    stacks = work / "stacks.json"
    stacks.write_text(json.dumps(aws("aws cloudformation describe-stacks --stack-name one")))

    def tui(*arguments, code=0):
        ran = subprocess.run([program, "--data-dir", work / "tui", *arguments], input=PASSWORD, capture_output=True,
                             text=True, timeout=60)
        assert ran.returncode == code, f"{arguments}: {ran.stdout}{ran.stderr}"
        return ran

    api = f"{aws.url}/v1/apis/{outputs['AppSyncApiId']}/graphql"
    tui("configure", "cloud", "--stack-outputs", str(stacks), "--graphql-endpoint", api, "--realtime-endpoint",
        api.replace("http", "ws") + "/realtime", "--cognito-endpoint", aws.url)
    assert "ann on profile cloud" in tui("--profile", "cloud", "sign-in", "ann", "--password-stdin").stdout
    assert json.loads(tui("--profile", "cloud", "--json", "whoami").stdout)["username"] == "ann"
    # Authenticated, parsed, and given to its resolver. `log` asks for the categories first.
    for command in [["categories"], ["log", "Food", "Lunch", "650"]]:
        assert NO_IMPORT in tui("--profile", "cloud", *command, code=1).stderr, command
    checks = json.loads(tui("--profile", "cloud", "doctor", "--json", code=1).stdout)["checks"]
    states = {check["check"]: check["state"] for check in checks}
    assert states == {
        "configuration": "ok", "data directory": "ok", "API": "ok", "user pool": "ok", "clock": "ok", "credentials": "ok",
        "permissions": "fail", "live changes": "warn", "terminal": "ok",
    }, checks  # fmt: skip
    [refused] = [check["detail"] for check in checks if check["state"] == "fail"]
    assert NO_IMPORT in refused, "the resolver's import and nothing before it"
    print("caltrack-tui: configured by the stack's outputs, signed in to ministack's Cognito by SRP")


def publish(aws, outputs):
    """The function's own mutation, signed as the function signs. Its resolver is the one kind that ministack executes: it imports nothing."""
    total = {"userid": "ann", "date": "2026-11-23", "caloriesConsumed": 650, "caloriesBurned": 0, "version": 1}
    document = re.search(r'PUBLISH_DOCUMENT: &str = "(.*?)";', (ROOT / "crates/aggregator/src/publish.rs").read_text(), re.S)[1]
    body = json.dumps({"query": re.sub(r"\\\n\s*", "", document), "variables": {"input": total}})
    url = f"{aws.url}/v1/apis/{outputs['AppSyncApiId']}/graphql"
    request = AWSRequest("POST", url, {"Content-Type": "application/json"}, body)
    SigV4Auth(Credentials("test", "test"), "appsync", REGION).add_auth(request)
    with urllib.request.urlopen(urllib.request.Request(url, body.encode(), dict(request.headers)), timeout=30) as answer:
        answer = json.load(answer)
    assert answer == {"data": {"publishUserAggregate": {**total, "weight": None}}}, answer
    print("the function's mutation, by IAM")


def main():
    program, package = (pathlib.Path(path).resolve() for path in sys.argv[1:3])
    with tempfile.TemporaryDirectory() as directory:
        work = pathlib.Path(directory)
        with ministack(work / "ministack.log") as aws:
            guide(aws, package, work)
            outputs = one_stack(aws, work)
            sign_in(aws, outputs, program, work)
            publish(aws, outputs)


main()
