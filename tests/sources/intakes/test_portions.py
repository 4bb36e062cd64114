"""An intake says the same in portions of any size, and in any order of rows."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sources.harbour import MODEL, noon, recipe

from latticework.base.times import Moment
from latticework.graph.graph import Graph, build
from latticework.journal.changes import Batch, Declare
from latticework.journal.memory import MemoryStore
from latticework.model.format import format_model
from latticework.sources.intakes.book import Book
from latticework.sources.intakes.folder import read_folder
from latticework.sources.intakes.intake import Beforehand, Findings
from latticework.sources.intakes.read import since_when
from latticework.sources.recipes.parts import Recipe

SHEET = recipe("""
recipe: sheet
reads: "*.csv"
valid: {first: Since, then: Later}
kinds:
  wish:
    key: Key
    where: {Sort: wish}
    fields: {title: Name, due: Due}
    links:
      needs: {wish: Needs}
      is needed for: {wish: Needed for}
      owned by: {team: Team, by: title}
      wanted by: {person: Who}
  team:
    key: Key
    where: {Sort: team}
    fields: {title: Name}
    links: {led by: {person: Who, role: Role}}
  person:
    mentioned in: [wish.Who, team.Who]
    key: it
    fields: {handle: it, home: above.Home}
""")
KNOWN_TEAMS = recipe("""
recipe: sheet
reads: "*.csv"
kinds:
  wish:
    key: Key
    where: {Sort: wish}
    fields: {title: Name}
    links:
      owned by: {team: Team, by: title}
  team:
    - key: Key
      where: {Sort: team}
      fields: {title: Name}
    - mentioned in: wish.Needs
      key: it
      fields: {title: above.Home}
""")
HEADER = [
    *["Sort", "Key", "Name", "Due", "Needs"],
    "Needed for",
    *["Team", "Who", "Home", "Role", "Since", "Later"],
]
KEYS = tuple("abcdefgh")
HOMES = {"Ada": "Bay", "Ben": "Cove", "Cleo": ""}

Row = dict[str, str]


@st.composite
def rows(draw: st.DrawFn) -> list[Row]:
    """Rows with keys of their own, which name each other and a few people."""
    table = []
    for key in draw(st.lists(st.sampled_from(KEYS), unique=True, min_size=1)):
        sort, who = draw(st.sampled_from(["wish", "team"])), draw(st.sampled_from([*HOMES, ""]))
        row = {"Sort": sort, "Key": key, "Name": draw(st.sampled_from(["", f"N{key}"])), "Who": who}
        row["Home"] = draw(st.sampled_from(["", HOMES.get(who, "")]))
        row["Role"] = draw(st.sampled_from(["captain", "mate"])) if who else ""
        row["Due"] = draw(st.sampled_from(["", "2026-05-01", "2026-06-01"]))
        for column in ("Needs", "Needed for"):
            row[column] = draw(st.sampled_from(["", *KEYS])) if sort == "wish" else ""
        row["Team"] = draw(st.sampled_from(["", "Na", "nb", "Nobody"])) if sort == "wish" else ""
        row["Since"] = f"2026-01-0{draw(st.integers(1, 9))}"
        row["Later"] = draw(st.sampled_from(["", f"2026-02-0{draw(st.integers(1, 9))}"]))
        table.append(row)
    return table


def batches(
    table: Sequence[Row], size: int, graph: Graph | None, by: Recipe = SHEET
) -> list[Batch]:
    """What a sheet says in portions of so many rows."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "all.csv")
        with path.open("w", encoding="utf-8", newline="") as file:
            out = csv.DictWriter(file, HEADER)
            out.writeheader()
            out.writerows(table)
        told = Findings()
        read = read_folder(
            by,
            path,
            Beforehand(graph=graph, portion=size, now=noon(20)),
            told=told,
            when=since_when_or_none,
        )
        return list(read)


def since_when_or_none(text: str) -> int | None:
    """An instant, or None for no text."""
    return since_when(text) if text else None


class Harbour:
    """A company that takes in sheets."""

    def __init__(self, by: Recipe = SHEET) -> None:
        """Only the model is known; sheets are read by a recipe."""
        self.by = by
        self.store = MemoryStore()
        declared = Batch(changes=(Declare(format_model(MODEL)),), valid=0)
        self.store.append([declared], now=noon(1))

    @property
    def graph(self) -> Graph:
        """The company as it is after all sheets."""
        return build(self.store.log(), Moment(valid=noon(25)))

    def take(self, table: Sequence[Row], size: int) -> int:
        """Take in a sheet in portions of so many rows; how much was new."""
        found = batches(table, size, self.graph, self.by)
        if found:
            self.store.append(found, now=noon(20))
        return sum(len(each.changes) for each in found)


def stands(graph: Graph) -> Mapping[str, object]:
    """Every thing that exists with its fields, and every edge with what it carries."""
    found: dict[str, object] = {
        str(node.ref): dict(node.fields)
        for kind in ("wish", "team", "person")
        for node in graph.of_kind(kind)
    }
    for link in graph.link_names():
        drawn, loose = graph.adjacency(link), graph.dangling(link)
        for sources, targets in ((drawn.sources, drawn.targets), loose):
            ends = zip(graph.refs.gather(sources), graph.refs.gather(targets), strict=True)
            found |= {f"{a} {link} {b}": graph.edge(a, link, b) for a, b in ends}
    return found


MOMENTS = [since_when(day) for day in ("2026-01-05", "2026-02-05", "2026-03-25")]


@settings(max_examples=80, deadline=None)
@given(first=rows(), second=rows(), size=st.integers(1, 4))
def test_portions_of_any_size_leave_the_same_company(
    first: list[Row], second: list[Row], size: int
) -> None:
    whole, parted = Harbour(), Harbour()
    for table in (first, second):
        whole.take(table, 100)
        parted.take(table, size)
        for moment in MOMENTS:
            at = Moment(valid=moment)
            assert stands(parted.graph.at(at)) == stands(whole.graph.at(at))


@settings(max_examples=60, deadline=None)
@given(first=rows(), second=rows(), size=st.integers(1, 4))
def test_a_mention_is_silent_of_what_has_a_record_in_another_portion(
    first: list[Row], second: list[Row], size: int
) -> None:
    whole, parted = Harbour(KNOWN_TEAMS), Harbour(KNOWN_TEAMS)
    for table in (first, second):
        whole.take(table, 100)
        parted.take(table, size)
        assert stands(parted.graph) == stands(whole.graph)
        assert parted.take(table, size + 1) == 0


def test_a_record_of_its_own_is_found_by_its_value_whatever_was_said_of_it_before() -> None:
    """A wish of the team called Na, which another one calls after its home."""
    table = [
        {"Sort": "wish", "Key": "c", "Needs": "a", "Home": "Bay"},
        {"Sort": "wish", "Key": "f", "Team": "Na"},
        {"Sort": "team", "Key": "a", "Name": "Na"},
    ]
    harbour = Harbour(KNOWN_TEAMS)
    harbour.take(table, 1)
    assert "wish/f owned by team/a" in stands(harbour.graph)


@settings(max_examples=60, deadline=None)
@given(table=rows(), size=st.integers(1, 4), other=st.integers(1, 10))
def test_a_sheet_taken_in_twice_changes_nothing(table: list[Row], size: int, other: int) -> None:
    harbour = Harbour()
    harbour.take(table, size)
    assert harbour.take(table, other) == 0


@settings(max_examples=60, deadline=None)
@given(data=st.data(), table=rows(), size=st.integers(1, 4))
def test_the_order_of_rows_does_not_matter(
    data: st.DataObject, table: list[Row], size: int
) -> None:
    one, other = Harbour(), Harbour()
    one.take(table, size)
    other.take(data.draw(st.permutations(table)), size)
    assert stands(other.graph) == stands(one.graph)


def test_a_key_that_stands_twice_is_told_across_portions() -> None:
    table = [{"Sort": "wish", "Key": "a", "Name": name, "Since": "2026-01-01"} for name in "XYZ"]
    harbour = Harbour()
    harbour.take(table, 1)
    titles = {str(node.ref): node.title for node in harbour.graph.of_kind("wish")}
    assert titles == {"wish/a": "X", "wish/a-2": "Y", "wish/a-3": "Z"}
    assert harbour.take(table, 1) == 0


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.tuples(st.sampled_from("abcdefg"), st.integers(0, 9)))))
def test_a_book_finds_every_word_that_was_noted_in_order(
    notes: list[list[tuple[str, int]]],
) -> None:
    book: Book[int] = Book()
    expected: dict[str, tuple[int, ...]] = {}
    for some in notes:
        book.note([text for text, _ in some], [word for _, word in some])
        for text, word in some:
            expected[text] = (*expected.get(text, ()), word)
    assert book.find("abcdefgh") == expected


def test_an_edge_that_both_ends_tell_holds_since_the_first_record_of_it() -> None:
    one = {"Sort": "wish", "Key": "e", "Needed for": "f", "Since": "2026-01-08"}
    other = {"Sort": "wish", "Key": "f", "Needs": "e", "Since": "2026-01-01"}
    for size in (1, 2):
        harbour = Harbour()
        harbour.take([one, other], size)
        before = harbour.graph.at(Moment(valid=since_when("2026-01-05")))
        assert "wish/f needs wish/e" not in stands(before)
        assert "wish/f needs wish/e" in stands(harbour.graph)
