"""Logs kept beside the store: quick to open, never wrong."""

from __future__ import annotations

import mmap
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from tests.graph.companies import Fact, load, log_of, reading_of
from tests.graph.test_replay import companies, moments

from latticework.base.times import Moment
from latticework.graph import cache
from latticework.graph.cache import open_graph
from latticework.graph.extend import EMPTY_LOG, extended
from latticework.graph.graph import Graph, build
from latticework.graph.log import Log
from latticework.graph.shelf import DamagedError, read_log, write_log
from latticework.journal.changes import Batch, Connect, Declare, Move, Put
from latticework.journal.memory import MemoryStore
from latticework.journal.store import MAIN


@pytest.fixture
def store() -> Iterator[MemoryStore]:
    """Two teams, an initiative with labels, an edge and a new name."""
    kept = MemoryStore()
    changes = (
        Declare("first", valid=0),
        Put("team/a", {"title": 'A "quoted"\n/ 早'}),
        Put("team/b"),
        Put("initiative/x", {"labels": ("p", "q"), "budget": "3", "secret": "salary"}),
        Connect("initiative/x", "serves", "team/a", {"share": "30%"}),
        Move("team/b", "team/c"),
    )
    kept.append([Batch(changes=changes, valid=1)], now=10)
    yield kept
    kept.close()


def opened(store: MemoryStore, folder: Path, branch: str = "main") -> Graph:
    return open_graph(store, folder, branch=branch, load=load, small=0)


def anew(store: MemoryStore, branch: str = "main") -> dict[str, dict]:
    return reading_of(build(store.log(branch), load=load))


def files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


@given(companies(), moments)
@settings(max_examples=30, deadline=None)
def test_a_log_that_was_written_reads_back_the_same(facts: list[Fact], moment: Moment) -> None:
    """Any company, kept and read, also goes on with further entries."""
    half = len(facts) // 2
    log = extended(EMPTY_LOG, log_of(facts[:half]), load)
    with tempfile.TemporaryDirectory() as folder:
        write_log(log, Path(folder))
        read = Graph(moment=moment, log=read_log(Path(folder), load), load=load)
        assert reading_of(read) == reading_of(Graph(moment=moment, log=log, load=load))
        whole = read.advance(log_of(facts[half:], first=half + 1))
        assert reading_of(whole) == reading_of(build(log_of(facts), moment, load=load))


def test_opening_twice_reads_the_cache(store: MemoryStore, tmp_path: Path) -> None:
    """The second opening asks the store for no log."""
    first = opened(store, tmp_path)
    assert files_in(tmp_path)

    class Silent(MemoryStore):
        def log(self, *_: object, **__: object) -> object:  # type: ignore[override]
            raise AssertionError

    silent = Silent()
    with store.kept() as kept:
        silent.fill(kept)
    assert reading_of(opened(silent, tmp_path)) == reading_of(first)


def test_later_entries_are_added_to_what_was_kept(store: MemoryStore, tmp_path: Path) -> None:
    """A team that appears after the cache was written."""
    opened(store, tmp_path)
    store.append([Batch(changes=(Put("team/late", {"title": "Late"}),))], now=20)
    assert reading_of(opened(store, tmp_path)) == anew(store)


def test_any_damaged_file_is_rebuilt_in_silence(store: MemoryStore, tmp_path: Path) -> None:
    """Each file in turn has a byte changed, is cut short, emptied or gone."""
    opened(store, tmp_path)
    right = anew(store)
    for spot in range(len(files_in(tmp_path))):
        harm = (_flip, _shorten, _empty, Path.unlink)[spot % 4]
        harm(files_in(tmp_path)[spot])
        assert reading_of(opened(store, tmp_path)) == right
        opened(store, tmp_path)


def test_damage_is_found_before_anything_is_read(store: MemoryStore, tmp_path: Path) -> None:
    """One byte of one column."""
    opened(store, tmp_path)
    (texts,) = tmp_path.rglob("texts.arrow")
    _flip(texts)
    with pytest.raises(DamagedError):
        read_log(texts.parent, load)


def test_numbers_that_were_kept_are_mapped_and_not_copied(
    store: MemoryStore, tmp_path: Path
) -> None:
    opened(store, tmp_path)
    line = opened(store, tmp_path).log.existence
    assert len(line)
    for column in (line.subject, line.valid, line.number, line.value):
        held: object = column
        while isinstance(held, np.ndarray):
            held = held.base
        assert isinstance(held, memoryview | mmap.mmap)
        assert isinstance(held.obj if isinstance(held, memoryview) else held, mmap.mmap)


def test_a_long_journal_is_read_in_stretches(
    store: MemoryStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Forty more teams; of each stretch what was read is kept before the next one."""
    for number in range(40):
        store.append([Batch(changes=(Put(f"team/t{number}", {"title": f"T{number}"}),))], now=20)
    asked: list[tuple[int, int]] = []

    class Counted(MemoryStore):
        def log(
            self, branch: str = MAIN, *, after: int = 0, upto: int | None = None
        ) -> pl.DataFrame:
            asked.append((after, upto or 0))
            return super().log(branch, after=after, upto=upto)

    counted = Counted()
    with store.kept() as kept:
        counted.fill(kept)
    monkeypatch.setattr(cache, "AT_ONCE", 8)
    monkeypatch.setattr(cache, "TAIL", 8)
    assert reading_of(opened(counted, tmp_path)) == anew(store)
    assert asked == [(0, 8), (8, 16), (16, 24), (24, 32), (32, 40), (40, 46)]
    assert len(list(tmp_path.rglob("contents.json"))) == 1


def test_a_cache_that_is_damaged_at_once_is_done_without(
    store: MemoryStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that loses what it has just taken."""
    for number in range(40):
        store.append([Batch(changes=(Put(f"team/t{number}"),))], now=20)
    kept = cache.keep

    def lost(log: Log, directory: Path, *rest: object) -> bool:
        found = kept(log, directory, *rest)  # type: ignore[arg-type]
        for each in directory.rglob("numbers.bin"):
            _flip(each)
        return found

    monkeypatch.setattr(cache, "AT_ONCE", 8)
    monkeypatch.setattr(cache, "TAIL", 8)
    monkeypatch.setattr(cache, "keep", lost)
    assert reading_of(opened(store, tmp_path)) == anew(store)


def test_a_cache_of_another_journal_is_not_used(store: MemoryStore, tmp_path: Path) -> None:
    """Two journals that share a folder of caches."""
    opened(store, tmp_path)
    other = MemoryStore()
    other.append([Batch(changes=(Put("team/z"),))], now=1)
    assert reading_of(opened(other, tmp_path)) == anew(other)
    assert reading_of(opened(store, tmp_path)) == anew(store)


def test_a_cache_ahead_of_its_journal_is_not_used(store: MemoryStore, tmp_path: Path) -> None:
    """A journal that was put back to an earlier copy, then went another way."""
    earlier = MemoryStore()
    with store.kept() as kept:
        earlier.fill(kept)
    for name, keeper in (("team/one", store), ("team/two", earlier)):
        keeper.append([Batch(changes=(Put(name),))], now=30)
    opened(store, tmp_path)
    assert reading_of(opened(earlier, tmp_path)) == anew(earlier)


def test_branches_have_caches_of_their_own(store: MemoryStore, tmp_path: Path) -> None:
    """A what-if with one more team."""
    opened(store, tmp_path)
    store.start_branch("what-if", now=20)
    store.append([Batch(changes=(Put("team/maybe"),))], now=21, branch="what-if")
    assert reading_of(opened(store, tmp_path, "what-if")) == anew(store, "what-if")
    assert reading_of(opened(store, tmp_path)) == anew(store)


def test_a_redaction_makes_caches_forget(store: MemoryStore, tmp_path: Path) -> None:
    """A salary that should never have been written."""
    opened(store, tmp_path)
    assert any(b"salary" in path.read_bytes() for path in files_in(tmp_path))
    store.redact([4], by="ada", why="law", now=20)
    assert reading_of(opened(store, tmp_path)) == anew(store)
    assert "initiative/x" not in str(anew(store)["things"])
    assert not any(b"salary" in path.read_bytes() for path in files_in(tmp_path))


def test_a_folder_that_cannot_be_written_costs_nothing_but_time(store: MemoryStore) -> None:
    """A path below a file."""
    with tempfile.NamedTemporaryFile() as file:
        assert reading_of(opened(store, Path(file.name) / "cache")) == anew(store)


def test_a_cache_half_written_is_never_seen(store: MemoryStore, tmp_path: Path) -> None:
    """A writer that was killed leaves a folder that nobody reads."""
    (tmp_path / "writing-1-dead").mkdir()
    (tmp_path / "writing-1-dead" / "contents.json").write_text("0\n{}")
    assert reading_of(opened(store, tmp_path)) == anew(store)
    cache.forget(tmp_path)
    assert files_in(tmp_path) == []


def _flip(path: Path) -> None:
    body = bytearray(path.read_bytes())
    body[len(body) // 2] ^= 0xFF
    path.write_bytes(bytes(body))


def _shorten(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-3])


def _empty(path: Path) -> None:
    path.write_bytes(b"")
