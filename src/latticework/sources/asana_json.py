"""Answers of Asana's API as one shape, whatever was asked and in which order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from latticework.sources.asana_past import past_of_health, past_of_task
from latticework.sources.recipes.picks import spread
from latticework.sources.shaping import (
    at,
    below,
    day_at,
    first_of,
    keep,
    keep_rest,
    listed,
    text_at,
    told_whole,
    words,
)
from latticework.sources.tree import Fields, Items, Read, Said, Tree, line_of

_TASK = {
    "key": ("gid",),
    "title": ("name",),
    "about": ("notes",),
    "sort": ("resource_subtype",),
    "created": ("created_at",),
    "updated": ("modified_at",),
    "completed": ("completed_at",),
    "approval": ("approval_status",),
    "url": ("permalink_url",),
}
_PLAN = {
    "id": ("gid",),
    "name": ("name",),
    "about": ("notes",),
    "created": ("created_at",),
    "updated": ("modified_at",),
    "completed": ("completed_at",),
    "metric": ("metric.current_display_value", "metric.current_number_value"),
    "wanted": ("metric.target_number_value",),
    "period": ("time_period.display_name",),
    "url": ("permalink_url",),
}
_OTHER = words(
    "gid resource_type name notes html_notes resource_subtype permalink_url liked "
    "likes num_likes hearted hearts num_hearts workspace created_at modified_at completed_at "
    "due_on due_at due_date start_on start_at custom_fields"
)
"""Told under other names, or a matter of whoever looks."""
_OF_TASK = _OTHER | words(
    "completed assignee assignee_section assignee_status memberships projects parent subtasks "
    "num_subtasks dependencies dependents tags stories approval_status"
)
_OF_PLAN = _OTHER | words(
    "owner team members current_status current_status_update status_updates status statuses "
    "metric time_period items completed completed_by custom_field_settings color icon "
    "default_view default_access_level minimum_access_level_for_sharing "
    "minimum_access_level_for_customization public privacy_setting is_template stories sections"
)
_HEALTH = {"on_track": "green", "at_risk": "yellow", "off_track": "red", "on_hold": "blue"}
"""Words of status updates, as the older `color` of a status says them."""
_LISTS = {"task": "tasks", "project": "projects", "portfolio": "portfolios", "goal": "goals"}


def read_answers(read: Read) -> Read:
    """Everything told whole in one answer, or in several."""
    found = _Found()
    found.look(read.tree)
    out = Fields(1, 1)
    keep(out, "tasks", listed((found.task(each) for each in found.told("task")), 1))
    for sort in ("project", "portfolio", "goal"):
        plans = (found.plan(each, sort) for each in found.told(sort))
        keep(out, _LISTS[sort], listed(plans, 1))
    says = "no task, project, portfolio or goal is told whole here"
    hint = "ask for fields: opt_fields=name,completed,created_at,memberships.section.name"
    return told_whole(out, read, says, hint)


class _Found:
    """What is found in answers, however deep it lies; compact mentions give names."""

    def __init__(self) -> None:
        """Nothing yet."""
        self._things: dict[str, dict[str, Fields]] = {}
        self._stories: dict[str, list[Tree]] = {}
        self._updates: dict[str, list[Tree]] = {}
        self._relations: list[Fields] = []

    def look(self, tree: Tree, above: Fields | None = None) -> None:
        """Take what a value is, and look inside it."""
        for each in spread(tree):
            if not isinstance(each, Fields):
                continue
            sort = _sort(each)
            if sort == "story":
                self._of(self._stories, first_of(each, "target") or above, each)
            elif sort == "status_update":
                self._of(self._updates, first_of(each, "parent") or above, each)
            elif sort == "goal_relationship":
                self._relations.append(each)
            elif sort in _LISTS and _is_whole(each, sort):
                self._take(each, sort)
            inside = each if text_at(each, "gid") else above
            for name, value in each.items():
                if name != "custom_fields" and isinstance(value, Fields | Items):
                    self.look(value, inside)

    def told(self, sort: str) -> Iterable[Fields]:
        """Every thing of a sort, each once."""
        return self._things.get(sort, {}).values()

    def _of(self, found: dict[str, list[Tree]], owner: Tree, tree: Fields) -> None:
        """Keep what is told of a thing, once; without its time it is only named."""
        if "created_at" not in tree:
            return
        known = found.setdefault(text_at(owner, "gid"), [])
        if text_at(tree, "gid") not in {text_at(each, "gid") for each in known}:
            known.append(tree)

    def _take(self, tree: Fields, sort: str) -> None:
        """Keep a thing; what a second answer tells of it is added."""
        things = self._things.setdefault(sort, {})
        known = things.get(text_at(tree, "gid"), Fields())
        whole = things[text_at(tree, "gid")] = Fields(tree.line, tree.column)
        for each in (tree, known):
            keep_rest(whole, each, ())

    # ---- tasks

    def task(self, tree: Fields) -> Fields:
        """One task."""
        out = _begun(tree, _TASK)
        keep(out, "assignee", _person(at(tree, "assignee")))
        keep(out, "tags", _texts(at(tree, "tags"), "name"))
        keep(out, "projects", listed(_projects(tree), tree.line))
        keep(out, "section", _section(tree))
        done = at(tree, "completed") == "true" or "completed" in out
        out["phase"] = Said("completed" if done else "open", tree.line)
        keep(out, "status", out["phase"] if done else out.get("section"))
        keep(out, "parent", at(tree, "parent", "gid"))
        for ours, theirs in (
            ("subtasks", "subtasks"),
            ("blocked by", "dependencies"),
            ("blocks", "dependents"),
        ):
            keep(out, ours, _texts(at(tree, theirs), "gid"))
        stories = self._stories.get(text_at(tree, "gid"), [])
        if stories or "stories" in tree:
            out["history"] = listed(past_of_task(stories, out), tree.line) or Items(tree.line)
            keep(out, "comments", listed(_comments(stories), tree.line))
        keep(out, "people", listed(_people(tree, stories), tree.line))
        keep_rest(out, tree, _OF_TASK)
        return out

    # ---- projects, portfolios, goals

    def plan(self, tree: Fields, sort: str) -> Fields:
        """A project, a portfolio or a goal."""
        out = _begun(tree, _PLAN)
        keep(out, "owner", _person(at(tree, "owner")))
        keep(out, "team", first_of(tree, "team.name", "team.gid"))
        keep(out, "members", listed(_each_person(at(tree, "members")), tree.line))
        keep(out, "health", _health(tree))
        updates: list[Tree] = self._updates.get(text_at(tree, "gid"), [])
        updates = updates or list(spread(at(tree, "current_status")))
        if updates:
            turns = past_of_health(updates, _word_of)
            out["history"] = listed(turns, tree.line) or Items(tree.line)
        keep(out, "items", _texts(at(tree, "items"), "gid"))
        if sort == "goal":
            self._tie(out, text_at(tree, "gid"))
        keep_rest(out, tree, _OF_PLAN)
        return out

    def _tie(self, out: Fields, goal: str) -> None:
        """What supports a goal: goals below it, and work."""
        for each in self._relations:
            if text_at(each, "supported_goal", "gid") != goal:
                continue
            supporting = at(each, "supporting_resource")
            name = "subgoals" if _sort(supporting) == "goal" else "work"
            items = out.setdefault(name, Items(each.line))
            key = at(supporting, "gid")
            if isinstance(items, Items) and key is not None and key not in items:
                items.append(key)


def _sort(tree: Tree) -> str:
    return text_at(tree, "resource_type")


def _is_whole(tree: Fields, sort: str) -> bool:
    """Whether a thing is told, and not only named by number and name."""
    marks = {"task": ("created_at", "completed", "memberships"), "goal": ("owner", "due_on")}
    return any(each in tree for each in (*marks.get(sort, ()), "created_at", "items", "owner"))


def _begun(tree: Fields, names: Mapping[str, tuple[str, ...]]) -> Fields:
    """What tasks and plans have in common."""
    out = Fields(tree.line, tree.column)
    for ours, theirs in names.items():
        found = first_of(tree, *theirs)
        keep(out, ours, found if isinstance(found, Said) else None)
    for ours in ("start", "due"):
        for name in (f"{ours}_on", f"{ours}_at", f"{ours}_date"):
            if ours not in out:
                keep(out, ours, day_at(tree, name))
    customs = list(spread(at(tree, "custom_fields")))
    for each in customs:
        name = text_at(each, "name") or text_at(each, "gid")
        value = _custom_value(each)
        if name and value is not None:
            below(out, "custom")[name] = value
    return out


def _custom_value(tree: Tree) -> Tree:
    """A custom field's value, several choices or people as several."""
    several = _texts(at(tree, "multi_enum_values"), "name") or _texts(
        at(tree, "people_value"), "name"
    )
    if several:
        return several
    day = first_of(tree, "date_value.date", "date_value.date_time")
    return day or first_of(tree, "enum_value.name", "number_value", "text_value", "display_value")


def _person(tree: Tree) -> Fields | None:
    """Somebody: by number, as mail is told only where it is asked for."""
    key = first_of(tree, "gid", "email", "name")
    if not isinstance(key, Said):
        return None
    out = Fields(key.line)
    out["id"] = key
    keep(out, "name", first_of(tree, "name", "email", "gid"))
    keep(out, "email", at(tree, "email"))
    return out


def _each_person(tree: Tree) -> Iterator[Fields]:
    for each in spread(tree):
        person = _person(each)
        if person is not None:
            yield person


def _people(tree: Fields, stories: Iterable[Tree]) -> Iterator[Fields]:
    """Everybody a task names, now or in its stories, each once and best told."""
    found: dict[str, Fields] = {}
    named = [at(tree, "assignee"), *(at(each, "assignee") for each in stories)]
    for each in named:
        person = _person(each)
        if person is not None and len(person) > len(found.get(str(person["id"]), ())):
            found[str(person["id"])] = person
    yield from found.values()


def _projects(tree: Fields) -> Iterator[Fields]:
    """The projects of a task, each once."""
    seen = set()
    ways = [at(each, "project") for each in spread(at(tree, "memberships"))]
    for each in (*ways, *spread(at(tree, "projects"))):
        key = text_at(each, "gid")
        if key and key not in seen:
            seen.add(key)
            out = Fields(line_of(each))
            keep(out, "id", at(each, "gid"))
            keep(out, "name", at(each, "name"))
            yield out


def _section(tree: Fields) -> Tree:
    """The section in the first project that says one; in one's own list else."""
    for each in spread(at(tree, "memberships")):
        found = at(each, "section", "name")
        if found is not None:
            return found
    return at(tree, "assignee_section", "name")


def _health(tree: Fields) -> Tree:
    """How it says it fares, in the words of status updates."""
    found = first_of(
        tree,
        "current_status_update.status_type",
        "current_status.status_type",
        "current_status.color",
        "status",
    )
    return _said_health(found)


def _word_of(update: Tree) -> Tree:
    return _said_health(first_of(update, "status_type", "color"))


def _said_health(tree: Tree) -> Tree:
    """One word for both vocabularies: `green` is `on_track`."""
    if not isinstance(tree, Said):
        return None
    colours = {colour: word for word, colour in _HEALTH.items()}
    return Said(colours.get(str(tree), str(tree)), tree.line)


def _texts(tree: Tree, name: str) -> Items | None:
    found = (at(each, name) for each in spread(tree))
    return listed((each for each in found if isinstance(each, Said)), line_of(tree))


def _comments(stories: Iterable[Tree]) -> Iterator[Fields]:
    for each in stories:
        if (
            text_at(each, "resource_subtype") == "comment_added"
            or text_at(each, "type") == "comment"
        ):
            out = Fields(line_of(each))
            keep(out, "by", first_of(each, "created_by.name", "created_by.gid"))
            keep(out, "when", at(each, "created_at"))
            keep(out, "text", at(each, "text"))
            yield out
