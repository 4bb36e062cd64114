"""The page on which things are created, in a browser."""

from __future__ import annotations

from playwright.sync_api import Page, expect
from tests.surfaces.browser.driving import Axe, OpenPage, Served


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


def paste(page: Page, text: str) -> None:
    """What a browser tells where somebody pastes a text."""
    page.evaluate(
        """text => {
          const clipboardData = new DataTransfer();
          clipboardData.setData("text/plain", text);
          const init = { clipboardData, bubbles: true, cancelable: true };
          document.activeElement.dispatchEvent(new ClipboardEvent("paste", init));
        }""",
        text,
    )


def test_a_list_or_an_address_pasted_on_a_page_becomes_things(
    served: Served, open_page: OpenPage
) -> None:
    page = open_page("/kinds/goal")
    paste(page, "- [ ] Dry feet in winter\n- [x] A bell on each pier\n")
    page.get_by_role("button", name="Create 2 things").click()
    expect(page.locator(".toast")).to_contain_text("Created 2 things")
    assert served.workspace.graph().node("goal/dry-feet-in-winter").title == "Dry feet in winter"

    page.goto("/kinds/artifact")
    paste(page, "one line alone is nothing to begin with")
    expect(page.locator("dialog")).to_have_count(0)
    paste(page, "https://plans.example/notes/Quiet-nights.html")
    page.locator("dialog.create select").select_option("artifact")
    page.get_by_role("button", name="Create", exact=True).click()
    expect(page.locator(".toast").last).to_contain_text("Created “Quiet nights”")
    made = served.workspace.graph().node("artifact/quiet-nights")
    assert "https://plans.example/notes/Quiet-nights.html" in made.fields.values()

    expect(page.locator("dialog")).to_have_count(0)
    paste(page, f"{served.url}/thing/goal/a-bell-on-each-pier")
    expect(page.locator(".peek h1")).to_have_text("A bell on each pier")


def test_what_bears_the_title_already_is_told_before_another_is_made(
    served: Served, open_page: OpenPage, axe: Axe
) -> None:
    page = open_page("/kinds/bet")
    head = served.workspace.store.head().number
    page.keyboard.press("c")
    page.locator("#create-title").fill("price fixed before we see it")
    page.keyboard.press("Enter")
    told = page.locator("dialog [role=status]")
    expect(told.get_by_role("link", name="Fixed price before we see it")).to_be_visible()
    axe(page)
    assert served.workspace.store.head().number == head
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text("Created “price fixed")
    assert served.workspace.graph().find("bet/price-fixed-before-we-see-it") is not None
