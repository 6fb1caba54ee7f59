"""The tables, stream and services around the function, and the conditions that must hold after each scenario."""

import collections
import decimal
import hashlib
import time

from processes import Stream

ACTIVITIES, AGGREGATES = "try_activity_table", "try_user_aggregate_table"
DAY, EVE = "2026-11-23", "2026-11-22"
MARKER_SECONDS = 3 * 86400
GRAMS = ("protein", "fat", "carbohydrate")
COUNTED = ("entries", "digest", *GRAMS)


def assert_equal(found, expected, rule):
    """Asserts that two dictionaries are equal; shows only the differences."""
    differences = [
        f"{key}: {found.get(key)} instead of {expected.get(key)}"
        for key in sorted({*found, *expected})
        if found.get(key) != expected.get(key)
    ]
    assert not differences, f"{rule}; {len(differences)} differ: {'; '.join(differences[:3])}"


class World:
    """Tables, stream, and the function with its API and queue. `start` starts another process of the function, without the state of earlier
    ones."""

    def __init__(self, dynamodb, api, queue, proxy, start):
        self.dynamodb, self.api, self.queue, self.proxy, self.start = dynamodb, api, queue, proxy, start
        self.function = None
        self.stream = Stream(dynamodb, ACTIVITIES)
        # Entries written so far, and writes whose records `new_records` hasn't returned yet.
        self.written = self.unread = 0
        # Kcal-only rows that are not filled, with their versions; and how often a user wrote to a row.
        self.kcal_only, self.own_writes = {}, collections.Counter()

    def put(self, user, kcal, category="Food", date=DAY, id=None, **numbers):
        """Writes a complete activity, with more members that are numbers; returns its id."""
        self.written += 1
        id = id or f"entry-{self.written:05}"
        item = {
            "id": id, "userid": user, "category": category, "type": "Lunch", "name": "Secret soup",
            "creationDateTime": f"{date}T12:00:00.000Z", "date": date,
        }  # fmt: skip
        item = {name: {"S": text} for name, text in item.items()}
        numbers = {name: {"N": str(number)} for name, number in numbers.items()}
        self.write({**item, "caloriesConsumed": {"N": str(kcal)}, **numbers})
        return id

    def write(self, item):
        """Writes an item of the activity table."""
        self.dynamodb.call("PutItem", TableName=ACTIVITIES, Item=item)
        self.unread += 1

    def delete(self, id):
        """Like `deleteActivity`: removes the owner; the rest stays until its time to live expires."""
        self.dynamodb.call(
            "UpdateItem",
            TableName=ACTIVITIES,
            Key={"id": {"S": id}},
            UpdateExpression="SET deletedBy = userid, expiresAt = :then REMOVE userid",
            ExpressionAttributeValues={":then": {"N": str(int(time.time()) + 30 * 86400)}},
        )
        self.unread += 1

    def remove(self, id):
        """Removes the item, like the time to live or the workshop's delete."""
        self.dynamodb.call("DeleteItem", TableName=ACTIVITIES, Key={"id": {"S": id}})
        self.unread += 1

    def new_records(self):
        """The records of all writes since the last call, as Lambda would deliver them."""
        records = self.stream.new_records(self.unread)
        self.unread -= len(records)
        return records

    def deliver(self, records, tries=1):
        """Delivers records, then again those from the lowest failed one on; returns the sequence number in the last response."""
        for _ in range(tries):
            failed = self.function.invoke(records)
            if failed is None:
                return None
            places = [int(record["dynamodb"]["SequenceNumber"]) for record in records]
            assert int(failed) in places, f"{failed} is no record of the batch"
            records = [record for record, place in zip(records, places, strict=True) if place >= int(failed)]
        return failed

    def rows(self):
        """The rows of totals: (user, day) → (consumed, burned, version)."""
        rows = [row for row in self.dynamodb.scan(AGGREGATES) if not row["userid"]["S"].startswith("evt#")]
        numbers = lambda row: tuple(int(row[name]["N"]) for name in ("caloriesConsumed", "caloriesBurned", "version"))  # noqa: E731
        return {(row["userid"]["S"], row["date"]["S"]): numbers(row) for row in rows}

    def totals(self):
        """The stored totals that aren't zero: (user, day) → (consumed, burned)."""
        return {key: row[:2] for key, row in self.rows().items() if row[:2] != (0, 0)}

    def counted(self):
        """What each row counts beside kcal: (user, day) → numbers by name, without kcal-only rows and rows of zeros."""
        found = {}
        for row in self.dynamodb.scan(AGGREGATES):
            if "entries" in row and not row["userid"]["S"].startswith("evt#"):
                numbers = {name: decimal.Decimal(row[name]["N"]) for name in COUNTED}
                found[row["userid"]["S"], row["date"]["S"]] = numbers
        return {key: numbers for key, numbers in found.items() if any(numbers.values())}

    def recount_all(self):
        """The same numbers, recounted from the activities."""
        sums = collections.defaultdict(lambda: dict.fromkeys(COUNTED, decimal.Decimal(0)))
        for item in self.dynamodb.scan(ACTIVITIES):
            counts = item["category"]["S"] in ("Food", "Drink", "Exercise")
            if "userid" not in item or (counts and not item["caloriesConsumed"]["N"].lstrip("-").isdigit()):
                continue
            date = item["date"]["S"] if "date" in item else item["creationDateTime"]["S"][:10]
            day = sums[item["userid"]["S"], date]
            text = f"{item['id']['S']}:{item.get('rev', {}).get('N', 1)}"
            day["entries"] += 1
            day["digest"] += int(hashlib.sha256(text.encode()).hexdigest()[:8], 16)
            if item["category"]["S"] in ("Food", "Drink"):
                for name in GRAMS:
                    day[name] += decimal.Decimal(item.get(name, {}).get("N", 0))
        return {key: numbers for key, numbers in sums.items() if key not in self.kcal_only}

    def recount(self):
        """kcal, recounted from the activities."""
        sums = collections.defaultdict(lambda: [0, 0])
        for item in self.dynamodb.scan(ACTIVITIES):
            kcal = item["caloriesConsumed"]["N"]
            column = {"Food": 0, "Drink": 0, "Exercise": 1}.get(item["category"]["S"])
            if "userid" in item and column is not None and kcal.lstrip("-").isdigit():
                sums[item["userid"]["S"], item["date"]["S"]][column] += int(kcal)
        return {key: tuple(total) for key, total in sums.items() if total != [0, 0]}

    def check(self, published=True):
        rows, totals = self.rows(), self.totals()
        assert_equal(totals, self.recount(), "totals are those of the activities")
        assert_equal(self.counted(), self.recount_all(), "entries, digest and grams are those of the activities")
        versions = {key: row[2] - self.kcal_only.get(key, 0) - self.own_writes[key] for key, row in rows.items()}
        assert_equal(versions, self.proxy.commits, "a version is the number of a day's transactions")
        expiries = [
            int(row["expiresAt"]["N"]) for row in self.dynamodb.scan(AGGREGATES) if row["userid"]["S"].startswith("evt#")
        ]
        assert len(expiries) == self.proxy.markers, f"{len(expiries)} markers are left of {self.proxy.markers}"
        expected = time.time() + MARKER_SECONDS
        # A marker of this run is at most as old as the run.
        assert all(expected - 600 < expiry <= expected + 1 for expiry in expiries), "a marker lasts three days"
        if published:
            names = ("caloriesConsumed", "caloriesBurned", "version")
            received = {key: tuple(total[name] for name in names) for key, total in self.api.received.items()}
            assert_equal(received, rows, "what is stored is published")
            exact = lambda total: {name: total[name] and decimal.Decimal(repr(total[name])) for name in COUNTED}  # noqa: E731
            received = {key: exact(total) for key, total in self.api.received.items() if any(exact(total).values())}
            assert_equal(received, self.counted(), "entries, digest and grams too")

    def figures(self, function=None):
        """The metrics of the last invocation, from the log."""
        return [line for line in (function or self.function).lines() if "Records" in line][-1]
