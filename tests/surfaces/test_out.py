"""Pages taken out: every form of them says the same as the page."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from xml.etree import ElementTree

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar.testing import TestClient

from latticework.base.findings import Refused
from latticework.base.times import DAY_MICROSECONDS, instant_of
from latticework.graph.little import batches_of
from latticework.surfaces.out.drawing import drawing_of
from latticework.surfaces.out.markdown import escaped, markdown_of
from latticework.surfaces.out.svg.ink import fitted, ink_of, wide
from latticework.surfaces.web.app import app_of
from latticework.views.blocks import Column, Metric, Span, Table, cell
from latticework.views.page import Page
from latticework.views.visuals import Curve, Line, Sankey
from latticework.workspace import Workspace

NOW = instant_of(datetime(2026, 6, 15, 12, tzinfo=UTC))

MODEL = """
company: Harbour
kinds:
  goal: {family: intent, many: goals}
  bet:
    family: investment
    many: bets
    fields: {cost: money range EUR, due: day range, size: number, note: text}
    stages: {Discovery: proposed, Building: active, Killed: dropped}
    links:
      serves: {to: goal, back: is served by}
"""

STORY = """
on: 2025-01-10
goal/reach: {title: Reach every island}
bet/ferry: {title: Night ferry, stage: Building, cost: 40–80k, due: 2026-03-01, size: 3, serves: goal/reach}
bet/raft: {title: "=HYPERLINK(1)", stage: Killed, cost: 5k, due: 2026-04-01, size: 8, serves: goal/reach, note: "@a | *b* <c>"}
"""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient[object]]:
    """Two bets, one of them with a name that wants to be a formula."""
    folder = tmp_path_factory.mktemp("harbour")
    with Workspace.init(folder, model_text=MODEL, clock=lambda: NOW) as opened:
        opened.store.append(list(batches_of(STORY, opened.model)), now=NOW)
        app = app_of(opened)
        with TestClient(app, base_url="http://localhost") as made:
            yield made  # type: ignore[misc]


def test_a_sheet_has_typed_cells_and_ends_of_ranges(client: TestClient[object]) -> None:
    answer = client.get("/out/xlsx/ask?q=bet show cost, due, size sort by size")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    head, ferry, raft = book["Rows"].values
    assert head[-5:] == ("cost", "cost, low", "cost, high", "due", "size")
    assert ferry[-5:] == ("40–80k", 40_000, 80_000, datetime(2026, 3, 1), 3)
    assert raft[-5:-2] == ("5k", 5_000, 5_000)
    assert book["Rows"].freeze_panes == "A2"


def test_a_sheet_leads_to_things_and_says_what_it_is(client: TestClient[object]) -> None:
    answer = client.get("/out/xlsx/ask?q=bet&at=2026-01-01")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book["Rows"]["A2"].hyperlink.target == "http://localhost/thing/bet/ferry?at=2026-01-01"
    about = dict(book["About"].values)
    assert about["Company"] == "Harbour"
    assert about["Asked"] == "bet"
    assert "2026-01-01" in about["Moment"]


def test_no_form_carries_a_formula(client: TestClient[object]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(client.get("/out/xlsx/ask?q=bet").content))
    cells = [each for row in book["Rows"].iter_rows() for each in row]
    assert not [each for each in cells if each.data_type == "f"]
    rows = list(csv.DictReader(io.StringIO(client.get("/out/csv/ask?q=bet").text)))
    assert rows[1]["title"] == "'=HYPERLINK(1)"


@pytest.mark.parametrize(
    "path",
    [
        "/", "/ask?q=bet", "/kinds/bet", "/thing/bet/ferry", "/views/board?query=bet",
        "/views/timeline?query=bet", "/views/map?query=bet", "/views/tree?query=bet",
        "/views/feed", "/findings", "/diff?from=2024-01-01&to=now", "/views/matrix?query=bet",
    ],
)  # fmt: skip
@pytest.mark.parametrize("form", ["csv", "json", "xlsx", "md"])
def test_every_view_goes_out_in_every_form(
    client: TestClient[object], path: str, form: str
) -> None:
    answer = client.get(f"/out/{form}{path}")
    assert answer.status_code == 200, answer.text[:400]
    assert answer.content or path == "/findings"
    assert "attachment" in answer.headers["content-disposition"]


@pytest.mark.parametrize("name", ["board", "timeline", "map", "matrix", "canvas"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_drawing_stands_alone(client: TestClient[object], name: str, theme: str) -> None:
    query = "" if name == "canvas" else "?query=bet"
    answer = client.get(f"/out/svg/views/{name}{query}", headers={"cookie": f"theme={theme}"})
    assert answer.headers["content-type"].startswith("image/svg+xml")
    root = ElementTree.fromstring(answer.text)
    assert float(root.get("width", 0)) > 100
    for word in ("var(", "href", "light-dark", "<script", "class="):
        assert word not in answer.text
    if name in {"board", "timeline"}:
        assert "Night ferry" in answer.text


def test_an_outline_is_drawn_with_what_stands_in_it_again(client: TestClient[object]) -> None:
    answer = client.get("/out/svg/views/tree?query=bet&link=serves")
    said = [each.text for each in ElementTree.fromstring(answer.text).iter() if each.text]
    assert said.count("Reach every island") == 2
    assert said.count("the same") == 1


def test_curves_streams_numbers_and_every_further_drawing_go_out() -> None:
    stream = (Span("planned"), Span("Trust"), 2.0, 3.0)
    day = DAY_MICROSECONDS
    line = Line(name="waits", points=((NOW, 1.0, 2.0), (NOW + 9 * day, 2.0, 4.0)))
    blocks = (
        Curve(lines=(line,), now=NOW + day, marks=((NOW + 2 * day, "moved"),), title="Over time"),
        Sankey(streams=(stream,), unit="days", title="As it runs"),
        Metric(label="Under way", value="40", note="of 87"),
        Metric(label="Late", value="longer than anything that was ever finished"),
    )
    page = Page(title="Flow", blocks=blocks)
    over, runs, numbers = (ElementTree.fromstring(drawing_of(page, nth)) for nth in range(3))
    assert {"Over time", "waits", "moved"} <= set(over.itertext())
    assert "planned to Trust: 2–3 days" in set(runs.itertext())
    assert sum(each.tag.endswith("path") for each in runs.iter()) == 2
    assert {"Under way", "40", "of 87"} <= set(numbers.itertext())
    with pytest.raises(Refused):
        drawing_of(page, 3)


def test_a_page_leads_to_each_of_its_drawings(client: TestClient[object]) -> None:
    page = client.get("/views/lineage?ref=bet/ferry").text
    ways = [unescape(each) for each in re.findall(r'href="(/out/svg/[^"]*)"', page)]
    drawn = [ElementTree.fromstring(client.get(each).text) for each in ways]
    titles = [each[0].text for each in drawn]
    assert titles == ["Leads to", "Is led to by"]
    assert "Reach every island" in set(drawn[0].itertext())
    assert 'href="/out/svg"' in client.get("/").text


def test_what_is_not_drawn_says_so(client: TestClient[object]) -> None:
    assert "OUT004" in client.get("/out/svg/ask?q=bet").text
    assert "OUT003" in client.get("/out/pdf/ask?q=bet").text
    assert "OUT001" in client.get("/out/csv/branches/nothing").text


def test_the_lens_offers_every_form(client: TestClient[object]) -> None:
    page = client.get("/views/board?query=bet").text
    for form in ("csv", "json", "xlsx", "md", "svg"):
        assert f"/out/{form}/views/board?query=bet" in page


def test_markdown_tells_the_table(client: TestClient[object]) -> None:
    text = client.get("/out/md/ask?q=bet show note").text
    assert "| `bet/raft` | =HYPERLINK(1) | @a \\| \\*b\\* \\<c\\> |" in text


def unescaped(line: str) -> str:
    """What Markdown shows of a line."""
    shown, letters = "", iter(line)
    for letter in letters:
        shown += next(letters, "") if letter == "\\" else letter
    return shown


@given(st.text(max_size=60))
def test_markdown_shows_every_text_as_it_is(text: str) -> None:
    assert unescaped(escaped(text)) == " ".join(text.split())


@given(st.lists(st.lists(st.text(max_size=20), min_size=2, max_size=2), max_size=6))
def test_a_table_of_markdown_has_a_line_per_row(rows: list[list[str]]) -> None:
    table = Table(
        columns=(Column("a"), Column("b")), rows=tuple(tuple(map(cell, row)) for row in rows)
    )
    lines = markdown_of(Page(title="t", blocks=(table,))).splitlines()
    assert sum(line.startswith("| ") for line in lines) == (len(rows) + 2 if rows else 0)


@given(st.text(max_size=80), st.floats(min_value=20, max_value=400))
def test_a_fitted_text_has_room(text: str, room: float) -> None:
    assert wide(fitted(text, room)) <= room


def test_drawings_have_the_colours_of_our_sheets() -> None:
    light, dark = ink_of(dark=False), ink_of(dark=True)
    assert light["paper"] == "#fcfbf8"
    assert dark["paper"] == "#141311"
    assert light.hue("1") != light["edge"]
