"""Words that may be offered at one spot of a query, each with what it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from latticework.model.fieldspec import format_field
from latticework.model.model import Kind, Link, Model
from latticework.query.extent import Extent, Lookup
from latticework.query.format import plainly
from latticework.query.holes import HOLE, Hole, Role
from latticework.query.lexer import tokens_of
from latticework.query.literal import COMPARED_AS_NUMBERS
from latticework.query.plan import Applied, FieldRead, Listed, Measured, Source, Tallied
from latticework.query.words import Vocabulary

if TYPE_CHECKING:
    from latticework.graph.graph import Graph

MOST_THINGS = 12
MOST_VALUES = 12
_SAMPLED = 20_000
"""Things whose texts are looked at for values that are in use."""

_UNITS = ("days", "weeks", "months", "quarters", "years")


@dataclass(frozen=True, slots=True)
class Offer:
    """A word, the text that says it in a query, its sort, and what it is."""

    text: str
    insert: str
    sort: str
    says: str = ""

    @property
    def is_value(self) -> bool:
        """Whether it may stand in quotes and mean the same."""
        return self.sort in {"stage", "choice", "value"}


WORDS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "WHERE": (("where", "where", "only those that meet a condition"),),
    "AND": (("and", "and", "both hold"),),
    "OR": (("or", "or", "either holds"),),
    "IS": (("is", "is", "has this value"),),
    "NOT": (("not", "not", "the opposite"),),
    "CONTAINS": (("contains", "contains", "the text has this in it"),),
    "POSSIBLY": (("possibly", "possibly", "ranges that may meet it count too"),),
    "NOTHING": (("nothing", "nothing", "leads nowhere"),),
    "SOMETHING": (("something", "something", "leads anywhere"),),
    "ANY": (("any", "any", "of any kind"),),
    "NO": (("no", "no", "none of these"),),
    "MISSING": (("missing", "missing", "nothing was ever said"),),
    "UNKNOWN": (("unknown", "unknown", "somebody said that nobody knows"),),
    "MISFIT": (("misfit", "misfit", "what is written cannot be read"),),
    "TODAY": (
        ("today", "today", "the day of asking"),
        ("today - 30 days", "today - 30 days", "a month ago"),
        ("today + 30 days", "today + 30 days", "in a month"),
    ),
    "SHOW": (("show", "show", "columns to show"),),
    "SORT_BY": (("sort by", "sort by", "what comes first"),),
    "GROUP_BY": (("group by", "group by", "rows under headings"),),
    "LIMIT": (("limit 20", "limit 20", "at most so many"),),
    "AT": (("at today", "at today", "as it stood on a day"),),
    "KNOWN": (("known today", "known today", "with what was known by a day"),),
    "ON": (("on today", "on today", "as it was on a day"),),
    "SINCE": (("since today - 30 days", "since today - 30 days", "within the time since"),),
    "TO": (("to", "to", "what it became"),),
    "OF": (("of", "of", "of what a link leads to"),),
    "THEN": (("then", "then", "one more link"),),
    "AS": (("as", "as", "under another heading"),),
    "PLUS": (("+", "+", "one step or more"),),
    "STAR": (("*", "*", "any number of steps, or none"),),
    "DESCENDING": (("descending", "descending", "the greatest first"),),
    "ASCENDING": (("ascending", "ascending", "the least first"),),
    "CHANGED_SINCE": (("changed since", "changed since", "changed after a day"),),
    "CHANGED_FROM": (("changed from", "changed from", "changed between two days"),),
    "WENT_FROM": (("went from", "went from", "was one thing, became another"),),
    "WAS": (("was", "was", "had this value on a day"),),
    "IN": (("in (", "in (", "one of several"),),
    "RPAR": ((")", ")", "close the parenthesis"),),
}
"""Words of the language by the token that they are: shown, inserted, explained."""

_OPERATORS = (
    ("=", "the same"),
    ("!=", "another"),
    ("<", "less, or earlier"),
    ("<=", "at most, or by"),
    (">", "more, or later"),
    (">=", "at least, or from"),
)


def keywords(
    sorts: frozenset[str], holes: tuple[Hole, ...], compared: Hole | None
) -> Iterator[Offer]:
    """Words of the language of these sorts; comparisons that fit what is compared."""
    values = [each for each in holes if each.role is Role.VALUE]
    if values:
        sorts -= {"NO"} if any(_is_day(each.measured) for each in values) else {"NO", "TODAY"}
    if "OP" in sorts and compared is not None and _is_ordered(compared.measured):
        yield from (Offer(word, word, "word", says) for word, says in _OPERATORS)
    for sort, words in WORDS.items():
        if sort in sorts and (sort != "CONTAINS" or _holds_text(compared)):
            yield from (Offer(text, insert, "word", says) for text, insert, says in words)


def from_hole(
    hole: Hole, model: Model, graph: Graph | None, vocabulary: Vocabulary
) -> Iterator[Offer]:
    """The model's words for a hole, written as a query needs them."""
    match hole.role:
        case Role.KIND:
            found = _kinds(model, model.kinds, graph)
        case Role.TARGET:
            found = _kinds(model, hole.extent.kinds if hole.extent else (), graph)
        case Role.SUBJECT:
            found = iter((*_fields(model, hole.extent), *_links(model, hole.extent)))
        case Role.LINK:
            found = _links(model, hole.extent)
        case Role.FIELD:
            found = _fields(model, hole.extent)
        case Role.UNIT:
            found = (Offer(unit, unit, "word", "a length of time") for unit in _UNITS)
        case Role.VALUE:
            yield from _values(hole, model, graph, vocabulary)
            return
    for each in found:
        yield Offer(each.text, plainly(each.text, vocabulary), each.sort, each.says)


# Names ---------------------------------------------------------------------------------


def _kinds(model: Model, kinds: Iterable[Kind], graph: Graph | None) -> Iterator[Offer]:
    local = {word: said for each in model.dialects for word, said in each.words.items()}
    chosen = tuple(kinds)
    for kind in chosen:
        says = _counted(kind, graph)
        yield Offer(kind.name, "", "kind", says)
    provided = {name for kind in chosen for name in kind.provides}
    for interface in model.interfaces:
        if interface.name in provided:
            members = ", ".join(each.name for each in model.kinds_of(interface.name))
            yield Offer(interface.name, "", "kind", f"several kinds: {members}")
    for kind in chosen:
        if kind.many and kind.many != kind.name:
            yield Offer(kind.many, "", "kind", f"the same as {kind.name}")
        if kind.name in local:
            yield Offer(local[kind.name], "", "kind", f"one area's word for {kind.name}")


def _counted(kind: Kind, graph: Graph | None) -> str:
    if graph is None:
        return kind.purpose or kind.family.value
    count = len(graph.ids_of(kind.name))
    return f"{count:,} {kind.many if count != 1 and kind.many else kind.name}"


def _fields(model: Model, extent: Extent | None) -> Iterator[Offer]:
    if extent is None:
        return
    lookup = Lookup(model)
    local = {word: said for each in model.dialects for word, said in each.words.items()}
    for name in dict.fromkeys(lookup.field_words(extent)):
        read = lookup.find_field(name, extent)
        says = _field_says(read.sources[0], extent) if read else ""
        yield Offer(name, "", "field", says)
        if name in local:
            yield Offer(local[name], "", "field", f"one area's word for {name}")


def _field_says(source: Source, extent: Extent) -> str:
    if source.staged is not None:
        return "where it stands"
    line = format_field(source.field) or source.field.type
    return line if len(extent.kinds) == 1 else f"{line}, as {source.kind} has it"


def _links(model: Model, extent: Extent | None) -> Iterator[Offer]:
    if extent is None:
        return
    lookup = Lookup(model)
    for link in model.links:
        for word, back in ((link.name, False), (link.back, True)):
            ends = lookup.ends_after(link, extent.names, back=back) if word else frozenset()
            if ends:
                yield Offer(word, "", "link", _ends_say(link, ends, model))


def _ends_say(link: Link, ends: frozenset[str], model: Model) -> str:
    if len(ends) == len(model.kinds):
        return "leads to things of any kind"
    named = [each.name for each in model.kinds if each.name in ends]
    listed = ", ".join(named[:4]) + ("…" if len(named) > 4 else "")
    return f"leads to {listed}" if listed else link.purpose


# Values --------------------------------------------------------------------------------


def _values(
    hole: Hole, model: Model, graph: Graph | None, vocabulary: Vocabulary
) -> Iterator[Offer]:
    """Values that fit what is compared, and go on from the words already there."""
    said = hole.said.casefold()
    for text, sort, says in _values_of(hole, model, graph):
        if not said:
            yield Offer(text, value_text(text, vocabulary), sort, says)
        elif text.casefold().startswith(f"{said} "):
            rest = text[len(said) :].strip()
            yield Offer(rest, rest, sort, f"{text}: {says}" if says else text)


def _values_of(hole: Hole, model: Model, graph: Graph | None) -> Iterator[tuple[str, str, str]]:
    match hole.measured:
        case FieldRead(sources=sources):
            yield from _field_values(sources, hole.extent, model)
            if graph is not None:
                yield from _values_in_use(hole.measured, graph)
        case Listed(field=FieldRead() as read):
            yield from _field_values(read.sources, hole.extent, model)


def _field_values(
    sources: tuple[Source, ...], extent: Extent | None, model: Model
) -> Iterator[tuple[str, str, str]]:
    shared = extent is not None and extent.interface is not None
    for source in sources:
        if source.staged is not None:
            yield from _stages(source.staged, model, shared=shared)
        for choice in source.field.choices:
            yield choice, "choice", ""
        if source.field.type == "yes-no":
            yield from (("yes", "choice", ""), ("no", "choice", ""))


def _stages(kind: Kind, model: Model, *, shared: bool) -> Iterator[tuple[str, str, str]]:
    local = {word: said for each in model.dialects for word, said in each.words.items()}
    categories = dict.fromkeys(each.category for each in kind.stages if each.category)
    names = {each.name.casefold() for each in kind.stages}
    if not shared:
        for stage in kind.stages:
            yield stage.name, "stage", stage.category if stage.category != stage.name else ""
            if stage.name in local:
                yield local[stage.name], "stage", f"one area's word for {stage.name}"
    for category in categories:
        if shared or category.casefold() not in names:
            of = ", ".join(each.name for each in kind.stages if each.category == category)
            yield category, "stage", "every kind's own word for it" if shared else of


def _values_in_use(read: FieldRead, graph: Graph) -> Iterator[tuple[str, str, str]]:
    """Texts that things have in a field, the most frequent first."""
    import polars as pl

    for source in read.sources:
        field = source.field
        if field.type != "text" or source.staged is not None or not source.column:
            continue
        if source.column == "title":
            continue
        texts = graph.texts(source.column, graph.ids_of(source.kind)[:_SAMPLED])
        if texts.dtype == pl.List:
            texts = texts.explode()
        short = texts.drop_nulls().filter(texts.drop_nulls().str.len_chars() <= 40)
        counted = short.value_counts(sort=True)
        if len(counted) > len(short) // 2 and len(short) > MOST_VALUES:
            continue
        name = counted.columns[0]
        for text, count in counted.head(MOST_VALUES).iter_rows():
            yield str(text), "value", f"{count:,} with this {name if name else field.name}"


def value_text(text: str, vocabulary: Vocabulary) -> str:
    """A value as it may stand in a query: in quotes where its words would be misread."""
    tokens, findings = tokens_of(text, vocabulary)
    plain = all(each.type in {"NAME", "NUMBER", "REF"} for each in tokens)
    same = " ".join(str(each) for each in tokens) == text
    if plain and same and not findings and HOLE not in text:
        return text
    return quoted(text)


def quoted(text: str) -> str:
    """A text in quotes."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _holds_text(compared: Hole | None) -> bool:
    """Whether what is compared may contain a text; nobody knows of what is no field."""
    if compared is None or not isinstance(compared.measured, FieldRead):
        return True
    sources = compared.measured.sources
    return any(each.field.type in {"text", "url"} or each.field.many for each in sources)


def _is_day(measured: Measured | None) -> bool:
    match measured:
        case FieldRead(sources=sources) | Listed(field=FieldRead(sources=sources)):
            return any(each.field.type in {"day", "instant"} for each in sources)
    return False


def _is_ordered(measured: Measured | None) -> bool:
    match measured:
        case FieldRead(sources=sources):
            return any(
                each.staged is None and each.field.type in COMPARED_AS_NUMBERS - {"yes-no"}
                for each in sources
            )
        case Listed(field=FieldRead() as read):
            return _is_ordered(read)
        case Tallied():
            return True
        case Applied(function):
            return function.gives != "text"
    return False


# Things --------------------------------------------------------------------------------


def things(holes: Iterable[Hole], graph: Graph, typed: str) -> Iterator[Offer]:
    """Things whose title or ref holds what is typed, of the kinds that count here."""
    import numpy as np
    import polars as pl

    names: set[str] = set()
    for hole in holes:
        if hole.role is Role.KIND:
            names = set(graph.model.kinds_by_name) if len(typed) > 1 else set()
        elif hole.role is Role.TARGET and hole.extent:
            names |= set(hole.extent.names)
    every = [graph.ids_of(name) for name in graph.model.kinds_by_name if name in names]
    if not every:
        return
    ids = np.sort(np.concatenate(every))
    titles = graph.titles(ids)
    refs = graph.refs.gather(ids).cast(pl.String)
    if typed:
        found = titles.str.to_lowercase().str.contains(typed, literal=True).fill_null(value=False)
        found = found | refs.str.contains(typed, literal=True)
        titles, refs = titles.filter(found), refs.filter(found)
    for title, ref in zip(titles.head(MOST_THINGS), refs.head(MOST_THINGS), strict=True):
        yield Offer(str(title or ref), str(ref), "thing", str(ref))
