"""A plan is run: which things, in which order, and what is shown of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import polars as pl

from latticework.base.findings import Finding, warning
from latticework.graph.graph import Graph
from latticework.model.model import TITLE, Field
from latticework.model.values import Measure, format_value
from latticework.query.cells import rounded
from latticework.query.course import courses
from latticework.query.function import Tally
from latticework.query.literal import COMPARED_AS_NUMBERS
from latticework.query.people import SOMEBODY
from latticework.query.plan import (
    Destination,
    FieldRead,
    Listed,
    Measured,
    Plan,
    Shown,
    Sorting,
    Tallied,
)
from latticework.query.rows import Rows
from latticework.query.run import Run
from latticework.query.tally import Tallies
from latticework.query.truth import Ids, Ints, Numbers, narrow
from latticework.query.walk import pairs_of

_SAMPLE = 8_192
"""Keys looked at to guess which may be among the first few."""

_MIXED = "mixed currencies"


def run(
    plan: Plan, graph: Graph, *, today: date, text: str = "", about: Ints | None = None
) -> Rows:
    """The rows that answer a plan; the plan's model must be the graph's.

    With `about`, sorted ids, only those of them that answer it.
    """
    question = Run(graph, today, text)
    ids = _things(question, plan.extent)
    if about is not None:
        ids = narrow(np.intersect1d(ids, about, assume_unique=True))
    if plan.where is not None:
        ids = ids[question.truth(plan.where, ids).sure]
    answer = _Answer(question, plan)
    order = answer.ordered(ids)
    chosen = order if plan.limit is None else order[: plan.limit]
    groups = answer.groups(ids) if plan.group is not None else None
    return Rows(
        ids=narrow(chosen),
        columns=answer.names,
        read=answer.frame,
        total=len(ids),
        moment=graph.moment,
        groups=groups,
        findings=answer.findings(narrow(chosen)),
        tallied={each.label: each.says for each in plan.show if each.says},
        plan=plan,
    )


def _things(question: Run, extent: Destination) -> Ints:
    graph = question.graph
    if extent.ref:
        found = question.thing(extent)
        return narrow(np.array([found] if graph.alive[found] else [], dtype=np.int64))
    if extent.kinds is None:
        return graph.ids_of("any")
    if len(extent.kinds) == 1:
        return graph.ids_of(extent.kinds[0])
    return narrow(np.flatnonzero(graph.alive & question.of_kinds(extent.kinds)))


@dataclass(frozen=True)
class _Answer:
    """Orders and shows the things that were found."""

    question: Run
    plan: Plan

    def ordered(self, ids: Ints) -> Ints:
        """The things by group, then by the keys, then in order of first mention."""
        sorting = self.plan.sort
        if self.plan.group is not None:
            sorting = (Sorting(self.plan.group.what), *sorting)
        if not sorting or not len(ids):
            return ids
        keys = [self._key(each, ids) for each in sorting]
        if self.plan.group is not None:
            # What is written apart stands apart, though it sorts alike ("2–5" and "2–8").
            keys.insert(1, self._written_ranks(self.plan.group, ids))
        limit = self.plan.limit
        if limit is not None and 0 < limit < len(ids) // 4:
            near = _first_few(keys[0], limit)
            order = near[np.lexsort([key[near] for key in reversed(keys)])]
        else:
            order = np.lexsort(list(reversed(keys)))
        return narrow(ids[order])

    def _key(self, sorting: Sorting, ids: Ints) -> Numbers:
        """Numbers that sort as asked; what has no value comes last either way."""
        low, high = self._ranks(sorting.what, ids)
        return -high if sorting.descending else low

    def _written_ranks(self, shown: Shown, ids: Ints) -> Numbers:
        values = self._column(shown, ids)
        values = values.list.join(", ") if values.dtype == pl.List else values
        return values.rank("dense").cast(pl.Float64).fill_null(float("nan")).to_numpy()

    def _ranks(self, what: Measured, ids: Ints) -> tuple[Numbers, Numbers]:
        if isinstance(what, Listed):
            return _text_ranks(self._listed(what, ids).list.join(", "))
        if isinstance(what, Tallied):
            found = self.question.tallies(what, ids)
            return found.low, found.high
        if isinstance(what, FieldRead) and what.name == TITLE:
            return _text_ranks(self.question.graph.titles(ids))
        cells = self.question.cells(what, ids)
        course = isinstance(what, FieldRead) and all(e.staged for e in what.sources)
        if course or cells.field.type in COMPARED_AS_NUMBERS:
            return cells.low, cells.high
        texts = cells.written()
        return _text_ranks(texts.list.join(", ") if texts.dtype == pl.List else texts)

    # Columns -------------------------------------------------------------------------

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns, each once."""
        return tuple(dict.fromkeys(("ref", "kind", TITLE, *(each.label for each in self._shown))))

    @property
    def _shown(self) -> tuple[Shown, ...]:
        group = (self.plan.group,) if self.plan.group is not None else ()
        return (*group, *self.plan.show)

    def findings(self, ids: Ints) -> tuple[Finding, ...]:
        """What the shown totals of all these things leave open."""
        tallied = [(each.label, each.what) for each in self._shown]
        found = [
            (label, int(self.question.tallies(what, ids).mixed.sum()))
            for label, what in tallied
            if isinstance(what, Tallied)
        ]
        return tuple(_mixed(label, rows) for label, rows in found if rows)

    def frame(self, ids: Ints) -> pl.DataFrame:
        """Ref, kind, title and what was to be shown, for each thing."""
        graph = self.question.graph
        kinds = pl.Series(graph.kind_names, dtype=pl.String)
        columns = {
            "ref": graph.refs[ids].cast(pl.String),
            "kind": kinds[graph.kind_codes[ids]],
            TITLE: graph.titles(ids),
        }
        for shown in self._shown:
            if shown.label not in columns:
                columns[shown.label] = self._column(shown, ids)
        return pl.DataFrame([series.alias(name) for name, series in columns.items()])

    def _column(self, shown: Shown, ids: Ints) -> pl.Series:
        what = shown.what
        if isinstance(what, Listed):
            return self._listed(what, ids)
        if shown.past and isinstance(what, FieldRead):
            return courses(self.question.graph, what, ids)
        if isinstance(what, Tallied):
            return _tally_column(self.question.tallies(what, ids))
        cells = self.question.cells(what, ids)
        if isinstance(what, FieldRead):
            return cells.written()
        plain = cells.low[cells.present & ~cells.unclear]
        if cells.field.type == "number" and (plain == np.round(plain)).all():
            whole = [None if np.isnan(each) else int(each) for each in cells.low]
            return pl.Series(whole, dtype=pl.Int64)
        return cells.written()

    def _listed(self, what: Listed, ids: Ints) -> pl.Series:
        """For each thing the refs its path reaches, or a field of those."""
        graph = self.question.graph
        ends = self.question.targets(what.steps, what.target, ids)
        places, nodes = pairs_of(graph, what.steps, ids)
        counts = ends.sure[nodes]
        places, nodes = places[counts], narrow(nodes[counts])
        if what.field is None:
            texts = self._named(nodes, what.together) if what.together else graph.refs[nodes]
        else:
            written = self.question.cells(what.field, nodes).written()
            texts = written.list.join(", ") if written.dtype == pl.List else written
        rows = pl.DataFrame({"row": pl.Series(places, dtype=pl.Int64), "text": texts})
        if what.together:
            rows = rows.unique(maintain_order=True)
        rows = rows.drop_nulls().group_by("row", maintain_order=True).agg(pl.col("text"))
        every = pl.DataFrame({"row": pl.Series(range(len(ids)), dtype=pl.Int64)})
        joined = every.join(rows, on="row", how="left", maintain_order="left")["text"]
        empty = pl.Series([[]], dtype=pl.List(pl.String))
        return joined.fill_null(empty) if len(joined) else joined.cast(pl.List(pl.String))

    def _named(self, nodes: Ids, together: frozenset[str]) -> pl.Series:
        """The ref of each thing; one word for all that are not told apart."""
        graph = self.question.graph
        refs = graph.refs[nodes].cast(pl.String)
        codes = [code for code, name in enumerate(graph.kind_names) if name in together]
        apart = pl.Series(~np.isin(graph.kind_codes[nodes], codes))
        return refs.zip_with(apart, pl.Series([SOMEBODY] * len(refs), dtype=pl.String))

    # Groups --------------------------------------------------------------------------

    def groups(self, ids: Ints) -> pl.DataFrame:
        """A row per group: its value, how many things, and totals of own fields."""
        group = self.plan.group
        assert group is not None
        ordered = _Answer(self.question, _unlimited(self.plan)).ordered(ids)
        values = self._column(group, ordered)
        if values.dtype == pl.List:
            values = values.list.join(", ")
        frame = pl.DataFrame([values.alias(group.label)]).with_row_index("row")
        rows = frame.group_by(group.label, maintain_order=True).agg("row")
        columns = [rows[group.label], rows["row"].list.len().cast(pl.Int64).alias("count")]
        for shown in self.plan.show:
            if isinstance(shown.what, Tallied) and not shown.what.steps:
                parts = [ordered[part.to_numpy()] for part in rows["row"]]
                columns.append(self._totals(shown.what, parts).alias(shown.label))
        return pl.DataFrame(columns)

    def _totals(self, what: Tallied, parts: Sequence[Ints]) -> pl.Series:
        texts: list[str | float | None] = []
        for part in parts:
            found = self.question.tallies(what, part)
            texts.append(_total(found, what.tally))
        whole = all(each is None or isinstance(each, float) for each in texts)
        if whole:
            return pl.Series(texts, dtype=pl.Float64)
        return pl.Series([None if e is None else str(e) for e in texts], dtype=pl.String)


def _unlimited(plan: Plan) -> Plan:
    return replace(plan, limit=None)


def _first_few(key: Numbers, limit: int) -> Ids:
    """The places of at least the `limit` least keys, ties included."""
    some = key[:: max(len(key) // _SAMPLE, 1)]
    few = min(len(some) - 1, 16 + 4 * limit * len(some) // len(key))
    likely = np.flatnonzero(key <= np.partition(some, few)[few])
    known = likely if len(likely) >= limit else np.flatnonzero(~np.isnan(key))
    if len(known) <= limit:
        return known if len(likely) >= limit else np.arange(len(key))
    last = np.partition(key[known], limit - 1)[limit - 1]
    return np.asarray(known[key[known] <= last])


def _text_ranks(texts: pl.Series) -> tuple[Numbers, Numbers]:
    ranks = texts.str.to_lowercase().rank("dense").cast(pl.Float64)
    found = ranks.fill_null(float("nan")).to_numpy()
    return found, found


def _total(found: Tallies, tally: Tally) -> str | float | None:
    """The tally of a group from those of its members, one value each."""
    known = found.known
    units = {found.unit_at(place) for place in np.flatnonzero(known & (found.high != 0)).tolist()}
    if found.mixed.any() or len(units) > 1:
        return _MIXED
    if not known.any():
        return None
    low, high = (_folded(tally, ends[known]) for ends in (found.low, found.high))
    unit = next(iter(units), "")
    if found.exact and _is_plain(found.field, unit):
        return low
    return _written(found.field, low, high, unit)


def _folded(tally: Tally, ends: Numbers) -> float:
    match tally:
        case Tally.MIN:
            return float(ends.min())
        case Tally.MAX:
            return float(ends.max())
        case Tally.AVERAGE:
            return float(ends.mean())
    return float(ends.sum())


def _is_plain(field: Field, unit: str) -> bool:
    """Whether a number says all: of numbers, and of money in its usual currency."""
    return field.type == "number" or (field.type == "money" and unit in {"", field.unit})


def _written(field: Field, low: float, high: float, unit: str) -> str:
    if np.isinf(low) and np.isinf(high):
        return "unknown"
    return format_value(field, Measure(rounded(low), rounded(high), unit))


def _tally_column(found: Tallies) -> pl.Series:
    """Numbers where all of them are plain, else texts."""
    units = {found.unit_at(place) for place in np.flatnonzero(found.known).tolist()}
    if found.exact and all(_is_plain(found.field, unit) for unit in units):
        numbers = [None if np.isnan(each) else rounded(float(each)) for each in found.low]
        if all(each is None or each.is_integer() for each in numbers):
            return pl.Series([None if e is None else int(e) for e in numbers], dtype=pl.Int64)
        return pl.Series(numbers, dtype=pl.Float64)
    texts: list[str | None] = []
    for place, (low, high) in enumerate(zip(found.low.tolist(), found.high.tolist(), strict=True)):
        if found.mixed[place]:
            texts.append(_MIXED)
        elif np.isnan(low):
            texts.append(None)
        else:
            texts.append(_written(found.field, low, high, found.unit_at(place)))
    return pl.Series(texts, dtype=pl.String)


def _mixed(label: str, rows: int) -> Finding:
    spots = "1 row" if rows == 1 else f"{rows:,} rows"
    says = f"'{label}' meets several currencies in {spots}; they are not set against each other"
    return warning("QUERY032", says, hint="ask for one currency at a time")
