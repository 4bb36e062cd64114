"""Whatever goes wrong on the way, each tracker's things arrive once, or a finding says why not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.sources.fetch.asking import outside, plan
from tests.sources.fetch.servers import github, gitlab, jira, linear
from tests.sources.fetch.servers.serving import Clock, Reply, Request, Server

from latticework.base.findings import Refused
from latticework.sources.fetch import http
from latticework.sources.fetch.fetching import fetch
from latticework.sources.fetch.plan import Fetch
from latticework.sources.fetch.recording import Recording

SORTS: dict[str, Callable[[Clock], Server]] = {
    "github": github.Github,
    "gitlab": gitlab.Gitlab,
    "jira": jira.Jira,
    "linear": linear.Linear,
}
TOKENS = {
    "github": github.TOKEN,
    "gitlab": gitlab.TOKEN,
    "jira": jira.TOKEN,
    "linear": linear.TOKEN,
}
SETTINGS = {
    "github": "repository: harbour/pier",
    "gitlab": "project: harbour/pier, group: harbour",
    "jira": f"project: PIER, user: {jira.USER}, hosting: cloud",
    "linear": "team: HAR",
}
NAMES = [
    "issues",
    "data",
    "nodes",
    "pageInfo",
    "hasNextPage",
    "endCursor",
    "errors",
    "nextPageToken",
    "isLast",
    "total",
    "fields",
    "created",
    "key",
    "iid",
    "number",
    "changelog",
    "histories",
    "timeZone",
    "node_id",
    "timelineItems",
    "message",
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 999) | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6)
    ),
    max_leaves=20,
)


@dataclass(frozen=True)
class Tracker:
    """A server with five planks, and the plan that asks it."""

    name: str
    server: Server
    clock: Clock

    @property
    def plan(self) -> Fetch:
        site, more = self.server.site, SETTINGS[self.name]
        return plan(f"{{from: {self.name}, site: '{site}', token: T, page size: 2, {more}}}")

    def fetched(self, folder: Path) -> Recording:
        world = outside(self.clock, {"T": TOKENS[self.name]}, timeout=1.5)
        return fetch(self.plan, source="pier", folder=folder, since=None, outside=world)


@pytest.fixture(params=sorted(SORTS))
def tracker(request: pytest.FixtureRequest, clock: Clock) -> Iterator[Tracker]:
    name = str(request.param)
    with SORTS[name](clock) as server:
        for number in range(1, 6):
            at = f"2026-05-01T0{number}:00:00Z"
            if isinstance(server, jira.Jira):
                server.put(f"PIER-{number}", f"Plank {number}", at=at)
            elif isinstance(server, github.Github | gitlab.Gitlab | linear.Linear):
                server.put(number, f"Plank {number}", at=at)
        yield Tracker(name, server, clock)


@pytest.mark.parametrize(
    "fault",
    [
        Reply(status=500),
        Reply(status=429, headers={"Retry-After": "3"}),
        Reply(body={"half": "x" * 50_000}, cut=True),
        Reply(slow=2.0),
        Reply(text="<html>", headers={"Content-Type": "text/html"}),
    ],
    ids=["500", "429", "cut", "slow", "html"],
)
def test_two_faults_on_the_way_change_nothing(
    tracker: Tracker, fault: Reply, tmp_path: Path
) -> None:
    met = 0

    def meet(_: Request) -> None:
        nonlocal met
        met += 1
        if met in {2, 3}:
            tracker.server.fail("", fault)

    tracker.server.before = meet
    assert _planks(tracker.fetched(tmp_path)) == [f"Plank {number}" for number in range(1, 6)]
    assert len(tracker.clock.slept) == 2


@given(body=JSON, link=st.booleans())
@settings(
    max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
def test_odd_answers_are_findings_and_never_without_end(
    tracker: Tracker, body: object, link: bool
) -> None:
    """The server says the same to every question, and points to itself as the next page."""
    server = tracker.server
    told = {"Link": f'<{server.site}/again>; rel="next"'} if link else {}
    server.before = lambda _: server.fail("", Reply(body=body, headers=told))
    server.asked.clear()
    with pytest.MonkeyPatch.context() as patch, TemporaryDirectory() as folder:
        patch.setattr(http, "MOST_ASKED", 8)
        with suppress(Refused):
            assert tracker.fetched(Path(folder)).finished
    assert len(server.asked) <= 200


def _planks(recording: Recording) -> list[str]:
    """Titles of issues, wherever in the pages they stand."""

    def look(value: object) -> Iterator[str]:
        if isinstance(value, dict):
            title = value.get("title") or value.get("summary")
            if isinstance(title, str) and title.startswith("Plank"):
                yield title
            for each in value.values():
                yield from look(each)
        elif isinstance(value, list):
            for each in value:
                yield from look(each)

    texts = (each.read_text() for each in sorted(recording.folder.glob("*.json")))
    return sorted(title for text in texts for title in look(json.loads(text)))
