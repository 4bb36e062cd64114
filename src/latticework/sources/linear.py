"""Source: linear."""

from __future__ import annotations

from collections.abc import Iterator

from latticework.sources.days import iso_of
from latticework.sources.json import json
from latticework.sources.recipes.picks import spread
from latticework.sources.rows import Row, sheet_of
from latticework.sources.shaping import (
    at,
    below,
    first_of,
    keep,
    listed,
    names_of,
    nodes_of,
    parts_of,
    text_at,
    turn,
)
from latticework.sources.source import source
from latticework.sources.tree import Fields, Items, Read, Said, Tree, line_of

_COLUMNS = {
    "id": "key",
    "uuid": "id",
    "title": "title",
    "description": "description",
    "status": "status",
    "estimate": "estimate",
    "priority": "priority",
    "due date": "due",
    "created": "created",
    "updated": "updated",
    "started": "started",
    "completed": "completed",
    "canceled": "canceled",
    "archived": "archived",
    "parent issue": "parent",
    "sla status": "sla",
    "project milestone": "milestone",
}
_TIMES = frozenset({"due", "created", "updated", "started", "completed", "canceled", "archived"})
_LISTS = {
    "labels": "labels",
    "initiatives": "initiatives",
    "roadmaps": "initiatives",
    "related to": "relations.related",
    "blocked by": "relations.blocked by",
    "duplicate of": "relations.duplicate of",
}
_SAME = ("title", "description", "estimate", "url", "priority", "health")
_OURS = (
    ("key", "identifier"),
    ("id", "id"),
    ("status", "state.name"),
    ("status type", "state.type"),
    ("priority", "priorityLabel"),
    ("created", "createdAt"),
    ("updated", "updatedAt"),
    ("started", "startedAt"),
    ("completed", "completedAt"),
    ("canceled", "canceledAt"),
    ("due", "dueDate"),
    ("parent", "parent.identifier"),
    ("milestone", "projectMilestone.name"),
)
_TURNS = (
    ("status", "State", "name"),
    ("assignee", "Assignee", "name"),
    ("estimate", "Estimate", ""),
    ("title", "Title", ""),
    ("due", "DueDate", ""),
    ("cycle", "Cycle", "number"),
    ("project", "Project", "name"),
    ("parent", "Parent", "identifier"),
)
_RELATIONS = {"blocks": "blocks", "related": "related", "duplicate": "duplicate of"}


def _fits(text: str) -> bool:
    return text.casefold().startswith("id,team,title") or '"identifier"' in text


@source(fits=_fits)
def linear(text: str) -> Read:
    """Issues, projects and more of Linear: an export (CSV), or GraphQL (JSON).

    `issues` have `key`, `title`, `description`, `status`, `status type`,
    `priority`, `estimate`, `assignee.name`, `team`, `project.name`,
    `cycle.number`, `parent`, `labels`, `initiatives`, `relations.blocks`,
    `relations.blocked by`, `relations.related`, `created` and other days, and
    from GraphQL `history`: `when`, `by`, `field`, `before`, `after`.
    `projects`, `initiatives`, `cycles` and `updates` (of projects, with
    `health`) come from GraphQL; a project's updates are its history of health.
    """
    if text.lstrip()[:1] not in {"{", "["}:
        return _sheet(text)
    read = json.read(text)
    found: dict[str, list[Tree]] = {}
    for root in spread(read.tree):
        _gather(root, found)
    out = Fields(1, 1)
    projects = list(_wholes(found.get("projects", [])))
    updates = [
        _update(each, project)
        for project in projects
        for each in _wholes(list(nodes_of(at(project, "projectUpdates"))))
    ]
    # Those that stand in a project were gathered with the others, and know less there.
    told = {each.get("id") for each in updates}
    apart = map(_update, _wholes(found.get("projectUpdates", [])))
    updates += [each for each in apart if each.get("id") not in told]
    issues = (_issue(each) for each in _wholes(found.get("issues", [])))
    keep(out, "issues", listed(issues, 1))
    keep(out, "projects", listed((_project(each, updates) for each in projects), 1))
    for name in ("initiatives", "cycles"):
        keep(out, name, listed((_other(each) for each in _wholes(found.get(name, []))), 1))
    keep(out, "updates", listed(updates, 1))
    return Read(out or None, read.findings)


# ---- the export


def _sheet(text: str) -> Read:
    """Rows of an export; rows one field short are usual, and no finding."""
    sheet = sheet_of(text)
    names = [each.casefold() for each in sheet.header]
    out = Fields(1, 1)
    keep(out, "issues", listed((_row(names, row) for row in sheet.rows), 1))
    usual = len(names) - 1
    short = {row.line for row in sheet.rows if len(row.cells) == usual}
    return Read(out or None, tuple(each for each in sheet.findings if each.place.line not in short))


def _row(names: list[str], row: Row) -> Fields:
    """One issue of an export."""
    out = Fields(row.line, 1)
    for name, cell in zip(names, row.cells, strict=False):
        said = Said(cell.strip(), row.line)
        if not said:
            continue
        if name in _LISTS:
            first, _, rest = _LISTS[name].partition(".")
            spot = below(out, first) if rest else out
            keep(spot, rest or first, parts_of(said, ","))
        elif name in {"team", "creator", "assignee"}:
            below(out, name)["name"] = said
        elif name.startswith(("project id", "project milestone id", "cycle ")) or name == "project":
            first, _, rest = name.partition(" ")
            below(out, first)[rest or "name"] = _timed(said) if rest in {"start", "end"} else said
        else:
            ours = _COLUMNS.get(name, name)
            out[ours] = _timed(said) if ours in _TIMES else said
    return out


def _timed(said: Said) -> Said:
    return Said(iso_of(said) or said, said.line)


# ---- GraphQL


def _gather(tree: Tree, found: dict[str, list[Tree]]) -> None:
    """Lists by name, wherever in an answer they stand; what is in an issue stays there."""
    if not isinstance(tree, Fields) or "identifier" in tree:
        return
    for name, value in tree.items():
        nodes = list(nodes_of(value)) if isinstance(value, Fields | Items) else []
        if name in {"issues", "projects", "initiatives", "cycles", "projectUpdates"}:
            found.setdefault(str(name), []).extend(nodes)
        if name not in {"history", "nodes"} or name == "nodes":
            for each in nodes:
                if isinstance(each, Fields) and each is not tree:
                    _gather(each, found)
            if isinstance(value, Fields) and "nodes" not in value:
                _gather(value, found)


def _wholes(trees: list[Tree]) -> Iterator[Fields]:
    """Things told whole, each once; others are named by number alone."""
    seen = set()
    for each in trees:
        if isinstance(each, Fields) and "createdAt" in each:
            key = text_at(each, "id") or text_at(each, "identifier")
            if key not in seen or not key:
                seen.add(key)
                yield each


def _issue(tree: Fields) -> Fields:
    """One issue as GraphQL answers it."""
    out = Fields(tree.line, tree.column)
    for name in _SAME[:4]:
        keep(out, name, at(tree, name))
    for ours, theirs in _OURS:
        keep(out, ours, first_of(tree, theirs))
    for name in ("assignee", "creator", "team", "project", "cycle"):
        keep(out, name, _named(at(tree, name)))
    keep(out, "labels", names_of(at(tree, "labels"), "name"))
    keep(out, "relations", _relations(tree))
    if "history" in tree:
        out["history"] = listed(_history(tree), tree.line) or Items(tree.line)
    return out


def _named(tree: Tree) -> Fields | None:
    """What tells one thing from others: its names, keys and days."""
    if not isinstance(tree, Fields):
        return None
    out = Fields(tree.line, tree.column)
    keep(out, "name", first_of(tree, "displayName", "name"))
    for ours, theirs in (
        ("id", "id"),
        ("key", "key"),
        ("number", "number"),
        ("start", "startsAt"),
        ("end", "endsAt"),
    ):
        keep(out, ours, at(tree, theirs))
    return out


def _relations(tree: Fields) -> Fields:
    out = Fields(tree.line)
    for end, inverse in (("relations", False), ("inverseRelations", True)):
        for each in nodes_of(at(tree, end)):
            sort = text_at(each, "type")
            name = _RELATIONS.get(sort, sort)
            if inverse:
                name = "blocked by" if sort == "blocks" else name
            key = first_of(each, "issue.identifier" if inverse else "relatedIssue.identifier")
            if isinstance(key, Said) and name:
                items = out.setdefault(name, Items(key.line))
                assert isinstance(items, Items)
                items.append(key)
    return out


def _history(tree: Fields) -> Iterator[Fields]:
    """An issue's history, one turn for each field."""
    for entry in nodes_of(at(tree, "history")):
        when, by = (
            at(entry, "createdAt"),
            first_of(entry, "actor.displayName", "actor.name", "botActor.name"),
        )
        line = line_of(entry)
        for field, word, name in _TURNS:
            before, after = at(entry, f"from{word}"), at(entry, f"to{word}")
            if name:
                before, after = _end(before, name), _end(after, name)
            if before is not None or after is not None:
                yield turn(line, when, by, field, before, after)
        added = names_of(at(entry, "addedLabels"), "name")
        removed = names_of(at(entry, "removedLabels"), "name")
        if added or removed:
            yield turn(line, when, by, "labels", removed, added)


def _end(tree: Tree, below: str) -> Tree:
    return first_of(tree, "displayName", below) if below == "name" else at(tree, below)


def _update(tree: Fields, project: Fields | None = None) -> Fields:
    """A project's update, with how it says the project fares."""
    out = _other(tree)
    keep(out, "by", first_of(tree, "user.displayName", "user.name"))
    keep(out, "project", at(project, "id") if project is not None else first_of(tree, "project.id"))
    keep(out, "body", at(tree, "body"))
    return out


def _project(tree: Fields, updates: list[Fields]) -> Fields:
    """A project; its updates are the history of its health."""
    out = _other(tree)
    keep(out, "lead", _named(at(tree, "lead")))
    keep(out, "initiatives", names_of(at(tree, "initiatives"), "id"))
    keep(out, "teams", names_of(at(tree, "teams"), "key", "name"))
    mine = [each for each in updates if "project" in each and each["project"] == out.get("id")]
    turns = (
        turn(each.line, each.get("created"), each.get("by"), "health", None, each.get("health"))
        for each in mine
    )
    out["history"] = listed(turns, tree.line) or Items(tree.line)
    return out


def _other(tree: Fields) -> Fields:
    """What projects, initiatives, cycles and updates have in common."""
    out = Fields(tree.line, tree.column)
    for ours, *theirs in (
        ("id", "id"),
        ("name", "name"),
        ("number", "number"),
        ("status", "status.name", "state", "status"),
        ("health", "health"),
        ("description", "description"),
        ("start", "startDate", "startsAt"),
        ("end", "targetDate", "endsAt"),
        ("created", "createdAt"),
        ("updated", "updatedAt"),
        ("url", "url"),
    ):
        found = first_of(tree, *theirs)
        keep(out, ours, found if isinstance(found, Said) else None)
    return out
