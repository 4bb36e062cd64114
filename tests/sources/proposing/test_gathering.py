"""Several files are one sample: alike ones one list, others lists of their own."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.sources.companies import RECORDINGS

from latticework.base.findings import Refused
from latticework.sources.proposing.gathering import gathered, sample_of_folder, told_of_left
from latticework.sources.proposing.sample import Sample, read_sample


def sheets(**texts: str) -> Sample:
    return gathered([read_sample(text.encode(), f"{name}.csv") for name, text in texts.items()])


def test_two_months_of_one_sheet_are_one_list() -> None:
    found = sheets(may="id,name,state\n1,Ferry,on\n", june="id,name,owner\n2,Raft,Ada\n")
    [listed] = found.lists
    assert (listed.count, listed.file, listed.files) == (2, "", ("may.csv", "june.csv"))
    assert listed.seen["name"].count == 2


def test_sheets_of_two_sorts_know_their_files_by_the_name_without_its_date() -> None:
    found = sheets(**{"bets-2026-05": "bet,cost\nFerry,3\n", "goals": "goal,due\nGrow,2026\n"})
    assert [each.file for each in found.lists] == ["bets*.csv", "goals*.csv"]


def test_a_name_that_others_begin_with_stays_whole() -> None:
    found = sheets(bets="bet,cost\nFerry,3\n", bets_done="day,why\n2026,late\n")
    assert [each.file for each in found.lists] == ["bets.csv", "bets_done*.csv"]


def test_lists_of_a_tracker_are_put_together_by_their_place() -> None:
    names = ("rest.json", "graphql.json")
    samples = [read_sample((RECORDINGS / "gitlab" / each).read_bytes(), each) for each in names]
    found = gathered(samples)
    counts = {each.start: each.count for each in found.lists}
    assert counts["issues"] == 3 + 2
    assert len(counts) == len(found.lists)


def test_a_file_of_another_format_is_named_and_left_out() -> None:
    sheet = read_sample(b"id,name\n1,Ferry\n2,Raft\n", "boats.csv")
    other = read_sample(b'[{"id": 1, "name": "Ada"}]', "crew.json")
    found = gathered([other, sheet])
    assert found.form == "csv"
    [finding] = told_of_left(found)
    assert (finding.code, finding.place.file) == ("SOURCE061", "crew.json")


def test_a_folder_without_records_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".hidden.csv").write_text("id,name\n1,Ferry\n", encoding="utf-8")
    with pytest.raises(Refused, match="SOURCE060"):
        sample_of_folder(tmp_path)


def test_notes_that_link_each_other_are_no_sheets() -> None:
    with pytest.raises(Refused, match="SOURCE062") as refused:
        sample_of_folder(RECORDINGS / "vault" / "notes")
    assert "vaults.md" in refused.value.findings[0].hint
