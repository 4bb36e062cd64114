"""What a field held over time, for many things in one reading of the log."""

from __future__ import annotations

import numpy as np
import polars as pl

from latticework.base.times import BEGINNING, zone_of
from latticework.graph.graph import Graph
from latticework.graph.log import read_values
from latticework.model.model import Field
from latticework.query.cells import Cells, from_typed, split_by_kind
from latticework.query.plan import FieldRead, Source
from latticework.query.truth import Ids, Longs, Mask, Numbers
from latticework.query.went import staged_values

_VALUE = pl.Struct({"since": pl.String, "value": pl.String, "low": pl.Float64, "high": pl.Float64})
_NOTHING = pl.DataFrame(schema={"place": pl.Int64(), "value": _VALUE})
_FIGURE = r"^\s*(?:[A-Z]{3}\s)?([-+]?\d[\d,]*\.?\d*)"


def courses(graph: Graph, read: FieldRead, ids: Ids) -> pl.Series:
    """For each thing the dated values of a field, oldest first; null where it has none.

    `low` and `high` are the numbers of a value, null for one that has none; a
    text that begins with a number counts by it. `since` is null for what was always so. What is worked out from other
    fields has no history of its own.
    """
    told = [_NOTHING]
    for source, places in split_by_kind(graph, read, ids):
        spots = np.arange(len(ids)) if places is None else places
        if source.expression is None:
            told.append(_of_kind(graph, source, ids[spots], spots))
    values = pl.concat(told).group_by("place", maintain_order=True).agg("value")
    every = pl.DataFrame({"place": np.arange(len(ids))})
    return every.join(values, on="place", how="left", maintain_order="left")["value"]


def _of_kind(graph: Graph, source: Source, ids: Ids, spots: Longs) -> pl.DataFrame:
    """The values of one kind's things, each with the thing's place among all."""
    words = graph.words.field_words(source.kind, source.column, graph.log.cells)
    cells = graph.log.cells_of(words)
    line = cells.line
    places = np.full(graph.size, -1, dtype=np.int64)
    places[ids] = np.arange(len(ids))
    seen = (line.valid <= graph.moment.valid) & (line.number <= graph.number)
    rows = np.flatnonzero(seen & (places[line.subject] >= 0))
    if not len(rows):
        return _NOTHING
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
    columns = {
        "since": _days(graph, valid[moved]),
        "value": texts.filter(pl.Series(moved)),
        "low": pl.Series(low[moved]).fill_nan(None),
        "high": pl.Series(high[moved]).fill_nan(None),
    }
    return pl.DataFrame({"place": spots[thing[moved]]}).with_columns(
        value=pl.DataFrame(columns).to_struct()
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


def _days(graph: Graph, valid: Longs) -> pl.Series:
    """The day of each instant in the company's zone; null for what was always so."""
    instants = pl.Series(valid, dtype=pl.Datetime("us", "UTC"))
    days = instants.dt.convert_time_zone(str(zone_of(graph.model.zone))).dt.strftime("%Y-%m-%d")
    return days.set(pl.Series(valid <= BEGINNING), None)
