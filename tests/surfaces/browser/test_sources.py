"""Work is brought in on a page, in a browser: from a file to things, and back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.surfaces.browser.conftest import Server
from tests.surfaces.browser.driving import Axe, OpenPage, Served

from latticework.workspace import Workspace

# A machine in use draws a first page in seconds, not in one.
expect.set_options(timeout=30_000)

LONG = """\
Summary,Issue key,Issue Type,Status,Project type,Project lead,Project lead id,Project description,Last Viewed,Votes,Watchers Id,Work Ratio,Custom field (Rank)
Ferry,HAR-1,Story,To Do,software,Ada,a1,Boats,03/Feb/26 09:12 AM,0,a1,0,0|i1:
Raft,HAR-2,Story,Done,software,Ada,a1,Boats,03/Feb/26 09:12 AM,0,a1,0,0|i2:
"""
"""An export of all fields, of which nine say nothing of an issue."""

JIRA = Path(__file__).parents[2] / "sources" / "jira" / "cloud.csv"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """A company that begins: whoever brings an export has nothing else yet."""
    Workspace.init(tmp_path / "harbour").close()
    server = Server(tmp_path / "harbour")
    yield server.served
    server.stop()


def bring(page: Page) -> None:
    """Choose an export, and wait for what would become of it."""
    page.locator("#bring-files").set_input_files(JIRA)
    expect(page.get_by_role("heading", level=1)).to_have_text("Bring in cloud.csv")


def use_of(page: Page, path: str) -> str:
    """What the first table says becomes of a place."""
    return page.get_by_label(f"What becomes of {path}", exact=True).first.input_value()


def test_an_export_comes_in_and_goes_back(served: Served, open_page: OpenPage) -> None:
    page = open_page("/sources")
    bring(page)
    expect(page.locator(".counts")).to_contain_text("issues 3 new")
    page.get_by_role("button", name="Bring it in").click()
    expect(page.locator(".did")).to_contain_text("3 issues")
    graph = served.workspace.graph()
    assert graph.node("issue/har-2").fields["title"] == "Lights, on the pier"
    assert [str(end) for end in graph.node("issue/har-2").links["is part of"]] == ["epic/har-1"]
    assert (served.folder / "recipes" / "jira.yaml").is_file()
    page.get_by_role("button", name="Undo all of it").click()
    expect(page.locator(".did")).to_contain_text("taken back")
    assert len(served.workspace.graph().ids_of("issue")) == 0


def test_a_choice_in_the_table_is_a_change_of_the_text(served: Served, open_page: OpenPage) -> None:
    page = open_page("/sources")
    bring(page)
    assert use_of(page, "id") == ""
    page.get_by_label("What becomes of id", exact=True).first.select_option("field:sort")
    expect(page.locator("#bring-recipe")).to_have_value(re.compile("sort: id"))
    assert use_of(page, "id") == "field:sort"
    page.get_by_role("button", name="Bring it in").click()
    expect(page.locator(".did")).to_contain_text("3 issues")
    assert served.workspace.graph().node("issue/har-2").fields["sort"] == "10002"


def test_columns_without_a_use_are_folded_and_stay_unfolded(
    served: Served, open_page: OpenPage, tmp_path: Path
) -> None:
    (tmp_path / "long.csv").write_text(LONG)
    page = open_page("/sources")
    page.locator("#bring-files").set_input_files(tmp_path / "long.csv")
    lead = page.get_by_label("What becomes of Project lead", exact=True)
    votes = page.get_by_label("What becomes of Votes", exact=True)
    expect(page.get_by_role("heading", level=1)).to_have_text("Bring in long.csv")
    expect(votes).to_be_hidden()
    page.get_by_text("9 further columns, kept as they are").click()
    lead.select_option("field:sort")
    expect(page.locator("#bring-recipe")).to_have_value(re.compile("sort: Project lead"))
    expect(votes).to_be_visible()
    assert served.workspace.store.head().number == 1


def test_what_is_written_redraws_the_table(served: Served, open_page: OpenPage) -> None:
    page = open_page("/sources")
    bring(page)
    text = page.locator("#bring-recipe").input_value()
    page.locator("#bring-recipe").fill(text.replace("priority: priority", "priority: id", 1))
    chosen = page.get_by_label("What becomes of id", exact=True).first
    expect(chosen).to_have_value("field:priority")
    page.locator("#bring-recipe").fill(text.replace("key: key", "key: kye", 1))
    expect(page.locator(".bring-found, #effect .findings").first).to_contain_text("kye")
    assert not (served.folder / "recipes").exists()


def test_it_goes_without_scripts(served: Served, open_page: OpenPage) -> None:
    page = open_page("/sources", scripts=False)
    page.locator("#bring-files").set_input_files(JIRA)
    page.get_by_role("button", name="Look at it").click()
    page.get_by_label("What becomes of id", exact=True).first.select_option("field:sort")
    page.get_by_role("button", name="Redraw").click()
    expect(page.locator("#bring-recipe")).to_have_value(re.compile("sort: id"))
    page.get_by_role("button", name="Bring it in").click()
    expect(page.locator(".did")).to_contain_text("3 issues")
    assert served.workspace.graph().node("issue/har-2").fields["sort"] == "10002"


def test_rows_may_be_pasted(served: Served, open_page: OpenPage) -> None:
    page = open_page("/sources")
    page.get_by_text("Or paste the rows of a table").click()
    page.locator("#bring-pasted").fill("id,title,status\nG-1,Sail at night,Open\nG-2,Sail,Done")
    page.locator("#bring-called").fill("voyages")
    page.get_by_role("button", name="Look at it").click()
    expect(page.locator(".counts")).to_contain_text("2 new")
    page.get_by_role("button", name="Bring it in").click()
    expect(page.locator(".did")).to_contain_text("2 ")
    assert served.workspace.graph().node("voyage/g-1").fields["title"] == "Sail at night"


def test_a_file_may_be_dropped(served: Served, open_page: OpenPage) -> None:
    page = open_page("/sources")
    dropped = page.evaluate_handle(
        "() => { const held = new DataTransfer();"
        " held.items.add(new File(['id,title,status\\nG-1,Sail,Open\\n'], 'voyages.csv'));"
        " return held; }"
    )
    page.dispatch_event("lw-bring", "drop", {"dataTransfer": dropped})
    expect(page.get_by_role("heading", level=1)).to_have_text("Bring in voyages.csv")
    expect(page.locator(".counts")).to_contain_text("1 new")
    assert served.workspace.store.head().number == 1


def test_the_first_records_are_shown_first_and_all_are_counted_when_asked(
    served: Served, open_page: OpenPage, tmp_path: Path
) -> None:
    rows = "".join(f"V-{each},Voyage {each}\n" for each in range(320))
    (tmp_path / "voyages.csv").write_text(f"id,title\n{rows}")
    page = open_page("/sources")
    page.locator("#bring-files").set_input_files(tmp_path / "voyages.csv")
    expect(page.locator(".part")).to_contain_text("Counted over the first 300 of 320 records")
    expect(page.locator(".counts")).to_contain_text("300 new")
    page.get_by_role("button", name="Count all of them").click()
    expect(page.locator(".counts")).to_contain_text("320 new")
    expect(page.locator(".part")).to_have_count(0)
    assert served.workspace.store.head().number == 1


def test_the_pages_are_sound_for_everybody(served: Served, open_page: OpenPage, axe: Axe) -> None:
    page = open_page("/sources")
    axe(page)
    bring(page)
    axe(page)
    page.get_by_role("button", name="Bring it in").click()
    expect(page.locator(".did")).to_contain_text("issues")
    axe(page)
    page.goto("/sources")
    axe(page)
    narrow = open_page("/sources", width=390, height=844, dark=True)
    axe(narrow)
    bring(narrow)
    axe(narrow)
    assert narrow.evaluate("document.documentElement.scrollWidth") <= 390
