"""What a company gave out as a table comes in again as what it was."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.sources.companies import everything

from latticework.base.times import instant_of
from latticework.journal.changes import Change, Put
from latticework.surfaces.data import csv_lines, json_lines
from latticework.surfaces.out.sheet import sheet_of
from latticework.workspace import Workspace
from latticework.workspace.bringing import bring, draft_of_file

MODEL = """
company: Harbour
kinds:
  pillar: {family: intent, many: pillars, fields: {says: text}}
  night bet:
    family: intent
    many: night bets
    fields: {says: text, tags: text many, cost: money, share: ratio, due: day, size: number}
    stages: {Idea: proposed, Running: active, Done: done}
"""
LETTERS = st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"])
TEXTS = st.one_of(
    st.text(LETTERS, min_size=1, max_size=8),
    st.sampled_from(["=1+1", "-3", "+49 30", "@ada", 'a "b", c', "two\nlines", "'tis", "a; b"]),
)
TAGS = st.lists(st.text(LETTERS, min_size=1, max_size=6).filter(lambda t: ";" not in t), max_size=3)
THINGS = st.fixed_dictionaries(
    {"title": TEXTS},
    optional={
        "says": TEXTS,
        "tags": TAGS.map(tuple).filter(bool),
        "cost": st.sampled_from(["EUR 2k–5k", "USD 3", "about EUR 1M"]),
        "share": st.sampled_from(["40%", "10–30%", "unknown"]),
        "due": st.sampled_from(["2026-Q4", "2026-02-03", "2026-01–2026-03"]),
        "size": st.sampled_from(["-3", "2.5", "2–5"]),
        "stage": st.sampled_from(["Idea", "Running", "Done"]),
    },
)


@st.composite
def companies(draw: st.DrawFn) -> tuple[Change, ...]:
    """Bets of any sort, and a few pillars."""
    bets = draw(st.lists(THINGS, min_size=1, max_size=6))
    pillars = draw(st.lists(TEXTS, max_size=2))
    told = [Put(f"night-bet/b-{n}", fields) for n, fields in enumerate(bets)]
    return (*told, *(Put(f"pillar/p-{n}", {"title": each}) for n, each in enumerate(pillars)))


def given_out(harbour: Workspace, folder: Path) -> tuple[Path, ...]:
    """The tables of an export, and both kinds as a question gives them in CSV and JSON."""
    harbour.export(folder / "out")
    told = harbour.ask("night bet show title, says, tags, cost, share, due, size, stage").to_dicts()
    (folder / "asked.csv").write_text("\r\n".join(csv_lines(told)), "utf-8", newline="")
    (folder / "asked.json").write_text("\n".join(json_lines(told)), "utf-8")
    tables = sorted((folder / "out" / "things").glob("*.csv"))
    return (*tables, folder / "asked.csv", folder / "asked.json")


@settings(
    max_examples=6,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(told=companies())
def test_a_table_that_was_given_out_changes_nothing_and_fills_a_company_that_is_empty(
    told: tuple[Change, ...], tmp_path_factory: pytest.TempPathFactory
) -> None:
    room = tmp_path_factory.mktemp("co")
    clock = lambda: instant_of(datetime(2026, 5, 1, tzinfo=UTC))  # noqa: E731
    with Workspace.init(room / "co", model_text=MODEL, clock=clock) as harbour:
        harbour.append(told)
        for table in given_out(harbour, room):
            drafted = draft_of_file(harbour, table)
            assert not drafted.words
            recipe = drafted.recipe.replace("recipe: ", f"recipe: {table.suffix[1:]}-", 1)
            assert not bring(harbour, recipe, "", table).imported.changes, table.name
        with Workspace.init(room / "new", model_text=MODEL, clock=clock) as other:
            for table in sorted((room / "out" / "things").glob("*.csv")):
                bring(other, draft_of_file(other, table).recipe, "", table)
            assert everything(other.graph()) == everything(harbour.graph())


def test_a_table_of_several_kinds_is_told_apart_by_its_kinds(tmp_path: Path) -> None:
    table = tmp_path / "both.csv"
    table.write_text("ref,kind,title\nnight-bet/b,night bet,Barge\npillar/p,pillar,Reach\n")
    with Workspace.init(tmp_path / "co", model_text=MODEL) as harbour:
        harbour.append([Put("night-bet/b", {"title": "Boat"}), Put("pillar/p", {"title": "Reach"})])
        bring(harbour, draft_of_file(harbour, table).recipe, "", table)
        assert {ref: told[0]["title"] for ref, told in everything(harbour.graph()).items()} == {
            "night-bet/b": "Barge",
            "pillar/p": "Reach",
        }


def test_of_a_workbook_that_was_given_out_only_its_rows_are_things(tmp_path: Path) -> None:
    book = tmp_path / "asked.xlsx"
    with Workspace.init(tmp_path / "co", model_text=MODEL) as harbour:
        harbour.append([Put("night-bet/b", {"title": "Boat", "cost": "EUR 2k–5k"})])
        told = harbour.ask("night bet show title, cost").to_dicts()
        about = [("Asked", "night bet"), ("Company", "Harbour")]
        book.write_bytes(sheet_of("Bets", told, about, model=harbour.model))
        drafted = draft_of_file(harbour, book)
        assert not drafted.words
        assert not bring(harbour, drafted.recipe, "", book).imported.changes
