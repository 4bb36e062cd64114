"""The timeline in a browser: bars in the hand, zoom, and reading without scripts."""

from __future__ import annotations

from urllib.parse import quote

from playwright.sync_api import Page, expect
from tests.surfaces.browser.driving import Axe, OpenPage, Served, pinch

PROJECTS = (
    "/views/timeline?query="
    + quote("project where stage is active and begins > 2025-12-31")
    + "&zoom=year"
)


def _drag(page: Page, part: str, by: int) -> str:
    """Pull the first bar with a solid part; returns its ref."""
    bar = page.locator(".tl-bar[data-moves]:has(.tl-solid)").first
    ref = bar.get_attribute("data-bar") or ""
    bar.locator(".tl-solid").scroll_into_view_if_needed()
    box = bar.locator(".tl-solid").bounding_box()
    hit = bar.locator(".tl-hit").bounding_box()
    assert box is not None
    assert hit is not None
    x = {"middle": box["x"] + box["width"] / 2, "end": hit["x"] + hit["width"] - 4}[part]
    y = box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by, y, steps=3)
    expect(page.locator(".tl-say")).to_be_visible()
    page.mouse.up()
    return ref


def test_a_bar_moved_by_its_middle_changes_both_days(served: Served, open_page: OpenPage) -> None:
    page = open_page(PROJECTS)
    ref = _drag(page, "middle", 60)
    expect(page.locator("#toasts")).to_contain_text("Undo")
    last = served.workspace.graph().history(ref)[-1].change
    assert set(getattr(last, "fields", {})) == {"begins", "ends"}


def test_a_bar_moved_by_its_end_changes_that_day_alone(served: Served, open_page: OpenPage) -> None:
    page = open_page(PROJECTS)
    ref = _drag(page, "end", 50)
    expect(page.locator("#toasts")).to_contain_text("Undo")
    last = served.workspace.graph().history(ref)[-1].change
    assert set(getattr(last, "fields", {})) == {"ends"}


def test_arrows_move_a_bar_once_for_several_presses(served: Served, open_page: OpenPage) -> None:
    page = open_page(PROJECTS)
    head = served.workspace.store.head("main").number
    page.locator(".tl-bar[data-moves]").first.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(page.locator("#toasts")).to_contain_text("Undo")
    assert served.workspace.store.head("main").number == head + 1


def test_plus_comes_nearer_and_the_address_says_so(open_page: OpenPage) -> None:
    page = open_page(PROJECTS)
    page.locator(".timeline-scroll").focus()
    page.keyboard.press("+")
    expect(page.locator("time-line")).to_have_attribute("data-zoom", "quarter")
    assert "zoom=quarter" in page.url


def test_the_first_column_stays_where_it_is(open_page: OpenPage) -> None:
    page = open_page(PROJECTS.replace("zoom=year", "zoom=week"))
    name = page.locator(".timeline-names li").first
    before = name.bounding_box()
    page.locator(".timeline-scroll").evaluate("el => { el.scrollLeft = 0; el.scrollLeft = 400 }")
    assert name.bounding_box() == before


def test_without_scripts_bars_and_zoom_can_be_read(open_page: OpenPage) -> None:
    page = open_page(PROJECTS, scripts=False)
    assert page.locator(".tl-bar").count() > 3
    page.get_by_role("link", name="month", exact=True).click()
    expect(page.locator("time-line")).to_have_attribute("data-zoom", "month")


def test_axe_finds_nothing_on_a_timeline(open_page: OpenPage, axe: Axe) -> None:
    axe(open_page(PROJECTS))
    axe(open_page(PROJECTS, dark=True, width=390, height=844))


def test_two_fingers_stretch_a_timeline_to_the_nearest_scale(open_page: OpenPage) -> None:
    page = open_page(PROJECTS, width=390, height=844)
    line = page.locator("time-line")
    expect(line).to_have_attribute("data-zoom", "year")
    box = page.locator(".timeline-scroll").bounding_box()
    assert box is not None
    pinch(page, box["x"] + 240, box["y"] + 160, 50, 160)
    expect(line).to_have_attribute("data-zoom", "quarter")
    assert page.locator(".timeline-body").evaluate("each => each.style.transform") == ""
    pinch(page, box["x"] + 240, box["y"] + 160, 160, 50)
    expect(line).to_have_attribute("data-zoom", "year")


def test_a_bar_keeps_the_focus_while_the_scale_changes(open_page: OpenPage) -> None:
    page = open_page(PROJECTS)
    bar = page.locator(".tl-bar").nth(3)
    ref = bar.get_attribute("data-bar")
    bar.focus()
    page.keyboard.press("+")
    expect(page.locator("time-line")).to_have_attribute("data-zoom", "quarter")
    assert page.evaluate("document.activeElement.dataset.bar") == ref


def test_of_many_bars_those_that_are_seen_change_first_and_all_in_the_end(
    open_page: OpenPage,
) -> None:
    page = open_page("/views/timeline?query=any&rows=600&zoom=year")
    every = "[...document.querySelectorAll('.tl-bar')].map(each => each.dataset.bar).join()"
    page.locator("time-line[data-live]").wait_for()
    told = page.locator(".as-table tbody tr").count()
    before = page.evaluate(every)
    scroll = page.locator(".timeline-scroll")
    scroll.evaluate("each => { each.scrollTop = 6000; }")
    page.evaluate(
        """() => { const line = document.querySelector("time-line");
          window.first = new Promise(done => new MutationObserver((_, seen) => {
            seen.disconnect();
            const [y, high] = [line.querySelector(".timeline-scroll").scrollTop, 600];
            const bars = [...document.querySelectorAll(".tl-bar")].map(each => Number(each.dataset.y));
            done([bars.length, bars.some(each => each > y && each < y + high)]);
          }).observe(line.querySelector(".timeline-grid"), { childList: true, subtree: true })); }"""
    )
    scroll.focus()
    page.keyboard.press("+")
    drawn, has_seen = page.evaluate("window.first")
    assert 0 < drawn < 300
    assert has_seen
    expect(page.locator(".tl-bar")).to_have_count(600)
    assert page.evaluate(every) == before
    assert page.locator('.tl-bar[tabindex="0"][aria-label]').count() == 600
    assert page.locator(".as-table tbody tr").count() == told


def test_on_a_phone_a_timeline_opens_where_bars_are_seen(open_page: OpenPage) -> None:
    page = open_page("/views/timeline", width=390, height=844)
    page.locator("time-line[data-live]").wait_for()
    seen = page.evaluate(
        """() => {
          const box = document.querySelector(".timeline-scroll").getBoundingClientRect();
          const names = document.querySelector(".timeline-names").getBoundingClientRect();
          const bars = [...document.querySelectorAll(".tl-bar")].map((each) =>
            [...each.querySelectorAll(".tl-solid, .tl-soft-in, .tl-soft-out")].map((part) => part.getBoundingClientRect()));
          const first = bars.filter((parts) => parts.length && parts[0].bottom < box.bottom);
          const shown = first.filter((parts) => parts.some((part) => part.right > names.right + 8 && part.left < box.right - 8));
          return [shown.length, first.length];
        }"""
    )
    assert seen[1] > 0
    assert seen[0] * 2 >= seen[1], seen
