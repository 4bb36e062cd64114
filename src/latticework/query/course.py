"""What a field held over time, for many things in one reading of the log."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from latticework.base.times import BEGINNING, day_of, zone_of
from latticework.graph.graph import Graph
from latticework.graph.log import read_values
from latticework.model.model import Field
from latticework.query.cells import Cells, from_typed, split_by_kind
from latticework.query.plan import FieldRead, Source
from latticework.query.truth import Ids, Longs, Mask, Numbers
from latticework.query.went import staged_values

_VALUE = pl.Struct({"since": pl.String, "value": pl.String, "low": pl.Float64, "high": pl.Float64})
_FIGURE = r"^\s*(?:[A-Z]{3}\s)?([-+]?\d[\d,]*\.?\d*)"


def courses(graph: Graph, read: FieldRead, ids: Ids) -> pl.Series:
    """For each thing the dated values of a field, oldest first; null where it has none.

    `low` and `high` are the numbers of a value, null for one that has none; a
    text that begins with a number counts by it. `since` is null for what was always so. What is worked out from other
    fields has no history of its own.
    """
    found: list[list[dict[str, object]] | None] = [None] * len(ids)
    for source, places in split_by_kind(graph, read, ids):
        spots = np.arange(len(ids)) if places is None else places
        if source.expression is None:
            for place, values in _of_kind(graph, source, ids[spots]):
                found[int(spots[place])] = values
    return pl.Series(found, dtype=pl.List(_VALUE))


def _of_kind(
    graph: Graph, source: Source, ids: Ids
) -> Iterator[tuple[int, list[dict[str, object]]]]:
    """The values of one kind's things, by the place of each in `ids`."""
    words = graph.words.field_words(source.kind, source.column, graph.log.cells)
    cells = graph.log.cells_of(words)
    line = cells.line
    places = np.full(graph.size, -1, dtype=np.int64)
    places[ids] = np.arange(len(ids))
    seen = (line.valid <= graph.moment.valid) & (line.number <= graph.number)
    rows = np.flatnonzero(seen & (places[line.subject] >= 0))
    if not len(rows):
        return
    thing, valid = places[line.subject[rows]], line.valid[rows]
    # Of several rows of one instant the last entry counts.
    final = np.append((thing[1:] != thing[:-1]) | (valid[1:] != valid[:-1]), True)
    rows, thing, valid = rows[final], thing[final], valid[final]
    said = cells.values.gather(line.value[rows])
    texts = said.as_texts()
    values = (
        staged_values(graph, source, texts)
        if source.staged
        else from_typed(read_values(source.field, said))
    )
    # A stage that has got another name since is no other stage.
    texts = values.texts if source.staged else texts
    low, high = _numbers(source.field, values, texts)
    moved = _moved(thing, texts)
    yield from _by_thing(
        graph, thing[moved], valid[moved], texts.filter(pl.Series(moved)), low[moved], high[moved]
    )


def _moved(thing: Longs, texts: pl.Series) -> Mask:
    """Rows that say something else than the one before of the same thing."""
    same = (texts.eq_missing(texts.shift())).to_numpy()
    return np.asarray(np.append(True, thing[1:] != thing[:-1]) | ~same)


def _numbers(field: Field, values: Cells, texts: pl.Series) -> tuple[Numbers, Numbers]:
    if field.type not in {"text", "url"} or not np.isnan(values.low).all():
        return values.low, values.high
    figures = texts.str.extract(_FIGURE).str.replace_all(",", "").cast(pl.Float64, strict=False)
    found = figures.fill_null(float("nan")).to_numpy()
    return found, found


def _by_thing(
    graph: Graph,
    thing: Longs,
    valid: Longs,
    texts: pl.Series,
    low: Numbers,
    high: Numbers,
) -> Iterator[tuple[int, list[dict[str, object]]]]:
    zone = zone_of(graph.model.zone)
    days = [day_of(each, zone).isoformat() if each > BEGINNING else None for each in valid.tolist()]
    ends = [[None if np.isnan(each) else each for each in side.tolist()] for side in (low, high)]
    told = zip(days, texts.to_list(), *ends, strict=True)
    records = [dict(zip(("since", "value", "low", "high"), each, strict=True)) for each in told]
    starts = np.flatnonzero(np.append(True, thing[1:] != thing[:-1]))
    for start, end in zip(starts.tolist(), [*starts[1:].tolist(), len(thing)], strict=True):
        yield int(thing[start]), records[start:end]
