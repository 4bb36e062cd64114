"""Log frames into the decoded log, all at once or entry by entry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import numpy.typing as npt
import polars as pl

from latticework.graph.identity import with_mentions
from latticework.graph.log import NO_EDGES, CellLog, DeclaredModel, EdgeLog, Load, Log
from latticework.graph.names import Names
from latticework.graph.patches import cells_of
from latticework.graph.timeline import EMPTY, Ints, Longs, Timeline, timeline

_NO_INTS = np.zeros(0, dtype=np.int32)
_NO_LONGS = np.zeros(0, dtype=np.int64)

EMPTY_LOG = Log(
    head=0,
    names=Names(
        texts=pl.Series("text", [], pl.String),
        node_of=_NO_INTS,
        firsts=_NO_INTS,
        words=(),
        word_codes=_NO_INTS,
        move_pairs=(_NO_INTS, _NO_INTS),
    ),
    existence=EMPTY,
    cells={},
    edges={},
    models=(),
    known_at=_NO_LONGS,
    known_numbers=_NO_LONGS,
)


def extended(log: Log, frame: pl.DataFrame, load: Load) -> Log:
    """The log with further entries; what they do not touch is shared.

    `frame` has LOG_COLUMNS, its entries later than the log's. `load` reads a
    declared model's text.
    """
    if not len(frame):
        return log
    grown = _with_entries(log, frame, load)
    other = frame["op"].is_in(["declare", "redacted"])
    facts = frame.filter(~other) if other.any() else frame
    del frame  # of many entries each column that is no longer needed takes much room
    kin_changed = grown.kin != log.kin
    if not len(facts) and not kin_changed:
        return grown
    names, renumbering = with_mentions(log.names, facts, grown.kin, kin_changed=kin_changed)
    grown = replace(grown, names=names)
    if renumbering is not None:
        grown = renumbered(grown, renumbering)
    rows = _Rows.of(facts, names)
    del facts
    return replace(
        grown,
        existence=_with_existence(grown.existence, rows),
        cells=_with_puts(grown.cells, rows.where(PUT, PUT)),
        edges=_with_edges(grown.edges, rows.where(CONNECT, DISCONNECT)),
    )


def renumbered(log: Log, nodes: Ints) -> Log:
    """The same log where node `n` is called `nodes[n]`; several may fall together."""
    return replace(
        log,
        existence=_relabelled(log.existence, nodes),
        cells={
            word: replace(cells, line=_relabelled(cells.line, nodes))
            for word, cells in log.cells.items()
        },
        edges={
            word: _recoupled(edges, nodes[edges.sources], nodes[edges.targets])
            for word, edges in log.edges.items()
        },
    )


OPS = pl.Enum(["put", "retire", "move", "connect", "disconnect"])
PUT, RETIRE, MOVE, CONNECT, DISCONNECT = range(5)


@dataclass(frozen=True, kw_only=True)
class _Rows:
    """Entries about things and edges, with nodes in place of texts."""

    op: npt.NDArray[np.uint8]
    subject: Ints
    object: Ints
    valid: Longs
    number: Ints
    link: pl.Series
    patch: pl.Series

    @classmethod
    def of(cls, facts: pl.DataFrame, names: Names) -> Self:
        """Look up every text of a frame."""
        return cls(
            op=facts["op"].cast(OPS).to_physical().to_numpy(),
            subject=_looked_up(names, facts["subject"]),
            object=_looked_up(names, facts["object"]),
            valid=facts["valid"].to_numpy(),
            number=facts["number"].to_numpy().astype(np.int32),
            link=facts["link"],
            patch=facts["patch"],
        )

    def where(self, one: int, other: int) -> _Rows:
        """Those entries that have one of two ops."""
        return self.take(np.flatnonzero((self.op == one) | (self.op == other)))

    def take(self, spots: Longs) -> _Rows:
        """The entries at these places."""
        if len(spots) == len(self.op):
            return self
        return _Rows(
            op=self.op[spots],
            subject=self.subject[spots],
            object=self.object[spots],
            valid=self.valid[spots],
            number=self.number[spots],
            link=self.link.gather(spots),
            patch=self.patch.gather(spots),
        )


def _with_entries(log: Log, frame: pl.DataFrame, load: Load) -> Log:
    known = frame["known"].to_numpy()
    numbers = frame["number"].to_numpy()
    last = np.append(known[1:] != known[:-1], True)
    declared = frame.filter(pl.col("op") == "declare").select("valid", "number", "patch")
    models = [
        DeclaredModel(valid, number, load(text), text)
        for valid, number, text in declared.iter_rows()
    ]
    return replace(
        log,
        head=int(numbers[-1]),
        models=(*log.models, *models),
        known_at=np.concatenate([log.known_at, known[last]]),
        known_numbers=np.concatenate([log.known_numbers, numbers[last]]),
        _words={} if models else log._words,
        _merged={},
        latest={},
    )


def _looked_up(names: Names, texts: pl.Series) -> Ints:
    """The node of each text; -1 for none."""
    return names.find_all(texts, {})


def _with_existence(line: Timeline, rows: _Rows) -> Timeline:
    rows = rows.where(PUT, RETIRE)
    alive = (rows.op == PUT).astype(np.int32)
    tail = timeline(rows.subject, rows.valid, rows.number, alive)
    return line.with_rows(tail)


def _with_puts(cells: Mapping[str, CellLog], rows: _Rows) -> Mapping[str, CellLog]:
    grown = dict(cells)
    for found in cells_of(rows.patch):
        picks = found.rows
        grown[found.word] = grown.get(found.word, CellLog()).with_cells(
            rows.subject[picks], rows.valid[picks], rows.number[picks], found.values
        )
    return grown


def _with_edges(edges: Mapping[str, EdgeLog], rows: _Rows) -> Mapping[str, EdgeLog]:
    grown = dict(edges)
    for word, part in _by_link(rows):
        log, numbers = grown.get(word, NO_EDGES).edges_of(part.subject, part.object)
        on = (part.op == CONNECT).astype(np.int32)
        tail = timeline(numbers, part.valid, part.number, on)
        grown[word] = replace(
            log,
            state=log.state.with_rows(tail),
            _merged={},
            fields=_with_puts(log.fields, replace(part, subject=numbers)),
        )
    return grown


def _by_link(rows: _Rows) -> Iterator[tuple[str, _Rows]]:
    words = rows.link
    for word in words.unique(maintain_order=True).to_list():
        yield word, rows.take(np.flatnonzero((words == word).to_numpy()))


def _recoupled(edges: EdgeLog, sources: Ints, targets: Ints) -> EdgeLog:
    """The same edges between other nodes; several may fall together."""
    whole, numbers = NO_EDGES.edges_of(sources, targets)
    return replace(
        whole,
        state=_relabelled(edges.state, numbers),
        fields={
            name: replace(cells, line=_relabelled(cells.line, numbers))
            for name, cells in edges.fields.items()
        },
    )


def _relabelled(line: Timeline, subjects: Ints) -> Timeline:
    return timeline(subjects[line.subject], line.valid, line.number, line.value)
