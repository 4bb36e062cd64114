"""Commands that ask trackers: what they say, and that the token is never among it."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.sources.fetch.servers.jira import TOKEN, USER, Jira
from tests.sources.fetch.servers.serving import Clock, Reply
from tests.surfaces.trying import Run

from latticework.surfaces.background import syncing
from latticework.surfaces.commands.sync import pause_until
from latticework.workspace import Workspace

MODEL = """
company: Harbour
kinds:
  issue:
    family: intent
    many: issues
    stages: {To do: proposed, Done: done}
"""

RECIPE = """
recipe: pier
fetch: {{from: jira, site: {site}, project: PIER, token: PIER_TOKEN, user: {user},
        hosting: cloud, every: 1h}}
kinds:
  issue: {{key: key, fields: {{title: summary, stage: status}}}}
"""


@pytest.fixture
def jira() -> Iterator[Jira]:
    with Jira(Clock("2026-05-04T09:00:00Z")) as server:
        server.put("PIER-1", "Plank", at="2026-05-01T08:00:00Z")
        yield server


@pytest.fixture
def folder(tmp_path: Path, jira: Jira, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PIER_TOKEN", TOKEN)
    path = tmp_path / "harbour"
    Workspace.init(path, model_text=MODEL).close()
    (path / "recipes").mkdir()
    (path / "recipes" / "pier.yaml").write_text(RECIPE.format(site=jira.site, user=USER))
    return path


def test_fetch_says_what_it_brought_and_where_it_is_kept(run: Run, folder: Path) -> None:
    said = run("-C", folder, "fetch", "pier")
    assert said.code == 0, said.err
    assert "1 thing fetched" in said.out
    assert "recordings/pier" in said.out.replace("\n", "")
    assert "Plank" in run("-C", folder, "ask", "issue").out


def test_a_dry_run_shows_what_would_come(run: Run, folder: Path) -> None:
    said = run("-C", folder, "fetch", "pier", "--dry-run")
    assert said.code == 0, said.err
    assert "Would bring in" in said.out
    assert "Plank" in said.out
    assert "Plank" not in run("-C", folder, "ask", "issue").out


def test_a_missing_token_is_named_with_what_to_set(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PIER_TOKEN")
    said = run("-C", folder, "fetch", "pier")
    assert said.code == 1
    assert "FETCH004" in said.err
    assert "PIER_TOKEN" in said.err
    assert "Traceback" not in said.err


def test_a_token_that_is_not_taken_is_told_without_it(run: Run, folder: Path, jira: Jira) -> None:
    jira.fail("/search", Reply(status=401, body={"errorMessages": [f"bad {TOKEN}"]}))
    said = run("-C", folder, "fetch", "pier")
    assert said.code == 1
    assert "FETCH010" in said.err
    assert TOKEN not in said.err + said.out


def test_a_fetch_that_was_killed_goes_on_after_its_last_page(
    run: Run, folder: Path, jira: Jira
) -> None:
    """Seven planks in pages of two; the process is gone while the third page is asked for."""
    recipe = folder / "recipes" / "pier.yaml"
    recipe.write_text(recipe.read_text().replace("every: 1h", "every: 1h, page size: 2"))
    for number in range(2, 8):
        jira.put(f"PIER-{number}", f"Plank {number}", at=f"2026-05-01T08:00:0{number}Z")
    third = threading.Event()

    def wait(_: object) -> None:
        if sum("/search" in each.path for each in jira.asked) == 3:
            third.set()
            time.sleep(1)

    jira.before = wait
    words = [sys.executable, "-m", "latticework", "-C", str(folder), "fetch", "pier"]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    assert third.wait(30)
    process.kill()
    process.wait()
    jira.before = lambda _: None
    jira.asked.clear()
    said = run("-C", folder, "fetch", "pier")
    assert said.code == 0, said.err
    assert len([each for each in jira.asked if "/search" in each.path]) == 2
    assert len(json.loads(run("-C", folder, "ask", "issue", "--json").out)) == 7


def test_sync_brings_what_is_due_once(run: Run, folder: Path) -> None:
    first = run("-C", folder, "sync")
    assert first.code == 0, first.err
    assert "pier: 1 thing fetched" in first.out
    assert run("-C", folder, "sync").out == ""
    assert "pier: " in run("-C", folder, "sync", "--all").out


def test_show_tells_how_sources_fare(run: Run, folder: Path, jira: Jira) -> None:
    assert "not yet fetched" in run("-C", folder, "sync", "--show").out
    jira.fail("/search", Reply(status=403, body={"errorMessages": ["no"]}))
    assert run("-C", folder, "sync").code == 1
    shown = run("-C", folder, "sync", "--show")
    assert "failed 1 time" in shown.out
    assert "FETCH011" in shown.out
    (row,) = json.loads(run("-C", folder, "sync", "--show", "--json").out)
    assert row["source"] == "pier"
    assert row["failures"] == 1


def test_watching_ends_after_its_turns(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    assert run("-C", folder, "sync", "--watch", "--turns", "3").code == 0
    assert len(slept) == 2
    assert all(1 <= each <= 60 for each in slept)


def test_a_look_comes_when_something_is_due_and_at_least_each_minute() -> None:
    assert pause_until(None, 0) == 60
    assert pause_until(30_000_000, 0) == 30
    assert pause_until(7_200_000_000, 0) == 60
    assert pause_until(0, 5_000_000) == 1


def test_a_server_syncs_beside_its_pages(folder: Path) -> None:
    told: list[str] = []
    with syncing(folder, tell=lambda finding: told.append(finding.code)):
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            with Workspace.open(folder) as workspace:
                if workspace.sync_states()[0].kept.succeeded:
                    break
            time.sleep(0.1)
    with Workspace.open(folder) as workspace:
        assert len(workspace.ask("issue")) == 1
    assert told == []


def test_a_server_that_ends_does_not_wait_for_a_limit(folder: Path, jira: Jira) -> None:
    """The tracker wants half a minute; the server is stopped meanwhile."""
    jira.fail("/search", Reply(status=429, headers={"Retry-After": "30"}))
    began = time.monotonic()
    with syncing(folder, tell=lambda _: None):
        while not any("/search" in each.path for each in jira.asked):
            time.sleep(0.05)
    assert time.monotonic() - began < 15
    with Workspace.open(folder) as workspace:
        (state,) = workspace.sync_states()
    assert not state.running
