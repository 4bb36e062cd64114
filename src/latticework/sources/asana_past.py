"""Stories and status updates of Asana, as the history they tell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from latticework.sources.recipes.picks import spread
from latticework.sources.shaping import at, day_at, first_of, listed, text_at, turn
from latticework.sources.tree import Fields, Said, Tree, line_of

Ends = tuple[str, Tree, Tree]
"""A field, what it was, and what it is from then on."""

_CUSTOM = "_custom_field_changed"
_COMING = {
    "added_to_project": ("projects", "project.gid", True),
    "removed_from_project": ("projects", "project.gid", False),
    "added_to_tag": ("tags", "tag.name", True),
    "removed_from_tag": ("tags", "tag.name", False),
    "dependency_added": ("blocked by", "dependency.gid", True),
    "dependency_removed": ("blocked by", "dependency.gid", False),
    "dependent_added": ("blocks", "dependency.gid", True),
    "dependent_removed": ("blocks", "dependency.gid", False),
}
_PHASES = {
    "marked_complete": ("open", "completed"),
    "marked_incomplete": ("completed", "open"),
}


def past_of_task(stories: Iterable[Tree], task: Fields) -> Iterator[Fields]:
    """The turns of a task in their order, those of its status worked out."""
    ordered = sorted(stories, key=lambda each: text_at(each, "created_at"))
    assignee: Tree = None
    turns = []
    for story in ordered:
        for field, before, after in _said_by(story, task):
            if field == "assignee":
                # A story tells to whom a task goes, not from whom.
                before, assignee = assignee, after
            turns.append(_turned(story, field, before, after))
    yield from turns
    yield from _status(turns, task)


def past_of_health(updates: Iterable[Tree], word_of: Callable[[Tree], Tree]) -> Iterator[Fields]:
    """The turns of a health, one for each update."""
    before: Tree = None
    for each in sorted(updates, key=lambda each: text_at(each, "created_at")):
        after = word_of(each)
        if after not in (None, before):
            yield _turned(each, "health", before, after)
            before = after


def _turned(story: Tree, field: str, before: Tree, after: Tree) -> Fields:
    by = first_of(story, "created_by.name", "author.name", "created_by.gid")
    return turn(line_of(story), at(story, "created_at"), by, field, before, after)


def _said_by(story: Tree, task: Fields) -> Iterator[Ends]:
    """What one story says; a story of another sort keeps its own name."""
    sort = text_at(story, "resource_subtype")
    line = line_of(story)
    if sort in _COMING:
        field, path, comes = _COMING[sort]
        value = first_of(story, path)
        yield (field, None, value) if comes else (field, value, None)
    elif sort in _PHASES:
        before, after = _PHASES[sort]
        yield "phase", Said(before, line), Said(after, line)
    elif sort.endswith(_CUSTOM):
        name = text_at(story, "custom_field", "name")
        yield f"custom.{name}", _custom(story, "old"), _custom(story, "new")
    elif sort == "section_changed":
        yield from _moved(story, task)
    elif sort in {"assigned", "unassigned", "reassigned"}:
        yield "assignee", None, None if sort == "unassigned" else first_of(story, "assignee.gid")
    elif sort in {"name_changed", "due_date_changed", "due_today"}:
        yield from _renamed_or_dated(story)
    elif sort and sort != "comment_added":
        yield sort, None, None


def _moved(story: Tree, task: Fields) -> Iterator[Ends]:
    """A move between sections, in the project whose section the task shows."""
    project = text_at(story, "new_section", "project", "gid") or text_at(story, "project", "gid")
    shown = next((text_at(each, "id") for each in spread(task.get("projects"))), "")
    if not project or not shown or project == shown:
        yield "section", at(story, "old_section", "name"), at(story, "new_section", "name")


def _renamed_or_dated(story: Tree) -> Iterator[Ends]:
    if "old_name" in _names(story):
        yield "title", at(story, "old_name"), at(story, "new_name")
    for field in ("start", "due"):
        before, after = (_day(at(story, f"{when}_dates"), field) for when in ("old", "new"))
        if before != after:
            yield field, before, after


def _names(tree: Tree) -> Iterable[str]:
    return tree if isinstance(tree, Fields) else ()


def _day(tree: Tree, field: str) -> Tree:
    return day_at(tree, f"{field}_on") or day_at(tree, f"{field}_at")


def _custom(story: Tree, when: str) -> Tree:
    """What a custom field of any sort was, or is."""
    for several in ("multi_enum_values", "people_value"):
        if found := [at(each, "name") for each in spread(at(story, f"{when}_{several}"))]:
            return listed(each for each in found if isinstance(each, Said))
    return first_of(
        story,
        f"{when}_enum_value.name",
        f"{when}_number_value",
        f"{when}_text_value",
        f"{when}_date_value.date",
        f"{when}_date_value.date_time",
        f"{when}_date_value.due_on",
    )


def _status(turns: Iterable[Fields], task: Fields) -> Iterator[Fields]:
    """The section while a task is open, `completed` once it is."""
    mine = [each for each in turns if each["field"] in {"section", "phase"}]
    firsts = {str(each["field"]): each.get("before") for each in reversed(mine)}
    section = firsts.get("section", task.get("section"))
    phase = firsts.get("phase", task.get("phase"))
    before = section if phase == "open" else phase
    for each in mine:
        if each["field"] == "section":
            section = each.get("after")
        else:
            phase = each.get("after")
        after = section if phase == "open" else phase
        if after != before:
            yield turn(each.line, each.get("when"), each.get("by"), "status", before, after)
            before = after
