"""An SMS provider as a server of its own on a free port, which can be told to misbehave."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

TOKEN = "provider-token"


class SmsProvider(ThreadingHTTPServer):
    """`sent` holds what went out, in order. `mood` decides about the next messages.

    "well", "refuses", "busy", "loses the answer" (sends, then hangs up), "hangs up" (before it sends).
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.mood = "well"
        self.sent: list[dict[str, str]] = []
        self.refused: set[str] = set()

    @property
    def url(self) -> str:
        return f"http://{TOKEN}@127.0.0.1:{self.server_port}/v1/messages"

    def find(self, key: str) -> int:
        """The number of the message of that key, from 1; 0 when none was sent."""
        return next((place for place, row in enumerate(self.sent, 1) if row["key"] == key), 0)

    def take(self, body: dict[str, str]) -> tuple[int, dict[str, str]] | None:
        """Do what the mood says with a message; None hangs up without an answer."""
        key = body["key"]
        if self.mood == "busy":
            return 503, {}
        if self.mood == "refuses":
            self.refused.add(key)
            return 422, {"reason": "number"}
        if self.mood != "hangs up" and not self.find(key):
            self.sent.append(body)
        return (202, {"id": f"sms-{self.find(key)}"}) if self.mood == "well" else None

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.shutdown()
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: SmsProvider

    def log_message(self, *_words: Any) -> None:
        pass

    def answer(self, status: int, body: dict[str, str]) -> None:
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def may_come_in(self) -> bool:
        return self.headers.get("Authorization") == f"Bearer {TOKEN}"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if not self.may_come_in():
            return self.answer(401, {})
        assert self.headers["Idempotency-Key"] == body["key"]
        told = self.server.take(body)
        if told is None:
            self.close_connection = True
            return None
        return self.answer(*told)

    def do_GET(self) -> None:
        key = self.path.rpartition("/")[2]
        if not self.may_come_in():
            return self.answer(401, {})
        place = self.server.find(key)
        if place:
            return self.answer(200, {"state": "sent", "id": f"sms-{place}"})
        return self.answer(200, {"state": "refused"}) if key in self.server.refused else self.answer(404, {})
