"""Claims about writers that die, and about several at once."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from latticework.base.findings import Refused
from latticework.journal.changes import Batch, Put
from latticework.journal.opening import open_store
from latticework.journal.store import Store

WRITER = Path(__file__).with_name("writer.py")
SORTS = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
UrlOf = Callable[[str], str]
Opened = Callable[[str], Store]


def writer(url: str, name: str, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, str(WRITER), url, name, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("acknowledged", [1, 9])
def test_what_was_acknowledged_outlives_kill_9(
    sort: str, acknowledged: int, new_url: UrlOf, store_at: Opened
) -> None:
    url = new_url(sort)
    running = writer(url, "ada", 100_000)
    assert running.stdout is not None
    lines = [running.stdout.readline() for _ in range(acknowledged)]
    running.send_signal(signal.SIGKILL)
    rest, _ = running.communicate()
    last = int((lines + rest.splitlines())[-1].split()[1])

    store = store_at(url)
    assert store.verify() == ()
    head = store.head().number
    assert head >= last
    assert head % 7 == 0
    assert [entry.number for entry in store.entries()] == list(range(1, head + 1))
    store.append([Batch(changes=(Put("bet/later"),))], now=1)
    assert store.verify() == ()


@pytest.mark.parametrize("sort", SORTS)
def test_two_processes_that_write_at_once_lose_nothing(
    sort: str, new_url: UrlOf, store_at: Opened
) -> None:
    url = new_url(sort)
    both = [writer(url, name, 15) for name in ("ada", "bo")]
    outs = [each.communicate(timeout=60)[0] for each in both]
    assert [each.returncode for each in both] == [0, 0]
    spans = sorted(tuple(map(int, line.split())) for out in outs for line in out.splitlines())
    assert spans == [(first, first + 6) for first in range(1, 210, 7)]
    store = store_at(url)
    assert store.verify() == ()
    by = {entry.number: entry.by for entry in store.entries()}
    assert sorted(by) == list(range(1, 211))
    assert sum(name == "ada" for name in by.values()) == 105


def test_threads_of_one_store_write_and_read_at_once(store: Store) -> None:
    def write(name: str) -> None:
        for each in range(10):
            store.append([Batch(changes=(Put(f"bet/{name}{each}"),), by=name)], now=each)
            log = store.log()
            assert log["number"].to_list() == list(range(1, log.height + 1))

    with ThreadPoolExecutor(4) as threads:
        for done in [threads.submit(write, name) for name in "abcd"]:
            done.result()
    assert store.head().number == 40
    assert store.verify() == ()


def test_of_writers_that_saw_the_same_head_one_wins(store: Store) -> None:
    def write(name: str) -> str:
        batch = Batch(changes=(Put("bet/ferry", {"owner": name}),), by=name)
        try:
            store.append([batch], now=1, base=0)
        except Refused as refused:
            return refused.findings[0].code
        return "won"

    with ThreadPoolExecutor(4) as threads:
        told = sorted(threads.map(write, "abcd"))
    assert told == ["STORE005", "STORE005", "STORE005", "won"]
    assert store.head().number == 1


def test_a_waiting_reader_is_told_of_another_process(
    sort: str, new_url: UrlOf, store_at: Opened
) -> None:
    if sort == "memory":
        store, url = store_at("memory:"), ""
    else:
        url = new_url(sort)
        store = store_at(url)
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(store.wait, 0, seconds=30)
        other = store if sort == "memory" else open_store(url)
        other.append([Batch(changes=(Put("bet/ferry"),))], now=1)
        assert waiting.result(timeout=30) == 1
        other.close()
