"""What an import does to the things of each kind: new, changed, unchanged, gone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import polars as pl

from latticework.graph.joins import joined_of
from latticework.journal.changes import Batch, Change, Connect, Disconnect, Put, Retire
from latticework.journal.tellers import HELD

if TYPE_CHECKING:
    from latticework.graph.graph import Graph
    from latticework.graph.timeline import Flags

_Hashes = npt.NDArray[np.uint64]

FOLDED = 20_000
"""Things whose touched fields are held by name before they become flags."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KindTold:
    """What became of the things of one kind; `fields` counts changed ones by name.

    `unchanged` are things that the source knows and that stayed as they were,
    `asked` fields that wait for somebody's decision.
    """

    kind: str
    new: int = 0
    changed: int = 0
    fields: Mapping[str, int] = field(default_factory=dict)
    asked: int = 0
    unchanged: int = 0
    gone: int = 0


@dataclass(slots=True)
class _Some:
    """What a few batches do, by ref: fields touched, things gone, fields asked about."""

    cells: dict[str, set[str]] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    asked: dict[str, set[str]] = field(default_factory=dict)

    def count(self, change: Change) -> None:
        """Note what one more change does."""
        if isinstance(change, Put):
            via = change.via
            if via is not None and via.source == HELD:
                self.asked.setdefault(change.ref, set()).update(change.fields)
                self.cells.get(change.ref, set()).difference_update(change.fields)
                return
            marked = via is not None and not via.key and any(change.fields.values())
            if marked:
                self.gone.add(change.ref)
            self.cells.setdefault(change.ref, set()).update(change.fields)
        elif isinstance(change, Retire):
            self.gone.add(change.ref)
        elif isinstance(change, Connect | Disconnect):
            self.cells.setdefault(change.source, set()).add(change.link)


class Counting:
    """Counts the changes of an import as they go by; used once.

    Of things that the company knows a flag is kept for each and for each of its
    fields, of new ones a hash: a million of them take little room.
    """

    def __init__(self, graph: Graph, stated: pl.DataFrame, source: str) -> None:
        """Nothing went by yet; `graph` is the company before the import of a source."""
        self._graph = graph
        self._known = _known(graph, stated, source)
        self._some = _Some()
        self._touched = np.zeros(graph.size, dtype=np.bool_)
        self._gone = np.zeros(graph.size, dtype=np.bool_)
        self._cells: dict[str, Flags] = {}
        self._asked: dict[str, Flags] = {}
        self._new: dict[str, list[_Hashes]] = {}
        self._new_gone: list[_Hashes] = []

    def through(self, batches: Iterable[Batch]) -> Iterator[Batch]:
        """The same batches, counted."""
        for batch in batches:
            for change in batch.changes:
                self._some.count(change)
            if len(self._some.cells) >= FOLDED:
                self._fold()
            yield batch

    def told(self) -> tuple[KindTold, ...]:
        """What became of each kind's things, against the graph before the import."""
        self._fold()
        graph = self._graph
        heads = {each.name.replace(" ", "-"): each.name for each in graph.model.kinds}
        gone = np.concatenate([np.zeros(0, dtype=np.uint64), *self._new_gone])
        new = {
            heads.get(head, head): len(np.setdiff1d(np.concatenate(hashes), gone))
            for head, hashes in self._new.items()
        }
        same = self._known & graph.alive & ~self._touched
        met = np.unique(graph.kind_codes[self._touched | same]).tolist()
        codes = {graph.kind_names[code]: code for code in met}
        return tuple(
            self._of_kind(kind, codes.get(kind, -1), new.get(kind, 0), same)
            for kind in sorted({*codes, *new})
        )

    def _of_kind(self, kind: str, code: int, new: int, same: Flags) -> KindTold:
        graph = self._graph
        mine = graph.kind_codes == code
        stay = self._touched & ~self._gone & mine
        known = stay & graph.alive
        changed = np.zeros(graph.size, dtype=np.bool_)
        for flags in self._cells.values():
            changed |= flags & known
        fields = Counter(
            {name: int((flags & changed).sum()) for name, flags in self._cells.items()}
        )
        return KindTold(
            kind=kind,
            new=new + int((stay & ~graph.alive).sum()),
            changed=int(changed.sum()),
            fields={name: count for name, count in fields.most_common() if count},
            asked=sum(int((flags & stay).sum()) for flags in self._asked.values()),
            # A record that only says that it was seen again changes nothing.
            unchanged=int((same & mine).sum()) + int((known & ~changed).sum()),
            gone=int((self._gone & mine).sum()),
        )

    def _fold(self) -> None:
        """Turn what a few batches do into flags and hashes."""
        some, self._some = self._some, _Some()
        refs = list({**some.cells, **dict.fromkeys(some.gone)})
        texts = pl.Series(refs, dtype=pl.String)
        nodes = self._graph.find_all(texts)
        known = dict(zip(refs, nodes.tolist(), strict=True))
        self._touched[nodes[nodes >= 0]] = True
        self._gone[[known[ref] for ref in some.gone if known[ref] >= 0]] = True
        # What is asked about was touched before, and is as it was.
        for name, asked in _by_field(some.asked, known).items():
            self._flags_of(self._asked, name)[asked] = True
            self._flags_of(self._cells, name)[asked] = False
        for name, cells in _by_field(some.cells, known).items():
            self._flags_of(self._cells, name)[cells] = True
        fresh = texts.gather(np.flatnonzero(nodes < 0))
        heads = fresh.str.splitn("/", 2).struct.field("field_0")
        for head, part in pl.DataFrame({"head": heads, "ref": fresh}).group_by("head"):
            self._new.setdefault(str(head[0]), []).append(part["ref"].hash().to_numpy())
        ended = pl.Series([ref for ref in some.gone if known[ref] < 0], dtype=pl.String)
        if len(ended):
            self._new_gone.append(ended.hash().to_numpy())

    def _flags_of(self, flags: dict[str, Flags], name: str) -> Flags:
        if name not in flags:
            flags[name] = np.zeros(self._graph.size, dtype=np.bool_)
        return flags[name]


def _known(graph: Graph, stated: pl.DataFrame, source: str) -> Flags:
    """The things that a source knows, joins followed."""
    told = stated["source"] == source
    # A million of them are not copied only to be looked at.
    mine = stated["subject"] if told.all() else stated["subject"].filter(told)
    found = graph.find_all(mine)
    still = np.zeros(graph.size, dtype=np.bool_)
    still[found[found >= 0]] = True
    joined = joined_of(graph)
    homes = [home for node, home in joined.items() if still[node]]
    still[list(joined)] = False
    still[homes] = True
    return still


def _by_field(cells: Mapping[str, set[str]], known: Mapping[str, int]) -> Mapping[str, list[int]]:
    """The nodes of which each field is touched, less those that are new."""
    nodes: dict[str, list[int]] = {}
    for ref, names in cells.items():
        for name in names if known.get(ref, -1) >= 0 else ():
            nodes.setdefault(name, []).append(known[ref])
    return nodes
