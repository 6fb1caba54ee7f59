"""Measures how strangers' programs on the port affect the owner and other users. Needs Linux and Python 3.11 or later.

    benches/strangers.py PROGRAM [half-open] [heavy] [subscriptions]

Loopback only; each part has a box and a data directory of its own. Parts are bounded: the longest takes about two minutes.
"""

import asyncio
import contextlib
import pathlib
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

from crowd import Box, Socket


def owner_logs(program, folder):
    """The seconds of the owner's command through the socket file, and its exit code; none after a minute."""
    command = [program, "--data-dir", str(folder), "log", "Food", "Lunch", "5"]
    started = time.perf_counter()
    try:
        code = subprocess.run(command, capture_output=True, timeout=60, check=False).returncode
    except subprocess.TimeoutExpired:
        code = None
    return time.perf_counter() - started, code


def asks(port):
    """The seconds until another client's request on the port has its response; None after 40."""
    started = time.perf_counter()
    with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/us-east-1_CALTRACK0/.well-known/jwks.json", timeout=40) as answer:
        answer.read()
        return time.perf_counter() - started
    return None


def closed(connections):
    count = 0
    for connection in connections:
        try:
            count += not connection.recv(1)
        except BlockingIOError:
            pass
        except OSError:
            count += 1
    return count


def half_open(program, folder):
    for files, count in [(256, 400), (1024, 1100)]:
        data = folder / f"data-{files}"
        box = Box(program, data, ["prlimit", f"--nofile={files}"])
        try:
            half_open_at(program, data, box, files, count)
        finally:
            box.end()


def half_open_at(program, data, box, files, count):
    owner_logs(program, data)
    before, _ = owner_logs(program, data)
    connections = []
    for _ in range(count):
        connection = socket.socket()
        connection.setblocking(False)
        connection.connect_ex(("127.0.0.1", box.port))
        connections.append(connection)
    opened = time.monotonic()
    time.sleep(1)
    for connection in connections:
        # Some may still be waiting for the box to accept them.
        with contextlib.suppress(OSError):
            connection.send(b"GET / HTTP/1.1\r\n")
    time.sleep(1)
    other = asks(box.port)
    took, code = owner_logs(program, data)
    print(
        f"{files} files, {count} half-open connections: the owner's log takes {took:.2f} s, code {code} (alone {before:.2f} s); "
        f"another client's request {f'{other:.3f} s' if other is not None else 'is not answered in 40 s'}"
    )
    time.sleep(max(0, opened + 35 - time.monotonic()))
    print(f"  closed after 35 s: {closed(connections)} of {count}")
    for connection in connections:
        connection.close()


def fill(box, entries, note):
    """Creates this many entries, a hundred per request."""
    field = 'c{n}: createActivity(input: {{userid: "{user}", category: "Food", type: "Lunch", caloriesConsumed: 1, note: "{note}"}}) {{ id }}'
    for start in range(0, entries, 100):
        fields = " ".join(field.format(n=n, user=box.user, note=note) for n in range(start, start + 100))
        answer = box.graphql("mutation { " + fields + " }")
        assert not answer.get("errors"), str(answer)[:300]


def one_row(box, seconds, times):
    end = time.monotonic() + seconds
    while time.monotonic() < end and not times["done"].is_set():
        started = time.perf_counter()
        box.graphql("query { listActivities(limit: 1) { items { id } } }")
        times["taken"].append(time.perf_counter() - started)


def heavy(program, folder):
    box = Box(program, folder / "data").sign_up()
    fill(box, 1000, "x" * 1500)
    other = Box.__new__(Box)
    other.__dict__.update(box.__dict__)
    other.sign_up_as("other")
    fill(other, 100, "y")
    alone = {"done": threading.Event(), "taken": []}
    one_row(other, 3, alone)
    query = "query { " + " ".join(f"a{n}: listActivities(limit: 1000) {{ items {{ id name note }} }}" for n in range(100)) + " }"
    beside = {"done": threading.Event(), "taken": []}
    reader = threading.Thread(target=one_row, args=(other, 120, beside))
    before, highest, ended = box.resident_mib(), 0.0, []

    def ask():
        started = time.perf_counter()
        with contextlib.suppress(Exception):
            answer = box.graphql(query)
            ended.append((time.perf_counter() - started, bool(answer.get("errors"))))

    reader.start()
    requests = [threading.Thread(target=ask) for _ in range(6)]
    for request in requests:
        request.start()
    while any(request.is_alive() for request in requests):
        highest = max(highest, box.resident_mib())
        time.sleep(0.05)
    beside["done"].set()
    reader.join()
    milliseconds = lambda times: f"median {statistics.median(times) * 1000:.0f} ms, max {max(times) * 1000:.0f} ms of {len(times)}"
    print(f"another user's one-row query: alone {milliseconds(alone['taken'])}; beside six heavy requests {milliseconds(beside['taken'])}")
    print(f"  the six: {', '.join(f'{took:.1f} s' + (' (error)' if error else '') for took, error in sorted(ended))}")
    time.sleep(2)
    print(f"  memory {before:.0f} → {highest:.0f} MiB at most, {box.resident_mib():.0f} MiB afterwards")
    box.end()


async def subscribe_all(box, count, each):
    sockets = [await Socket.open(box, by_file=True) for _ in range(count)]
    for opened in sockets:
        for number in range(each):
            await opened.subscribe(box, str(number))
    return sockets


async def rounds(box, count, each):
    print(f"alone: {box.resident_mib():.0f} MiB")
    for _ in range(3):
        sockets = await subscribe_all(box, count, each)
        held = box.resident_mib()
        for opened in sockets:
            opened.writer.close()
        await asyncio.sleep(3)
        print(f"{count * each} subscriptions on {count} sockets: {held:.0f} MiB; after all are gone: {box.resident_mib():.0f} MiB")


def subscriptions(program, folder):
    box = Box(program, folder / "data").sign_up()
    asyncio.run(rounds(box, 100, 100))
    box.end()


PARTS = {"half-open": half_open, "heavy": heavy, "subscriptions": subscriptions}


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    for name in sys.argv[2:] or PARTS:
        with tempfile.TemporaryDirectory(prefix="caltrack-strangers-") as folder:
            print(f"\n{name}", flush=True)
            PARTS[name](program, pathlib.Path(folder))


if __name__ == "__main__":
    main()
