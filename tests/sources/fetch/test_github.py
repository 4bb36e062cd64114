"""GitHub is asked by REST for what changed, and in GraphQL for what came before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.sources.fetch.asking import outside, plan, stopped
from tests.sources.fetch.servers.github import TOKEN, Github
from tests.sources.fetch.servers.serving import Clock, Reply

from latticework.base.times import parse_instant
from latticework.sources.fetch.fetching import fetch
from latticework.sources.fetch.plan import Fetch
from latticework.sources.fetch.recording import Recording
from latticework.sources.github import github as reader
from latticework.sources.tree import Fields, Items, Tree


@pytest.fixture
def github(clock: Clock) -> Iterator[Github]:
    with Github(clock) as server:
        for number in range(1, 6):
            server.put(
                number, f"Plank {number}", at=f"2026-05-01T0{number}:00:00Z", pull=number == 4
            )
        yield server


def test_issues_come_once_with_past_parent_and_values(
    github: Github, clock: Clock, tmp_path: Path
) -> None:
    github.events[2] = [_labeled(minute) for minute in range(130)]
    github.events[4] = [{"__typename": "MergedEvent", "createdAt": "2026-05-02T08:00:00Z"}]
    github.parents[2] = 1
    github.values[3] = [
        {
            "__typename": "ProjectV2ItemFieldSingleSelectValue",
            "name": "Doing",
            "field": {"__typename": "ProjectV2SingleSelectField", "name": "Status"},
        }
    ]
    recording = _fetched(github, clock, tmp_path, more="projects: yes\n")
    found = _issues(recording)
    assert sorted(found) == [f"pier#{number}" for number in range(1, 6)]
    assert recording.things == 5
    assert len(found["pier#2"]["history"] or ()) == 130
    assert found["pier#2"]["parent"] == "pier#1"
    assert found["pier#3"]["project"] == {"Status": "Doing"}
    (merged,) = _items(found["pier#4"]["history"])
    assert merged["after"] == "merged"


def test_a_page_of_pasts_is_one_question(github: Github, clock: Clock, tmp_path: Path) -> None:
    _fetched(github, clock, tmp_path)
    assert github.paths().count("/graphql") == 3
    assert len(github.asked) == 6


def test_without_a_token_each_timeline_is_asked_for(
    github: Github, clock: Clock, tmp_path: Path
) -> None:
    github.timelines[2] = [
        {"event": "labeled", "label": {"name": f"l{number}"}, "created_at": "2026-05-02T08:00:00Z"}
        for number in range(130)
    ]
    asked = plan(f"from: github\nsite: {github.site}\nrepository: harbour/pier\n")
    world = outside(clock, {})
    recording = fetch(asked, source="pier", folder=tmp_path, since=None, outside=world)
    assert len(_issues(recording)["pier#2"]["history"] or ()) == 130
    assert all("authorization" not in each.headers for each in github.asked)


def test_only_what_changed_is_asked_for(github: Github, clock: Clock, tmp_path: Path) -> None:
    github.put(2, "Plank 2, wet", at="2026-05-04T08:30:00Z")
    since = parse_instant("2026-05-04T08:00:00Z")
    assert list(_issues(_fetched(github, clock, tmp_path, since=since))) == ["pier#2"]


def test_the_first_limit_is_waited_for(github: Github, clock: Clock, tmp_path: Path) -> None:
    github.left = 2
    assert _fetched(github, clock, tmp_path).things == 5
    assert clock.slept[0] == 300.0


def test_the_second_limit_is_waited_for(github: Github, clock: Clock, tmp_path: Path) -> None:
    body = {"message": "You have exceeded a secondary rate limit."}
    github.fail("/issues", Reply(status=403, body=body, headers={"Retry-After": "17"}))
    github.fail("/graphql", Reply(status=403, body=body))
    assert _fetched(github, clock, tmp_path).things == 5
    # Where nothing says how long, a minute is the least.
    assert clock.slept == [17.0, 60.0]


def test_a_right_that_is_missing_is_no_limit(github: Github, clock: Clock, tmp_path: Path) -> None:
    body = {"message": "Resource not accessible by personal access token"}
    github.fail("/graphql", Reply(status=403, body=body, headers={"X-RateLimit-Remaining": "4000"}))
    world = outside(clock, {"GITHUB_TOKEN": TOKEN})
    (finding,) = stopped(_plan(github), tmp_path, world).findings
    assert finding.code == "FETCH011"
    assert "GITHUB_TOKEN" in finding.says
    assert clock.slept == []


def _labeled(minute: int) -> dict[str, object]:
    when = f"2026-05-02T{8 + minute // 60:02}:{minute % 60:02}:00Z"
    return {
        "__typename": "LabeledEvent",
        "createdAt": when,
        "actor": {"__typename": "User", "login": "ada"},
        "label": {"name": f"l{minute}"},
    }


def _plan(server: Github, more: str = "") -> Fetch:
    return plan(
        f"from: github\nsite: {server.site}\nrepository: [harbour/pier]\n"
        f"token: GITHUB_TOKEN\npage size: 2\n{more}"
    )


def _fetched(
    server: Github, clock: Clock, folder: Path, *, since: int | None = None, more: str = ""
) -> Recording:
    world = outside(clock, {"GITHUB_TOKEN": TOKEN})
    return fetch(_plan(server, more), source="pier", folder=folder, since=since, outside=world)


def _issues(recording: Recording) -> dict[str, Fields]:
    """Issues as the reader of GitHub takes them."""
    found = {}
    for file in sorted(recording.folder.glob("*.json")):
        tree = reader.read(file.read_text()).tree
        for each in _items(tree.get("issues") if isinstance(tree, Fields) else None):
            assert str(each["key"]) not in found
            found[str(each["key"])] = each
    return found


def _items(tree: Tree) -> list[Fields]:
    return [each for each in tree if isinstance(each, Fields)] if isinstance(tree, Items) else []
