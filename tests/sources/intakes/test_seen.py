"""Records that were seen before are left out, and nobody can tell but by the clock."""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sources.harbour import MODEL, recipe
from tests.sources.intakes.test_portions import KNOWN_TEAMS, SHEET

from latticework.base.findings import Refused
from latticework.journal.changes import Change, Connect, Put, Retire
from latticework.model.format import format_model
from latticework.sources.intakes.intake import Beforehand
from latticework.sources.intakes.portions import stands_alone
from latticework.sources.intakes.seen import Sights
from latticework.workspace.importing import Imported
from latticework.workspace.workspace import Workspace

WISHES = """
recipe: wishes
reads: "*.csv"
kinds:
  wish:
    key: key
    where: {sort: wish}
    fields: {title: name, due: due}
    links: {owned by: {team: team}}
  team:
    key: key
    where: {sort: team}
    fields: {title: name}
"""
HEADER = ["sort", "key", "name", "due", "team"]
KEYS = tuple("abcde")

Row = dict[str, str]
Step = Sequence[Row] | Change


@st.composite
def rows(draw: st.DrawFn) -> list[Row]:
    """Rows in any order, some with a key that another one has."""
    return draw(
        st.lists(
            st.fixed_dictionaries(
                {
                    "sort": st.sampled_from(["wish", "wish", "team"]),
                    "key": st.sampled_from(KEYS),
                    "name": st.sampled_from(["", "One", "Two"]),
                    "due": st.sampled_from(["", "2026-05-01", "soon"]),
                    "team": st.sampled_from(["", *KEYS]),
                }
            ),
            min_size=1,
            max_size=7,
        )
    )


refs = st.sampled_from([f"{kind}/{key}" for kind in ("wish", "team") for key in KEYS])
edits = st.one_of(
    st.builds(Put, refs, st.just({"title": "Ours"})),
    st.builds(Retire, refs),
    st.builds(
        Connect,
        refs.filter(lambda ref: ref < "w"),
        st.just("works with"),
        refs,
    ),
)


class Company:
    """A company that takes in sheets, with a memory of them or without."""

    def __init__(self, room: Path, *, remembers: bool) -> None:
        """Nothing was taken in yet."""
        room.mkdir()
        self.room = room
        self.remembers = remembers
        self.workspace = Workspace.init(room / "company", model_text=format_model(MODEL))
        (room / "wishes.recipe.yaml").write_text(WISHES)

    def take(self, table: Sequence[Row]) -> Imported:
        """Take in a sheet."""
        with (self.room / "all.csv").open("w", encoding="utf-8", newline="") as file:
            out = csv.DictWriter(file, HEADER)
            out.writeheader()
            out.writerows(table)
        if not self.remembers:
            for kept in self.kept():
                (kept / "contents.json").unlink()
        return self.workspace.import_recipe(self.room / "wishes.recipe.yaml", self.room / "all.csv")

    def kept(self) -> list[Path]:
        """The folders in which something is remembered."""
        return sorted((self.workspace.folder.cache).glob("seen-*"))

    def stands(self) -> Mapping[str, object]:
        """Every thing with its fields, and every edge."""
        graph = self.workspace.graph()
        found: dict[str, object] = {
            str(node.ref): dict(node.fields)
            for kind in ("wish", "team")
            for node in graph.of_kind(kind)
        }
        for link in graph.link_names():
            drawn, loose = graph.adjacency(link), graph.dangling(link)
            for sources, targets in ((drawn.sources, drawn.targets), loose):
                ends = zip(graph.refs.gather(sources), graph.refs.gather(targets), strict=True)
                found |= dict.fromkeys(f"{a} {link} {b}" for a, b in ends)
        return found


def outcome(imported: Imported) -> object:
    """What an import says that it did."""
    told = sorted((each.code, each.place.line, each.says) for each in imported.findings)
    return imported.changes, imported.kinds, told


@settings(max_examples=12, deadline=None)
@given(
    steps=st.lists(st.one_of(rows(), rows(), st.just("again"), edits), min_size=2, max_size=5),
    size=st.integers(1, 9),
)
def test_what_was_seen_changes_nothing_of_what_an_import_does(
    steps: list[Step | str], size: int
) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setitem(Beforehand.__init__.__kwdefaults__, "portion", size)
        one = Company(Path(folder, "one"), remembers=True)
        other = Company(Path(folder, "other"), remembers=False)
        last: Sequence[Row] = [dict.fromkeys(HEADER, "")]
        for step in steps:
            if isinstance(step, Change):
                with suppress(Refused):
                    one.workspace.append([step])
                    other.workspace.append([step])
                continue
            last = last if isinstance(step, str) else step
            assert outcome(one.take(last)) == outcome(other.take(last))
            assert one.stands() == other.stands()


def table(count: int) -> list[Row]:
    """So many wishes of one team."""
    return [
        {"sort": "wish", "key": f"w-{n}", "name": f"Wish {n}", "due": "", "team": "crew"}
        for n in range(count)
    ]


def fresh(company: Company, rows: Sequence[Row], patch: pytest.MonkeyPatch) -> int:
    """How many records of a sheet had to be read."""
    counts = []
    note = Sights.note

    def counted(self: Sights, *said: object) -> None:
        note(self, *said)  # type: ignore[arg-type]
        counts.append(self.fresh)

    with patch.context() as within:
        within.setattr(Sights, "note", counted)
        company.take(rows)
    return counts[-1]


def test_only_what_differs_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    company = Company(tmp_path / "one", remembers=True)
    said = table(20)
    assert fresh(company, said, monkeypatch) == 20
    assert fresh(company, said, monkeypatch) == 0
    said[3] = {**said[3], "name": "Another"}
    assert fresh(company, [*said[:7], *said[8:], *table(22)[20:]], monkeypatch) == 3
    company.workspace.append([Put("wish/w-5", {"title": "Ours"})])
    assert fresh(company, said, monkeypatch) == 2  # what somebody edited, and what is back
    company.workspace.append([Put("team/crew", {"title": "The crew"})])
    assert fresh(company, said, monkeypatch) == 20


def test_other_words_are_read_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    company = Company(tmp_path / "one", remembers=True)
    company.take(table(5))
    text = WISHES.replace("due: due", "due: due, body: name")
    (company.room / "wishes.recipe.yaml").write_text(text)
    assert fresh(company, table(5), monkeypatch) == 5
    assert company.workspace.graph().node("wish/w-1").fields["body"] == "Wish 1"


def test_what_is_damaged_or_of_another_journal_is_read_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = Company(tmp_path / "one", remembers=True)
    company.take(table(5))
    (kept,) = company.kept()
    data = (kept / "0-rows.arrow").read_bytes()
    (kept / "0-rows.arrow").write_bytes(data[:-40] + bytes(40))
    assert fresh(company, table(5), monkeypatch) == 5
    contents = json.loads((kept / "contents.json").read_text())
    (kept / "contents.json").write_text(json.dumps({**contents, "digest": "0" * 64}))
    assert fresh(company, table(5), monkeypatch) == 5
    assert fresh(company, table(5), monkeypatch) == 0


def test_a_redaction_forgets_what_was_seen(tmp_path: Path) -> None:
    company = Company(tmp_path / "one", remembers=True)
    company.take(table(5))
    entry = company.workspace.graph().history("wish/w-1")[0].number
    company.workspace.redact([entry], by="ada", why="asked for")
    assert company.kept() == []


def test_records_that_depend_on_others_are_never_left_out() -> None:
    assert stands_alone(recipe(WISHES))
    assert not stands_alone(SHEET)
    assert not stands_alone(KNOWN_TEAMS)
    assert not stands_alone(recipe(WISHES.replace("{team: team}", "{team: team, by: title}")))
