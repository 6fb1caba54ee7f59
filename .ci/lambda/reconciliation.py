"""Runs the operators' tool on the tables after the scenarios: it finds no drift, then finds and repairs rows that were falsified; also in
a table without an index by date, as in the workshop's template."""

import json
import subprocess

from world import DAY, assert_equal


class Reconcile:
    """The program `reconcile` on a world's tables."""

    def __init__(self, program, world, activities, aggregates, folder):
        self.command = [str(program), "--activity-table", activities, "--aggregate-table", aggregates]
        self.world, self.folder, self.aggregates = world, folder, aggregates

    def run(self, *arguments):
        """Runs the tool and returns its exit code and findings."""
        ended = self.end(*arguments)
        assert ended.returncode in (0, 3), ended.stderr
        return ended.returncode, [json.loads(line) for line in ended.stdout.splitlines()]

    def end(self, *arguments):
        """Runs the tool and returns the ended process."""
        environment = {
            "AWS_REGION": "eu-west-1",
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_ENDPOINT_URL": self.world.dynamodb.url,
            "GRAPHQL_ENDPOINT": self.world.api.url,
        }
        command = [*self.command, "--json", "--wait", "0", *arguments]
        return subprocess.run(
            command, env=environment, cwd=self.folder, capture_output=True, text=True, timeout=60, check=False
        )

    def set(self, user, date, **numbers):
        """Writes a row of totals directly to the table."""
        row = {"userid": {"S": user}, "date": {"S": date}}
        values = {name: {"N": str(number)} for name, number in numbers.items()}
        self.world.dynamodb.call("PutItem", TableName=self.aggregates, Item={**row, **values})


def after_all_scenarios_nothing_drifts(reconcile):
    assert reconcile.run() == (0, [])


def kcal_only_rows_are_filled_at_their_version_while_the_function_runs(reconcile):
    """And a day of 0 kcal that has no row yet gets one. What the function books afterwards is counted in full."""
    world = reconcile.world
    before = world.rows()["old", DAY]
    world.put("tea", 0, "Drink", fat="0.2")
    world.new_records()
    code, findings = reconcile.run("--backfill", "--caught-up")
    assert (code, {(finding["user"], finding["verdict"]) for finding in findings}) == (0, {("old", "filled"), ("tea", "filled")}), findings
    assert world.rows()["old", DAY] == before, "kcal and version stay"
    assert world.counted()["tea", DAY]["entries"] == 1
    del world.kcal_only["old", DAY]
    world.put("old", 5, protein="0.2")
    world.put("tea", 0, "Drink", fat="0.3")
    assert world.deliver(world.new_records()) is None
    assert_equal(world.counted(), world.recount_all(), "entries, digest and grams are those of the activities")
    assert str(world.counted()["old", DAY]["protein"]) == "0.3"
    assert reconcile.run("--backfill", "--caught-up") == (0, [])


def an_older_function_that_still_drains_leaves_a_drift_that_is_repaired(reconcile):
    world = reconcile.world
    world.put("dot", 40)
    assert world.deliver(world.new_records()) is None
    world.put("dot", 2)
    world.new_records()
    world.dynamodb.call(
        "UpdateItem",
        TableName=reconcile.aggregates,
        Key={"userid": {"S": "dot"}, "date": {"S": DAY}},
        UpdateExpression="ADD caloriesConsumed :c, caloriesBurned :b, version :one",
        ExpressionAttributeValues={":c": {"N": "2"}, ":b": {"N": "0"}, ":one": {"N": "1"}},
    )
    code, findings = reconcile.run()
    assert (code, [finding["user"] for finding in findings]) == (3, ["dot"]), findings
    code, findings = reconcile.run("--repair", "--caught-up")
    assert (code, findings[0]["counted"]["entries"]) == (0, 2), findings
    assert world.counted()["dot", DAY]["entries"] == 2


def falsified_totals_are_found_and_repaired(reconcile):
    world = reconcile.world
    world.put("kim", 100)
    world.put("kim", 20, "Exercise")
    assert world.deliver(world.new_records()) is None
    day = next(date for user, date in world.totals() if user == "kim")
    reconcile.set("kim", day, caloriesConsumed=7, caloriesBurned=20, version=9)
    # A day without entries, and entries that no function has received.
    reconcile.set("lea", "2026-01-01", caloriesConsumed=50, caloriesBurned=0, version=1)
    world.put("max", 300)
    # Like the workshop's clients: no `date`; the day is that of `creationDateTime`.
    world.write(
        {
            "id": {"S": "workshop"},
            "userid": {"S": "max"},
            "category": {"S": "Food"},
            "type": {"S": "Lunch"},
            "creationDateTime": {"S": f"{day}T08:00:00.000Z"},
            "caloriesConsumed": {"N": "30"},
        }
    )
    code, findings = reconcile.run()
    assert code == 3
    assert [(finding["user"], finding["verdict"]) for finding in findings] == [
        ("kim", "drift"), ("lea", "drift"), ("max", "drift"),
    ], findings  # fmt: skip
    code, findings = reconcile.run("--repair", "--caught-up", "--user", "kim", "--date", day)
    assert (code, [finding["verdict"] for finding in findings]) == (0, ["repaired"])
    assert world.totals()["kim", day] == (100, 20)
    received = world.api.received["kim", day]
    assert (received["caloriesConsumed"], received["version"]) == (100, 10), received
    code, findings = reconcile.run("--repair", "--caught-up")
    assert (code, [finding["verdict"] for finding in findings]) == (0, ["repaired", "repaired"])
    assert world.totals()["max", day] == (330, 0)
    assert reconcile.run() == (0, [])


def what_users_set_is_left_alone_and_counted_again_when_asked_for(reconcile):
    """Totals as written by `updateUserAggregate`; a later entry is added to them."""
    world = reconcile.world
    world.put("oda", 100)
    assert world.deliver(world.new_records()) is None
    [day] = [date for user, date in world.totals() if user == "oda"]
    world.dynamodb.call(
        "UpdateItem",
        TableName=reconcile.aggregates,
        Key={"userid": {"S": "oda"}, "date": {"S": day}},
        UpdateExpression="SET caloriesConsumed = :c, setByUser = :set ADD version :one",
        ExpressionAttributeValues={":c": {"N": "500"}, ":set": {"BOOL": True}, ":one": {"N": "1"}},
    )
    world.put("oda", 30)
    assert world.deliver(world.new_records()) is None
    assert world.totals()["oda", day] == (530, 0)
    assert reconcile.run("--user", "oda") == (0, [])
    code, findings = reconcile.run("--include-set", "--user", "oda", "--repair", "--caught-up")
    assert (code, [finding["verdict"] for finding in findings]) == (0, ["repaired"]), findings
    assert world.totals()["oda", day] == (130, 0)


def a_total_that_is_no_number_is_repaired_and_counts_on(reconcile):
    """`ADD` rejects it: until the repair, the day's records go to the queue."""
    world = reconcile.world
    before = len(world.queue.messages)
    world.put("pat", 100)
    world.put("ray", 5)
    records = world.new_records()
    key = {"userid": {"S": "pat"}, "date": {"S": "2026-11-23"}}
    odd = {"caloriesConsumed": {"S": "much"}, "caloriesBurned": {"N": "0"}, "version": {"S": "7"}}
    world.dynamodb.call("PutItem", TableName=reconcile.aggregates, Item={**key, **odd})
    assert world.function.invoke(records) is None
    assert len(world.queue.messages) == before + 1, "the table is right, and so is the other user's day"
    code, findings = reconcile.run("--user", "pat", "--repair", "--caught-up")
    assert (code, [finding["verdict"] for finding in findings]) == (0, ["repaired"]), findings
    assert findings[0]["stored"]["consumed"] == {"S": "much"}
    world.put("pat", 20)
    assert world.deliver(world.new_records()) is None
    assert world.totals()["pat", "2026-11-23"] == (120, 0)
    assert world.totals()["ray", "2026-11-23"] == (5, 0)


def cloudwatch_s_word_needs_two_readings_apart(reconcile):
    ended = reconcile.end("--repair", "--function", "aggregator")
    assert ended.returncode == 2 and "--wait 0 is too short" in ended.stderr, ended


def a_table_of_the_workshop_is_repaired_without_its_index(reconcile):
    dynamodb, table = reconcile.world.dynamodb, "workshop_activity_table"
    text = lambda name: {"AttributeName": name, "AttributeType": "S"}  # noqa: E731
    key = lambda name, kind: {"AttributeName": name, "KeyType": kind}  # noqa: E731
    dynamodb.call(
        "CreateTable",
        TableName=table,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[text(name) for name in ("id", "userid", "creationDateTime")],
        KeySchema=[key("id", "HASH")],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "userid-creationDateTime-index",
                "KeySchema": [key("userid", "HASH"), key("creationDateTime", "RANGE")],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
    )
    for id, kcal, more in [("1", "30", {}), ("2", "12", {"date": {"S": "2026-03-01"}})]:
        item = {"id": id, "userid": "ned", "category": "Food", "creationDateTime": f"2026-03-0{id}T08:00:00Z"}
        item = {name: {"S": value} for name, value in item.items()}
        dynamodb.call("PutItem", TableName=table, Item={**item, **more, "caloriesConsumed": {"N": kcal}})
    reconcile.set("ned", "2026-03-01", caloriesConsumed=60)
    workshop = Reconcile(reconcile.command[0], reconcile.world, table, reconcile.aggregates, reconcile.folder)
    code, findings = workshop.run("--user", "ned", "--repair", "--caught-up")
    assert (code, [finding["recount"] for finding in findings]) == (0, [[42, 0]]), findings


SCENARIOS = [
    after_all_scenarios_nothing_drifts,
    kcal_only_rows_are_filled_at_their_version_while_the_function_runs,
    an_older_function_that_still_drains_leaves_a_drift_that_is_repaired,
    falsified_totals_are_found_and_repaired,
    what_users_set_is_left_alone_and_counted_again_when_asked_for,
    a_total_that_is_no_number_is_repaired_and_counts_on,
    cloudwatch_s_word_needs_two_readings_apart,
    a_table_of_the_workshop_is_repaired_without_its_index,
]


def check(program, world, activities, aggregates, folder):
    """Runs all scenarios and returns the number of failures."""
    reconcile = Reconcile(program, world, activities, aggregates, folder)
    failed = 0
    for scenario in SCENARIOS:
        try:
            scenario(reconcile)
            outcome = "ok"
        except AssertionError as error:
            failed += 1
            outcome = f"FAILED: {error}"
        print(f"{scenario.__name__} ... {outcome}", flush=True)
    return failed
