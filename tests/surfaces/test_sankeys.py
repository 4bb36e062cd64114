"""Streams in their drawing: nothing outside, cores inside edges, bars as high as what runs."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from latticework.surfaces.web.sankeys import BAR, LEFT, REACH, RIGHT, plan_of
from latticework.views.blocks import Span
from latticework.views.visuals import Sankey

AMOUNTS = st.floats(0, 1e9)
STREAMS = st.lists(
    st.tuples(st.sampled_from("ab"), st.sampled_from("vwxyz"), AMOUNTS, AMOUNTS), max_size=12
)


def _sankey(streams: list[tuple[str, str, float, float]]) -> Sankey:
    each_once = {(source, target): (low, high) for source, target, low, high in streams}
    return Sankey(
        streams=tuple(
            (Span(source), Span(target, ref=f"goal/{target}"), min(pair), max(pair))
            for (source, target), pair in each_once.items()
        ),
        unit="%",
    )


@given(STREAMS)
def test_everything_lies_in_the_drawing(streams: list[tuple[str, str, float, float]]) -> None:
    plan = plan_of(_sankey(streams))
    if plan is None:
        assert not any(max(low, high) > 0 for *_, low, high in streams)
        return
    for end in (*plan.sources, *plan.targets):
        assert end.y >= 0
        assert end.y + end.height <= plan.height + 0.2
    for ribbon in plan.ribbons:
        across = [float(x) for x in re.findall(r"[MC ](-?[\d.]+) -?[\d.]+", ribbon.edge)]
        assert LEFT + BAR <= min(across) <= max(across) <= RIGHT


@given(STREAMS)
def test_bars_are_as_high_as_what_runs_at_most(
    streams: list[tuple[str, str, float, float]],
) -> None:
    plan = plan_of(_sankey(streams))
    if plan is not None:
        whole = sum(end.height for end in plan.sources)
        assert whole <= REACH + 1.3 * len(plan.sources) + 1


def test_what_is_not_sure_has_an_edge_and_no_core() -> None:
    plan = plan_of(_sankey([("a", "v", 0.0, 40.0), ("a", "w", 20.0, 20.0)]))
    assert plan is not None
    assert [bool(each.core) for each in plan.ribbons] == [False, True]
    assert plan.ribbons[0].says == "a to v: 0–40 %"
    assert [end.span.ref for end in plan.targets] == ["goal/v", "goal/w"]


def test_no_stream_is_no_drawing() -> None:
    assert plan_of(_sankey([])) is None
    assert plan_of(_sankey([("a", "v", 0.0, 0.0)])) is None


def test_the_table_beneath_says_the_same() -> None:
    plan = plan_of(_sankey([("a", "v", 10.0, 40.0)]))
    assert plan is not None
    assert [[cell.text for cell in row] for row in plan.table.rows] == [["a", "v", "10–40"]]
