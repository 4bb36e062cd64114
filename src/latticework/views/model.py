"""View: model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from latticework.base.findings import Refused, error
from latticework.base.near import did_you_mean
from latticework.model.model import Family, Field, Kind, Link, Model, NamedMoment, Shape, Stage
from latticework.views.blocks import (
    Cell,
    Column,
    Fields,
    Prose,
    Sort,
    Span,
    Table,
    Tone,
    cell,
    spans,
)
from latticework.views.page import Page, param, view
from latticework.views.visuals import Block
from latticework.views.wording import dotted, listed, many

if TYPE_CHECKING:
    from datetime import date

    from latticework.graph.graph import Graph


@dataclass(frozen=True)
class Params:
    """What the reader may choose."""

    kind: str = param("", "Only this kind, with all its fields, stages and links.", position=1)


@view(Params)
def model(graph: Graph, params: Params) -> Page:
    """Which words does this company use, and what do they mean?

    Kinds by family with their stages and links, then interfaces, terms and
    dialects. With a kind's name: everything declared about it.
    """
    declared = graph.model
    if not params.kind:
        return _whole(declared)
    kind = declared.find_kind(params.kind)
    if kind is None:
        says = f"no kind '{params.kind}'"
        hint = did_you_mean(params.kind, declared.kinds_by_name, otherwise="see: latticework kinds")
        raise Refused([error("VIEW007", says, hint=hint, value=params.kind)])
    return _one(declared, kind)


def _whole(declared: Model) -> Page:
    counts = (
        many(len(declared.kinds), "kind"),
        many(len(declared.links), "link"),
        many(len(declared.rules), "rule"),
        f"uses {listed(declared.uses)}" if declared.uses else "",
    )
    blocks = (
        _kinds(declared),
        *_interfaces(declared),
        *_terms(declared),
        *_dialects(declared),
        *_moments(declared),
    )
    return Page(
        title=f"The words of {declared.company or 'this company'}",
        subtitle=dotted(*counts),
        blocks=blocks,
        data=tuple(_kind_data(each, declared) for each in declared.kinds),
    )


def _kinds(declared: Model) -> Table:
    columns = (
        Column("family"),
        Column("kind", sort=Sort.REF),
        Column("provides"),
        Column("stages", wrap=True),
        Column("fields", wrap=True),
    )
    rows = tuple(
        (
            cell(family.value),
            cell(kind.name, tone=Tone.STRONG),
            cell(listed(kind.provides)),
            Cell(tuple(_course(kind.stages))),
            cell(listed(each.name for each in kind.fields)),
        )
        for family in Family
        for kind in declared.kinds
        if kind.family is family
    )
    empty = ("No kinds are declared.", "Write some into latticework.yaml, or use a pack.")
    return Table(columns=columns, rows=rows, grouped=True, title="Kinds", empty=empty)


def _course(stages: Iterable[Stage]) -> Iterator[Span]:
    for place, stage in enumerate(stages):
        if place:
            yield Span(" ", tone=Tone.DIM)
        yield Span(stage.name, category=stage.category or "?")


def _interfaces(declared: Model) -> Iterator[Block]:
    rows = tuple(
        (
            cell(each.name, tone=Tone.STRONG),
            cell(listed(kind.name for kind in declared.kinds if each.name in kind.provides)),
            cell(listed(field.name for field in each.fields)),
            cell(listed(each.stages)),
            _until(each.purpose, each.expires),
        )
        for each in declared.interfaces
    )
    if rows:
        columns = (
            Column("interface", sort=Sort.REF),
            Column("provided by", wrap=True),
            Column("fields", wrap=True),
            Column("stages", wrap=True),
            Column("purpose", wrap=True),
        )
        yield Table(columns=columns, rows=rows, title="Interfaces")


def _terms(declared: Model) -> Iterator[Block]:
    pairs = tuple(
        (each.name, Cell(spans(each.means, _also(each.synonyms)))) for each in declared.terms
    )
    if pairs:
        yield Fields(pairs=pairs, title="Terms")


def _moments(declared: Model) -> Iterator[Block]:
    pairs = tuple(
        (each.name, Cell(spans(each.day.isoformat(), _aside(each)))) for each in declared.moments
    )
    if pairs:
        yield Fields(pairs=pairs, title="Moments")


def _aside(moment: NamedMoment) -> Span:
    known = f"as known on {moment.known}" if moment.known else ""
    said = dotted(known, moment.purpose)
    return Span(f"  {said}" if said else "", tone=Tone.DIM)


def _also(synonyms: Iterable[str]) -> Span:
    words = listed(synonyms)
    return Span(f"  also: {words}" if words else "", tone=Tone.DIM)


def _dialects(declared: Model) -> Iterator[Block]:
    rows = tuple(
        (cell(each.area), cell(word), cell(local))
        for each in declared.dialects
        for word, local in each.words.items()
    )
    if rows:
        columns = (Column("area"), Column("company says"), Column("area says"))
        yield Table(columns=columns, rows=rows, grouped=True, title="Dialects")


def _one(declared: Model, kind: Kind) -> Page:
    provides = f"provides {listed(kind.provides)}" if kind.provides else ""
    was = f"was {listed(kind.was)}" if kind.was else ""
    ends = f"ends {kind.expires}" if kind.expires else ""
    purpose = Prose(paragraphs=(spans(kind.purpose),)) if kind.purpose else None
    blocks = (
        *((purpose,) if purpose else ()),
        *_fields(kind),
        *_shown_as(kind),
        *_stages(kind),
        *_links(declared, kind),
    )
    return Page(
        title=kind.name,
        subtitle=dotted(kind.family.value, f"many: {kind.many}", provides, was, ends),
        blocks=blocks,
        data=(_kind_data(kind, declared),),
    )


def _fields(kind: Kind) -> Iterator[Block]:
    rows = tuple(
        (
            cell(each.name, tone=Tone.STRONG),
            cell(type_words(each)),
            cell("required" if each.required else "", tone=Tone.WARN),
            _until(each.purpose, each.expires),
        )
        for each in kind.fields
    )
    if rows:
        columns = (
            Column("field", sort=Sort.REF),
            Column("type"),
            Column(""),
            Column("purpose", wrap=True),
        )
        yield Table(columns=columns, rows=rows, title="Fields")


def _shown_as(kind: Kind) -> Iterator[Block]:
    """What a question about an interface reads of this kind."""
    pairs = tuple((name, cell(text)) for name, text in kind.maps.items())
    if pairs:
        yield Fields(pairs=pairs, title=f"Read as {listed(kind.provides)}")


def _stages(kind: Kind) -> Iterator[Block]:
    rows = tuple(
        (
            cell(each.name, category=each.category or "?"),
            cell(each.category, tone=Tone.DIM),
            cell(each.entry),
            cell(each.exit),
            cell(each.needs),
        )
        for each in kind.stages
    )
    if rows:
        names = ("stage", "category", "entry", "exit", "needs")
        columns = tuple(Column(each, wrap=True) for each in names)
        yield Table(columns=columns, rows=rows, title="Stages")


def _links(declared: Model, kind: Kind) -> Iterator[Block]:
    forward = [
        (each.name, _targets(declared, kind, each), each) for each in declared.links_from(kind.name)
    ]
    backward = [
        (each.back, _sources(declared, kind, each), each) for each in declared.links_to(kind.name)
    ]
    rows = tuple(
        (
            cell(phrase, tone=Tone.STRONG),
            cell(listed(others, most=6)),
            cell(_bounds(declared, kind, link, back=back)),
            cell(listed(field.name for field in link.carries)),
            _until(link.purpose, link.expires),
        )
        for way, back in ((forward, False), (backward, True))
        for phrase, others, link in way
        if phrase
    )
    if rows:
        columns = (
            Column("link", sort=Sort.REF),
            Column("to", wrap=True),
            Column("bounds"),
            Column("carries", wrap=True),
        )
        yield Table(columns=(*columns, Column("purpose", wrap=True)), rows=rows, title="Links")


def _bounds(declared: Model, kind: Kind, link: Link, *, back: bool) -> str:
    """How many of them a thing may have, and which shape they keep to."""
    most = declared.limits_of(link)[1 if back else 0].get(kind.name)
    shape = "" if link.shape is Shape.NETWORK else link.shape.value
    return dotted(f"at most {most}" if most else "", shape)


def _until(purpose: str, expires: date | None) -> Cell:
    """A purpose, and the day on which it ends."""
    return Cell(spans(purpose, Span(f"  ends {expires}" if expires else "", tone=Tone.DIM)))


def _targets(declared: Model, kind: Kind, link: Link) -> tuple[str, ...]:
    words = [
        word
        for end in link.ends
        if kind.name in declared.end_kinds(end.source)
        for word in end.targets
    ]
    return tuple(dict.fromkeys(words))


def _sources(declared: Model, kind: Kind, link: Link) -> tuple[str, ...]:
    words = [
        end.source
        for end in link.ends
        if any(kind.name in declared.end_kinds(word) for word in end.targets)
    ]
    return tuple(dict.fromkeys(words))


def type_words(each: Field) -> str:
    """A field's type as people write it in a model."""
    bounds = "" if each.low is None else f"{each.low}.."
    bounds = bounds if each.high is None else f"{bounds or '..'}{each.high}"
    words = (
        each.type,
        each.unit,
        " | ".join(each.choices),
        "range" if each.ranged else "",
        bounds,
        f"per {each.per}" if each.per else "",
        "many" if each.many else "",
    )
    return " ".join(word for word in words if word)


def _kind_data(kind: Kind, declared: Model) -> dict[str, object]:
    return {
        "kind": kind.name,
        "many": kind.many,
        "family": kind.family.value,
        "is": list(kind.provides),
        "purpose": kind.purpose,
        "fields": {each.name: type_words(each) for each in kind.fields},
        "stages": {each.name: each.category for each in kind.stages},
        "links": {
            each.name: list(_targets(declared, kind, each))
            for each in declared.links_from(kind.name)
        },
    }
