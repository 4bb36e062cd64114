"""A small server on loopback that answers as it was told to, faults included."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import parse_qsl, urlsplit

from latticework.base.times import Instant, datetime_of, parse_instant

SECOND = 1_000_000


class Clock:
    """A clock that stands still until it is turned, or somebody sleeps by it."""

    def __init__(self, now: str) -> None:
        self.instant: Instant = parse_instant(now)
        self.slept: list[float] = []

    def __call__(self) -> Instant:
        return self.instant

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.instant += int(seconds * SECOND)

    def turn_to(self, now: str) -> None:
        self.instant = parse_instant(now)


@dataclass(frozen=True, kw_only=True)
class Request:
    """What somebody asked."""

    method: str
    path: str
    params: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def json(self) -> dict[str, object]:
        found = json.loads(self.body)
        assert isinstance(found, dict)
        return found


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What is answered; `cut` sends half of it and hangs up, `slow` waits first."""

    body: object = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    cut: bool = False
    slow: float = 0.0

    @property
    def data(self) -> bytes:
        return self.text.encode() if self.text else json.dumps(self.body).encode()


class Server:
    """A tracker as far as a fetcher knows it; `asked` keeps what was asked.

    `faults` are answered before anything else, in turn, to requests whose path
    holds their word.
    """

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.asked: list[Request] = []
        self.faults: list[tuple[str, Reply]] = []
        self.before: Callable[[Request], None] = lambda _: None

    def __enter__(self) -> Self:
        server = self

        class Talk(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                server._talk(self)

            def do_POST(self) -> None:
                server._talk(self)

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

            def date_time_string(self, timestamp: float | None = None) -> str:
                return format_datetime(datetime_of(server.clock.instant), usegmt=True)

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Talk)
        self._http.daemon_threads = True
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()

    @property
    def site(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def paths(self) -> list[str]:
        return [each.path for each in self.asked]

    def fail(self, word: str, *replies: Reply) -> None:
        self.faults += [(word, each) for each in replies]

    def answer(self, request: Request) -> Reply:
        """What a tracker answers; each one its own."""
        raise NotImplementedError

    def _talk(self, talk: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(talk.path)
        length = int(talk.headers.get("content-length") or 0)
        request = Request(
            method=talk.command,
            path=parts.path,
            params=dict(parse_qsl(parts.query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in talk.headers.items()},
            body=talk.rfile.read(length) if length else b"",
        )
        self.asked.append(request)
        self.before(request)
        reply = self._fault(request) or self.answer(request)
        if reply.slow:
            time.sleep(reply.slow)
        data = reply.data
        try:
            talk.send_response(reply.status)
            if "content-type" not in reply.headers:
                talk.send_header("Content-Type", "application/json")
            for name, value in reply.headers.items():
                talk.send_header(name, value)
            talk.send_header("Content-Length", str(len(data)))
            talk.end_headers()
            talk.wfile.write(data[: len(data) // 2] if reply.cut else data)
            talk.wfile.flush()
        except OSError:
            talk.close_connection = True
        if reply.cut:
            talk.close_connection = True

    def _fault(self, request: Request) -> Reply | None:
        for spot, (word, reply) in enumerate(self.faults):
            if word in request.path:
                del self.faults[spot]
                return reply
        return None
