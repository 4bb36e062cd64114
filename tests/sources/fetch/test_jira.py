"""Jira is asked for issues page by page: each comes once, with its whole log."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.sources.fetch.asking import outside, pages, plan
from tests.sources.fetch.servers.jira import TOKEN, USER, Jira
from tests.sources.fetch.servers.serving import Clock, Request

from latticework.base.times import parse_instant
from latticework.sources.fetch.fetching import fetch
from latticework.sources.fetch.outside import Outside
from latticework.sources.fetch.plan import Fetch
from latticework.sources.fetch.recording import Recording
from latticework.sources.fetch.shapes import inner, things


@pytest.fixture(params=["cloud", "data center"])
def jira(request: pytest.FixtureRequest, clock: Clock) -> Iterator[Jira]:
    with Jira(clock, cloud=request.param == "cloud") as server:
        for number in range(1, 8):
            server.put(
                f"PIER-{number}", f"Plank {number}", at=f"2026-05-0{number % 3 + 1}T08:00:00Z"
            )
        yield server


def test_every_issue_comes_once_and_in_one_order(jira: Jira, clock: Clock, tmp_path: Path) -> None:
    recording = _fetched(jira, clock, tmp_path)
    assert sorted(_keys(recording)) == [f"PIER-{number}" for number in range(1, 8)]
    assert recording.things == 7
    assert recording.whole
    assert recording.begun == clock.instant


def test_issues_that_change_while_pages_are_read_do_not_push_others_out(
    jira: Jira, clock: Clock, tmp_path: Path
) -> None:
    def change(_: object) -> None:
        jira.put("PIER-3", "Plank 3, wet", at="2026-05-04T09:00:00Z")

    jira.before = change
    assert set(_keys(_fetched(jira, clock, tmp_path))) == set(jira.issues)


def test_issues_removed_while_pages_are_read_do_not_hide_others(
    jira: Jira, clock: Clock, tmp_path: Path
) -> None:
    """Two issues of the first page go away before the second is asked for."""

    def remove(_: object) -> None:
        if sum("/search" in each.path for each in jira.asked) == 2:
            jira.issues.pop("PIER-3", None)
            jira.issues.pop("PIER-6", None)

    jira.before = remove
    found = set(_keys(_fetched(jira, clock, tmp_path)))
    assert found >= set(jira.issues)


def test_only_what_changed_since_is_asked_for(jira: Jira, clock: Clock, tmp_path: Path) -> None:
    since = parse_instant("2026-05-04T08:00:00Z")
    jira.put("PIER-2", "Plank 2", at="2026-05-04T08:30:00Z", status="Done")
    recording = _fetched(jira, clock, tmp_path, since=since)
    assert _keys(recording) == ["PIER-2"]
    assert not recording.whole


def test_a_log_that_is_too_long_for_the_search_comes_whole(clock: Clock, tmp_path: Path) -> None:
    with Jira(clock) as server:
        server.put("PIER-1", "Plank", at="2026-05-01T08:00:00Z")
        for hour in range(10, 17):
            server.log(
                "PIER-1", at=f"2026-05-02T{hour}:00:00Z", before=f"{hour}", after=f"{hour + 1}"
            )
        (page,) = pages(_fetched(server, clock, tmp_path))
    (issue,) = things(page["issues"])
    histories = things(inner(issue, "changelog")["histories"])
    told = [things(each["items"])[0]["fromString"] for each in histories]
    assert told == ["16", "15", "14", "13", "12", "11", "10"]


def test_an_interrupted_fetch_goes_on_after_the_last_page_it_kept(
    jira: Jira, clock: Clock, tmp_path: Path
) -> None:
    calls = 0

    def stop(things: int) -> None:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise KeyboardInterrupt

    world = _world(clock)
    with pytest.raises(KeyboardInterrupt):
        fetch(_plan(jira), source="pier", folder=tmp_path, since=None, outside=world, progress=stop)
    before = [each for each in jira.asked if "/search" in each.path]
    jira.asked.clear()
    clock.turn_to("2026-05-04T10:00:00Z")
    recording = _fetched(jira, clock, tmp_path)
    assert sorted(_keys(recording)) == sorted(jira.issues)
    assert recording.begun == parse_instant("2026-05-04T09:00:00Z")
    again = [each for each in jira.asked if "/search" in each.path]
    assert not {_place(each) for each in before} & {_place(each) for each in again}


def _place(request: Request) -> str:
    return request.params.get("nextPageToken") or request.params.get("startAt") or ""


def _plan(server: Jira, size: int = 3) -> Fetch:
    user = f"user: {USER}" if server.cloud else ""
    hosting = "cloud" if server.cloud else "data center"
    return plan(
        f"from: jira\nsite: {server.site}\nproject: PIER\ntoken: JIRA_TOKEN\n"
        f"hosting: {hosting}\npage size: {size}\n{user}\n"
    )


def _world(clock: Clock) -> Outside:
    return outside(clock, {"JIRA_TOKEN": TOKEN})


def _fetched(server: Jira, clock: Clock, folder: Path, since: int | None = None) -> Recording:
    return fetch(_plan(server), source="pier", folder=folder, since=since, outside=_world(clock))


def _keys(recording: Recording) -> list[str]:
    return [str(each["key"]) for page in pages(recording) for each in things(page["issues"])]
