"""Geometry of timelines and maps: what is drawn where, in pixels and in characters."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from latticework.base.times import BEGINNING, FOREVER, Instant, parse_instant
from latticework.surfaces.text_timeline import timeline_lines
from latticework.surfaces.web.layers import LINE, layers_of
from latticework.surfaces.web.maps import MOST_DRAWN, plan_of
from latticework.surfaces.web.nearness import nearness_of
from latticework.surfaces.web.timelines import PIXELS, WIDEST, Part, Row
from latticework.surfaces.web.timelines import plan_of as timeline_plan
from latticework.views.visuals import Bar, Dot, Map, Timeline

NOW = parse_instant("2026-06-15T00:00:00Z")
EDGES = st.integers(2, 24).flatmap(
    lambda count: st.tuples(
        st.just(count),
        st.lists(
            st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)),
            max_size=60,
            unique=True,
        ),
    )
)


def _day(text: str) -> Instant:
    return parse_instant(f"{text}T00:00:00Z")


def _bar(begins: tuple[Instant, Instant], ends: tuple[Instant, Instant], **more: object) -> Bar:
    known: dict[str, object] = {"ref": "bet/x", "title": "X", "category": "active", **more}
    return Bar(begins=begins, ends=ends, **known)  # type: ignore[arg-type]


def _timeline(*bars: Bar, **more: object) -> Timeline:
    known = [each for bar in bars for each in (*bar.begins, *bar.ends)]
    known = [each for each in known if BEGINNING < each < FOREVER] or [NOW]
    return Timeline(bars=bars, now=NOW, first=min(known), last=max(known), **more)  # type: ignore[arg-type]


def _parts(row: Row) -> list[str]:
    return [part.sort for part in row.parts]


SHARP = _bar((_day("2026-05-01"),) * 2, (_day("2026-09-01"),) * 2)
FUZZY = _bar((_day("2026-04-01"), _day("2026-06-30")), (_day("2026-10-01"), _day("2027-01-01")))
OPEN = _bar((_day("2026-05-01"),) * 2, (NOW, FOREVER))
POINT = _bar((BEGINNING, BEGINNING), (_day("2026-08-02"), _day("2026-08-02")))
LATE = _bar((_day("2026-01-01"),) * 2, (_day("2026-03-01"),) * 2)


@pytest.mark.parametrize(
    ("bar", "sorts"),
    [
        (SHARP, ["solid"]),
        (FUZZY, ["soft-in", "solid", "soft-out"]),
        (OPEN, ["solid", "soft-out"]),
        (POINT, ["point"]),
        (LATE, ["solid", "late"]),
    ],
)
def test_a_bar_is_soft_where_it_is_not_exact(bar: Bar, sorts: list[str]) -> None:
    assert _parts(timeline_plan(_timeline(bar)).rows[0]) == sorts


def test_a_day_is_as_wide_at_every_place_of_the_scale() -> None:
    (row,) = timeline_plan(_timeline(SHARP, zoom="month")).rows
    assert row.parts[0].width == pytest.approx(123 * PIXELS["month"], abs=0.2)


def test_parts_of_a_bar_meet() -> None:
    parts: tuple[Part, ...] = timeline_plan(_timeline(FUZZY)).rows[0].parts
    for first, then in pairwise(parts):
        assert first.x + first.width == pytest.approx(then.x, abs=0.2)


def test_centuries_are_cut_round_today_and_said_to_be() -> None:
    old = _bar((_day("1200-01-01"),) * 2, (_day("2900-01-01"),) * 2)
    plan = timeline_plan(_timeline(old, zoom="week"))
    assert plan.width <= WIDEST + 1
    assert "it reaches from 1" in plan.cut
    assert plan.now is not None


def test_a_tie_to_a_bar_that_began_too_early_is_told_apart() -> None:
    early = _bar((_day("2026-05-01"),) * 2, (_day("2026-06-01"),) * 2, ref="bet/early")
    late = _bar((_day("2026-10-01"),) * 2, (_day("2026-11-01"),) * 2, ref="bet/late")
    ties = (("bet/x", "bet/early"), ("bet/x", "bet/late"), ("bet/x", "bet/nowhere"))
    plan = timeline_plan(_timeline(SHARP, early, late, ties=ties))
    assert [(tie.target, tie.late) for tie in plan.ties] == [
        ("bet/early", True),
        ("bet/late", False),
    ]


def test_groups_have_headings_with_counts() -> None:
    bars = [_bar(SHARP.begins, SHARP.ends, group=group) for group in ("North", "North", "South")]
    rows = timeline_plan(_timeline(*bars, grouped=True)).rows
    assert [(row.heading, row.count) for row in rows if not row.bar] == [("North", 2), ("South", 1)]


instants = st.integers(_day("1900-01-01"), _day("2200-01-01"))
ends = st.tuples(instants, instants).map(lambda pair: (min(pair), max(pair)))


@given(
    st.one_of(ends, st.just((BEGINNING, BEGINNING))),
    st.one_of(ends, instants.map(lambda when: (when, FOREVER))),
    st.sampled_from(["", *PIXELS]),
)
@settings(max_examples=120, deadline=None)
def test_whatever_is_known_of_a_bar_it_lies_within_the_drawing(
    begins: tuple[Instant, Instant], over: tuple[Instant, Instant], zoom: str
) -> None:
    plan = timeline_plan(_timeline(_bar(begins, over), zoom=zoom))
    for part in plan.rows[0].parts:
        assert part.width >= 0
        assert -200 <= part.x <= plan.width + 200


@given(st.one_of(ends, st.just((BEGINNING, BEGINNING))), ends, st.integers(60, 200))
@settings(max_examples=80, deadline=None)
def test_a_terminal_never_gets_a_line_that_is_too_wide(
    begins: tuple[Instant, Instant], over: tuple[Instant, Instant], width: int
) -> None:
    lines = timeline_lines(_timeline(_bar(begins, over)), width=width, indent=2)
    assert all(line.cell_len <= width for line in lines)
    assert re.search(r"[█▒◆]", lines[1].plain)


def test_characters_are_shaded_where_a_bar_is_not_exact() -> None:
    sure, fuzzy = (
        timeline_lines(_timeline(bar), width=100, indent=2)[1].plain for bar in (SHARP, FUZZY)
    )
    assert "█" in sure
    assert "▒" not in sure
    assert re.search("▒+█+▒+", fuzzy)


# Maps ----------------------------------------------------------------------------------


@given(EDGES)
@settings(max_examples=80, deadline=None)
def test_edges_run_to_the_left_but_those_that_close_a_cycle(
    drawn: tuple[int, list[tuple[int, int]]],
) -> None:
    count, edges = drawn
    found = layers_of([80.0] * count, edges)
    for number, (source, target) in enumerate(edges):
        if source != target and number not in found.against:
            assert found.places[source][0] > found.places[target][0]


@given(EDGES)
@settings(max_examples=80, deadline=None)
def test_dots_of_a_column_keep_their_distance(drawn: tuple[int, list[tuple[int, int]]]) -> None:
    count, edges = drawn
    places = sorted(layers_of([80.0] * count, edges).places)
    for (x1, y1), (x2, y2) in pairwise(places):
        assert x1 != x2 or y2 - y1 >= LINE - 0.5


@given(EDGES)
@settings(max_examples=60, deadline=None)
def test_the_same_network_lies_the_same_and_no_two_dots_on_each_other(
    drawn: tuple[int, list[tuple[int, int]]],
) -> None:
    count, edges = drawn
    places = nearness_of(count, edges)
    assert places == nearness_of(count, edges)
    assert len(set(places)) == count
    assert all(abs(value) < 1e5 for place in places for value in place)


def _map(count: int, edges: tuple[tuple[int, int, str], ...], **more: object) -> Map:
    dots = tuple(
        Dot(ref=f"team/{at}", title=f"Team {at}", kind="team", family="collaboration")
        for at in range(count)
    )
    return Map(dots=dots, edges=edges, **more)  # type: ignore[arg-type]


def test_clusters_do_not_overlap() -> None:
    dots = tuple(
        Dot(ref=f"team/{at}", title=f"T{at}", kind="team", family="intent", group=f"g{at % 3}")
        for at in range(12)
    )
    regions = plan_of(Map(dots=dots, edges=((0, 3, "is"),), clustered="site")).regions
    assert sorted(region.name for region in regions) == ["g0", "g1", "g2"]
    for one in regions:
        for other in regions:
            apart = (
                one is other
                or one.x + one.width <= other.x
                or other.x + other.width <= one.x
                or one.y + one.height <= other.y
                or other.y + other.height <= one.y
            )
            assert apart


def test_a_loop_and_both_edges_of_a_cycle_are_drawn() -> None:
    edges = ((0, 0, "is"), (0, 1, "is"), (1, 0, "is"))
    for layered in (True, False):
        plan = plan_of(_map(2, edges, layered=layered))
        assert len({line.path for line in plan.lines}) == 3
    assert [line.against for line in plan_of(_map(2, edges, layered=True)).lines].count(True) == 1


def test_without_scripts_the_first_dots_are_drawn_and_the_rest_counted() -> None:
    plan = plan_of(_map(MOST_DRAWN + 20, ()))
    assert (len(plan.spots), plan.left_out) == (MOST_DRAWN, 20)
    assert len(plan.data["dots"]) == MOST_DRAWN + 20  # type: ignore[arg-type]
