"""Little companies in YAML: data that tests, docs and the demo share.

A document is one batch. A key with a slash is a thing; its keys are fields, or
links by their phrase in either direction. Keys without a slash speak of the
batch itself:

```yaml
on: 2026-03-01            # since when it is so; without it, the beginning
by: ada
why: spring planning
goal/grow: {title: Grow, serves: pillar/reach}
bet/ferry:
  title: Night ferry
  serves: {goal/grow: {share: 40%, why: the only route}}
---
on: 2026-05-01
bet/ferry: {stage: dropped, owner: null}   # null takes a value away
cut: {bet/ferry: {serves: goal/grow}}
move: {goal/grow: goal/grow-north}
retire: [bet/raft]
```

A document may declare words beside those of the starter pack, or instead of
them, as a model file would: `model: {uses: [], kinds: {...}}`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

import yaml

from latticework.base.times import BEGINNING, Instant, Moment, start_of
from latticework.graph.graph import Graph, build
from latticework.journal.changes import (
    Batch,
    Change,
    Connect,
    Declare,
    Disconnect,
    Move,
    Put,
    Retire,
    Value,
)
from latticework.journal.memory import MemoryStore
from latticework.model.format import format_model
from latticework.model.load import load_or_refuse
from latticework.model.model import Model

RECORDED = start_of(date(2026, 11, 15))
"""The instant at which a little company is recorded."""

_NULLS = ("", "~", "null")


@dataclass(frozen=True, slots=True)
class _Phrases:
    """Link names by every phrase that reads forward, and by those that read back."""

    forward: Mapping[str, str] = field(default_factory=dict)
    back: Mapping[str, str] = field(default_factory=dict)


def company_of(text: str, moment: Moment | None = None) -> Graph:
    """The graph of a little company; its words are the starter pack and its own.

    Recorded on 2026-11-15. Shapes other than those above raise yaml.YAMLError
    or TypeError, words that the model does not allow Refused.
    """
    batches: list[Batch] = []
    model = Model()
    for number, document in enumerate(_documents(text)):
        declared = document.get("model")
        if number == 0 or declared is not None:
            model, resolved = _declared(_model_text(declared))
            valid = BEGINNING if number == 0 else _valid(document.get("on"))
            batches.append(Batch(changes=(Declare(resolved),), valid=valid))
        batches.append(_batch_of(document, _phrases_of(model)))
    store = MemoryStore()
    store.append([each for each in batches if each.changes], now=RECORDED)
    return build(store.log(), moment, past=store.history)


def batches_of(text: str, model: Model) -> tuple[Batch, ...]:
    """The batches of a little company, in the order of its documents.

    The text is ours (a docstring, a test, a page of the manual), so a shape
    that is not the one above raises yaml.YAMLError or TypeError.
    """
    phrases = _phrases_of(model)
    return tuple(_batch_of(document, phrases) for document in _documents(text))


def changes_of(text: str, model: Model) -> tuple[Change, ...]:
    """The changes of all documents of a little company, in order."""
    return tuple(change for batch in batches_of(text, model) for change in batch.changes)


def _documents(text: str) -> Iterator[Mapping[str, object]]:
    """Each document; an empty text is one document that says nothing."""
    documents = [each for each in yaml.load_all(text, Loader=yaml.BaseLoader) if each]
    yield from (_mapping(each) for each in documents or [{}])


def _model_text(declared: object) -> str:
    """The model file that a document's `model` stands for."""
    said = {"company": "Little", "uses": ["starter"], **_mapping(declared)}
    return yaml.safe_dump(said, sort_keys=False, allow_unicode=True)


@lru_cache(maxsize=32)
def _declared(text: str) -> tuple[Model, str]:
    """A model and its text with packs resolved; most little companies share one."""
    model = load_or_refuse(text)
    return model, format_model(model)


def _phrases_of(model: Model) -> _Phrases:
    """Present names win over further words and former names."""
    forward: dict[str, str] = {}
    for link in model.links:
        forward |= dict.fromkeys((*link.was, *link.words), link.name)
    forward |= {link.name: link.name for link in model.links}
    return _Phrases(forward, {link.back: link.name for link in model.links if link.back})


def _batch_of(top: Mapping[str, object], phrases: _Phrases) -> Batch:
    """One document as a batch."""
    changes: list[Change] = []
    for ref, body in top.items():
        if "/" in ref:
            changes.extend(_thing(ref, body, phrases))
    changes.extend(_cuts(top.get("cut"), phrases))
    changes.extend(Move(old, str(new)) for old, new in _mapping(top.get("move")).items())
    changes.extend(Retire(ref) for ref in _texts(top.get("retire")))
    return Batch(
        changes=tuple(changes),
        by=str(top.get("by", "")),
        why=str(top.get("why", "")),
        valid=_valid(top.get("on")),
    )


def _thing(ref: str, body: object, phrases: _Phrases) -> Iterator[Change]:
    """A put of the plain fields, then a connect per link's end."""
    fields: dict[str, Value] = {}
    edges: list[Change] = []
    for word, value in _mapping(body).items():
        if word in phrases.forward:
            edges.extend(
                Connect(ref, phrases.forward[word], other, carried)
                for other, carried in _ends(value)
            )
        elif word in phrases.back:
            edges.extend(
                Connect(other, phrases.back[word], ref, carried) for other, carried in _ends(value)
            )
        else:
            fields[word] = _value(value)
    yield Put(ref, fields)
    yield from edges


def _cuts(body: object, phrases: _Phrases) -> Iterator[Change]:
    """Edges that end."""
    for ref, links in _mapping(body).items():
        for word, value in _mapping(links).items():
            for other, _ in _ends(value):
                if word in phrases.back:
                    yield Disconnect(other, phrases.back[word], ref)
                else:
                    yield Disconnect(ref, phrases.forward.get(word, word), other)


def _ends(value: object) -> Iterator[tuple[str, Mapping[str, Value]]]:
    """Other ends of an edge, with what each edge carries."""
    if isinstance(value, Mapping):
        for other, carried in value.items():
            yield str(other), {key: _value(each) for key, each in _mapping(carried).items()}
    else:
        yield from ((other, {}) for other in _texts(value))


def _value(value: object) -> Value:
    """A field's value as the journal keeps it."""
    if isinstance(value, Mapping):
        message = f"a field's value is a mapping: {dict(value)!r}; is a link's name misspelt?"
        raise TypeError(message)
    if isinstance(value, list):
        return tuple(str(each) for each in value)
    return None if value is None or value in _NULLS else str(value)


def _texts(value: object) -> Iterable[str]:
    """One text or a list of them."""
    if isinstance(value, list):
        return [str(each) for each in value]
    return [] if value is None or value in _NULLS else [str(value)]


def _mapping(value: object) -> Mapping[str, object]:
    """A mapping, or none where nothing was written."""
    if value is None or value in _NULLS:
        return {}
    if isinstance(value, Mapping):
        return value
    message = f"expected a mapping, not {value!r}"
    raise TypeError(message)


def _valid(value: object) -> Instant:
    """The first instant of the day, so that a question of that day sees it."""
    return BEGINNING if value is None else start_of(date.fromisoformat(str(value)))
