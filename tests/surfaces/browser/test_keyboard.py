"""Pages walked with keys alone: what can be reached, what shows where one stands, what `?` tells."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from tests.surfaces.browser.driving import Axe, OpenPage, Served

MOST_STOPS = 120
"""After so many, what follows is more of the same."""

PLACES = (
    "/sources",
    "/join",
    "/conflicts",
    "/findings",
    "/inbox",
    "/branches",
    "/views",
    "/shares",
    "/diff?from=2026-09-01&to=now",
    "/views/map?query=pillar",
    "/views/timeline?query=bet",
)

STANDS = """() => {
  const here = document.activeElement;
  if (!here || here === document.body) return null;
  const box = here.getBoundingClientRect();
  const style = getComputedStyle(here);
  const ringed = (each) => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(each);
    return (outlineStyle !== "none" && parseFloat(outlineWidth) > 0) || boxShadow !== "none";
  };
  let lit = ringed(here) || [...here.querySelectorAll("rect")].some((each) => getComputedStyle(each).stroke !== "none");
  for (let up = here.parentElement; up && !lit; up = up.parentElement) {
    if (up.matches(":focus-within") && up !== document.body) lit = ringed(up);
    if (up.localName === "main") break;
  }
  return {
    name: `${here.localName}.${here.getAttribute("class") ?? ""} ${(here.textContent ?? "").trim().slice(0, 30)}`,
    seen: box.width > 0 && box.height > 0 && style.visibility !== "hidden",
    lit,
    main: !!here.closest("main"),
  };
}"""


def stops(page: Page) -> list[dict[str, object]]:
    """Where Tab goes, from the top of a page to its end."""
    found: list[dict[str, object]] = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        here = page.evaluate(STANDS)
        if here is None:
            return found
        found.append(here)
    assert len({str(each["name"]) for each in found}) > MOST_STOPS // 4, (
        "Tab goes round in a circle"
    )
    return found


@pytest.mark.parametrize("path", PLACES)
def test_tab_reaches_what_a_page_offers_and_shows_where_it_is(
    path: str, open_page: OpenPage
) -> None:
    page = open_page(path)
    every = stops(page)
    unseen = [each["name"] for each in every if not each["seen"]]
    unlit = [each["name"] for each in every if each["seen"] and not each["lit"]]
    assert not unseen, f"focused, and not to be seen: {unseen[:5]}"
    assert not unlit, f"focused, and nothing shows it: {unlit[:5]}"
    offered = page.locator("main :is(a[href], button, input, select):visible").count()
    assert not offered or any(each["main"] for each in every)


def test_a_question_mark_lists_the_keys_of_the_page(open_page: OpenPage, axe: Axe) -> None:
    page = open_page("/views/map?query=pillar")
    page.locator(".map-box").focus()
    page.keyboard.press("?")
    told = page.get_by_role("dialog")
    for words in ("See all of it", "Link the first chosen to the last", "Nearer"):
        expect(told).to_contain_text(words)
    axe(page)
    page.keyboard.press("Escape")
    expect(told).to_be_hidden()


def test_a_finding_is_silenced_with_keys_alone(served: Served, open_page: OpenPage) -> None:
    page = open_page("/findings")
    page.locator("details.silence > summary").first.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("known, and being worked on")
    page.keyboard.press("Enter")
    told = page.locator(".silences")
    expect(told).to_contain_text("known, and being worked on", timeout=30_000)
