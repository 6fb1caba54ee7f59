"""The packed Lambda under AWS's runtime interface emulator, with stream events of AWS's own DynamoDB local.

    scenarios.py RUNTIME-EMULATOR BOOTSTRAP DYNAMODB-JAR RECONCILE LOGS

Activities are written to a table, its stream's records are handed to the function as an event source mapping would, and after each
scenario the totals must equal a recount of the activities, their versions the number of transactions, each marker must last three days, the
API must have heard it all, and the response must be AWS's. In the end the operators' tool looks over all of it.
"""

import collections
import contextlib
import json
import pathlib
import random
import sys
import time
import traceback

import reconciliation
from processes import DynamoDb, Function, Stream, free_port
from services import Api, Door, Queue

ACTIVITIES, AGGREGATES = "try_activity_table", "try_user_aggregate_table"
DAY, EVE = "2026-11-23", "2026-11-22"
MARKER_SECONDS = 3 * 86400


def assert_equal(found, expected, rule):
    """Of two dictionaries, shows where they differ alone."""
    differences = [
        f"{key}: {found.get(key)} instead of {expected.get(key)}"
        for key in sorted({*found, *expected})
        if found.get(key) != expected.get(key)
    ]
    assert not differences, f"{rule}; {len(differences)} differ: {'; '.join(differences[:3])}"


class World:
    """Tables, stream, and the function with its API and queue. `start` starts the function once more: a new process, which knows nothing of
    what the API did to others."""

    def __init__(self, dynamodb, api, queue, door, start):
        self.dynamodb, self.api, self.queue, self.door, self.start = dynamodb, api, queue, door, start
        self.function = None
        self.stream = Stream(dynamodb, ACTIVITIES)
        self.written = 0

    def put(self, user, kcal, category="Food", date=DAY, id=None):
        """Writes an activity, whole; returns its id."""
        self.written += 1
        id = id or f"entry-{self.written:05}"
        item = {
            "id": id, "userid": user, "category": category, "type": "Lunch", "name": "Secret soup",
            "creationDateTime": f"{date}T12:00:00.000Z", "date": date,
        }  # fmt: skip
        item = {name: {"S": text} for name, text in item.items()}
        self.dynamodb.call("PutItem", TableName=ACTIVITIES, Item={**item, "caloriesConsumed": {"N": str(kcal)}})
        return id

    def delete(self, id):
        """As `deleteActivity` does: the owner goes, the rest stays until its time to live is over."""
        self.dynamodb.call(
            "UpdateItem",
            TableName=ACTIVITIES,
            Key={"id": {"S": id}},
            UpdateExpression="SET deletedBy = userid, expiresAt = :then REMOVE userid",
            ExpressionAttributeValues={":then": {"N": str(int(time.time()) + 30 * 86400)}},
        )

    def remove(self, id):
        """As the time to live does, or the workshop's own delete."""
        self.dynamodb.call("DeleteItem", TableName=ACTIVITIES, Key={"id": {"S": id}})

    def deliver(self, records, tries=1):
        """Hands records over, and what failed again from the lowest on; returns what the last response named."""
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

    def recount(self):
        """The same from the activities, by other means."""
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
        versions = {key: row[2] for key, row in rows.items()}
        assert_equal(versions, self.door.commits, "a version is the number of a day's transactions")
        expiries = [
            int(row["expiresAt"]["N"]) for row in self.dynamodb.scan(AGGREGATES) if row["userid"]["S"].startswith("evt#")
        ]
        assert len(expiries) == self.door.markers, f"{len(expiries)} markers are left of {self.door.markers}"
        expected = time.time() + MARKER_SECONDS
        # A marker of this run is as old as the run at most.
        assert all(expected - 600 < expiry <= expected + 1 for expiry in expiries), "a marker lasts three days"
        if published:
            names = ("caloriesConsumed", "caloriesBurned", "version")
            heard = {key: tuple(total[name] for name in names) for key, total in self.api.heard.items()}
            assert_equal(heard, rows, "what is stored is published")

    def figures(self, function=None):
        """The last invocation's figures, from the log."""
        return [line for line in (function or self.function).lines() if "Records" in line][-1]


def inserts_edits_and_removes(world):
    """One at a time, as they come."""
    soup = world.put("ann", 650)
    run = world.put("ann", 300, "Exercise")
    assert world.deliver(world.stream.new_records()) is None
    assert world.totals()["ann", DAY] == (650, 300)
    world.put("ann", 700, id=soup)
    world.delete(run)
    assert world.deliver(world.stream.new_records()) is None
    assert world.totals()["ann", DAY] == (700, 0)
    world.remove(run)
    world.remove(soup)
    assert world.deliver(world.stream.new_records()) is None
    assert ("ann", DAY) not in world.totals()


def a_category_or_a_date_moved(world):
    lunch, walk = world.put("bob", 500), world.put("bob", 200)
    assert world.deliver(world.stream.new_records()) is None
    world.put("bob", 500, date=EVE, id=lunch)
    world.put("bob", 200, "Exercise", id=walk)
    assert world.deliver(world.stream.new_records()) is None
    assert world.totals()["bob", EVE] == (500, 0) and world.totals()["bob", DAY] == (0, 200)
    world.put("bob", 200, "Nap", id=walk)
    assert world.deliver(world.stream.new_records()) is None


def duplicates(world):
    """A record twice in a batch, again in another, and a whole batch again."""
    for kcal in range(10, 60, 10):
        world.put("cyd", kcal)
    records = world.stream.new_records()
    assert world.deliver([*records, records[2]]) is None
    assert world.deliver([records[2]]) is None
    assert world.figures()["Duplicates"] == 1
    world.put("cyd", 7)
    assert world.deliver(records + world.stream.new_records()) is None
    assert (world.figures()["Applied"], world.figures()["Duplicates"]) == (1, 5)


def poison_in_the_middle(world):
    """It goes to the queue with its image; the others are booked, and nothing is repeated."""
    before = len(world.queue.messages)
    world.put("dan", 100)
    world.put("dan", "1.5", id="poison")
    world.put("dan", 200)
    assert world.deliver(world.stream.new_records()) is None
    [message] = world.queue.messages[before:]
    assert message["record"]["dynamodb"]["NewImage"]["id"]["S"] == "poison", message
    world.put("dan", 300, id="poison")
    assert world.deliver(world.stream.new_records()) is None, "what replaces it is booked"
    assert world.totals()["dan", DAY] == (600, 0)


def a_record_that_is_none(world):
    before = len(world.queue.messages)
    world.put("eve", 100)
    [record] = world.stream.new_records()
    broken = {**record, "eventID": "broken", "dynamodb": {**record["dynamodb"], "NewImage": "what?"}}
    assert world.deliver([broken, record]) is None
    assert len(world.queue.messages) == before + 1


def a_thousand_records_of_fifty_users(world):
    chance = random.Random(4)
    ids = []
    for _ in range(1000):
        user, kcal = f"user-{chance.randrange(50)}", chance.randrange(1, 900)
        category = chance.choice(["Food", "Drink", "Exercise"])
        id = chance.choice(ids) if ids and chance.random() < 0.2 else None
        # An edit keeps its owner.
        user = id[1] if id else user
        ids.append((world.put(user, kcal, category, chance.choice([DAY, EVE]), id and id[0]), user))
    records = world.stream.new_records()
    assert len(records) == 1000, len(records)
    for start in range(0, 1000, 250):
        assert world.deliver(records[start : start + 250], tries=3) is None


def a_hundred_records_of_one_day(world):
    """At most three calls to DynamoDB and one to the API (the budget)."""
    for _ in range(100):
        world.put("fay", 10)
    records = world.stream.new_records()
    world.door.calls.clear()
    calls = world.api.calls
    assert world.deliver(records) is None
    assert len(world.door.calls) <= 3, world.door.calls
    assert world.api.calls == calls + 1


def a_store_that_throttles_for_a_while(world):
    world.put("gus", 100)
    world.door.throttled = 4
    assert world.deliver(world.stream.new_records()) is None, "waited out within the invocation"


def a_store_that_throttles_to_the_end(world):
    world.put("gus", 20)
    world.put("hal", 30)
    records, before = world.stream.new_records(), world.totals()
    world.door.throttled = 1_000_000
    assert world.function.invoke(records) == records[0]["dynamodb"]["SequenceNumber"], "the lowest"
    world.door.throttled = 0
    assert world.totals() == before, "nothing was booked, not even a part"
    assert world.deliver(records) is None


def a_day_that_others_write_at_once(world):
    """A cancelled transaction says what of its items is to blame; every reason but a marker's passes."""
    world.put("gus", 5)
    world.door.cancelled = ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded", "TransactionConflict"]
    assert world.deliver(world.stream.new_records()) is None, "waited out within the invocation"
    assert world.door.cancelled == [] and world.figures()["Applied"] == 1


def conflicts_to_the_end(world):
    world.put("hal", 4)
    [record], before = world.stream.new_records(), world.totals()
    world.door.cancelled = ["TransactionConflict"] * 1_000_000
    assert world.function.invoke([record]) == record["dynamodb"]["SequenceNumber"]
    world.door.cancelled = []
    assert world.totals() == before
    assert any("TransactionConflict" in line.get("message", "") for line in world.function.lines()), "the log says why"
    assert world.deliver([record]) is None


def a_queue_that_is_down(world):
    """What can't be booked is not dropped: it comes again until the queue takes it."""
    before = len(world.queue.messages)
    world.put("mia", 100)
    world.put("mia", "1.5", id="unqueued")
    world.put("mia", 200)
    records = world.stream.new_records()
    [poison] = [record for record in records if record["dynamodb"]["Keys"]["id"]["S"] == "unqueued"]
    world.queue.down = True
    assert world.function.invoke(records) == poison["dynamodb"]["SequenceNumber"]
    assert world.totals()["mia", DAY] == (300, 0), "the others are booked"
    world.queue.down = False
    assert world.deliver([poison]) is None
    assert len(world.queue.messages) == before + 1
    world.put("mia", 50, id="unqueued")
    assert world.deliver(world.stream.new_records()) is None
    assert len(world.queue.messages) == before + 1, "what is right again is no news"


def sequence_numbers_of_differing_lengths(world):
    """As texts, the one of 22 digits would be the lower one; of records that fail, and of those that no queue takes."""
    for user, kcal in [("nia", "10"), ("ole", "20"), ("pia", "30"), ("nia", "1.5"), ("ole", "2.5")]:
        world.put(user, kcal, id=f"{user}-{kcal}")
    records = world.stream.new_records()
    numbers = {"nia-10": "999999999999999999998", "ole-20": "1000000000000000000001", "pia-30": "1000000000000000000002"}
    numbers |= {"nia-1.5": "999999999999999999999", "ole-2.5": "1000000000000000000003"}
    for record in records:
        record["dynamodb"]["SequenceNumber"] = numbers[record["dynamodb"]["Keys"]["id"]["S"]]
    world.door.denied = {"nia", "ole"}
    assert world.function.invoke(records) == numbers["nia-10"]
    world.door.denied = set()
    before, world.queue.down = len(world.queue.messages), True
    assert world.function.invoke(records) == numbers["nia-1.5"]
    world.queue.down = False
    assert world.deliver(records) is None
    assert len(world.queue.messages) == before + 2


def a_table_that_serves_nobody(world):
    """An error, which Lambda counts, and not a partial response; what can't be read waits with the rest."""
    before = len(world.queue.messages)
    world.put("quy", 100)
    world.put("rex", 200)
    world.put("rex", "1.5", id="waits")
    records = world.stream.new_records()
    world.door.denied = {"quy", "rex"}
    assert "AccessDeniedException" in world.function.error(records)
    assert len(world.queue.messages) == before
    world.door.denied = set()
    assert world.deliver(records) is None
    assert len(world.queue.messages) == before + 1


def a_table_with_other_keys(world):
    """One day or many: the table is at fault, and the stream is not emptied into the queue."""
    before = len(world.queue.messages)
    for user in ("sue", "tom", "uma"):
        world.put(user, 100)
    records = world.stream.new_records()
    with world.start("other-keys", USER_AGGREGATE_TABLE=ACTIVITIES) as function:
        for batch in (records, records[:1]):
            assert "other keys" in function.error(batch)
    assert len(world.queue.messages) == before
    assert world.deliver(records) is None


def a_stream_of_another_view(world):
    """Without old images an edit would be added whole."""
    before, calls = len(world.queue.messages), len(world.door.calls)
    for view in ("NEW_IMAGE", "OLD_IMAGE", "KEYS_ONLY"):
        table = f"{view.lower()}_activity_table"
        world.dynamodb.create_activities(table, view)
        stream = Stream(world.dynamodb, table)
        for kcal in ("100", "130"):
            item = {"id": {"S": "one"}, "userid": {"S": "vic"}, "category": {"S": "Food"}, "date": {"S": DAY}}
            world.dynamodb.call("PutItem", TableName=table, Item={**item, "caloriesConsumed": {"N": kcal}})
        world.dynamodb.call("DeleteItem", TableName=table, Key={"id": {"S": "one"}})
        records = stream.new_records()
        assert len(records) == 3
        for batch in (records, *([record] for record in records)):
            assert view in world.function.error(batch)
    assert (len(world.queue.messages), len(world.door.calls)) == (before, calls)


def after_the_api(world, function, records):
    """Once the API is well, the first publish that is let through resumes publishing; repeats publish what is stored."""
    world.api.mood = "well"
    end = time.monotonic() + 60
    for start in range(0, len(records), 25):
        figures = {"Published": 0, "Folded": 1}
        while figures["Published"] < figures["Folded"]:
            assert time.monotonic() < end, figures
            assert function.invoke(records[start : start + 25]) is None
            figures = world.figures(function)
            if figures["Published"] < figures["Folded"]:
                time.sleep(0.2)


def an_api_that_is(mood):
    """Two users' young records: booked, and given again at most once."""

    def scenario(world):
        world.put("ivy", 100)
        world.put("jon", 200)
        records = world.stream.new_records()
        world.api.mood = mood
        with world.start(f"api-{mood}") as function:
            failed = function.invoke(records)
            passing = mood in ("down", "silent")
            assert failed == (records[0]["dynamodb"]["SequenceNumber"] if passing else None), failed
            assert world.totals()["jon", DAY][0] >= 200, "booked all the same"
            if passing:
                assert function.invoke(records) is None, "a record fails for a publish once"
            assert world.figures(function)["PublishAbandoned"] == 2
            world.check(published=False)
            after_the_api(world, function, records)

    scenario.__name__ = f"an_api_that_is_{mood}" if mood in ("down", "silent") else f"an_api_that_{mood}"
    return scenario


def a_hundred_users_and_an_api_that_is(mood, most_requests):
    """Records are given again at once until they are let go, as a mapping does without a pause between."""

    def scenario(world):
        for number in range(100):
            world.put(f"{mood}-{number}", 10)
        records = world.stream.new_records()
        world.api.mood = mood
        world.api.calls, calls = 0, len(world.door.calls)
        with world.start(f"hundred-{mood}", AWS_LAMBDA_FUNCTION_TIMEOUT="60") as function:
            started, invocations, left = time.monotonic(), [], records
            while left:
                begun = time.monotonic()
                failed = function.invoke(left)
                invocations.append(time.monotonic() - begun)
                assert len(invocations) < 5, "a storm"
                numbers = [int(record["dynamodb"]["SequenceNumber"]) for record in left]
                left = [record for record, number in zip(left, numbers, strict=True) if failed and number >= int(failed)]
            took, requests = time.monotonic() - started, world.api.calls
            transactions = world.door.calls[calls:].count("TransactWriteItems")
            figures = f"first {invocations[0]:.1f} s, {len(invocations)} invocations in {took:.1f} s"
            print(f"    {mood}: {figures}, {requests} requests, {transactions} transactions")
            assert invocations[0] < 10 and requests <= most_requests and transactions <= 200
            world.check(published=False)
            # The next batch of this process leaves the API alone while publishing is suspended.
            world.put(f"{mood}-0", 10)
            more = world.stream.new_records()
            before = world.api.calls
            assert function.invoke(more) is None
            assert world.api.calls - before <= (1 if mood in ("refuses", "fails") else 3)
            after_the_api(world, function, records + more)

    scenario.__name__ = f"a_hundred_users_and_an_api_that_is_{mood}"
    return scenario


def an_api_where_nobody_listens(world):
    """A wrong address, or one that no longer is: the connection is refused."""
    world.put("kat", 100)
    world.put("leo", 200)
    records = world.stream.new_records()
    with world.start("unheard", GRAPHQL_ENDPOINT=f"http://127.0.0.1:{free_port()}/graphql") as function:
        assert function.invoke(records) == records[0]["dynamodb"]["SequenceNumber"], "young records fail"
        assert world.totals()["leo", DAY] == (200, 0), "booked all the same"
        assert function.invoke(records) is None, "once"
        figures = world.figures(function)
        assert figures["PublishAbandoned"] == 2, figures
    world.check(published=False)
    assert world.function.invoke(records) is None, "where someone listens, a repeat publishes what is stored"


def nothing_personal_in_the_log(world):
    text = world.function.log.read_text(errors="replace")
    for secret in ("Secret soup", "ann", "user-1", "entry-0"):
        assert f'"{secret}' not in text and f" {secret}" not in text, f"{secret} stands in the log"
    assert world.function.lines(), "there is a log"


SCENARIOS = [
    inserts_edits_and_removes,
    a_category_or_a_date_moved,
    duplicates,
    poison_in_the_middle,
    a_record_that_is_none,
    a_thousand_records_of_fifty_users,
    a_hundred_records_of_one_day,
    a_queue_that_is_down,
    sequence_numbers_of_differing_lengths,
    a_store_that_throttles_for_a_while,
    a_store_that_throttles_to_the_end,
    a_day_that_others_write_at_once,
    conflicts_to_the_end,
    a_table_that_serves_nobody,
    a_table_with_other_keys,
    a_stream_of_another_view,
    an_api_that_is("down"),
    an_api_that_is("silent"),
    an_api_that_is("refuses"),
    an_api_that_is("fails"),
    an_api_that_is("throttles"),
    an_api_where_nobody_listens,
    # A hundred users and the requests that are begun before the third failure: eight at once and two more, with two repeats each where the
    # API has a fault.
    a_hundred_users_and_an_api_that_is("refuses", 100),
    a_hundred_users_and_an_api_that_is("fails", 100),
    a_hundred_users_and_an_api_that_is("throttles", 10),
    a_hundred_users_and_an_api_that_is("down", 30),
    a_hundred_users_and_an_api_that_is("silent", 10),
    nothing_personal_in_the_log,
]


def main():
    emulator, bootstrap, jar, reconcile, logs = (pathlib.Path(path).resolve() for path in sys.argv[1:6])
    with contextlib.ExitStack() as stack:
        dynamodb = stack.enter_context(DynamoDb.start(jar, logs))
        dynamodb.create_activities(ACTIVITIES)
        dynamodb.create_aggregates(AGGREGATES)
        api, queue, door = Api(), Queue(), Door(dynamodb)
        variables = {
            "USER_AGGREGATE_TABLE": AGGREGATES,
            "GRAPHQL_ENDPOINT": api.url,
            "FAILURE_QUEUE_URL": f"{queue.url}/000000000000/failures",
            "AWS_ENDPOINT_URL_DYNAMODB": door.url,
        }

        def start(name, **more):
            return Function.start(emulator, bootstrap, logs, name, **{**variables, **more})

        world = World(dynamodb, api, queue, door, start)
        world.function = stack.enter_context(start("function"))
        failed = 0
        for scenario in SCENARIOS:
            started = time.monotonic()
            try:
                scenario(world)
                world.check()
                outcome = "ok"
            except AssertionError as error:
                failed += 1
                outcome = f"FAILED: {error or traceback.extract_tb(error.__traceback__)[-1].line}"
            # The next scenario finds everything well.
            api.mood, queue.down, door.throttled, door.cancelled, door.denied = "well", False, 0, [], set()
            print(f"{scenario.__name__} ... {outcome} ({time.monotonic() - started:.1f} s)", flush=True)
        failed += reconciliation.check(reconcile, world, ACTIVITIES, AGGREGATES, logs)
        print(f"{len(SCENARIOS) + len(reconciliation.SCENARIOS) - failed} passed, {failed} failed")
        if failed:
            print(json.dumps(world.function.lines()[-20:], indent=1), file=sys.stderr)
        return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
