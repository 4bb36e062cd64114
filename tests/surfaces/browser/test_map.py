"""The map in a browser: opening, choosing, linking, and reading without scripts."""

from __future__ import annotations

import json
import re

from playwright.sync_api import Page, expect
from tests.surfaces.browser.driving import Axe, OpenPage, Served, pinch

TEAMS = "/views/map?focus=team/handover&links=depends%20on&hops=1"


def _search(page: Page, words: str) -> None:
    """Find a dot by its name and choose it."""
    page.get_by_label("Find on this map").fill(words)
    page.keyboard.press("Enter")
    page.locator(".map-box").focus()
    expect(page.locator(".map-says")).to_contain_text(words)


def _dots(page: Page) -> int:
    text = page.locator("net-map > script").text_content() or "{}"
    return len(json.loads(text)["dots"])


def test_arrows_go_along_edges_and_space_peeks(open_page: OpenPage) -> None:
    page = open_page(TEAMS)
    _search(page, "Handover")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".map-says")).not_to_contain_text("Handover")
    page.keyboard.press("Space")
    expect(page.locator("aside.peek")).to_be_visible()


def test_a_dot_opens_what_is_round_it_and_the_address_keeps_it(open_page: OpenPage) -> None:
    page = open_page(TEAMS)
    before = _dots(page)
    _search(page, "Night watch")
    page.keyboard.press("x")
    page.wait_for_url("**open=team**")
    page.wait_for_function(
        "count => JSON.parse(document.querySelector('net-map > script').textContent).dots.length > count",
        arg=before,
    )
    page.reload()
    assert _dots(page) > before


def test_two_dots_are_linked_by_a_phrase_that_fits(served: Served, open_page: OpenPage) -> None:
    page = open_page("/views/map?focus=team/handover,team/payouts&hops=0")
    _search(page, "Handover")
    for way in ("Right", "Left", "Up", "Down"):
        if "2 chosen" not in (page.locator(".map-says").text_content() or ""):
            page.keyboard.press(f"Shift+Arrow{way}")
            page.wait_for_timeout(100)
    page.keyboard.press("l")
    page.get_by_role("dialog").get_by_role("button", name="depends on").first.click()
    expect(page.locator("#toasts")).to_contain_text("depends on")
    edge = served.workspace.graph().edge("team/handover", "depends on", "team/payouts")
    other = served.workspace.graph().edge("team/payouts", "depends on", "team/handover")
    assert edge is not None or other is not None


def test_places_given_by_hand_stand_in_the_address(open_page: OpenPage) -> None:
    page = open_page("/views/map?focus=team/handover&hops=0")
    box = page.locator(".map-box").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    half = page.evaluate(
        "() => { const s = JSON.parse(document.querySelector('net-map > script').textContent);"
        " return s.dots[0][1].length }"
    )
    for offset in range(0, int(half * 5), 4):
        page.mouse.move(x - offset, y)
        if page.locator(".map-canvas[data-over]").count():
            page.mouse.down()
            page.mouse.move(x - offset + 90, y + 60, steps=3)
            page.mouse.up()
            break
    page.wait_for_url("**places=team%2Fhandover+**")
    put = re.search(r"places=team%2Fhandover\+(\d+)\+(\d+)", page.url)
    assert put is not None
    page.reload()
    expect(page.locator(".map-canvas")).to_be_visible()
    at = page.evaluate(
        "() => JSON.parse(document.querySelector('net-map > script').textContent).dots[0].slice(7, 9)"
    )
    assert at == [int(put[1]), int(put[2])]


TOPS = """() => {
  const canvas = document.querySelector(".map-canvas"), box = canvas.getBoundingClientRect();
  const tops = [];
  let above = new Set();
  for (let y = box.top + 30; y < box.bottom; y += 4) {
    const over = new Set();
    for (let x = box.left + 30; x < box.right; x += 8) {
      canvas.dispatchEvent(new PointerEvent("pointermove", { clientX: x, clientY: y }));
      if (!canvas.hasAttribute("data-over")) continue;
      over.add(x);
      if (!above.has(x)) tops.push([x, y]);
    }
    above = over;
  }
  return tops;
}"""
"""Where something on the map begins to be pointed at, from above; looked for in the page, at once."""


def _found(page: Page, words: str) -> tuple[float, float]:
    """Where a dot is pointed at from the highest point that still counts as on it."""
    says = page.locator(".map-says")
    expect(page.locator(".map-canvas")).to_be_visible()
    for x, y in page.evaluate(TOPS):
        page.mouse.move(x, y)
        expect(says).not_to_be_empty()
        if words in (says.text_content() or ""):
            return x, y
    raise AssertionError(f"no dot says {words}")


def test_a_link_is_drawn_from_one_dot_to_another_with_the_phrase_chosen(
    served: Served, open_page: OpenPage
) -> None:
    page = open_page("/views/map?focus=team/handover,team/payouts&hops=0")
    target = _found(page, "Payouts")
    x, y = _found(page, "Handover")
    page.mouse.move(x, y - 6)
    page.mouse.down()
    page.mouse.move(target[0], target[1] + 6, steps=6)
    page.mouse.up()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Handover depends on Payouts").click()
    expect(page.locator("#toasts")).to_contain_text("depends on")
    assert served.workspace.graph().edge("team/handover", "depends on", "team/payouts") is not None
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.locator("#toasts")).to_contain_text("Undone")
    assert served.workspace.graph().edge("team/handover", "depends on", "team/payouts") is None


def test_two_fingers_bring_a_map_nearer(open_page: OpenPage) -> None:
    page = open_page(TEAMS, width=390, height=844)
    before = scale(page)
    box = page.locator(".map-canvas").bounding_box()
    assert box is not None
    pinch(page, box["x"] + 150, box["y"] + 150, 40, 120)
    page.wait_for_timeout(200)
    assert scale(page) > before * 2


def scale(page: Page) -> int:
    """How large a map is shown, in percent."""
    shown = page.locator(".map-scale")
    expect(shown).not_to_be_empty()
    return int((shown.text_content() or "0").split()[0])


def test_what_does_not_fit_the_window_is_moved_by_a_small_drawing(open_page: OpenPage) -> None:
    page = open_page("/views/map?query=project&hops=1")
    page.get_by_role("button", name="fit").click()
    small = page.locator(".map-overview")
    expect(small).to_be_hidden()
    for _ in range(6):
        page.get_by_role("button", name="Nearer").click()
    expect(small).to_be_visible()
    before = page.locator(".map-canvas").screenshot()
    box = small.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 4, box["y"] + box["height"] / 4, steps=4)
    page.mouse.up()
    page.wait_for_timeout(200)
    assert page.locator(".map-canvas").screenshot() != before


def test_without_scripts_the_map_is_drawn_with_links_to_things(open_page: OpenPage) -> None:
    page = open_page(TEAMS, scripts=False)
    assert page.locator(".map-dot").count() > 2
    page.locator(".map-dot.map-focus").click()
    page.wait_for_url("**/thing/team/handover")


def test_axe_finds_nothing_on_a_map(open_page: OpenPage, axe: Axe) -> None:
    axe(open_page(TEAMS))
    axe(open_page(TEAMS, dark=True, width=390, height=844))
