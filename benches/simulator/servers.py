"""The servers that compare.py compares: `caltrack-tui serve`, and Amplify's simulator on AWS's DynamoDB Local; their versions."""

import base64
import contextlib
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE.parent))
from crowd import Box  # noqa: E402

TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).resolve()
TOOLS = TARGET / "simulator"
MODULES = TOOLS / "node_modules"
JAR = MODULES / "amplify-dynamodb-simulator/emulator"
LIST = 'query { listActivitiesByDate(date: "2020-02-29") { items { id } } }'


def install():
    wanted = (HERE / "package.json").read_text()
    done = TOOLS / "installed.json"
    if not done.exists() or done.read_text() != wanted:
        shutil.rmtree(TOOLS, ignore_errors=True)
        TOOLS.mkdir(parents=True)
        shutil.copy(HERE / "package.json", TOOLS)
        options = ["--silent", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"]
        subprocess.run(["npm", "install", *options, "--prefix", str(TOOLS)], check=True)
        done.write_text(wanted)


def isolate():
    """Restarts the program in a network namespace with loopback only, since the jar has no option for its listen address."""
    if "CALTRACK_BENCH_ALONE" in os.environ:
        return
    enter = ["unshare", "--user", "--map-root-user", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
    if shutil.which("unshare") and subprocess.run([*enter, "true"], capture_output=True).returncode == 0:
        environment = {**os.environ, "CALTRACK_BENCH_ALONE": "1"}
        os.execvpe(enter[0], [*enter, sys.executable, *sys.argv], environment)
    print("network namespaces aren't available: during this run the jar listens on every interface")


def versions():
    def of(package):
        return json.loads((MODULES / package / "package.json").read_text())["version"]

    def first_line(*command, where=None):
        ran = subprocess.run(command, cwd=where, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        return ran.stdout.split("\n")[0].strip()

    jar = first_line("java", "-Djava.library.path=./DynamoDBLocal_lib", "-jar", "DynamoDBLocal.jar", "-version", where=JAR)
    return (
        f"@aws-amplify/amplify-appsync-simulator {of('@aws-amplify/amplify-appsync-simulator')} (graphql {of('graphql')}, "
        f"@aws-sdk/client-dynamodb {of('@aws-sdk/client-dynamodb')}), DynamoDB Local {jar}, node {first_line('node', '--version')}, "
        f"{first_line('java', '-version')}"
    )


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def resident_mib(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text())[1]) / 1024


class Server:
    """`start` returns the seconds from the first process to the first successful response."""

    # Whether it counts entries and publishes totals.
    totals = False

    def __init__(self, name, folder):
        self.name, self.folder = name, folder
        self.processes = []
        folder.mkdir()

    def __str__(self):
        return self.name

    def answers(self):
        headers = {"Content-Type": "application/json", "Authorization": self.token}
        request = urllib.request.Request(self.endpoint, json.dumps({"query": LIST}).encode(), headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)["data"]["listActivitiesByDate"]["items"] == []

    def pids(self):
        return [process.pid for process in self.processes]

    def resident(self):
        return [resident_mib(pid) for pid in self.pids()]

    def end(self, how=signal.SIGTERM):
        for process in self.processes:
            process.send_signal(how)
        for process in self.processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.processes = []

    def load(self, kind, **job):
        """One job of load.js."""
        job |= {"kind": kind, "endpoint": self.endpoint, "token": self.token, "user": self.user}
        command = ["node", str(HERE / "load.js")]
        environment = {**os.environ, "NODE_PATH": str(MODULES)}
        ran = subprocess.run(command, input=json.dumps(job), capture_output=True, text=True, env=environment, timeout=300)
        if ran.returncode:
            raise SystemExit(f"{self}, {kind}: {ran.stderr}")
        return json.loads(ran.stdout)


class OurBox(Server):
    totals = True

    def __init__(self, name, folder, program):
        super().__init__(name, folder)
        self.program, self.token = program, None

    def start(self):
        started = time.perf_counter()
        box = Box(self.program, self.folder / "data")
        self.processes, self.endpoint = [box.process], box.addresses["graphqlEndpoint"]
        if not self.token:
            box.sign_up()
            self.token, self.user = box.token, box.user
        assert self.answers()
        return time.perf_counter() - started


class Simulator(Server):
    user = "5d5c1a5e-0000-4000-8000-000000000001"

    def __init__(self, name, folder, storage):
        super().__init__(name, folder)
        self.storage = storage
        # It reads tokens without verifying them.
        claims = {"sub": self.user, "iss": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_LOCAL", "username": "load"}
        parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in ({"alg": "none"}, claims)]
        self.token = ".".join([*parts, "none"])

    def start(self):
        port, jar_port = free_port(), free_port()
        self.endpoint = f"http://127.0.0.1:{port}/graphql"
        java = ["java", "-Djava.library.path=./DynamoDBLocal_lib", "-jar", "DynamoDBLocal.jar", "-sharedDb", "-disableTelemetry"]
        node = ["node", str(HERE / "simulator.js"), str(port), str(jar_port)]
        # graphql-js and express are slower outside of production mode.
        environment = {**os.environ, "NODE_PATH": str(MODULES), "NODE_ENV": "production", "NODE_NO_WARNINGS": "1"}
        with open(self.folder / "log", "ab") as log:
            streams = {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": log}
            started = time.perf_counter()
            # Both at once: the simulator loads while the jar starts.
            self.processes = [subprocess.Popen([*java, *self.storage, "-port", str(jar_port)], cwd=JAR, **streams)]
            self.processes.append(subprocess.Popen(node, env=environment, **streams))
        while True:
            # Refused before the simulator listens; reset while it probes whether its port is free.
            with contextlib.suppress(OSError):
                assert self.answers()
                return time.perf_counter() - started
            if time.perf_counter() - started > 60 or any(process.poll() is not None for process in self.processes):
                raise SystemExit(f"{self} doesn't start:\n{(self.folder / 'log').read_text()}")
            # Rarely, to leave the processor to the starting servers.
            time.sleep(0.01)
