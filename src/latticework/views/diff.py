"""View: diff."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from latticework.views.blocks import (
    Cell,
    Column,
    Metric,
    Prose,
    Sort,
    Span,
    Table,
    Tone,
    cell,
    spans,
)
from latticework.views.page import Later, Page, param, sight_view
from latticework.views.sight import Sight
from latticework.views.visuals import Block
from latticework.views.wording import dotted, listed, many

if TYPE_CHECKING:
    import polars as pl

    from latticework.graph.delta import Delta
    from latticework.graph.graph import Graph
    from latticework.views.things import Ids

OTHER = "changed"

CLASSES = {
    "new": "began",
    "cut": "are gone, or were given up",
    "restaged": "stand in another stage",
    "moved": "go by another ref, or serve something else",
    "elaborated": "are described in more detail",
    OTHER: "are described otherwise",
}
"""Classes in the order in which they are told, each with what its things do."""

_TONES = {"new": Tone.GOOD, "cut": Tone.BAD}

FEW = 5
"""So many changed things are told in full."""

MOST_TOLD = 8
"""Changes of one thing that are drawn where more things than a few changed."""

LONGEST_TOLD = 60
"""Letters of a value that are drawn there."""


@dataclass(frozen=True)
class Params:
    """What the reader may choose."""

    before: str = param("", "The earlier day or instant.", position=1, required=True)
    after: str = param("now", "The later day or instant.", position=2)
    query: str = param("", "Only things that answer this on either day.", position=3)
    told: bool = param(False, "In sentences instead of a table.")
    rows: int = param(50, "How many things to draw; 0 is all.")


@sight_view(Params)
def diff(sight: Sight, params: Params) -> Page:
    """What changed between two days?

    Things are classed as new, gone, standing in another stage, going by
    another ref, or described otherwise; each with what it was and is.
    """
    title = f"From {params.before} to {params.after or 'now'}"
    found = delta_of(sight, params)
    page = delta_page(found, title=title, rows=params.rows, about=params.query)
    if not params.told:
        return page
    sentences = found.tell(params.rows or len(found)) or ("Nothing changed.",)
    told = Prose(paragraphs=tuple((Span(each),) for each in sentences), tight=True)
    return replace(page, blocks=(told,))


def delta_of(sight: Sight, params: Params) -> Delta:
    """What differs between the two moments; raises Refused for words not understood."""
    from latticework.graph.delta import delta

    before = sight.graph_at(params.before)
    after = sight.graph if params.after in {"", "now"} else sight.graph_at(params.after)
    ids = _answering(before, after, params.query) if params.query else None
    return delta(before, after, ids)


def delta_page(found: Delta, *, title: str, rows: int = 0, about: str = "") -> Page:
    """A delta as a page: how many of each class, then each thing's changes."""
    ranked = _ranked(found)
    shown = ranked.head(rows) if rows else ranked
    table = _table(_changed(found, shown["ref"]), len(ranked))
    blocks: tuple[Block, ...] = (*_metrics(ranked), table)
    return Page(
        title=title,
        subtitle=dotted(about, many(len(ranked), "thing") + " changed"),
        blocks=blocks,
        data=Later(lambda: (each.data for each in _changed(found, ranked["ref"]))),
    )


@dataclass
class _Changed:
    """One thing with all that changed about it."""

    ref: str
    kind: str = ""
    title: str = ""
    classes: list[str] = field(default_factory=list)
    parts: list[tuple[Span, ...]] = field(default_factory=list)
    rows: list[dict[str, object]] = field(default_factory=list)

    @property
    def first(self) -> str:
        """The class under which it is drawn."""
        return next((each for each in CLASSES if each in self.classes), OTHER)

    def told(self, *, briefly: bool) -> Cell:
        """Its changes in one line; briefly, the first of them, long texts cut."""
        parts = [_cut(part) for part in self.parts[:MOST_TOLD]] if briefly else self.parts
        joined = [span for part in parts for span in (Span(", "), *part)]
        left = len(self.parts) - len(parts)
        more = (Span(f" and {left:,} more", tone=Tone.DIM),) if left else ()
        return Cell((*joined[1:], *more))

    @property
    def data(self) -> dict[str, object]:
        """The same for machines."""
        return {
            "ref": self.ref,
            "kind": self.kind,
            "title": self.title,
            "classes": self.classes,
            "changes": self.rows,
        }


def _answering(before: Graph, after: Graph, query: str) -> Ids:
    import numpy as np

    from latticework.query.ask import ask

    return np.union1d(ask(before, query).ids, ask(after, query).ids).astype(np.int32)


def _ranked(found: Delta) -> pl.DataFrame:
    """Refs of changed things in the order of their classes, then by name."""
    import polars as pl

    order = pl.Series(list(CLASSES))
    places = pl.Series(range(len(order)))
    last = len(order) - 1
    ranks = [
        found.classes.select(
            "ref",
            rank=pl.col("class").replace_strict(order, places, default=last, return_dtype=pl.Int64),
        )
    ]
    for frame in (found.nodes, found.cells, found.edges.rename({"source": "ref"})):
        ranks.append(frame.select("ref", rank=pl.lit(last, pl.Int64)))
    firsts = pl.concat(ranks).group_by("ref").agg(pl.col("rank").min())
    return firsts.sort("rank", "ref")


def _changed(found: Delta, refs: pl.Series) -> list[_Changed]:
    """The things of these refs, in their order."""
    import polars as pl

    every: defaultdict[str, _Changed] = _Things()
    wanted = pl.DataFrame({"ref": refs})

    def rows_of(frame: pl.DataFrame, name: str = "ref") -> Iterator[dict[str, Any]]:
        own = frame.join(wanted, left_on=name, right_on="ref", how="semi", maintain_order="left")
        return own.iter_rows(named=True)

    for row in rows_of(found.nodes):
        _add_node(every[row["ref"]], row)
    for row in rows_of(found.classes):
        every[row["ref"]].classes.append(row["class"])
    for row in rows_of(found.cells):
        _name(every[row["ref"]], row)
        _add_cell(every[row["ref"]], row)
    for row in rows_of(found.edges, "source"):
        _add_edge(every[row["source"]], row)
    return [every[ref] for ref in refs.to_list()]


class _Things(defaultdict[str, _Changed]):
    """Changed things by ref, begun when first named."""

    def __missing__(self, ref: str) -> _Changed:
        """A thing of which nothing is known yet."""
        self[ref] = _Changed(ref, ref.partition("/")[0])
        return self[ref]


def _name(thing: _Changed, row: Mapping[str, object]) -> None:
    thing.kind = str(row["kind"] or thing.kind)
    thing.title = str(row["title"] or thing.title)


def _add_node(thing: _Changed, row: Mapping[str, object]) -> None:
    _name(thing, row)
    if row["was"]:
        thing.parts.append((Span("was ", tone=Tone.DIM), Span(str(row["was"]))))
    thing.rows.append({"what": row["what"], "was": row["was"]})


def _add_cell(thing: _Changed, row: Mapping[str, object]) -> None:
    before, after = _words(row["before"]), _words(row["after"])
    label = Span(f"{row['field']} ", tone=Tone.DIM)
    if not after:
        thing.parts.append((label, Span(f"taken away (was {before})", tone=Tone.BAD)))
    elif before:
        thing.parts.append((label, Span(before, tone=Tone.DIM), Span(" → "), Span(after)))
    elif "new" not in thing.classes or row["field"] != "title":
        thing.parts.append((label, Span(after)))
    thing.rows.append({"field": row["field"], "before": row["before"], "after": row["after"]})


def _add_edge(thing: _Changed, row: Mapping[str, object]) -> None:
    _name(thing, row)
    gone = row["what"] == "gone"
    phrase = f"no longer {row['link']}" if gone else str(row["link"])
    target = str(row["target"])
    carried = _carried(row["changes"])
    thing.parts.append(
        (
            Span(f"{phrase} ", tone=Tone.BAD if gone else Tone.PLAIN),
            Span(target, ref=target),
            Span(f" ({carried})" if carried else "", tone=Tone.DIM),
        )
    )
    thing.rows.append(
        {"link": row["link"], "target": target, "what": row["what"], "changes": row["changes"]}
    )


def _carried(changes: object) -> str:
    """What an edge carries otherwise: "share 40% → 60%"."""
    if not isinstance(changes, list):
        return ""
    return listed(
        f"{each['field']} {each['before']} → {each['after'] or 'nothing'}"
        if each["before"]
        else f"{each['field']} {each['after']}"
        for each in changes
    )


def _cut(part: tuple[Span, ...]) -> tuple[Span, ...]:
    return tuple(
        replace(each, text=each.text[: LONGEST_TOLD - 1] + "…")
        if len(each.text) > LONGEST_TOLD
        else each
        for each in part
    )


def _words(value: object) -> str:
    if value is None:
        return ""
    return listed(value) if isinstance(value, list | tuple) else str(value)


def _metrics(ranked: pl.DataFrame) -> tuple[Metric, ...]:
    counts = dict(ranked["rank"].value_counts().iter_rows())
    return tuple(
        Metric(label=name, value=f"{counts[rank]:,}", note=words, tone=_TONES.get(name, Tone.PLAIN))
        for rank, (name, words) in enumerate(CLASSES.items())
        if counts.get(rank)
    )


def _table(shown: Sequence[_Changed], total: int) -> Table:
    briefly = len(shown) > FEW
    columns = (
        Column("class"),
        Column("ref", sort=Sort.REF),
        Column("title"),
        Column("what changed", wrap=True),
    )
    lines = tuple(
        (
            Cell(spans(Span(each.first, tone=_TONES.get(each.first, Tone.STRONG)))),
            cell(each.ref, ref=each.ref),
            cell(each.title, ref=each.ref),
            each.told(briefly=briefly),
        )
        for each in shown
    )
    empty = ("Nothing changed.", "Try days further apart, or a query that asks for more.")
    return Table(columns=columns, rows=lines, grouped=True, total=total, empty=empty)
