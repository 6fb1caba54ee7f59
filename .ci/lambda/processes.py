"""Starts the programs for a test: AWS's runtime interface emulator with the packed function, and DynamoDB local. They listen on loopback only,
which is checked for DynamoDB local; every process is ended by its own handle."""

import contextlib
import json
import os
import pathlib
import socket
import subprocess
import time
import urllib.error
import urllib.request

REGION = "eu-west-1"
# Neither emulator verifies it; DynamoDB local requires a well-formed one.
AUTHORIZATION = (
    f"AWS4-HMAC-SHA256 Credential=local/20260101/{REGION}/dynamodb/aws4_request, SignedHeaders=host, Signature=0"
)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextlib.contextmanager
def process(command, log: pathlib.Path, **options):
    """Runs a program until the end of the block."""
    with open(log, "wb") as out:
        running = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, **options)
        try:
            yield running
        finally:
            running.terminate()
            try:
                running.wait(10)
            except subprocess.TimeoutExpired:
                running.kill()
                running.wait()


def wait_for(port: int, running: subprocess.Popen, log: pathlib.Path) -> None:
    """Waits until a process listens on the port."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if running.poll() is not None:
            break
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit(f"no process listens on port {port}:\n{log.read_text(errors='replace')}")


def listening_addresses(port: int):
    """The local addresses of all sockets that listen on this port, of IPv4 and IPv6, as Linux writes them."""
    found = []
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with open(table) as lines:
            for line in list(lines)[1:]:
                local, state = line.split()[1], line.split()[3]
                address, hexadecimal = local.rsplit(":", 1)
                if state == "0A" and int(hexadecimal, 16) == port:
                    found.append(address)
    return found


class DynamoDb:
    """DynamoDB local, AWS's own jar, in memory; its API, tables and streams."""

    def __init__(self, port: int):
        self.url = f"http://127.0.0.1:{port}/"

    @classmethod
    @contextlib.contextmanager
    def start(cls, jar: pathlib.Path, logs: pathlib.Path):
        port, log = free_port(), logs / "dynamodb.log"
        shim, source = logs / "loopback.so", pathlib.Path(__file__).with_name("loopback.c")
        subprocess.run(["cc", "-shared", "-fPIC", "-o", str(shim), str(source), "-ldl"], check=True)
        library = f"-Djava.library.path={jar.parent / 'DynamoDBLocal_lib'}"
        command = ["java", "-Djava.net.preferIPv4Stack=true", library, "-jar", str(jar)]
        command += ["-inMemory", "-sharedDb", "-disableTelemetry", "-port", str(port)]
        with process(command, log, cwd=jar.parent, env={**os.environ, "LD_PRELOAD": str(shim)}) as running:
            wait_for(port, running, log)
            addresses = listening_addresses(port)
            assert addresses == ["0100007F"], f"DynamoDB local listens on {addresses}, not only on 127.0.0.1"
            yield cls(port)

    def call(self, operation: str, api: str = "DynamoDB_20120810", **body):
        headers = {
            "Content-Type": "application/x-amz-json-1.0",
            "X-Amz-Target": f"{api}.{operation}",
            "Authorization": AUTHORIZATION,
        }
        request = urllib.request.Request(self.url, json.dumps(body).encode(), headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{operation}: {error.read().decode()}") from error

    def scan(self, table: str):
        items, start = [], {}
        while True:
            page = self.call("Scan", TableName=table, ConsistentRead=True, **start)
            items += page["Items"]
            if "LastEvaluatedKey" not in page:
                return items
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}

    def create_activities(self, table: str, view: str = "NEW_AND_OLD_IMAGES") -> None:
        """Creates the activity table with the properties of the template that the aggregation uses, and a stream of this view type."""
        self.call(
            "CreateTable",
            TableName=table,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[
                {"AttributeName": name, "AttributeType": "S"} for name in ("id", "userid", "date", "creationDateTime")
            ],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": f"userid-{name}-index",
                    "KeySchema": [
                        {"AttributeName": "userid", "KeyType": "HASH"},
                        {"AttributeName": name, "KeyType": "RANGE"},
                    ],
                    "Projection": {"ProjectionType": "ALL"},
                }
                for name in ("date", "creationDateTime")
            ],
            StreamSpecification={"StreamEnabled": True, "StreamViewType": view},
        )

    def create_aggregates(self, table: str) -> None:
        """Creates the table of totals and markers."""
        self.call(
            "CreateTable",
            TableName=table,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("userid", "date")],
            KeySchema=[
                {"AttributeName": "userid", "KeyType": "HASH"},
                {"AttributeName": "date", "KeyType": "RANGE"},
            ],
        )


class Stream:
    """Reads a table's stream from its beginning."""

    API = "DynamoDBStreams_20120810"

    def __init__(self, dynamodb: DynamoDb, table: str):
        self.dynamodb = dynamodb
        self.arn = dynamodb.call("DescribeTable", TableName=table)["Table"]["LatestStreamArn"]
        description = dynamodb.call("DescribeStream", self.API, StreamArn=self.arn)["StreamDescription"]
        self.iterators = [
            dynamodb.call(
                "GetShardIterator",
                self.API,
                StreamArn=self.arn,
                ShardId=shard["ShardId"],
                ShardIteratorType="TRIM_HORIZON",
            )["ShardIterator"]
            for shard in description["Shards"]
        ]

    def new_records(self, least):
        """The records of the writes since the last call, as Lambda would deliver them. Waits for at least `least` records, since the
        stream may lag behind the table."""
        found, deadline = [], time.monotonic() + 30
        while True:
            found += self.read()
            if len(found) >= least:
                return found
            assert time.monotonic() < deadline, f"{len(found)} of {least} records"

    def read(self):
        found = []
        for index, iterator in enumerate(self.iterators):
            while iterator:
                answer = self.dynamodb.call("GetRecords", self.API, ShardIterator=iterator)
                iterator = answer.get("NextShardIterator")
                found += answer["Records"]
                if not answer["Records"]:
                    break
            self.iterators[index] = iterator
        return [{**record, "eventSourceARN": self.arn} for record in found]


class Function:
    """The package's `bootstrap` under AWS's runtime interface emulator."""

    def __init__(self, port: int, log: pathlib.Path):
        self.url = f"http://127.0.0.1:{port}/2015-03-31/functions/function/invocations"
        self.log = log

    @classmethod
    @contextlib.contextmanager
    def start(cls, emulator: pathlib.Path, bootstrap: pathlib.Path, logs: pathlib.Path, name: str, **environment: str):
        port, log = free_port(), logs / f"{name}.log"
        command = [
            str(emulator),
            "--runtime-interface-emulator-address",
            f"127.0.0.1:{port}",
            "--runtime-api-address",
            f"127.0.0.1:{free_port()}",
            str(bootstrap),
        ]
        variables = {
            "PATH": "/usr/bin:/bin",
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_SESSION_TOKEN": "local",
            "AWS_LAMBDA_FUNCTION_NAME": "aggregator",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
            "AWS_LAMBDA_FUNCTION_TIMEOUT": "8",
            **environment,
        }
        with process(command, log, cwd=bootstrap.parent, env=variables) as running:
            wait_for(port, running, log)
            yield cls(port, log)

    def answer(self, records):
        """Invokes the function and returns its response or error."""
        body = json.dumps({"Records": records}).encode()
        with urllib.request.urlopen(urllib.request.Request(self.url, body), timeout=90) as answer:
            return json.load(answer)

    def invoke(self, records):
        """Invokes the function, which must respond; returns the reported sequence number, or None."""
        response = self.answer(records)
        assert set(response) == {"batchItemFailures"}, response
        failures = response["batchItemFailures"]
        assert len(failures) <= 1, response
        return failures[0]["itemIdentifier"] if failures else None

    def error(self, records):
        """Invokes the function, which must end with an error as counted by Lambda's metric `Errors`; returns its message."""
        response = self.answer(records)
        assert "errorMessage" in response, response
        return response["errorMessage"]

    def lines(self):
        """The lines of the log that the function wrote."""
        text = self.log.read_text(errors="replace")
        return [json.loads(line) for line in text.splitlines() if line.startswith("{")]
