"""What is read once is at hand, and its first records are its first records."""

from __future__ import annotations

from latticework.sources.proposing.held import Held, first_of
from latticework.sources.source import Source, find_source
from latticework.sources.tree import Items, plain

SHEET = b"id,name\nV-1,Ferry\nV-2,Raft\nV-3,Canoe\n"
LISTS = b'{"boats": [{"id": "1"}, {"id": "2"}], "harbour": "Quay"}'


def source(name: str) -> Source:
    found = find_source(name)
    assert found is not None
    return found


def test_what_was_read_is_not_read_again() -> None:
    held = Held()
    first = held.read(source("a.csv"), SHEET)
    assert held.read(source("a.csv"), bytes(SHEET)) is first
    assert held.sample(SHEET, "a.csv") is held.sample(SHEET, "a.csv")


def test_the_least_used_goes_where_room_is_short() -> None:
    held = Held(most_bytes=len(SHEET) + 1)
    first = held.read(source("a.csv"), SHEET)
    held.read(source("a.csv"), SHEET + b"V-4,Dinghy\n")
    assert held.read(source("a.csv"), SHEET) is not first


def test_the_first_records_are_cut_of_each_list_and_the_whole_stays() -> None:
    held = Held()
    some = held.first(1)(source("a.json"), LISTS).tree
    assert plain(some) == {"boats": [{"id": "1"}], "harbour": "Quay"}
    assert held.count(LISTS, "a.json") == 2
    rows = held.read(source("a.csv"), SHEET).tree
    cut = first_of(rows, 2)
    assert isinstance(cut, Items)
    assert len(cut) == 2
    assert held.count(SHEET, "a.csv") == 3


def test_what_cannot_be_read_counts_nothing() -> None:
    assert Held().count(b"{", "a.json") == 0
