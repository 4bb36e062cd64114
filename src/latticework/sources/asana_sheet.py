"""Tasks of an Asana export in CSV, whatever stands above its header."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from latticework.base.findings import Finding, Place, warning
from latticework.sources.days import day_of_text, is_unsettled, iso_of, settle
from latticework.sources.rows import Row, add, sheet_of
from latticework.sources.shaping import below, keep, listed, parts_of, turn
from latticework.sources.tree import Fields, Items, Read, Said, shifted

_NAMES = {
    "task id": "key",
    "created at": "created",
    "completed at": "completed",
    "last modified": "updated",
    "name": "title",
    "task name": "title",
    "section/column": "section",
    "section": "section",
    "assignee": "assignee",
    "assignee email": "email",
    "start date": "start",
    "due date": "due",
    "tags": "tags",
    "notes": "about",
    "projects": "projects",
    "parent task": "parent title",
    "blocked by (dependencies)": "blocked by",
    "blocking (dependencies)": "blocks",
}
_TIMES = ("created", "completed", "updated", "start", "due")
_LINES_ABOVE = 10
_ROUNDED = re.compile(r"\d+(?:\.\d+)?[eE]\+?\d+")

Titles = Mapping[str, Sequence[str]]
"""Keys of the tasks with a title."""


def header_line(text: str) -> int | None:
    """How many lines stand above the header; None where there is none."""
    for number, line in enumerate(text.split("\n", _LINES_ABOVE)[:_LINES_ABOVE]):
        folded = line.casefold()
        if "task id" in folded and "name" in folded:
            return number
    return None


def read_sheet(text: str) -> Read:
    """The tasks of an export; raises UnreadableError."""
    above = header_line(text) or 0
    sheet = sheet_of(text.split("\n", above)[above])
    names = [_name_of(each) for each in sheet.header]
    findings = list(sheet.findings)
    if "key" not in names:
        says = "no column is called 'Task ID'"
        hint = "export the project from Asana as CSV"
        findings.append(warning("SOURCE051", says, hint=hint, place=Place(line=1)))
    order = settle(
        cell
        for row in sheet.rows
        for name, cell in zip(names, row.cells, strict=False)
        if name in _TIMES
    )
    tasks = [_task(names, row, order) for row in sheet.rows]
    findings += [*_rounded(tasks), *_unsettled(tasks, order)]
    titles = _titles(tasks)
    findings += _join(tasks, titles)
    out = Fields(1, 1)
    keep(out, "tasks", listed(tasks, 1))
    return shifted(Read(out or None, tuple(findings)), above)


def _name_of(header: str) -> str:
    """Our name for a column; other columns are custom fields."""
    folded = " ".join(header.split()).casefold()
    return _NAMES.get(folded, f"custom.{header}")


def _task(names: Sequence[str], row: Row, order: str | None) -> Fields:
    """One row."""
    out = Fields(row.line, 1)
    for name, cell in zip(names, row.cells, strict=False):
        said = Said(cell.strip(), row.line)
        if not said:
            continue
        if name in _TIMES:
            iso = iso_of(said, order) or said
            out[name] = Said(day_of_text(iso) if name in {"start", "due"} else iso, row.line)
        elif name == "tags":
            keep(out, name, parts_of(said, ","))
        elif name == "projects":
            keep(out, name, listed((_named(each) for each in parts_of(said, ",") or ()), row.line))
        elif name.startswith("custom."):
            add(below(out, "custom"), name.removeprefix("custom."), said)
        else:
            out[name] = said
    _name_person(out)
    _tell_past(out)
    return out


def _named(tree: object) -> Fields:
    """A project, of which an export tells the name alone."""
    said = tree if isinstance(tree, Said) else Said("")
    out = Fields(said.line)
    out["name"] = said
    return out


def _name_person(out: Fields) -> None:
    """Somebody: by mail where that stands there, else by name."""
    name, mail = out.pop("assignee", None), out.pop("email", None)
    if isinstance(name, Said) or isinstance(mail, Said):
        person = Fields(out.line)
        person["id"] = mail if isinstance(mail, Said) else name
        person["name"] = name if isinstance(name, Said) else mail
        keep(person, "email", mail)
        out["assignee"] = person
        out["people"] = listed([person], out.line)


def _tell_past(out: Fields) -> None:
    """When a task was completed; where it stood before an export does not tell."""
    completed = out.get("completed")
    is_open = not isinstance(completed, Said)
    done = Said("completed", out.line)
    out["phase"] = Said("open", out.line) if is_open else done
    keep(out, "status", out.get("section") if is_open else done)
    turns = Items(out.line)
    if not is_open:
        turns.append(turn(out.line, completed, None, "phase", Said("open", out.line), done))
        turns.append(turn(out.line, completed, None, "status", None, done))
    out["history"] = turns


# ---- titles that name other tasks


def _titles(tasks: Iterable[Fields]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for task in tasks:
        title, key = task.get("title"), task.get("key")
        if isinstance(title, Said) and isinstance(key, Said):
            found.setdefault(str(title), []).append(str(key))
    return found


def _join(tasks: Iterable[Fields], titles: Titles) -> Iterator[Finding]:
    """Keys for titles, and a finding for each title that names several tasks."""
    told = set()
    for task in tasks:
        for name in ("parent title", "blocked by", "blocks"):
            said = task.pop(name, None)
            if not isinstance(said, Said):
                continue
            several = [said] if name == "parent title" else _split(said, titles)
            keys = [titles.get(str(each), ()) for each in several]
            known = (Said(each[0], said.line) for each in keys if len(each) == 1)
            one = "parent" if name == "parent title" else name
            found = listed(known, said.line)
            keep(task, one, found[0] if found and one == "parent" else found)
            rest = [each for each, its in zip(several, keys, strict=True) if len(its) != 1]
            keep(task, name if one == "parent" else f"{name} titles", listed(rest, said.line))
            for each in rest:
                if len(titles.get(str(each), ())) > 1 and str(each) not in told:
                    told.add(str(each))
                    yield _ambiguous(each, len(titles[str(each)]), name)


def _split(said: Said, titles: Titles) -> list[Said]:
    """The titles in a cell; where a comma is part of one, the longest that is known."""
    parts = [part.strip() for part in said.split(",")]
    found, at = [], 0
    while at < len(parts):
        for end in range(len(parts), at, -1):
            title = ", ".join(parts[at:end])
            if end == at + 1 or title in titles:
                found.append(Said(title, said.line))
                at = end
                break
    return [each for each in found if each]


def _ambiguous(title: Said, count: int, name: str) -> Finding:
    says = f"{count} tasks are called '{title}', so '{name}' does not tell which is meant"
    hint = "give them different names, or import the JSON of the API, which names tasks by number"
    place = Place(line=title.line)
    return warning("SOURCE072", says, hint=hint, place=place, value=str(title))


# ---- what a spreadsheet did to the file


def _rounded(tasks: Iterable[Fields]) -> Iterator[Finding]:
    """Numbers of tasks that a spreadsheet has cut: two tasks could share one."""
    cut = [
        task for task in tasks if isinstance(key := task.get("key"), Said) and _ROUNDED.match(key)
    ]
    shown = str(cut[0]["key"]) if cut else ""
    for task in cut:
        del task["key"]
    if cut:
        tasks_are = "1 task is" if len(cut) == 1 else f"{len(cut):,} tasks are"
        says = f"a spreadsheet has rounded the Task ID to '{shown}', and {tasks_are} left out"
        hint = "export again, and import the file without saving it from a spreadsheet"
        place = Place(line=cut[0].line)
        yield warning("SOURCE073", says, hint=hint, place=place, value=shown)


def _unsettled(tasks: Iterable[Fields], order: str | None) -> Iterator[Finding]:
    """Days of which nothing tells whether the day or the month stands first."""
    if order is not None:
        return
    for task in tasks:
        for name in _TIMES:
            said = task.get(name)
            if isinstance(said, Said) and is_unsettled(said):
                says = f"'{said}' may be either of two days, and no other date of the file tells"
                hint = f'say which in the recipe: {name} | day "day first", or "month first"'
                place = Place(line=task.line, field=name)
                yield warning("SOURCE052", says, hint=hint, place=place, value=str(said))
                return
