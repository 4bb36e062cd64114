"""Issues of a GitLab export in CSV, old or new."""

from __future__ import annotations

from collections.abc import Sequence

from latticework.base.findings import Place, warning
from latticework.sources.days import iso_of
from latticework.sources.gitlab_words import (
    CLOSED,
    OPENED,
    hours_of,
    keep_labels,
    key_of_address,
    state_of,
    status_of,
)
from latticework.sources.rows import Row, add, sheet_of
from latticework.sources.shaping import at, below, keep, listed, parts_of, turn
from latticework.sources.tree import Fields, Items, Read, Said

_NAMES = {
    "title": "title",
    "description": "about",
    "issue id": "number",
    "work item iid": "number",
    "url": "url",
    "state": "state",
    "type": "sort",
    "labels": "labels",
    "author": "author.name",
    "author username": "author.username",
    "assignee": "assignees.name",
    "assignee username": "assignees.username",
    "assignees": "assignees.name",
    "assignee(s)": "assignees.name",
    "assignee(s) username(s)": "assignees.username",
    "confidential": "confidential",
    "locked": "locked",
    "start date": "start",
    "due date": "due",
    "created at (utc)": "created",
    "updated at (utc)": "updated",
    "closed at (utc)": "closed",
    "milestone": "milestone.name",
    "iteration": "iteration.name",
    "weight": "weight",
    "health status": "health",
    "time estimate": "estimated hours",
    "time spent": "spent hours",
    "epic id": "epic.number",
    "epic title": "epic.title",
    "parent url": "parent",
}
_FLAGS = ("confidential", "locked")
"""Said only where something is so."""
_ELSEWHERE = ("number", "author.", "assignees.", "epic.", "labels", "state", "parent")
"""What tells of others, or more than one thing."""
_TIMES = ("created", "updated", "closed")


def read_sheet(text: str) -> Read:
    """The issues of an export; raises UnreadableError."""
    sheet = sheet_of(text)
    names = [_name_of(each) for each in sheet.header]
    findings = list(sheet.findings)
    if "url" not in names:
        says = "no column is called 'URL', so issues of two projects may have one key"
        hint = "export with the columns that GitLab gives"
        findings.append(warning("SOURCE051", says, hint=hint, place=Place(line=1)))
    out = Fields(1, 1)
    keep(out, "issues", listed((_issue(names, row) for row in sheet.rows), 1))
    return Read(out or None, tuple(findings))


def _name_of(header: str) -> str:
    folded = " ".join(header.split()).casefold()
    return _NAMES.get(folded, header)


def _issue(names: Sequence[str], row: Row) -> Fields:
    """One row."""
    cells = Fields(row.line, 1)
    for name, cell in zip(names, row.cells, strict=False):
        if cell.strip():
            add(cells, name, Said(cell.strip(), row.line))
    out = Fields(row.line, 1)
    for name, value in cells.items():
        said = value if isinstance(value, Said) else None
        if name in _TIMES and said is not None:
            out[name] = _time(said)
        elif name.endswith(" hours"):
            keep(out, name, hours_of(said))
        elif name.startswith(("milestone.", "iteration.")):
            group, _, rest = name.partition(".")
            keep(below(out, group), rest, value)
        elif not (name in _FLAGS and value == "No") and not name.startswith(_ELSEWHERE):
            keep(out, name, value)
    keep_labels(
        out, (each for each in parts_of(cells.get("labels"), ",") or () if isinstance(each, Said))
    )
    _name_people(out, cells)
    _place(out, cells)
    _tell_past(out, cells)
    return out


def _time(said: Said) -> Said:
    """An instant; a column that says UTC means UTC."""
    iso = iso_of(said.removesuffix("UTC").strip())
    if iso is None:
        return said
    return Said(iso if len(iso) <= len("2026-01-05") or iso.endswith("Z") else f"{iso}Z", said.line)


def _name_people(out: Fields, cells: Fields) -> None:
    """Everybody by user name, or by name where that is all."""
    people = Items(out.line)
    for role in ("author", "assignees"):
        named = [
            list(parts_of(cells.get(f"{role}.{each}"), ",") or ()) for each in ("username", "name")
        ]
        keys, shown = named if named[0] else (named[1], named[1])
        for number, key in enumerate(keys):
            person = Fields(out.line)
            person["username"] = key
            person["name"] = shown[number] if len(shown) == len(keys) else key
            people += [] if person in people else [person]
        keep(
            out, role, listed(keys, out.line) if role == "assignees" else keys[0] if keys else None
        )
    keep(out, "people", people)


def _place(out: Fields, cells: Fields) -> None:
    """The issue's key, and that of what it is part of."""
    address = cells.get("url")
    key = key_of_address(str(address)) if isinstance(address, Said) else ""
    number = cells.get("number")
    keep(out, "key", Said(key, out.line) if key else number)
    parent = cells.get("parent")
    if isinstance(parent, Said):
        above = key_of_address(parent) or str(parent)
        out["epic" if "&" in above else "parent"] = Said(above, out.line)
    epic = cells.get("epic.number")
    if isinstance(epic, Said):
        # An export names an epic by its number in the issue's group.
        group = key.rpartition("#")[0].rpartition("/")[0]
        out["epic"] = Said(f"{group}&{epic}", out.line)
    keep(out, "epic title", cells.get("epic.title"))


def _tell_past(out: Fields, cells: Fields) -> None:
    """An export knows when an issue was closed, and no more."""
    state = state_of(at(cells, "state")) or Said(OPENED, out.line)
    out["state"] = state
    scoped = out.get("scoped")
    status = status_of(str(state), scoped if isinstance(scoped, Fields) else Fields())
    out["status"] = Said(status, out.line)
    turns = Items(out.line)
    if state == CLOSED and "closed" in out:
        turns.append(turn(out.line, out["closed"], None, "state", Said(OPENED, out.line), state))
        turns.append(turn(out.line, out["closed"], None, "status", None, out["status"]))
    out["history"] = turns
