"""Replays the calls of the tests on the embedded DynamoDB on AWS's own DynamoDB local, and compares the responses.

    replay.py RECORDINGS DYNAMODB-JAR LOGS

Each recording contains one database's calls with their responses, in the order of execution. It is replayed on empty
tables of the same definitions. A difference that no rule of `differences.py` explains fails the check.
"""

import collections
import contextlib
import json
import pathlib
import sys
import urllib.error
import urllib.request
import uuid

from differences import RULES, Pages, explain, trimmed

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "lambda"))
from processes import AUTHORIZATION, DynamoDb  # noqa: E402

# Their responses contain the region, size and times of the tables, which differ.
ABOUT_TABLES = {"DescribeTable", "DescribeTimeToLive", "ListTables"}
SHOWN = 10


class Jar:
    """DynamoDB local; errors are returned as responses."""

    def __init__(self, dynamodb):
        self.dynamodb = dynamodb
        self.tables = []

    def call(self, operation, body):
        headers = {
            "Content-Type": "application/x-amz-json-1.0",
            "X-Amz-Target": f"DynamoDB_20120810.{operation}",
            "Authorization": AUTHORIZATION,
        }
        request = urllib.request.Request(self.dynamodb.url, json.dumps(body).encode(), headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return {"ok": json.load(answer)}
        except urllib.error.HTTPError as error:
            return {"error": json.loads(error.read())}

    def recreate(self, tables):
        """Replaces all tables by empty ones of these definitions."""
        for name in self.tables:
            self.call("DeleteTable", {"TableName": name})
        self.tables = [table["TableName"] for table in tables]
        for table in tables:
            made = self.call("CreateTable", table)
            assert "ok" in made, made


def recordings(folder):
    """(name, definitions, calls) of every recording that begins with an empty database, and the number of all others."""
    whole, partial = [], 0
    for path in sorted(folder.glob("*.jsonl")):
        lines = []
        # An incomplete line, after a killed process, ends the recording.
        with contextlib.suppress(json.JSONDecodeError):
            for line in path.read_text().splitlines():
                lines.append(json.loads(line))
        first = lines[0].get("opened") if lines else None
        if not first or first["rows"]:
            partial += 1
            continue
        calls, before = [], {}
        for line in lines[1:]:
            # After a sweep, a killed process or a replaced file, the recording is incomplete. Tests of request
            # tokens move the clock after a restart, and DynamoDB local has a clock of its own.
            reopened = "opened" in line
            if "swept" in line or (reopened and ("closed" not in before or not line["opened"]["rows"] or has_token(calls))):
                break
            if "operation" in line:
                calls.append(line)
            before = line
        whole.append((path.stem, first["tables"], calls))
    return whole, partial


def has_token(calls):
    return any("ClientRequestToken" in call["body"] for call in calls if isinstance(call["body"], dict))


def with_own_token(name, body):
    """The request with a token that is unique to this recording: DynamoDB local remembers tokens across tables. None if the length of the
    token is wrong (1 to 36 characters, DynamoDB API reference): DynamoDB local executes some of those requests."""
    token = body.get("ClientRequestToken") if isinstance(body, dict) else None
    if token is None:
        return body
    if not isinstance(token, str) or not 1 <= len(token) <= 36:
        return None
    return {**body, "ClientRequestToken": str(uuid.uuid5(uuid.NAMESPACE_OID, f"{name} {token}"))}


def main():
    folder, jar, logs = (pathlib.Path(path).resolve() for path in sys.argv[1:4])
    whole, partial = recordings(folder)
    calls, equal = collections.Counter(), collections.Counter()
    explained = collections.defaultdict(collections.Counter)
    unexplained = []
    with DynamoDb.start(jar, logs) as dynamodb:
        other = Jar(dynamodb)
        for name, tables, recorded in whole:
            other.recreate(tables)
            pages = Pages()
            for number, call in enumerate(recorded):
                operation = call["operation"]
                if operation in ABOUT_TABLES:
                    continue
                calls[operation] += 1
                body, ours = call["body"], call["answer"]
                # The test damages the file or fills the disk: later responses can't be compared.
                if ours.get("error", {}).get("__type", "").endswith("#InternalServerError"):
                    explained["disk"][operation] += 1
                    break
                request = with_own_token(name, pages.translate(body))
                if request is None:
                    assert "error" in ours, call
                    explained["token"][operation] += 1
                    continue
                answer = other.call(operation, request)
                if answer != ours and trimmed(answer) == ours:
                    explained["zeros"][operation] += 1
                answer = trimmed(answer)
                together = None
                if operation in ("Query", "Scan") and "ok" in ours and "ok" in answer:
                    together = pages.add(body, ours["ok"], answer["ok"])
                if answer == ours and together is not False:
                    equal[operation] += 1
                    continue
                rule = explain(operation, body, ours, answer, together)
                if rule:
                    explained[rule][operation] += 1
                else:
                    unexplained.append((name, number, call, answer))
    print(f"{len(whole)} databases replayed; {partial} began with rows of another, and were left out")
    for operation, count in calls.most_common():
        print(f"{operation:20} {count:7} calls, {equal[operation]:7} answered alike")
    for rule, operations in explained.items():
        print(f"{sum(operations.values()):6} × {RULES[rule]} ({', '.join(operations)})")
    for name, number, call, answer in unexplained[:SHOWN]:
        print(f"\n{name}, call {number}: {call['operation']} {json.dumps(call['body'])}")
        print(f"  here:  {json.dumps(call['answer'])[:2000]}\n  there: {json.dumps(answer)[:2000]}")
    print(f"{sum(calls.values())} calls, {len(unexplained)} differences without an explanation")
    if not calls["TransactWriteItems"] or sum(calls.values()) < 1000:
        print("that is too few: were the tests recorded?")
        return 1
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
