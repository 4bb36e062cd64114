"""The board in a browser: carried by pointer and by keys, refused, undone, without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.surfaces.browser.driving import Axe, OpenPage, Served

BOARD = "/views/board?query=bet"
SHAPING, RUNNING, SETTLED = 0, 1, 2


def pile(page: Page, number: int) -> Locator:
    return page.locator(f'.board-pile[data-pile="{number}"]')


def card(page: Page, title: str) -> Locator:
    return page.locator(".board-card", has=page.get_by_role("link", name=title, exact=True))


def count(page: Page, number: int) -> Locator:
    return page.locator(f'.board-head[data-pile="{number}"] [data-count]')


def stage_of(company: Served, ref: str) -> str:
    return str(company.workspace.graph().node(ref).stage)


def carry(page: Page, what: Locator, to: Locator) -> None:
    """Drag with the mouse, as a hand does: down, several moves, up."""
    what.scroll_into_view_if_needed()
    start, end = what.bounding_box(), to.bounding_box()
    assert start is not None
    assert end is not None
    page.mouse.move(start["x"] + 20, start["y"] + 10)
    page.mouse.down()
    page.mouse.move(start["x"] + 40, start["y"] + 20, steps=3)
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + 30, steps=6)
    page.wait_for_timeout(60)
    page.mouse.up()


def test_a_card_that_is_dropped_on_another_pile_changes_its_stage_and_can_be_undone(
    served: Served, open_page: OpenPage
) -> None:
    page = open_page(BOARD)
    expect(page.locator("lattice-board[data-ready]")).to_be_visible()
    carry(page, card(page, "Kiosks take it in."), pile(page, RUNNING))
    expect(pile(page, RUNNING).locator(card(page, "Kiosks take it in."))).to_be_visible()
    expect(count(page, RUNNING)).to_have_text("41")
    undo = page.get_by_role("button", name="Undo")
    expect(undo).to_be_visible()
    undo.click()
    expect(pile(page, SHAPING).locator(card(page, "Kiosks take it in."))).to_be_visible()
    expect(count(page, RUNNING)).to_have_text("40")


def test_keys_walk_from_card_to_card_and_shift_moves_one(
    served: Served, open_page: OpenPage
) -> None:
    page = open_page(BOARD)
    first = pile(page, SHAPING).locator(".board-card").first
    ref = str(first.get_attribute("data-ref"))
    first.focus()
    page.keyboard.press("ArrowDown")
    expect(pile(page, SHAPING).locator(".board-card").nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("[data-said]")).to_contain_text("stage is running")
    moved = pile(page, RUNNING).locator(f'[data-ref="{ref}"].board-card')
    expect(moved).to_be_visible()
    expect(moved).to_be_focused()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    assert stage_of(served, ref) == "running"


def test_a_move_that_is_refused_flies_back_and_says_why(
    served: Served, open_page: OpenPage
) -> None:
    page = open_page(BOARD, troubles=False)
    refusal = '{"title":"Refused","status":400,"findings":[{"code":"X","severity":"error","says":"not now"}]}'
    page.route(
        "**/api/changes",
        lambda route: route.fulfill(
            status=400, content_type="application/problem+json", body=refusal
        ),
    )
    carry(page, card(page, "Kiosks take it in."), pile(page, RUNNING))
    expect(page.get_by_text("not now")).to_be_visible()
    expect(pile(page, SHAPING).locator(card(page, "Kiosks take it in."))).to_be_visible()
    expect(count(page, RUNNING)).to_have_text("40")


def test_without_scripts_a_card_has_a_form_that_moves_it(
    served: Served, open_page: OpenPage
) -> None:
    page = open_page(BOARD, scripts=False)
    # Where buttons name their form from afar, a browser takes minutes over 5,000 cards.
    expect(page.locator(".board-card [form]")).to_have_count(0)
    page.locator(".board-menu summary").first.click()
    page.locator(".board-menu[open] button", has_text="running").click()
    assert page.url.endswith(BOARD)
    expect(count(page, RUNNING)).to_have_text("41")


def test_where_nothing_answers_every_lens_says_so_without_a_terminals_commands(
    open_page: OpenPage,
) -> None:
    page = open_page("/", scripts=False)
    for lens in ("board", "matrix", "timeline", "tree"):
        page.goto(f"/views/{lens}?query=bet where title is nobody")
        expect(page.locator("main .empty")).to_contain_text("Nothing answers")
        expect(page.locator("main .empty")).not_to_contain_text("latticework")


def test_a_card_goes_from_lane_to_lane_too(served: Served, open_page: OpenPage) -> None:
    page = open_page(f"{BOARD}&lanes=health")
    one = page.locator('.board-pile[data-lane="0"] .board-card').first
    ref = str(one.get_attribute("data-ref"))
    one.focus()
    page.keyboard.press("Shift+ArrowDown")
    expect(
        page.locator(f'.board-pile[data-lane="1"] .board-card[data-ref="{ref}"]')
    ).to_be_visible()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    assert served.workspace.graph().node(ref).fields["health"] == "shaky"


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(
    "path", [BOARD, f"{BOARD}&lanes=health&limit=running:5", "/", "/views/spread?query=driver"]
)
def test_boards_the_canvas_and_spreads_are_accessible(
    open_page: OpenPage, axe: Axe, path: str, width: int, dark: bool
) -> None:
    axe(open_page(path, width=width, dark=dark))


class Finger:
    """A finger, as the browser's own input has it."""

    def __init__(self, page: Page) -> None:
        self._session = page.context.new_cdp_session(page)

    def __call__(self, kind: str, x: float = 0, y: float = 0) -> None:
        points = [] if kind == "touchEnd" else [{"x": x, "y": y}]
        self._session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def test_a_finger_that_rests_on_a_card_carries_it(served: Served, open_page: OpenPage) -> None:
    page = open_page(BOARD, width=390, height=844)
    expect(page.locator("lattice-board[data-ready]")).to_be_visible()
    moved = card(page, "Kiosks take it in.")
    moved.scroll_into_view_if_needed()
    box = moved.bounding_box()
    assert box is not None
    x, y = box["x"] + 30, box["y"] + 12
    touch = Finger(page)
    touch("touchStart", x, y)
    page.wait_for_selector(".board-card.is-carried")
    # At its edge the board moves on, until the next pile lies under the finger.
    for step in range(40):
        touch("touchMove", 385 - step % 2, y)
        page.wait_for_timeout(30)
        if page.locator('.board-pile[data-pile="1"].is-target').count():
            break
    # Away from the edge it stands still, wherever it has come to.
    touch("touchMove", 200, y)
    page.wait_for_timeout(200)
    number = int(page.locator(".board-pile.is-target").get_attribute("data-pile") or 0)
    assert number != SHAPING
    touch("touchEnd")
    expect(pile(page, number).locator(moved)).to_be_attached()
    expect(page.locator(".toast")).to_be_visible()


def test_a_finger_that_moves_on_scrolls_and_carries_nothing(open_page: OpenPage) -> None:
    page = open_page(BOARD, width=390, height=844)
    expect(page.locator("lattice-board[data-ready]")).to_be_visible()
    first = page.locator(".board-card").first
    first.scroll_into_view_if_needed()
    box = first.bounding_box()
    assert box is not None
    x, y = box["x"] + 30, box["y"] + 12
    touch = Finger(page)
    touch("touchStart", x, y)
    for step in range(1, 6):
        touch("touchMove", x, y - step * 12)
    page.wait_for_timeout(500)
    expect(page.locator(".is-carried")).to_have_count(0)
    touch("touchEnd")
