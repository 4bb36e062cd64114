"""A recording is what was said: whole pages, in order, and how to go on."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from latticework.base.findings import Refused
from latticework.base.times import parse_instant
from latticework.sources.fetch.fetcher import Page
from latticework.sources.fetch.recording import (
    Recording,
    add,
    begin,
    find_recording,
    find_unfinished,
    prune,
    recordings,
    write,
)

NOW = parse_instant("2026-05-04T09:00:00Z")
DAY = 86_400_000_000


def test_what_is_written_is_found_again(tmp_path: Path) -> None:
    made = _with_pages(begin(_made(tmp_path)), 2)
    write(replace(made, finished=NOW + 5_000_000))
    found = find_recording(made.folder)
    assert found == replace(made, finished=NOW + 5_000_000)
    assert found is not None
    assert found.whole


def test_a_line_that_was_cut_off_does_not_count(tmp_path: Path) -> None:
    made = _with_pages(begin(_made(tmp_path)), 2)
    lines = made.folder / "pages.jsonl"
    lines.write_text(lines.read_text()[:-5])
    found = find_recording(made.folder)
    assert found is not None
    assert (found.pages, found.position) == (1, "after 1")


def test_only_the_same_question_is_gone_on_with(tmp_path: Path) -> None:
    made = _with_pages(begin(_made(tmp_path)), 1)
    like = _made(tmp_path)
    assert find_unfinished(tmp_path, like) == made
    assert find_unfinished(tmp_path, replace(like, settings={"site": "other"})) is None
    assert find_unfinished(tmp_path, replace(like, since=NOW)) is None
    assert find_unfinished(tmp_path, replace(like, without=("email",))) is None
    assert find_unfinished(tmp_path, replace(like, started=NOW + 4 * DAY)) is None
    write(replace(made, finished=NOW))
    assert find_unfinished(tmp_path, like) is None


def test_two_recordings_of_one_second_have_folders_of_their_own(tmp_path: Path) -> None:
    first, second = begin(_made(tmp_path)), begin(_made(tmp_path))
    assert first.folder != second.folder
    assert [each.folder for each in recordings(tmp_path)] == [first.folder, second.folder]


def test_fields_that_are_not_wanted_are_nowhere(tmp_path: Path) -> None:
    made = begin(replace(_made(tmp_path), without=("emailAddress",)))
    ada = {"displayName": "Ada", "emailAddress": "ada@harbour.example"}
    add(made, Page(body=[{"by": ada, "seen": [ada]}], things=1, position=""), (), hide=str)
    text = (made.folder / "0001.json").read_text()
    assert json.loads(text) == [{"by": {"displayName": "Ada"}, "seen": [{"displayName": "Ada"}]}]


def test_half_a_letter_is_kept_as_it_was_written(tmp_path: Path) -> None:
    made = begin(_made(tmp_path))
    add(made, Page(body=json.loads('["\\ud83d", "ß"]'), things=1, position=""), (), hide=str)
    assert (made.folder / "0001.json").read_text() == '["\\ud83d","ß"]\n'


def test_the_newest_stay_and_the_last_whole_one(tmp_path: Path) -> None:
    whole = begin(_made(tmp_path))
    write(replace(whole, finished=NOW))
    for day in range(1, 6):
        part = begin(replace(_made(tmp_path), started=NOW + day * DAY, since=NOW))
        write(replace(part, finished=NOW + day * DAY))
    unfinished = begin(replace(_made(tmp_path), started=NOW + 6 * DAY, since=NOW))
    gone = prune(tmp_path, keep=2)
    left = [each.folder for each in recordings(tmp_path)]
    assert len(gone) == 3
    assert left[0] == whole.folder
    assert left[-1] == unfinished.folder
    assert len(left) == 4


def test_a_folder_of_something_else_is_no_recording(tmp_path: Path) -> None:
    assert find_recording(tmp_path) is None
    (tmp_path / "recording.yaml").write_text("fetcher: [")
    assert find_recording(tmp_path) is None
    (tmp_path / "recording.yaml").write_text("just text")
    assert find_recording(tmp_path) is None


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Refused) as told:
        begin(replace(_made(tmp_path), folder=tmp_path / "file"))
    assert told.value.findings[0].code == "FETCH031"


def _made(folder: Path) -> Recording:
    return Recording(
        folder=folder,
        source="pier",
        fetcher="jira",
        reads_as="jira",
        settings={"site": "https://h.example", "project": ("PIER", "DESK"), "page size": 100},
        token="JIRA_TOKEN",
        started=NOW,
    )


def _with_pages(recording: Recording, count: int) -> Recording:
    for number in range(1, count + 1):
        page = Page(body=[number], things=2, position=f"after {number}")
        begun = replace(recording, begun=NOW + 1)
        recording = add(begun, page, ("GET /a", "GET /b"), hide=str)
    return recording
