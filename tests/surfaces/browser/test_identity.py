"""Who is who is settled in a browser, by keys alone, at a desk and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.sources.two_sources import disputed, fields, people
from tests.surfaces.browser.conftest import Server
from tests.surfaces.browser.driving import Axe, OpenPage, Served

expect.set_options(timeout=30_000)

MOST_TABS = 80


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """Ana stands in two sources, and two sizes differ from the tracker's."""
    with disputed(tmp_path):
        pass
    server = Server(tmp_path / "co")
    yield server.served
    server.stop()


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until what has the focus fits a selector."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", wanted):
            return
    raise AssertionError(f"no Tab leads to {wanted}")


def test_two_are_joined_by_keys_alone(served: Served, open_page: OpenPage) -> None:
    page = open_page("/join?ref=person/7")
    tab_to(page, "#join-into")
    page.keyboard.type("person/ana")
    page.keyboard.press("Enter")
    expect(page.locator(".clash").first).to_be_visible()
    tab_to(page, "input[name='take:title']")
    page.keyboard.press("ArrowDown")
    tab_to(page, "#why")
    page.keyboard.type("the same Ana")
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(f"{served.url}/join?ref=person/7&into=person/ana")
    assert people(served.workspace) == ["person/ana"]
    assert fields(served.workspace, "person/ana")["title"] == "A. Lima"


def test_a_conflict_is_decided_by_keys_alone(served: Served, open_page: OpenPage) -> None:
    page = open_page("/conflicts")
    tab_to(page, "input[name='cell:wish/f-1#size']")
    page.keyboard.press("ArrowDown")
    tab_to(page, "main button[type=submit]")
    page.keyboard.press("Enter")
    expect(page.locator("[name='cell:wish/f-1#size']")).to_have_count(0)
    assert fields(served.workspace, "wish/f-1")["size"] == "5"
    assert fields(served.workspace, "wish/f-2")["size"] == "8"


def test_rows_are_pasted_and_brought_in_by_keys_alone(served: Served, open_page: OpenPage) -> None:
    page = open_page("/sources")
    tab_to(page, ".bring summary")
    page.keyboard.press("Enter")
    tab_to(page, "#bring-pasted")
    page.keyboard.insert_text("id,name,email\n9,Bo Vik,bo@harbour.eu")
    tab_to(page, "#bring-called")
    page.keyboard.type("people")
    tab_to(page, ".bring button")
    page.keyboard.press("Enter")
    expect(page.locator(".counts")).to_contain_text("1 new")
    tab_to(page, ".bring-sum button.first")
    page.keyboard.press("Enter")
    expect(page.locator(".did")).to_contain_text("Came in")
    assert "person/9" in people(served.workspace)


@pytest.mark.parametrize(("width", "height", "dark"), [(1440, 900, False), (390, 844, True)])
def test_the_pages_are_sound_for_everybody(
    served: Served, open_page: OpenPage, axe: Axe, width: int, height: int, dark: bool
) -> None:
    for address in (
        "/join",
        "/join?ref=person/7&into=person/ana",
        "/join?ref=person/7&into=person/nobody",
        "/conflicts",
        "/sources",
    ):
        page = open_page(address, width=width, height=height, dark=dark)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
