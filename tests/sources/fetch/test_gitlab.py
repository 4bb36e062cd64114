"""GitLab is asked for issues with their events and links, and for epics."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.sources.fetch.asking import bodies, outside, plan, stopped
from tests.sources.fetch.servers.gitlab import TOKEN, Gitlab
from tests.sources.fetch.servers.serving import Clock

from latticework.base.times import parse_instant
from latticework.sources.fetch.fetching import fetch
from latticework.sources.fetch.plan import Fetch
from latticework.sources.fetch.recording import Recording
from latticework.sources.fetch.shapes import things


@pytest.fixture(params=[True, False], ids=["keyset", "offset"])
def gitlab(request: pytest.FixtureRequest, clock: Clock) -> Iterator[Gitlab]:
    with Gitlab(clock, keyset=request.param) as server:
        for number in range(1, 6):
            server.put(number, f"Plank {number}", at=f"2026-05-0{number % 3 + 1}T08:00:00Z")
        server.put_epic(1, "Night", at="2026-04-01T08:00:00Z")
        yield server


def test_epics_and_issues_come_once_with_their_events(
    gitlab: Gitlab, clock: Clock, tmp_path: Path
) -> None:
    gitlab.events["2/resource_label_events"] = [
        {"id": number, "action": "add", "label": {"name": f"l{number}"}} for number in range(130)
    ]
    gitlab.events["2/links"] = [{"iid": 3, "link_type": "blocks"}]
    found = _fetched(gitlab, clock, tmp_path)
    items = [each for page in bodies(found) for each in page]
    assert [each["title"] for each in items if "group_id" in each] == ["Night"]
    issues = {int(str(each["iid"])): each for each in items if "project_id" in each}
    assert sorted(issues) == [1, 2, 3, 4, 5]
    assert len(items) == 6
    assert len(things(issues[2]["resource_label_events"])) == 130
    assert issues[2]["links"] == [{"iid": 3, "link_type": "blocks"}]
    assert issues[1]["resource_state_events"] == []


def test_only_what_changed_is_asked_for(gitlab: Gitlab, clock: Clock, tmp_path: Path) -> None:
    gitlab.put(4, "Plank 4, wet", at="2026-05-04T08:30:00Z")
    since = parse_instant("2026-05-04T08:00:00Z")
    found = _fetched(gitlab, clock, tmp_path, since=since)
    assert [each["iid"] for page in bodies(found) for each in page] == [4]


def test_a_limit_that_is_used_up_is_waited_for_before_it_is_broken(
    gitlab: Gitlab, clock: Clock, tmp_path: Path
) -> None:
    gitlab.left = 3
    _fetched(gitlab, clock, tmp_path)
    assert clock.slept == [60.0]


def test_an_interrupted_fetch_goes_on_in_the_list_where_it_was(
    gitlab: Gitlab, clock: Clock, tmp_path: Path
) -> None:
    def stop(things: int) -> None:
        if things >= 3:
            raise KeyboardInterrupt

    world = outside(clock, {"GITLAB_TOKEN": TOKEN})
    with pytest.raises(KeyboardInterrupt):
        fetch(_plan(gitlab), source="x", folder=tmp_path, since=None, outside=world, progress=stop)
    gitlab.asked.clear()
    found = _fetched(gitlab, clock, tmp_path)
    assert not any("epics" in path for path in gitlab.paths())
    items = [each for page in bodies(found) for each in page]
    assert len(items) == len({(each.get("group_id"), each["iid"]) for each in items}) == 6


def test_a_project_that_is_not_there_is_told(gitlab: Gitlab, clock: Clock, tmp_path: Path) -> None:
    asked = plan(f"from: gitlab\nsite: {gitlab.site}\nproject: harbour/peer\ntoken: GITLAB_TOKEN\n")
    (finding,) = stopped(asked, tmp_path, outside(clock, {"GITLAB_TOKEN": TOKEN})).findings
    assert finding.code == "FETCH012"
    assert "404 Project Not Found" in finding.says


def _plan(server: Gitlab) -> Fetch:
    return plan(
        f"from: gitlab\nsite: {server.site}\nproject: harbour/pier\ngroup: harbour\n"
        "token: GITLAB_TOKEN\npage size: 2\n"
    )


def _fetched(server: Gitlab, clock: Clock, folder: Path, since: int | None = None) -> Recording:
    world = outside(clock, {"GITLAB_TOKEN": TOKEN})
    return fetch(_plan(server), source="x", folder=folder, since=since, outside=world)
