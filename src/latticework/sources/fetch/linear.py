"""Fetcher: linear."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from latticework.base.times import Instant, format_instant
from latticework.sources.fetch.fetcher import Asked, Page, Way, fetcher, setting
from latticework.sources.fetch.graphql import ask, next_cursor, nodes
from latticework.sources.fetch.http import Client
from latticework.sources.fetch.shapes import Json, inner, position, position_of, text
from latticework.sources.fetch.tokens import Token

PATH = "/graphql"
_PERSONAL = "lin_api_"
_PAST = """
  pageInfo { hasNextPage endCursor }
  nodes {
    createdAt actor { displayName }
    fromState { name } toState { name } fromAssignee { displayName } toAssignee { displayName }
    fromEstimate toEstimate fromTitle toTitle fromDueDate toDueDate
    fromCycle { number } toCycle { number } fromProject { name } toProject { name }
    fromParent { identifier } toParent { identifier }
    addedLabels { name } removedLabels { name }
  }
"""
_ISSUE = """
  id identifier title description estimate priorityLabel url createdAt updatedAt
  startedAt completedAt canceledAt dueDate
  state { name type } assignee { id name displayName } creator { id name displayName }
  team { id key name } project { id name } projectMilestone { name } cycle { id number name }
  parent { identifier }
  labels(first: 20) { nodes { name } }
  relations(first: 10) { nodes { type relatedIssue { identifier } } }
  inverseRelations(first: 10) { nodes { type issue { identifier } } }
"""
_PROJECT = """
  id name description state health createdAt updatedAt startDate targetDate url
  lead { displayName } initiatives(first: 10) { nodes { id name } } teams(first: 10) { nodes { key } }
  projectUpdates(first: 20) { nodes { id createdAt health body user { displayName } } }
"""
_INITIATIVE = "id name description status createdAt updatedAt targetDate"
_CYCLE = "id number name createdAt updatedAt startsAt endsAt"
_LISTS = (
    ("initiatives", "InitiativeFilter", _INITIATIVE),
    ("projects", "ProjectFilter", _PROJECT),
    ("cycles", "CycleFilter", _CYCLE),
    ("issues", "IssueFilter", _ISSUE),
)
_BY_TEAM = {"cycles", "issues"}
_QUERY = """
query Things($first: Int, $after: String, $filter: %(filter)s, $archived: Boolean) {
  %(name)s(first: $first, after: $after, filter: $filter, includeArchived: $archived,
    orderBy: createdAt) {
    pageInfo { hasNextPage endCursor }
    nodes { %(fields)s }
  }
}
"""
_REST = """
query Past($id: String!, $after: String) {
  issue(id: $id) { history(first: 50, after: $after) { %s } }
}
"""


@dataclass(frozen=True, kw_only=True)
class LinearSettings:
    """What is asked of Linear."""

    team: tuple[str, ...] = setting("Keys of teams; all that the token sees, without.", ())
    history: bool = setting("Whether each issue's past is asked for.", True)
    archived: bool = setting("Whether what is archived is asked for, too.", True)
    page_size: int = setting("Issues to a page; each costs about 300 points of 10,000.", 20)
    past_size: int = setting("Turns of an issue's past that come with its page.", 15)
    site: str = setting("The address of the API.", "https://api.linear.app")


def _way(settings: LinearSettings, token: Token | None) -> Way:
    """A personal key goes as it is; a token of an application says what it is."""
    if token is None:
        return Way(site=settings.site)
    secret = token.reveal()
    said = secret if secret.startswith(_PERSONAL) else f"Bearer {secret}"
    return Way(site=settings.site, key={"authorization": said})


@fetcher(settings=LinearSettings, source="linear", way=_way)
def linear(asked: Asked[LinearSettings]) -> Iterator[Page]:
    """Issues of Linear with their past, and projects, initiatives and cycles.

    What belongs to many comes first. Things come in the order in which they
    were made, so that none slips from page to page while people work.
    """
    place = position_of(asked.position)
    first, cursor = int(place.get("list", 0)), place.get("next", "")
    for spot in range(len(_LISTS)):
        if spot < first or (spot == first and asked.position and not cursor):
            continue
        yield from _walk(asked, spot, cursor if spot == first else "")


def _walk(asked: Asked[LinearSettings], spot: int, cursor: str) -> Iterator[Page]:
    """Pages of one sort of things."""
    name, filter_, fields = _LISTS[spot]
    settings = asked.settings
    if name == "issues" and settings.history:
        fields = f"{fields} history(first: {settings.past_size}) {{ {_PAST} }}"
    query = _QUERY % {"name": name, "filter": filter_, "fields": fields}
    variables = {
        "first": settings.page_size,
        "filter": _filter(name, settings, asked.since),
        "archived": settings.archived,
    }
    more = True
    while more:
        data = ask(asked.client, PATH, query, {**variables, "after": cursor or None})
        found = nodes(data.get(name))
        if name == "issues" and settings.history:
            for issue in found:
                _complete(asked.client, issue)
        cursor = next_cursor(data.get(name))
        more = bool(cursor)
        body = {"data": {name: {"nodes": found}}}
        yield Page(body=body, things=len(found), position=position(list=spot, next=cursor))


def _filter(name: str, settings: LinearSettings, since: Instant | None) -> Json:
    filter_: Json = {}
    if since is not None:
        filter_["updatedAt"] = {"gte": format_instant(since)}
    if settings.team and name in _BY_TEAM:
        filter_["team"] = {"key": {"in": list(settings.team)}}
    return filter_


def _complete(client: Client, issue: Json) -> None:
    """Ask for the rest of a past that is longer than its page told."""
    past, cursor = nodes(issue.get("history")), next_cursor(issue.get("history"))
    while cursor:
        variables = {"id": text(issue.get("id")), "after": cursor}
        data = ask(client, PATH, _REST % _PAST, variables)
        history = inner(data, "issue").get("history")
        past += nodes(history)
        cursor = next_cursor(history)
    issue["history"] = {"nodes": past}
