"""The shell round every page, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from tests.surfaces.browser.driving import Axe, OpenPage, Served

from latticework.base.refs import Ref
from latticework.journal.changes import Put

CONTROL_K = "Control+k"


def _titles(page: Page) -> list[str]:
    return page.locator(".palette-list [role=option] .suggest-text").all_inner_texts()


def test_palette_finds_a_thing_by_a_few_letters_and_opens_it(open_page: OpenPage) -> None:
    page = open_page("/")
    page.keyboard.press(CONTROL_K)
    page.keyboard.type("lockers at ni")
    expect(page.locator("[aria-selected=true]")).to_contain_text("Lockers at night stations")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/thing/bet/night-lockers$"))


def test_palette_goes_to_places_views_and_moments_without_a_mouse(open_page: OpenPage) -> None:
    page = open_page("/kinds/bet")
    page.keyboard.press(CONTROL_K)
    page.keyboard.type("last quarter")
    expect(page.locator("[aria-selected=true]")).to_contain_text("Last quarter’s end")
    page.keyboard.press("Enter")
    expect(page.locator("div.past")).to_contain_text("as it stood at the end of")
    assert "/kinds/bet?at=" in page.url
    page.keyboard.press(CONTROL_K)
    page.keyboard.type("feed")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/feed[?]at="))


def test_palette_remembers_what_was_looked_at(open_page: OpenPage) -> None:
    page = open_page("/thing/bet/night-lockers")
    page.goto("/")
    page.keyboard.press(CONTROL_K)
    assert _titles(page)[0] == "Lockers at night stations"
    page.keyboard.press("Escape")
    expect(page.locator(".palette")).to_have_count(0)


def test_palette_asks_what_it_does_not_find(open_page: OpenPage) -> None:
    page = open_page("/")
    page.keyboard.press(CONTROL_K)
    page.keyboard.type("bet where confidence < 20%")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/ask\?q=bet"))


def test_keys_lead_to_places_and_a_chord_says_how_it_goes_on(open_page: OpenPage) -> None:
    page = open_page("/")
    page.keyboard.press("g")
    expect(page.locator(".chord")).to_contain_text("Feed")
    page.keyboard.press("f")
    expect(page).to_have_url(re.compile("/feed$"))
    page.go_back()
    expect(page.locator("h1")).to_have_text("Wrenfold")


def test_keys_are_letters_while_writing(open_page: OpenPage) -> None:
    page = open_page("/")
    page.keyboard.press("/")
    page.keyboard.type("goal ufc?")
    expect(page.locator("#q-top")).to_have_value("goal ufc?")
    expect(page.locator("dialog")).to_have_count(0)


def test_overlay_of_keys_and_palette_please_axe(open_page: OpenPage, axe: Axe) -> None:
    page = open_page("/kinds/bet")
    page.keyboard.press("?")
    expect(page.locator(".legend")).to_contain_text("Create a thing")
    axe(page)
    page.keyboard.press("Escape")
    page.keyboard.press(CONTROL_K)
    page.keyboard.type("night")
    expect(page.locator(".palette-list")).to_contain_text("Night watch")
    axe(page)


def test_a_thing_is_created_undone_and_done_again(served: Served, open_page: OpenPage) -> None:
    page = open_page("/kinds/bet")
    head = served.workspace.store.head().number
    page.keyboard.press("c")
    page.keyboard.type("A lantern on every pier")
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text("Created “A lantern on every pier”")
    assert served.workspace.store.head().number > head
    ref = "bet/a-lantern-on-every-pier"
    assert served.workspace.graph().find(ref) is not None
    page.locator(".toast").get_by_text("Undo").click()
    expect(page.locator(".toast").last).to_contain_text("Undone")
    expect(page.locator(".side")).to_contain_text("bets 87")
    page.keyboard.press("U")
    expect(page.locator(".toast").last).to_contain_text("Done again")
    expect(page.locator(".side")).to_contain_text("bets 88")


def test_a_list_becomes_one_thing_for_each_line(served: Served, open_page: OpenPage) -> None:
    page = open_page("/")
    page.keyboard.press(CONTROL_K)
    page.keyboard.type("create goal")
    page.keyboard.press("Enter")
    page.locator("#create-title").fill("- Quiet streets\n- Quiet streets\n2. Dry feet")
    page.get_by_role("button", name="Create 3 things").click()
    expect(page.locator(".toast")).to_contain_text("Created 3 things")
    graph = served.workspace.graph()
    refs = ("goal/quiet-streets", "goal/quiet-streets-2", "goal/dry-feet")
    assert all(graph.find(ref) is not None for ref in refs)


def test_peek_opens_steps_and_closes_by_keys(open_page: OpenPage) -> None:
    page = open_page("/kinds/bet")
    page.keyboard.press("j")
    page.keyboard.press("Space")
    peek = page.locator(".peek")
    expect(peek.locator("h1")).to_have_text("Fixed price before we see it")
    page.keyboard.press("ArrowDown")
    expect(peek.locator("h1")).to_have_text("Lockers at night stations")
    page.keyboard.press("Escape")
    expect(peek).to_have_count(0)
    page.locator("main a[data-ref]").nth(3).click(modifiers=["Alt"])
    expect(peek).to_be_visible()
    assert "/kinds/bet" in page.url


def test_what_others_record_appears_by_itself(served: Served, open_page: OpenPage) -> None:
    page = open_page("/kinds/bet")
    expect(page.locator(".side")).to_contain_text("bets 87")
    page.wait_for_timeout(300)
    changes = [Put(Ref("bet/tide-clock"), {"title": "Tide clock"})]
    served.workspace.append(changes, by="Ana")
    expect(page.locator(".toast")).to_have_text(re.compile("Ana changed bet/tide-clock"))
    expect(page.locator(".side")).to_contain_text("bets 88")


def test_news_waits_while_somebody_writes(served: Served, open_page: OpenPage) -> None:
    page = open_page("/kinds/bet")
    page.wait_for_timeout(300)
    page.locator("#q-top").fill("goal whe")
    served.workspace.append([Put(Ref("bet/tide-clock"), {"title": "Tide clock"})], by="Ana")
    page.wait_for_timeout(1200)
    expect(page.locator(".side")).to_contain_text("bets 87")
    page.locator("#q-top").blur()
    expect(page.locator(".side")).to_contain_text("bets 88")
    expect(page.locator("#q-top")).to_have_value("goal whe")


def _drag(page: Page, start: float, end: float) -> None:
    box = page.locator("time-bar").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * start, box["y"] + 12)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * end, box["y"] + 12, steps=4)


def test_time_is_dragged_with_a_preview_of_the_day(open_page: OpenPage) -> None:
    page = open_page("/kinds/bet")
    expect(page.locator(".chips")).to_contain_text("running40")
    _drag(page, 0.98, 0.5)
    expect(page.locator(".time-bubble")).to_contain_text("2025")
    expect(page.locator(".chips")).not_to_contain_text("running40")
    page.mouse.up()
    expect(page).to_have_url(re.compile("at=2025-"))
    expect(page.locator("div.past")).to_be_visible()


def test_escape_while_dragging_time_brings_the_page_back(open_page: OpenPage) -> None:
    page = open_page("/kinds/bet")
    _drag(page, 0.98, 0.5)
    expect(page.locator(".chips")).not_to_contain_text("running40")
    page.keyboard.press("Escape")
    expect(page.locator(".chips")).to_contain_text("running40")
    page.mouse.up()
    assert "at=" not in page.url


def test_dragging_with_shift_compares_two_days(open_page: OpenPage) -> None:
    page = open_page("/kinds/bet")
    page.keyboard.down("Shift")
    _drag(page, 0.5, 0.9)
    page.mouse.up()
    page.keyboard.up("Shift")
    expect(page).to_have_url(re.compile(r"/diff\?from=2025-\d\d-\d\d&to=2026-\d\d-\d\d"))


def test_the_day_moves_by_arrows_too(open_page: OpenPage) -> None:
    page = open_page("/kinds/bet?at=2026-03-10")
    page.locator("time-bar .time-handle[role=slider]").focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("at=2026-03-02"))


def test_moments_and_branches_are_menus(open_page: OpenPage, axe: Axe) -> None:
    page = open_page("/kinds/bet")
    page.locator(".when .moment").click()
    expect(page.locator("#moments")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="A week ago", exact=False).first.click()
    expect(page.locator("div.past")).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press(",")
    expect(page.locator("#branches")).to_be_visible()


def test_families_stay_shut_and_a_name_is_kept(open_page: OpenPage) -> None:
    page = open_page("/")
    with page.expect_response("**/look"):
        page.locator(".fold[data-family=context] summary").click()
    page.locator("#who-name").fill("Ana Reis")
    page.locator("#who").get_by_role("button").click()
    expect(page.locator(".signed")).to_contain_text("Ana Reis")
    expect(page.locator(".fold[data-family=context]")).not_to_have_attribute("open", "")
    expect(page.locator(".fold[data-family=intent]")).to_have_attribute("open", "")


def test_on_a_phone_the_places_lie_at_the_thumb(open_page: OpenPage) -> None:
    page = open_page("/", width=390, height=844)
    page.locator(".tabs").get_by_text("Menu").click()
    page.locator(".side").get_by_text("bets").click()
    expect(page.locator("h1")).to_have_text("Bets")


@pytest.mark.parametrize(
    "path", ["/", "/ask?q=bet", "/kinds/bet", "/feed", "/diff?from=2026-09-01"]
)
def test_pages_read_without_scripts(path: str, open_page: OpenPage) -> None:
    page = open_page(path, scripts=False)
    expect(page.locator("h1")).to_be_visible()
    assert len(page.locator("main").inner_text()) > 400


def test_forms_work_without_scripts(open_page: OpenPage) -> None:
    page = open_page("/kinds/bet", scripts=False)
    page.locator("#q-top").fill("goal")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/ask\?q=goal"))
    page.locator(".when .moment").click()
    page.locator("#at").fill("2026-03-01")
    page.locator("#moments").get_by_role("button", name="Go").click()
    expect(page.locator("div.past")).to_contain_text("1 March 2026")
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("div.past")).to_contain_text("1 March 2026")


def test_a_branch_is_started_and_left(served: Served, open_page: OpenPage) -> None:
    page = open_page("/kinds/bet", scripts=False)
    page.locator(".when .branch").click()
    page.locator("#top-branch-name").fill("wider-net")
    page.locator("#top-branch-why").fill("twice the kiosks")
    page.locator("#branches").get_by_role("button", name="Start").click()
    assert [each.name for each in served.workspace.store.branches()] == ["wider-net"]
    page.goto("/kinds/bet?branch=wider-net")
    expect(page.locator(".when .apart")).to_contain_text("wider-net")
    page.get_by_role("link", name="Back to main").click()
    assert "branch" not in page.url
