#!/usr/bin/env python3
"""Compares the box with Amplify's AppSync simulator on AWS's DynamoDB Local, in one run: start, creates, queries, events, memory.

    benches/simulator/compare.py target/release/caltrack-tui [--rounds 3] [--seconds 5]

Needs Linux, Python 3.11, node 20 and Java 17, or later; npm installs the packages of package.json in target/simulator. The simulator runs
twice: on the jar with a file (each create is a SQLite transaction with a rollback journal and four fsyncs, and so as durable as the
box's), and on the jar in memory. All three execute the client's own operations (graphql/operations) on graphql/schema.graphql under the
same load (load.js), in turns. Meanwhile the box aggregates and publishes totals; the simulator does neither, its tables have no
streams, it doesn't filter events by owner, and its templates (vtl/) check less than our resolvers. Loopback only; about eight minutes.
"""

import argparse
import collections
import itertools
import os
import pathlib
import platform
import signal
import statistics
import sys
import tempfile
import time

# Without this, Python would write compiled files to the repository.
sys.dont_write_bytecode = True
from servers import TARGET, OurBox, Simulator, install, isolate, versions  # noqa: E402

CLIENTS = (1, 8, 32)
STARTS = 5
QUERIES = 500
EVENTS = 300
# The maximum of creates in one round.
MOST = 30_000


def sync_milliseconds(folder):
    """The time that the disk needs to sync 4 KiB."""
    times = []
    with open(folder / "probe", "wb", buffering=0) as file:
        for _ in range(200):
            started = time.perf_counter()
            file.write(bytes(4096))
            os.fdatasync(file.fileno())
            times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def starts(servers, figures):
    """The first start creates tables and an account, and isn't counted; each later one opens the data of the one before."""
    for turn in range(STARTS + 1):
        for server in servers:
            took = server.start()
            if turn:
                time.sleep(1)
                figures[server]["start"].append(took * 1000)
                figures[server]["started"].append(server.resident())
            server.end()


def creates(servers, figures, rounds, seconds):
    """Each round has its own day, which is read back. A longer round before them warms up node and Java, and isn't counted."""
    days = (f"2021-{month:02}-{day:02}" for month in range(1, 13) for day in range(1, 29))
    kept = {"seconds": seconds, "most": MOST}
    for server in servers:
        server.load("creates", seconds=3 * seconds, most=MOST, clients=8, date=next(days), totals=server.totals, pids=[], others=[])
    for turn, clients in itertools.product(range(rounds), CLIENTS):
        for server in in_turn(servers, turn):
            others = [pid for other in servers if other is not server for pid in other.pids()]
            job = {"clients": clients, "date": next(days), "totals": server.totals, "pids": server.pids(), "others": others}
            answer = server.load("creates", **kept, **job)
            of = figures[server]
            of["rounds"].append(job | answer)
            of["rate", clients].append(answer["acknowledged"] / answer["seconds"])
            of["create", clients].append((answer["p50"], answer["p95"]))
            of["cpu", clients].append(answer["cpu"] * 1000 / answer["acknowledged"])
            of["generator", clients].append(answer["generator"] * 100)
            of["others", clients].append(answer["others"] / answer["seconds"] * 100)


def latencies(servers, figures, rounds):
    for turn in range(rounds):
        for server in in_turn(servers, turn):
            answer = server.load("queries", count=QUERIES, date=f"2022-01-{turn + 1:02}")
            answer |= server.load("events", count=EVENTS, date=f"2022-02-{turn + 1:02}")
            for what, of in answer.items():
                figures[server][what].append((of["p50"], of["p95"]))


def in_turn(servers, turn):
    """Rotates the order, so that every round begins with another server."""
    first = turn % len(servers)
    return servers[first:] + servers[:first]


def number(value):
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def row(what, servers, values, better="less", text=number):
    """Prints a row of the table: medians of rounds, and the ratios of the others to the first server."""
    medians = [statistics.median(values(server)) for server in servers]
    ratios = [other / medians[0] if better == "less" else medians[0] / other for other in medians[1:]]
    cells = [text(median) for median in medians]
    print(f"| {what} | {' | '.join(cells)} | {' | '.join(f'{ratio:.1f}' for ratio in ratios)} |")


def pair(what, servers, values, ratio=True):
    """The same for a p50 and a p95; the ratio is that of the p50."""
    medians = [[statistics.median(column) for column in zip(*values(server))] for server in servers]
    cells = [" / ".join(number(value) for value in both) for both in medians]
    ratios = [f"{other[0] / medians[0][0]:.1f}" if ratio else "–" for other in medians[1:]]
    print(f"| {what} | {' | '.join(cells)} | {' | '.join(ratios)} |")


def report(servers, figures):
    names = [str(server) for server in servers]
    print("\nMedians of rounds; × is how many times better the box is.\n")
    print(f"| what | {' | '.join(names)} | × on disk | × in memory |\n|---|---|---|---|---|---|")
    row("start → first response, ms", servers, lambda s: figures[s]["start"])
    for clients in CLIENTS:
        row(f"creates/s, clients: {clients}", servers, lambda s: figures[s]["rate", clients], better="more")
    for clients in CLIENTS:
        pair(f"a create, clients: {clients}, p50 / p95 ms", servers, lambda s: figures[s]["create", clients])
    row("processor time a create, clients: 32, ms", servers, lambda s: figures[s]["cpu", 32])
    pair("a day of 40 entries and its totals, p50 / p95 ms", servers, lambda s: figures[s]["day"])
    pair("an entry by its id, p50 / p95 ms", servers, lambda s: figures[s]["entry"])
    pair("create sent → event at a subscriber, p50 / p95 ms", servers, lambda s: figures[s]["sent"])
    pair("create acknowledged → event (less than 0: before), p50 / p95 ms", servers, lambda s: figures[s]["acknowledged"], ratio=False)
    for what, when in (("started", "start"), ("loaded", "the load")):
        row(f"memory after {when}, MiB", servers, lambda s: [sum(of) for of in figures[s][what]])
        parts = [statistics.median(column) for column in zip(*figures[servers[1]][what])]
        print(f"|   of which the jar's JVM / the simulator's node | – | {parts[0]:.0f} / {parts[1]:.0f} | | | |")

    print("\n| every round | clients | creates/s | the load's share of a core, % | that of both idle servers, % |\n|---|---|---|---|---|")
    for server, clients in itertools.product(servers, CLIENTS):
        of = figures[server]
        cells = [" · ".join(number(value) for value in of[what, clients]) for what in ("rate", "generator", "others")]
        print(f"| {server} | {clients} | {' | '.join(cells)} |")

    most = max(max(figures[server]["generator", clients]) for server in servers for clients in CLIENTS)
    print(f"\nThe load took at most {most:.0f} % of a core: far below 100, so it doesn't limit a round.")

    print("\n| read back after each round | acknowledged | stored | missing | totals |\n|---|---|---|---|---|")
    for server in servers:
        rounds = figures[server]["rounds"]
        acknowledged, stored, missing = (sum(of[what] for of in rounds) for what in ("acknowledged", "stored", "missing"))
        assert missing == 0 and stored == acknowledged, f"{server} lost entries"
        # load.js logs 10 kcal each.
        right = sum(of["aggregate"] == of["acknowledged"] * 10 for of in rounds)
        none = sum(of["aggregate"] is None for of in rounds)
        summary = "none counted, none published" if none == len(rounds) else f"right for {right} of {len(rounds)} days"
        if server.totals:
            assert right == len(rounds), f"{server} counted wrong"
            lags = [of["totals"]["lag"] for of in rounds]
            summary += f"; a subscriber had the last one at most {max(lags):.0f} ms after the last acknowledgement"
        print(f"| {server} | {acknowledged:,} | {stored:,} | {missing} | {summary} |")


def killed(server, figures):
    """Counts the entries after a kill -9; only servers with files keep any."""
    rounds = figures[server]["rounds"]
    server.end(signal.SIGKILL)
    server.start()
    stored = server.load("count", dates=[of["date"] for of in rounds])["stored"]
    acknowledged = sum(of["acknowledged"] for of in rounds)
    print(f"{server}: killed (SIGKILL) and started again, it has {stored:,} of the {acknowledged:,} entries acknowledged")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5)
    chosen = parser.parse_args()
    install()
    isolate()
    # SIGTERM ends the servers as well.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    print(versions())
    # Not in the system's temporary directory: that may be in memory, where a sync costs nothing.
    with tempfile.TemporaryDirectory(prefix="bench-simulator-", dir=TARGET) as folder:
        folder = pathlib.Path(folder)
        print(f"{os.cpu_count()} cores, {platform.system()} {platform.release()}; the disk syncs 4 KiB in {sync_milliseconds(folder):.2f} ms")
        (folder / "dynamodb").mkdir()
        servers = [
            OurBox("box", folder / "box", str(chosen.program.resolve())),
            Simulator("simulator, jar on disk", folder / "disk", ["-dbPath", str(folder / "dynamodb")]),
            Simulator("simulator, jar in memory", folder / "memory", ["-inMemory"]),
        ]
        figures = {server: collections.defaultdict(list) for server in servers}
        try:
            starts(servers, figures)
            for server in servers:
                server.start()
            creates(servers, figures, chosen.rounds, chosen.seconds)
            latencies(servers, figures, chosen.rounds)
            for server in servers:
                figures[server]["loaded"].append(server.resident())
            report(servers, figures)
            print()
            for server in servers:
                killed(server, figures)
        finally:
            for server in servers:
                server.end()


if __name__ == "__main__":
    main()
