"""Source: yaml."""

from __future__ import annotations

import yaml as libyaml
from yaml import events

from latticework.sources.source import source
from latticework.sources.tree import DEEPEST, MOST_PARTS, Fields, Items, Said, Tree, unreadable

NOTHING = frozenset({"", "~", "null", "Null", "NULL"})
"""Plain scalars that say there is no value; quoted, they are texts."""


@source(reads=(".yaml", ".yml"))
def yaml(text: str) -> Tree:
    """YAML: every scalar stays the text that was written.

    `1.30`, `yes` and `2024-25-13` are texts; the model's fields give them
    their type. A plain `null`, `~` or nothing at all is no value. Of several
    documents in one file the first that says something counts; a second one
    that says something is a finding.
    """
    return _Composer(text).document()


class _Composer:
    """Builds a tree from libyaml's events, within bounds."""

    def __init__(self, text: str) -> None:
        self._parser = libyaml.CBaseLoader(text)
        self._anchors: dict[str, tuple[Tree, int, int]] = {}
        self._parts = 0

    def document(self) -> Tree:
        """The one document that says something."""
        found: Tree = None
        try:
            while not isinstance(event := self._next(), events.StreamEndEvent):
                if not isinstance(event, events.DocumentStartEvent):
                    continue
                self._anchors.clear()
                tree = self._value(self._next(), 0)[0]
                if tree is not None and found is not None:
                    line = event.start_mark.line + 1
                    hint = "keep one document to a file, or split it"
                    raise unreadable("SOURCE003", "a second document begins", hint=hint, line=line)
                found = tree if found is None else found
        except libyaml.MarkedYAMLError as problem:
            raise _told(problem) from None
        except libyaml.reader.ReaderError as problem:
            says = f"character {problem.character!r} does not belong in YAML"
            raise unreadable("SOURCE003", says, hint="remove it") from None
        finally:
            self._parser.dispose()
        return found

    def _next(self) -> events.Event:
        return self._parser.get_event()

    def _value(self, event: events.Event, depth: int) -> tuple[Tree, int, int]:
        """A value, how many parts it has, and how deep it goes."""
        self._parts += 1
        mark = event.start_mark
        if self._parts > MOST_PARTS or depth > DEEPEST:
            raise _too_much(depth, mark.line + 1)
        kind = type(event)
        if kind is events.ScalarEvent:
            plain = event.implicit[0] and event.value in NOTHING
            tree: Tree = None if plain else Said(event.value, mark.line + 1, mark.column + 1)
            outcome = (tree, 1, 0)
        elif kind is events.AliasEvent:
            return self._alias(event, depth)
        elif kind is events.MappingStartEvent:
            outcome = self._fields(mark, depth)
        else:
            outcome = self._items(mark, depth)
        if event.anchor:
            self._anchors[event.anchor] = outcome
        return outcome

    def _fields(self, mark: libyaml.Mark, depth: int) -> tuple[Tree, int, int]:
        fields = Fields(mark.line + 1, mark.column + 1)
        parts, deep = 1, 0
        following = self._parser.get_event
        while type(event := following()) is not events.MappingEndEvent:
            if type(event) is not events.ScalarEvent:
                hint = "use a plain word as the key"
                line = event.start_mark.line + 1
                raise unreadable("SOURCE003", "a key is not a text", hint=hint, line=line)
            at = event.start_mark
            key = Said(event.value, at.line + 1, at.column + 1)
            if event.anchor:
                self._anchors[event.anchor] = (key, 1, 0)
            value, more, deeper = self._value(following(), depth + 1)
            fields.say(key, value)
            parts, deep = parts + more, max(deep, deeper + 1)
        return fields, parts, deep

    def _items(self, mark: libyaml.Mark, depth: int) -> tuple[Tree, int, int]:
        items = Items(mark.line + 1, mark.column + 1)
        parts, deep = 1, 0
        following = self._parser.get_event
        while type(event := following()) is not events.SequenceEndEvent:
            value, more, deeper = self._value(event, depth + 1)
            items.append(value)
            parts, deep = parts + more, max(deep, deeper + 1)
        return items, parts, deep

    def _alias(self, event: events.Event, depth: int) -> tuple[Tree, int, int]:
        """What an anchor named before; its parts count again."""
        line = event.start_mark.line + 1
        if event.anchor not in self._anchors:
            says = f"'*{event.anchor}' repeats a value that no '&{event.anchor}' names before it"
            raise unreadable("SOURCE003", says, hint="write the value out", line=line)
        outcome = self._anchors[event.anchor]
        self._parts += outcome[1]
        if self._parts > MOST_PARTS or depth + outcome[2] > DEEPEST:
            raise _too_much(depth + outcome[2], line)
        return outcome


def _told(problem: libyaml.MarkedYAMLError) -> Exception:
    mark = problem.problem_mark or problem.context_mark
    says = problem.problem or problem.context or "this is not YAML"
    line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
    hint = "quote the value or mend the indentation"
    return unreadable("SOURCE003", says, hint=hint, line=line, column=column)


def _too_much(depth: int, line: int) -> Exception:
    if depth > DEEPEST:
        says = f"lists and fields nest more than {DEEPEST} deep"
    else:
        says = f"the file holds more than {MOST_PARTS:,} values"
    return unreadable("SOURCE004", says, hint="split the file, write aliases out", line=line)
