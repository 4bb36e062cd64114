"""Resource events of GitLab, as the history they tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from latticework.sources.gitlab_words import OPENED, scope_of, state_of, status_of
from latticework.sources.shaping import at, first_of, text_at, turn
from latticework.sources.tree import Fields, Said, Tree

EVENTS = {
    "resource_state_events": "state",
    "resource_label_events": "label",
    "resource_milestone_events": "milestone",
    "resource_iteration_events": "iteration",
    "resource_weight_events": "weight",
}
"""Lists of events by the names under which they are asked for, and what turns in each."""


def sort_of(event: Fields) -> str:
    """What an event speaks of; empty for what is no event."""
    if "created_at" not in event or not {"action", "state", "weight"} & event.keys():
        return ""
    if not {"resource_id", "resource_type", "issue_id", "user"} & event.keys():
        return ""
    named = (
        each for each in ("label", "milestone", "iteration", "weight", "state") if each in event
    )
    return next(named, "")


def past_of(events: Iterable[tuple[str, Fields]], issue: Fields) -> Iterator[Fields]:
    """The turns of an issue in their order, those of its status worked out."""
    # What goes stands before what comes at the same instant: one label takes another's place.
    ordered = sorted(
        events,
        key=lambda each: (text_at(each[1], "created_at"), text_at(each[1], "action") == "add"),
    )
    now = Fields(issue.line)
    now["state"] = Said(OPENED, issue.line)
    scoped = _first_scoped(ordered, issue)
    status: Tree = Said(status_of(OPENED, scoped), issue.line)
    for sort, event in ordered:
        for field, before, after in _said_by(sort, event, now, scoped):
            yield _turned(event, field, before, after)
        after = Said(status_of(text_at(now, "state"), scoped), event.line)
        if after != status:
            yield _turned(event, "status", status, after)
            status = after


def past_but_status(events: Iterable[tuple[str, Fields]], issue: Fields) -> Iterator[Fields]:
    """The turns of an issue whose status no event tells: it stands since the last update."""
    yield from (each for each in past_of(events, issue) if each["field"] != "status")
    when = first_of(issue, "updated", "created")
    yield turn(issue.line, when, None, "status", None, issue.get("status"))


def _turned(event: Fields, field: str, before: Tree, after: Tree) -> Fields:
    by = first_of(event, "user.name", "user.username")
    return turn(event.line, at(event, "created_at"), by, field, before, after)


def _first_scoped(ordered: Iterable[tuple[str, Fields]], issue: Fields) -> Fields:
    """The scoped labels that an issue had before its first event."""
    last = issue.get("scoped")
    found = Fields(issue.line)
    if isinstance(last, Fields):
        found |= last
    seen = set()
    for sort, event in ordered:
        scope, value = scope_of(text_at(event, "label", "name")) if sort == "label" else ("", "")
        if scope and scope not in seen:
            seen.add(scope)
            found.pop(scope, None)
            if text_at(event, "action") == "remove":
                found[scope] = Said(value, event.line)
    return found


def _said_by(
    sort: str, event: Fields, now: Fields, scoped: Fields
) -> Iterator[tuple[str, Tree, Tree]]:
    """What one event says; what an issue has so far is kept along the way."""
    comes = text_at(event, "action") != "remove"
    if sort == "label":
        yield from _labelled(event, scoped, comes=comes)
    elif sort in {"milestone", "iteration"}:
        value = first_of(event, f"{sort}.id", f"{sort}.title") if comes else None
        yield sort, now.get(sort) or (None if comes else first_of(event, f"{sort}.id")), value
        now[sort] = value
    elif sort == "weight":
        yield sort, now.get(sort), at(event, sort)
        now[sort] = at(event, sort)
    elif (state := state_of(at(event, "state"))) is not None:
        yield "state", now.get("state"), state
        now["state"] = state


def _labelled(event: Fields, scoped: Fields, *, comes: bool) -> Iterator[tuple[str, Tree, Tree]]:
    """A label that came or went; of a scope at most one stands."""
    name = first_of(event, "label.name", "label.title")
    if not isinstance(name, Said):
        return
    yield ("labels", None, name) if comes else ("labels", name, None)
    scope, value = scope_of(name)
    if scope and comes:
        yield f"scoped.{scope}", scoped.get(scope), Said(value, name.line)
        scoped[scope] = Said(value, name.line)
    elif scope and scoped.get(scope) == value:
        yield f"scoped.{scope}", Said(value, name.line), None
        del scoped[scope]
