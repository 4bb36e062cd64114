"""A source is synced: once whole, then what changed, and nothing is lost on the way."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from tests.sources.fetch.asking import outside
from tests.sources.fetch.servers.jira import TOKEN, USER, Jira
from tests.sources.fetch.servers.serving import Clock, Reply

from latticework.base.findings import Refused
from latticework.base.times import parse_instant
from latticework.sources.fetch.outside import Outside
from latticework.sources.fetch.recording import recordings
from latticework.workspace import Workspace
from latticework.workspace.sync_state import SyncState, states_of
from latticework.workspace.syncing import (
    Synced,
    Wanted,
    find_recipe,
    next_due,
    sync,
    sync_due,
    sync_states,
    try_sync,
)

MODEL = """
company: Harbour
zone: UTC
kinds:
  issue:
    family: intent
    many: issues
    fields: {about: text, seen: text}
    stages: {To do: proposed, Doing: active, Done: done}
    links: {is part of: {to: issue, back: holds}}
"""

RECIPE = """
recipe: pier
valid: {{first: created, then: updated}}
fetch:
  from: jira
  site: {site}
  project: PIER
  token: JIRA_TOKEN
  user: {user}
  hosting: cloud
  page size: 2
  every: 1h
kinds:
  issue:
    key: key
    gone: {{seen: gone}}
    fields: {{title: summary, stage: status}}
    links: {{is part of: {{issue: parent}}}}
    history:
      from: history
      what: field
      valid: when
      begins: created
      turns: {{stage: status}}
"""


@dataclass(frozen=True)
class Pier:
    """A company, its recipe, its tracker, and the world outside."""

    workspace: Workspace
    recipe: Path
    jira: Jira
    clock: Clock
    world: Outside

    def sync(self, wanted: Wanted | None = None) -> Synced:
        return sync(
            self.workspace, self.recipe, outside=self.world, wanted=wanted or Wanted(), by="ada"
        )

    def refused(self) -> Refused:
        with pytest.raises(Refused) as told:
            self.sync()
        return told.value

    @property
    def state(self) -> SyncState:
        (found,) = sync_states(self.workspace)
        return found

    def titles(self, query: str = "issue") -> list[str]:
        found = self.workspace.ask(f"{query} show title sort by title")
        return [str(row["title"]) for row in found.to_polars().to_dicts()]


@pytest.fixture
def clock() -> Clock:
    return Clock("2026-05-04T09:00:00Z")


@pytest.fixture
def pier(tmp_path: Path, clock: Clock) -> Iterator[Pier]:
    with (
        Jira(clock) as jira,
        Workspace.init(tmp_path / "harbour", model_text=MODEL, clock=clock) as workspace,
    ):
        for number in range(1, 6):
            jira.put(f"PIER-{number}", f"Plank {number}", at=f"2026-05-01T0{number}:00:00Z")
        recipe = workspace.folder.path / "recipes" / "pier.yaml"
        recipe.parent.mkdir()
        recipe.write_text(RECIPE.format(site=jira.site, user=USER))
        world = outside(clock, {"JIRA_TOKEN": TOKEN})
        yield Pier(workspace, recipe, jira, clock, world)


def test_the_first_sync_brings_everything_and_the_second_nothing(pier: Pier) -> None:
    first = pier.sync()
    assert first.imported is not None
    assert first.imported.changes
    assert pier.titles() == [f"Plank {number}" for number in range(1, 6)]
    pier.clock.turn_to("2026-05-04T10:00:00Z")
    head = pier.workspace.graph().head
    second = pier.sync()
    assert second.imported is not None
    assert second.imported.changes == 0
    assert second.recording is not None
    assert second.recording.things == 0
    assert pier.workspace.graph().head == head


def test_a_later_sync_asks_only_for_what_changed_and_keeps_the_rest(pier: Pier) -> None:
    pier.sync()
    pier.clock.turn_to("2026-05-04T10:00:00Z")
    pier.jira.put("PIER-2", "Plank 2, oiled", at="2026-05-04T09:30:00Z", status="Doing")
    pier.jira.asked.clear()
    synced = pier.sync()
    assert synced.recording is not None
    assert synced.recording.things == 1
    (search,) = [each for each in pier.jira.asked if "/search" in each.path]
    # Five past five is nine o'clock less the overlap, where the token's user lives.
    assert 'updated >= "2026-05-04 04:55"' in search.params["jql"]
    assert pier.titles("issue where stage is Doing") == ["Plank 2, oiled"]
    assert not pier.titles("issue where seen is gone")
    assert len(pier.titles()) == 5


def test_what_a_whole_sync_no_longer_names_is_marked(pier: Pier) -> None:
    pier.sync()
    pier.clock.turn_to("2026-05-12T10:00:00Z")
    del pier.jira.issues["PIER-4"]
    assert pier.sync().recording is not None
    assert pier.titles("issue where seen is gone") == ["Plank 4"]


def test_a_fetch_from_later_on_leaves_the_cursor_before_the_gap(pier: Pier) -> None:
    pier.sync()
    cursor = pier.state.kept.cursor
    pier.clock.turn_to("2026-05-06T09:00:00Z")
    pier.jira.put("PIER-1", "Plank 1, oiled", at="2026-05-05T08:00:00Z")
    pier.jira.put("PIER-2", "Plank 2, oiled", at="2026-05-06T08:00:00Z")
    pier.sync(Wanted(since=parse_instant("2026-05-06T00:00:00Z")))
    assert pier.state.kept.cursor == cursor
    pier.sync()
    assert "Plank 1, oiled" in pier.titles()


def test_a_first_fetch_of_a_part_is_followed_by_the_whole(pier: Pier) -> None:
    pier.sync(Wanted(since=parse_instant("2026-05-01T04:00:00Z")))
    assert len(pier.titles()) == 2
    pier.sync()
    assert len(pier.titles()) == 5


def test_a_sync_without_news_finds_nothing(pier: Pier) -> None:
    pier.sync()
    pier.clock.turn_to("2026-05-04T10:00:00Z")
    synced = pier.sync()
    assert synced.findings == ()
    assert synced.recording is not None
    assert not list(synced.recording.folder.glob("*.json"))


def test_failures_before_the_first_page_leave_no_recordings(pier: Pier) -> None:
    pier.jira.fail("/search", *[Reply(status=401)] * 3)
    for _ in range(3):
        pier.refused()
    assert recordings(pier.workspace.folder.path / "recordings" / "pier") == ()


def test_a_tracker_that_names_hardly_anything_takes_nothing_back(pier: Pier) -> None:
    """The token may see one of five issues, and then none is gone."""
    pier.sync()
    pier.clock.turn_to("2026-05-12T10:00:00Z")
    for number in range(2, 6):
        del pier.jira.issues[f"PIER-{number}"]
    assert "SYNC004" in {each.code for each in pier.sync().findings}
    assert not pier.titles("issue where seen is gone")
    pier.sync(Wanted(whole=True, believe=True))
    assert len(pier.titles("issue where seen is gone")) == 4


def test_a_replayed_recording_brings_the_same_into_another_company(
    pier: Pier, tmp_path: Path
) -> None:
    synced = pier.sync()
    assert synced.recording is not None
    with Workspace.init(tmp_path / "other", model_text=MODEL, clock=pier.clock) as other:
        other.import_recipe(pier.recipe, synced.recording.folder)
        assert len(other.ask("issue")) == 5
    assert pier.workspace.import_recipe(pier.recipe, synced.recording.folder).changes == 0


def test_replaying_a_part_takes_nothing_back(pier: Pier) -> None:
    pier.sync()
    pier.clock.turn_to("2026-05-04T10:00:00Z")
    pier.jira.put("PIER-2", "Plank 2, oiled", at="2026-05-04T09:30:00Z")
    synced = pier.sync()
    assert synced.recording is not None
    pier.workspace.import_recipe(pier.recipe, synced.recording.folder)
    assert not pier.titles("issue where seen is gone")


def test_the_cursor_stays_where_a_tracker_fails_and_the_next_try_goes_on(pier: Pier) -> None:
    pier.jira.fail("/search", Reply(body={"issues": [], "isLast": True}))
    pier.jira.faults.clear()
    stop = [Reply(status=500)] * 5
    pier.jira.before = lambda request: (
        pier.jira.fail("/search", *stop) if request.params.get("nextPageToken") else None
    )
    assert pier.refused().findings[0].code == "FETCH014"
    state = pier.state
    assert state.kept.cursor == 0
    assert state.kept.failures == 1
    assert [each.code for each in state.findings] == ["FETCH014"]
    assert not pier.titles()
    pier.jira.before = lambda _: None
    pier.jira.faults.clear()
    pier.jira.asked.clear()
    assert pier.sync().recording is not None
    assert len(pier.titles()) == 5
    searches = [each for each in pier.jira.asked if "/search" in each.path]
    assert all(each.params.get("nextPageToken") for each in searches)
    assert pier.state.kept.failures == 0


def test_an_import_that_is_refused_leaves_the_cursor(pier: Pier) -> None:
    pier.recipe.write_text(pier.recipe.read_text().replace("title: summary", "titel: summary"))
    assert pier.refused().findings[0].code == "RECIPE004"
    assert pier.state.kept.cursor == 0


def test_a_limit_that_lasts_is_waited_for_until_the_next_sync(pier: Pier) -> None:
    pier.jira.fail("/search", Reply(status=429, headers={"Retry-After": "5000"}))
    assert pier.refused().findings[0].code == "FETCH013"
    assert pier.state.due == parse_instant("2026-05-04T10:23:20Z")
    assert pier.clock.slept == []


def test_due_is_after_the_span_and_sooner_after_a_failure(pier: Pier) -> None:
    assert next_due(pier.workspace) == 0
    pier.sync()
    assert next_due(pier.workspace) == parse_instant("2026-05-04T10:00:00Z")
    assert list(sync_due(pier.workspace, outside=pier.world)) == []
    pier.clock.turn_to("2026-05-04T10:00:00Z")
    pier.jira.fail("/myself", Reply(status=401))
    (failed,) = sync_due(pier.workspace, outside=pier.world)
    assert failed.findings[0].code == "FETCH010"
    assert next_due(pier.workspace) == parse_instant("2026-05-04T10:02:00Z")
    pier.clock.turn_to("2026-05-04T10:02:00Z")
    (done,) = sync_due(pier.workspace, outside=pier.world)
    assert done.imported is not None


def test_two_never_sync_one_source_at_a_time(pier: Pier) -> None:
    told = []

    def again(_: int) -> None:
        told.append(pier.refused().findings[0].code)

    sync(pier.workspace, pier.recipe, outside=pier.world, progress=again)
    assert set(told) == {"SYNC001"}
    assert pier.sync().imported is not None


def test_a_sync_whose_process_died_holds_nobody_up(pier: Pier) -> None:
    states = states_of(pier.workspace)
    holder = states.take("pier", str(pier.recipe), pier.clock())
    assert pier.state.running
    host, _, rest = holder.partition(":")
    gone = f"{host}:4194303:{rest.rpartition(':')[2]}"
    table = states.beside.table
    states.beside.run(lambda file: file.execute(table.update().values(holder=gone)).rowcount)
    assert not pier.state.running
    assert pier.sync().imported is not None


def test_a_dry_run_leaves_no_trace(pier: Pier) -> None:
    before = sorted(str(each) for each in pier.workspace.folder.path.rglob("*"))
    tried = try_sync(pier.workspace, pier.recipe, outside=pier.world)
    assert tried.imported is not None
    assert tried.imported.delta is not None
    assert tried.imported.changes
    assert not pier.titles()
    after = sorted(str(each) for each in pier.workspace.folder.path.rglob("*"))
    assert [each for each in after if "cache" not in each] == [
        each for each in before if "cache" not in each
    ]


def test_the_token_is_written_nowhere(pier: Pier, caplog: pytest.LogCaptureFixture) -> None:
    """A server that repeats what it was sent, in an issue and in a refusal."""
    caplog.set_level(logging.DEBUG)
    pier.jira.put("PIER-9", f"Ada pasted {TOKEN} here", at="2026-05-02T08:00:00Z")
    pier.sync()
    pier.clock.turn_to("2026-05-04T10:00:00Z")
    body = {"errorMessages": [f"no access with {TOKEN}"]}
    pier.jira.fail("/search", Reply(status=403, body=body))
    told = pier.refused()
    assert TOKEN not in str(told)
    assert "Ada pasted (hidden) here" in pier.titles()
    for file in pier.workspace.folder.path.rglob("*"):
        if file.is_file():
            assert TOKEN.encode() not in file.read_bytes(), file
            assert b"Basic " not in file.read_bytes(), file
    assert caplog.text
    assert TOKEN not in caplog.text
    assert "Basic " not in caplog.text


def test_old_recordings_go_but_never_the_last_whole_one(pier: Pier) -> None:
    whole = pier.sync().recording
    assert whole is not None
    for hour in range(10, 23):
        pier.clock.turn_to(f"2026-05-04T{hour}:00:00Z")
        pier.sync()
    kept = recordings(whole.folder.parent)
    assert len(kept) == 11
    assert kept[0].folder == whole.folder


def test_states_tell_recipes_that_are_not_understood(pier: Pier) -> None:
    broken = pier.recipe.with_name("broken.yaml")
    broken.write_text("recipe: broken\nfetch: {from: jiro}\nkinds: {}\n")
    states = {each.source: each for each in sync_states(pier.workspace)}
    assert [each.code for each in states["broken"].findings] == ["FETCH001"]
    assert states["pier"].fetcher == "jira"
    synced = {each.source for each in sync_due(pier.workspace, outside=pier.world)}
    assert synced == {"pier"}


def test_a_recipe_of_the_company_goes_by_its_name(pier: Pier) -> None:
    assert find_recipe(pier.workspace, "pier") == pier.recipe
    assert find_recipe(pier.workspace, str(pier.recipe)) == pier.recipe


def test_a_state_tells_its_lag_and_its_last_batches(pier: Pier) -> None:
    assert pier.state.lag(pier.clock()) is None
    pier.sync()
    pier.clock.turn_to("2026-05-04T09:20:00Z")
    state = pier.state
    assert state.lag(pier.clock()) == 1_200
    entries = pier.workspace.store.entries()
    recorded = {each.batch for each in entries if each.source == "pier"}
    assert set(state.kept.batches) == recorded
    assert state.kept.things == 5


def test_a_recipe_from_elsewhere_is_told_among_the_sources(
    pier: Pier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "desk.yaml"
    elsewhere.write_text(pier.recipe.read_text().replace("recipe: pier", "recipe: desk"))
    monkeypatch.chdir(tmp_path)
    sync(pier.workspace, Path("desk.yaml"), outside=pier.world)
    monkeypatch.chdir(pier.workspace.folder.path)
    sync(pier.workspace, Path("recipes") / "pier.yaml", outside=pier.world)
    states = {each.source: each for each in sync_states(pier.workspace)}
    assert sorted(states) == ["desk", "pier"]
    assert len(sync_states(pier.workspace)) == 2
    assert states["pier"].kept.recording.startswith("recordings/pier/")


def test_a_recipe_without_a_fetcher_cannot_be_synced(pier: Pier) -> None:
    plain = pier.recipe.with_name("plain.yaml")
    plain.write_text("recipe: plain\nreads: x.csv\nkinds: {issue: {key: key}}\n")
    with pytest.raises(Refused) as told:
        sync(pier.workspace, plain, outside=replace(pier.world))
    assert told.value.findings[0].code == "SYNC002"
    assert "plain" not in {each.source for each in sync_states(pier.workspace)}
