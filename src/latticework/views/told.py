"""Entries told as sentences, with what each value was before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from latticework.journal.changes import (
    Connect,
    Declare,
    Disconnect,
    Entry,
    Move,
    Put,
    Retire,
    Value,
    Via,
)
from latticework.journal.tellers import HELD, JOINED
from latticework.model.model import Link, Model
from latticework.views.blocks import Span, Told, Tone
from latticework.views.wording import listed

_SHORT_REVISION = 9
_SAME = ""


def tell_about(entries: Iterable[Entry], names: Iterable[str], model: Model) -> tuple[Told, ...]:
    """What happened to one thing, latest first.

    `names` are all refs that ever led to it. Values are followed in the order
    in which they hold, so that each sentence can say what was before.
    """
    teller = _Teller(frozenset(names), model)
    in_order = sorted(entries, key=lambda entry: (entry.valid, entry.number))
    told = [(entry, _told(entry, says)) for entry in in_order for says in teller.tell(entry)]
    # Within a batch the order of writing is the order of reading.
    told.sort(key=lambda pair: (pair[0].valid, pair[0].batch), reverse=True)
    return tuple(line for _, line in told)


def tell_feed(entries: Iterable[Entry], model: Model) -> tuple[Told, ...]:
    """What happened to any thing, latest recorded first.

    Values are followed in the order in which they hold, whatever the order of
    the lines.
    """
    every = tuple(entries)
    teller = _Teller(frozenset(), model)
    in_order = sorted(every, key=lambda entry: (entry.valid, entry.number))
    told = {entry.number: tuple(teller.tell(entry)) for entry in in_order}
    newest = sorted(every, key=lambda entry: (-entry.batch, entry.number))
    return tuple(_told(entry, says) for entry in newest for says in told[entry.number])


def shown_value(value: Value) -> str:
    """A value in one line; nothing where it was taken away."""
    return listed(value) if isinstance(value, tuple) else value or ""


@dataclass
class _Teller:
    """Walks along entries and remembers what each cell and edge held."""

    names: frozenset[str]
    model: Model
    cells: dict[tuple[str, str], Value] = field(default_factory=dict)
    alive: set[str] = field(default_factory=set)
    edges: dict[tuple[str, str, str], dict[str, Value]] = field(default_factory=dict)

    def tell(self, entry: Entry) -> Iterable[tuple[Span, ...]]:
        """Sentences for one entry; none where it changed nothing."""
        match entry.change:
            case None:
                return [(Span("redacted", tone=Tone.DIM),)]
            case Put() as change:
                return self._put(change)
            case Retire(ref):
                self.alive.discard(self._key(ref))
                return [(*self._about(ref), Span("retired", tone=Tone.BAD))]
            case Move(ref, to):
                return [(Span("renamed "), _ref(ref), Span(" → "), _ref(to))]
            case Connect() as change:
                return self._connect(change)
            case Disconnect() as change:
                self.edges.pop(self._edge_key(change), None)
                return [self._edge(change, (), "no longer ")]
            case Declare():
                return [(Span("declared the model anew"),)]

    def _put(self, change: Put) -> Iterable[tuple[Span, ...]]:
        key = self._key(change.ref)
        first = key not in self.alive and bool(self.names)
        self.alive.add(key)
        parts: list[tuple[Span, ...]] = []
        for name, value in change.fields.items():
            before = self.cells.get((key, name))
            self.cells[key, name] = value
            if value != before or not self.names:
                parts.append(_cell(name, before, value))
        head = (*self._about(change.ref), *((Span("appeared  ", tone=Tone.GOOD),) if first else ()))
        if not parts:
            return [head] if first else [] if self.names else [(*head, Span("exists"))]
        return [(*head, *_joined(parts))]

    def _connect(self, change: Connect) -> Iterable[tuple[Span, ...]]:
        key = self._edge_key(change)
        drawn = key in self.edges
        before = self.edges.setdefault(key, {})
        parts = [
            _cell(name, before.get(name), value)
            for name, value in change.fields.items()
            if value != before.get(name)
        ]
        before.update(change.fields)
        return [] if drawn and not parts else [self._edge(change, parts, "")]

    def _edge(
        self, change: Connect | Disconnect, parts: Sequence[tuple[Span, ...]], before: str
    ) -> tuple[Span, ...]:
        link = self.model.links_by_name.get(change.link)
        back = change.target in self.names and change.source not in self.names
        phrase = _phrase(link, change.link, back=back)
        other = change.source if back else change.target
        head = () if back else self._about(change.source)
        tone = Tone.BAD if before else Tone.PLAIN
        tail = (Span("  "), *_joined(parts)) if parts else ()
        return (*head, Span(f"{before}{phrase} ", tone=tone), _ref(other), *tail)

    def _edge_key(self, change: Connect | Disconnect) -> tuple[str, str, str]:
        return self._key(change.source), change.link, self._key(change.target)

    def _about(self, ref: str) -> tuple[Span, ...]:
        """Whom it is about, unless the whole page is about that one thing."""
        return () if ref in self.names else (_ref(ref), Span("  "))

    def _key(self, ref: str) -> str:
        return _SAME if ref in self.names else ref


def _joined(parts: Iterable[tuple[Span, ...]]) -> tuple[Span, ...]:
    return tuple(span for part in parts for span in (Span(", "), *part))[1:]


def _cell(name: str, before: Value, value: Value) -> tuple[Span, ...]:
    label = Span(f"{name} ", tone=Tone.DIM)
    old, new = shown_value(before), shown_value(value)
    if not new:
        was = f" (was {old})" if old else ""
        return (label, Span(f"taken away{was}", tone=Tone.BAD))
    if not old:
        return (label, Span(new))
    return (label, Span(old, tone=Tone.DIM), Span(" → "), Span(new))


def _phrase(link: Link | None, word: str, *, back: bool) -> str:
    if link is None:
        return f"({word} of)" if back else word
    return link.back if back else link.name


def _ref(ref: str) -> Span:
    return Span(ref, ref=ref)


def _told(entry: Entry, says: Sequence[Span]) -> Told:
    via = entry.change.via if entry.change else None
    return Told(
        says=tuple(says),
        valid=entry.valid,
        known=entry.known,
        who=entry.by,
        why=entry.why,
        source=source_words(entry.source, via),
        number=entry.number,
        batch=entry.batch,
    )


def source_words(source: str, via: Via | None) -> str:
    """Where a value came from: "sigs.yaml:14 at 3f2a1b9c0 (groups)"."""
    if via is None:
        return source
    if via.source == JOINED:
        return f"joined with {via.key}"
    if via.source == HELD:
        return f"kept beside what {via.key} says"
    spot = f"{via.file}:{via.line}" if via.line else via.file
    revision = f"at {via.revision[:_SHORT_REVISION]}" if via.revision else ""
    named = via.source or source
    words = " ".join(part for part in (spot or via.key, revision) if part)
    return f"{words} ({named})" if words and named else words or named
