"""Fetcher: github."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from latticework.base.times import format_instant
from latticework.sources.fetch.fetcher import Asked, Page, Way, fetcher, setting
from latticework.sources.fetch.graphql import ask, next_cursor, nodes
from latticework.sources.fetch.http import Client
from latticework.sources.fetch.shapes import (
    Json,
    listed,
    number,
    position,
    position_of,
    text,
    things,
)
from latticework.sources.fetch.tokens import Token

_HEADERS = {"accept": "application/vnd.github+json", "x-github-api-version": "2022-11-28"}
_BOTH = (
    "LABELED_EVENT UNLABELED_EVENT ASSIGNED_EVENT UNASSIGNED_EVENT MILESTONED_EVENT"
    " DEMILESTONED_EVENT CLOSED_EVENT REOPENED_EVENT RENAMED_TITLE_EVENT"
)
_EVENTS = """
  pageInfo { hasNextPage endCursor }
  nodes {
    __typename
    ... on LabeledEvent { createdAt actor { login } label { name } }
    ... on UnlabeledEvent { createdAt actor { login } label { name } }
    ... on AssignedEvent { createdAt actor { login } assignee { ... on User { login } } }
    ... on UnassignedEvent { createdAt actor { login } assignee { ... on User { login } } }
    ... on MilestonedEvent { createdAt actor { login } milestoneTitle }
    ... on DemilestonedEvent { createdAt actor { login } milestoneTitle }
    ... on ClosedEvent { createdAt actor { login } stateReason }
    ... on ReopenedEvent { createdAt actor { login } }
    ... on RenamedTitleEvent { createdAt actor { login } previousTitle currentTitle }
    %s
  }
"""
_ISSUE_EVENTS = _EVENTS % (
    "... on ParentIssueAddedEvent { createdAt actor { login } parent { number url } }"
    " ... on ParentIssueRemovedEvent { createdAt actor { login } parent { number url } }"
)
_PULL_EVENTS = _EVENTS % "... on MergedEvent { createdAt actor { login } }"
_VALUE = "field { ... on ProjectV2FieldCommon { name } }"
_PROJECT_ITEMS = f"""
  projectItems(first: 5) {{ nodes {{ fieldValues(first: 30) {{ nodes {{
    ... on ProjectV2ItemFieldTextValue {{ text {_VALUE} }}
    ... on ProjectV2ItemFieldNumberValue {{ number {_VALUE} }}
    ... on ProjectV2ItemFieldDateValue {{ date {_VALUE} }}
    ... on ProjectV2ItemFieldSingleSelectValue {{ name {_VALUE} }}
    ... on ProjectV2ItemFieldIterationValue {{ title {_VALUE} }}
  }} }} }} }}
"""
_ISSUE = f"timelineItems(first: 100, after: $after,\
 itemTypes: [{_BOTH} PARENT_ISSUE_ADDED_EVENT PARENT_ISSUE_REMOVED_EVENT]) {{ {_ISSUE_EVENTS} }}"
_PULL = f"timelineItems(first: 100, after: $after,\
 itemTypes: [{_BOTH} MERGED_EVENT]) {{ {_PULL_EVENTS} }}"
_QUERY = """
query Pasts($ids: [ID!]!%(after)s) {
  nodes(ids: $ids) {
    id
    ... on Issue { parent { number url } %(issue)s %(project)s }
    ... on PullRequest { number %(pull)s %(project)s }
  }
}
"""


@dataclass(frozen=True, kw_only=True)
class GithubSettings:
    """What is asked of a GitHub."""

    repository: tuple[str, ...] = setting("Repositories, such as harbour/pier.", (), needed=True)
    site: str = setting(
        "The address of the API; https://HOST/api/v3 for a server of your own.",
        "https://api.github.com",
    )
    history: bool = setting("Whether each issue's past is asked for.", True)
    projects: bool = setting(
        "Whether values in projects are asked for; the token needs a right.", False
    )
    page_size: int = setting("Issues to a page.", 100)


def _way(settings: GithubSettings, token: Token | None) -> Way:
    key = {"authorization": f"Bearer {token.reveal()}"} if token else {}
    return Way(site=settings.site, headers=_HEADERS, key=key)


@fetcher(settings=GithubSettings, source="github", way=_way)
def github(asked: Asked[GithubSettings]) -> Iterator[Page]:
    """Issues and pull requests of GitHub with their past.

    Issues are listed by REST, which knows what changed since when; the pasts of
    a whole page come by one question in GraphQL. That needs a token: without
    one, each issue's timeline is asked for by itself.
    """
    place = position_of(asked.position)
    first, next_page = int(place.get("list", 0)), place.get("next", "")
    for spot, name in enumerate(asked.settings.repository):
        if spot < first or (spot == first and asked.position and not next_page):
            continue
        yield from _walk(asked, f"/repos/{name}/issues", next_page if spot == first else "", spot)


def _walk(asked: Asked[GithubSettings], path: str, start: str, spot: int) -> Iterator[Page]:
    """Pages of one repository's issues, in the order in which they were made."""
    client, settings = asked.client, asked.settings
    params: dict[str, str | int] | None = {
        "state": "all",
        "sort": "created",
        "direction": "asc",
        "per_page": settings.page_size,
    }
    if asked.since is not None and params is not None:
        params["since"] = format_instant(asked.since)
    next_page, params = (start, None) if start else (path, params)
    while next_page:
        answer = client.get(next_page, params)
        issues = listed(answer)
        items = _complete(client, settings, path, issues)
        next_page, params = answer.link("next"), None
        yield Page(body=items, things=len(issues), position=position(list=spot, next=next_page))


def _complete(
    client: Client, settings: GithubSettings, path: str, issues: list[Json]
) -> list[Json]:
    """Issues with their past, and as items of a project with its values where they are in one."""
    if not issues or not (settings.history or settings.projects):
        return issues
    if not client.has_token:
        for issue in issues:
            issue["timeline"] = list(_timeline(client, f"{path}/{number(issue.get('number'))}"))
        return issues
    query = _query(settings)
    known = _nodes(client, query, [text(each.get("node_id")) for each in issues], "")
    return [_with_past(client, query, issue, known) for issue in issues]


def _query(settings: GithubSettings) -> str:
    """What is asked of each issue and pull request, as the settings want it."""
    past = {"after": ", $after: String", "issue": _ISSUE, "pull": _PULL}
    wanted = past if settings.history else dict.fromkeys(past, "")
    return _QUERY % {**wanted, "project": _PROJECT_ITEMS if settings.projects else ""}


def _with_past(client: Client, query: str, issue: Json, known: dict[str, Json]) -> Json:
    """An issue with what its node tells; what is longer than a page is asked for until its end."""
    name = text(issue.get("node_id"))
    node = known.get(name, {})
    past = nodes(node.get("timelineItems"))
    cursor = next_cursor(node.get("timelineItems"))
    while cursor:
        more = _nodes(client, query, [name], cursor).get(name, {}).get("timelineItems")
        past += nodes(more)
        cursor = next_cursor(more)
    if "timelineItems" in node:
        issue["timelineItems"] = {"nodes": past}
    if node.get("parent"):
        issue["parent"] = node["parent"]
    values = [
        value
        for item in nodes(node.get("projectItems"))
        for value in nodes(item.get("fieldValues"))
    ]
    return {"content": issue, "fieldValues": {"nodes": values}} if values else issue


def _nodes(client: Client, query: str, ids: list[str], after: str) -> dict[str, Json]:
    """What is told of nodes, by their names."""
    url = client.site.removesuffix("/v3") + "/graphql"
    variables = {"ids": ids, "after": after} if after else {"ids": ids}
    data = ask(client, url, query, variables)
    return {text(each.get("id")): each for each in things(data.get("nodes"))}


def _timeline(client: Client, path: str) -> Iterator[Json]:
    """An issue's past as REST tells it."""
    answer = client.get(f"{path}/timeline", {"per_page": 100})
    yield from listed(answer)
    while next_page := answer.link("next"):
        answer = client.get(next_page)
        yield from listed(answer)
