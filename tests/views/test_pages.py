"""Pages of Harbour as text: each was read line by line before it was kept.

`UPDATE_SNAPSHOTS=1 pytest tests/views` writes them anew, for reading again.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.views import harbour, quay

from latticework.surfaces.text import Paper, page_lines
from latticework.views.catalogue import views
from latticework.views.page import Page

SNAPSHOTS = Path(__file__).parent / "snapshots"
TODAY = "2026-06-15T12:00:00Z"

PAGES: dict[str, tuple[str, str, dict[str, object]]] = {
    "ask": ("ask", TODAY, {"query": "bet"}),
    "ask-shown": ("ask", TODAY, {"query": "bet show stage, confidence, cost, labels, serves"}),
    "ask-nothing": ("ask", TODAY, {"query": "bet where stage is dropped"}),
    "thing": ("thing", TODAY, {"ref": "bet/ferry"}),
    "thing-goal": ("thing", TODAY, {"ref": "Reach every island"}),
    "thing-why": ("thing", "2026-04-30", {"ref": "bet/raft"}),
    "thing-past": ("thing", "2025-12-31", {"ref": "bet/ferry"}),
    "thing-retired": ("thing", TODAY, {"ref": "bet/raft"}),
    "kinds": ("kinds", TODAY, {}),
    "kinds-empty": ("kinds", "2025-01-01", {}),
    "tree": ("tree", TODAY, {"start": "goal", "link": "is served by"}),
    "tree-query": ("tree", "2026-06-01", {"query": "goal where title contains calm"}),
    "board": ("board", TODAY, {"query": "bet", "limit": "Building: 1"}),
    "board-lanes": ("board", "2026-06-01", {"query": "bet show cost", "lanes": "serves"}),
    "matrix": ("matrix", "2026-06-01", {"query": "bet", "down": "serves"}),
    "matrix-nothing": ("matrix", TODAY, {"query": "bet where stage is dropped"}),
    "canvas": ("canvas", TODAY, {}),
    "spread": ("spread", "2026-06-01", {"query": "goal", "of": "share of is served by"}),
    "tree-again": ("tree", "2026-06-01", {"start": "goal", "link": "is served by"}),
    "lineage": ("lineage", TODAY, {"ref": "bet/night-ferry"}),
    "lineage-down": ("lineage", TODAY, {"ref": "team/piers"}),
    "feed": ("feed", TODAY, {"rows": 9}),
    "feed-empty": ("feed", TODAY, {"kind": "budget"}),
    "findings": ("findings", TODAY, {}),
    "same-nothing": ("same", TODAY, {}),
    "conflicts-empty": ("conflicts", TODAY, {}),
    "imports-nothing": ("imports", TODAY, {}),
    "findings-capped": ("findings", TODAY, {"each": 1}),
    "model": ("model", TODAY, {}),
    "model-bet": ("model", TODAY, {"kind": "bet"}),
    "rollup": ("rollup", TODAY, {"field": "cost", "along": "is served by+"}),
    "rollup-range": (
        "rollup",
        "2026-06-01",
        {"field": "cost", "along": "is served by+", "mode": "range", "on": "2026-03-01"},
    ),
    "why-rollup": (
        "why",
        "2026-06-01",
        {"ref": "goal/reach", "field": "cost", "along": "is served by+"},
    ),
    "readings-nothing": ("readings", TODAY, {}),
    "flow": ("flow", TODAY, {"query": "bet"}),
    "journeys": ("journeys", TODAY, {"query": "bet"}),
    "journeys-nothing": ("journeys", TODAY, {"query": "bet", "which": "finished"}),
    "ageing": ("ageing", "2026-06-01", {"query": "bet"}),
    "curve-nothing": ("curve", TODAY, {}),
    "scope": ("scope", TODAY, {"since": "2025-12-31", "query": "bet", "along": "serves"}),
    "inbox-nothing": ("inbox", TODAY, {}),
    "map": ("map", TODAY, {"query": "bet"}),
    "timeline": ("timeline", TODAY, {"query": "bet"}),
    "branches": ("branches", TODAY, {}),
    "diff": ("diff", TODAY, {"before": "2025-12-31", "after": "now"}),
    "diff-nothing": ("diff", TODAY, {"before": "2025-02-01", "after": "2025-03-01"}),
}
"""View, day and what was chosen, by the name of the snapshot."""

FIGURES: dict[str, tuple[str, dict[str, object]]] = {
    "readings": ("readings", {}),
    "readings-one": ("readings", {"name": "effort-by-pillar"}),
    "why-reading": ("why", {"reading": "effort-by-pillar", "ref": "pillar/reach"}),
    "why-all": ("why", {"ref": "pillar/reach"}),
    "allocation": ("allocation", {}),
    "journeys-finished": ("journeys", {"query": "project", "which": "finished"}),
    "forecast": ("forecast", {"query": "project", "by": "2026-09-30"}),
    "curve": ("curve", {"query": "bet"}),
    "curve-one": ("curve", {"query": "bet/ferry"}),
    "scoring": ("scoring", {"query": "bet"}),
}
"""View and what was chosen of Quay, which has what those need."""


def page_of(name: str) -> Page:
    if name in FIGURES:
        view, wanted = FIGURES[name]
        return views()[view].build(quay.sight(), wanted)
    view, day, chosen = PAGES[name]
    return views()[view].build(harbour.sight(day), chosen)


def drawn(page: Page, width: int | None) -> str:
    lines = page_lines(page, Paper(width, glyphs=width is not None))
    return "".join(f"{line.plain.rstrip()}\n" for line in lines)


@pytest.mark.parametrize("width", [80, 100])
@pytest.mark.parametrize("name", [*PAGES, *FIGURES])
def test_page_looks_as_it_was_read(name: str, width: int) -> None:
    text = drawn(page_of(name), width)
    path = SNAPSHOTS / f"{name}.{width}.txt"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.write_text(text, encoding="utf-8")
    assert path.exists(), f"no snapshot of {name}: write it with UPDATE_SNAPSHOTS=1, then read it"
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [60, 80, 100])
@pytest.mark.parametrize("name", [*PAGES, *FIGURES])
def test_no_line_is_wider_than_the_terminal(name: str, width: int) -> None:
    lines = page_lines(page_of(name), Paper(width, glyphs=True))
    assert [line.plain for line in lines if line.cell_len > width] == []


@pytest.mark.parametrize("name", [*PAGES, *FIGURES])
def test_pipes_lose_no_character_of_a_cell(name: str) -> None:
    words = drawn(page_of(name), None)
    assert "…" not in words.replace("'…'", "")


@pytest.mark.parametrize("name", [*PAGES, *FIGURES])
def test_every_page_has_data_for_machines(name: str) -> None:
    rows = list(page_of(name).data)
    assert all(isinstance(row, dict) for row in rows)
    assert bool(rows) is not any(word in name for word in ("empty", "nothing", "branches")) or (
        name == "kinds-empty"
    )


def test_every_view_is_drawn_here() -> None:
    drawn_here = {view for view, _, _ in PAGES.values()} | {view for view, _ in FIGURES.values()}
    assert drawn_here == set(views())
