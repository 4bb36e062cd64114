"""Ref texts and the things they name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from latticework.base.times import Instant
from latticework.graph.timeline import EMPTY, Ints, Timeline

SINGLY = 32
"""Up to so many texts are looked up one by one."""

FEW = 4_096
"""So many texts beyond the index are found by dictionary."""

AT_ONCE = 200_000
"""Texts that are looked up together."""

Kin = Mapping[str, frozenset[str]]


@dataclass(frozen=True, kw_only=True)
class Names:
    """Every ref text ever used, by code, and the node that each leads to.

    Codes and nodes both count in the order of first mention. `words` are the
    kind words of texts, `word_codes` that of each text. `moves` has a row per
    Move: subject the node, value the code moved to; `move_pairs` has the codes
    from and to, and `origin_codes` the code moved from by entry number.
    """

    texts: pl.Series
    node_of: Ints
    firsts: Ints
    words: tuple[str, ...]
    word_codes: Ints
    move_pairs: tuple[Ints, Ints]
    moves: Timeline = EMPTY
    origin_codes: Mapping[int, int] = field(default_factory=dict)
    known_index: TextIndex | None = field(default=None, repr=False, compare=False)

    @property
    def size(self) -> int:
        """How many nodes there are."""
        return len(self.firsts)

    @cached_property
    def index(self) -> TextIndex:
        """Texts by hash, for looking up."""
        known = self.known_index
        if known is None or len(self.texts) - known.covered > FEW:
            return text_index(self.texts)
        return known.upto(self.texts)

    def index_so_far(self) -> TextIndex | None:
        """The index, where anybody has asked for it yet."""
        return self.__dict__.get("index", self.known_index)

    def code_of(self, text: str) -> int:
        """The code of a text; -1 where it was never used."""
        return int(self.index.codes_of(self.texts, pl.Series([text], dtype=pl.String))[0])

    def codes_of(self, texts: pl.Series) -> Ints:
        """The code of each text; -1 where it was never used."""
        return self.index.codes_of(self.texts, texts).astype(np.int32)

    def find(self, text: str, kin: Kin) -> int | None:
        """The node that a text leads to, kind words that were renamed included."""
        code = self.code_of(text)
        if code < 0 and kin:
            word, slash, slug = text.partition("/")
            codes = [self.code_of(each + slash + slug) for each in kin.get(word, ())]
            code = min((each for each in codes if each >= 0), default=-1)
        return None if code < 0 else int(self.node_of[code])

    def find_all(self, texts: pl.Series, kin: Kin) -> Ints:
        """The node of each text; -1 where it was never used."""
        if len(texts) > AT_ONCE:
            # What is worked out on the way takes five times the room of what is found.
            starts = range(0, len(texts), AT_ONCE)
            return np.concatenate([self.find_all(texts.slice(s, AT_ONCE), kin) for s in starts])
        codes = self.index.codes_of(self.texts, texts)
        found = np.where(codes >= 0, self.node_of[codes] if len(self.node_of) else -1, -1)
        if kin and (found < 0).any():
            for spot in np.flatnonzero(found < 0).tolist():
                node = self.find(texts[spot], kin) if texts[spot] is not None else None
                found[spot] = -1 if node is None else node
        return found.astype(np.int32)

    def present_codes(self, valid: Instant, number: int) -> Ints:
        """The code of the text that each node goes by at a moment."""
        if not len(self.moves):
            return self.firsts
        present = self.firsts.copy()
        nodes, rows = np.unique(self.moves.subject, return_index=True)
        present[nodes] = [self.origin_codes[entry] for entry in self.moves.number[rows].tolist()]
        standing = self.moves.at(valid, number)
        present[standing.subjects] = self.moves.value[standing.rows]
        return present

    def codes_of_node(self, node: int) -> list[int]:
        """Codes of every text that ever led to a node, oldest first."""
        if len(self.node_of) == self.size:
            return [int(self.firsts[node])]
        return np.flatnonzero(self.node_of == node).tolist()


@dataclass(frozen=True)
class TextIndex:
    """Codes of texts by hash; the latest few by dictionary."""

    hashes: npt.NDArray[np.uint64]
    order: Ints
    covered: int
    recent: Mapping[str, int] = field(default_factory=dict)

    def upto(self, texts: pl.Series) -> TextIndex:
        """The same index, grown over further texts."""
        known = self.covered + len(self.recent)
        if known == len(texts):
            return self
        further = texts.slice(known).to_list()
        recent = dict(self.recent) | {text: known + i for i, text in enumerate(further)}
        return TextIndex(self.hashes, self.order, self.covered, recent)

    def codes_of(self, texts: pl.Series, wanted: pl.Series) -> npt.NDArray[np.int64]:
        """The code of each wanted text; -1 where there is none."""
        codes = np.full(len(wanted), -1, dtype=np.int64)
        if self.covered and len(wanted):
            hashes = wanted.hash().to_numpy()
            spots = np.searchsorted(self.hashes, hashes)
            settled = self._settled_singly if len(wanted) <= SINGLY else self._settled
            codes = settled(texts, wanted, hashes, spots)
        if self.recent:
            for spot in np.flatnonzero(codes < 0).tolist():
                codes[spot] = self.recent.get(wanted[spot], -1)
        return codes

    def _settled_singly(
        self,
        texts: pl.Series,
        wanted: pl.Series,
        hashes: npt.NDArray[np.uint64],
        spots: npt.NDArray[np.int64],
    ) -> npt.NDArray[np.int64]:
        codes = np.full(len(wanted), -1, dtype=np.int64)
        for place, text in enumerate(wanted.to_list()):
            spot = int(spots[place])
            while spot < len(self.hashes) and self.hashes[spot] == hashes[place]:
                code = int(self.order[spot])
                if texts[code] == text:
                    codes[place] = code
                    break
                spot += 1
        return codes

    def _settled(
        self,
        texts: pl.Series,
        wanted: pl.Series,
        hashes: npt.NDArray[np.uint64],
        spots: npt.NDArray[np.int64],
    ) -> npt.NDArray[np.int64]:
        codes = np.full(len(wanted), -1, dtype=np.int64)
        open_ = np.arange(len(wanted))
        # Texts of one hash lie side by side; nearly always there is one.
        while len(open_):
            open_ = open_[spots[open_] < len(self.hashes)]
            open_ = open_[self.hashes[spots[open_]] == hashes[open_]]
            if not len(open_):
                break
            found = self.order[spots[open_]]
            same = (texts.gather(found) == wanted.gather(open_)).fill_null(False).to_numpy()
            codes[open_[same]] = found[same]
            open_ = open_[~same]
            spots[open_] += 1
        return codes


def text_index(texts: pl.Series) -> TextIndex:
    """An index over all texts."""
    hashes = texts.hash().to_numpy()
    order = np.argsort(hashes, kind="stable").astype(np.int32)
    return TextIndex(hashes[order], order, len(texts))
