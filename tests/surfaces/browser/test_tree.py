"""The outline in a browser: keys, unfolding, hanging by drag."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.surfaces.browser.driving import Axe, OpenPage, Served

TREE = "/tree?start=pillar&link=is+served+by"


def line(page: Page, ref: str) -> Locator:
    item = page.locator(f'li[data-ref="{ref}"]').first
    return item.locator(":scope > .leaf")


def test_arrows_and_letters_walk_the_lines(open_page: OpenPage) -> None:
    page = open_page(TREE)
    first = line(page, "pillar/mend-first")
    expect(first).to_have_attribute("tabindex", "0")
    first.focus()
    page.keyboard.press("ArrowRight")
    expect(first).not_to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(first).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowDown")
    expect(line(page, "pillar/kept-word")).to_be_focused()
    page.keyboard.press("Home")
    expect(first).to_be_focused()
    page.keyboard.type("every")
    expect(page.locator("lattice-tree :focus")).to_contain_text("Every")


def test_what_is_left_out_unfolds_in_its_place(open_page: OpenPage) -> None:
    page = open_page("/tree?start=pillar&link=is+served+by&depth=1")
    more = page.locator(".leaf.folded a.more").first
    ref = more.evaluate("link => link.closest('li').dataset.ref")
    more.click()
    opened = page.locator(f'li[data-ref="{ref}"] > details > ul > li')
    expect(opened.first).to_be_visible()
    assert page.url.endswith("depth=1")


def test_a_line_dragged_onto_another_hangs_below_it(served: Served, open_page: OpenPage) -> None:
    # High enough that nothing scrolls between taking hold and letting go.
    page = open_page(TREE, height=7000)
    line(page, "goal/schools").drag_to(line(page, "pillar/kept-word"))
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    graph = served.workspace.graph()
    assert graph.edge("goal/schools", "serves", "pillar/kept-word") is not None
    assert graph.edge("goal/schools", "serves", "pillar/mend-first") is None


def test_a_thing_below_two_leads_to_its_other_place(open_page: OpenPage) -> None:
    page = open_page(TREE, scripts=False)
    link = page.locator(".also a[href^='#node-']").first
    link.click()
    expect(page.locator(":target")).to_be_visible()


@pytest.mark.parametrize("dark", [False, True])
def test_outlines_are_accessible(open_page: OpenPage, axe: Axe, dark: bool) -> None:
    axe(open_page(TREE, dark=dark))
