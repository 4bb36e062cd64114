"""Issues of a Jira search in JSON, Cloud (v3) or Data Center (v2), as one shape."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from latticework.base.findings import Finding, Place, warning
from latticework.sources.content import Content
from latticework.sources.json_stream import records_of
from latticework.sources.recipes.picks import spread
from latticework.sources.rich_text import is_document, markdown_of
from latticework.sources.tree import Fields, Items, Read, Said, Tree

_KEY = re.compile(r"[A-Z][A-Z0-9_]*-\d+")
_SPRINT = re.compile(r"[\[,](id|name|state|startDate|endDate)=([^,\]]*)")
_CUSTOM = "customfield_"
_EPIC_LINK = "Epic Link"
_PLAIN = {
    "issuetype": "type",
    "summary": "summary",
    "description": "description",
    "status": "status",
    "priority": "priority",
    "resolution": "resolution",
    "created": "created",
    "updated": "updated",
    "resolutiondate": "resolved",
    "duedate": "due",
    "labels": "labels",
    "components": "components",
    "fixVersions": "fix versions",
    "versions": "affects versions",
    "timeoriginalestimate": "original estimate",
    "timeestimate": "remaining estimate",
    "timespent": "time spent",
    "environment": "environment",
}
_PEOPLE = ("assignee", "reporter", "creator")
_TURNS = {
    **{theirs.casefold(): ours for theirs, ours in _PLAIN.items()},
    "component": "components",
    "fix version": "fix versions",
    "version": "affects versions",
    "sprint": "sprints",
    "epic link": "parent",
    "parent": "parent",
    "issueparentassociation": "parent",
}
_LISTS = {"labels": None, "sprints": ","}
_DROPPED = {"issuelinks", "parent", "project", "subtasks", "comment", "worklog", *_PEOPLE}

Phrases = Mapping[str, tuple[str, str]]
"""From a link's phrase to `outward`, `inward` or BOTH, and the name of its type."""

_BOTH = "both"


def issues_of_json(read: Read) -> Read:
    """The issues of a search's answer, of several answers, or of one issue."""
    known = _Known()
    known.look(read.tree)
    return known.read(read)


def issues_of_long_json(content: Content, size: int) -> Iterator[Read]:
    """The same, so many answers or issues at a time; looked through once before."""
    known = _Known()
    for items in records_of(content, size):
        known.look(items)
    return (known.read(Read(items)) for items in records_of(content, size))


class _Known:
    """What some issues tell of others: names of fields, phrases of links, keys by number."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._phrases: dict[str, tuple[str, str]] = {}
        self._keys: dict[str, str] = {}

    def look(self, tree: Tree) -> None:
        """Note what these issues tell."""
        self._names |= _names(tree)
        for root in spread(tree):
            for issue in _issues(root):
                self._keys[_text(issue, "id")] = _text(issue, "key")
                self._phrases |= _phrases(issue)

    def read(self, read: Read) -> Read:
        """The issues of what was looked at."""
        items, findings = Items(1, 1), list(read.findings)
        for root in spread(read.tree):
            for issue in _issues(root):
                if isinstance(issue.get("fields"), Fields):
                    items.append(_Issue(issue, self._names, self._phrases, self._keys).read())
                else:
                    findings.append(_odd(issue))
        return Read(items or None, tuple(findings))


class _Issue:
    """One issue on its way to the common shape."""

    def __init__(
        self, issue: Fields, names: Mapping[str, str], phrases: Phrases, keys: Mapping[str, str]
    ) -> None:
        self._issue = issue
        fields = issue["fields"]
        assert isinstance(fields, Fields)
        self._fields = fields
        self._names = names
        self._phrases = phrases
        self._keys = keys
        self._people: dict[str, Fields] = {}
        self._sprints: dict[str, str] = {}

    def read(self) -> Fields:
        """The issue as the source's doc tells."""
        out = Fields(self._issue.line, self._issue.column)
        for name in ("key", "id"):
            out[name] = self._issue.get(name)
        for theirs, ours in _PLAIN.items():
            _keep(out, ours, _simple(self._fields.get(theirs)))
        _keep(out, "status category", _at(self._fields, "status", "statusCategory", "name"))
        for name in _PEOPLE:
            _keep(out, name, self._person(self._fields.get(name)))
        self._project(out)
        self._custom(out)
        parent = _at(self._fields, "parent", "key")
        if parent is not None:
            out["parent"] = parent
        self._links(out)
        _keep(out, "comments", self._comments())
        if "changelog" in self._issue:
            out["history"] = self._history(out.get("links"))
        _keep(out, "people", _items(self._people.values(), out.line))
        return out

    def _project(self, out: Fields) -> None:
        project = self._fields.get("project")
        if isinstance(project, Fields):
            out["project"] = _named(project, "key", "name")

    def _person(self, tree: Tree) -> Fields | None:
        """Somebody: by the account where there is one, else by the user's name."""
        if not isinstance(tree, Fields):
            return None
        key = tree.get("accountId") or tree.get("name") or tree.get("key")
        name = tree.get("displayName") or key
        return self._known(key or name, name)

    def _known(self, key: Tree, name: Tree) -> Fields | None:
        if not isinstance(key, Said):
            return None
        person = Fields(key.line, key.column)
        person["id"] = key
        person["name"] = name if isinstance(name, Said) else key
        self._people.setdefault(str(key), person)
        return person

    def _custom(self, out: Fields) -> None:
        """Custom fields under the names people know; sprints and epics are told apart."""
        custom = Fields(out.line)
        for key, value in self._fields.items():
            if key in _PLAIN or key in _DROPPED or value is None:
                continue
            name = self._names.get(key, str(key))
            sprints = _sprints(value)
            if sprints:
                out["sprints"] = sprints
            elif name == _EPIC_LINK:
                _keep(out, "parent", _simple(value))
            elif (said := _whole(_simple(value))) is not None:
                custom[Said(name, key.line if isinstance(key, Said) else 0)] = said
        _keep(out, "custom", custom or None)
        for sprint in spread(out.get("sprints")):
            self._sprints[_text(sprint, "id")] = _text(sprint, "name")

    def _links(self, out: Fields) -> None:
        """Keys of linked issues, by direction and type."""
        links = Fields(out.line)
        for link in spread(self._fields.get("issuelinks")):
            name = _text(link, "type", "name")
            for side, way in (("outwardIssue", "outward"), ("inwardIssue", "inward")):
                key = _at(link, side, "key")
                if isinstance(key, Said) and name:
                    ways = links.setdefault(way, Fields(key.line))
                    assert isinstance(ways, Fields)
                    found = ways.setdefault(name, Items(key.line))
                    assert isinstance(found, Items)
                    found.append(key)
        _keep(out, "links", links or None)

    def _comments(self) -> Tree:
        comments = _at(self._fields, "comment", "comments")
        found = []
        for each in spread(comments):
            said = Fields(each.line if each is not None else 0)
            _keep(said, "by", self._person(_at(each, "author")))
            _keep(said, "when", _at(each, "created"))
            _keep(said, "text", _simple(_at(each, "body")))
            found.append(said)
        return _items(found, 0)

    # ---- history

    def _history(self, links: Tree) -> Items:
        turns = [
            self._turn(history, item, links)
            for history in spread(_at(self._issue, "changelog", "histories"))
            if isinstance(history, Fields)
            for item in spread(history.get("items"))
            if isinstance(item, Fields)
        ]
        return _items(turns, self._issue.line) or Items(self._issue.line)

    def _turn(self, history: Fields, item: Fields, links: Tree) -> Fields:
        """What one part of a change log says."""
        author = self._person(history.get("author"))
        turn = Fields(item.line, item.column)
        _keep(turn, "when", history.get("created"))
        _keep(turn, "by", author.get("name") if author else None)
        named = _text(item, "field")
        known = _TURNS.get(_text(item, "fieldId").casefold()) or _TURNS.get(named.casefold())
        turn["field"] = Said(known or named, item.line)
        before, after = self._ends(item, known)
        if named.casefold() == "link":
            turn["field"] = Said(self._link_phrase(item, links), item.line)
            before, after = item.get("from"), item.get("to")
        elif named.casefold() in _PEOPLE:
            self._known(item.get("from"), before)
            self._known(item.get("to"), after)
        _keep(turn, "before", before)
        _keep(turn, "after", after)
        _keep(turn, "before id", item.get("from"))
        _keep(turn, "after id", item.get("to"))
        return turn

    def _ends(self, item: Fields, field: str | None) -> tuple[Tree, Tree]:
        before, after = item.get("fromString"), item.get("toString")
        if field == "parent":
            return self._parent(item.get("from"), before), self._parent(item.get("to"), after)
        if field == "sprints":
            return self._sprint_names(item, "from"), self._sprint_names(item, "to")
        if field == "labels":
            return _split(before, None), _split(after, None)
        if field == "due":
            return item.get("from") or before, item.get("to") or after
        return before, after

    def _parent(self, key: Tree, shown: Tree) -> Tree:
        """A parent's key: as shown, or that of the issue with this number."""
        if isinstance(shown, Said) and _KEY.fullmatch(shown):
            return shown
        if isinstance(key, Said):
            return Said(self._keys.get(str(key), str(key)), key.line)
        return None

    def _sprint_names(self, item: Fields, side: str) -> Tree:
        """Names of sprints; by their numbers, as a name may hold commas."""
        numbers, shown = _split(item.get(side), ","), item.get(f"{side}String")
        known = [self._sprints.get(str(each)) for each in spread(numbers)]
        if known and all(known):
            names = Items(item.line)
            names.extend(Said(name or "", item.line) for name in known)
            return names
        return _split(shown, ",") if len(known) != 1 else shown

    def _link_phrase(self, item: Fields, links: Tree) -> str:
        """`outward Blocks` for `This issue blocks X-1`; the words where no link tells the type."""
        shown = _text(item, "toString") or _text(item, "fromString")
        key = _text(item, "to") or _text(item, "from")
        words = shown.removesuffix(key).strip().casefold()
        # The longest first, as one phrase may end like another.
        for phrase in sorted(self._phrases, key=len, reverse=True):
            if phrase and words.endswith(phrase):
                way, name = self._phrases[phrase]
                return f"{self._way(key, name, links) if way == _BOTH else way} {name}"
        return f"link {words}".strip()

    def _way(self, key: str, name: str, links: Tree) -> str:
        """The direction of a link that says the same at both ends: as it stands now.

        Of one that is gone either end takes the lesser key for its beginning.
        """
        for way in ("outward", "inward"):
            if key in (str(each) for each in spread(_at(links, way, name))):
                return way
        return "outward" if _text(self._issue, "key") < key else "inward"


def _issues(tree: Tree) -> Iterator[Fields]:
    """Issues in a page of a search, or the issue itself."""
    if not isinstance(tree, Fields):
        return
    if "issues" in tree:
        yield from (each for each in spread(tree["issues"]) if isinstance(each, Fields))
    elif "key" in tree or "fields" in tree:
        yield tree


def _names(tree: Tree) -> dict[str, str]:
    """Names of custom fields, where the search was asked for them."""
    found: dict[str, str] = {}
    for root in spread(tree):
        for issue in (root, *_issues(root)):
            names = issue.get("names") if isinstance(issue, Fields) else None
            if isinstance(names, Fields):
                found |= {
                    str(key): str(name)
                    for key, name in names.items()
                    if isinstance(name, Said) and key.startswith(_CUSTOM)
                }
    return found


def _phrases(issue: Fields) -> dict[str, tuple[str, str]]:
    """How each type of link is said from either end; some say the same at both."""
    found = {}
    for link in spread(_at(issue, "fields", "issuelinks")):
        name = _text(link, "type", "name")
        inward, outward = (_text(link, "type", way).casefold() for way in ("inward", "outward"))
        found[inward] = ("inward", name)
        found[outward] = ("outward" if outward != inward else _BOTH, name)
    return found


def _simple(tree: Tree) -> Tree:
    """A value's text or texts: an option's value, a document's Markdown."""
    if isinstance(tree, Items):
        texts = Items(tree.line, tree.column)
        texts.extend(said for each in tree if (said := _simple(each)) is not None)
        return texts or None
    if not isinstance(tree, Fields):
        return tree
    if is_document(tree):
        return Said(markdown_of(tree), tree.line) if markdown_of(tree) else None
    for name in ("value", "name", "displayName", "key"):
        said = tree.get(name)
        if isinstance(said, Said):
            return said
    return None


def _whole(tree: Tree) -> Tree:
    """A number without its `.0`, as the change log writes it."""
    if isinstance(tree, Said) and tree.endswith(".0") and tree[:-2].lstrip("-").isdecimal():
        return Said(tree[:-2], tree.line, tree.column)
    return tree


def _sprints(tree: Tree) -> Items | None:
    """Sprints as named values; older servers write them as one text each."""
    found = Items(tree.line if tree is not None else 0)
    for each in spread(tree):
        if isinstance(each, Said) and ".Sprint@" in each:
            sprint = Fields(each.line)
            for name, value in _SPRINT.findall(each):
                if value != "<null>":
                    sprint[name] = Said(value, each.line)
            found.append(sprint)
        elif (
            isinstance(each, Fields)
            and "name" in each
            and ({"boardId", "originBoardId"} & each.keys())
        ):
            found.append(_named(each, "id", "name", "state", "startDate", "endDate"))
    return found or None


def _named(tree: Fields, *names: str) -> Fields:
    """Some of the named values that are texts."""
    out = Fields(tree.line, tree.column)
    for name in names:
        _keep(out, name, _simple(tree.get(name)))
    return out


def _keep(out: Fields, name: str, value: Tree) -> None:
    if value is not None and value != "":
        out[name] = value


def _items(trees: object, line: int) -> Items | None:
    items = Items(line)
    items.extend(trees)  # type: ignore[arg-type]
    return items or None


def _split(tree: Tree, mark: str | None) -> Tree:
    if not isinstance(tree, Said):
        return None
    items = Items(tree.line)
    items.extend(Said(part.strip(), tree.line) for part in tree.split(mark) if part.strip())
    return items


def _at(tree: Tree, *names: str) -> Tree:
    for name in names:
        tree = tree.get(name) if isinstance(tree, Fields) else None
    return tree


def _text(tree: Tree, *names: str) -> str:
    found = _at(tree, *names)
    return str(found) if isinstance(found, Said) else ""


def _odd(issue: Fields) -> Finding:
    says = f"issue '{_text(issue, 'key')}' has no fields"
    hint = "ask the search for fields, such as 'fields=*all'"
    return warning("SOURCE050", says, hint=hint, place=Place(line=issue.line))
