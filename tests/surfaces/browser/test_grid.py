"""A table that is written in, in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.surfaces.browser.conftest import Server
from tests.surfaces.browser.driving import Axe, OpenPage, Served

from latticework.journal.changes import Put
from latticework.workspace import Workspace

BETS = "/ask?q=bet show stage, confidence, health, due, serves limit 20"
STAGE, CONFIDENCE, HEALTH, DUE, SERVES = 2, 3, 4, 5, 6


def cell(page: Page, row: int, column: int) -> Locator:
    """A cell by its row, counted from 0, and its column behind the box."""
    return page.locator(f'lw-grid tr[data-at="{row}"] td').nth(column)


def stand(page: Page, row: int, column: int) -> None:
    """Put the reader on a cell."""
    page.wait_for_selector(".grid-live")
    cell(page, row, column).click(position={"x": 4, "y": 4})


def ref_of(page: Page, row: int) -> str:
    """The thing in a row."""
    return page.locator(f'lw-grid tr[data-at="{row}"]').get_attribute("data-ref") or ""


def value(served: Served, ref: str, name: str) -> object:
    """What the company holds of a thing."""
    return served.workspace.graph().node(ref).fields.get(name)


EVERY_SORT = """
company: Cove
kinds:
  boat:
    family: intent
    many: boats
    fields:
      size: number range
      price: money range EUR
      load: ratio range
      trip: duration range
      leaves: day range
      seen: instant
      afloat: yes-no
      colour: {type: choice, choices: [red, blue]}
      page: url
      note: text
      ports: text many
    stages: {Dock: proposed, Sea: active}
    links:
      follows: {to: boat, back: leads}
"""
SORTS = {
    "size": ("2–5", "about 4", "unknown"),
    "price": ("EUR 3–5M",),
    "load": ("35–45%", "unknown"),
    "trip": ("1–3 quarters",),
    "leaves": ("2027-Q2", "2026-03..2026-05"),
    "seen": ("2026-03-01T09:30:00Z",),
    "afloat": ("yes", "no"),
    "colour": ("blue",),
    "page": ("https://example.org/boat",),
    "note": ("as she lies",),
    "ports": ("North, South",),
    "stage": ("Sea",),
    "title": ("Maid",),
}
"""What is typed into a cell of each type of field, one after the other."""


def test_a_value_of_every_sort_is_written_in_its_cell(open_page: OpenPage, tmp_path: Path) -> None:
    with Workspace.init(tmp_path / "cove", model_text=EVERY_SORT) as workspace:
        workspace.append([Put("boat/ann", {"title": "Ann"})])
    server = Server(tmp_path / "cove")
    names = [*SORTS][:-1]
    page = open_page(f"/ask?q=boat show {', '.join(names)}", at=server.served)
    for name, every in SORTS.items():
        column = 1 if name == "title" else 2 + names.index(name)
        for typed in every:
            stand(page, 0, column)
            page.keyboard.press("F2")
            page.keyboard.press("Control+a")
            page.keyboard.type(typed)
            page.keyboard.press("Enter")
            expect(cell(page, 0, column)).to_have_text(typed)
            expect(page.locator(".grid-editor, .saving")).to_have_count(0)
    boat = server.served.workspace.graph().node("boat/ann")
    held = {**boat.fields, "stage": boat.stage}
    written = {name: every[-1] for name, every in SORTS.items()}
    assert held == {**written, "ports": ("North", "South")}
    page.close()
    server.stop()


def test_escape_leaves_the_value_and_tab_goes_on_to_the_next_cell(
    served: Served, open_page: OpenPage
) -> None:
    page = open_page(BETS)
    stand(page, 0, CONFIDENCE)
    before = cell(page, 0, CONFIDENCE).inner_text()
    page.keyboard.press("F2")
    page.keyboard.type("1%")
    page.keyboard.press("Escape")
    expect(cell(page, 0, CONFIDENCE)).to_have_text(before)
    page.keyboard.press("Enter")
    page.keyboard.type("41%")
    page.keyboard.press("Tab")
    expect(cell(page, 0, HEALTH)).to_be_focused()
    assert value(served, ref_of(page, 0), "confidence") == "41%"


@pytest.mark.usefixtures("served")
def test_what_does_not_fit_stays_as_typed_with_the_finding_beside_it(open_page: OpenPage) -> None:
    page = open_page(BETS, troubles=False)
    stand(page, 1, CONFIDENCE)
    page.keyboard.press("Enter")
    page.keyboard.type("lots")
    page.keyboard.press("Enter")
    expect(page.locator(".grid-editor")).to_contain_text("does not fit")
    expect(page.locator(".grid-editor input")).to_have_value("lots")


def test_a_stage_is_chosen_among_the_kinds_own(served: Served, open_page: OpenPage) -> None:
    page = open_page(BETS)
    stand(page, 0, STAGE)
    page.keyboard.press("Enter")
    options = page.locator("#grid-options li")
    expect(options.first).to_contain_text("shaping")
    page.keyboard.type("run")
    page.keyboard.press("Enter")
    expect(cell(page, 0, STAGE)).to_have_text("running")
    assert served.workspace.graph().node(ref_of(page, 0)).stage == "running"


def test_a_missing_target_is_made_while_linking(served: Served, open_page: OpenPage) -> None:
    page = open_page(BETS)
    stand(page, 0, SERVES)
    page.keyboard.press("Enter")
    page.keyboard.type("A goal that nobody had")
    page.get_by_role("option", name="Create goal").click()
    expect(page.locator(".grid-editor li").first).to_contain_text("nobody had")
    page.keyboard.press("Tab")
    expect(cell(page, 0, SERVES)).to_contain_text("A goal that nobody had")
    links = served.workspace.graph().node(ref_of(page, 0)).links["serves"]
    assert "goal/a-goal-that-nobody-had" in links


def test_a_field_is_set_for_all_chosen_rows_at_once(served: Served, open_page: OpenPage) -> None:
    page = open_page(BETS)
    stand(page, 0, HEALTH)
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    expect(page.locator(".grid-bulk strong")).to_have_text("3 rows")
    page.get_by_label("Set a field of the chosen rows").select_option("health")
    page.keyboard.type("shaky")
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text("Set health of 3 rows")
    refs = [ref_of(page, row) for row in range(3)]
    assert [value(served, ref, "health") for ref in refs] == ["shaky"] * 3


def test_all_rows_are_chosen_at_once_and_changed_whether_they_are_seen_or_not(
    served: Served, open_page: OpenPage
) -> None:
    page = open_page("/ask?q=bet show health")
    stand(page, 0, 2)
    every = int(page.locator("lw-grid").get_attribute("data-total") or 0)
    assert page.locator("lw-grid tbody tr").count() < every
    count = page.locator(".grid-bulk strong")
    page.keyboard.press("Control+a")
    expect(count).to_have_text(f"{every} rows")
    expect(page.get_by_label("Choose all rows")).to_be_checked()
    page.get_by_label("Choose all rows").uncheck()
    expect(page.locator(".grid-bulk")).to_be_hidden()
    # From the last box to another one, and all from here to the end.
    boxes = page.locator("lw-grid tbody .grid-pick input")
    boxes.nth(1).check()
    boxes.nth(4).click(modifiers=["Shift"])
    expect(count).to_have_text("4 rows")
    stand(page, 0, 2)
    page.keyboard.press("Control+Shift+ArrowDown")
    expect(count).to_have_text(f"{every} rows")
    page.get_by_label("Set a field of the chosen rows").select_option("health")
    page.keyboard.type("shaky")
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text(f"Set health of {every} rows")
    expect(count).to_have_text(f"{every} rows")
    assert served.workspace.ask("bet where health is not shaky").total == 0


def test_a_long_block_finds_the_rows_that_are_not_seen_yet_and_says_what_it_leaves_out(
    served: Served, open_page: OpenPage
) -> None:
    page = open_page("/ask?q=bet show confidence")
    stand(page, 0, 2)
    every = int(page.locator("lw-grid").get_attribute("data-total") or 0)
    paste(page, "11%\n" * (every + 3))
    dialog = page.locator(".grid-paste")
    expect(dialog).to_contain_text("3 further lines find no row here and are left out")
    dialog.get_by_role("button", name=f"Write {every} cells").click()
    expect(page.locator(".toast")).to_contain_text(f"Wrote {every} cells")
    assert served.workspace.ask("bet where confidence is 11%").total == every


def paste(page: Page, text: str) -> None:
    """Paste as a browser does, without the machine's clipboard."""
    page.evaluate(
        "text => { const data = new DataTransfer(); data.setData('text/plain', text);"
        " document.activeElement.dispatchEvent(new ClipboardEvent('paste',"
        " {clipboardData: data, bubbles: true, cancelable: true})); }",
        text,
    )


def test_a_sheets_block_is_seen_first_and_written_as_one_batch(
    served: Served, open_page: OpenPage
) -> None:
    page = open_page(BETS, troubles=False)
    stand(page, 0, CONFIDENCE)
    paste(page, "10%\tstuck\nplenty\tshaky\n")
    dialog = page.locator(".grid-paste")
    expect(dialog).to_contain_text("1 of 4 do not fit")
    dialog.get_by_role("button", name="Write 3 cells").click()
    expect(cell(page, 0, CONFIDENCE)).to_have_text("10%")
    expect(cell(page, 1, HEALTH)).to_have_text("shaky")
    assert value(served, ref_of(page, 0), "confidence") == "10%"


def test_two_people_in_one_cell_get_a_choice(served: Served, open_page: OpenPage) -> None:
    page = open_page(BETS, troubles=False)
    stand(page, 2, CONFIDENCE)
    ref = ref_of(page, 2)
    page.keyboard.press("Enter")
    page.keyboard.type("33%")
    served.workspace.append([Put(ref, {"confidence": "77%"})], by="Ada")
    page.keyboard.press("Enter")
    clash = page.locator(".grid-clash")
    expect(clash).to_contain_text("Ada")
    expect(clash).to_contain_text("77%")
    clash.get_by_role("button", name="Keep mine").click()
    expect(cell(page, 2, CONFIDENCE)).to_have_text("33%")
    assert value(served, ref, "confidence") == "33%"


def test_a_long_table_draws_only_what_is_seen(open_page: OpenPage) -> None:
    page = open_page("/ask?q=any")
    page.wait_for_selector(".grid-live")
    stand(page, 0, 1)
    page.keyboard.press("Control+End")
    last = page.locator("lw-grid").get_attribute("data-total") or "0"
    expect(page.locator(f'lw-grid tr[data-at="{int(last) - 1}"]')).to_be_visible()
    expect(page.locator("lw-grid td:focus")).to_have_count(1)
    assert page.locator("lw-grid tbody tr").count() < 150
    # Of kinds that nobody saw on the first page, too, what stands there can be written.
    kinds = page.locator("lw-grid script").inner_text()
    last_row = page.locator(f'lw-grid tr[data-at="{int(last) - 1}"]')
    assert f'"{(last_row.get_attribute("data-ref") or "").partition("/")[0]}": {{' not in kinds
    expect(last_row.locator("td:not([data-fixed])").nth(1)).to_be_attached()


def test_the_past_is_read_only(open_page: OpenPage) -> None:
    page = open_page(f"{BETS}&at=2026-01-01")
    page.wait_for_selector(".grid-live")
    expect(page.locator("lw-grid table")).to_have_attribute("aria-readonly", "true")
    stand(page, 0, CONFIDENCE)
    page.keyboard.press("Enter")
    expect(page.locator(".grid-editor")).to_have_count(0)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [390, 1440])
def test_a_table_in_place_reads_well_to_everybody(
    open_page: OpenPage, axe: Axe, width: int, dark: bool
) -> None:
    page = open_page(BETS, width=width, dark=dark)
    page.wait_for_selector(".grid-live")
    axe(page)
