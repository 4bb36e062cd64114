"""Asking: what may follow, what is not understood, conditions, kept views."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from tests.surfaces.browser.driving import Axe, OpenPage

ACTIVE = "/ask?q=bet where stage is active and confidence < 60% show stage, confidence"


def test_slash_goes_to_the_question_and_words_complete_it(open_page: OpenPage) -> None:
    page = open_page("/ask")
    page.keyboard.press("/")
    page.keyboard.type("bet where sta")
    option = page.get_by_role("option", name="stage")
    expect(option.first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#lens-q")).to_have_value("bet where stage ")


def test_enter_asks_and_the_address_holds_the_question(open_page: OpenPage) -> None:
    page = open_page("/ask")
    page.locator("#lens-q").fill("bet where serves nothing")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/ask\?q=bet"))
    expect(page.locator(".lens-count")).to_contain_text("row")


def test_what_is_not_understood_is_underlined_while_typing(open_page: OpenPage) -> None:
    page = open_page("/ask")
    page.locator("#lens-q").click()
    page.keyboard.type("bet where confidense < 3 and serves nothing")
    expect(page.locator(".asker-under mark")).to_have_text("confidense")
    expect(page.locator(".asker-says")).to_contain_text("did you mean 'confidence'")


def test_a_condition_is_changed_where_it_stands(open_page: OpenPage) -> None:
    page = open_page(ACTIVE)
    page.get_by_role("button", name="stage is active").click()
    page.keyboard.press("End")
    page.keyboard.type(" or stage is dropped")
    page.keyboard.press("Enter")
    expect(page.locator(".asker-chips")).to_contain_text("stage is active or stage is dropped")


def test_a_condition_is_taken_away_without_scripts(open_page: OpenPage) -> None:
    page = open_page(ACTIVE, scripts=False)
    page.get_by_role("link", name="Take away: confidence < 60%").click()
    expect(page.locator("#lens-q")).to_have_value(
        "bet where stage is active show stage, confidence"
    )


def test_another_lens_keeps_the_question(open_page: OpenPage) -> None:
    page = open_page("/ask?q=bet where stage is active", scripts=False)
    page.get_by_role("navigation", name="Seen as").get_by_role("link", name="Timeline").click()
    expect(page.locator("#lens-q")).to_have_value("bet where stage is active")
    assert "/views/timeline" in page.url


@pytest.mark.usefixtures("served")
def test_a_view_is_kept_only_with_what_it_leaves_out(open_page: OpenPage) -> None:
    page = open_page("/ask?q=bet where serves nothing", scripts=False, troubles=False)
    page.get_by_role("link", name="Keep this view").click()
    page.get_by_role("textbox", name="Name", exact=True).fill("loose bets")
    page.get_by_label("For whom").fill("the weekly review")
    page.locator("[required]").evaluate_all("all => all.forEach(e => e.required = false)")
    page.get_by_role("button", name="Keep it").click()
    expect(page.locator(".field-wrong")).to_contain_text("does not say what it leaves out")
    expect(page.get_by_label("For whom")).to_have_value("the weekly review")
    page.get_by_label("What it leaves out").fill("bets that serve something by mistake")
    page.get_by_role("button", name="Keep it").click()
    expect(page.locator(".kept-head")).to_contain_text("bets that serve something by mistake")
    page.goto("/views")
    expect(page.locator(".kept-list")).to_contain_text("Loose bets")


@pytest.mark.parametrize("path", ["/ask", ACTIVE, "/views", "/views/save?lens=ask&query=bet"])
@pytest.mark.parametrize("dark", [False, True])
def test_asking_reads_well_to_everybody(
    open_page: OpenPage, axe: Axe, path: str, dark: bool
) -> None:
    axe(open_page(path, dark=dark))
