"""What a model says that cannot be meant: questions to the whole of it.

| code | says |
|---|---|
| MODEL003 | a word names nothing that is declared |
| MODEL006 | one word names two things |
| MODEL007 | a name that cannot be one, or that is a word of the query language |
| MODEL008 | a kind does not provide what its interface asks |
| MODEL010 | a code of a rule has another shape |
| MODEL011 | a name stands as a former name beside itself |
| MODEL012 | a zone or currency that is none |
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from latticework.base.findings import Finding, Place, Refused, error, warning
from latticework.base.near import did_you_mean
from latticework.base.refs import slug_of
from latticework.base.times import zone_of
from latticework.model.keys import ALWAYS_CATEGORIES, RESERVED, ROW_WORDS
from latticework.model.model import (
    STAGE,
    TITLE,
    Field,
    Interface,
    Kind,
    Link,
    Model,
    Shape,
    Stage,
)
from latticework.model.phrases import fold_phrase
from latticework.model.scalars import duration_days

_CODE = re.compile("[A-Z]+[0-9]{3}")
_PLAIN_NAME = re.compile(r"[^\W\d][\w -]*")


def check_model(model: Model) -> tuple[Finding, ...]:
    """Everything that is wrong with a model as a whole, with its places."""
    return tuple(finding for check in _CHECKS for finding in check(model))


def _at(model: Model, *path: str) -> Place:
    """Where a declaration stands, or the nearest one around it."""
    for length in range(len(path), 0, -1):
        place = model.places.get(".".join(path[:length]))
        if place is not None:
            return place
    return Place()


def _unknown(what: str, word: str, known: Iterable[str], place: Place) -> Finding:
    hint = did_you_mean(word, known, otherwise=f"declare it, or use a declared {what}")
    return error("MODEL003", f"no {what} is called '{word}'", hint=hint, place=place, value=word)


# Names -------------------------------------------------------------------------------


def _names(model: Model) -> Iterator[Finding]:
    """Names that no question could say."""
    for kind in model.kinds:
        path = ("kinds", kind.name)
        yield from _kind_name(kind.name, _at(model, *path))
        yield from _plain_names(model, "field", (each.name for each in kind.fields), *path)
        if kind.stages and kind.stage_field != STAGE and STAGE in kind.fields_by_name:
            says = (
                f"'{STAGE}' is a field of {kind.name}, while '{kind.stage_field}' holds its stage"
            )
            hint = "name the field otherwise, or make it the 'stage field'"
            place = _at(model, *path, "fields", STAGE)
            yield error("MODEL007", says, hint=hint, place=place, value=STAGE)
    for interface in model.interfaces:
        path = ("interfaces", interface.name)
        yield from _plain_names(model, "interface", [interface.name], *path)
        yield from _plain_names(model, "field", (each.name for each in interface.fields), *path)
    for link in model.links:
        path = ("links", link.name)
        yield from _plain_names(model, "link", (link.name, link.back, *link.words), *path)
        yield from _plain_names(model, "field", (each.name for each in link.carries), *path)


def _kind_name(name: str, place: Place) -> Iterator[Finding]:
    """A kind's name begins refs, its words joined by hyphens; questions use it bare."""
    slug = slug_of(name)
    if slug != name.replace(" ", "-"):
        says = f"'{name}' cannot begin a ref"
        hint = f"name the kind '{slug.replace('-', ' ') if ' ' in name else slug}'"
        yield error("MODEL007", says, hint=hint, place=place, value=name)
    elif name in RESERVED:
        yield _reserved("kind", name, place)


def _plain_names(model: Model, what: str, names: Iterable[str], *path: str) -> Iterator[Finding]:
    for name in names:
        taken = RESERVED | ROW_WORDS if what == "field" else RESERVED
        if name.casefold() in taken:
            yield _reserved(what, name, _at(model, *path, "fields", name))


def _reserved(what: str, name: str, place: Place) -> Finding:
    says = f"'{name}' is a word of the query language and cannot be a {what}"
    return error("MODEL007", says, hint=f"name it '{name} …' in two words", place=place, value=name)


def _words(model: Model) -> Iterator[Finding]:
    """One word for two kinds or interfaces."""
    owners: dict[str, tuple[str, str]] = {}
    declared: list[tuple[str, Kind | Interface]] = [("kinds", each) for each in model.kinds]
    declared += [("interfaces", each) for each in model.interfaces]
    for section, each in declared:
        for word in dict.fromkeys(fold_phrase(text) for text in (each.name, each.many) if text):
            first = owners.setdefault(word, (section, each.name))
            if first != (section, each.name):
                says = f"'{word}' names {each.name} and {first[1]}"
                place = _at(model, section, each.name)
                hint = "give one of them another name or plural ('many')"
                yield error("MODEL006", says, hint=hint, place=place, value=word)


def _phrases(model: Model) -> Iterator[Finding]:
    """One phrase for two links, or for a link and a field beside it."""
    owners: dict[str, Link] = {}
    for link in model.links:
        for phrase in _phrases_of(link):
            first = owners.setdefault(phrase, link)
            if first is not link:
                says = f"'{phrase}' reads the link '{link.name}' and the link '{first.name}'"
                place = _at(model, "links", link.name)
                hint = "give one of them another phrase"
                yield error("MODEL006", says, hint=hint, place=place, value=phrase)
    for kind in model.kinds:
        for link in model.links_from(kind.name):
            if link.name in kind.fields_by_name:
                says = f"'{link.name}' is a field and a link of {kind.name}"
                place = _at(model, "kinds", kind.name, "fields", link.name)
                hint = "name one of them otherwise"
                yield error("MODEL006", says, hint=hint, place=place, value=link.name)


def _phrases_of(link: Link) -> tuple[str, ...]:
    """Phrases of a link; one that reads the same both ways counts once."""
    every = (link.name, link.back, *link.words)
    return tuple(dict.fromkeys(fold_phrase(each) for each in every if each))


def _former_names(model: Model) -> Iterator[Finding]:
    """Former names that are still in use for something of their sort."""
    yield from _still_used(model, "kinds", {each.name: each.was for each in model.kinds})
    yield from _still_used(model, "links", {each.name: each.was for each in model.links})
    for kind in model.kinds:
        path = f"kinds.{kind.name}"
        yield from _still_used(model, f"{path}.fields", {f.name: f.was for f in kind.fields})
        yield from _still_used(model, f"{path}.stages", {s.name: s.was for s in kind.stages})


def _still_used(
    model: Model, section: str, names: Mapping[str, tuple[str, ...]]
) -> Iterator[Finding]:
    heirs: dict[str, str] = {}
    for name, was in names.items():
        for word in was:
            place = _at(model, *section.split("."), name)
            if word in names:
                says = f"'{word}' is what '{name}' was, and is declared beside it"
                hint = f"to split it write 'was: {{from: {word}, where: condition}}'"
                yield error("MODEL011", says, hint=hint, place=place, value=word)
            elif heirs.setdefault(word, name) != name:
                says = f"'{word}' is what '{name}' was, and what '{heirs[word]}' was"
                hint = "one of them takes all; the other writes {from: …, where: …}"
                yield error("MODEL011", says, hint=hint, place=place, value=word)


# Kinds and interfaces ----------------------------------------------------------------


def _interfaces(model: Model) -> Iterator[Finding]:
    """What kinds provide, field by field and stage by stage."""
    for kind in model.kinds:
        found: list[Interface] = []
        for word in kind.provides:
            interface = model.interfaces_by_name.get(word)
            if interface is None:
                place = _at(model, "kinds", kind.name, "is")
                yield _unknown("interface", word, model.interfaces_by_name, place)
            else:
                found.append(interface)
        for interface in found:
            yield from _provided(model, kind, interface)
        yield from _maps(model, kind, found)
        yield from _stages(model, kind, found)


def _provided(model: Model, kind: Kind, interface: Interface) -> Iterator[Finding]:
    """Each field of an interface is mapped, or stands under the same name."""
    own, place = kind.fields_by_name, _at(model, "kinds", kind.name)
    for each in interface.fields:
        source = kind.maps.get(each.name, each.name)
        if each.name not in kind.maps and each.name not in own:
            says = f"{kind.name} is {interface.name} and says nothing of its '{each.name}'"
            hint = f"add the field, or 'as: {{{each.name}: own field}}'"
            yield error("MODEL008", says, hint=hint, place=place, value=each.name)
        elif source in own and not _fits(own[source], each):
            says = (
                f"{kind.name}.{source} is {own[source].type}, while"
                f" {interface.name}.{each.name} is {each.type}"
            )
            hint = "give both one type, or map it with 'as'"
            spot = _at(model, "kinds", kind.name, "fields", source)
            yield error("MODEL008", says, hint=hint, place=spot, value=own[source].type)


def _fits(own: Field, shared: Field) -> bool:
    """Whether a kind's field can stand for an interface's."""
    return shared.type in {own.type, "text"}


def _maps(model: Model, kind: Kind, interfaces: Sequence[Interface]) -> Iterator[Finding]:
    """Mappings from fields that are there to fields that an interface has."""
    shared = {each.name for interface in interfaces for each in interface.fields}
    for name, expression in kind.maps.items():
        place = _at(model, "kinds", kind.name, "as", name)
        if name not in shared and len(interfaces) == len(kind.provides):
            yield _unknown("field of its interfaces", name, shared, place)
        text = expression.strip()
        if not text:
            says = f"'{name}' of {kind.name} is mapped to nothing"
            yield error("MODEL008", says, hint="name a field of the kind", place=place, value=name)
        elif _PLAIN_NAME.fullmatch(text) and text not in kind.fields_by_name and "-" not in text:
            yield _unknown(f"field of {kind.name}", text, kind.fields_by_name, place)


def _stages(model: Model, kind: Kind, interfaces: Iterable[Interface]) -> Iterator[Finding]:
    """Each stage has a category that one of the kind's interfaces knows."""
    staged = [each for each in interfaces if each.stages]
    shared = [word for each in staged for word in each.stages]
    known = tuple(dict.fromkeys((*shared, *(() if staged else ALWAYS_CATEGORIES))))
    if staged and not kind.stages:
        says = f"{kind.name} is {staged[0].name} and has no stages"
        hint = "add 'stages: {own word: category}'"
        place = _at(model, "kinds", kind.name)
        yield warning("MODEL008", says, hint=hint, place=place)
    for stage in kind.stages:
        yield from _category(stage, known, _at(model, "kinds", kind.name, "stages", stage.name))
    yield from _same_stages(model, kind)


def _category(stage: Stage, known: tuple[str, ...], place: Place) -> Iterator[Finding]:
    if stage.category in known:
        return
    offered = "one of " + ", ".join(known)
    if not stage.category:
        says = f"stage '{stage.name}' has no category"
        yield error("MODEL008", says, hint=offered, place=place)
        return
    says = f"stage '{stage.name}' is '{stage.category}', which is no category here"
    hint = did_you_mean(stage.category, known, otherwise=offered)
    yield error("MODEL008", says, hint=hint, place=place, value=stage.category)


def _same_stages(model: Model, kind: Kind) -> Iterator[Finding]:
    """Stages that only letter case tells apart."""
    seen: dict[str, str] = {}
    for stage in kind.stages:
        first = seen.setdefault(stage.name.casefold(), stage.name)
        if first != stage.name:
            says = f"stages '{first}' and '{stage.name}' differ in letter case only"
            place = _at(model, "kinds", kind.name, "stages", stage.name)
            yield error("MODEL006", says, hint="keep one", place=place, value=stage.name)


def _kinds(model: Model) -> Iterator[Finding]:
    """Durations and titles."""
    for kind in model.kinds:
        if kind.refresh and duration_days(kind.refresh) is None:
            says = f"'{kind.refresh}' is no duration"
            place = _at(model, "kinds", kind.name, "refresh")
            yield error("MODEL005", says, hint="write '90 days'", place=place, value=kind.refresh)
        title = kind.fields_by_name[TITLE]
        if title.type != "text" or title.many:
            says = f"the title of {kind.name} is no single text"
            place = _at(model, "kinds", kind.name, "fields", TITLE)
            yield error("MODEL005", says, hint="write 'title: text'", place=place)


# Links and the rest ------------------------------------------------------------------


def _ends(model: Model) -> Iterator[Finding]:
    """Links lead from and to what is declared."""
    known = {*model.kinds_by_name, *model.interfaces_by_name, "any", "anyone"}
    for link in model.links:
        for end in link.ends:
            if end.source not in known:
                yield _unknown("kind", end.source, known, _at(model, "links", link.name))
            place = model.places.get(f"links.{link.name}.to.{end.source}", Place())
            yield from (
                _unknown("kind", word, known, place) for word in end.targets if word not in known
            )
        if link.shape is Shape.MUTUAL and link.back and link.back != link.name:
            says = f"'{link.name}' is mutual and reads '{link.back}' the other way"
            hint = "leave 'back' out, or choose another shape"
            yield error("MODEL006", says, hint=hint, place=_at(model, "links", link.name))


def _dialects(model: Model) -> Iterator[Finding]:
    """Local words stand for words that the model has, and for one each."""
    known = _every_word(model)
    for dialect in model.dialects:
        locals_seen: dict[str, str] = {}
        for word, local in dialect.words.items():
            place = _at(model, "dialects", dialect.area, word)
            if word not in known:
                yield _unknown("kind, field, stage, link or term", word, known, place)
            first = locals_seen.setdefault(local.casefold(), word)
            if first != word:
                says = f"'{local}' stands for '{word}' and for '{first}' in {dialect.area}"
                yield error("MODEL006", says, hint="use two words", place=place, value=local)


def _every_word(model: Model) -> frozenset[str]:
    """Every word that an area may say otherwise."""
    words = {*model.kinds_by_name, *model.interfaces_by_name, *model.links_by_name}
    words |= {term.name for term in model.terms} | {link.back for link in model.links}
    for kind in model.kinds:
        words |= {kind.many, *kind.fields_by_name, *kind.stages_by_name}
    for interface in model.interfaces:
        words |= {interface.many, *interface.stages, *(each.name for each in interface.fields)}
    return frozenset(words - {""})


def _rules(model: Model) -> Iterator[Finding]:
    """Codes have a shape that tells them from words."""
    for rule in model.rules:
        if not _CODE.fullmatch(rule.code):
            yield _no_code(rule.code, _at(model, "rules", rule.code))
    for number, silence in enumerate(model.silences, start=1):
        if not _CODE.fullmatch(silence.rule):
            yield _no_code(silence.rule, _at(model, "silences", str(number)))


def _no_code(code: str, place: Place) -> Finding:
    says = f"'{code}' is no code of a rule"
    hint = "write capital letters and three digits, like BET001"
    return error("MODEL010", says, hint=hint, place=place, value=code)


def _whole(model: Model) -> Iterator[Finding]:
    """Zone and currency."""
    try:
        zone_of(model.zone)
    except Refused as refused:
        first = refused.findings[0]
        yield error(
            "MODEL012", first.says, hint=first.hint, place=_at(model, "zone"), value=model.zone
        )
    if model.currency and not re.fullmatch("[A-Z]{3}", model.currency):
        says = f"'{model.currency}' is no currency"
        yield error(
            "MODEL012",
            says,
            hint="write three letters like EUR",
            place=_at(model, "currency"),
            value=model.currency,
        )


_CHECKS: tuple[Callable[[Model], Iterator[Finding]], ...] = (
    _names,
    _words,
    _phrases,
    _former_names,
    _interfaces,
    _kinds,
    _ends,
    _dialects,
    _rules,
    _whole,
)
