"""Compares our Lambda with the workshop's approach in Python: same stream events, same DynamoDB local, in one run. benches/lambda/run
prepares it.

    compare.py RUNTIME-EMULATOR DYNAMODB-JAR OUR-ZIP PYTHON-ENVIRONMENT [ROUNDS]

Calls are counted in a separate pass, through a counting proxy; times are measured without it. Loopback only.
"""

import contextlib
import io
import os
import pathlib
import platform
import signal
import statistics
import sys
import tempfile
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / ".ci" / "lambda"))

from measure import Contender, World, init_milliseconds, invoke, memory_mib, percentile  # noqa: E402
from processes import DynamoDb  # noqa: E402
from services import Api, Proxy  # noqa: E402

# The time limit of the whole run, in seconds.
LIMIT = 1500
COLD_STARTS = 15
WARM_UP = 3

# Label, records, users, and rounds for each round of the largest batch. The first shape measures the emulator's own share.
SHAPES = [
    ("no record", 0, 1, 5),
    ("1 record", 1, 1, 10),
    ("100 records, one user and day", 100, 1, 2),
    ("100 records, 50 users", 100, 50, 2),
    ("1,000 records, 50 users", 1000, 50, 1),
]


def ours(package: pathlib.Path, folder: pathlib.Path):
    with zipfile.ZipFile(package) as archive:
        bootstrap = pathlib.Path(archive.extract("bootstrap", folder / "ours"))
    bootstrap.chmod(0o755)
    return Contender("ours", bootstrap, "ours")


def workshop(environment: pathlib.Path, folder: pathlib.Path):
    """Like Lambda's Python runtime: AWS's client of the runtime API imports the handler."""
    task = folder / "workshop"
    task.mkdir()
    (task / "workshop.py").write_bytes((HERE / "workshop.py").read_bytes())
    bootstrap = task / "bootstrap"
    bootstrap.write_text(f'#!/bin/sh\nexec "{environment}/bin/python" -m awslambdaric workshop.handle\n')
    bootstrap.chmod(0o755)
    return Contender("workshop", bootstrap, "workshop")


def alternating(items, turn):
    """Rotates the order, so that no contender always runs first."""
    return items if turn % 2 == 0 else items[::-1]


def count_calls(world, contenders, start, api):
    """(shape, contender) → calls per batch to DynamoDB and to the API."""
    proxy, calls = Proxy(world.dynamodb), {}
    with contextlib.ExitStack() as stack:
        functions = {one: stack.enter_context(start(one, "counted", proxy.url)) for one in contenders}
        for name, count, users, _ in SHAPES:
            event = world.batch(count, users, "counted")
            for one, function in functions.items():
                proxy.calls.clear()
                before = api.calls
                invoke(function, event)
                calls[name, one] = (len(proxy.calls), api.calls - before)
    return calls


def time_batches(world, contenders, functions, rounds):
    """(shape, contender) → milliseconds of each round. The first rounds of a shape warm up all processes, Java included."""
    times = {(shape[0], one): [] for shape in SHAPES for one in contenders}
    for name, count, users, share in SHAPES:
        for turn in range(-WARM_UP, rounds * share):
            event = world.batch(count, users, f"timed-{count}-{users}")
            for one in alternating(contenders, turn):
                took = invoke(functions[one], event)
                if turn >= 0:
                    times[name, one].append(took * 1000)
    return times


def start_cold(world, contenders, start):
    """Contender → milliseconds of init, and of the first invocation as its caller sees it."""
    found = {one: [] for one in contenders}
    for turn in range(COLD_STARTS):
        event = world.batch(1, 1, "cold")
        for one in alternating(contenders, turn):
            with start(one, f"cold-{turn}", world.dynamodb.url) as function:
                took = invoke(function, event) * 1000
                found[one].append((init_milliseconds(function), took))
    return found


def check_totals(world, contenders, functions, api):
    """The totals after redeliveries, edits and deletes: (event, correct total, each contender's total)."""
    recount = world.recount()
    for one in contenders:
        assert world.totals(one.table) == recount, f"{one.name}: the totals differ from the activities"
    received = {key: (row["caloriesConsumed"], row["caloriesBurned"]) for key, row in api.received.items()}
    assert received == recount, "the published totals differ from the table"

    def deliver(*events):
        for event in events:
            for one in contenders:
                invoke(functions[one], event)

    again = world.event(*(world.activity("repeats", 100) for _ in range(100)))
    deliver(again, again)
    entry = world.activity("edits", 500)
    deliver(world.event(entry), world.event(world.activity("edits", 700, id=entry["id"]["S"])))
    gone = world.activity("deletes", 500)
    deliver(world.event(gone, world.activity("deletes", 100)), world.removal(gone))

    recount, rows = world.recount(), []
    for what, user in [
        ("a batch of 100 × 100 kcal, delivered twice", "repeats"),
        ("500 kcal, edited to 700", "edits"),
        ("500 and 100 kcal, the 500 deleted", "deletes"),
    ]:
        rows.append((what, consumed(recount, user), *(consumed(world.totals(one.table), user) for one in contenders)))
    return rows


def consumed(totals, user):
    return sum(total[0] for key, total in totals.items() if key[0] == user)


def packed_bytes(*files, root):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for file in files:
            archive.write(file, file.relative_to(root))
    return len(buffer.getvalue())


def sizes(package, environment):
    """The sizes of our zip, of the workshop's, and of the workshop's with the SDK, which Lambda's runtime contains."""
    [libraries] = environment.glob("lib/python*/site-packages")
    sdk = [
        file
        for name in ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "urllib3")
        for file in (libraries / name).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    ]
    alone = packed_bytes(HERE / "workshop.py", root=HERE)
    return package.stat().st_size, alone, alone + packed_bytes(*sdk, root=libraries)


def table(*rows):
    """Prints a table in Markdown."""
    head, *rest = [[str(cell) for cell in row] for row in rows]
    print("\n" + "\n".join(f"| {' | '.join(row)} |" for row in [head, ["---"] * len(head), *rest]), flush=True)


def report_batches(times, calls, contenders):
    rows = [("batch", "who", "median", "p95", "records/s", "÷ workshop's", "calls to DynamoDB", "to AppSync")]
    for name, count, _, _ in SHAPES:
        rate = {one: count * 1000 / statistics.median(times[name, one]) for one in contenders}
        for one in contenders:
            values = times[name, one]
            ratio = f"{rate[one] / rate[contenders[-1]]:.1f}" if count else "–"
            per_second = f"{rate[one]:,.0f}" if count else "–"
            spread = (f"{statistics.median(values):.1f} ms", f"{percentile(values, 0.95):.1f} ms")
            rows.append((name, one.name, *spread, per_second, ratio, *calls[name, one]))
    table(*rows)


def report_processes(cold, memory, contenders):
    rows = [("who", "init, median", "longest", "first answer, median", "longest", "memory after the load", "at most")]
    for one in contenders:
        columns = zip(*cold[one], strict=True)
        spreads = [f"{figure(values):.1f} ms" for values in columns for figure in (statistics.median, max)]
        rows.append((one.name, *spreads, *(f"{mib:.1f} MiB" for mib in memory[one])))
    table(*rows)


def bounded():
    """Ends the run in time, through the blocks that end the started processes."""

    def stop(number, _frame):
        raise SystemExit(f"ended by {signal.Signals(number).name}")

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGALRM, stop)
    signal.alarm(LIMIT)


def main():
    # Not resolved: an environment's python is a link, and finds its packages by the link's location.
    emulator, jar, package, environment = (pathlib.Path(os.path.abspath(path)) for path in sys.argv[1:5])
    rounds = int(sys.argv[5]) if len(sys.argv) > 5 else 20
    bounded()
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="caltrack-lambda-")))
        contenders = [ours(package, folder), workshop(environment, folder)]
        dynamodb = stack.enter_context(DynamoDb.start(jar, folder))
        world, api = World(dynamodb, contenders), Api()

        def start(one, name, dynamodb_url):
            return one.start(emulator, folder, name, dynamodb_url, api.url)

        machine = f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before; Python {platform.python_version()}"
        print(f"{machine}; {rounds} rounds of the largest batch", flush=True)
        calls = count_calls(world, contenders, start, api)
        functions = {one: stack.enter_context(start(one, "timed", dynamodb.url)) for one in contenders}
        times = time_batches(world, contenders, functions, rounds)
        report_batches(times, calls, contenders)
        memory = {one: memory_mib(functions[one]) for one in contenders}
        report_processes(start_cold(world, contenders, start), memory, contenders)
        rows = check_totals(world, contenders, functions, api)
        table(("total after", "right", *(one.name for one in contenders)), *rows)
        zipped, alone, with_sdk = sizes(package, environment)
        print(f"\npackage: ours {zipped / 1e6:.2f} MB; workshop {alone} bytes, {with_sdk / 1e6:.2f} MB with its SDK")
        wrong = [what for what, right, found, *_ in rows if found != right]
        return f"ours is wrong after: {wrong}" if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
