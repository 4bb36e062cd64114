"""Mending what findings speak of: another value in the same place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from latticework.base.findings import Finding, Refused, error
from latticework.base.refs import find_ref
from latticework.journal.changes import Change, Connect, Disconnect, Put, Value

if TYPE_CHECKING:
    from latticework.graph.graph import Graph
    from latticework.model.model import Field, Model


def is_mendable(finding: Finding, model: Model) -> bool:
    """Whether one value in one place is what a finding speaks of."""
    return _field_of(finding, model) is not None or _is_end(finding, model)


def alike(finding: Finding, found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings that say the same of the same value in the same field of a kind."""
    return tuple(each for each in found if sameness(each) == sameness(finding))


def sameness(finding: Finding) -> tuple[str, ...]:
    """What findings have in common that one gesture mends."""
    kind = finding.place.ref.partition("/")[0]
    return finding.code, kind, finding.place.field, finding.value, finding.says


def meant(
    about: Iterable[Finding], *, rule: str, ref: str, field: str = "", was: str | None = None
) -> Finding:
    """The finding of a rule about a thing, one field and value of it where they are named.

    Raises Refused: MEND002 where there is none (any more), MEND003 where the
    words fit several.
    """
    of_rule = [each for each in about if each.code == rule]
    fits = [
        each
        for each in of_rule
        if (not field or each.place.field == field) and was in {None, each.value}
    ]
    if not fits:
        hint = "look at the findings as they are now"
        says = f"{rule or 'no rule'} finds nothing wrong with '{ref}' any more"
        raise Refused([error("MEND002", says, hint=hint, value=ref)])
    if len({(each.place.field, each.value) for each in fits}) > 1:
        places = ", ".join(f"{each.place.field} '{each.value}'" for each in fits)
        says = f"{rule} finds several things wrong with '{ref}'"
        hint = f"name the field, and the value that it has now: {places}"
        raise Refused([error("MEND003", says, hint=hint, value=ref)])
    return fits[0]


def mend(found: Iterable[Finding], value: str, graph: Graph) -> tuple[Change, ...]:
    """Changes that put a value in the place of what each finding speaks of.

    In the place of a link's end stands the ref of the new one; the edge keeps
    its fields. No value takes the old one away. Raises Refused (MEND001) for
    findings that no single value mends.
    """
    every = tuple(found)
    wrong = [_unmendable(each) for each in every if not is_mendable(each, graph.model)]
    if wrong:
        raise Refused(wrong)
    return tuple(change for each in every for change in _changes(each, value.strip(), graph))


def _changes(finding: Finding, value: str, graph: Graph) -> Iterator[Change]:
    ref, name = finding.place.ref, finding.place.field
    field = _field_of(finding, graph.model)
    if field is not None:
        yield Put(ref, {field.name: value or None})
        return
    yield Disconnect(ref, name, finding.value)
    if value:
        yield Connect(ref, name, value, _carried(finding, graph))


def _field_of(finding: Finding, model: Model) -> Field | None:
    """The field, of one value, that a finding is about."""
    kind = model.find_kind(finding.place.ref.partition("/")[0])
    field = kind.fields_by_name.get(finding.place.field) if kind else None
    return None if field is None or field.many else field


def _is_end(finding: Finding, model: Model) -> bool:
    """Whether a finding is about where one edge of a thing leads."""
    return finding.place.field in model.links_by_name and find_ref(finding.value) is not None


def _carried(finding: Finding, graph: Graph) -> dict[str, Value]:
    """The fields of the edge, which no adjacency holds where its end is missing."""
    fields: dict[str, Value] = {}
    ends = finding.place.ref, finding.place.field, finding.value
    for entry in graph.history(finding.place.ref):
        change = entry.change
        if isinstance(change, Connect) and (change.source, change.link, change.target) == ends:
            fields |= change.fields
        elif isinstance(change, Disconnect) and (change.source, change.link, change.target) == ends:
            fields = {}
    return {name: value for name, value in fields.items() if value is not None}


def _unmendable(finding: Finding) -> Finding:
    says = f"no single value mends this: {finding.says}"
    hint = finding.hint or "open the thing and see what it lacks"
    return error("MEND001", says, hint=hint, place=finding.place, value=finding.value)
