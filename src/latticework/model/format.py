"""A model as a file: what `load` reads back as the same model.

Packs are written out, so the text stands for itself: it is what the journal
keeps when a model is applied. Links stand in a section of their own, which
keeps their order and that of their ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

import yaml

from latticework.model.fieldspec import format_field
from latticework.model.model import (
    STAGE,
    BoundReading,
    End,
    Field,
    Interface,
    Kind,
    Link,
    Model,
    NamedMoment,
    Origin,
    RuleQuery,
    SavedView,
    Shape,
    Silence,
    Stage,
    Term,
)


class _Writer(yaml.CSafeDumper):
    """Writes a value that stands in two places twice, without anchors."""

    def ignore_aliases(self, data: object) -> bool:
        """Never an anchor."""
        return True


Written = str | list["Written"] | dict[str, "Written"]
"""What a YAML writer is given."""


def format_model(model: Model) -> str:
    """The YAML text of a model, packs written out."""
    return yaml.dump(
        spell_model(model),
        Dumper=_Writer,
        sort_keys=False,
        allow_unicode=True,
        width=100,
        default_flow_style=None,
    )


def spell_model(model: Model) -> dict[str, Written]:
    """The model as plain mappings, lists and texts."""
    return _kept(
        {
            "company": model.company,
            "resolved": list(model.uses),
            "zone": "" if model.zone == "UTC" else model.zone,
            "currency": model.currency,
            "interfaces": {each.name: _interface(each) for each in model.interfaces},
            "kinds": {each.name: _kind(each) for each in model.kinds},
            "links": {each.name: _link(each) for each in model.links},
            "terms": {each.name: _term(each) for each in model.terms},
            "dialects": {each.area: dict(each.words) for each in model.dialects},
            "rules": {each.code: _rule(each) for each in model.rules},
            "silences": [_silence(each) for each in model.silences],
            "views": {each.name: spell_view(each) for each in model.views},
            "readings": {each.name: _reading(each) for each in model.readings},
            "moments": {each.name: _moment(each) for each in model.moments},
        }
    )


def spell_view(view: SavedView) -> Written:
    """A kept question as a plain mapping, or as its text alone."""
    said = {"for": view.whom, "decides": view.decides, "omits": view.omits, "lens": view.lens}
    more = _kept({**said, "with": dict(view.shows)})
    return {"asks": view.asks, **more} if more else view.asks


def _interface(interface: Interface) -> Written:
    return {"many": interface.many} | _kept(
        {
            "fields": _fields(interface.fields),
            "stages": list(interface.stages),
            **_notes(interface.purpose, interface.expires),
            "was": list(interface.was),
        }
    )


def _kind(kind: Kind) -> Written:
    return {"family": kind.family.value, "many": kind.many} | _kept(
        {
            "is": list(kind.provides),
            "fields": _fields(kind.fields),
            "stages": {each.name: _stage(each) for each in kind.stages},
            "stage field": "" if kind.stage_field == STAGE else kind.stage_field,
            "as": dict(kind.maps),
            "refresh": kind.refresh,
            "people": "yes" if kind.people else "",
            "aside": "yes" if kind.aside else "",
            **_notes(kind.purpose, kind.expires),
            "was": _was(kind.was, kind.origins),
        }
    )


_FLAGS = ("many", "required", "unique", "people")


def _fields(fields: Iterable[Field]) -> dict[str, Written]:
    return {each.name: _field(each) for each in fields}


def _field(field: Field) -> Written:
    """One line where that says all, else the line and what it cannot say."""
    line = format_field(field)
    notes = _notes(field.purpose, field.expires) | {"was": _was(field.was, field.origins)}
    if line is not None:
        kept = _kept(notes)
        return {"type": line, **kept} if kept else line
    spelled: dict[str, Written] = {
        "type": field.type,
        **{word: "yes" for word in _FLAGS if getattr(field, word)},
        "range": "yes" if field.ranged else "",
        "low": _bound(field.low),
        "high": _bound(field.high),
        "unit": field.unit,
        "per": field.per,
        "choices": list(field.choices),
    }
    return _kept(spelled | notes)


def _bound(bound: Decimal | None) -> str:
    return "" if bound is None else str(bound)


def _stage(stage: Stage) -> Written:
    more = _kept(
        {
            "entry": stage.entry,
            "exit": stage.exit,
            "needs": stage.needs,
            "limit": str(stage.limit) if stage.limit else "",
            "was": _was(stage.was, stage.origins),
        }
    )
    return {"category": stage.category, **more} if more else stage.category


def _link(link: Link) -> Written:
    return {"ends": {each.source: _end(each) for each in link.ends}} | _kept(
        {
            "back": link.back,
            "carries": _fields(link.carries),
            **_bounds(link),
            "shape": "" if link.shape is Shape.NETWORK else link.shape.value,
            "words": list(link.words),
            **_notes(link.purpose, link.expires),
            "was": _was(link.was, link.origins),
        }
    )


def _end(end: End) -> Written:
    bounds = _kept(_bounds(end))
    return {"to": list(end.targets), **bounds} if bounds else list(end.targets)


def _bounds(item: Link | End) -> dict[str, Written]:
    return {
        "most": str(item.most) if item.most else "",
        "most back": str(item.most_back) if item.most_back else "",
    }


def _term(term: Term) -> Written:
    more = _kept({"also": list(term.synonyms), **_notes(term.purpose, term.expires)})
    return {"means": term.means, **more} if more else term.means


def _rule(rule: RuleQuery) -> Written:
    return {"flags": rule.flags, "says": rule.says} | _kept(
        {
            "name": rule.name,
            "hint": rule.hint,
            "severity": "" if rule.severity == "warning" else rule.severity,
            **_notes(rule.purpose, rule.expires),
        }
    )


def _silence(silence: Silence) -> Written:
    about = _kept({"of": silence.of})
    until = {"why": silence.why, "until": silence.until.isoformat()}
    return {"rule": silence.rule, **about, **until}


def _reading(reading: BoundReading) -> Written:
    given: dict[str, Written] = {name: list(texts) for name, texts in reading.given.items()}
    return {"computes": reading.computes} | _kept(
        {"with": given, **_notes(reading.purpose, reading.expires)}
    )


def _moment(moment: NamedMoment) -> Written:
    known = moment.known.isoformat() if moment.known else ""
    more = _kept({"known": known, **_notes(moment.purpose, moment.expires)})
    return {"day": moment.day.isoformat(), **more} if more else moment.day.isoformat()


def _notes(purpose: str, expires: date | None) -> dict[str, Written]:
    return {"purpose": purpose, "expires": expires.isoformat() if expires else ""}


def _was(names: Iterable[str], origins: Iterable[Origin]) -> list[Written]:
    parts: list[Written] = [{"from": each.word, "where": each.where} for each in origins]
    return [*names, *parts]


def _kept(keys: Mapping[str, Written]) -> dict[str, Written]:
    """The keys that say something."""
    return {key: value for key, value in keys.items() if value}
