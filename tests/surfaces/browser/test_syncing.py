"""A tracker is fetched from its page, in a browser: it goes through, fails, is cut off, goes on."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.sources.fetch.servers.jira import TOKEN, USER, Jira
from tests.sources.fetch.servers.serving import Clock, Reply
from tests.surfaces.browser.conftest import Server
from tests.surfaces.browser.driving import Axe, OpenPage, Served
from tests.surfaces.test_cli_sync import MODEL, RECIPE

from latticework.surfaces import outside
from latticework.surfaces.outside import present_world
from latticework.surfaces.web.pages import sources
from latticework.workspace import Workspace

expect.set_options(timeout=30_000)


@pytest.fixture
def jira() -> Iterator[Jira]:
    """Two issues of a pier, as its tracker has them."""
    with Jira(Clock("2026-05-04T09:00:00Z")) as server:
        server.put("PIER-1", "Plank", at="2026-05-01T08:00:00Z")
        server.put("PIER-2", "Lamp", at="2026-05-01T09:00:00Z")
        yield server


@pytest.fixture
def served(tmp_path: Path, jira: Jira, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """A company with a recipe that asks this tracker, each hour."""
    monkeypatch.setenv("PIER_TOKEN", TOKEN)
    folder = tmp_path / "harbour"
    Workspace.init(folder, model_text=MODEL).close()
    (folder / "recipes").mkdir()
    (folder / "recipes" / "pier.yaml").write_text(RECIPE.format(site=jira.site, user=USER))
    server = Server(folder)
    yield server.served
    server.stop()


def fares(page: Page) -> str:
    return page.get_by_label("How it fares").inner_text()


def test_fetch_now_brings_things_and_tells_how_the_source_fares(
    served: Served, open_page: OpenPage, jira: Jira
) -> None:
    page = open_page("/sources")
    expect(page.locator(".source-state")).to_have_text("never fetched · due now")
    page.get_by_role("link", name="pier").click()
    page.get_by_role("button", name="Fetch now").click()
    expect(page.locator(".did")).to_contain_text("Came in: 2 issues")
    told = fares(page)
    assert "2 things said" in told
    assert "changes in batch" in told
    assert "due in 59 minutes" in told
    assert len(served.workspace.graph().ids_of("issue")) == 2
    page.get_by_role("button", name="Fetch now").click()
    expect(page.locator(".did")).to_contain_text("nothing new")
    jira.put("PIER-3", "Rope", at="2026-05-04T09:30:00Z")
    page.get_by_role("button", name="Fetch now").click()
    expect(page.locator(".did")).to_contain_text("Came in: 1 issue")
    assert TOKEN not in page.content()


def test_a_token_that_is_not_taken_is_told_on_both_pages_and_nothing_is_lost(
    served: Served, open_page: OpenPage, jira: Jira, axe: Axe
) -> None:
    jira.fail("/search", Reply(status=401, body={"errorMessages": [f"bad {TOKEN}"]}))
    page = open_page("/sources/pier")
    page.get_by_role("button", name="Fetch now").click()
    expect(page.locator(".findings").first).to_contain_text("FETCH010")
    assert TOKEN not in page.content()
    axe(page)
    page.goto("/sources")
    expect(page.locator(".source-state")).to_contain_text("failed")
    expect(page.locator(".sources .warn").first).to_contain_text("token")
    page.get_by_role("link", name="pier").click()
    page.get_by_role("button", name="Fetch now").click()
    expect(page.locator(".did")).to_contain_text("Came in: 2 issues")


def test_a_fetch_that_is_cut_off_goes_on_where_it_was(
    served: Served, open_page: OpenPage, jira: Jira, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What a polite client waits between its tries is none of a test's.
    monkeypatch.setattr(outside, "present_world", partial(present_world, sleep=lambda _: None))
    cut = Reply(body={"issues": []}, cut=True)
    jira.fail("/search", *[cut] * 12)
    page = open_page("/sources/pier")
    page.get_by_role("button", name="Fetch now").click()
    expect(page.locator(".findings").first).to_contain_text("FETCH")
    assert len(served.workspace.graph().ids_of("issue")) == 0
    jira.faults.clear()
    page.get_by_role("button", name="Fetch now").click()
    expect(page.locator(".did")).to_contain_text("Came in: 2 issues")


def test_a_long_fetch_keeps_no_page_waiting_and_says_by_itself_that_it_failed(
    served: Served, open_page: OpenPage, jira: Jira, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "PATIENCE", 0.05)
    jira.fail("/search", Reply(status=401, body={"errorMessages": ["no"]}, slow=2.0))
    page = open_page("/sources/pier")
    page.get_by_role("button", name="Fetch now").click()
    expect(page.locator(".did")).to_contain_text("goes on by itself")
    expect(page.get_by_role("button", name="Fetch now")).to_be_disabled()
    expect(page.locator("lw-fares .findings")).to_contain_text("FETCH010")
    expect(page.get_by_role("button", name="Fetch now")).to_be_enabled()
    expect(page.locator(".did")).to_have_count(0)
