"""A thing's page in a browser: edited, linked and talked about where it is read."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from tests.surfaces.browser.driving import Axe, OpenPage, Served

BET = "bet/fixed-price"
PAGE = f"/thing/{BET}"


def field(served: Served, name: str, ref: str = BET) -> object:
    """What a field holds now."""
    return served.workspace.graph().node(ref).fields.get(name)


def edit(page: Page, name: str, text: str) -> None:
    """Open a property, write over it, and press Enter."""
    row = page.locator(f'.prop[data-prop="{name}"]')
    row.locator("summary").first.click()
    row.locator("input[name=value]").fill(text)
    page.keyboard.press("Enter")


def test_a_value_is_edited_in_place_and_undone_by_a_key(
    served: Served, open_page: OpenPage
) -> None:
    page = open_page(PAGE)
    edit(page, "confidence", "30–50%")
    expect(page.locator('.prop[data-prop="confidence"] .shown')).to_have_text("30–50%")
    assert field(served, "confidence") == "30–50%"
    page.locator("h1").hover()
    page.keyboard.press("u")
    expect(page.locator('.prop[data-prop="confidence"] .shown')).to_have_text("60–80%")
    assert field(served, "confidence") == "60–80%"


def test_what_does_not_fit_is_told_beside_the_field_and_stays_written(
    served: Served, open_page: OpenPage, axe: Axe
) -> None:
    page = open_page(PAGE, troubles=False)
    edit(page, "confidence", "very")
    row = page.locator('.prop[data-prop="confidence"]')
    expect(row.locator(".said")).to_contain_text("does not fit")
    expect(row.locator("input[name=value]")).to_have_value("very")
    axe(page)
    page.keyboard.press("Escape")
    expect(row.locator(".shown")).to_have_text("60–80%")
    assert field(served, "confidence") == "60–80%"


def test_a_stage_is_one_press_away(served: Served, open_page: OpenPage) -> None:
    page = open_page(PAGE)
    page.locator(".stages button", has_text="running").click()
    expect(page.locator(".stages [aria-current]")).to_contain_text("running")
    assert served.workspace.graph().node(BET).stage == "running"


def test_a_link_and_its_missing_target_are_one_gesture_and_one_batch(
    served: Served, open_page: OpenPage
) -> None:
    page = open_page(PAGE)
    page.get_by_role("button", name="Add to serves").click()
    page.locator(".linker input").fill("Nobody waits for a price")
    page.get_by_role("option", name="begin a goal").click()
    edges = page.locator('.phrase[data-phrase="serves"] .edge')
    expect(edges.get_by_role("link", name="Nobody waits for a price")).to_be_visible()
    graph = served.workspace.graph()
    links = graph.node(BET).links["serves"]
    made = next(each for each in links if graph.node(each).title == "Nobody waits for a price")
    assert len({each.batch for each in graph.history(made)}) == 1


def test_a_link_is_cut_and_brought_back(served: Served, open_page: OpenPage) -> None:
    page = open_page(PAGE)
    page.locator('.phrase[data-phrase="serves"] .edge-edit > summary').first.click()
    page.get_by_role("button", name="Unlink").click()
    expect(page.locator('.phrase[data-phrase="serves"]')).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator('.phrase[data-phrase="serves"]')).to_have_count(1)


def test_an_at_sign_offers_people_and_what_is_said_appears(
    served: Served, open_page: OpenPage
) -> None:
    page = open_page(PAGE, who="Maud%20Fenwright")
    page.locator("#say").fill("Is it settled, @bram")
    page.locator("#say").press("End")
    page.keyboard.type("-o")
    page.get_by_role("option", name="Bram Oakhollow").click()
    page.get_by_role("button", name="Say it").click()
    expect(page.locator(".comment")).to_contain_text("Is it settled, @bram-oakhollow")
    expect(page.locator(".comment .who")).to_have_text("Maud Fenwright")


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("path", [PAGE, "/create?kind=bet", "/inbox?who=Maud+Fenwright"])
def test_axe_finds_nothing(open_page: OpenPage, axe: Axe, path: str, dark: bool) -> None:
    axe(open_page(path, dark=dark))


def test_an_open_form_has_no_violation_either(open_page: OpenPage, axe: Axe) -> None:
    page = open_page(PAGE)
    page.locator('.prop[data-prop="value"] summary').first.click()
    axe(page)


def test_nothing_is_wider_than_a_telephone(open_page: OpenPage) -> None:
    page = open_page(PAGE, width=390, height=844)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_without_scripts_a_value_is_edited_by_its_form(served: Served, open_page: OpenPage) -> None:
    page = open_page(PAGE, scripts=False)
    row = page.locator('.prop[data-prop="confidence"]')
    row.locator("summary").first.click()
    row.locator("input[name=value]").fill("20%")
    row.get_by_role("button", name="Save").click()
    expect(page.locator(".did")).to_contain_text("Undo")
    assert field(served, "confidence") == "20%"
