"""View: kinds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from latticework.base.findings import Refused, error
from latticework.base.near import did_you_mean
from latticework.base.times import Instant
from latticework.model.model import Family, Kind
from latticework.views.blocks import (
    Align,
    Cell,
    Column,
    Fields,
    Sort,
    Table,
    Tone,
    cell,
)
from latticework.views.page import Page, param, sight_view
from latticework.views.sight import Sight
from latticework.views.visuals import Block
from latticework.views.wording import ago, day_words, dotted, many

if TYPE_CHECKING:
    from latticework.graph.graph import Graph

_CATEGORIES = ("proposed", "active", "done", "dropped")


@dataclass(frozen=True)
class Params:
    """What the reader may choose."""

    family: str = param("", "Only kinds of this family.")


@dataclass(frozen=True, kw_only=True)
class _Counted:
    """A kind, how many of it there are, where they stand, the last touch."""

    kind: Kind
    count: int
    stages: tuple[int, ...]
    touched: Instant | None


@sight_view(Params)
def kinds(sight: Sight, params: Params) -> Page:
    """What is there: every kind by family, how many, and how fresh?

    Families that hold nothing yet are shown too, with what would go there.
    """
    families = _families(params.family)
    counted = [
        _counted(sight.graph, kind)
        for family in families
        for kind in sight.graph.model.kinds
        if kind.family is family
    ]
    total = sum(each.count for each in counted)
    used = [each for each in counted if each.count]
    unused = [each.kind for each in counted if not each.count]
    blocks: list[Block] = [_table(used, sight)]
    if unused:
        blocks.append(_unused(unused))
    name = sight.graph.model.company
    return Page(
        title=name or "Kinds",
        subtitle=dotted(many(total, "thing"), f"{many(len(used), 'kind')} in use"),
        blocks=tuple(blocks),
        data=tuple(_data(each, sight) for each in counted),
    )


def _families(word: str) -> tuple[Family, ...]:
    words = [each.value for each in Family]
    if word and word not in words:
        hint = did_you_mean(word, words, otherwise=f"one of {', '.join(words)}")
        raise Refused([error("VIEW010", f"no family '{word}'", hint=hint, value=word)])
    return tuple(each for each in Family if word in ("", each.value))


def _counted(graph: Graph, kind: Kind) -> _Counted:
    found = graph.ids_of(kind.name)
    categories = graph.stage_categories(found) if kind.stages else None
    counts = {} if categories is None else dict(categories.value_counts().iter_rows())
    stages = tuple(counts.get(each, 0) for each in _CATEGORIES)
    touched = graph.touched_by_kind.get(kind.name)
    return _Counted(kind=kind, count=len(found), stages=stages, touched=touched)


def _table(counted: list[_Counted], sight: Sight) -> Table:
    columns = (
        Column("family"),
        Column("kind", sort=Sort.REF),
        Column("things", align=Align.RIGHT, sort=Sort.NUMBER),
        *(Column(each, align=Align.RIGHT, sort=Sort.NUMBER) for each in _CATEGORIES),
        Column("touched", sort=Sort.WHEN),
        Column(""),
    )
    empty = (
        "Nothing is recorded yet.",
        "Bring work in with: latticework import RECIPE",
        "or write the first thing with: latticework put goal/first title='What we want'",
    )
    rows = tuple(_row(each, sight) for each in counted)
    return Table(columns=columns, rows=rows, grouped=True, empty=empty)


def _row(each: _Counted, sight: Sight) -> tuple[Cell, ...]:
    stages = each.stages if each.kind.stages else (0,) * len(_CATEGORIES)
    when = day_words(each.touched, sight.zone) if each.touched is not None else ""
    distance = ago(each.touched, sight.now) if each.touched is not None else ""
    return (
        cell(each.kind.family.value),
        cell(each.kind.many or each.kind.name),
        cell(f"{each.count:,}", tone=Tone.STRONG),
        *(cell(f"{number:,}" if number else "") for number in stages),
        cell(when),
        cell(distance, tone=Tone.DIM),
    )


def _unused(unused: list[Kind]) -> Fields:
    """Names of kinds that nothing is of, by family."""
    names = {family: [k.many or k.name for k in unused if k.family is family] for family in Family}
    pairs = tuple((each.value, cell(", ".join(found))) for each, found in names.items() if found)
    return Fields(pairs=pairs, title="Not used yet")


def _data(each: _Counted, sight: Sight) -> dict[str, object]:
    return {
        "kind": each.kind.name,
        "many": each.kind.many,
        "family": each.kind.family.value,
        "things": each.count,
        **dict(zip(_CATEGORIES, each.stages, strict=True)),
        "last touched": None if each.touched is None else day_words(each.touched, sight.zone),
    }
