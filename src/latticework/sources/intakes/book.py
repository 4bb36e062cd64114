"""Words kept for many texts, in little room: columns instead of objects."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np
import numpy.typing as npt
import polars as pl

from latticework.graph.timeline import Ints

if TYPE_CHECKING:
    from latticework.graph.graph import Graph

Word = TypeVar("Word", str, int)

_Hashes = npt.NDArray[np.uint64]


class Book(Generic[Word]):
    """Texts with the words noted for each, in the order in which they were noted.

    A few levels of sorted hashes, each twice as long as the next: what is noted
    is merged like the digits of a binary counter.
    """

    def __init__(self) -> None:
        """Nothing is noted yet."""
        self._levels: list[tuple[_Hashes, pl.DataFrame]] = []

    def note(self, texts: Sequence[str], words: Sequence[Word]) -> None:
        """Note one more word for each of these texts."""
        if not texts:
            return
        fresh = pl.DataFrame({"text": pl.Series(texts, dtype=pl.String), "word": words})
        while self._levels and len(self._levels[-1][1]) <= 2 * len(fresh):
            fresh = pl.concat([self._levels.pop()[1], fresh])
        hashes = fresh["text"].hash().to_numpy()
        order = np.argsort(hashes, kind="stable")
        self._levels.append((hashes[order], fresh[order]))

    def find(self, texts: Iterable[str]) -> Mapping[str, tuple[Word, ...]]:
        """The words noted for each of these texts that has any, the first one first."""
        wanted = pl.Series(list(dict.fromkeys(texts)), dtype=pl.String)
        found: dict[str, list[Word]] = {}
        hashes = wanted.hash().to_numpy() if len(wanted) else np.zeros(0, dtype=np.uint64)
        for known, frame in self._levels:
            spots = _spots(known, hashes)
            # Two texts may have one hash: the text itself decides.
            held = frame[spots].filter(pl.col("text").is_in(wanted.implode()))
            for text, word in zip(held["text"].to_list(), held["word"].to_list(), strict=True):
                found.setdefault(text, []).append(word)
        return {text: tuple(words) for text, words in found.items()}


class Refs:
    """Which refs were noted: of those that a company has a flag, of others the text.

    A flag stands for a ref itself: a thing that goes by another one since has two.
    """

    def __init__(self, graph: Graph | None) -> None:
        """Nothing is noted yet."""
        self._names = graph.log.names if graph is not None else None
        self._known = np.zeros(0 if graph is None else len(graph.log.names.texts), dtype=np.bool_)
        self._others: Book[int] = Book()

    def note(self, refs: Sequence[str]) -> None:
        """Note these refs."""
        codes = self._codes_of(refs)
        self._known[codes[codes >= 0]] = True
        others = [ref for ref, code in zip(refs, codes.tolist(), strict=True) if code < 0]
        self._others.note(others, [0] * len(others))

    def find(self, refs: Collection[str]) -> set[str]:
        """Those of these refs that were noted."""
        texts = list(refs)
        codes = self._codes_of(texts)
        noted = np.zeros(len(texts), dtype=np.bool_)
        noted[codes >= 0] = self._known[codes[codes >= 0]]
        found = {texts[spot] for spot in np.flatnonzero(noted).tolist()}
        others = [texts[spot] for spot in np.flatnonzero(codes < 0).tolist()]
        return found.union(self._others.find(others))

    def _codes_of(self, refs: Sequence[str]) -> Ints:
        if self._names is None or not len(self._known):
            return np.full(len(refs), -1, dtype=np.int32)
        return self._names.codes_of(pl.Series(refs, dtype=pl.String))


def _spots(known: _Hashes, wanted: _Hashes) -> Ints:
    """The places among sorted hashes of all that are wanted, in order."""
    wanted = np.unique(wanted)
    first = np.searchsorted(known, wanted, side="left")
    last = np.searchsorted(known, wanted, side="right")
    counts = last - first
    starts = np.repeat(first - np.concatenate([[0], np.cumsum(counts)[:-1]]), counts)
    return (starts + np.arange(counts.sum())).astype(np.int32)
