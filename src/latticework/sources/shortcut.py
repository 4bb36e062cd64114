"""Source: shortcut."""

from __future__ import annotations

import re
from collections.abc import Iterator

from latticework.base.findings import Place, warning
from latticework.sources.days import day_of_text, iso_of
from latticework.sources.rows import Row, sheet_of
from latticework.sources.shaping import below, keep, listed, parts_of, turn, words
from latticework.sources.source import source
from latticework.sources.tree import Fields, Items, Read, Said

_NAMES = {
    "id": "key",
    "name": "title",
    "description": "about",
    "state": "status",
    "created_at": "created",
    "started_at": "started",
    "updated_at": "updated",
    "moved_at": "moved",
    "completed_at": "completed",
    "due_date": "due",
    "is_archived": "archived",
    "external_tickets": "tickets",
    "requestor": "requester",
}
_GROUPS = ("epic", "project", "iteration", "team", "milestone", "workflow")
_LISTS = words("owners labels epic_labels external_tickets milestone_categories tasks")
_TIMES = re.compile(r"(?:.*_)?(?:created|started|updated|moved|completed|due|start)_(?:at|date)")
_PHASES = ("unstarted", "started", "done")
_OFFSET = re.compile(r"([+-])(\d{2}):?(\d{2})")
_TASK = re.compile(r"\[(?P<mark>[ xX])\]\s*(?P<name>.+)", re.S)


def _fits(text: str) -> bool:
    first = text.partition("\n")[0].casefold()
    return "utc_offset" in first and "epic_id" in first


@source(fits=_fits)
def shortcut(text: str) -> Read:
    """Stories of Shortcut, exported as CSV.

    `stories` have `key`, `title`, `type`, `requester`, `owners`, `about`,
    `status`, `estimate`, `labels`, `tasks` (`name` and `state`), `tickets`,
    `created`, `started`, `moved`, `completed`, `updated`, `due`; `phase`
    (unstarted, started, done); as far as those days tell it `history`: `when`,
    `field`, `before`, `after`; what they belong to under `epic`, `project`,
    `iteration`, `team`, `milestone` and `workflow` (each with `id`, `name` and
    more, such as `epic.state`); and
    `people`, all who are named. Times count from the row's own `utc_offset`.
    Columns nobody knows stay under their own names.
    """
    sheet = sheet_of(text)
    names = [" ".join(each.split()).casefold() for each in sheet.header]
    findings = list(sheet.findings)
    if "id" not in names:
        says = "no column is called 'id'"
        hint = "export stories as CSV with the columns that Shortcut gives"
        findings.append(warning("SOURCE051", says, hint=hint, place=Place(line=1)))
    out = Fields(1, 1)
    keep(out, "stories", listed((_story(names, row) for row in sheet.rows), 1))
    return Read(out or None, tuple(findings))


def _story(names: list[str], row: Row) -> Fields:
    """One row; what belongs together stands together."""
    out = Fields(row.line, 1)
    offset = _offset(names, row)
    people = Items(row.line)
    for name, cell in zip(names, row.cells, strict=False):
        said = Said(cell.strip(), row.line)
        if not said or (name == "utc_offset" and offset):
            continue
        at, ours = _place(out, name)
        if _TIMES.fullmatch(name):
            time = _time(said, offset)
            keep(at, ours, _day_of(time) if name.endswith("_date") else time)
        elif name == "tasks":
            keep(at, ours, listed((_task(each) for each in parts_of(said, ";") or ()), row.line))
        elif name in _LISTS:
            keep(at, ours, parts_of(said, ";"))
        else:
            keep(at, ours, said)
        if ours in {"requester", "owners"}:
            people.extend(each for each in parts_of(said, ";") or () if each not in people)
    keep(out, "people", people)
    turns = list(_turns(out))
    phases = [each["after"] for each in turns if each["field"] == "phase"]
    out["phase"] = phases[-1] if phases else Said(_PHASES[0], row.line)
    out["history"] = listed(turns, row.line) or Items(row.line)
    return out


def _turns(story: Fields) -> Iterator[Fields]:
    """When a story was begun, finished and last moved: all that an export tells."""
    before = Said(_PHASES[0], story.line)
    for name, phase in (("started", _PHASES[1]), ("completed", _PHASES[2])):
        if name in story:
            after = Said(phase, story.line)
            yield turn(story.line, story[name], None, "phase", before, after)
            before = after
    if "moved" in story:
        # Into its status it was moved then; out of which nothing tells.
        yield turn(story.line, story["moved"], None, "status", None, story.get("status"))


def _place(out: Fields, name: str) -> tuple[Fields, str]:
    """Where a column's value goes: `epic_state` below `epic`, `epic` as its name."""
    for group in _GROUPS:
        if name == group:
            return below(out, group), "name"
        if name.startswith(f"{group}_"):
            rest = name.removeprefix(f"{group}_").removesuffix("_at").removesuffix("_date")
            return below(out, group), rest.replace("_", " ")
    return out, _NAMES.get(name, name.replace("_", " "))


def _offset(names: list[str], row: Row) -> str:
    """How far a row's times are from UTC, such as `-04:00`; empty where it does not say."""
    for name, cell in zip(names, row.cells, strict=False):
        if name == "utc_offset" and (found := _OFFSET.fullmatch(cell.strip())):
            return f"{found[1]}{found[2]}:{found[3]}"
    return ""


def _time(said: Said, offset: str) -> Said:
    """A day or an instant in ISO 8601, with its offset where the row has one."""
    iso = iso_of(said)
    if iso is None:
        return said
    bare = (
        len(iso) > len("2026-01-05")
        and not iso.endswith("Z")
        and not re.search(r"[+-]\d\d:?\d\d$", iso[10:])
    )
    return Said(iso + offset if bare else iso, said.line)


def _day_of(said: Said) -> Said:
    """The day alone, as what is due or planned has no hour."""
    return Said(day_of_text(said), said.line)


def _task(tree: object) -> Fields:
    """One task: `[x] Lamps` is done, others are not."""
    said = tree if isinstance(tree, Said) else Said("")
    found = _TASK.fullmatch(said)
    out = Fields(said.line)
    keep(out, "name", Said(found["name"], said.line) if found else said)
    if found:
        keep(out, "state", Said("done" if found["mark"] in "xX" else "open", said.line))
    return out
