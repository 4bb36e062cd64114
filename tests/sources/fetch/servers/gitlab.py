"""A GitLab on loopback, after the public REST documentation.

Confirmed there: `Link` with `rel="next"` in both ways of paging, `X-Next-Page`,
`PRIVATE-TOKEN`, `RateLimit-*` with an epoch in seconds, paths encoded in the
address, events of labels, states and milestones, links, epics of a group, 429
as plain text. Unconfirmed: that keyset paging of issues names `cursor`.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import unquote, urlencode

from tests.sources.fetch.servers.serving import Clock, Reply, Request, Server

from latticework.base.times import parse_instant

TOKEN = "glpat-Zx81Qp77Lm20Rt55Vw"


class Gitlab(Server):
    """Issues of `harbour/pier` by number, their events, and epics of `harbour`.

    `keyset` pages by cursors, else by numbers as older servers do. `left` is
    how many requests are allowed before a minute's limit, none where negative.
    """

    def __init__(self, clock: Clock, *, keyset: bool = True) -> None:
        super().__init__(clock)
        self.keyset = keyset
        self.left = -1
        self._whole_at = 0
        self.issues: dict[int, dict[str, object]] = {}
        self.epics: dict[int, dict[str, object]] = {}
        self.events: dict[str, list[dict[str, object]]] = {}

    def put(self, number: int, title: str, *, at: str, made: str = "") -> None:
        known = self.issues.get(number, {})
        self.issues[number] = {
            "id": 900 + number,
            "iid": number,
            "project_id": 7,
            "title": title,
            "state": "opened",
            "labels": ["night"],
            "created_at": known.get("created_at") or made or at,
            "updated_at": at,
            "web_url": f"https://gitlab.com/harbour/pier/-/issues/{number}",
        }

    def put_epic(self, number: int, title: str, *, at: str) -> None:
        self.epics[number] = {
            "id": 500 + number,
            "iid": number,
            "group_id": 3,
            "title": title,
            "state": "opened",
            "created_at": at,
            "updated_at": at,
        }

    def answer(self, request: Request) -> Reply:
        if request.headers.get("private-token") != TOKEN:
            return Reply(status=401, body={"message": "401 Unauthorized"})
        if self.left == 0 and self.clock.instant >= self._whole_at:
            self.left = -1
        if self.left == 0:
            text = {"Content-Type": "text/plain", "Retry-After": "30"}
            return Reply(status=429, text="Retry later\n", headers=text)
        found = self._found(unquote(request.path.removeprefix("/api/v4")), request.params)
        if found is None:
            return Reply(status=404, body={"message": "404 Project Not Found"})
        return self._page(request, found)

    def _found(self, path: str, params: Mapping[str, str]) -> list[dict[str, object]] | None:
        if path == "/projects/harbour/pier/issues":
            found = list(self.issues.values())
        elif path == "/groups/harbour/epics":
            found = list(self.epics.values())
        elif path.startswith("/projects/harbour/pier/issues/"):
            return self.events.get(path.removeprefix("/projects/harbour/pier/issues/"), [])
        else:
            return None
        since = parse_instant(params.get("updated_after", "1970-01-01T00:00:00Z"))
        found = [each for each in found if parse_instant(str(each["updated_at"])) >= since]
        return sorted(found, key=lambda each: (str(each["created_at"]), int(str(each["iid"]))))

    def _page(self, request: Request, found: list[dict[str, object]]) -> Reply:
        size = min(int(request.params.get("per_page", 20)), 100)
        headers = {}
        if self.left > 0:
            self.left -= 1
            self._whole_at = self.clock.instant + 60_000_000
            reset = self.clock.instant // 1_000_000 + 60
            headers = {
                "RateLimit-Limit": "600",
                "RateLimit-Remaining": str(self.left),
                "RateLimit-Reset": str(reset),
            }
        if self.keyset and request.params.get("pagination") == "keyset":
            last = request.params.get("cursor", "")
            spots = [spot for spot, each in enumerate(found) if str(each["id"]) == last]
            start = spots[0] + 1 if spots else 0
            page = found[start : start + size]
            following = {"cursor": str(page[-1]["id"])} if start + size < len(found) else {}
        else:
            number = int(request.params.get("page", 1))
            start = (number - 1) * size
            page = found[start : start + size]
            following = {"page": str(number + 1)} if start + size < len(found) else {}
            headers |= {"X-Page": str(number), "X-Next-Page": following.get("page", "")}
        if following:
            query = urlencode({**request.params, **following})
            links = [f'<{self.site}{request.path}?{query}>; rel="next"']
            links.append(f'<{self.site}{request.path}?{query}>; rel="last"')
            headers["Link"] = ", ".join(links)
        return Reply(body=page, headers=headers)
