"""Runs the guide's commands and the one-stack template on ministack, an independent emulator of AWS, through the real AWS CLI.

    deploy.py CALTRACK-TUI PACKAGE RECONCILE

ministack polls the stream and runs the package with the function's role, whose policies it enforces: the check follows an entry from the table to its total
and to the API, and an unreadable entry to the failure queue. Not checked: ministack's resolvers don't support `import`, with which the resolvers of tables
begin, so queries and mutations fail at their resolver, and the data sources' roles are never used; it ignores the conditions of
trust policies; it has no subscriptions, and lists no pipeline functions. It gets copies of the templates without what it rejects
(`for_ministack`), and ignores the properties that described.py names. The box's tests run the resolvers; check-lambda runs the package under AWS's own emulator.
"""

import contextlib
import decimal
import hashlib
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
TOPIC = f"arn:aws:sns:{REGION}:000000000000:operators"
PASSWORD = "Correct-Horse-7!"
# ministack's error for a table's resolver.
NO_IMPORT = "Cannot use import statement outside a module"

GUIDE = {
    "tables": "aws cloudformation create-stack --stack-name dynamoDBLambdaStack"
              " --template-body file://{template}"
              f" --parameters ParameterKey=APIName,ParameterValue=caltrack ParameterKey=S3BucketName,ParameterValue={BUCKET}"
              " --capabilities CAPABILITY_IAM",
    "categories": "aws dynamodb batch-write-item --request-items file://assets/activity-categories.json",
    "api": "aws cloudformation create-stack --stack-name apiStack --template-body file://{template}"
           f" --parameters ParameterKey=APIName,ParameterValue=caltrack ParameterKey=SchemaS3Location,ParameterValue=s3://{BUCKET}/schema.graphql"
           " --capabilities CAPABILITY_IAM",
    "publishing": "aws cloudformation deploy --stack-name dynamoDBLambdaStack --template-file {template}"
                  " --capabilities CAPABILITY_IAM --parameter-overrides GraphQLEndpoint={endpoint} AppSyncApiId={api}",
    "resolvers": "aws cloudformation create-stack --stack-name {stack}"
                 " --template-body file://{template}"
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
    """The AWS CLI, with the emulator as its endpoint."""

    def __init__(self, port):
        self.url = f"http://127.0.0.1:{port}"
        self.environment = {**os.environ, "AWS_ENDPOINT_URL": self.url, "AWS_ACCESS_KEY_ID": "test",
                            "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": REGION, "AWS_CONFIG_FILE": os.devnull}

    def run(self, command, *more):
        words = [*command.split()[1:], *more]
        return subprocess.run([sys.executable, BIN / "aws", *words], cwd=ROOT, env=self.environment, capture_output=True,
                              text=True, timeout=120)

    def __call__(self, command, *more):
        ran = self.run(command, *more)
        assert ran.returncode == 0, f"{command}: {ran.stdout}{ran.stderr}"
        with contextlib.suppress(json.JSONDecodeError):
            return json.loads(ran.stdout)

    def stack(self, name, status="CREATE_COMPLETE"):
        """Waits for a stack and returns its outputs. `aws cloudformation wait` polls only every 30 s."""
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
                   # The endpoint for its functions.
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


def guide(aws, package, reconcile, work):
    aws(f"aws s3 mb s3://{BUCKET}")
    aws(f"aws s3 cp --quiet {package} s3://{BUCKET}/bootstrap.zip")
    tables = for_ministack(work, "dynamodb-lambda.yaml")
    refused = aws.run(GUIDE["tables"].format(template=tables) + " --parameters ParameterKey=S3BucketName,ParameterValue=any"
                      " ParameterKey=BudgetLimit,ParameterValue=10")
    assert "BudgetMail" in refused.stderr, refused
    aws(GUIDE["tables"].format(template=tables))
    aws.stack("dynamoDBLambdaStack")
    assert aws("aws dynamodb list-tables")["TableNames"] == TABLES
    stream = described.tables(aws, "caltrack", "false")
    described.aggregation(aws, "caltrack", stream, "dynamoDBLambdaStack", 1, "")
    described.alarms(aws, "dynamoDBLambdaStack", "")
    print("the guide's first stack: tables, indexes, stream, function, mapping, alarms")

    total = an_entry_is_counted(aws, "1", {"N": "650"}, 650, version=1)
    assert (total["entries"], total["protein"]) == ({"N": "1"}, {"N": "12.5"}), total
    digest = int(hashlib.sha256(b"1:1").hexdigest()[:8], 16)
    assert total["digest"] == {"N": str(digest)}, total
    print("an entry: by the mapping to the package, by the package to the totals")
    an_unreadable_entry_is_sent_to_the_queue(aws)
    print("an entry that can't be read: by the function's role to the failure queue")

    assert aws(GUIDE["categories"])["UnprocessedItems"] == {}
    assert aws("aws dynamodb scan --table-name caltrack_activity_category_table")["Count"] == 3
    print("the guide's categories")

    resolvers(aws, work, by_hand(aws), "resolver-stack")
    print("the guide's resolvers, on an API created by hand")

    outputs = api_stack(aws, work)
    resolvers(aws, work, outputs["AppSyncApiId"], "resolver-stack-2")
    print("and on the API of appsync-api.yaml")

    # ministack's address of the API; the stack's output has AWS's.
    endpoint = f"{aws.url}/v1/apis/{outputs['AppSyncApiId']}/graphql"
    aws(GUIDE["publishing"].format(template=tables, endpoint=endpoint, api=outputs["AppSyncApiId"]))
    aws.stack("dynamoDBLambdaStack", "UPDATE_COMPLETE")
    described.aggregation(aws, "caltrack", stream, "dynamoDBLambdaStack", 1, endpoint)
    print("publishing, turned on by an update that names two parameters and keeps the others")
    an_entry_is_counted(aws, "3", {"N": "50"}, 700, version=2)
    its_total_is_published(aws)
    print("a total: by the function's own signature to the API")
    an_older_stack_is_upgraded(aws, reconcile)
    print("kcal-only rows of an older stack: kcal by the function, the rest by reconcile --backfill")


def eventually(probe):
    """Calls `probe` until it returns a true value, at most 60 times, and returns the value."""
    for _ in range(60):
        if found := probe():
            return found
        time.sleep(0.5)
    return None


def put_entry(aws, id, calories):
    item = {name: {"S": text} for name, text in {
        "id": id, "userid": "ann", "category": "Food", "type": "Lunch", "date": "2026-11-23",
        "creationDateTime": "2026-11-23T12:00:00.000Z",
    }.items()}  # fmt: skip
    aws("aws dynamodb put-item --table-name caltrack_activity_table", "--item",
        json.dumps({**item, "caloriesConsumed": calories, "protein": {"N": "12.5"}}))


def an_older_stack_is_upgraded(aws, reconcile):
    """The data of a stack whose function counted kcal alone: its row is booked and filled under the new one."""
    table = "aws dynamodb update-item --table-name caltrack_user_aggregate_table"
    key = json.dumps({"userid": {"S": "ann"}, "date": {"S": "2026-11-23"}})
    aws(table, "--key", key, "--update-expression", "REMOVE entries, digest, protein, fat, carbohydrate")
    total = an_entry_is_counted(aws, "4", {"N": "7"}, 707, version=3)
    assert "entries" not in total, total
    environment = {**aws.environment, "AWS_REGION": REGION}
    command = [reconcile, "--json", "--backfill", "--caught-up", "--wait", "0", "--user", "ann"]
    with tempfile.TemporaryDirectory() as folder:
        ran = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0 and json.loads(ran.stdout)["verdict"] == "filled", f"{ran.stdout}{ran.stderr}"
    total = an_entry_is_counted(aws, "5", {"N": "0"}, 707, version=4)
    # The unreadable entry counts nothing. ministack writes a trailing zero.
    assert (total["entries"], decimal.Decimal(total["protein"]["N"])) == ({"N": "4"}, 50), total


def an_entry_is_counted(aws, id, calories, consumed, version):
    """The parts that the template connects work together: S3, function, mapping, role, and table of totals."""
    put_entry(aws, id, calories)
    key = json.dumps({"userid": {"S": "ann"}, "date": {"S": "2026-11-23"}})

    def counted():
        found = aws("aws dynamodb get-item --table-name caltrack_user_aggregate_table", "--key", key) or {}
        return found.get("Item") if found.get("Item", {}).get("version") == {"N": str(version)} else None

    total = eventually(counted)
    assert total, f"no total of version {version}: {function_log(aws)}"
    assert (total["caloriesConsumed"], total["caloriesBurned"]) == ({"N": str(consumed)}, {"N": "0"}), total
    return total


def an_unreadable_entry_is_sent_to_the_queue(aws):
    """The function sends the record with its own role."""
    put_entry(aws, "2", {"S": "many"})
    queue = aws.stack("dynamoDBLambdaStack")["FailureQueueUrl"]
    receive = f"aws sqs receive-message --endpoint-url {aws.url} --queue-url {queue}"
    messages = eventually(lambda: (aws(receive) or {}).get("Messages"))
    assert messages, f"no message in the failure queue: {function_log(aws)}"
    [message] = messages
    assert '"many"' in message["Body"], message


def its_total_is_published(aws):
    def publishes():
        return [line for line in function_log(aws) if line.get("Published") or line.get("PublishAbandoned")]

    lines = eventually(publishes)
    assert lines and all(line["Published"] and not line["PublishAbandoned"] for line in lines), lines or function_log(aws)


def function_log(aws):
    """The lines of the function's log that are JSON."""
    lines = []
    for group in aws("aws logs describe-log-groups")["logGroups"]:
        if "Aggregator" in group["logGroupName"]:
            for event in aws(f"aws logs filter-log-events --log-group-name {group['logGroupName']}")["events"]:
                with contextlib.suppress(json.JSONDecodeError):
                    lines.append(json.loads(event["message"]))
    return lines


def by_hand(aws):
    """Creates the API as by hand in the console, in the order of docs/deploy.md, and returns its id."""
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


def for_ministack(work, name):
    """Writes a copy of a template without what ministack rejects: an API's RealtimeUrl, alarms on a formula of several metrics, a budget, and
    two `export` on one line of a resolver."""
    text = (ROOT / f"templates/{name}").read_text().replace("!GetAtt Api.RealtimeUrl", "!GetAtt Api.GraphQLUrl")
    formula = re.compile(r"^  \w+:\n    Type: AWS::CloudWatch::Alarm\n(?:    .*\n)*?      Metrics:\n(?:    .*\n)*", re.M)
    text, dropped = formula.subn("", text)
    text, budgets = re.subn(r"^  Budget:\n(?:    .*\n)*", "", text, flags=re.M)
    assert (dropped, budgets) == ((0, 0) if name.startswith("appsync-") else (len(described.FORMULAS), 1)), (dropped, budgets)
    text = re.sub(r"^( *)(.*\bexport function .*)$", lambda line: line[1] + re.sub(r"(?<=[;}])(?=export )", "\n" + line[1], line[2]), text, flags=re.M)
    (work / name).write_text(text)
    return work / name


def api_stack(aws, work):
    aws(f"aws s3 cp --quiet assets/schema.graphql s3://{BUCKET}/schema.graphql")
    aws(GUIDE["api"].format(template=for_ministack(work, "appsync-api.yaml")))
    outputs = aws.stack("apiStack")
    described.api(aws, outputs)
    described.sources(aws, outputs["AppSyncApiId"], "caltrack")
    described.pool(aws, outputs["UserPoolId"], "caltrack-users", totp=True, protection="INACTIVE")
    described.client(aws, outputs["UserPoolId"], outputs["UserPoolClientId"])
    described.no_identity_pool(aws, outputs)
    switched = turn_identity_pool(aws, "apiStack", work / "appsync-api.yaml", "true")
    described.identity_pool(aws, switched, "caltrack-users")
    described.no_identity_pool(aws, turn_identity_pool(aws, "apiStack", work / "appsync-api.yaml", "false"))
    return outputs


def turn_identity_pool(aws, stack, template, switch):
    """Updates a stack's parameter `IdentityPool`, keeps the others, and returns its outputs."""
    aws(f"aws cloudformation deploy --stack-name {stack} --template-file {template} --s3-bucket {BUCKET}"
        f" --capabilities CAPABILITY_IAM --parameter-overrides IdentityPool={switch}")
    return aws.stack(stack, "UPDATE_COMPLETE")


def resolvers(aws, work, api, stack=None):
    """Every resolver file is deployed with its code and data source: by the stack of this name, or by an earlier one."""
    if stack:
        aws(GUIDE["resolvers"].format(template=for_ministack(work, "appsync-resolvers.yaml"), api=api, stack=stack))
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
    aws(f"aws cloudformation deploy --stack-name one --template-file {for_ministack(work, 'caltrack.yaml')}"
        f" --s3-bucket {BUCKET} --capabilities CAPABILITY_IAM --parameter-overrides APIName=one S3BucketName={BUCKET}"
        " DeletionProtection=true ParallelizationFactor=2 OptionalTotp=false Tracing=true RoleTrust=RESOURCE AllowSignUp=false"
        f" UserPoolTier=LITE MaxWriteRequestUnits=1000 ReservedConcurrency=4 AlarmTopicArn={TOPIC} IdentityPool=true")
    outputs = aws.stack("one")
    resolvers(aws, work, outputs["AppSyncApiId"])
    stream = described.tables(aws, "one", "true")
    described.aggregation(aws, "one", stream, "one", 2, outputs["GraphQLEndpoint"], tracing="Active")
    described.alarms(aws, "one", TOPIC)
    assert outputs["AlarmsNotify"] == TOPIC, outputs
    described.api(aws, outputs, traced=True)
    described.sources(aws, outputs["AppSyncApiId"], "one")
    described.pool(aws, outputs["UserPoolId"], "one-users", totp=False, protection="ACTIVE", sign_up=False)
    described.client(aws, outputs["UserPoolId"], outputs["UserPoolClientId"], rotates=False)
    described.identity_pool(aws, outputs, "one-users")
    print("everything in one stack: tables, stream, function, API, sources, resolvers, pool, client, group, identity pool")
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
    # Requests are authenticated, parsed, and passed to the resolver. What a failed backend doesn't take waits.
    for command, code in [(["categories"], 1), (["log", "Food", "Lunch", "650"], 4)]:
        assert NO_IMPORT in tui("--profile", "cloud", *command, code=code).stderr, command
    [queued] = json.loads(tui("--profile", "cloud", "outbox", "--json").stdout)
    assert queued["activity"]["caloriesConsumed"] == 650, queued
    checks = json.loads(tui("--profile", "cloud", "doctor", "--json", code=1).stdout)
    assert [check["check"] for check in checks if check["next"] is not None] == ["outbox", "permissions", "live changes"], checks
    assert [check["check"] for check in checks if not check["ok"]] == ["permissions"], checks
    [refused] = [check["message"] for check in checks if not check["ok"]]
    assert NO_IMPORT in refused, "the only failure is the resolver's import"
    print("caltrack-tui: configured by the stack's outputs, signed in to ministack's Cognito by SRP")


def publish(aws, outputs):
    """Sends the function's mutation, signed like the function's. ministack can execute its resolver, which imports nothing."""
    total = {"userid": "ann", "date": "2026-11-23", "caloriesConsumed": 650, "caloriesBurned": 0, "version": 1, "entries": 1,
             "digest": 4294967295, "protein": 0.1, "fat": 0, "carbohydrate": 12.5}
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
    program, package, reconcile = (pathlib.Path(path).resolve() for path in sys.argv[1:4])
    with tempfile.TemporaryDirectory() as directory:
        work = pathlib.Path(directory)
        with ministack(work / "ministack.log") as aws:
            guide(aws, package, reconcile, work)
            outputs = one_stack(aws, work)
            sign_in(aws, outputs, program, work)
            publish(aws, outputs)
            described.no_identity_pool(aws, turn_identity_pool(aws, "one", work / "caltrack.yaml", "false"))
            switched = turn_identity_pool(aws, "one", work / "caltrack.yaml", "true")
            described.identity_pool(aws, switched, "one-users")
            print("the parameter IdentityPool, turned on and off in the API's stack and in the single one")


main()
