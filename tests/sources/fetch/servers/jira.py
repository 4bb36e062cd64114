"""A Jira on loopback: Cloud (v3) or Data Center (v2), after the public REST documentation.

Confirmed there: `search/jql` with `nextPageToken` and without a total, `search`
with `startAt`, the paged change log, Basic with an e-mail address for Cloud and
Bearer for a server, minutes in JQL read in the user's time zone. Unconfirmed:
the exact words of refusals.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from tests.sources.fetch.servers.serving import Clock, Reply, Request, Server

from latticework.base.times import Instant, instant_of, parse_instant

TOKEN = "tok-Zx81Qp77Lm20Rt55"
USER = "ada@harbour.example"
ZONE = "America/New_York"
_SINCE = re.compile(r'updated >= "([^"]+)"')
_PROJECTS = re.compile(r"project in \(([^)]*)\)")
_LOG_IN_SEARCH = 3
_LOG_PAGE = 2


class Jira(Server):
    """Issues by key, each with `made`, `changed`, and the lines of its log, oldest first."""

    def __init__(self, clock: Clock, *, cloud: bool = True) -> None:
        super().__init__(clock)
        self.cloud = cloud
        self.issues: dict[str, dict[str, object]] = {}
        self.logs: dict[str, list[dict[str, object]]] = {}

    def put(self, key: str, summary: str, *, at: str, status: str = "To do") -> None:
        """Make an issue, or change it."""
        stamp = _stamp(parse_instant(at))
        known = self.issues.get(key)
        fields = {
            "summary": summary,
            "status": {"name": status},
            "issuetype": {"name": "Story"},
            "created": _field(known, "created") or stamp,
            "updated": stamp,
            "project": {"key": key.partition("-")[0], "name": "Pier"},
            "customfield_10016": 3.0,
            "assignee": {"displayName": "Ada", "emailAddress": USER, **_account(self.cloud)},
        }
        number = str(10_000 + int(key.partition("-")[2]))
        self.issues[key] = {"id": number, "key": key, "fields": fields}
        self.logs.setdefault(key, [])
        before = _field(known, "status")
        if known is not None and before != {"name": status}:
            assert isinstance(before, dict)
            self.log(key, at=at, before=str(before["name"]), after=status)

    def log(self, key: str, *, at: str, before: str, after: str) -> None:
        turn = {"field": "status", "fieldId": "status", "fromString": before, "toString": after}
        line = {"created": _stamp(parse_instant(at)), "author": {"displayName": "Ada"}}
        self.logs[key].append({"id": str(len(self.logs[key])), **line, "items": [turn]})

    def answer(self, request: Request) -> Reply:
        wants = (
            "Basic " + b64encode(f"{USER}:{TOKEN}".encode()).decode()
            if self.cloud
            else f"Bearer {TOKEN}"
        )
        if request.headers.get("authorization") != wants:
            body = {"errorMessages": ["Client must be authenticated."], "errors": {}}
            return Reply(status=401, body=body)
        version = 3 if self.cloud else 2
        path = request.path.removeprefix(f"/rest/api/{version}")
        if path == "/myself":
            return Reply(body={"displayName": "Ada", "timeZone": ZONE})
        if path == "/search/jql" and self.cloud:
            return self._cloud_search(request.params)
        if path == "/search" and not self.cloud:
            return self._search(request.params)
        if path.endswith("/changelog") and self.cloud:
            return self._log(path.split("/")[2], request.params)
        return Reply(status=404, body={"errorMessages": ["null for uri"], "errors": {}})

    def _cloud_search(self, params: Mapping[str, str]) -> Reply:
        if not re.search(r"project|created|updated", params["jql"].partition("order by")[0]):
            says = "Unbounded JQL queries are not allowed here."
            return Reply(status=400, body={"errorMessages": [says], "errors": {}})
        keys = self._found(params["jql"])
        size = int(params["maxResults"])
        after = params.get("nextPageToken", "")
        if after:
            bound, _, last = after.removeprefix("page:").rpartition("|")
            if bound != params["jql"]:
                refused = {"errorMessages": ["The token is of another query."], "errors": {}}
                return Reply(status=400, body=refused)
            keys = [key for key in keys if self._order(key) > self._order(last)]
        page = keys[:size]
        told = [self._told(key) for key in page]
        body: dict[str, object] = {"issues": told, "names": _NAMES, "isLast": True}
        if len(keys) > size:
            body |= {"isLast": False, "nextPageToken": f"page:{params['jql']}|{page[-1]}"}
        return Reply(body=body)

    def _search(self, params: Mapping[str, str]) -> Reply:
        keys = self._found(params["jql"])
        start, size = int(params["startAt"]), int(params["maxResults"])
        issues = [self._told(key) for key in keys[start : start + size]]
        body = {"startAt": start, "maxResults": size, "total": len(keys), "issues": issues}
        return Reply(body={**body, "names": _NAMES})

    def _log(self, key: str, params: Mapping[str, str]) -> Reply:
        log = self.logs[key]
        start = int(params["startAt"])
        values = log[start : start + _LOG_PAGE]
        last = start + len(values) >= len(log)
        body = {"startAt": start, "maxResults": _LOG_PAGE, "total": len(log), "isLast": last}
        return Reply(body={**body, "values": values})

    def _told(self, key: str) -> dict[str, object]:
        newest = self.logs[key][::-1]
        shown = newest[:_LOG_IN_SEARCH] if self.cloud else newest
        log = {"startAt": 0, "maxResults": len(shown), "total": len(newest), "histories": shown}
        return {**self.issues[key], "changelog": log}

    def _found(self, jql: str) -> list[str]:
        since = _SINCE.search(jql)
        when = _read(since[1]) if since else None
        projects = _PROJECTS.search(jql)
        found = [
            key
            for key, issue in self.issues.items()
            if (when is None or parse_instant(str(_field(issue, "updated"))) >= when)
            and (projects is None or f'"{key.partition("-")[0]}"' in projects[1])
        ]
        return sorted(found, key=self._order)

    def _order(self, key: str) -> tuple[Instant, str]:
        return parse_instant(str(_field(self.issues[key], "created"))), key


_NAMES = {"summary": "Summary", "customfield_10016": "Story Points"}


def _account(cloud: bool) -> dict[str, str]:
    return {"accountId": "5b10"} if cloud else {"name": "ada", "key": "ada"}


def _field(issue: dict[str, object] | None, name: str) -> object:
    fields = issue["fields"] if issue else {}
    assert isinstance(fields, dict)
    return fields.get(name)


def _stamp(instant: Instant) -> str:
    when = datetime.fromtimestamp(instant / 1_000_000, UTC)
    return when.strftime("%Y-%m-%dT%H:%M:%S.") + f"{when.microsecond // 1000:03d}+0000"


def _read(text: str) -> Instant:
    """A time of JQL, in the zone of the token's user."""
    return instant_of(datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=ZoneInfo(ZONE)))
