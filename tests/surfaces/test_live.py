"""What is recorded is told to who listens, by the server they listen to or by another."""

from __future__ import annotations

import http.client
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from tests.conftest import UrlOf
from tests.surfaces.api_company import begin_quay

WITHIN_SECONDS = 1.0
LONG = 60

Serve = Callable[..., str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts servers as they are run, in processes of their own; gives their addresses."""
    with ExitStack() as stack:

        def started(folder: Path, *options: str) -> str:
            start = "from latticework.surfaces.cli import main; main()"
            words = ["-C", str(folder), "serve", "--port", "0", *options]
            process = subprocess.Popen(
                [sys.executable, "-c", start, *words], stdout=subprocess.PIPE, text=True
            )
            stack.callback(process.wait)
            stack.callback(process.terminate)
            assert process.stdout is not None
            stack.callback(process.stdout.close)
            line = process.stdout.readline()
            found = re.search(r"http://\S+", line)
            assert found, line
            return urlsplit(found[0]).netloc

        yield started


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def folder(request: pytest.FixtureRequest, tmp_path: Path, new_url: UrlOf) -> Path:
    store_url = new_url("postgres") if request.param == "postgres" else None
    return begin_quay(tmp_path / "quay", store_url)


def call(server: str, method: str, path: str, sent: Any = None) -> Any:
    line = http.client.HTTPConnection(server, timeout=LONG)
    body = None if sent is None else json.dumps(sent)
    line.request(method, path, body, {"content-type": "application/json"})
    answer = line.getresponse()
    data = json.loads(answer.read())
    line.close()
    assert answer.status == 200, data
    return data


def retitle(server: str, title: str, **more: Any) -> Any:
    change = {"put": "goal/calm", "fields": {"title": title}}
    return call(server, "POST", "/api/changes", {"changes": [change], **more})


class Listener:
    """A stream of events, read one by one."""

    def __init__(self, server: str, path: str, last: int | None) -> None:
        self.line = http.client.HTTPConnection(server, timeout=LONG)
        headers = {} if last is None else {"last-event-id": str(last)}
        self.line.request("GET", path, headers=headers)
        self.answer = self.line.getresponse()
        assert self.answer.status == 200
        assert self.answer.headers["content-type"].startswith("text/event-stream")
        self.first = self.next()

    def next(self) -> dict[str, str]:
        """The fields of the next event, comments left out."""
        fields: dict[str, str] = {}
        while True:
            text = self.answer.readline().decode().rstrip("\n")
            if text.startswith(":"):
                continue
            if not text:
                if fields:
                    return fields
                continue
            name, _, value = text.partition(": ")
            fields[name] = value


@contextmanager
def listening(
    server: str, path: str = "/api/stream", last: int | None = None
) -> Iterator[Listener]:
    listener = Listener(server, path, last)
    try:
        yield listener
    finally:
        listener.line.close()


def test_what_one_server_records_is_told_by_another_within_a_second(
    serve: Serve, folder: Path
) -> None:
    here, there = serve(folder), serve(folder)
    with listening(there) as listener:
        begun = time.monotonic()
        receipt = retitle(here, "Quiet", why="the review", by="cleo")
        event = listener.next()
        assert time.monotonic() - begun < WITHIN_SECONDS
    assert event["event"] == "entries"
    assert event["id"] == str(receipt["last"])
    assert json.loads(event["data"]) == {
        "head": receipt["head"],
        "branch": "main",
        "batch": receipt["batch"],
        "refs": ["goal/calm"],
        "more": False,
        "by": "cleo",
        "why": "the review",
    }
    titles = {each["title"] for each in call(there, "GET", "/api/ask?q=goal")["rows"]}
    assert "Quiet" in titles


def test_a_listener_who_was_away_hears_what_was_missed_in_order(serve: Serve, folder: Path) -> None:
    server = serve(folder)
    with listening(server) as listener:
        retitle(server, "One")
        last = int(listener.next()["id"])
    missed = [retitle(server, title)["last"] for title in ("Two", "Three", "Four")]
    with listening(server, last=last) as again:
        assert [int(again.next()["id"]) for _ in missed] == missed
        retitle(server, "Five")
        assert int(again.next()["id"]) == missed[-1] + 1


def test_a_branch_tells_its_own_listeners(serve: Serve, folder: Path) -> None:
    here, there = serve(folder), serve(folder)
    call(here, "POST", "/api/branches", {"name": "try"})
    with listening(there, "/api/stream?branch=try") as listener:
        retitle(here, "Quiet", branch="try")
        assert json.loads(listener.next()["data"])["branch"] == "try"


def test_workers_of_one_server_see_what_each_other_writes(serve: Serve, folder: Path) -> None:
    server = serve(folder, "--workers", "2")
    with listening(server) as listener:
        for number in range(12):
            # A connection of its own each time: either worker may answer.
            retitle(server, f"Title {number}")
            rows = call(server, "GET", "/api/ask?q=goal")["rows"]
            assert f"Title {number}" in {each["title"] for each in rows}
            assert json.loads(listener.next()["data"])["refs"] == ["goal/calm"]


def test_the_head_of_an_answer_comes_without_its_body(serve: Serve, folder: Path) -> None:
    line = http.client.HTTPConnection(serve(folder), timeout=LONG)
    for path in ("/api/branches", "/", "/api/ask?q=goal"):
        line.request("HEAD", "/api/stream")
        assert line.getresponse().read() == b""
        line.request("HEAD", path)
        answer = line.getresponse()
        assert answer.status == 200
        assert answer.read() == b""
        line.request("GET", path)
        assert line.getresponse().read()
    line.close()


@pytest.mark.parametrize(
    ("options", "status"),
    [
        (("--host", "0.0.0.0", "--anyone"), 403),
        (("--host", "0.0.0.0", "--anyone-may-write"), 200),
        (("--read-only",), 403),
    ],
)
def test_whoever_else_reaches_a_server_writes_only_where_that_is_said(
    serve: Serve, tmp_path: Path, options: tuple[str, ...], status: int
) -> None:
    line = http.client.HTTPConnection(serve(begin_quay(tmp_path / "quay"), *options), timeout=LONG)
    sent = json.dumps({"changes": [{"put": "goal/calm", "fields": {"title": "x"}}]})
    line.request("POST", "/api/changes", sent, {"content-type": "application/json"})
    assert line.getresponse().status == status
    line.close()
