"""Laws: what holds of every store whatever is done to it."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.journal.little_changes import batches

from latticework.base.findings import Refused
from latticework.journal.changes import Batch, Entry
from latticework.journal.codec import columns_of
from latticework.journal.dump import dump, restore
from latticework.journal.store import Store

Opened = Callable[[str], Store]
BRANCHES = st.sampled_from(["main", "a", "b"])
quick = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


class Deed(Protocol):
    """Something done to a store; what it tells, without digests."""

    def __call__(self, store: Store, now: int) -> object: ...


@dataclass(frozen=True)
class Append:
    batches: tuple[Batch, ...]
    branch: str
    back: int | None

    def __call__(self, store: Store, now: int) -> object:
        head = store.head(self.branch).number
        base = None if self.back is None else max(0, head - self.back)
        done = store.append(self.batches, now=now, branch=self.branch, base=base)
        return done.first, done.last, done.batches


@dataclass(frozen=True)
class Start:
    name: str
    parent: str

    def __call__(self, store: Store, now: int) -> object:
        return store.start_branch(self.name, now=now, parent=self.parent, by="ada")


@dataclass(frozen=True)
class Drop:
    name: str

    def __call__(self, store: Store, now: int) -> object:
        return store.drop_branch(self.name)


@dataclass(frozen=True)
class Merged:
    name: str

    def __call__(self, store: Store, now: int) -> object:
        return store.mark_merged(self.name, now)


@dataclass(frozen=True)
class Redact:
    numbers: tuple[int, ...]

    def __call__(self, store: Store, now: int) -> object:
        return store.redact(self.numbers, by="law", why="asked", now=now)


DEEDS: st.SearchStrategy[Sequence[Deed]] = st.lists(
    st.one_of(
        st.builds(
            Append,
            st.lists(batches(), max_size=3).map(tuple),
            BRANCHES,
            st.one_of(st.none(), st.integers(0, 4)),
        ),
        st.builds(Start, st.sampled_from(["a", "b"]), BRANCHES),
        st.builds(Drop, BRANCHES),
        st.builds(Merged, st.sampled_from(["a", "b"])),
        st.builds(Redact, st.lists(st.integers(1, 12), max_size=4).map(tuple)),
    ),
    max_size=9,
)


def told(deed: Deed, store: Store, now: int) -> object:
    try:
        return deed(store, now)
    except Refused as refused:
        return sorted(str(finding) for finding in refused.findings)


def picture(store: Store) -> object:
    """Everything that a store shows, without digests, which salts make differ."""
    names = ["main", *(branch.name for branch in store.branches())]
    bare = {name: [replace(e, digest="") for e in store.entries(name)] for name in names}
    heads = [(store.head(n).number, store.head(n).known) for n in names]
    logs = [store.log(name).rows() for name in names]
    refs = ["bet/ferry", "goal/保つ"]
    return store.branches(), bare, heads, logs, [store.history(refs, n).__len__() for n in names]


@pytest.fixture
def opened(new_url: Callable[[str], str], store_at: Opened) -> Opened:
    return lambda sort: store_at(new_url(sort))


@quick
@given(deeds=DEEDS)
@pytest.mark.parametrize(
    "sort", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)], ids=str
)
def test_stores_agree(sort: str, deeds: Sequence[Deed], opened: Opened) -> None:
    memory, other = opened("memory"), opened(sort)
    for now, deed in enumerate(deeds, start=10):
        assert told(deed, memory, now) == told(deed, other, now)
    assert picture(memory) == picture(other)
    assert memory.verify() == () == other.verify()
    memory.close()
    other.close()


@quick
@given(runs=st.lists(st.lists(batches(), max_size=3), max_size=4))
def test_log_is_what_was_appended(runs: Sequence[Sequence[Batch]], opened: Opened) -> None:
    store = opened("sqlite")
    expected = []
    for now, run in enumerate(runs, start=100):
        store.append(run, now=now)
        for batch in run:
            valid = now if batch.valid is None else batch.valid
            for change in batch.changes:
                own = valid if change.valid is None else change.valid
                expected.append((now, own, *(text or None for text in columns_of(change))))
    log = store.log()
    assert log.drop("number", "batch").rows() == expected
    assert log["number"].to_list() == list(range(1, len(expected) + 1))
    store.close()


@quick
@given(deeds=DEEDS)
def test_a_branch_is_its_parent_then_its_own(deeds: Sequence[Deed], opened: Opened) -> None:
    store = opened("memory")
    for now, deed in enumerate(deeds, start=10):
        told(deed, store, now)
    for branch in store.branches():
        before = list(store.entries(branch.parent, upto=branch.start))
        own = [entry for entry in everything(store) if entry.branch == branch.name]
        assert list(store.entries(branch.name)) == before + own


def everything(store: Store) -> list[Entry]:
    with store.kept() as kept:
        last = kept.journal.last_batch
    return [entry for number in range(1, last + 1) for entry in store.batch(number)]


@quick
@given(deeds=DEEDS)
def test_a_restored_journal_is_the_same(deeds: Sequence[Deed], opened: Opened) -> None:
    store, copy = opened("memory"), opened("sqlite")
    for now, deed in enumerate(deeds, start=10):
        told(deed, store, now)
    file = io.BytesIO()
    dump(store, file)
    restore(copy, file)
    assert picture(copy) == picture(store)
    assert copy.identity == store.identity
    assert copy.head().digest == store.head().digest
    assert copy.verify() == ()
    again = io.BytesIO()
    dump(copy, again)
    assert again.getvalue() == file.getvalue()
    copy.close()
