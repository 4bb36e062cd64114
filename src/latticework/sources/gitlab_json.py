"""Answers of GitLab, REST or GraphQL, as one shape."""

from __future__ import annotations

from collections.abc import Iterator

from latticework.sources.gitlab_past import EVENTS, past_but_status, past_of, sort_of
from latticework.sources.gitlab_words import (
    hours_of,
    keep_labels,
    key_of_address,
    state_of,
    status_of,
)
from latticework.sources.recipes.picks import spread
from latticework.sources.shaping import (
    at,
    below,
    day_at,
    first_of,
    keep,
    keep_rest,
    listed,
    nodes_of,
    text_at,
    told_whole,
    words,
)
from latticework.sources.tree import Fields, Items, Read, Said, Tree, line_of

_PLAIN = {
    "title": ("title",),
    "about": ("description",),
    "created": ("created_at", "createdAt"),
    "updated": ("updated_at", "updatedAt"),
    "closed": ("closed_at", "closedAt"),
    "weight": ("weight",),
    "health": ("health_status", "healthStatus"),
    "votes": ("upvotes",),
    "url": ("web_url", "webUrl"),
}
_DAYS = {"start": ("start_date", "startDate"), "due": ("due_date", "dueDate", "end_date")}
_RELATIONS = {
    "blocks": "blocks",
    "is_blocked_by": "blocked by",
    "blocked_by": "blocked by",
    "relates_to": "related",
    "related": "related",
}
_TOLD = words(
    "id iid project_id group_id title description state created_at createdAt updated_at updatedAt "
    "closed_at closedAt labels milestone iteration epic epic_iid parent parent_id parent_iid author "
    "assignee assignees closed_by closedBy due_date dueDate start_date startDate end_date weight type issue_type "
    "workItemType health_status healthStatus time_stats timeEstimate totalTimeSpent links "
    "linkedItems blockedByIssues upvotes web_url webUrl reference references status widgets hierarchy "
    "ancestors children namespace project"
) | set(EVENTS)
"""Told under other names."""
_DRAWN = words(
    "_links task_status has_tasks imported imported_from subscribed moved_to_id webPath web_path "
    "url color text_color service_desk_reply_to __typename userPermissions downvotes hasChildren hasParent "
    "merge_requests_count user_notes_count blocking_issues_count task_completion_status "
    "start_date_is_fixed start_date_fixed start_date_from_inherited_source due_date_is_fixed "
    "due_date_fixed due_date_from_inherited_source start_date_from_milestones "
    "due_date_from_milestones human_time_estimate human_total_time_spent"
)
"""How it is shown, counted, or found on GitLab."""


_FLAGS, _IDLE = words("confidential discussion_locked severity"), words("false UNKNOWN")
"""Said only where something is so."""


def read_answers(read: Read) -> Read:
    """Everything told whole in one answer, or in several."""
    found = _Found()
    found.look(read.tree)
    out = Fields(1, 1)
    things = {key: found.thing(tree, key) for key, tree in found.things.items()}
    issues = [each for key, each in things.items() if "&" not in key]
    keep(out, "issues", listed(issues, 1))
    keep(out, "epics", listed((each for key, each in things.items() if "&" in key), 1))
    keep(out, "milestones", listed(found.spans["milestone"].values(), 1))
    keep(out, "iterations", listed(found.spans["iteration"].values(), 1))
    says = "no issue, epic, milestone or iteration is told whole here"
    hint = "ask for /projects/…/issues or /groups/…/epics, or for 'iid', 'title' and 'webUrl'"
    return told_whole(out, read, says, hint)


class _Found:
    """What is found in answers, however deep it lies."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.things: dict[str, Fields] = {}
        self.spans: dict[str, dict[str, Fields]] = {"milestone": {}, "iteration": {}}
        self._keys: dict[str, str] = {}
        self._events: dict[str, list[tuple[str, Fields]]] = {}

    def look(self, tree: Tree) -> None:
        """Take what a value is, or look inside it."""
        for each in spread(tree):
            if not isinstance(each, Fields):
                continue
            whole = _whole(each)
            if "link_type" in each or "linkType" in each:
                continue
            if sort := sort_of(each):
                owner = text_at(each, "resource_id") or text_at(each, "issue_id")
                self._events.setdefault(owner, []).append((sort, each))
            elif whole is not None:
                self._take(whole)
            elif _is_span(each):
                self.span(each, "milestone" if _is_milestone(each) else "iteration")
            else:
                for value in each.values():
                    self.look(value)

    def _take(self, tree: Fields) -> None:
        key = _key(tree)
        self.things[key] = tree
        self._keys[_number(at(tree, "id"))] = key
        for inner in spread(at(tree, "children")):
            self.look(list_of(inner))

    # ---- one thing

    def thing(self, tree: Fields, key: str) -> Fields:
        """An issue, a task, an incident or an epic."""
        out = Fields(tree.line, tree.column)
        out["key"] = Said(key, tree.line)
        for ours, theirs in _PLAIN.items():
            found = first_of(tree, *theirs)
            keep(out, ours, found if isinstance(found, Said) else None)
        for ours, theirs in _DAYS.items():
            for name in theirs:
                if ours not in out:
                    keep(out, ours, day_at(tree, name))
        sort = first_of(tree, "workItemType.name", "issue_type", "type")
        keep(out, "sort", Said(str(sort).lower(), tree.line) if isinstance(sort, Said) else None)
        keep(
            out,
            "estimated hours",
            hours_of(first_of(tree, "time_stats.time_estimate", "timeEstimate")),
        )
        keep(
            out,
            "spent hours",
            hours_of(first_of(tree, "time_stats.total_time_spent", "totalTimeSpent")),
        )
        _name_people(out, tree)
        keep_labels(out, _labels(tree))
        for name in ("milestone", "iteration"):
            span = at(tree, name)
            if isinstance(span, Fields):
                keep(out, name, self.span(span, name))
        self._place(out, tree, key)
        _relate(out, tree, key)
        self._tell_past(out, tree)
        idle = {name for name in _FLAGS if text_at(tree, name) in _IDLE}
        keep_rest(out, tree, _TOLD | _DRAWN | idle)
        return out

    def span(self, tree: Fields, sort: str) -> Fields:
        """A milestone or an iteration, and a short mention of it."""
        out = Fields(tree.line, tree.column)
        number = _number(first_of(tree, "id"))
        keep(out, "id", Said(number, tree.line) if number else at(tree, "title"))
        for ours, theirs in _DAYS.items():
            keep(out, ours, next((day for name in theirs if (day := day_at(tree, name))), None))
        ends = " – ".join(str(out[each]) for each in ("start", "due") if each in out)
        keep(out, "name", at(tree, "title") or Said(ends, tree.line))
        mention = Fields(tree.line)
        for name in ("id", "name"):
            keep(mention, name, out.get(name))
        keep(out, "about", at(tree, "description"))
        keep(out, "state", at(tree, "state"))
        keep(out, "url", first_of(tree, "web_url", "webUrl"))
        known = self.spans[sort].get(text_at(out, "id"), Fields())
        if len(out) >= len(known):
            self.spans[sort][text_at(out, "id")] = out
        return mention

    def _place(self, out: Fields, tree: Fields, key: str) -> None:
        """What a thing is part of: an epic, or another issue."""
        parent = first_of(tree, "epic", "parent")
        above = _key(parent) if isinstance(parent, Fields) else ""
        if not above:
            above = self._keys.get(text_at(tree, "parent_id"), "")
        if not above and text_at(tree, "parent_iid"):
            above = f"{key.rpartition('&')[0]}&{text_at(tree, 'parent_iid')}"
        if above:
            out["epic" if "&" in above and "&" not in key else "parent"] = Said(above, tree.line)
        if "epic" in out:
            keep(out, "epic title", at(parent, "title"))
        below_it = [_key(each) for each in nodes_of(at(tree, "children"))]
        for name, mark in (("children", "#"), ("sub epics", "&")):
            keys = (Said(each, tree.line) for each in below_it if mark in each)
            keep(out, name, listed(keys, tree.line))

    def _tell_past(self, out: Fields, tree: Fields) -> None:
        """Where it stands, and what its events say of that."""
        scoped = out.get("scoped")
        state = state_of(at(tree, "state"))
        keep(out, "state", state)
        said = first_of(tree, "status.name")
        known = scoped if isinstance(scoped, Fields) else Fields()
        told = status_of(str(state), known) if state else None
        if "&" not in text_at(out, "key"):
            keep(out, "status", said or (Said(told, tree.line) if told else None))
        events = list(self._events.get(text_at(tree, "id"), []))
        for name, sort in EVENTS.items():
            inside = (each for each in spread(at(tree, name)) if isinstance(each, Fields))
            events += [(sort, each) for each in inside if "created_at" in each]
        if events or EVENTS.keys() & tree.keys():
            turns = past_of(events, out) if said is None else past_but_status(events, out)
            out["history"] = listed(turns, tree.line) or Items(tree.line)


def list_of(tree: Tree) -> Tree:
    """The things of a list or of a page of it."""
    return listed(nodes_of(tree), line_of(tree))


def _whole(tree: Fields) -> Fields | None:
    """An issue or epic told whole, its widgets laid flat; None for anything else."""
    if "iid" not in tree or "title" not in tree or not _key(tree):
        return None
    if not {"created_at", "createdAt", "widgets", "state"} & tree.keys() or _is_span(tree):
        return None
    whole = Fields(tree.line, tree.column)
    for part in (tree, *spread(at(tree, "widgets"))):
        for name, value in part.items() if isinstance(part, Fields) else ():
            if value is not None and not (part is not tree and name == "type"):
                whole.setdefault(name, value)
    return whole


def _is_span(tree: Fields) -> bool:
    """Whether this is a milestone or an iteration: days, and nobody who wrote it."""
    if {"author", "labels", "assignees", "widgets"} & tree.keys() or "title" not in tree:
        return False
    return bool({"start_date", "startDate"} & tree.keys() and {"due_date", "dueDate"} & tree.keys())


def _is_milestone(tree: Fields) -> bool:
    address = str(first_of(tree, "web_url", "webUrl", "webPath", "id") or "").casefold()
    return "iteration" not in address and not {"sequence", "iterationCadence"} & tree.keys()


def _key(tree: Tree) -> str:
    """The key of an issue or epic, from its address or its full reference."""
    for name in ("web_url", "webUrl", "url", "webPath"):
        if key := key_of_address(text_at(tree, name)):
            return key
    full = text_at(tree, "references", "full") or text_at(tree, "reference")
    if "#" in full or "&" in full:
        return full
    project, number = text_at(tree, "project_id"), text_at(tree, "iid")
    return f"{project}#{number}" if project and number else ""


def _number(tree: Tree) -> str:
    """A number without `gid://gitlab/…/`."""
    return str(tree).rpartition("/")[2] if isinstance(tree, Said) else ""


def _name_people(out: Fields, tree: Fields) -> None:
    """Everybody by user name, and once with the name people know."""
    found: dict[str, Fields] = {}
    several = [*nodes_of(at(tree, "assignees"))] or [at(tree, "assignee")]
    author, closer = at(tree, "author"), first_of(tree, "closed_by", "closedBy")
    for each in (author, closer, *several):
        key = first_of(each, "username", "name")
        if isinstance(key, Said):
            person = found[str(key)] = Fields(key.line)
            person["username"] = key
            keep(person, "name", first_of(each, "name", "username"))
    keep(out, "author", first_of(author, "username", "name"))
    keep(out, "closed by", first_of(closer, "username", "name"))
    named = (first_of(each, "username", "name") for each in several)
    keep(out, "assignees", listed((each for each in named if each), tree.line))
    keep(out, "people", listed(found.values(), tree.line))


def _labels(tree: Fields) -> Iterator[Said]:
    for each in nodes_of(at(tree, "labels")):
        name = each if isinstance(each, Said) else first_of(each, "title", "name")
        if isinstance(name, Said):
            yield name


def _relate(out: Fields, tree: Fields, key: str) -> None:
    """Links to other issues; one that says the same at both ends has one beginning."""
    links = [*nodes_of(at(tree, "links")), *nodes_of(at(tree, "linkedItems"))]
    blocked = [(each, "is_blocked_by") for each in nodes_of(at(tree, "blockedByIssues"))]
    sorted_links = [
        (each, text_at(each, "link_type") or text_at(each, "linkType")) for each in links
    ]
    for link, sort in (*sorted_links, *blocked):
        inner = at(link, "workItem")
        other = _key(inner if inner is not None else link)
        name = _RELATIONS.get(sort.casefold(), sort)
        if not other or not name:
            continue
        if name == "related" and other < key:
            name = "related back"
        items = below(out, "relations").setdefault(name, Items(line_of(link)))
        if isinstance(items, Items) and other not in items:
            items.append(Said(other, line_of(link)))
