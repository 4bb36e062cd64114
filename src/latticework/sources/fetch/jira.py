"""Fetcher: jira."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import tzinfo
from urllib.parse import quote

from latticework.base.findings import Refused
from latticework.base.times import BEGINNING, Instant, datetime_of, parse_instant, zone_of
from latticework.sources.fetch import trouble
from latticework.sources.fetch.fetcher import Asked, Page, Way, fetcher, setting
from latticework.sources.fetch.http import Answer, Client, Params
from latticework.sources.fetch.shapes import (
    Json,
    inner,
    listed,
    named,
    number,
    position,
    position_of,
    text,
    things,
)
from latticework.sources.fetch.tokens import Token
from latticework.sources.fetch.trouble import Stopped

CLOUD = "cloud"
_CLOUD_HOSTS = (".atlassian.net", ".jira.com")
_EXPAND = "names,changelog"
_HISTORIES = 100
_FULL_LOG = 40
"""Histories from which on a log may be a part, whatever the search says of its length."""

_LEAST_PAGE = 2
_ANY = 'created >= "1990-01-01"'
"""What is always so; a question without any condition is refused by Cloud."""


@dataclass(frozen=True, kw_only=True)
class JiraSettings:
    """What is asked of a Jira."""

    site: str = setting(
        "The site's address, such as https://harbour.atlassian.net.", "", needed=True
    )
    project: tuple[str, ...] = setting("Keys of the projects; all, without.", ())
    jql: str = setting("A further condition in Jira's own language, without 'order by'.", "")
    user: str = setting("The e-mail address that the token belongs to; needed for Cloud.", "")
    hosting: str = setting("cloud or data center; told by the site, without.", "")
    fields: tuple[str, ...] = setting("Fields of an issue; all, without.", ("*all",))
    page_size: int = setting("Issues to a page.", 100)


def _is_cloud(settings: JiraSettings) -> bool:
    if settings.hosting:
        return settings.hosting.strip().casefold() == CLOUD
    return settings.site.rstrip("/").casefold().endswith(_CLOUD_HOSTS)


def _way(settings: JiraSettings, token: Token | None) -> Way:
    """With a user it is a Cloud token, sent as a password; else a server's own."""
    key = {}
    if token and settings.user:
        pair = b64encode(f"{settings.user}:{token.reveal()}".encode()).decode()
        key = {"authorization": f"Basic {pair}"}
    elif token:
        key = {"authorization": f"Bearer {token.reveal()}"}
    return Way(site=settings.site, key=key)


@fetcher(settings=JiraSettings, source="jira", way=_way)
def jira(asked: Asked[JiraSettings]) -> Iterator[Page]:
    """Issues of Jira with their change logs, from Cloud or Data Center.

    Issues come in the order in which they were made, so that none slips from
    page to page while people work. A change log that is too long for the search
    is asked for by itself.
    """
    # Where we were is bound to the question: it is asked again as it was.
    jql = position_of(asked.position).get("jql") or _jql(asked)
    walk = _cloud if _is_cloud(asked.settings) else _data_center
    yield from walk(asked.client, asked.settings, jql, asked.position)


def _cloud(client: Client, settings: JiraSettings, jql: str, at: str) -> Iterator[Page]:
    """Pages of a Cloud search: each names the next."""
    token = position_of(at).get("next", "")
    while not at or token:
        params: dict[str, str | int] = {
            "jql": jql,
            "fields": ",".join(settings.fields),
            "expand": _EXPAND,
            "maxResults": settings.page_size,
        }
        answer = client.get(
            "/rest/api/3/search/jql", {**params, "nextPageToken": token} if token else params
        )
        body = named(answer)
        issues = listed(answer, "issues")
        for issue in issues:
            _complete(client, issue)
        token = "" if body.get("isLast") is True else text(body.get("nextPageToken"))
        at = position(jql=jql, next=token)
        told = {name: value for name, value in body.items() if name != "nextPageToken"}
        yield Page(body=told, things=len(issues), position=at)


def _data_center(client: Client, settings: JiraSettings, jql: str, at: str) -> Iterator[Page]:
    """Pages of a server's search, counted from the first issue.

    Each page begins with the last issue of the one before. Where a younger one
    stands there, issues went away meanwhile and those behind moved forward:
    then it is asked again from further ahead.
    """
    place = position_of(at)
    start = int(place.get("start", 0))
    last, made = place.get("last", ""), place.get("made", "")
    while not at or last:
        answer, first = _overlapping(client, settings, jql, max(start - 1, 0), (last, made))
        issues = listed(answer, "issues")
        fresh = _after(issues, last, made)
        end = first + len(issues)
        more = end < number(named(answer).get("total")) and bool(issues)
        if more and len(issues) < _LEAST_PAGE:
            raise Stopped(trouble.odd_answer(answer.url, "issue beyond those of the page before"))
        start = end
        made = max([made, *(_created(each) for each in fresh)], key=_instant)
        last = _key(issues[-1]) if more else ""
        at = position(jql=jql, start=start, last=last, made=made)
        yield Page(body={**named(answer), "issues": fresh}, things=len(fresh), position=at)


def _overlapping(
    client: Client, settings: JiraSettings, jql: str, first: int, known: tuple[str, str]
) -> tuple[Answer, int]:
    """A page that reaches back to what is known, and the number of its first issue."""
    while True:
        params: Params = {
            "jql": jql,
            "fields": ",".join(settings.fields),
            "expand": _EXPAND,
            "startAt": first,
            "maxResults": max(settings.page_size, _LEAST_PAGE),
        }
        answer = client.get("/rest/api/2/search", params)
        issues = listed(answer, "issues")
        if not first or (issues and _is_known(issues[0], *known)):
            return answer, first
        first = max(first - max(settings.page_size, _LEAST_PAGE), 0)


def _is_known(issue: Json, last: str, made: str) -> bool:
    """Whether an issue is the last one that is known, or surely before it."""
    return _key(issue) == last or _made(issue) < _instant(made)


def _after(issues: list[Json], last: str, made: str) -> list[Json]:
    """Issues behind the last one that is known, be it there or gone."""
    keys = [_key(each) for each in issues]
    rest = issues[keys.index(last) + 1 :] if last in keys else issues
    return [each for each in rest if _made(each) >= _instant(made)]


def _complete(client: Client, issue: Json) -> None:
    """Ask for the whole change log of an issue, where the search gave a part of it."""
    log = inner(issue, "changelog")
    histories = things(log.get("histories"))
    full = len(histories) >= max(_FULL_LOG, number(log.get("maxResults")))
    if not log or (number(log.get("total")) <= len(histories) and not full):
        return
    found: list[Json] = []
    while True:
        path = f"/rest/api/3/issue/{quote(_key(issue), safe='')}/changelog"
        answer = client.get(path, {"startAt": len(found), "maxResults": _HISTORIES})
        values = listed(answer, "values")
        found += values
        if not values or len(found) >= number(named(answer).get("total")):
            break
    # The search gives the newest first, and so does the whole.
    issue["changelog"] = {**log, "total": len(found), "histories": found[::-1]}


def _jql(asked: Asked[JiraSettings]) -> str:
    """The question: which projects, which condition, and changed since when."""
    settings = asked.settings
    parts = []
    if settings.project:
        keys = ", ".join('"' + each.replace('"', "") + '"' for each in settings.project)
        parts.append(f"project in ({keys})")
    if settings.jql:
        parts.append(f"({settings.jql})")
    if asked.since is not None:
        # A server reads days and minutes as the token's own user would.
        when = datetime_of(asked.since).astimezone(_zone(asked.client, settings))
        parts.append(f'updated >= "{when:%Y-%m-%d %H:%M}"')
    return f"{' and '.join(parts) or _ANY} order by created asc, key asc"


def _zone(client: Client, settings: JiraSettings) -> tzinfo:
    """The time zone of the user to whom the token belongs."""
    version = 3 if _is_cloud(settings) else 2
    answer = client.get(f"/rest/api/{version}/myself")
    name = text(named(answer).get("timeZone"))
    try:
        return zone_of(name)
    except Refused:
        raise Stopped(trouble.odd_answer(answer.url, "time zone of the user")) from None


def _key(issue: Json) -> str:
    return text(issue.get("key"))


def _created(issue: Json) -> str:
    return text(inner(issue, "fields").get("created"))


def _made(issue: Json) -> Instant:
    return _instant(_created(issue))


def _instant(when: str) -> Instant:
    """An instant as Jira writes it; the beginning where there is none."""
    try:
        return parse_instant(when) if when else BEGINNING
    except Refused:
        return BEGINNING
