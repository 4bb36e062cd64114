"""Whole stories in a browser: what people come for, from the first page to the last."""

from __future__ import annotations

import re
from urllib.parse import quote

from playwright.sync_api import Page, expect
from tests.surfaces.browser.driving import Axe, OpenPage, Served

from latticework.base.refs import Ref
from latticework.journal.changes import Put

BET = "bet/fixed-price"
PAGE = f"/thing/{BET}"
PROJECTS = "/views/timeline?zoom=year&query=" + quote("project where stage is active")


def field(served: Served, name: str, branch: str = "main") -> object:
    """What a field of the bet holds now."""
    return served.workspace.graph(branch=branch).node(BET).fields.get(name)


def write(page: Page, name: str, text: str) -> None:
    """Open a property of a thing and write over it."""
    row = page.locator(f'.prop[data-prop="{name}"]')
    row.locator("summary").first.click()
    row.locator("input[name=value]").fill(text)


def shown(page: Page, name: str) -> str:
    """What a thing's page shows of a property."""
    return page.locator(f'.prop[data-prop="{name}"] .shown').inner_text()


def test_a_thing_is_created_linked_edited_and_all_of_it_undone(
    served: Served, open_page: OpenPage
) -> None:
    page = open_page("/")
    before = served.workspace.store.head().number
    page.keyboard.press("Control+K")
    page.keyboard.type("create bet")
    page.keyboard.press("Enter")
    page.locator("#create-title").fill("A bell on every van")
    page.keyboard.press("Enter")
    page.locator(".toast").get_by_role("button", name="Open").click()
    expect(page.locator("h1")).to_have_text("A bell on every van")

    page.get_by_role("button", name="serves", exact=True).click()
    page.locator(".linker input").fill("Quotes within an hour")
    page.locator("[role=option]").first.click()
    expect(page.locator('.phrase[data-phrase="serves"] .edge')).to_have_count(1)

    write(page, "confidence", "40–60%")
    page.keyboard.press("Enter")
    expect(page.locator('.prop[data-prop="confidence"] .shown')).to_have_text("40–60%")

    page.locator("h1").hover()
    page.keyboard.press("u")
    page.keyboard.press("u")
    expect(page.locator('.phrase[data-phrase="serves"] .edge')).to_have_count(0)
    expect(page.locator('.prop[data-prop="confidence"] .shown')).not_to_have_text("40–60%")
    assert served.workspace.store.head().number > before, "undoing is recorded too"


def test_the_company_is_read_as_it_was_and_left_for_today(open_page: OpenPage) -> None:
    page = open_page("/")
    now = page.locator("main .lead").inner_text()
    page.locator(".when .moment").click()
    page.locator("#at").fill("2025-03-01")
    page.locator("#moments").get_by_role("button", name="Go").click()
    expect(page.locator("div.past")).to_contain_text("1 March 2025")
    assert page.locator("main .lead").inner_text() != now
    page.locator("main").get_by_role("link", name="initiatives").first.click()
    expect(page.locator("div.past")).to_contain_text("1 March 2025")
    expect(page.locator("main [data-ref]").first).to_be_visible()
    page.get_by_role("link", name="Back to now").click()
    expect(page.locator("div.past")).to_have_count(0)


def test_two_days_are_compared_in_sentences_and_on_the_page_itself(open_page: OpenPage) -> None:
    page = open_page("/kinds/bet?at=2026-06-01")
    page.get_by_role("link", name="What has changed since").click()
    expect(page).to_have_url(re.compile("/diff|against="))
    page.goto("/ask?q=" + quote("bet where stage is active") + "&against=2026-06-01")
    told = page.locator(".against")
    expect(told).to_contain_text("what has changed since 2026-06-01")
    told.get_by_text("no longer here").click()
    expect(told.locator("li a").first).to_be_visible()
    expect(page.locator("main tr[data-changed], main a[data-changed]").first).to_be_visible()
    told.get_by_role("link", name="All of it, told").click()
    expect(page.locator("main .prose p").first).to_be_visible()


def test_bars_and_dots_are_marked_where_they_have_changed(open_page: OpenPage, axe: Axe) -> None:
    page = open_page(f"{PROJECTS}&against=2026-06-01")
    bar = page.locator('.tl-bar[data-changed="new"]').first
    fill = bar.locator(".tl-hit").evaluate("each => getComputedStyle(each).fill")
    plain = page.locator(".tl-bar:not([data-changed]) .tl-hit").first
    assert fill != plain.evaluate("each => getComputedStyle(each).fill")

    path = "/views/map?focus=bet/kiosks&against=2026-01-01"
    plain_map = open_page(path, scripts=False)
    marked = plain_map.locator(".map-dot[data-changed] path").first
    assert marked.evaluate("each => getComputedStyle(each).strokeWidth") == "3px"

    page = open_page(path)
    page.locator(".map-canvas").wait_for()
    assert ringed(page), "no ring has the colour of what is new or changed"


def ringed(page: Page) -> bool:
    """Whether the canvas of a map has pixels in the colours of changes."""
    return bool(
        page.evaluate(
            """() => {
              const probe = document.body.appendChild(document.createElement("span"));
              const read = (name) => {
                probe.style.color = `var(${name})`;
                return getComputedStyle(probe).color.match(/\\d+/g).slice(0, 3).map(Number);
              };
              const sought = ["--good", "--notice"].map(read);
              const canvas = document.querySelector(".map-canvas");
              const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
              for (let at = 0; at < data.length; at += 4) {
                if (data[at + 3] !== 255) continue;
                if (sought.some((each) => each.every((value, index) => value === data[at + index]))) return true;
              }
              return false;
            }"""
        )
    )


def test_a_branch_is_tried_clashes_and_is_merged_as_somebody_says(
    served: Served, open_page: OpenPage, axe: Axe
) -> None:
    page = open_page("/branches")
    page.locator("#branch-name").fill("dearer")
    page.locator("#branch-why").fill("what if it costs more")
    page.get_by_role("button", name="Start").first.click()
    expect(page.locator("div.past")).to_contain_text("dearer")
    page.goto(f"{PAGE}?branch=dearer")
    write(page, "confidence", "20–30%")
    page.keyboard.press("Enter")
    expect(page.locator('.prop[data-prop="confidence"] .shown')).to_have_text("20–30%")
    assert field(served, "confidence") == "60–80%", "the main line does not know of it"
    served.workspace.append([Put(Ref(BET), {"confidence": "90%"})], by="Ada")

    page.goto("/branches/dearer")
    clash = page.locator(".clash")
    expect(clash).to_contain_text("20–30%")
    expect(clash).to_contain_text("90%")
    axe(page)
    clash.get_by_label("20–30%").check()
    page.locator("#merge-why").fill("we looked again")
    page.get_by_role("button", name="Merge into main").click()
    expect(page).to_have_url(re.compile("/branches"))
    assert field(served, "confidence") == "20–30%"


def test_what_one_browser_writes_another_shows_within_a_second(
    served: Served, open_page: OpenPage
) -> None:
    one, other = open_page(PAGE, who="Ada"), open_page(PAGE, who="Bo")
    other.wait_for_timeout(300)
    write(one, "confidence", "35%")
    one.keyboard.press("Enter")
    there = other.locator('.prop[data-prop="confidence"] .shown')
    expect(there).to_have_text("35%", timeout=6_500)
    assert field(served, "confidence") == "35%"


def test_two_people_in_one_field_get_a_choice_and_no_word_is_lost(
    served: Served, open_page: OpenPage
) -> None:
    one, other = open_page(PAGE, who="Ada", troubles=False), open_page(PAGE, who="Bo")
    write(one, "confidence", "35%")
    write(other, "confidence", "45%")
    other.keyboard.press("Enter")
    expect(other.locator('.prop[data-prop="confidence"] .shown')).to_have_text("45%")
    one.wait_for_timeout(300)
    row = one.locator('.prop[data-prop="confidence"]')
    expect(row.locator("input[name=value]")).to_have_value("35%")
    row.locator("input[name=value]").press("Enter")
    expect(row).to_contain_text("45%")
    expect(row).to_contain_text("Bo")
    expect(row.locator("input[name=value]")).to_have_value("35%")
    assert field(served, "confidence") == "45%"
    row.get_by_role("button", name="Keep mine").click()
    expect(row.locator(".shown")).to_have_text("35%")
    assert field(served, "confidence") == "35%"


def test_without_scripts_two_people_get_the_choice_too(served: Served, open_page: OpenPage) -> None:
    page = open_page(PAGE, scripts=False, troubles=False)
    write(page, "confidence", "35%")
    served.workspace.append([Put(Ref(BET), {"confidence": "45%"})], by="Bo")
    row = page.locator('.prop[data-prop="confidence"]')
    row.get_by_role("button", name="Save").click()
    expect(row).to_contain_text("45%")
    expect(row.locator("input[name=value]")).to_have_value("35%")
    row.get_by_role("button", name="Save").click()
    expect(page.locator(".did")).to_contain_text("Undo")
    assert field(served, "confidence") == "35%"


def test_everything_is_read_without_scripts(open_page: OpenPage) -> None:
    page = open_page("/", scripts=False)
    page.locator("main").get_by_role("link", name="bets").first.click()
    page.locator("main").get_by_role("link", name="Lockers at night stations").first.click()
    expect(page.locator("h1")).to_contain_text("Lockers at night stations")
    page.locator('.phrase[data-phrase="serves"] a').first.click()
    expect(page.locator("h1")).to_contain_text("A locker within ten minutes")
    for lens in ("board", "tree", "timeline", "map", "matrix"):
        page.goto(f"/views/{lens}?query=" + quote("bet where stage is active"))
        assert len(page.locator("main").inner_text()) > 300, lens


def bet_words(served: Served) -> set[str]:
    """The fields that bets have now."""
    return set(served.workspace.graph().model.kinds_by_name["bet"].fields_by_name)


def test_words_are_shaped_with_their_effect_told_while_one_writes(
    served: Served, open_page: OpenPage, axe: Axe
) -> None:
    page = open_page("/model?kind=bet")
    page.get_by_text("Rename a field", exact=True).click()
    page.locator("#rename-field-field").select_option("unless")
    page.locator("#rename-field-to").fill("gives way to")
    page.locator("details[open]").get_by_role("button", name="See what it would affect").click()
    effect = page.locator("#effect")
    expect(effect).to_contain_text("renamed from unless")
    assert "gives way to" not in bet_words(served), "nothing is recorded before it is applied"

    text = page.locator("#model-text")
    sound = text.input_value()
    text.fill(sound.replace("gives way to: {", "gives way to: {tpye: text, ", 1))
    expect(effect).to_contain_text("tpye")
    expect(page.get_by_role("button", name="Apply")).to_be_disabled()
    axe(page)
    text.fill(sound)
    expect(effect).to_contain_text("renamed from unless")
    page.locator("#shape-why").fill("plainer")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator("h1")).to_contain_text("The words of Wrenfold")
    assert "gives way to" in bet_words(served)
    assert "gives way to" in (served.folder / "latticework.yaml").read_text()
