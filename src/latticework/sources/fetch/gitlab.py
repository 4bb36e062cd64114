"""Fetcher: gitlab."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from latticework.base.times import Instant, format_instant
from latticework.sources.fetch.fetcher import Asked, Page, Way, fetcher, setting
from latticework.sources.fetch.http import Client, Params
from latticework.sources.fetch.shapes import Json, listed, number, position, position_of
from latticework.sources.fetch.tokens import Token

API = "/api/v4"
EVENTS = ("state", "label", "milestone")
_PAGE = 100


@dataclass(frozen=True, kw_only=True)
class GitlabSettings:
    """What is asked of a GitLab."""

    project: tuple[str, ...] = setting("Paths or numbers of projects, such as harbour/pier.", ())
    group: tuple[str, ...] = setting("Paths or numbers of groups whose epics are wanted.", ())
    site: str = setting("The site's address.", "https://gitlab.com")
    events: tuple[str, ...] = setting(
        "Events asked for of each issue: of state, label, milestone, iteration, weight.", EVENTS
    )
    links: bool = setting("Whether each issue's links are asked for.", True)
    page_size: int = setting("Issues to a page.", _PAGE)


def _way(settings: GitlabSettings, token: Token | None) -> Way:
    key = {"private-token": token.reveal()} if token else {}
    return Way(site=settings.site, key=key)


@fetcher(settings=GitlabSettings, source="gitlab", way=_way)
def gitlab(asked: Asked[GitlabSettings]) -> Iterator[Page]:
    """Issues of GitLab with their events and links, and epics of groups.

    A page is a list. An issue in it holds what is asked for by itself under
    the names by which it is asked: `resource_state_events` and the like, and
    `links`.
    """
    settings = asked.settings
    lists = [*(("groups", each, "epics") for each in settings.group)]
    lists += [("projects", each, "issues") for each in settings.project]
    place = position_of(asked.position)
    first, next_page = int(place.get("list", 0)), place.get("next", "")
    for spot, (sort, name, what) in enumerate(lists):
        if spot < first or (spot == first and asked.position and not next_page):
            continue
        start = next_page if spot == first else ""
        yield from _walk(asked, f"{API}/{sort}/{quote(name, safe='')}/{what}", start, spot)


def _walk(asked: Asked[GitlabSettings], path: str, start: str, spot: int) -> Iterator[Page]:
    """Pages of one list; each names the next in its `Link`."""
    client, settings = asked.client, asked.settings
    next_page, params = start or path, None if start else _params(settings, asked.since)
    while next_page:
        answer = client.get(next_page, params)
        items = listed(answer)
        if path.endswith("/issues"):
            for issue in items:
                _complete(client, settings, path, issue)
        next_page, params = answer.link("next"), None
        yield Page(body=items, things=len(items), position=position(list=spot, next=next_page))


def _params(settings: GitlabSettings, since: Instant | None) -> Params:
    """In the order in which they were made, so that none slips from page to page."""
    params: dict[str, str | int] = {
        "per_page": settings.page_size,
        "pagination": "keyset",
        "order_by": "created_at",
        "sort": "asc",
        "scope": "all",
    }
    return {**params, "updated_after": format_instant(since)} if since is not None else params


def _complete(client: Client, settings: GitlabSettings, path: str, issue: Json) -> None:
    """Put into an issue what its list does not tell."""
    own = f"{path}/{number(issue.get('iid'))}"
    wanted = [f"resource_{each}_events" for each in settings.events]
    for name in (*wanted, *(["links"] if settings.links else [])):
        issue[name] = list(_all(client, f"{own}/{name}"))


def _all(client: Client, path: str) -> Iterator[Json]:
    """Everything in a list, however many pages it has."""
    answer = client.get(path, {"per_page": _PAGE})
    yield from listed(answer)
    while next_page := answer.link("next"):
        answer = client.get(next_page)
        yield from listed(answer)
