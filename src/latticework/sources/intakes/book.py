"""Words kept for many texts, in little room: columns instead of objects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt
import polars as pl

from latticework.graph.timeline import Ints

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


def _spots(known: _Hashes, wanted: _Hashes) -> Ints:
    """The places among sorted hashes of all that are wanted, in order."""
    wanted = np.unique(wanted)
    first = np.searchsorted(known, wanted, side="left")
    last = np.searchsorted(known, wanted, side="right")
    counts = last - first
    starts = np.repeat(first - np.concatenate([[0], np.cumsum(counts)[:-1]]), counts)
    return (starts + np.arange(counts.sum())).astype(np.int32)
