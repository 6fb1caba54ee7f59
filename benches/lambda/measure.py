"""The compared functions, their tables and stream, and measurements from outside."""

import collections
import contextlib
import dataclasses
import json
import pathlib
import random
import re
import time
import urllib.error
import urllib.request

from processes import DynamoDb, Function, Stream

ACTIVITIES = "bench_activity_table"
DAY = "2026-11-23"
BATCH_WRITE = 25


@dataclasses.dataclass(frozen=True)
class Contender:
    """A package's `bootstrap`, and its own table of totals."""

    name: str
    bootstrap: pathlib.Path
    table: str

    def start(self, emulator, logs, name, dynamodb_url, graphql_url):
        """Starts an emulator, which starts the function at the first invocation."""
        return Function.start(
            emulator,
            self.bootstrap,
            logs,
            f"{self.table}-{name}",
            USER_AGGREGATE_TABLE=self.table,
            GRAPHQL_ENDPOINT=graphql_url,
            AWS_ENDPOINT_URL_DYNAMODB=dynamodb_url,
            # One update per record is slow on a busy machine, and must not time out.
            AWS_LAMBDA_FUNCTION_TIMEOUT="60",
        )


class World:
    """The activities, whose stream goes to all contenders, and a table of totals for each."""

    def __init__(self, dynamodb: DynamoDb, contenders):
        self.dynamodb, self.written, self.chance = dynamodb, 0, random.Random(4)
        first, *others = contenders
        dynamodb.create_tables(ACTIVITIES, first.table)
        # The same table of totals for the others, without a second stream: with one, DynamoDB local loses records of the first.
        made = dynamodb.call("DescribeTable", TableName=first.table)["Table"]
        alike = {key: made[key] for key in ("AttributeDefinitions", "KeySchema")}
        for other in others:
            dynamodb.call("CreateTable", TableName=other.table, BillingMode="PAY_PER_REQUEST", **alike)
        self.stream = Stream(dynamodb, ACTIVITIES)

    def activity(self, user, kcal, category="Food", id=None):
        self.written += 1
        item = {
            "id": id or f"entry-{self.written:07}", "userid": user, "category": category, "type": "Lunch", "name": "Soup",
            "creationDateTime": f"{DAY}T12:00:00.000Z", "date": DAY,
        }  # fmt: skip
        return {**{name: {"S": text} for name, text in item.items()}, "caloriesConsumed": {"N": str(kcal)}}

    def event(self, *activities):
        """Writes the activities; returns the event with their stream records, as Lambda delivers it."""
        for start in range(0, len(activities), BATCH_WRITE):
            puts = [{"PutRequest": {"Item": item}} for item in activities[start : start + BATCH_WRITE]]
            answer = self.dynamodb.call("BatchWriteItem", RequestItems={ACTIVITIES: puts})
            assert not answer["UnprocessedItems"], "activities were left out"
        return self.records(len(activities))

    def removal(self, activity):
        self.dynamodb.call("DeleteItem", TableName=ACTIVITIES, Key={"id": activity["id"]})
        return self.records(1)

    def records(self, count):
        records = self.stream.new_records() if count else []
        assert len(records) == count, f"{len(records)} records of {count} writes"
        return json.dumps({"Records": records}).encode()

    def batch(self, count, users, prefix):
        """New entries, evenly distributed over the users of a shape."""
        pick = self.chance
        return self.event(
            *(
                self.activity(
                    f"{prefix}-{index % users}", pick.randrange(1, 900), pick.choice(["Food", "Drink", "Exercise"])
                )
                for index in range(count)
            )
        )

    def totals(self, table):
        """(user, day) → (consumed, burned) of the totals that aren't zero."""
        number = lambda row, name: int(row.get(name, {"N": "0"})["N"])  # noqa: E731
        found = {
            (row["userid"]["S"], row["date"]["S"]): (number(row, "caloriesConsumed"), number(row, "caloriesBurned"))
            for row in self.dynamodb.scan(table)
            if not row["userid"]["S"].startswith("evt#")
        }
        return {key: total for key, total in found.items() if total != (0, 0)}

    def recount(self):
        """The same totals, recounted from the activities."""
        sums = collections.defaultdict(lambda: [0, 0])
        for item in self.dynamodb.scan(ACTIVITIES):
            column = int(item["category"]["S"] == "Exercise")
            sums[item["userid"]["S"], item["date"]["S"]][column] += int(item["caloriesConsumed"]["N"])
        return {key: tuple(total) for key, total in sums.items()}


def invoke(function: Function, event: bytes) -> float:
    """Seconds of an invocation, the emulator's share included; the invocation must succeed."""
    started = time.perf_counter()
    try:
        with urllib.request.urlopen(urllib.request.Request(function.url, event), timeout=90) as answer:
            reply = answer.read()
    except urllib.error.HTTPError as error:
        log = function.log.read_text(errors="replace")[-3000:]
        raise AssertionError(f"{error.code} {error.read(2000)!r}\n{log}") from error
    took = time.perf_counter() - started
    assert json.loads(reply) == {"batchItemFailures": []}, reply
    return took


def init_milliseconds(function: Function) -> float:
    """From the start of the function's process to its first poll for work, from the emulator's log. The `Init Duration` of
    its REPORT line differs: it ends when the process is started."""
    return float(re.search(r"INIT REPORT\(durationMs: ([\d.]+)\)", function.log.read_text(errors="replace"))[1])


def memory_mib(function: Function):
    """Resident memory of the function without its emulator: now, and the peak."""
    address = function.url.split("/")[2]
    for command in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if address.encode() in command.read_bytes().split(b"\0"):
                # Any of the emulator's threads may have started the function.
                children = " ".join(path.read_text() for path in command.parent.glob("task/*/children")).split()
                [pid] = children
                status = pathlib.Path(f"/proc/{pid}/status").read_text()
                return tuple(int(re.search(rf"{name}:\s+(\d+)", status)[1]) / 1024 for name in ("VmRSS", "VmHWM"))
    raise AssertionError("the function isn't running")


def percentile(values, share):
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]
