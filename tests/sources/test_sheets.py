"""Sheets of any length, encoding and separator say the same."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from latticework.base.findings import Finding
from latticework.sources.content import content_of
from latticework.sources.rows import sheet_of
from latticework.sources.source import sources, together
from latticework.sources.tree import Read, UnreadableError, plain

BOATS = "name;home\r\nGösta;Malmö\r\nÅsa;Århus\r\n"
TOLD = [{"name": "Gösta", "home": "Malmö"}, {"name": "Åsa", "home": "Århus"}]
cells = st.text(alphabet='ab ",;\n\té', max_size=4)
tables = st.lists(st.lists(cells, min_size=2, max_size=4), min_size=1, max_size=12)


def told(act: Callable[[], Read]) -> Read | Finding:
    """What a reader says, or why it cannot."""
    try:
        return act()
    except UnreadableError as problem:
        return problem.finding


def read(data: bytes) -> Read:
    """All that the bytes of a sheet say."""
    return sources()["csv"].read_bytes(data)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_letters_are_the_same_in_every_encoding_with_a_mark(encoding: str) -> None:
    assert read(BOATS.encode(encoding)) == read(BOATS.encode())
    assert plain(read(BOATS.encode(encoding)).tree) == TOLD


def test_what_is_no_utf_8_is_read_as_windows_1252_and_told_where() -> None:
    found = read(BOATS.encode("cp1252"))
    assert plain(found.tree) == TOLD
    assert [(each.code, each.place.line) for each in found.findings] == [("SOURCE009", 2)]


@pytest.mark.parametrize("data", [b"a,b\n\x81,\xff\n", b"PK\x03\x04\x00\xff\x00", b"\xff\xfea"])
def test_bytes_that_are_no_text_are_told(data: bytes) -> None:
    with pytest.raises(UnreadableError) as problem:
        read(data)
    assert problem.value.finding.code == "SOURCE002"


@pytest.mark.parametrize(
    "text",
    [
        "name\thome\nGull\tBay, north\n",
        "sep=|\nname|home\nGull|Bay, north\n",
        'Boats, all of them\nhttps://harbour.example\n\nname,home,built,by,flag\nGull,"Bay, north"\n',
        'A title\nname,home,built,by\nGull,"Bay, north",,\n',
    ],
)
def test_the_header_and_the_separator_are_told_by_the_sheet(text: str) -> None:
    found = read(text.encode())
    assert plain(found.tree) == [{"name": "Gull", "home": "Bay, north"}]


def test_lines_above_the_header_are_left_out_with_a_notice() -> None:
    found = read(b"Boats\n\nname,home,built\nGull,Bay,1990\n")
    assert [(each.code, each.place.line) for each in found.findings] == [("SOURCE018", 3)]
    assert read(b"name\nGull\n").findings == ()


@settings(max_examples=60, deadline=None)
@given(table=tables, size=st.integers(1, 5))
def test_portions_of_any_size_say_what_the_whole_says(table: list[list[str]], size: int) -> None:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([["key", "name"], *table])
    content = content_of(out.getvalue().encode())
    whole = told(lambda: sources()["csv"].read(out.getvalue()))
    if isinstance(whole, Finding):
        # A mark that many cells hold is taken for the separator, and quotes for parts of cells.
        assert told(lambda: next(sources()["csv"].read_in_portions(content, size))) == whole
        return
    some = list(sources()["csv"].read_in_portions(content, size))
    assert all(len(each.tree or ()) <= size for each in some)
    assert together(some) == whole


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('id,name\n1,"a\n', 2),
        ('id,name\n1,"a"\n2,"b\n3,c\n4,d', 3),
        ('id,name\n1,a\n2,"', 3),
        ('id;name\n1;"a ""b""\n', 2),
    ],
)
def test_a_quote_that_is_never_closed_is_told_with_its_row(text: str, line: int) -> None:
    with pytest.raises(UnreadableError) as problem:
        sheet_of(text)
    assert problem.value.finding.code == "SOURCE003"
    assert problem.value.finding.place.line == line


@pytest.mark.parametrize("text", ['a,b\n1,"x"', 'a,b\n1,"x"\n\n', 'a,b\n1,5" pipe\n'])
def test_quotes_that_are_closed_or_within_a_cell_are_read(text: str) -> None:
    assert len(sheet_of(text).rows) == 1


def test_a_sheet_that_breaks_at_its_end_gives_no_portion() -> None:
    text = "a,b\n" + "1,2\n" * 100 + "\r\n3,\0\n"
    broken = content_of(text.encode() + b"x" * 11_000_000)
    with pytest.raises(UnreadableError) as problem:
        next(sources()["csv"].read_in_portions(broken, 10))
    assert problem.value.finding.code == "SOURCE003"
