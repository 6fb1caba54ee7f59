"""Tests the packed Lambda under AWS's runtime interface emulator, with stream events of AWS's own DynamoDB local.

    scenarios.py RUNTIME-EMULATOR BOOTSTRAP DYNAMODB-JAR RECONCILE LOGS

Each scenario writes activities to a table and passes its stream's records to the function, like an event source mapping. After each
scenario the totals must equal a recount of the activities, their versions the number of transactions, each marker must last three days, the API
must have received all totals, and the response must have AWS's form. Finally the operators' tool checks all totals.
"""

import contextlib
import json
import pathlib
import random
import sys
import time
import traceback

import reconciliation
from processes import DynamoDb, Function, Stream
from publishing import a_hundred_users_and_an_api_that_is, an_api_that_is, an_api_that_refuses_connections
from services import Api, Proxy, Queue
from world import ACTIVITIES, AGGREGATES, DAY, EVE, World


def inserts_edits_and_removes(world):
    """Batches of one or two records, as they occur."""
    soup = world.put("ann", 650)
    run = world.put("ann", 300, "Exercise")
    assert world.deliver(world.new_records()) is None
    assert world.totals()["ann", DAY] == (650, 300)
    world.put("ann", 700, id=soup)
    world.delete(run)
    assert world.deliver(world.new_records()) is None
    assert world.totals()["ann", DAY] == (700, 0)
    world.remove(run)
    world.remove(soup)
    assert world.deliver(world.new_records()) is None
    assert ("ann", DAY) not in world.totals()


def a_category_or_a_date_moved(world):
    lunch, walk = world.put("bob", 500), world.put("bob", 200)
    assert world.deliver(world.new_records()) is None
    world.put("bob", 500, date=EVE, id=lunch)
    world.put("bob", 200, "Exercise", id=walk)
    assert world.deliver(world.new_records()) is None
    assert world.totals()["bob", EVE] == (500, 0) and world.totals()["bob", DAY] == (0, 200)
    world.put("bob", 200, "Nap", id=walk)
    assert world.deliver(world.new_records()) is None


def every_number_of_a_day(world):
    """Grams are decimals, 0.1 ten times is 1; a new name, 0 kcal and an unknown category are changes of the day."""
    for _ in range(10):
        world.put("abe", 0, "Drink", protein="0.1")
    soup = world.put("abe", 300, protein="12.5", fat="0.3", carbohydrate="30", rev=1)
    nap = world.put("abe", 90, "Nap", protein="9")
    run = world.put("abe", 200, "Exercise", protein="9")
    assert world.deliver(world.new_records()) is None
    numbers = world.counted()["abe", DAY]
    assert (numbers["entries"], str(numbers["protein"])) == (13, "13.5"), numbers
    version = world.rows()["abe", DAY][2]
    for rev in (2, 3):
        world.put("abe", 300, id=soup, protein="12.5", fat="0.3", carbohydrate="30", rev=rev)
        records = world.new_records()
        assert world.deliver(records) is None
        assert world.deliver(records) is None, "again"
    assert world.rows()["abe", DAY][2] == version + 2
    world.put("abe", 300, id=soup, protein="12.6", date=EVE, rev=4)
    world.put("abe", 90, id=nap, protein="9.1")
    world.delete(run)
    assert world.deliver(world.new_records()) is None
    world.put("abe", 200, "Exercise")
    assert world.deliver(world.new_records()) is None, "the delete is undone under another id"
    assert str(world.counted()["abe", DAY]["protein"]) == "10.1"


def kcal_only_rows_and_weights(world):
    """The first gets kcal and version alone until it is filled; a day with a weight alone is counted from its first entry."""
    for user, own in (("old", {}), ("kgs", {"userWrites": {"N": "2"}})):
        row = {"userid": {"S": user}, "date": {"S": DAY}, "caloriesConsumed": {"N": "0"}, "caloriesBurned": {"N": "0"}}
        world.dynamodb.call("PutItem", TableName=AGGREGATES, Item={**row, "version": {"N": "2"}, **own})
    world.kcal_only["old", DAY] = 2
    world.own_writes["kgs", DAY] = 2
    for user in ("old", "kgs"):
        world.put(user, 100, protein="0.1")
        world.put(user, 0)
    records = world.new_records()
    assert world.deliver(records) is None
    assert world.deliver(records) is None, "again"
    assert ("old", DAY) not in world.counted() and world.counted()["kgs", DAY]["entries"] == 2


def duplicates(world):
    """A record twice in a batch, the same record in another batch, and a whole batch again."""
    for kcal in range(10, 60, 10):
        world.put("cyd", kcal)
    records = world.new_records()
    assert world.deliver([*records, records[2]]) is None
    assert world.deliver([records[2]]) is None
    assert world.figures()["Duplicates"] == 1
    world.put("cyd", 7)
    assert world.deliver(records + world.new_records()) is None
    assert (world.figures()["Applied"], world.figures()["Duplicates"]) == (1, 5)


def poison_in_the_middle(world):
    """The record goes to the queue with its image; the others are booked, and none is retried."""
    before = len(world.queue.messages)
    world.put("dan", 100)
    world.put("dan", "1.5", id="poison")
    world.put("dan", 200)
    assert world.deliver(world.new_records()) is None
    [message] = world.queue.messages[before:]
    assert message["record"]["dynamodb"]["NewImage"]["id"]["S"] == "poison", message
    world.put("dan", 300, id="poison")
    assert world.deliver(world.new_records()) is None, "what replaces it is booked"
    assert world.totals()["dan", DAY] == (600, 0)


def a_malformed_record(world):
    """Its image is not an item: it goes to the queue, and the other record is booked."""
    before = len(world.queue.messages)
    world.put("eve", 100)
    [record] = world.new_records()
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
    records = world.new_records()
    assert len(records) == 1000, len(records)
    for start in range(0, 1000, 250):
        assert world.deliver(records[start : start + 250], tries=3) is None


def a_hundred_records_of_one_day(world):
    """At most three calls to DynamoDB and one to the API (the budget)."""
    for _ in range(100):
        world.put("fay", 10)
    records = world.new_records()
    world.proxy.calls.clear()
    calls = world.api.calls
    assert world.deliver(records) is None
    assert len(world.proxy.calls) <= 3, world.proxy.calls
    assert world.api.calls == calls + 1


def a_store_that_throttles_for_a_while(world):
    world.put("gus", 100)
    world.proxy.throttled = 4
    assert world.deliver(world.new_records()) is None, "waited out within the invocation"


def a_store_that_throttles_to_the_end(world):
    world.put("gus", 20)
    world.put("hal", 30)
    records, before = world.new_records(), world.totals()
    world.proxy.throttled = 1_000_000
    assert world.function.invoke(records) == records[0]["dynamodb"]["SequenceNumber"], "the lowest"
    world.proxy.throttled = 0
    assert world.totals() == before, "no part of the batch was booked"
    assert world.deliver(records) is None


def a_day_that_others_write_at_once(world):
    """A cancelled transaction names the reason for each item; every reason except an existing marker is temporary."""
    world.put("gus", 5)
    world.proxy.cancelled = ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded", "TransactionConflict"]
    assert world.deliver(world.new_records()) is None, "waited out within the invocation"
    assert world.proxy.cancelled == [] and world.figures()["Applied"] == 1


def conflicts_to_the_end(world):
    world.put("hal", 4)
    [record], before = world.new_records(), world.totals()
    world.proxy.cancelled = ["TransactionConflict"] * 1_000_000
    assert world.function.invoke([record]) == record["dynamodb"]["SequenceNumber"]
    world.proxy.cancelled = []
    assert world.totals() == before
    assert any("TransactionConflict" in line.get("message", "") for line in world.function.lines()), "the log has the reason"
    assert world.deliver([record]) is None


def a_queue_that_is_down(world):
    """A record that can't be booked is not dropped: it is retried until the queue accepts it."""
    before = len(world.queue.messages)
    world.put("mia", 100)
    world.put("mia", "1.5", id="unqueued")
    world.put("mia", 200)
    records = world.new_records()
    [poison] = [record for record in records if record["dynamodb"]["Keys"]["id"]["S"] == "unqueued"]
    world.queue.down = True
    assert world.function.invoke(records) == poison["dynamodb"]["SequenceNumber"]
    assert world.totals()["mia", DAY] == (300, 0), "the others are booked"
    world.queue.down = False
    assert world.deliver([poison]) is None
    assert len(world.queue.messages) == before + 1
    world.put("mia", 50, id="unqueued")
    assert world.deliver(world.new_records()) is None
    assert len(world.queue.messages) == before + 1, "a corrected entry causes no message"


def sequence_numbers_of_differing_lengths(world):
    """Compared as texts, the number of 22 digits would be lower. Holds for failing records and for those that the queue rejects."""
    for user, kcal in [("nia", "10"), ("ole", "20"), ("pia", "30"), ("nia", "1.5"), ("ole", "2.5")]:
        world.put(user, kcal, id=f"{user}-{kcal}")
    records = world.new_records()
    numbers = {"nia-10": "999999999999999999998", "ole-20": "1000000000000000000001", "pia-30": "1000000000000000000002"}
    numbers |= {"nia-1.5": "999999999999999999999", "ole-2.5": "1000000000000000000003"}
    for record in records:
        record["dynamodb"]["SequenceNumber"] = numbers[record["dynamodb"]["Keys"]["id"]["S"]]
    world.proxy.denied = {"nia", "ole"}
    assert world.function.invoke(records) == numbers["nia-10"]
    world.proxy.denied = set()
    before, world.queue.down = len(world.queue.messages), True
    assert world.function.invoke(records) == numbers["nia-1.5"]
    world.queue.down = False
    assert world.deliver(records) is None
    # The function sends both at once and drops the second send when the first fails. A dropped send may arrive all the same, after
    # the queue is up again: messages are delivered at least once.
    queued = {message["record"]["dynamodb"]["Keys"]["id"]["S"] for message in world.queue.messages[before:]}
    assert queued == {"nia-1.5", "ole-2.5"}, queued


def a_table_that_denies_every_write(world):
    """The invocation ends with an error, which Lambda counts, instead of a partial response; unreadable records wait with the rest."""
    before = len(world.queue.messages)
    world.put("quy", 100)
    world.put("rex", 200)
    world.put("rex", "1.5", id="waits")
    records = world.new_records()
    world.proxy.denied = {"quy", "rex"}
    assert "AccessDeniedException" in world.function.error(records)
    assert len(world.queue.messages) == before
    world.proxy.denied = set()
    assert world.deliver(records) is None
    assert len(world.queue.messages) == before + 1


def a_table_with_other_keys(world):
    """For one day or many, the table is the cause, and no record goes to the queue."""
    before = len(world.queue.messages)
    for user in ("sue", "tom", "uma"):
        world.put(user, 100)
    records = world.new_records()
    with world.start("other-keys", USER_AGGREGATE_TABLE=ACTIVITIES) as function:
        for batch in (records, records[:1]):
            assert "other keys" in function.error(batch)
    assert len(world.queue.messages) == before
    assert world.deliver(records) is None


def a_stream_of_another_view(world):
    """Without old images, an edit would be added in full."""
    before, calls = len(world.queue.messages), len(world.proxy.calls)
    for view in ("NEW_IMAGE", "OLD_IMAGE", "KEYS_ONLY"):
        table = f"{view.lower()}_activity_table"
        world.dynamodb.create_activities(table, view)
        stream = Stream(world.dynamodb, table)
        for kcal in ("100", "130"):
            item = {"id": {"S": "one"}, "userid": {"S": "vic"}, "category": {"S": "Food"}, "date": {"S": DAY}}
            world.dynamodb.call("PutItem", TableName=table, Item={**item, "caloriesConsumed": {"N": kcal}})
        world.dynamodb.call("DeleteItem", TableName=table, Key={"id": {"S": "one"}})
        records = stream.new_records(3)
        assert len(records) == 3
        for batch in (records, *([record] for record in records)):
            assert view in world.function.error(batch)
    assert (len(world.queue.messages), len(world.proxy.calls)) == (before, calls)


def nothing_personal_in_the_log(world):
    text = world.function.log.read_text(errors="replace")
    for secret in ("Secret soup", "ann", "user-1", "entry-0"):
        assert f'"{secret}' not in text and f" {secret}" not in text, f"{secret} is in the log"
    assert world.function.lines(), "there is a log"


SCENARIOS = [
    inserts_edits_and_removes,
    a_category_or_a_date_moved,
    every_number_of_a_day,
    kcal_only_rows_and_weights,
    duplicates,
    poison_in_the_middle,
    a_malformed_record,
    a_thousand_records_of_fifty_users,
    a_hundred_records_of_one_day,
    a_queue_that_is_down,
    sequence_numbers_of_differing_lengths,
    a_store_that_throttles_for_a_while,
    a_store_that_throttles_to_the_end,
    a_day_that_others_write_at_once,
    conflicts_to_the_end,
    a_table_that_denies_every_write,
    a_table_with_other_keys,
    a_stream_of_another_view,
    an_api_that_is("down"),
    an_api_that_is("silent"),
    an_api_that_is("refuses"),
    an_api_that_is("fails"),
    an_api_that_is("throttles"),
    an_api_that_refuses_connections,
    # The number is the maximum of requests, those begun before the third failure: eight at once and two more, with two retries each if the
    # API fails.
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
        api, queue, proxy = Api(), Queue(), Proxy(dynamodb)
        variables = {
            "USER_AGGREGATE_TABLE": AGGREGATES,
            "GRAPHQL_ENDPOINT": api.url,
            "FAILURE_QUEUE_URL": f"{queue.url}/000000000000/failures",
            "AWS_ENDPOINT_URL_DYNAMODB": proxy.url,
        }

        def start(name, **more):
            return Function.start(emulator, bootstrap, logs, name, **{**variables, **more})

        world = World(dynamodb, api, queue, proxy, start)
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
                outcome = f"FAILED: {str(error) or traceback.extract_tb(error.__traceback__)[-1].line}"
            # Restores all services for the next scenario.
            api.mood, queue.down, proxy.throttled, proxy.cancelled, proxy.denied = "well", False, 0, [], set()
            print(f"{scenario.__name__} ... {outcome} ({time.monotonic() - started:.1f} s)", flush=True)
        failed += reconciliation.check(reconcile, world, ACTIVITIES, AGGREGATES, logs)
        print(f"{len(SCENARIOS) + len(reconciliation.SCENARIOS) - failed} passed, {failed} failed")
        if failed:
            print(json.dumps(world.function.lines()[-20:], indent=1), file=sys.stderr)
        return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
