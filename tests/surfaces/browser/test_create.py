"""The page on which things are created, in a browser."""

from __future__ import annotations

from playwright.sync_api import expect
from tests.surfaces.browser.driving import OpenPage, Served


def test_what_is_there_already_shows_while_typing(open_page: OpenPage) -> None:
    page = open_page("/create?kind=bet")
    page.locator("#making-title").fill("Fixed price")
    expect(page.locator(".likely")).to_contain_text("Fixed price before we see it")


def test_a_list_of_titles_is_shown_and_then_made(served: Served, open_page: OpenPage) -> None:
    page = open_page("/create?kind=goal")
    page.locator("#making-title").fill("A first aim\nA second aim")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Create 2 goals").click()
    expect(page.locator(".did")).to_contain_text("A first aim")
    assert served.workspace.graph().find("goal/a-second-aim") is not None


def test_another_may_follow_at_once(served: Served, open_page: OpenPage) -> None:
    page = open_page("/create?kind=goal")
    page.locator("#making-title").fill("One aim")
    page.get_by_role("button", name="Create, and another").click()
    expect(page.locator(".did")).to_contain_text("One aim")
    expect(page.locator("#making-title")).to_have_value("")
    assert served.workspace.graph().find("goal/one-aim") is not None


def test_creating_in_a_hurry_leads_on_to_all_the_fields(open_page: OpenPage) -> None:
    page = open_page("/kinds/goal")
    page.keyboard.press("c")
    page.locator("dialog textarea").fill("A third aim")
    page.get_by_role("link", name="All its fields").click()
    expect(page.locator("#making-title")).to_have_value("A third aim")
    expect(page.locator("#making-kind")).to_have_value("goal")
