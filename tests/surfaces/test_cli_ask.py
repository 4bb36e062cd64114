"""Asking from the command line: what is printed, and how it ends."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest
from tests.surfaces.trying import Run

READING = {
    "ask": ("ask", "bet show stage, cost"),
    "show": ("show", "bet/ferry"),
    "diff": ("diff", "2025-02-01", "now"),
    "check": ("check",),
    "kinds": ("kinds",),
    "tree": ("tree", "goal", "is served by"),
    "lineage": ("lineage", "bet/ferry"),
    "feed": ("feed",),
    "model show": ("model", "show"),
    "branch list": ("branch", "list"),
}


@pytest.mark.parametrize("words", READING.values(), ids=list(READING))
def test_every_reading_command_draws_json_csv_and_a_past_day(
    words: tuple[str, ...], company: Path, run: Run
) -> None:
    drawn, past = run("-C", company, *words), run("-C", company, *words, "--at", "2026-04-01")
    assert (drawn.code, past.code) in {(0, 0), (1, 1)}
    assert drawn.out.strip()
    assert drawn.err == ""
    as_json = run("-C", company, *words, "--json")
    assert isinstance(json.loads(as_json.out), list | dict)
    as_csv = run("-C", company, *words, "--csv")
    assert as_json.err == as_csv.err == ""
    known = run("-C", company, *words, "--known", "2025-10-01", "--branch", "main")
    assert known.err == ""


def test_rows_are_objects_with_ref_kind_title_and_what_was_shown(company: Path, run: Run) -> None:
    said = run("-C", company, "ask", "bet show stage, cost sort by title", "--json")
    rows = json.loads(said.out)
    assert [list(row) for row in rows] == [["ref", "kind", "title", "stage", "cost"]] * 3
    assert rows[-1] == {
        "ref": "bet/night-ferry",
        "kind": "bet",
        "title": "Night ferry",
        "stage": "Building",
        "cost": "55k",
    }


def test_csv_has_the_same_columns(company: Path, run: Run) -> None:
    said = run("-C", company, "ask", "bet show stage sort by title", "--csv")
    rows = list(csv.reader(io.StringIO(said.out)))
    assert rows[0] == ["ref", "kind", "title", "stage"]
    assert rows[1][0] == "bet/bridge"


def test_a_query_needs_no_quotes_unless_the_shell_does(company: Path, run: Run) -> None:
    said = run("-C", company, "ask", "bet", "where", "stage", "is", "Building", "--json")
    assert [row["ref"] for row in json.loads(said.out)] == ["bet/night-ferry"]


def test_a_thing_is_found_by_former_ref_title_and_beginning(company: Path, run: Run) -> None:
    for words in ("bet/ferry", "Night ferry", "night FERRY", "bet/night"):
        said = run("-C", company, "show", words, "--json")
        assert json.loads(said.out)["ref"] == "bet/night-ferry", words


def test_show_for_machines_has_links_both_ways_and_history(company: Path, run: Run) -> None:
    thing = json.loads(run("-C", company, "show", "goal/reach", "--json").out)
    back = thing["links"]["is served by"]
    assert {"ref": "goal/calm", "title": "Calm mornings"} in back
    served = next(each for each in back if each["ref"] == "bet/night-ferry")
    assert served["carries"] == {"share": "60%", "why": "the only route"}
    first = thing["history"][0]
    assert (first["by"], first["why"], first["change"]) == ("ada", "the first plan", "put")
    assert first["valid"] == "2025-01-10T00:00:00Z"


def test_a_past_day_is_told_and_answers_as_it_was(company: Path, run: Run) -> None:
    said = run("-C", company, "show", "bet/ferry", "--at", "2025-06-01", "--json")
    thing = json.loads(said.out)
    assert (thing["ref"], thing["stage"]) == ("bet/ferry", "Discovery")
    drawn = run("-C", company, "show", "bet/ferry", "--at", "2025-06-01")
    assert "as of 2025-06-01" in drawn.out


def test_what_was_known_then_leaves_out_what_was_recorded_later(company: Path, run: Run) -> None:
    said = run("-C", company, "ask", "bet", "--known", "2025-02-01", "--json")
    assert [row["ref"] for row in json.loads(said.out)] == ["bet/ferry"]


def test_errors_found_end_with_one_and_warnings_with_zero(own_company: Path, run: Run) -> None:
    said = run("-C", own_company, "check")
    assert said.code == 1
    assert "'eleven'" in said.out
    run("-C", own_company, "put", "bet/night-ferry", "gut=9")
    run("-C", own_company, "disconnect", "bet/bridge", "serves", "goal/away")
    mended = run("-C", own_company, "check", "--severity", "error", "--json")
    assert (mended.code, mended.out) == (0, "[]\n")


def test_a_query_is_explained_in_words(company: Path, run: Run) -> None:
    said = run("-C", company, "explain", "bet where stage is active")
    assert said.code == 0
    assert "active" in said.out


def test_rows_left_out_are_counted(company: Path, run: Run) -> None:
    said = run("-C", company, "ask", "any", "--rows", "2")
    assert "2 of 7 shown; --rows 0 shows all" in said.out


def test_a_delta_can_be_told_in_sentences(company: Path, run: Run) -> None:
    said = run("-C", company, "diff", "2025-12-31", "now", "--told")
    assert "Bet ‘Raft races’ is gone." in said.out


WRONG = {
    "an unknown word": (["ask", "bett"], 1, "did you mean 'bet'"),
    "an unknown field": (["ask", "bet where confidense > 3"], 1, "did you mean 'confidence'?"),
    "a query cut short": (["ask", "bet where (stage is active"], 1, "^"),
    "a bad day": (["ask", "bet", "--at", "tomorow"], 2, "neither a day nor an instant"),
    "an unknown branch": (["ask", "bet", "--branch", "nope"], 1, "'nope'"),
    "an unknown ref": (["show", "bet/bridgge"], 1, "did you mean bet/bridge?"),
    "an unknown kind": (["show", "bett/bridge"], 1, "did you mean 'bet'?"),
    "an unknown phrase": (["tree", "goal", "servs"], 1, "did you mean 'serves'?"),
    "an unknown start": (["tree", "gaol"], 1, "did you mean 'goal'?"),
    "a family that is none": (["kinds", "--family", "intend"], 1, "did you mean 'intent'?"),
    "a severity that is none": (["check", "--severity", "bad"], 1, "one of notice"),
    "a bad day in a delta": (["diff", "yesterdy", "now"], 2, "2026-03-01"),
    "no query": (["ask"], 2, "latticework ask --help"),
    "no ref": (["lineage"], 2, "latticework lineage --help"),
    "an unknown command": (["shwo", "bet/a"], 2, "did you mean 'show'?"),
    "an unknown option": (["ask", "bet", "--jsn"], 2, "--json"),
    "two forms at once": (["ask", "bet", "--json", "--csv"], 2, "exclude each other"),
    "a kind that is none": (["model", "show", "bett"], 1, "did you mean 'bet'?"),
    "a number that is none": (["feed", "--rows", "many"], 2, "'many'"),
}


@pytest.mark.parametrize(("words", "code", "hint"), WRONG.values(), ids=list(WRONG))
def test_wrong_input_is_told_kindly(
    words: list[str], code: int, hint: str, company: Path, run: Run
) -> None:
    said = run("-C", company, *words)
    assert said.code == code
    assert hint in said.err
    assert "Traceback" not in said.err
    assert said.out == ""


def test_a_finding_points_into_the_query(company: Path, run: Run) -> None:
    lines = run("-C", company, "ask", "bet where sise > 3").err.splitlines()
    spot = next(place for place, line in enumerate(lines) if "bet where sise > 3" in line)
    assert lines[spot].index("sise") == lines[spot + 1].index("^^^^")


def test_no_company_says_how_to_begin_one(tmp_path: Path, run: Run) -> None:
    said = run("-C", tmp_path / "nowhere", "kinds")
    assert said.code == 1
    assert "latticework init" in said.err


def test_the_company_is_found_from_below(
    company: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = company / ".latticework" / "cache"
    inner.mkdir(exist_ok=True)
    monkeypatch.chdir(inner)
    assert run("ask", "goal", "--json").code == 0


@pytest.mark.parametrize(
    "words", [("check",), ("feed",), ("lineage", "bet/ferry"), ("show", "bet/ferry")]
)
def test_rows_about_things_say_ref_kind_and_title(
    words: tuple[str, ...], company: Path, run: Run
) -> None:
    read = json.loads(run("-C", company, *words, "--json").out)
    rows = [read] if isinstance(read, dict) else read
    named = [row for row in rows if row["ref"]]
    assert named
    assert all({"ref", "kind", "title"} <= set(row) for row in named)
    assert all(row["ref"].startswith(f"{row['kind']}/") for row in named)


def test_show_says_where_each_value_came_from(company: Path, run: Run) -> None:
    read = json.loads(run("-C", company, "show", "bet/night-ferry", "--json").out)
    assert set(read["said"]) >= set(read["fields"]) - {"ref"}
    assert read["said"]["cost"]["entry"] > read["said"]["title"]["entry"]
    drawn = run("-C", company, "show", "bet/night-ferry", "--sources")
    assert f"entry {read['said']['cost']['entry']}" in drawn.out
    assert "· entry" not in run("-C", company, "show", "bet/night-ferry").out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("check", "--rule", "BET999"), "no rule has the code 'BET999'"),
        (("feed", "--kind", "boot"), "no kind 'boot'"),
        (("tree", "boot"), "no kind 'boot'"),
    ],
)
def test_a_word_that_names_nothing_is_said_not_answered_with_nothing(
    words: tuple[str, ...], says: str, company: Path, run: Run
) -> None:
    said = run("-C", company, *words)
    assert said.code == 1
    assert says in said.err


def test_explain_and_verify_speak_to_programs_too(run: Run, company: Path) -> None:
    told = json.loads(run("-C", company, "explain", "bet", "--json").out)
    assert told["query"] == "bet"
    assert "bet" in told["says"].casefold()
    proof = json.loads(run("-C", company, "verify", "--json").out)
    assert (proof["holds"], proof["findings"]) == (True, [])
    assert proof["entry"] > 0


@pytest.mark.parametrize("words", READING.values(), ids=list(READING))
def test_every_reading_command_is_taken_as_markdown_and_sheet(
    words: tuple[str, ...], company: Path, run: Run, tmp_path: Path
) -> None:
    drawn = run("-C", company, *words, "--md")
    assert drawn.out.startswith("# ")
    assert drawn.err == ""
    file = tmp_path / "page.xlsx"
    said = run("-C", company, *words, "--xlsx", file)
    assert (said.out, said.err, said.code) == ("", "", drawn.code)
    assert "Rows" in openpyxl.load_workbook(file).sheetnames


def test_a_sheet_of_the_command_line_holds_no_formula(
    own_company: Path, run: Run, tmp_path: Path
) -> None:
    run("-C", own_company, "put", "bet/night-ferry", "title==HYPERLINK(1)")
    file = tmp_path / "bets.xlsx"
    run("-C", own_company, "ask", "bet", "--xlsx", file)
    book = openpyxl.load_workbook(file)
    cells = [each for row in book["Rows"].iter_rows() for each in row]
    assert "=HYPERLINK(1)" in [each.value for each in cells]
    assert not [each for each in cells if each.data_type == "f"]
    about = dict(book["About"].values)
    assert about["Asked"] == "bet"
    assert "Address" not in about


def test_a_drawing_of_the_command_line_is_a_file_or_goes_on(
    company: Path, run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "board.svg"
    assert run("-C", company, "board", "bet", "--svg", file).code == 0
    piped = run("-C", company, "board", "bet", "--svg", "-").out
    assert "Night ferry" in file.read_text()
    assert ElementTree.fromstring(piped).tag.endswith("svg")
    assert piped.strip() == file.read_text().strip()


def test_sql_is_taken_as_a_sheet(company: Path, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "rows.xlsx"
    run("-C", company, "sql", "select title from bet order by title", "--xlsx", file)
    head, first, *_ = openpyxl.load_workbook(file)["Rows"].values
    assert (head, first) == (("title",), ("A bridge",))


def test_what_cannot_be_written_or_drawn_says_so(company: Path, run: Run, tmp_path: Path) -> None:
    nowhere = run("-C", company, "ask", "bet", "--xlsx", tmp_path / "no" / "bets.xlsx")
    assert "OUT005" in nowhere.err
    undrawn = run("-C", company, "ask", "bet", "--svg", tmp_path / "bets.svg")
    assert "OUT004" in undrawn.err
    assert (nowhere.code, undrawn.code) == (1, 1)
    both = run("-C", company, "ask", "bet", "--md", "--csv")
    assert both.code == 2
    assert "--csv and --md exclude each other" in both.err
