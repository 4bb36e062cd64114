"""View: diff."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from latticework.base.findings import Refused, error
from latticework.base.near import did_you_mean
from latticework.views.blocks import (
    Cell,
    Column,
    Metric,
    Prose,
    Sort,
    Span,
    Table,
    Tone,
    Why,
    cell,
    spans,
)
from latticework.views.page import Later, Page, param, sight_view
from latticework.views.sight import Sight
from latticework.views.visuals import Block, Matrix, Square
from latticework.views.wording import dotted, listed, many

if TYPE_CHECKING:
    import polars as pl

    from latticework.graph.delta import Delta
    from latticework.graph.graph import Graph
    from latticework.model.model import Model

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

_DID = {"new": "began", "cut": "gone"}
"""What is told of a thing of which nothing else is."""

_FEWEST_KINDS = 2
"""Fewer kinds are told by the numbers alone."""

LONGEST_TOLD = 60
"""Letters of a value that are drawn there."""


@dataclass(frozen=True)
class Params:
    """What the reader may choose."""

    before: str = param(
        "",
        "The earlier day, instant or moment that has a name; or another branch.",
        position=1,
        required=True,
    )
    after: str = param("now", "The later one.", position=2)
    query: str = param("", "Only things that answer this on either day.", position=3)
    what: str = param("", "Only one class: new, cut, restaged, moved, elaborated, changed.")
    told: bool = param(False, "In sentences instead of a table.")
    rows: int = param(50, "How many things to draw; 0 is all.")


@sight_view(Params)
def diff(sight: Sight, params: Params) -> Page:
    """What changed between two days?

    Things are classed as new, gone, standing in another stage, going by
    another ref, or described otherwise; each with what it was and is. A moment
    that has a name may stand for a day, and another branch for the earlier day.

      latticework diff 2026-01-01 now
      latticework diff 'the plan' now "bet where stage is active" --what new
    """
    if params.what and params.what not in CLASSES:
        says = f"'{params.what}' is no class of change"
        hint = did_you_mean(params.what, CLASSES, otherwise="one of " + listed(CLASSES))
        raise Refused([error("VIEW041", says, hint=hint, value=params.what)])
    title = f"From {params.before} to {params.after or 'now'}"
    found = delta_of(sight, params)
    page = delta_page(found, title=title, rows=params.rows, about=params.query, asked=params)
    if not params.told:
        return page
    sentences = found.tell(params.rows or len(found)) or ("Nothing changed.",)
    told = Prose(paragraphs=tuple((Span(each),) for each in sentences), tight=True)
    return replace(page, blocks=(told,))


def delta_of(sight: Sight, params: Params) -> Delta:
    """What differs between the two moments; raises Refused for words not understood."""
    from latticework.graph.delta import delta

    before, after = sight.side(params.before), sight.side(params.after)
    found = _asked(before, after, params.query) if params.query else delta(before, after)
    if not params.what:
        return found
    ranked = _ranked(found)
    return _only(found, ranked.filter(ranked["rank"] == list(CLASSES).index(params.what))["ref"])


def delta_page(
    found: Delta, *, title: str, rows: int = 0, about: str = "", asked: Params | None = None
) -> Page:
    """A delta as a page: how many of each class, of which kinds, then each thing's changes.

    Where it is known what was asked, numbers lead to the things they count.
    """
    ranked = _ranked(found)
    shown = ranked.head(rows) if rows else ranked
    table = _table(_changed(found, shown["ref"]), len(ranked), leads=asked is not None)
    blocks: tuple[Block, ...] = (*_metrics(ranked, asked), *_kinds(found, ranked, asked), table)
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


def _asked(before: Graph, after: Graph, query: str) -> Delta:
    """What differs of the things that answer a question at either end."""
    import numpy as np
    import polars as pl

    from latticework.graph.delta import delta
    from latticework.query.ask import ask

    then, now = ask(before, query).ids, ask(after, query).ids
    if before.log is after.log:
        return delta(before, after, np.union1d(then, now).astype(np.int32))
    # Two branches number their things apart: what answers is known by ref.
    refs = before.refs.gather(then)
    known = after.find_all(refs)
    every = [refs, after.refs.gather(known[known >= 0]), after.refs.gather(now)]
    return _only(delta(before, after), pl.concat(every))


def _only(found: Delta, refs: pl.Series) -> Delta:
    """What differs of these things."""
    own = refs.implode()
    return replace(
        found,
        nodes=found.nodes.filter(found.nodes["ref"].is_in(own)),
        cells=found.cells.filter(found.cells["ref"].is_in(own)),
        edges=found.edges.filter(found.edges["source"].is_in(own)),
        classes=found.classes.filter(found.classes["ref"].is_in(own)),
    )


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


def _metrics(ranked: pl.DataFrame, asked: Params | None) -> tuple[Metric, ...]:
    counts = dict(ranked["rank"].value_counts().iter_rows())
    return tuple(
        Metric(
            label=name,
            value=f"{counts[rank]:,}",
            note=words,
            tone=_TONES.get(name, Tone.PLAIN),
            why=_why(asked, name),
        )
        for rank, (name, words) in enumerate(CLASSES.items())
        if counts.get(rank)
    )


def _why(asked: Params | None, what: str, kind: str = "") -> Why | None:
    """Where a number leads: to the things of one class, and of one kind where nobody asked."""
    if asked is None or (kind and asked.query):
        return None
    chosen = {"before": asked.before, "after": asked.after, "query": asked.query or kind}
    chosen["what"] = what
    return Why("diff", tuple((name, text) for name, text in chosen.items() if text))


def _kinds(found: Delta, ranked: pl.DataFrame, asked: Params | None) -> Iterator[Matrix]:
    """What came, went and changed, kind by kind; of one kind the metrics say all."""
    import polars as pl

    kinds = ranked.select("rank", kind=pl.col("ref").str.split("/").list.first())
    counts = {(kind, rank): n for kind, rank, n in kinds.group_by("kind", "rank").len().iter_rows()}
    down = _in_order(found.model, {kind for kind, _ in counts})
    ranks = sorted({rank for _, rank in counts})
    if len(down) < _FEWEST_KINDS:
        return
    most = max(counts.values())

    def square(kind: str, rank: int) -> Square:
        number = counts.get((kind, rank), 0)
        why = _why(asked, list(CLASSES)[rank], kind) if number else None
        return Square(text=f"{number:,}" if number else "", weight=number / most, why=why)

    def total(kind: str = "", rank: int = -1) -> Square:
        of = (n for (k, r), n in counts.items() if kind in ("", k) and rank in (-1, r))
        why = _why(asked, list(CLASSES)[rank] if rank >= 0 else "", kind)
        return Square(text=f"{sum(of):,}", why=why)

    yield Matrix(
        across=tuple(cell(list(CLASSES)[rank]) for rank in ranks),
        down=tuple(cell(_named(found.model, kind)) for kind in down),
        squares=tuple(tuple(square(kind, rank) for rank in ranks) for kind in down),
        across_name="class",
        down_name="kind",
        measure="Things that changed",
        across_totals=tuple(total(rank=rank) for rank in ranks),
        down_totals=tuple(total(kind) for kind in down),
        total=total(),
        title="What came, went and changed",
        note="A thing stands under the weightiest of its classes.",
    )


def _in_order(model: Model, kinds: set[str]) -> tuple[str, ...]:
    """Kinds as the model has them; words it does not know come last."""
    known = tuple(each for each in model.kinds_by_name if each in kinds)
    return known + tuple(sorted(kinds.difference(known)))


def _named(model: Model, kind: str) -> str:
    declared = model.kinds_by_name.get(kind)
    return declared.many or declared.name if declared else kind


def _table(shown: Sequence[_Changed], total: int, *, leads: bool) -> Table:
    """Changed things; where it `leads`, what changed leads to the entries that say so."""
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
            _led(each, each.told(briefly=briefly)) if leads else each.told(briefly=briefly),
        )
        for each in shown
    )
    empty = ("Nothing changed.", "Try days further apart, or a query that asks for more.")
    return Table(columns=columns, rows=lines, grouped=True, total=total, empty=empty)


def _led(each: _Changed, told: Cell) -> Cell:
    """What changed, its first words leading to the entries of the thing."""
    first, *rest = told.spans or (Span(_DID.get(each.first, "changed"), tone=Tone.DIM),)
    words = first.text.rstrip()
    why = Why("feed", (("ref", each.ref),))
    gap = spans(Span(first.text[len(words) :]))
    return Cell((replace(first, text=words, why=why), *gap, *rest))
