"""Source: github."""

from __future__ import annotations

from collections.abc import Iterator

from latticework.sources.json import json
from latticework.sources.shaping import (
    at,
    first_of,
    keep,
    listed,
    names_of,
    nodes_of,
    text_at,
    turn,
)
from latticework.sources.source import source
from latticework.sources.tree import Fields, Items, Read, Said, Tree, line_of

_EVENTS = {
    "labeledevent": "labeled",
    "unlabeledevent": "unlabeled",
    "assignedevent": "assigned",
    "unassignedevent": "unassigned",
    "milestonedevent": "milestoned",
    "demilestonedevent": "demilestoned",
    "closedevent": "closed",
    "reopenedevent": "reopened",
    "mergedevent": "merged",
    "renamedtitleevent": "renamed",
    "parentissueaddedevent": "parent_issue_added",
    "parentissueremovedevent": "parent_issue_removed",
    "projectv2itemstatuschangedevent": "project_v2_item_status_changed",
}
_LISTED = {
    "labeled": ("labels", "label.name", True),
    "unlabeled": ("labels", "label.name", False),
    "assigned": ("assignees", "assignee.login", True),
    "unassigned": ("assignees", "assignee.login", False),
    "milestoned": ("milestone", "milestone.title", True),
    "demilestoned": ("milestone", "milestone.title", False),
}
_NOT_PLANNED = {"not_planned", "duplicate"}
_TIMES = (
    ("created", "created_at", "createdAt"),
    ("updated", "updated_at", "updatedAt"),
    ("closed", "closed_at", "closedAt"),
    ("merged", "merged_at", "mergedAt", "pull_request.merged_at"),
)


def _fits(text: str) -> bool:
    return '"repository_url"' in text or '"timelineItems"' in text


@source(fits=_fits)
def github(text: str) -> Read:
    """Issues, pull requests and milestones of GitHub, REST or GraphQL.

    `issues` have `key` (such as `pier#12`), `sort`, `title`, `body`, `state`
    (open, closed, not planned, merged), `author`, `assignees`, `labels`,
    `milestone`, `parent` (a key), `sub issues`, `project` (values by field),
    `created`, `updated`, `closed`, `url` and, where a `timeline` lies inside,
    `history`: `when`, `by`, `field`, `before`, `after`. `milestones` have
    `title`, `state`, `due` and `about`; `people` a `login` and a `name`.
    """
    read = json.read(text)
    found = _Found()
    found.look(read.tree, "")
    out = Fields(1, 1)
    keep(out, "issues", listed(found.issues.values(), 1))
    keep(out, "milestones", listed(found.milestones.values(), 1))
    keep(out, "people", listed(found.people.values(), 1))
    return Read(out or None, read.findings)


class _Found:
    """What is found in an answer, however deep it lies."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.issues: dict[str, Fields] = {}
        self.milestones: dict[str, Fields] = {}
        self.people: dict[str, Fields] = {}

    def look(self, tree: Tree, repository: str) -> None:
        """Take what a value is, or look inside it."""
        if isinstance(tree, Items):
            for each in tree:
                self.look(each, repository)
        elif isinstance(tree, Fields):
            if _is_item(tree):
                self._take_item(tree, repository)
            elif _is_milestone(tree):
                self._take_milestone(tree)
            elif _is_issue(tree):
                self._take_issue(tree, repository)
            else:
                name = _repository(tree) or repository
                for each in tree.values():
                    self.look(each, name)

    def _take_item(self, tree: Fields, repository: str) -> None:
        """An item of a project: its issue, with the project's values of it."""
        content = tree["content"]
        if not isinstance(content, Fields):
            return
        if not _is_issue(content):
            self.look(content, repository)
            return
        issue = self._take_issue(content, repository)
        values = Fields(tree.line)
        for each in nodes_of(at(tree, "fieldValues")):
            name = text_at(each, "field", "name")
            value = first_of(each, "text", "name", "number", "date", "title")
            if name and name != "Title":
                keep(values, name, value)
        keep(issue, "project", values)

    def _take_milestone(self, tree: Fields) -> None:
        out = Fields(tree.line, tree.column)
        for ours, *theirs in (("title", "title"), ("state", "state"), ("about", "description")):
            keep(
                out,
                ours,
                _lower(first_of(tree, *theirs)) if ours == "state" else first_of(tree, *theirs),
            )
        keep(out, "due", _day(first_of(tree, "due_on", "dueOn")))
        self.milestones.setdefault(text_at(tree, "title"), out)

    def _take_issue(self, tree: Fields, repository: str) -> Fields:
        """One issue or pull request."""
        out = Fields(tree.line, tree.column)
        key = _key(tree, repository)
        out["key"] = Said(key, tree.line)
        is_pull = "pull_request" in tree or "mergedAt" in tree or "merged_at" in tree
        out["sort"] = Said("pull request" if is_pull else "issue", tree.line)
        for name in ("number", "title", "body"):
            keep(out, name, at(tree, name))
        keep(out, "url", first_of(tree, "html_url", "url"))
        for ours, *theirs in _TIMES:
            keep(out, ours, first_of(tree, *theirs))
        out["state"] = Said(_state(tree), tree.line)
        keep(out, "author", self._person(first_of(tree, "user", "author")))
        assignees = [self._person(each) for each in nodes_of(at(tree, "assignees"))]
        keep(out, "assignees", listed((each for each in assignees if each), tree.line))
        keep(out, "labels", names_of(at(tree, "labels"), "name"))
        milestone = at(tree, "milestone")
        if isinstance(milestone, Fields):
            keep(out, "milestone", at(milestone, "title"))
            self._take_milestone(milestone)
        keep(out, "parent", _key_said(at(tree, "parent"), repository))
        subs = [
            _key_said(each, repository)
            for each in nodes_of(first_of(tree, "sub_issues", "subIssues"))
        ]
        keep(out, "sub issues", listed((each for each in subs if each is not None), tree.line))
        if {"timeline", "timelineItems", "events"} & tree.keys():
            turns = listed(self._history(tree, repository), tree.line)
            out["history"] = turns or Items(tree.line)
        self.issues[key] = out
        return out

    def _person(self, tree: Tree) -> Said | None:
        login = at(tree, "login")
        if not isinstance(login, Said):
            return None
        person = Fields(login.line)
        person["login"] = login
        keep(person, "name", at(tree, "name"))
        if len(person) > len(self.people.get(str(login), ())):
            self.people[str(login)] = person
        return login

    # ---- history

    def _history(self, tree: Fields, repository: str) -> Iterator[Fields]:
        events = first_of(tree, "timeline", "timelineItems", "events")
        merged = (
            text_at(tree, "merged_at")
            or text_at(tree, "mergedAt")
            or text_at(tree, "pull_request", "merged_at")
        )
        for event in nodes_of(events):
            named = text_at(event, "event") or text_at(event, "__typename").casefold()
            name = _EVENTS.get(named, named)
            when = first_of(event, "created_at", "createdAt")
            if name == "closed" and merged and when == merged:
                continue
            by = self._person(first_of(event, "actor", "user"))
            said = _said_by(name, event, tree, repository)
            if said is not None:
                if said[0] == "assignees":
                    self._person(at(event, "assignee"))
                yield turn(line_of(event), when, by, *said)


def _said_by(
    name: str, event: Tree, issue: Fields, repository: str
) -> tuple[str, Tree, Tree] | None:
    """What an event of a timeline says: a field, what was before and after."""
    line = line_of(event)
    if name in _LISTED:
        field, path, comes = _LISTED[name]
        value = first_of(event, path, "milestoneTitle")
        return (field, None, value) if comes else (field, value, None)
    match name:
        case "closed":
            reason = first_of(event, "state_reason", "stateReason") or first_of(
                issue, "state_reason", "stateReason"
            )
            after = "not planned" if str(reason).casefold() in _NOT_PLANNED else "closed"
            return "state", Said("open", line), Said(after, line)
        case "merged":
            return "state", Said("open", line), Said("merged", line)
        case "reopened":
            return "state", Said("closed", line), Said("open", line)
        case "renamed":
            before = first_of(event, "rename.from", "previousTitle")
            return "title", before, first_of(event, "rename.to", "currentTitle")
        case "parent_issue_added":
            return "parent", None, _key_said(at(event, "parent"), repository)
        case "parent_issue_removed":
            return "parent", _key_said(at(event, "parent"), repository), None
        case "project_v2_item_status_changed":
            before = first_of(event, "previous_status", "previousStatus")
            return "project status", before, at(event, "status")
    return None


def _is_issue(tree: Fields) -> bool:
    """Whether this is an issue told whole; others name one by number and title."""
    return "number" in tree and "title" in tree and bool({"created_at", "createdAt"} & tree.keys())


def _is_milestone(tree: Fields) -> bool:
    return "title" in tree and bool({"due_on", "dueOn"} & tree.keys())


def _is_item(tree: Fields) -> bool:
    return "content" in tree and "fieldValues" in tree


def _state(tree: Fields) -> str:
    state = text_at(tree, "state").casefold()
    if first_of(tree, "merged_at", "mergedAt", "pull_request.merged_at") is not None:
        return "merged"
    reason = str(first_of(tree, "state_reason", "stateReason") or "").casefold()
    return "not planned" if state == "closed" and reason in _NOT_PLANNED else state


def _repository(tree: Tree) -> str:
    """The name of the repository that a value says it belongs to."""
    for name in ("nameWithOwner", "full_name"):
        if text := text_at(tree, name):
            return text.rpartition("/")[2]
    named = first_of(
        tree,
        "repository.nameWithOwner",
        "repository.full_name",
        "repository_url",
        "html_url",
        "url",
    )
    text = str(named) if isinstance(named, Said) else ""
    parts = [
        part for part in text.partition("/issues/")[0].partition("/pull/")[0].split("/") if part
    ]
    return (
        parts[-1]
        if text
        and (
            "/repos/" in text
            or "/issues/" in text
            or "/pull/" in text
            or named is first_of(tree, "repository.nameWithOwner", "repository.full_name")
        )
        else ""
    )


def _key(tree: Tree, repository: str) -> str:
    number = text_at(tree, "number")
    name = _repository(tree) or repository
    return f"{name}#{number}" if name else number


def _key_said(tree: Tree, repository: str) -> Tree:
    return Said(_key(tree, repository), line_of(tree)) if at(tree, "number") is not None else None


def _day(tree: Tree) -> Tree:
    return Said(tree[:10], tree.line) if isinstance(tree, Said) else None


def _lower(tree: Tree) -> Tree:
    return Said(tree.lower(), tree.line) if isinstance(tree, Said) else None
