"""Groups under headings, rows under rows, and widths of columns, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from tests.surfaces.browser.driving import Axe, OpenPage

BY_STAGE = "/ask?q=bet group by stage show sum(cost), health, due"
UNDER = "/ask?q=any where stage is active or stage is missing show stage&nest=holds"
HEADS = "tr.group-head"


def live(page: Page) -> Page:
    page.wait_for_selector(".grid-live")
    return page


def test_groups_stand_under_headings_with_counts_and_sums_without_scripts(
    open_page: OpenPage,
) -> None:
    page = open_page(BY_STAGE, scripts=False)
    first = page.locator(HEADS).first
    expect(first).to_contain_text("shaping")
    expect(first.locator(".group-count")).to_have_text("3")
    expect(first).to_contain_text("EUR")
    # The heading says the stage: no column says it again.
    expect(page.locator("thead th", has_text="stage")).to_have_count(0)


def test_a_page_that_begins_within_a_group_says_which(open_page: OpenPage) -> None:
    page = open_page(f"{BY_STAGE}&page=2", scripts=False)
    expect(page.locator("tbody tr").first).to_have_class("group-head")


def test_a_group_shuts_and_opens_by_click(open_page: OpenPage) -> None:
    page = live(open_page(BY_STAGE))
    expect(page.locator('tr[data-at="0"]')).to_be_visible()
    page.locator(HEADS).first.click()
    expect(page.locator('tr[data-at="0"]')).to_have_count(0)
    expect(page.locator('tr[data-at="3"]')).to_be_visible()
    page.locator(HEADS).first.click()
    expect(page.locator('tr[data-at="0"]')).to_be_visible()


def test_a_group_shuts_and_opens_by_key(open_page: OpenPage) -> None:
    page = live(open_page(BY_STAGE))
    page.locator('tr[data-at="0"] td').nth(1).click(position={"x": 4, "y": 4})
    page.keyboard.press("ArrowLeft")
    expect(page.locator(f"{HEADS} button").first).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(page.locator('tr[data-at="0"]')).to_have_count(0)
    page.keyboard.press("ArrowDown")
    expect(page.locator(f"{HEADS} button").nth(1)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator('tr[data-at="3"] td').nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")
    expect(page.locator('tr[data-at="0"]')).to_be_visible()


def test_rows_hang_below_rows_and_fold(open_page: OpenPage) -> None:
    page = live(open_page(UNDER))
    parent = page.locator('tr[data-depth="0"]:not([data-below="0"])').first
    at = int(parent.get_attribute("data-at") or "")
    below = int(parent.get_attribute("data-below") or "")
    child = page.locator(f'tr[data-at="{at + 1}"]')
    expect(child).to_have_attribute("data-depth", "1")
    parent.locator(".grid-fold").click()
    expect(child).to_have_count(0)
    expect(page.locator(f'tr[data-at="{at + below + 1}"]')).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(child).to_be_visible()


def test_a_column_keeps_the_width_that_it_was_pulled_to(open_page: OpenPage) -> None:
    page = live(open_page("/ask?q=bet show health, due"))
    head = page.locator("thead th").nth(2)
    before = (head.bounding_box() or {"width": 0.0})["width"]
    edge = head.locator(".grid-edge")
    box = edge.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 5, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(box["x"] + 85, box["y"] + 8, steps=4)
    page.mouse.up()
    assert (head.bounding_box() or {"width": 0.0})["width"] == pytest.approx(before + 80, abs=2)
    edge.focus()
    page.keyboard.press("ArrowRight")
    wide = f"health:{round(before + 96)}"
    page.wait_for_url(lambda url: "wide=health" in url)
    live(open_page(f"/ask?q=bet show health, due&wide={wide}"))
    page.reload()
    live(page)
    assert (head.bounding_box() or {"width": 0.0})["width"] == pytest.approx(before + 96, abs=2)
    # What is asked next from this table is as wide.
    page.locator("thead th a").first.click()
    page.wait_for_url(lambda url: "sort" in url and "wide=health" in url)


def test_a_kinds_table_cuts_no_column_at_the_side(open_page: OpenPage) -> None:
    page = live(open_page("/kinds/bet"))
    scroller = page.locator(".grid-live .scroll")
    assert scroller.evaluate("each => each.scrollWidth <= each.clientWidth + 1")


@pytest.mark.parametrize("path", [BY_STAGE, UNDER])
@pytest.mark.parametrize("width", [390, 1440])
def test_sections_read_well_to_everybody(
    open_page: OpenPage, axe: Axe, path: str, width: int
) -> None:
    axe(live(open_page(path, width=width)))
