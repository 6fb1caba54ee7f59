"""Measures the box with thousands of idle sockets, with a subscriber that never reads, and on a full disk. Needs only Linux and Python 3.11 or later.

    benches/crowd.py PROGRAM [SOCKETS]

Loopback only; each part has a box and a data directory of its own.
"""

import asyncio
import base64
import contextlib
import json
import os
import pathlib
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

PASSWORD = "Crowd-2026!"
CREATE = (
    "mutation C($input: CreateActivityInput!) { createActivity(input: $input) "
    "{ id userid category type caloriesConsumed date creationDateTime name } }"
)
ON_CREATE = "subscription S { onCreateActivity { id userid name } }"


class Box:
    """`serve` on a data directory, and one of its users."""

    def __init__(self, program, folder, before=()):
        self.errors = open(pathlib.Path(folder).parent / "stderr.log", "w+b")
        command = [*before, program, "--data-dir", str(folder), "serve", "--listen", "127.0.0.1:0"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.errors, stdin=subprocess.DEVNULL)
        self.addresses = json.loads(self.process.stdout.readline())
        self.port = int(self.addresses["graphqlEndpoint"].split(":")[2].split("/")[0])
        self.token = self.user = None

    def cognito(self, operation, **body):
        body["ClientId"] = self.addresses["userPoolClientId"]
        headers = {
            "Content-Type": "application/x-amz-json-1.1",
            "X-Amz-Target": f"AWSCognitoIdentityProviderService.{operation}",
        }
        request = urllib.request.Request(self.addresses["cognitoEndpoint"], json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def sign_up(self):
        return self.sign_up_as("crowd")

    def sign_up_as(self, name):
        self.cognito("SignUp", Username=name, Password=PASSWORD)
        end = time.monotonic() + 10
        printed = re.compile(rb"code for " + name.encode() + rb"\b.*\b(\d{6})\b")
        while not (code := printed.search(os.pread(self.errors.fileno(), 1 << 20, 0))):
            assert time.monotonic() < end, "no code was printed"
            time.sleep(0.02)
        self.cognito("ConfirmSignUp", Username=name, ConfirmationCode=code[1].decode())
        return self.sign_in(name)

    def sign_in(self, name="crowd"):
        parameters = {"USERNAME": name, "PASSWORD": PASSWORD}
        answer = self.cognito("InitiateAuth", AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters)
        self.token = answer["AuthenticationResult"]["AccessToken"]
        claims = self.token.split(".")[1]
        self.user = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["sub"]
        return self

    def graphql(self, query, **variables):
        body = json.dumps({"query": query, "variables": variables}).encode()
        headers = {"Content-Type": "application/json", "Authorization": self.token}
        request = urllib.request.Request(self.addresses["graphqlEndpoint"], body, headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            return json.load(error)

    def create(self, name="crowd"):
        entry = {"category": "Food", "type": "Lunch", "caloriesConsumed": 1, "name": name, "userid": self.user}
        return self.graphql(CREATE, input=entry)

    def pid(self):
        """The program's own id: it may be a child of the started process."""
        pid = self.process.pid
        while children := pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            pid = int(children[0])
        return pid

    def resident_mib(self):
        status = pathlib.Path(f"/proc/{self.pid()}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024

    def cpu_seconds(self):
        fields = pathlib.Path(f"/proc/{self.pid()}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def end(self):
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid(), 15)
        try:
            return self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()


class Socket:
    """A minimal WebSocket client of AppSync's protocol: it masks with zeros and sends frames of less than 64 KiB."""

    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer

    @classmethod
    async def open(cls, box, by_file=False):
        """Opens sockets on the port, where a user may have ten, or on the socket file, which has no such limit."""
        if by_file:
            reader, writer = await asyncio.open_unix_connection(f"{box.addresses['dataDir']}/backend.sock")
        else:
            reader, writer = await asyncio.open_connection("127.0.0.1", box.port)
        host = f"127.0.0.1:{box.port}"
        header = base64.b64encode(json.dumps({"Authorization": box.token, "host": host}).encode()).decode()
        writer.write(
            (
                f"GET /graphql/realtime?header={header}&payload=e30= HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\n"
                "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                "Sec-WebSocket-Protocol: graphql-ws\r\n\r\n"
            ).encode()
        )
        answer = await reader.readuntil(b"\r\n\r\n")
        assert b" 101 " in answer.split(b"\r\n")[0], answer
        socket = cls(reader, writer)
        await socket.send(type="connection_init")
        assert (await socket.receive())["type"] == "connection_ack"
        return socket

    async def send(self, **message):
        data = json.dumps(message).encode()
        length = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xfe" + len(data).to_bytes(2, "big")
        self.writer.write(b"\x81" + length + bytes(4) + data)
        await self.writer.drain()

    async def receive(self):
        """The next message except keep-alives; None if the other side has closed."""
        while True:
            try:
                head = await self.reader.readexactly(2)
                length = head[1] & 127
                if length >= 126:
                    length = int.from_bytes(await self.reader.readexactly(2 if length == 126 else 8), "big")
                data = await self.reader.readexactly(length)
            except (asyncio.IncompleteReadError, ConnectionError):
                return None
            if head[0] & 15 == 8:
                return None
            if head[0] & 15 == 1 and (message := json.loads(data))["type"] != "ka":
                return message

    async def subscribe(self, box, number="1"):
        host = f"127.0.0.1:{box.port}"
        payload = {
            "data": json.dumps({"query": ON_CREATE, "variables": {}}),
            "extensions": {"authorization": {"Authorization": box.token, "host": host}},
        }
        await self.send(id=number, type="start", payload=payload)
        assert (answer := await self.receive())["type"] == "start_ack", answer


def milliseconds(values):
    values = sorted(value * 1000 for value in values)
    return f"median {statistics.median(values):.1f} ms, p95 {values[int(len(values) * 0.95)]:.1f} ms"


def create_times(box, count):
    times = []
    for _ in range(count):
        started = time.perf_counter()
        answer = box.create()
        times.append(time.perf_counter() - started)
        assert answer["data"]["createActivity"], answer
    return times


async def idle_sockets(box, count):
    print(f"alone: {box.resident_mib():.1f} MiB; a create {milliseconds(create_times(box, 200))}")
    started = time.perf_counter()
    sockets, tasks = [], asyncio.Semaphore(64)

    async def one():
        async with tasks:
            sockets.append(await Socket.open(box, by_file=True))

    await asyncio.gather(*(one() for _ in range(count)))
    print(f"{count} sockets opened and acknowledged in {time.perf_counter() - started:.1f} s")
    before = box.cpu_seconds()
    await asyncio.sleep(10)
    print(f"idle: {box.resident_mib():.1f} MiB, {(box.cpu_seconds() - before) * 10:.2f} % of a core")
    print(f"a create meanwhile {milliseconds(await asyncio.to_thread(create_times, box, 200))}")
    some = sockets[:1000]
    await asyncio.gather(*(socket.subscribe(box) for socket in some))
    started = time.perf_counter()
    answer = asyncio.create_task(asyncio.to_thread(box.create, "to all"))
    events = await asyncio.gather(*(socket.receive() for socket in some))
    took = time.perf_counter() - started
    await answer
    assert all(event["payload"]["data"]["onCreateActivity"]["name"] == "to all" for event in events)
    print(f"{len(some)} of them subscribed: a create reached all in {took * 1000:.0f} ms")
    for socket in sockets:
        socket.writer.close()
    await asyncio.sleep(2)
    print(f"after all are gone: {box.resident_mib():.1f} MiB")


async def slow_reader(box):
    lazy, keen = await Socket.open(box), await Socket.open(box)
    for socket in (lazy, keen):
        await socket.subscribe(box)
    # From here on the lazy subscriber reads nothing, not even into the library's buffer.
    lazy.writer.transport.pause_reading()
    before, received, count = box.resident_mib(), 0, 0
    text, highest = "x" * 200, before
    end = time.monotonic() + 120
    while time.monotonic() < end:
        await asyncio.gather(*(asyncio.to_thread(box.create, text) for _ in range(16)))
        count += 16
        for _ in range(16):
            received += (await asyncio.wait_for(keen.receive(), 10))["type"] == "data"
        highest = max(highest, box.resident_mib())
        if count % 1600 == 0 and cut(box, lazy):
            break
    assert received == count, (received, count)
    print(
        f"a reader that never reads: {'disconnected' if cut(box, lazy) else 'still connected'} within {count} events; the other received all {received}; "
        f"memory {before:.1f} → {highest:.1f} MiB at most"
    )


def cut(box, socket):
    """Whether the box has closed a socket: it has no connection with the socket's port."""
    port = socket.writer.get_extra_info("sockname")[1]
    lines = pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]
    ours = [line.split() for line in lines]
    return not any(
        row[1].endswith(f":{box.port:04X}") and row[2].endswith(f":{port:04X}") and row[3] == "01" for row in ours
    )


def full_disk(program, folder):
    """On a file system of 24 MB, mounted without privileges in a namespace of its own."""
    data = folder / "data"
    data.mkdir()
    room = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c"]
    script = 'mount -t tmpfs -o size=24m tmpfs "$1" && shift && exec "$@"'
    box = Box(program, data, [*room, script, "sh", str(data)]).sign_up()
    inside = pathlib.Path(f"/proc/{box.pid()}/root{data}")
    acknowledged, answer = 0, None
    while acknowledged < 200_000:
        answer = box.create("z" * 200)
        if not (answer.get("data") or {}).get("createActivity"):
            break
        acknowledged += 1
    print(f"a full disk: {acknowledged} creates were acknowledged, then: {json.dumps(answer)[:300]}")
    read = box.graphql("query { listActivityCategories { items { category } } }")
    print(f"  reading still works: {bool(read['data']['listActivityCategories']['items'])}")
    kept = folder / "kept"
    shutil.copytree(inside, kept, ignore=lambda _, names: [name for name in names if name.endswith(".sock")])
    print(f"  ended with code {box.end()}")
    again = Box(program, kept).sign_in()
    count, token = 0, None
    while True:
        page = again.graphql(
            "query L($n: String) { listActivities(limit: 1000, nextToken: $n) { items { id } nextToken } }", n=token
        )["data"]["listActivities"]
        count += len(page["items"])
        token = page["nextToken"]
        if not token:
            break
    print(f"  started again on a disk with free space: {count} entries, {count - acknowledged} more than were acknowledged")
    assert count >= acknowledged, "an acknowledged entry is lost"
    again.end()


def part(name, program, work):
    with tempfile.TemporaryDirectory(prefix="caltrack-crowd-") as folder:
        folder = pathlib.Path(folder)
        print(f"\n{name}", flush=True)
        if work is full_disk:
            return full_disk(program, folder)
        box = Box(program, folder / "data").sign_up()
        try:
            asyncio.run(work(box))
        finally:
            box.end()
    return None


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    part("Idle sockets", program, lambda box: idle_sockets(box, count))
    part("A slow reader", program, slow_reader)
    part("A full disk", program, full_disk)


if __name__ == "__main__":
    main()
