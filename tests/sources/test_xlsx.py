"""Workbooks are read as they show themselves, and none does harm."""

from __future__ import annotations

import io
import itertools
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sources.harbour import MODEL, noon, recipe
from xlsxwriter.workbook import Workbook as Writer

from latticework.journal.changes import Connect, Put
from latticework.model.format import format_model
from latticework.sources.content import content_of
from latticework.sources.intakes.intake import Beforehand
from latticework.sources.intakes.read import read
from latticework.sources.source import sources, together
from latticework.sources.tree import Read, UnreadableError, plain
from latticework.workspace.bringing import bring, draft_of_file, try_bringing
from latticework.workspace.workspace import Workspace

xlsx = sources()["xlsx"]


def written(fill: Callable[[Writer], object]) -> bytes:
    """The bytes of a workbook."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        fill(book)
    return out.getvalue()


def boats(book: Writer) -> None:
    """A sheet as people make them: a title, a blank line, then a header."""
    sheet = book.add_worksheet("Boats")
    forms = {
        name: book.add_format({"num_format": form})
        for name, form in {
            "fixed": "0.00",
            "euro": "#,##0.00 [$€-407]",
            "share": "0.0%",
            "day": "dd.mm.yyyy",
            "time": "yyyy-mm-dd hh:mm",
            "clock": "hh:mm",
            "hours": "[h]:mm:ss",
        }.items()
    }
    sheet.write_string(0, 0, "Our boats")
    header = [
        "key",
        "length",
        "price",
        "share",
        "built",
        "seen",
        "tag",
        "tag",
        "opens",
        "ran",
        "sum",
        "flag",
    ]
    sheet.write_row(2, 0, header)
    sheet.write_string(3, 0, "=gull")
    sheet.write_number(3, 1, 1.3, forms["fixed"])
    sheet.write_number(3, 2, 12000, forms["euro"])
    sheet.write_number(3, 3, 0.125, forms["share"])
    sheet.write_datetime(3, 4, date(1990, 5, 1), forms["day"])
    sheet.write_datetime(3, 5, datetime(2026, 3, 1, 12, 30), forms["time"])
    sheet.write_row(3, 6, ["red", "blue"])
    sheet.write_datetime(3, 8, time(8, 15), forms["clock"])
    sheet.write_datetime(3, 9, timedelta(hours=26), forms["hours"])
    sheet.write_formula(3, 10, "=1+1", None, 2)
    sheet.write_boolean(3, 11, True)
    sheet.write_row(5, 0, ["tern", 0.1 + 0.2])
    sheet.write_formula(5, 2, "=1/0", None, "#DIV/0!")
    secret = book.add_worksheet("Secret")
    secret.write_row(0, 0, ["key", "word"])
    secret.hide()


BOATS = written(boats)


def test_cells_say_what_they_show() -> None:
    found = together(xlsx.read_in_portions(content_of(BOATS), 100))
    gull = {
        "key": "=gull",
        "length": "1.30",
        "price": "€ 12000.00",
        "share": "12.5%",
        "built": "1990-05-01",
        "seen": "2026-03-01T12:30:00",
        "tag": ["red", "blue"],
        "opens": "08:15:00",
        "ran": "26:00:00",
        "sum": "2",
        "flag": "true",
    }
    assert plain(found.tree) == {"Boats": [gull, {"key": "tern", "length": "0.3"}]}
    told = [(each.code, each.place.line, each.value) for each in found.findings]
    assert told == [
        ("SOURCE019", 0, "Secret"),
        ("SOURCE024", 6, "#DIV/0!"),
        ("SOURCE018", 3, ""),
    ]


def test_a_merged_cell_counts_for_every_row_beside_it() -> None:
    def fill(book: Writer) -> None:
        sheet = book.add_worksheet("Plan")
        sheet.write_row(0, 0, ["goal", "key"])
        sheet.merge_range(1, 0, 2, 0, "Grow")
        sheet.write_column(1, 1, ["a", "b", "c"])

    rows = plain(xlsx.read_bytes(written(fill)).tree)
    assert rows == {
        "Plan": [{"goal": "Grow", "key": "a"}, {"goal": "Grow", "key": "b"}, {"key": "c"}]
    }


cells = st.one_of(
    st.none(),
    st.integers(-(10**9), 10**9),
    st.floats(-1e9, 1e9).map(lambda each: round(each, 4)),
    st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Z")), max_size=5),
    st.booleans(),
)


@settings(max_examples=40, deadline=None)
@given(rows=st.lists(st.lists(cells, min_size=3, max_size=3), max_size=10), size=st.integers(1, 4))
def test_portions_of_a_workbook_say_what_the_whole_says(
    rows: list[list[object]], size: int
) -> None:
    def fill(book: Writer) -> None:
        lines: list[list[object]] = [["a", "b", "c"], *rows]
        for name in ("One", "Two"):
            sheet = book.add_worksheet(name)
            for at, column in itertools.product(range(len(lines)), range(3)):
                value = lines[at][column]
                if isinstance(value, str):
                    sheet.write_string(at, column, value)
                else:
                    sheet.write(at, column, value)

    data = written(fill)
    assert together(xlsx.read_in_portions(content_of(data), size)) == xlsx.read_bytes(data)


def rewritten(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """A workbook in which one part is changed."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            new.writestr(part, change(old.read(part)) if part == name else old.read(part))
    return out.getvalue()


SHEET, TEXTS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
LAUGHS = b'<!DOCTYPE x [<!ENTITY a "' + b"ha" * 500 + b'"><!ENTITY b "' + b"&a;" * 500 + b'">'
BOMB = LAUGHS + b'<!ENTITY c "' + b"&b;" * 500 + b'">]><sst><si><t>&c;</t></si></sst>'


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"no workbook", "SOURCE003"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "SOURCE003"),
        (BOATS[:-40], "SOURCE003"),
        (rewritten(BOATS, SHEET, lambda old: old[:-60]), "SOURCE003"),
        (
            rewritten(BOATS, SHEET, lambda old: old.replace(b't="s"><v>1<', b't="s"><v>9999<')),
            "SOURCE003",
        ),
        (rewritten(BOATS, TEXTS, lambda _: BOMB), "SOURCE003"),
        (rewritten(BOATS, TEXTS, lambda old: old + b" " * 300_000_000), "SOURCE001"),
    ],
    ids=["no-zip", "locked", "cut", "no-end", "stray-text", "laughs", "bomb"],
)
def test_what_is_no_workbook_or_a_trap_is_told(data: bytes, code: str) -> None:
    with pytest.raises(UnreadableError) as problem:
        xlsx.read_bytes(data)
    assert problem.value.finding.code == code
    assert problem.value.finding.hint


def test_a_row_far_below_or_a_cell_far_to_the_right_costs_nothing() -> None:
    def far(old: bytes) -> bytes:
        row = b'<row r="999999999"><c r="A999999999"><v>1</v></c></row></sheetData>'
        wide = old.replace(b'<row r="6"', b'<row r="5"><c r="XFD5"><v>1</v></c></row><row r="6"')
        size = rb'<dimension ref="A1:XFD1048576"'
        return re.sub(rb'<dimension ref="[^"]*"', size, wide.replace(b"</sheetData>", row))

    found = xlsx.read_bytes(rewritten(BOATS, SHEET, far))
    assert "SOURCE025" in {each.code for each in found.findings}


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_spoilt_workbook_is_read_or_told(data: st.DataObject) -> None:
    part = data.draw(st.sampled_from([SHEET, TEXTS, "xl/workbook.xml", "xl/styles.xml", ""]))

    def spoil(old: bytes) -> bytes:
        at = data.draw(st.integers(0, len(old)))
        end = min(len(old), at + data.draw(st.integers(0, 30)))
        scrap = data.draw(st.sampled_from([b"", b"9", b"x", b"<", b"-", b'"', b"\xff", b"E400"]))
        return old[:at] + scrap + old[end:]

    try:
        found: Read = xlsx.read_bytes(rewritten(BOATS, part, spoil) if part else spoil(BOATS))
    except UnreadableError as problem:
        found = Read(None, (problem.finding,))
    assert all(each.says for each in found.findings)


WISHES = """
recipe: book
reads: "*.xlsx"
kinds:
  wish:
    from: Wishes
    key: key
    fields: {title: name, due: due}
    links: {wanted by: {person: who}}
"""


def test_a_workbook_is_imported_like_any_sheet(tmp_path: Path) -> None:
    def fill(book: Writer) -> None:
        sheet = book.add_worksheet("Wishes")
        sheet.write_row(0, 0, ["key", "name", "due", "who"])
        day = book.add_format({"num_format": "d. mmm yyyy"})
        for at in range(1, 4):
            sheet.write_row(at, 0, [at, f"Wish {at}"])
            sheet.write_datetime(at, 2, date(2026, 5, at), day)
            sheet.write_string(at, 3, "ada")

    (tmp_path / "wishes.xlsx").write_bytes(written(fill))
    (batch,) = read(recipe(WISHES), tmp_path, Beforehand(now=noon(9))).batches
    puts = {each.ref: dict(each.fields) for each in batch.changes if isinstance(each, Put)}
    assert puts["wish/2"] == {"title": "Wish 2", "due": "2026-05-02"}
    assert sum(isinstance(each, Connect) for each in batch.changes) == 3
    company = Workspace.init(tmp_path / "company", model_text=format_model(MODEL))
    proposed = company.propose_recipe(tmp_path / "wishes.xlsx")
    assert "format: xlsx" in proposed
    assert "from:" not in proposed


def roadmap(tab: str, *rows: tuple[str, str]) -> bytes:
    def fill(book: Writer) -> None:
        sheet = book.add_worksheet(tab)
        for number, row in enumerate([("Feature", "Owner"), *rows]):
            sheet.write_row(number, 0, row)

    return written(fill)


def test_a_workbooks_only_sheet_needs_no_name(tmp_path: Path) -> None:
    """Its tab has the month in it, so that it is called otherwise each time."""
    first, second = tmp_path / "first.xlsx", tmp_path / "second.xlsx"
    first.write_bytes(roadmap("May 2026", ("Ferry", "Ada")))
    second.write_bytes(roadmap("June 2026", ("Ferry", "Ada"), ("Raft", "Ben")))
    with Workspace.init(tmp_path / "co") as company:
        drafted = draft_of_file(company, first)
        assert "from:" not in drafted.recipe
        tried = try_bringing(company, drafted.recipe, drafted.words, first)
        assert tried.imported is not None
        assert tried.findings == ()
        for file in (first, second):
            bring(company, drafted.recipe, drafted.words if file is first else "", file)
        assert company.ask("feature").refs == ("feature/ferry", "feature/raft")
        assert [str(end) for end in company.graph().node("feature/raft").links["is done by"]] == [
            "person/ben"
        ]
