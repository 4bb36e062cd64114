"""What came in from sources is told import by import."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.views import harbour

from latticework.base.findings import Refused
from latticework.base.times import DAY_MICROSECONDS, Moment, parse_instant
from latticework.journal.changes import Batch, Put, Via
from latticework.journal.memory import MemoryStore
from latticework.journal.tellers import CONTINUED, JOIN, MODEL
from latticework.views.catalogue import views
from latticework.views.sight import Sight

MONDAY = parse_instant("2026-06-01T09:00:00Z")
Data = dict[str, object]


def seen(store: MemoryStore, known: int = 2**62) -> Sight:
    graph = harbour.graph().at(Moment(valid=harbour.NOW, known=known))
    return replace(harbour.sight(), graph=graph, headings=store.headings)


def told(store: MemoryStore, known: int = 2**62, **chosen: str) -> list[Data]:
    return list(views()["imports"].build(seen(store, known), chosen).data)


def say(
    store: MemoryStore, source: str, why: str, now: int, *, undoes: int = 0, revision: str = ""
) -> None:
    via = Via(source, revision=revision)
    change = Put(f"bet/{len(store.headings())}", {"title": "Raft"}, via=via)
    made = Batch(changes=(change,), by="ada", why=why, source=source, undoes=undoes)
    store.append([made], now=now)


def days(count: int) -> int:
    return MONDAY + count * DAY_MICROSECONDS


def test_portions_of_one_import_are_one_line_whatever_others_bring_in_between() -> None:
    """A long sheet came in while a calendar did."""
    store = MemoryStore()
    say(store, "sheet", "what sheet says", days(0))
    say(store, "calendar", "what calendar says", days(1))
    say(store, "sheet", "what sheet says" + CONTINUED, days(1))
    say(store, "sheet", "what sheet says", days(2))
    found = [(each["source"], each["batches"], each["entries"]) for each in told(store)]
    assert found == [("sheet", [4, 4], 1), ("calendar", [2, 2], 1), ("sheet", [1, 3], 2)]


def test_commits_of_one_reading_are_one_line() -> None:
    """A history of three commits, and a fourth a day later."""
    store = MemoryStore()
    for second, words in enumerate(("Add a pier", "Paint it", "Light it")):
        say(store, "history", words, days(0) + second * 1_000_000, revision=f"a{second}")
    say(store, "history", "Mend it", days(1), revision="a3")
    assert [each["batches"] for each in told(store)] == [[4, 4], [1, 3]]


def test_what_is_no_history_goes_on_only_where_it_says_so() -> None:
    """Two imports of one sheet within a second."""
    store = MemoryStore()
    for second in range(2):
        say(store, "sheet", "what sheet says", days(0) + second * 1_000_000)
    assert [each["batches"] for each in told(store)] == [[2, 2], [1, 1]]


def test_what_people_write_and_the_model_and_joins_are_no_imports() -> None:
    store = MemoryStore()
    for source in ("", MODEL, JOIN):
        say(store, source, "by hand", days(0))
    assert told(store) == []


def test_an_import_is_taken_back_once_each_of_its_batches_is() -> None:
    """The second half was taken back a day after the first."""
    store = MemoryStore()
    say(store, "sheet", "what sheet says", days(0))
    say(store, "sheet", "what sheet says" + CONTINUED, days(0))
    say(store, "", "undo of batch 1", days(1), undoes=1)
    assert [each["undone"] for each in told(store)] == [None]
    say(store, "", "undo of batch 2", days(2), undoes=2)
    assert [each["undone"] for each in told(store)] == ["2026-06-03T09:00:00Z"]


def test_one_source_and_so_many_lines_can_be_asked_for() -> None:
    store = MemoryStore()
    for number in range(4):
        say(store, ("sheet", "calendar")[number % 2], "what it says", days(number))
    assert [each["batches"] for each in told(store, source="sheet")] == [[3, 3], [1, 1]]
    assert [each["batches"] for each in told(store, rows="1")] == [[4, 4]]


def test_a_source_that_never_was_is_refused_with_those_that_were() -> None:
    store = MemoryStore()
    assert told(store, source="jirra") == []
    for number, source in enumerate(("jira", "sheet")):
        say(store, source, "what it says", days(number))
    with pytest.raises(Refused) as refused:
        told(store, source="jirra")
    (finding,) = refused.value.findings
    assert (finding.code, finding.hint) == ("VIEW042", "did you mean 'jira'?")
    with pytest.raises(Refused, match="there are 'jira', 'sheet'"):
        told(store, source="wiki")


def test_what_came_in_later_was_not_known_then() -> None:
    store = MemoryStore()
    for number in range(2):
        say(store, "sheet", "what sheet says", days(number))
    assert [each["batches"] for each in told(store, known=days(0))] == [[1, 1]]
