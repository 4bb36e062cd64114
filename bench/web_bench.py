"""Pages and calls of a real server over loopback, as the budgets of the workbench ask.

The server is the command, in processes of its own. Pages are asked for with
questions that differ, so that none was drawn before, unless a measure says so.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from statistics import median
from urllib.parse import quote

from bench.run import Measure
from bench.workspaces import workspace_of

REPEAT = 20
LINES = 8
SECONDS = 4.0
LARGE = 500_000
MANY = 100_000
"""The size for which the budget of requests a second is said."""

PAGES = 40
MIXED = 5
"""Of so many pages one is a question that nobody asked before, where both are mixed."""

_fresh = count(1)


def measures(things: int) -> Iterator[Measure]:
    """Server time of pages, calls and edits; requests a second; memory."""
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "company"
        shutil.copytree(workspace_of(things), folder)
        with serving(folder) as (port, process):
            yield from _times(things, Line(port), 80.0 if things > LARGE else 30.0)
            yield Measure(
                name="server's memory", things=things, value=_megabytes(process.pid), unit="MB"
            )
        for workers in (1, 2):
            with serving(folder, "--workers", str(workers)) as (port, _):
                yield from _rates(things, port, workers)


def _times(things: int, line: Line, budget: float) -> Iterator[Measure]:
    yield Measure(name="first page after start", things=things, value=line.time("/ask?q=item"))
    asked: dict[str, tuple[Callable[[], str], float]] = {
        "page of 50 rows, filtered": (lambda: f"/ask?q={_question()}", budget),
        "page of 50 rows, filtered and sorted": (
            lambda: f"/ask?q={_question()}%20sort%20by%20effort",
            budget,
        ),
        "50 rows, filtered, as JSON": (lambda: f"/api/ask?most=50&q={_question()}", budget),
        "page that was drawn before": (lambda: "/ask?q=item", 0.0),
        "things by what is typed": (lambda: f"/api/complete/things?q=t-{next(_fresh)}", 20.0),
    }
    for name, (path, target) in asked.items():
        times = [line.time(path()) for _ in range(REPEAT)]
        yield Measure(name=name, things=things, value=median(times), target=target)
    edits, pages = [], []
    for _ in range(REPEAT):
        change = {"put": f"epic/t-{2000 + next(_fresh) % 100}", "fields": {"title": _title()}}
        edits.append(line.time("/api/changes", json.dumps({"changes": [change]}).encode()))
        pages.append(line.time(f"/ask?q={_question()}"))
    yield Measure(name="edit, acknowledged", things=things, value=median(edits), target=30.0)
    yield Measure(name="page right after an edit", things=things, value=median(pages))


def _rates(things: int, port: int, workers: int) -> Iterator[Measure]:
    """Requests a second over several lines, of pages drawn before and of new ones."""
    kept = [f"/ask?q={_question()}" for _ in range(PAGES)]
    # Long enough for each process to have drawn all of them.
    for _ in range(4 * workers):
        asyncio.run(_rate(port, kept, 1.0))
    said = f"{workers} process" + ("es" if workers > 1 else "")
    target = 300.0 if things <= MANY else 0.0
    mixes = (("drawn before", kept, 0), ("one in five new", kept, MIXED), ("new", (), 0))
    for name, paths, each in mixes:
        rate = asyncio.run(_rate(port, paths, SECONDS, fresh_each=each))
        goal = target if workers > 1 and paths else 0.0
        yield Measure(
            name=f"pages a second, {name}, {said}",
            things=things,
            value=rate,
            unit="/s",
            target=goal,
        )


async def _rate(port: int, paths: Sequence[str], seconds: float, *, fresh_each: int = 0) -> float:
    """Pages answered a second over several lines that stay open.

    Without `paths` every question is new; with `fresh_each`, one in so many.
    The asker runs on the same cores as the server.
    """
    ends = time.perf_counter() + seconds

    async def one(number: int) -> int:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        done = 0
        while time.perf_counter() < ends:
            fresh = not paths or (fresh_each and done % fresh_each == 0)
            path = f"/ask?q={_question()}" if fresh else paths[(number * 7 + done) % len(paths)]
            writer.write(f"GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n".encode())
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200"), head
            length = re.search(rb"(?i)content-length: (\d+)", head)
            assert length
            await reader.readexactly(int(length[1]))
            done += 1
        writer.close()
        return done

    begun = time.perf_counter()
    total = sum(await asyncio.gather(*(one(number) for number in range(LINES))))
    return total / (time.perf_counter() - begun)


def _question() -> str:
    """A question that nobody asked before."""
    return quote(f"item where stage is active and effort > {next(_fresh) / 1000} weeks")


def _title() -> str:
    return f"Title {next(_fresh)}"


class Line:
    """One connection that stays open."""

    def __init__(self, port: int) -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

    def time(self, path: str, body: bytes | None = None) -> float:
        """Milliseconds until the whole answer is there."""
        begun = time.perf_counter()
        method = "GET" if body is None else "POST"
        self._line.request(method, path, body, {"content-type": "application/json"})
        answer = self._line.getresponse()
        text = answer.read()
        assert answer.status == 200, text[:500]
        return (time.perf_counter() - begun) * 1000


@contextmanager
def serving(folder: Path, *options: str) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """A server on a port of its own, stopped in the end."""
    start = "from latticework.surfaces.cli import main; main()"
    words = ["-C", str(folder), "serve", "--port", "0", *options]
    with subprocess.Popen(
        [sys.executable, "-c", start, *words], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        found = re.search(r":(\d+)/", process.stdout.readline())
        try:
            assert found
            yield int(found[1]), process
        finally:
            process.terminate()


def _megabytes(number: int) -> float:
    status = Path(f"/proc/{number}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+)", status)
    return int(found[1]) / 1000 if found else 0.0
