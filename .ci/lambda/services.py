"""The services around the function except its table: an API, a queue, and a proxy to DynamoDB that can reject calls."""

import collections
import contextlib
import http.client
import http.server
import json
import threading
import time

from processes import AUTHORIZATION


class Service(http.server.ThreadingHTTPServer):
    """Listens on loopback; `answer(target, body)` returns a status and a JSON body."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, answer):
        service = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            # Responses are written in two parts; with Nagle's algorithm the second would wait for the acknowledgement of the first.
            disable_nagle_algorithm = True

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                assert self.headers["Authorization"].startswith("AWS4-HMAC-SHA256 "), "unsigned"
                status, reply = answer(self.headers.get("X-Amz-Target", ""), body)
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                    self.send_response(status)
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", str(len(reply)))
                    self.end_headers()
                    self.wfile.write(reply)

            def log_message(self, *arguments):
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        service.url = f"http://127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Api:
    """`publishUserAggregate`: stores the newest total of each day; can be set to reject, to have no quota left, to fail, or not to respond."""

    def __init__(self):
        self.mood = "well"
        self.received = {}
        self.calls = 0
        self.url = Service(self.answer).url + "/graphql"

    def answer(self, _target, body):
        self.calls += 1
        if self.mood == "silent":
            time.sleep(20)
        if self.mood == "refuses":
            return 401, b'{"errors":[{"errorType":"UnauthorizedException","message":"Permission denied"}]}'
        if self.mood == "fails":
            error = b'{"errorType":"MappingTemplate","message":"failed"}'
            return 200, b'{"data":{"publishUserAggregate":null},"errors":[' + error + b"]}"
        if self.mood == "throttles":
            return 429, b'{"errors":[{"errorType":"ThrottlingException","message":"Rate exceeded"}]}'
        if self.mood == "down":
            return 503, b""
        total = json.loads(body)["variables"]["input"]
        key = (total["userid"], total["date"])
        if self.received.get(key, {"version": -1})["version"] <= total["version"]:
            self.received[key] = total
        return 200, json.dumps({"data": {"publishUserAggregate": total}}).encode()


class Queue:
    """SQS's SendMessage; can be set to fail."""

    def __init__(self):
        self.messages = []
        self.down = False
        self.url = Service(self.answer).url

    def answer(self, target, body):
        assert target == "AmazonSQS.SendMessage", target
        if self.down:
            return 503, b""
        self.messages.append(json.loads(json.loads(body)["MessageBody"]))
        return 200, b'{"MessageId":"1"}'


def cancelled(code, items):
    """A cancelled transaction whose last item, the total that others write too, is the reason."""
    codes = ["None"] * (items - 1) + [code]
    text = f"Transaction cancelled, please refer cancellation reasons for specific reasons [{', '.join(codes)}]"
    kind = "com.amazonaws.dynamodb.v20120810#TransactionCanceledException"
    reasons = [{"Code": code} for code in codes]
    return json.dumps({"__type": kind, "Message": text, "CancellationReasons": reasons}).encode()


class Proxy:
    """Passes calls on to DynamoDB and counts them. The next `throttled` calls are throttled; then the next transactions are cancelled, for
    the codes in `cancelled`, one each. Writes to the totals of users in `denied` are denied."""

    def __init__(self, dynamodb):
        self.port = int(dynamodb.url.rstrip("/").rsplit(":", 1)[1])
        self.throttled = 0
        self.cancelled = []
        self.denied = set()
        self.calls = []
        # Committed transactions of each user and day, and the markers in them.
        self.commits = collections.Counter()
        self.markers = 0
        self.lock = threading.Lock()
        self.url = Service(self.answer).url

    def answer(self, target, body):
        operation = target.rsplit(".", 1)[1]
        day = None
        if operation == "TransactWriteItems":
            items = json.loads(body)["TransactItems"]
            key = items[-1]["Update"]["Key"]
            day = (key["userid"]["S"], key["date"]["S"])
        with self.lock:
            self.calls.append(operation)
            if self.throttled > 0:
                self.throttled -= 1
                kind = "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException"
                return 400, json.dumps({"__type": kind, "message": "Slow down."}).encode()
            if day and day[0] in self.denied:
                kind = "com.amazon.coral.service#AccessDeniedException"
                return 400, json.dumps({"__type": kind, "Message": "not authorized"}).encode()
            if day and self.cancelled:
                return 400, cancelled(self.cancelled.pop(), len(items))
        status, reply = self.pass_on(target, body)
        if day and status == 200:
            with self.lock:
                self.commits[day] += 1
                self.markers += len(items) - 1
        return status, reply

    def pass_on(self, target, body):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {
            "Content-Type": "application/x-amz-json-1.0",
            "X-Amz-Target": target,
            "Authorization": AUTHORIZATION,
        }
        connection.request("POST", "/", body, headers)
        answer = connection.getresponse()
        status, reply = answer.status, answer.read()
        connection.close()
        return status, reply
