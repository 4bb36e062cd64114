"""Records that were read before and say nothing new, as long as nobody spoke of their things.

What a record comes to depends on the record, the recipe, the model and the things
that it names. Where none of these differ from the last time there is nothing to
compare: such records are known by a digest and left out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from latticework.base.findings import Finding
from latticework.graph.graph import Graph
from latticework.graph.timeline import Flags, Ints, Longs
from latticework.sources.intakes.records import Records
from latticework.sources.tree import Items, line_of

ROWS = {"high": pl.UInt64, "low": pl.UInt64, "parts": pl.Int64, "own": pl.Int32, "refs": pl.Int32}
"""A digest in two halves, the recipe's parts that a record met, and how many refs it has."""

MOST_PARTS = 60
"""Parts of a recipe that fit into the bits of a number."""

AT_ONCE = 100_000
"""Records whose refs are put together at a time."""

_NO_NODES = np.zeros(0, dtype=np.int32)

_Halves = npt.NDArray[np.uint64]


class Seen(NamedTuple):
    """Some records by their digests, and the refs of the things that they name.

    `rows` has the columns ROWS; `refs` are those of one row after the other:
    first the `own` things that a record is about, then the others.
    """

    rows: pl.DataFrame
    refs: pl.Series


class Sight(NamedTuple):
    """What one portion of a file shows: records that are read, and rows that are left out.

    `digests` has sixteen bytes and `lines` the first line of each record that is
    read; `refs` are the things that it names, the first `own` of them its own.
    """

    digests: bytes = b""
    lines: tuple[int, ...] = ()
    parts: tuple[int, ...] = ()
    own: tuple[int, ...] = ()
    refs: tuple[tuple[str, ...], ...] = ()
    left_out: Ints = _NO_NODES


NO_SIGHT = Sight()


def digests_of(path: str, items: Items) -> bytes:
    """Sixteen bytes for each record of a file, whatever line it stands on."""
    begun = blake2b(path.encode("utf-8", "surrogatepass"), digest_size=16)
    found = bytearray()
    for each in items:
        digest = begun.copy()
        digest.update(json.dumps(each, ensure_ascii=True, check_circular=False).encode())
        found += digest.digest()
    return bytes(found)


class Settled:
    """What was seen and still says nothing new to a graph; used for one intake."""

    def __init__(self, seen: Iterable[Seen], graph: Graph, touched: Flags) -> None:
        """Leave aside what names a `touched` thing, or one that the graph does not know."""
        self._graph = graph
        self.nodes = np.zeros(graph.size, dtype=np.bool_)
        self._taken = np.zeros(graph.size, dtype=np.bool_)
        rows, named = [pl.DataFrame(schema=ROWS)], [_NO_NODES]
        for some in seen:
            rows.append(some.rows)
            named.append(graph.find_all(some.refs))
        self._rows = pl.concat(rows, rechunk=True)
        self._named: Ints = np.concatenate(named)
        self._own = self._rows["own"].to_numpy()
        counts = self._rows["refs"].to_numpy().astype(np.int64)
        self._starts = np.concatenate([[0], np.cumsum(counts)])
        odd = (self._named < 0) | _flagged(touched, self._named)
        before = np.concatenate([[0], np.cumsum(odd, dtype=np.int32)])
        ends = before[self._starts]
        good = np.flatnonzero(ends[1:] == ends[:-1]).astype(np.int32)
        del odd, before, ends
        high = self._rows["high"].to_numpy()[good]
        order = np.argsort(high, kind="stable")
        self._high = high[order]
        self._order: Ints = good[order]

    def find(self, digests: bytes) -> Ints:
        """The row of each digest; -1 where it has to be read."""
        high, low = _halves(digests)
        rows = np.full(len(high), -1, dtype=np.int32)
        if not len(self._high):
            return rows
        spots = np.minimum(np.searchsorted(self._high, high), len(self._high) - 1)
        known = self._order[spots]
        same = (self._high[spots] == high) & (self._rows["low"].gather(known).to_numpy() == low)
        rows[same] = known[same]
        return self._less(rows, self._taken)

    def without_rivals(self, rows: Ints, records: Records) -> Ints:
        """The same rows, less those whose things one of these records is about.

        Of two records with one key the first one has the thing: both are read.
        """
        return self._less(rows, self._flags_of(records))

    def settle(self, rows: Ints, records: Records) -> set[int]:
        """Leave these rows out and note whose things are taken; the parts that they met."""
        self.nodes[self._own_nodes(rows)] = True
        self._taken |= self._flags_of(records)
        parts = self._rows["parts"].gather(rows).to_numpy()
        met = int(np.bitwise_or.reduce(parts, initial=0))
        return {number for number in range(MOST_PARTS) if met >> number & 1}

    def have(self, refs: Iterable[str]) -> list[str]:
        """Those of the refs whose things have a record that was left out."""
        texts = pl.Series(list(refs), dtype=pl.String)
        return texts.filter(_flagged(self.nodes, self._graph.find_all(texts))).to_list()

    def kept(self, rows: Ints) -> Iterator[Seen]:
        """These rows alone with their refs, so many at a time."""
        for start in range(0, len(rows), AT_ONCE):
            some = rows[start : start + AT_ONCE]
            starts, counts = self._starts[some], self._starts[some + 1] - self._starts[some]
            # A thing that nobody spoke of since goes by the ref that it went by.
            yield Seen(
                self._rows[some], self._graph.refs.gather(self._named[_ranges(starts, counts)])
            )

    def _less(self, rows: Ints, taken: Flags) -> Ints:
        hits = np.flatnonzero(rows >= 0)
        counts = self._own[rows[hits]]
        nodes = self._own_nodes(rows[hits])
        rivals = np.repeat(hits, counts)[taken[nodes]]
        rows[rivals] = -1
        return rows

    def _own_nodes(self, rows: Ints) -> Ints:
        return self._named[_ranges(self._starts[rows], self._own[rows])]

    def _flags_of(self, records: Records) -> Flags:
        refs = [each.record.ref for each in records.found]
        nodes = self._graph.find_all(pl.Series(refs, dtype=pl.String))
        flags = np.zeros(self._graph.size, dtype=np.bool_)
        flags[nodes[nodes >= 0]] = True
        return flags


def sight_of(digests: bytes, items: Items, records: Records, left_out: Ints) -> Sight:
    """What the records of a portion name, for each item that they were read from."""
    numbers = {id(each): number for number, each in enumerate(items)}
    tops: list[int] = []
    own: list[dict[str, None]] = [{} for _ in items]
    others: list[dict[str, None]] = [{} for _ in items]
    parts = [0] * len(items)
    for spotted in records.found:
        top = tops[spotted.above] if spotted.above >= 0 else numbers[id(spotted.tree)]
        tops.append(top)
        record = spotted.record
        parts[top] |= 1 << record.part
        own[top][record.ref] = None
        others[top].update((edge.target, None) for edge in record.edges if edge.target)
    return Sight(
        digests=digests,
        lines=tuple(line_of(each) for each in items),
        parts=tuple(parts),
        own=tuple(map(len, own)),
        refs=tuple((*mine, *rest) for mine, rest in zip(own, others, strict=True)),
        left_out=left_out,
    )


class Sights:
    """Hands on what an intake saw, so many records at a time; used once."""

    def __init__(self, settled: Settled, keep: Callable[[Seen], None]) -> None:
        """Nothing was seen yet; `settled` is what was known before, `keep` takes what is now."""
        self._settled = settled
        self._keep = keep
        self._rows: list[pl.DataFrame] = []
        self._refs: list[str] = []
        self._left_out: list[Ints] = []
        self.fresh = 0
        """How many records were read that may be left out next time."""

    def note(
        self, sights: Sequence[Sight], findings: Sequence[Finding], led: Mapping[str, str]
    ) -> None:
        """Keep what was read without a finding, of things that go by the refs asked for."""
        for sight in sights:
            self._left_out.append(sight.left_out)
            plain = np.flatnonzero(~_odd(sight, findings, {*led, *led.values()}))
            self._rows.append(_rows_of(sight)[plain])
            self._refs.extend(ref for number in plain.tolist() for ref in sight.refs[number])
            self.fresh += len(plain)
        if sum(map(len, self._rows)) >= AT_ONCE:
            self._hand_on()

    def end(self) -> None:
        """Hand on the rest, and what was known before and left out."""
        self._hand_on()
        if self._left_out:
            for some in self._settled.kept(np.unique(np.concatenate(self._left_out))):
                self._keep(some)

    def _hand_on(self) -> None:
        if self._rows:
            self._keep(Seen(pl.concat(self._rows), pl.Series("ref", self._refs, pl.String)))
        self._rows, self._refs = [], []


def _rows_of(sight: Sight) -> pl.DataFrame:
    """A row for each record that a portion shows."""
    high, low = _halves(sight.digests)
    counts = [len(refs) for refs in sight.refs]
    columns = {"high": high, "low": low, "parts": sight.parts, "own": sight.own, "refs": counts}
    return pl.DataFrame(columns, schema=ROWS)


def _odd(sight: Sight, findings: Sequence[Finding], led: set[str]) -> Flags:
    """Which records have to be read again: those that something was found of."""
    count = len(sight.lines)
    odd = np.zeros(count, dtype=np.bool_)
    lines = [each.place.line for each in findings if each.place.line]
    refs = led | {each.place.ref for each in findings if each.place.ref}
    if any(not each.place.line and not each.place.ref for each in findings):
        return np.ones(count, dtype=np.bool_)
    if lines and count:
        spots = np.searchsorted(np.array(sight.lines), lines, side="right") - 1
        odd[spots[spots >= 0]] = True
    if refs:
        odd |= np.array([not refs.isdisjoint(each) for each in sight.refs], dtype=np.bool_)
    return odd


def _flagged(flags: Flags, nodes: Ints) -> Flags:
    """Which nodes have a flag; none that is not there."""
    found = nodes >= 0
    found[found] = flags[nodes[found]]
    return found


def _halves(digests: bytes) -> tuple[_Halves, _Halves]:
    pairs = np.frombuffer(digests, dtype="<u8").reshape(-1, 2)
    return pairs[:, 0].copy(), pairs[:, 1].copy()


def _ranges(starts: Longs, counts: Ints | Longs) -> Longs:
    """So many whole numbers from each start on, one after the other."""
    ends = np.cumsum(counts, dtype=np.int64)
    shift: Longs = np.repeat(starts - (ends - counts), counts)
    return shift + np.arange(len(shift))
