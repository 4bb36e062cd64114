"""Where an answer would count people apart or put them in an order of merit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from latticework.model.model import TITLE, Model
from latticework.query.plan import Applied, FieldRead, Listed, Measured, Source, Tallied

if TYPE_CHECKING:
    from latticework.query.extent import Lookup

SOMEBODY = "people, not shown apart"
"""What people are called together, where nothing is said of each."""

_QUANTITIES = frozenset({"number", "money", "ratio", "duration"})


def people_kinds(model: Model) -> frozenset[str]:
    """Kinds whose things are people."""
    return frozenset(each.name for each in model.kinds if each.people)


def names_people(what: Measured, lookup: Lookup, kinds: frozenset[str]) -> bool:
    """Whether what is read of things of these kinds says who somebody is.

    A path that may lead to people as well as to others does so only where a
    field is read at its end: its refs tell the one from the other.
    """
    people = people_kinds(lookup.model)
    match what:
        case FieldRead(name=name):
            own = bool(kinds) and kinds <= people and name == TITLE
            return own or any(each.field.people for each in _every_source(what))
        case Applied(to=inner):
            return names_people(inner, lookup, kinds)
        case Listed(field=read):
            ends = ends_of(what, lookup, kinds)
            if read is None:
                return bool(ends) and ends <= people
            return bool(ends & people) or names_people(read, lookup, ends)
        case Tallied():
            return False


def ranks_people(what: Measured, model: Model, kinds: frozenset[str]) -> bool:
    """Whether to sort things of these kinds so is to rank people by a figure."""
    if not kinds or not kinds <= people_kinds(model):
        return False
    return isinstance(what, Tallied) or (
        isinstance(what, FieldRead) and bool(what.types & _QUANTITIES)
    )


def ends_of(what: Listed, lookup: Lookup, kinds: frozenset[str]) -> frozenset[str]:
    """Kinds to which a path from things of these kinds may lead."""
    here = kinds
    for step in what.steps:
        here = lookup.reach_of(step, here)
    named = what.target.kinds
    return here & frozenset(named) if named is not None else here


def _every_source(read: FieldRead) -> Iterator[Source]:
    """Every field of which a value is made."""
    waiting = list(read.sources)
    while waiting:
        source = waiting.pop()
        yield source
        waiting += (part for _, part in source.parts)
