"""Batches that came in together: the imports of a journal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from latticework.base.times import Instant
from latticework.journal.store import Heading
from latticework.journal.tellers import CONTINUED, JOIN, MODEL

BREATH = 5_000_000
"""Microseconds between two commits of a history that came in together, at most."""


@dataclass(frozen=True, kw_only=True)
class Import:
    """The batches of one import; `undone` is when the last of them was taken back, or 0."""

    batches: tuple[Heading, ...]
    undone: Instant = 0

    @property
    def source(self) -> str:
        """What brought them."""
        return self.batches[0].source

    @property
    def entries(self) -> int:
        """How many entries it recorded."""
        return sum(each.last - each.first + 1 for each in self.batches)


def imports_of(headings: Sequence[Heading]) -> tuple[Import, ...]:
    """Batches of sources put together as they came in, in the order of their begin.

    Of each source, whatever others bring in between. `headings` are those of
    a store, in order.
    """
    undone = {each.undoes: each.known for each in headings if each.undoes}
    by_source: dict[str, list[Heading]] = {}
    for each in headings:
        if each.source and each.source not in (MODEL, JOIN):
            by_source.setdefault(each.source, []).append(each)
    runs = (run for of_one in by_source.values() for run in _runs(of_one))
    return tuple(_import(run, undone) for run in sorted(runs, key=lambda run: run[0].batch))


def _import(run: tuple[Heading, ...], undone: dict[int, Instant]) -> Import:
    taken = [undone.get(each.batch, 0) for each in run]
    return Import(batches=run, undone=max(taken) if all(taken) else 0)


def _runs(headings: Sequence[Heading]) -> Iterator[tuple[Heading, ...]]:
    run = [headings[0]]
    for before, each in pairwise(headings):
        if not _goes_on(before, each):
            yield tuple(run)
            run = []
        run.append(each)
    yield tuple(run)


def _goes_on(before: Heading, each: Heading) -> bool:
    """Whether a batch came in with the one before it from the same source.

    Those of files say so themselves. Those of a history have the reasons of its
    commits: they have revisions, and come one upon the other.
    """
    commits = bool(before.revision and each.revision)
    return each.why.endswith(CONTINUED) or (commits and each.known - before.known <= BREATH)
