"""The frame of a lens: the query with its conditions, the lenses, what they are given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from latticework.base.findings import Finding, Refused
from latticework.query import ast
from latticework.query.extent import lookup_of
from latticework.query.format import format_condition, format_operand, format_query
from latticework.query.holes import HOLE
from latticework.query.parse import parse
from latticework.query.words import Vocabulary, vocabulary_of
from latticework.surfaces.out.forms import forms_of
from latticework.surfaces.web.columns import extent_of
from latticework.surfaces.web.look import Look
from latticework.surfaces.web.marked import Piece, pieces_of
from latticework.surfaces.web.saved import Kept, kept_view
from latticework.views.catalogue import views
from latticework.views.page import MOST_NUMBER, Param, View

if TYPE_CHECKING:
    from latticework.model.model import Kind, Model
    from latticework.surfaces.web.site import Site
    from latticework.views.sight import Sight

TABLE = "ask"
QUERY = "query"
FIRST = ("ask", "board", "tree", "timeline", "map", "matrix")
"""Lenses that stand first in the switcher; the others follow by name."""

_APART = frozenset({"diff"})
"""Views that take a query but ask for more than one: they are no lens."""

_LABELS = {"ask": "table"}


@dataclass(frozen=True, kw_only=True)
class Chip:
    """A part of a query: what it says, the query without it, what stands round it.

    `before` and `after` are empty where it is not edited on its own.
    """

    sort: str
    text: str
    without: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True, kw_only=True)
class Tab:
    """A lens in the switcher."""

    name: str
    label: str
    href: str
    says: str
    current: bool


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """A parameter of a lens: what is chosen, and from what, where that is known.

    `usual` is what stands there while nothing is chosen; what is `rare` and left
    as it is may be folded away.
    """

    name: str
    label: str
    says: str
    value: str
    sort: str
    choices: tuple[tuple[str, str], ...] = ()
    usual: str = ""
    rare: bool = False
    least: int = 0
    most: int = MOST_NUMBER


@dataclass(frozen=True, kw_only=True)
class Lens:
    """Everything that stands above a lens."""

    name: str
    action: str
    field: str
    text: str
    chips: tuple[Chip, ...] = ()
    tabs: tuple[Tab, ...] = ()
    params: tuple[Chosen, ...] = ()
    more: tuple[Chosen, ...] = ()
    count: str = ""
    exports: tuple[tuple[str, str], ...] = ()
    findings: tuple[Finding, ...] = ()
    pieces: tuple[Piece, ...] = ()
    saved: Kept | None = None
    save: str = ""
    title: str = ""
    kept: tuple[tuple[str, str], ...] = ()


def lenses() -> tuple[View, ...]:
    """Every view through which a query can be seen."""
    found = {
        name: view
        for name, view in views().items()
        if name not in _APART and any(each.name == QUERY for each in view.params)
    }
    first = [found[name] for name in FIRST if name in found]
    return (*first, *(view for name, view in found.items() if name not in FIRST))


def is_lens(view: View) -> bool:
    """Whether a query can be seen through a view."""
    return any(each.name == view.name for each in lenses())


def lens_of(
    site: Site,
    look: Look,
    sight: Sight,
    name: str,
    text: str,
    *,
    chosen: Mapping[str, str],
    usual: Mapping[str, str] | None = None,
    findings: Iterable[Finding] = (),
    count: str = "",
    drawn: bool = False,
) -> Lens:
    """The frame round a query in a lens; `chosen` are the lens's other parameters.

    `usual` says what the lens took for those of them that were left out, and
    `drawn` that it shows a drawing, which may go out as one.
    """
    found = tuple(findings)
    kinds = _kinds_of(sight.graph.model, text)
    params = tuple(_chosen_of(views()[name], chosen, kinds, sight, usual or {}))
    field_name = "q" if name == TABLE else QUERY
    saved = kept_view(site, look, sight)
    return Lens(
        name=name,
        action=address_of(name),
        field=field_name,
        text=text,
        chips=chips_of(sight.graph.model, text, lambda asked: look.here(**{field_name: asked})),
        tabs=tuple(_tabs(look, name, text)),
        params=tuple(each for each in params if not each.rare),
        more=tuple(each for each in params if each.rare),
        count=count,
        exports=exports_of(look, name, text, chosen, drawn=drawn),
        findings=found,
        pieces=pieces_of(text, found) if found else (),
        saved=saved,
        save=look.to("/views/save", lens=name, query=text, **chosen) if text else "",
        kept=(*((("saved", saved.view.name),) if saved else ()), *_laid(name, chosen)),
    )


def _laid(name: str, chosen: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """What a form keeps of a table's layout, which has no fields in it."""
    return tuple(chosen.items()) if name == TABLE else ()


def address_of(name: str) -> str:
    """Where a lens lies."""
    return "/ask" if name == TABLE else f"/views/{name}"


def seen_in(look: Look, name: str, text: str, chosen: Mapping[str, str] | None = None) -> str:
    """The address of a query in a lens."""
    word = "q" if name == TABLE else QUERY
    return look.to(address_of(name), **{word: text}, **(chosen or {}))


def exports_of(
    look: Look, name: str, text: str, chosen: Mapping[str, str], *, drawn: bool
) -> tuple[tuple[str, str], ...]:
    """The same rows for programs and sheets, and the drawing where there is one."""
    if not text and name == TABLE:
        return ()
    word = "q" if name == TABLE else QUERY
    chosen = {} if name == TABLE else chosen
    return tuple(
        (each.name, look.to(f"/out/{each.word}{address_of(name)}", **{word: text}, **chosen))
        for each in forms_of(drawn=drawn)
    )


def _tabs(look: Look, name: str, text: str) -> Iterator[Tab]:
    for view in lenses():
        yield Tab(
            name=view.name,
            label=_LABELS.get(view.name, view.name.replace("-", " ")),
            href=seen_in(look, view.name, text),
            says=view.summary,
            current=view.name == name,
        )


# Parameters ----------------------------------------------------------------------------


def _kinds_of(model: Model, text: str) -> tuple[Kind, ...]:
    """The kinds that a query is about; all of them where it is not understood."""
    try:
        return extent_of(parse(text, vocabulary_of(model)), lookup_of(model)).kinds
    except Refused:
        return model.kinds


def _chosen_of(
    view: View,
    chosen: Mapping[str, str],
    kinds: tuple[Kind, ...],
    sight: Sight,
    usual: Mapping[str, str],
) -> Iterator[Chosen]:
    for each in view.params:
        if each.name == QUERY or (view.name == TABLE and each.name == "rows"):
            continue
        value = chosen.get(each.name, "" if each.default == "" else str(each.default))
        stands = usual.get(each.name) or each.usual
        choices = choices_of(each, value, kinds, sight.graph.model, usual=stands)
        sort = "flag" if each.type is bool else "select" if choices else _plain_sort(each)
        if each.type is bool:
            value = "yes" if value.casefold() in {"yes", "true", "on", "1"} else "no"
        yield Chosen(
            name=each.name,
            label=each.name.replace("_", " "),
            says=each.says,
            value=value,
            sort=sort,
            choices=choices,
            usual=stands,
            rare=each.rare and (not value or value == str(each.default)),
            least=each.least,
            most=each.most,
        )


def _plain_sort(param: Param) -> str:
    return "number" if param.type is int else "text"


def choices_of(
    param: Param, value: str, kinds: tuple[Kind, ...], model: Model, *, usual: str = ""
) -> tuple[tuple[str, str], ...]:
    """What a parameter may be, where the model tells; the present value among it.

    First stands what is `usual`, in the words of what it comes to.
    """
    offers = set(param.offers.split())
    if not offers:
        return ()
    words = list(dict.fromkeys(_offered(offers, kinds, model)))
    if value and value not in words:
        words.insert(0, value)
    nothing = (usual or "usual") if param.default == "" else str(param.default)
    listed = ((word, word) for word in words if word not in {param.default, usual} or word == value)
    return ((str(param.default), nothing), *listed)


def _offered(offers: set[str], kinds: tuple[Kind, ...], model: Model) -> Iterator[str]:
    """Words for a parameter: those it names itself, then the model's of its sorts."""
    sorts = {"stage", "kind", "links", "fields", "days", "numbers", "parts"}
    yield from (word for word in sorted(offers - sorts))
    if offers & {"stage", "parts"} and any(kind.stages for kind in kinds):
        yield "stage"
    if offers & {"kind", "parts"}:
        yield from ("kind", "family") if "parts" in offers else ("kind",)
    for each in (own for kind in kinds for own in kind.fields):
        if "fields" in offers or _fits(each.type, offers):
            yield each.name
    if offers & {"links", "parts"}:
        lookup = lookup_of(model)
        names = [kind.name for kind in kinds]
        for link in model.links:
            if lookup.ends_after(link, names, back=False):
                yield link.name
            if "links" in offers and link.back and lookup.ends_after(link, names, back=True):
                yield link.back


def _fits(type_: str, offers: set[str]) -> bool:
    wanted = {
        "days": {"day", "instant"},
        "numbers": {"number", "money", "ratio", "duration"},
        "parts": {"choice", "yes-no"},
    }
    return any(type_ in wanted[each] for each in offers & set(wanted))


# Chips ---------------------------------------------------------------------------------


def chips_of(model: Model, text: str, to: Callable[[str], str]) -> tuple[Chip, ...]:
    """The parts of a query, each with the address of the query without it."""
    words = vocabulary_of(model)
    try:
        query = parse(text, words)
    except Refused:
        return ()
    return tuple(_Chips(query, words, to))


@dataclass(frozen=True)
class _Chips:
    query: ast.Query
    words: Vocabulary
    to: Callable[[str], str]

    def __iter__(self) -> Iterator[Chip]:
        """Every part, in the order in which it stands."""
        yield from self._scope()
        yield from self._conditions()
        query = self.query
        if query.show:
            hole = replace(query, show=(ast.Column(_NAME),))
            listed = ", ".join(self._column(each) for each in query.show)
            yield self._chip("show", listed, replace(query, show=()), hole)
        if query.group is not None:
            said = format_operand(query.group, self.words)
            hole = replace(query, group=_NAME)
            yield self._chip("group by", said, replace(query, group=None), hole)
        if query.sort:
            said = ", ".join(self._order(each) for each in query.sort)
            hole = replace(query, sort=(ast.Order(_NAME),))
            yield self._chip("sort by", said, replace(query, sort=()), hole)
        if query.limit is not None:
            yield self._plain_chip("limit", str(query.limit), replace(query, limit=None))
        if query.at is not None:
            yield self._plain_chip("at", _day(query.at), replace(query, at=None))
        if query.known is not None:
            yield self._plain_chip("known", _day(query.known), replace(query, known=None))

    def _scope(self) -> Iterator[Chip]:
        scope = self.query.scope
        head = format_query(ast.Query(scope=ast.Scope(scope.head)), self.words)
        hole = replace(self.query, scope=replace(scope, head=_NAME))
        before, after = self._round(hole)
        yield Chip(sort="", text=head, before=before, after=after)
        for place, each in enumerate(scope.filters):
            rest = scope.filters[:place] + scope.filters[place + 1 :]
            fewer = replace(self.query, scope=replace(scope, filters=rest))
            yield self._chip("", format_condition(each, self.words), fewer)

    def _conditions(self) -> Iterator[Chip]:
        where = self.query.where
        if where is None:
            return
        terms = where.terms if isinstance(where, ast.All) else (where,)
        for place, each in enumerate(terms):
            rest = terms[:place] + terms[place + 1 :]
            fewer = replace(self.query, where=ast.all_of(rest) if rest else None)
            holed = (*terms[:place], ast.Flag(_NAME), *terms[place + 1 :])
            hole = replace(self.query, where=ast.all_of(holed))
            yield self._chip("where", format_condition(each, self.words), fewer, hole)

    def _chip(
        self, sort: str, text: str, without: ast.Query, hole: ast.Query | None = None
    ) -> Chip:
        before, after = self._round(hole) if hole else ("", "")
        if sort == "where" and before:
            before, after = f"{before}(", f"){after}"
        href = self.to(format_query(without, self.words))
        return Chip(sort=sort, text=text, without=href, before=before, after=after)

    def _plain_chip(self, sort: str, text: str, without: ast.Query) -> Chip:
        """A number or a day behind its word, which stands in the query once."""
        before, word, after = format_query(self.query, self.words).rpartition(f" {sort} {text}")
        chip = self._chip(sort, text, without)
        return replace(chip, before=f"{before} {sort} ", after=after) if word else chip

    def _round(self, hole: ast.Query) -> tuple[str, str]:
        """What stands before and behind a part."""
        before, _, after = format_query(hole, self.words).partition(HOLE)
        return before, after

    def _column(self, column: ast.Column) -> str:
        label = f" as {column.label.text}" if column.label else ""
        return format_operand(column.what, self.words) + label

    def _order(self, order: ast.Order) -> str:
        return format_operand(order.what, self.words) + (" ↓" if order.descending else "")


_NAME = ast.Name(HOLE)


def _day(day: ast.Day) -> str:
    return day.text if isinstance(day, ast.Literal) else f"today {day.shift}".strip()
