"""A thing's page says which source left it out, since when, and that it is back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.sources.two_sources import (
    ANA,
    ANA_IN_OFFICE,
    MODEL,
    OFFICE,
    TRACKER,
    Clock,
    bring,
    fields,
)

from latticework.graph.absence import Absence, absences_of, is_named
from latticework.journal.changes import Put
from latticework.surfaces.sights import sight_of
from latticework.views.absences import absence_lines, absences_data
from latticework.workspace import Workspace
from latticework.workspace.joining import split

MARKING = TRACKER.replace("key: login", "key: login\n    gone: {town: gone}")
CREW = [{"login": f"p{n}", "name": f"Person No{n}", "mail": f"p{n}@x.eu"} for n in range(5)]


@pytest.fixture
def harbour(tmp_path: Path) -> Iterator[Workspace]:
    """Ana and five more stand in the tracker."""
    with Workspace.init(tmp_path / "co", model_text=MODEL, clock=Clock()) as workspace:
        bring(workspace, TRACKER, people=[ANA, *CREW], wishes=[])
        yield workspace


def absences(workspace: Workspace, ref: str) -> list[tuple[str, bool]]:
    """Sources that left a thing out, and whether they name it again."""
    graph = workspace.graph()
    return [(e.source, e.back is not None) for e in absences_of(graph, graph.history(ref))]


def only(workspace: Workspace, ref: str) -> Absence:
    graph = workspace.graph()
    [found] = absences_of(graph, graph.history(ref))
    return found


def test_a_retirement_by_an_import_tells_who_left_the_thing_out_and_its_return_that_it_is_back(
    harbour: Workspace,
) -> None:
    assert absences(harbour, "person/ana") == []
    bring(harbour, TRACKER, people=CREW, wishes=[])
    assert absences(harbour, "person/ana") == [("tracker", False)]
    batch = harbour.store.batch(only(harbour, "person/ana").gone.batch)
    assert [entry.source for entry in batch] == ["tracker"]
    bring(harbour, TRACKER, people=[ANA, *CREW], wishes=[])
    assert absences(harbour, "person/ana") == [("tracker", True)]
    bring(harbour, TRACKER, people=CREW, wishes=[])
    assert absences(harbour, "person/ana") == [("tracker", False)]


def test_a_mark_tells_it_too_and_so_does_its_end(harbour: Workspace) -> None:
    bring(harbour, MARKING, people=CREW, wishes=[])
    assert fields(harbour, "person/ana")["town"] == "gone"
    assert absences(harbour, "person/ana") == [("tracker", False)]
    bring(harbour, MARKING, people=[ANA, *CREW], wishes=[])
    assert "town" not in fields(harbour, "person/ana")
    assert absences(harbour, "person/ana") == [("tracker", True)]


def test_a_thing_that_another_source_knows_stays_and_tells_who_left_it_out(
    harbour: Workspace,
) -> None:
    bring(harbour, OFFICE, people=[ANA_IN_OFFICE])
    for _ in range(2):
        bring(harbour, TRACKER, people=CREW, wishes=[])
    assert harbour.graph().alive[harbour.graph().id_of("person/ana")]
    assert absences(harbour, "person/ana") == [("tracker", False)]
    head = harbour.store.head().number
    assert not bring(harbour, TRACKER, people=CREW, wishes=[]).changes
    for _ in range(2):
        bring(harbour, TRACKER, people=[ANA, *CREW], wishes=[])
    assert absences(harbour, "person/ana") == [("tracker", True)]
    assert harbour.store.head().number == head + 1


def test_a_thing_that_somebody_edited_stays_and_tells_who_left_it_out(
    harbour: Workspace,
) -> None:
    harbour.append([Put("person/ana", {"town": "Porto"})], by="bea")
    for _ in range(2):
        bring(harbour, TRACKER, people=CREW, wishes=[])
    assert fields(harbour, "person/ana")["town"] == "Porto"
    assert absences(harbour, "person/ana") == [("tracker", False)]
    for _ in range(2):
        bring(harbour, TRACKER, people=[ANA, *CREW], wishes=[])
    assert absences(harbour, "person/ana") == [("tracker", True)]


def test_what_was_split_off_is_not_left_out(harbour: Workspace) -> None:
    bring(harbour, OFFICE, people=[ANA_IN_OFFICE])
    split(harbour, "person/ana", source="office")
    assert not bring(harbour, OFFICE, people=[ANA_IN_OFFICE]).changes
    assert absences(harbour, "person/ana") == []


def test_a_field_that_is_no_more_is_no_absence(harbour: Workspace) -> None:
    bring(harbour, TRACKER, people=[{**ANA, "mail": ""}, *CREW], wishes=[])
    assert "email" not in fields(harbour, "person/ana")
    assert absences(harbour, "person/ana") == []


def test_an_import_that_was_undone_left_nothing_out(harbour: Workspace) -> None:
    bring(harbour, TRACKER, people=CREW, wishes=[])
    receipt = harbour.undo(only(harbour, "person/ana").gone.batch)
    assert absences(harbour, "person/ana") == []
    harbour.undo(receipt.batches[-1])
    assert absences(harbour, "person/ana") == [("tracker", False)]


def test_the_day_before_it_was_left_out_tells_nothing_of_it(harbour: Workspace) -> None:
    number = harbour.store.head().number
    bring(harbour, TRACKER, people=CREW, wishes=[])
    entries = harbour.graph().history("person/ana")
    earlier = harbour.graph(known=harbour.store.numbered([number])[0].known)
    assert absences_of(earlier, entries) == ()
    assert is_named(earlier, entries, "tracker")
    assert not is_named(harbour.graph(), entries, "tracker")


def test_a_source_marks_only_what_it_named(harbour: Workspace) -> None:
    bring(harbour, OFFICE, people=[{"number": "7", "name": "Only Office"}])
    harbour.append([Put("person/bea", {"title": "Bea"})], by="bea")
    bring(harbour, MARKING, people=CREW, wishes=[])
    assert "town" not in fields(harbour, "person/7")
    assert "town" not in fields(harbour, "person/bea")
    assert fields(harbour, "person/ana")["town"] == "gone"


def test_pages_and_data_say_since_when_and_by_which_import(harbour: Workspace) -> None:
    bring(harbour, TRACKER, people=CREW, wishes=[])
    sight = sight_of(harbour)
    entries = sight.graph.history("person/ana")
    [line] = absence_lines(sight, entries)
    assert line.says.startswith("tracker names this no longer, since 2026-06-01")
    assert f"batch {only(harbour, 'person/ana').gone.batch}" in line.says
    [data] = absences_data(sight, entries)
    assert (data["source"], data["back"]) == ("tracker", None)
    bring(harbour, TRACKER, people=[ANA, *CREW], wishes=[])
    sight = sight_of(harbour)
    [line] = absence_lines(sight, sight.graph.history("person/ana"))
    assert line.is_over
    assert line.says.startswith("tracker left this out from 2026-06-01")
