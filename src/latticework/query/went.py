"""Fields that went from one value to another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from latticework.graph.graph import Graph
from latticework.graph.log import read_values
from latticework.query.cells import Cells, from_typed, split_by_kind, staged_cells
from latticework.query.compare import in_bounds, is_one_of
from latticework.query.plan import (
    AnyOf,
    FieldRead,
    InBounds,
    InWords,
    Negated,
    PlanCondition,
    Source,
    WentFromTo,
)
from latticework.query.truth import Ids, Mask, Truth, never, settled, spread

if TYPE_CHECKING:
    from latticework.query.run import Run


def went(run: Run, condition: WentFromTo, ids: Ids) -> Truth:
    """Whether a value before was followed by a value after, within the time."""
    truth = never(len(ids))
    for source, places in split_by_kind(run.graph, condition.field, ids):
        if source.expression is None:
            found = _went(run, condition, source)
            if places is None:
                return settled(found[ids])
            truth = truth | spread(settled(found[ids[places]]), places, len(ids))
    return truth


def _went(run: Run, condition: WentFromTo, source: Source) -> Mask:
    """The same for every node, by the rows of the field's own log."""
    graph = run.graph
    words = graph.words.field_words(source.kind, source.column, graph.log.cells)
    cells = graph.log.cells_of(words)
    line = cells.line
    end = graph.moment.valid if condition.end is None else condition.end
    rows = np.flatnonzero((line.valid <= end) & (line.number <= graph.number))
    mask = np.zeros(graph.size, dtype=np.bool_)
    if not len(rows):
        return mask
    subject, valid = line.subject[rows], line.valid[rows]
    said = cells.values.gather(line.value[rows])
    typed = read_values(source.field, said)
    values = (
        staged_values(run.graph, source, said.as_texts()) if source.staged else from_typed(typed)
    )
    before = _holds(condition.before, source, values)
    after = _holds(condition.after, source, values)
    # A row holds until the next of its subject: what ended before the start is out.
    last = np.append(subject[1:] != subject[:-1], True)
    until = np.append(valid[1:], end)
    inside = last | ((until > condition.start) & (until > valid))
    since = np.maximum.accumulate(np.where(before & inside, np.arange(len(rows)), -1))
    since = np.append(-1, since[:-1])
    first = np.maximum.accumulate(
        np.where(np.append(True, subject[1:] != subject[:-1]), np.arange(len(rows)), 0)
    )
    hits = after & (valid > condition.start) & (since >= first)
    mask[subject[hits]] = True
    return mask


def staged_values(graph: Graph, source: Source, texts: pl.Series) -> Cells:
    """Words of stages, by the place of each in its kind's course."""
    kind = source.staged
    assert kind is not None
    words = texts.drop_nulls().unique().to_list()
    stages = [graph.words.find_stage(kind, word) or word for word in words]
    new = pl.Series(stages, dtype=pl.String)
    meant = texts.replace_strict(words, new, default=None, return_dtype=pl.String)
    return staged_cells(source, kind, meant)


def _holds(condition: PlanCondition, source: Source, values: Cells) -> Mask:
    match condition:
        case InWords(FieldRead(), words) if source.kind in words:
            return is_one_of(values, words[source.kind]).sure
        case InBounds(FieldRead(), op, bounds) if source.kind in bounds:
            return in_bounds(values, op, bounds[source.kind]).sure
        case AnyOf(terms):
            return np.asarray(np.any([_holds(each, source, values) for each in terms], axis=0))
        case Negated(term):
            return ~_holds(term, source, values)
    return np.zeros(len(values.low), dtype=np.bool_)
