"""Claims about queries without measure, and about names in any script."""

from __future__ import annotations

import csv
import io
import json
import time
from pathlib import Path

import pytest
from tests.bad_days import yard
from tests.bad_days.yard import Run, kindly, proven

MANY = 10_000
QUERIES = {
    "open": "(" * MANY,
    "both": "wish where " + "(" * MANY + "number = 1" + ")" * MANY,
    "not": "wish where " + "not " * MANY + "number = 1",
    "paths": "wish where " + "needs wish where (" * 2000 + "number = 1" + ")" * 2000,
    "long": "wish where " + " or ".join(f"number = {each}" for each in range(60_000)),
    "word": "x" * 1_000_000,
    "quote": "wish where title is '" + "x" * 1_000_000,
    "lines": "\n" * 1_000_000 + "wish",
}


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_without_measure_is_refused_at_once(
    full_company: Path, run: Run, name: str
) -> None:
    for verb in ("ask", "explain"):
        began = time.process_time()
        told = kindly(run("-C", full_company, verb, QUERIES[name]), "QUERY", "hint: ")
        assert len(told) < 1000, "the query is quoted in part"
        assert time.process_time() - began < 2


def test_parentheses_within_reason_are_understood(full_company: Path, run: Run) -> None:
    query = "wish where " + "(" * 40 + "number = 1" + ")" * 40
    assert "wish/w1" in run("-C", full_company, "ask", query).out
    assert run("-C", full_company, "explain", query).code == 0


NAMES = {
    "japanese": "夜のフェリー",
    "arabic": "عبّارة ليلية",
    "hindi": "रात की नाव",
    "georgian": "ღამის ბორანი",
    "joined": "👩‍👩‍👧 Fähre ÅÅ",
    "combining": "Z̸a̸l̸g̸o̸",
    "quotes": 'it\'s "the" `one` “only” «x»',
    "slashes": "a/b\\c//d/../e",
    "lines": "one\ntwo\r\nthree\tfour\u2028five",
    "formula": "=1+1",
    "comma": 'a,b;c,"d"',
    "markup": "<b>[red]bold[/red]</b> & {{x}}",
    "spaces": "  two  spaces  ",
    "right to left": "\u202eabc\u202c",
    "escape": "\x1b[31mred\x1b[0m",
    "null word": "null",
}


def repository(folder: Path) -> Path:
    """Wishes that are named in every way, in folders of those names where git can."""
    files: dict[str, str | bytes] = {}
    for number, name in enumerate(NAMES.values()):
        texts = {"title": name, "who": f"@{name}"}
        files[f"wishes/n{number}/wish.yaml"] = json.dumps(texts, ensure_ascii=False)
    files["wishes/größe 'x\" 夜/wish.yaml"] = "title: In a folder\n"
    return yard.one_wish(folder, files)


def test_names_in_any_script_come_back_as_they_were(
    company: Path, recipe: Path, tmp_path: Path, run: Run
) -> None:
    said = run("-C", company, "import", recipe, "--from", repository(tmp_path / "r"))
    assert said.code == 0, said
    rows = json.loads(run("-C", company, "ask", "wish show title", "--json").out)
    titles = {row["ref"]: row["title"] for row in rows}
    wanted = {f"wish/n{number}": name for number, name in enumerate(NAMES.values())}
    kept = {ref: title for ref, title in titles.items() if ref in wanted}
    assert kept == wanted

    table = run("-C", company, "ask", "wish show title", "--csv").out
    read = {row["ref"]: row["title"] for row in csv.DictReader(io.StringIO(table, newline=""))}
    # A spreadsheet would take the first of these for a formula.
    assert read == {**titles, "wish/n9": "'" + NAMES["formula"]}
    assert "\x1b" not in run("-C", company, "ask", "wish").out
    proven(company)

    for number in range(len(NAMES)):
        shown = run("-C", company, "show", f"wish/n{number}")
        assert shown.code in (0, 1)
        assert "Traceback" not in shown.out + shown.err
    for form in ("out", "out.zip", "out.jsonl"):
        again = tmp_path / f"again-{form}"
        assert run("-C", company, "export", tmp_path / form).code == 0
        assert run("restore", tmp_path / form, again).code == 0
        assert yard.entries(again) == yard.entries(company)
        proven(again)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_put_by_hand_is_kept_asked_for_and_shown(company: Path, run: Run, name: str) -> None:
    title = NAMES[name]
    assert run("-C", company, "put", "wish/odd", f"title={title}").code == 0
    (row,) = json.loads(run("-C", company, "ask", "wish show title", "--json").out)
    assert row["title"] == title
    shown = json.loads(run("-C", company, "show", "wish/odd", "--json").out)
    assert shown["title"] == title
    assert "\x1b" not in run("-C", company, "show", "wish/odd").out


@pytest.mark.parametrize("ref", ["wish/夜の船", "wish/grösse", "wish/رحلة"])
def test_refs_in_any_script_are_found_again(company: Path, run: Run, ref: str) -> None:
    assert run("-C", company, "put", ref, "title=T").code == 0
    assert ref in run("-C", company, "ask", ref).out
    assert run("-C", company, "show", ref).code == 0
    assert run("-C", company, "explain", ref).code == 0


@pytest.mark.parametrize("ref", ["wish/a\nb", "wish/", "/", "wish/ a", "", "wish/\x00", "\udcff"])
def test_what_is_no_ref_is_told(company: Path, run: Run, ref: str) -> None:
    said = run("-C", company, "put", ref, "title=T")
    assert said.code in (1, 2), said
    kindly(said, "hint: ", code=said.code)
    shown = run("-C", company, "show", ref)
    kindly(shown, "hint: ", code=shown.code)
    assert len(yard.entries(company)) == 1
