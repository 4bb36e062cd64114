"""The entries that hold latest at a moment, whenever they were recorded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from latticework.journal.changes import Entry
from latticework.journal.store import MAIN, Store

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from latticework.graph.graph import Graph
    from latticework.graph.timeline import Timeline

    Longs = NDArray[np.int64]

_MORE = 60
"""Changes looked at for one entry: a put of many fields is many changes."""


@dataclass(frozen=True, eq=False)
class Dates:
    """Since when each change of a log holds, and by which entry."""

    valid: Longs
    number: Longs


def dates_of(graph: Graph) -> Dates:
    """The dates of all changes in a graph's log, in no order."""
    import numpy as np

    lines = lines_of(graph)
    return Dates(
        np.concatenate([line.valid for line in lines]).astype(np.int64, copy=False),
        np.concatenate([line.number for line in lines]).astype(np.int64, copy=False),
    )


def later_in(graph: Graph) -> Longs:
    """The instants after the graph's own at which changes begin to hold, ascending."""
    import numpy as np

    now = graph.moment.valid
    parts = [line.valid[line.valid > now] for line in lines_of(graph)]
    models = np.array([each.valid for each in graph.log.models if each.valid > now])
    return np.sort(np.concatenate([*parts, models]).astype(np.int64))


def lines_of(graph: Graph) -> list[Timeline]:
    """Every change of a graph's log, by what it is about."""
    log = graph.log
    lines = [log.existence, *(cells.line for cells in log.cells.values())]
    return lines + [edges.state for edges in log.edges.values()]


def recent_numbers(dates: Dates, graph: Graph, most: int) -> list[int]:
    """Numbers of the `most` entries that hold latest at the graph's moment."""
    import numpy as np

    seen = np.flatnonzero((dates.valid <= graph.moment.valid) & (dates.number <= graph.number))
    if len(seen) > most * _MORE:
        among = np.argpartition(dates.valid[seen], len(seen) - most * _MORE)
        seen = seen[among[-most * _MORE :]]
    order = np.lexsort((dates.number[seen], dates.valid[seen]))[::-1]
    numbers = dict.fromkeys(dates.number[seen][order].tolist())
    return list(numbers)[:most]


def recent_entries(
    store: Store, dates: Dates, graph: Graph, most: int, branch: str = MAIN
) -> tuple[Entry, ...]:
    """Entries by the day from which they hold, latest first; 0 is all of them."""
    if most:
        numbers = recent_numbers(dates, graph, most)
        found = {each.number: each for each in store.numbered(numbers, branch)}
        return tuple(found[number] for number in numbers if number in found)
    upto = graph.moment.valid
    held = [each for each in store.entries(branch, upto=graph.number) if each.valid <= upto]
    return tuple(sorted(held, key=lambda each: (each.valid, each.number), reverse=True))
