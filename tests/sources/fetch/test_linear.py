"""Linear is asked in GraphQL, within its points."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.sources.fetch.asking import outside, pages, plan, stopped
from tests.sources.fetch.servers.linear import TOKEN, Linear
from tests.sources.fetch.servers.serving import Clock

from latticework.base.times import parse_instant
from latticework.sources.fetch.fetching import fetch
from latticework.sources.fetch.outside import Outside
from latticework.sources.fetch.plan import Fetch
from latticework.sources.fetch.recording import Recording
from latticework.sources.linear import linear as reader
from latticework.sources.tree import Fields, Items


@pytest.fixture
def linear(clock: Clock) -> Iterator[Linear]:
    with Linear(clock) as server:
        for number in range(1, 8):
            server.put(number, f"Plank {number}", at=f"2026-05-01T0{number}:00:00Z")
        server.put_project("Nights", at="2026-04-01T08:00:00Z")
        yield server


def test_issues_and_projects_come_once_and_are_read(
    linear: Linear, clock: Clock, tmp_path: Path
) -> None:
    linear.pasts["HAR-3"] += [
        {
            "createdAt": f"2026-05-02T08:{minute:02}:00Z",
            "fromEstimate": minute,
            "toEstimate": minute + 1,
        }
        for minute in range(59)
    ]
    recording = _fetched(linear, clock, tmp_path)
    assert recording.things == 8
    issues = [issue for page in _read(recording) for issue in _items(page, "issues")]
    assert sorted(str(each["key"]) for each in issues) == [f"HAR-{n}" for n in range(1, 8)]
    turns = {str(each["key"]): each["history"] for each in issues}
    assert len(turns["HAR-3"] or ()) == 59
    (project,) = [each for page in _read(recording) for each in _items(page, "projects")]
    assert project["name"] == "Nights"


def test_only_what_changed_is_asked_for(linear: Linear, clock: Clock, tmp_path: Path) -> None:
    linear.put(5, "Plank 5, wet", at="2026-05-04T08:30:00Z")
    since = parse_instant("2026-05-04T08:00:00Z")
    recording = _fetched(linear, clock, tmp_path, since=since)
    issues = [issue for page in _read(recording) for issue in _items(page, "issues")]
    assert [str(each["title"]) for each in issues] == ["Plank 5, wet"]
    assert recording.things == 1


def test_points_that_are_used_up_are_waited_for(
    linear: Linear, clock: Clock, tmp_path: Path
) -> None:
    linear.points = 2_500.0
    assert _fetched(linear, clock, tmp_path).things == 8
    assert clock.slept
    assert all(each == 600.0 for each in clock.slept)


def test_a_question_that_costs_too_much_is_told(
    linear: Linear, clock: Clock, tmp_path: Path
) -> None:
    (finding,) = stopped(_plan(linear, size=100), tmp_path, _world(clock)).findings
    assert finding.code == "FETCH022"
    assert "Query too complex" in finding.says


def test_a_refused_key_is_told_by_its_name(linear: Linear, clock: Clock, tmp_path: Path) -> None:
    world = outside(clock, {"LINEAR_KEY": "lin_api_other"})
    (finding,) = stopped(_plan(linear), tmp_path, world).findings
    assert finding.code == "FETCH010"
    assert "LINEAR_KEY" in finding.says


def test_an_interrupted_fetch_goes_on_where_it_was(
    linear: Linear, clock: Clock, tmp_path: Path
) -> None:
    def stop(things: int) -> None:
        if things > 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(
            _plan(linear),
            source="har",
            folder=tmp_path,
            since=None,
            outside=_world(clock),
            progress=stop,
        )
    linear.asked.clear()
    recording = _fetched(linear, clock, tmp_path)
    assert recording.things == 8
    assert len(linear.asked) == 1


def _plan(server: Linear, size: int = 3) -> Fetch:
    return plan(f"from: linear\nsite: {server.site}\ntoken: LINEAR_KEY\npage size: {size}\n")


def _world(clock: Clock) -> Outside:
    return outside(clock, {"LINEAR_KEY": TOKEN})


def _fetched(server: Linear, clock: Clock, folder: Path, since: int | None = None) -> Recording:
    return fetch(_plan(server), source="har", folder=folder, since=since, outside=_world(clock))


def _read(recording: Recording) -> list[Fields]:
    """The pages as the reader of Linear takes them."""
    assert pages(recording)
    texts = (each.read_text() for each in sorted(recording.folder.glob("*.json")))
    trees = (reader.read(text).tree for text in texts)
    return [each for each in trees if isinstance(each, Fields)]


def _items(page: Fields, name: str) -> list[Fields]:
    found = page.get(name)
    return [each for each in found if isinstance(each, Fields)] if isinstance(found, Items) else []
