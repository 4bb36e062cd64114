"""An idle server's memory: after it starts, and after each page was read once."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

from bench.run import Measure
from bench.workspaces import workspace_of

PAGES = (
    "/",
    "/kinds/epic",
    "/kinds/item?q=item+where+stage+is+active+sort+by+effort",
    "/thing/epic/t-1",
    "/ask?q=goal+serving%2B+pillar/t-1+show+sum(budget+of+is+served+by)",
    "/ask?q=bet+where+confidence+%3C+40%25",
    "/tree",
    "/feed",
    "/findings",
    "/diff?from=2024-06-01&to=2025-01-01",
    "/branches",
    "/model",
    "/views",
    "/?at=2024-03-01",
    "/thing/epic/t-1?at=2024-03-01",
    "/api/views/kinds",
)
"""Every sort of page, and two moments of the past."""


def measures(things: int) -> Iterator[Measure]:
    """What a server of a company of so many things holds, in megabytes."""
    folder = workspace_of(things)
    server = _serving(folder)
    try:
        address = _address(server)
        _read(address)
        yield _held("after the first page", server, things)
        for page in PAGES:
            _read(address.rstrip("/") + page)
        time.sleep(1)
        yield _held("after every page", server, things, target=150.0)
        yield _held("of it not shared with files", server, things, part="RssAnon")
    finally:
        server.terminate()
        server.wait()


def _serving(folder: Path) -> subprocess.Popen[str]:
    program = str(Path(sys.executable).with_name("latticework"))
    command = [program, "-C", str(folder), "serve", "--port", "0"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def _address(server: subprocess.Popen[str]) -> str:
    assert server.stdout is not None
    return next(line for line in server.stdout if "http://" in line).split()[-1]


def _read(address: str) -> None:
    start = time.perf_counter()
    with urlopen(address) as answer:
        size = len(answer.read())
    spent = (time.perf_counter() - start) * 1000
    print(f"  {spent:8.0f} ms {size / 1000:8.0f} kB  {address}", file=sys.stderr)


def _held(
    name: str,
    server: subprocess.Popen[str],
    things: int,
    *,
    target: float = 0.0,
    part: str = "VmRSS",
) -> Measure:
    lines = Path(f"/proc/{server.pid}/status").read_text().splitlines()
    kilobytes = next(int(line.split()[1]) for line in lines if line.startswith(part))
    return Measure(name=name, things=things, value=kilobytes / 1000, unit="MB", target=target)
