"""Value curves: bands that hold every curve, days to look again, and readings on them."""

from __future__ import annotations

from datetime import date
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from latticework.analysis.curves import Course, Position, Range, Shape
from latticework.analysis.curves_reading import as_first_said, curved_ids, curves_of, signs_of
from latticework.base.findings import Refused
from latticework.base.times import Moment, end_of
from latticework.graph.graph import Graph
from latticework.graph.little import company_of

DAYS = np.linspace(-30, 400, 216)


def _between(low: float, high: float) -> st.SearchStrategy[Range]:
    value = st.floats(low, high).map(lambda each: round(each, 2))
    return st.tuples(value, value).map(lambda pair: (min(pair), max(pair)))


courses = st.builds(
    Course,
    shape=st.sampled_from(Shape),
    begins=_between(0, 60),
    waits=_between(5, 90),
    takes=_between(10, 150),
    gain=_between(-5, 10),
    dip=_between(0, 6),
)
shares = st.lists(st.floats(0, 1), min_size=5, max_size=5)


def _picked(course: Course, shares: list[float]) -> Course:
    """One curve of those that the ranges allow."""
    names = ("begins", "waits", "takes", "gain", "dip")
    values = {}
    for name, share in zip(names, shares, strict=True):
        low, high = getattr(course, name)
        values[name] = (low + share * (high - low),) * 2
    return Course(shape=course.shape, **values)


@settings(max_examples=200, deadline=None)
@given(courses, shares)
def test_the_band_holds_every_curve_that_the_ranges_allow(
    course: Course, shares: list[float]
) -> None:
    low, high = course.band(DAYS)
    one, same = _picked(course, shares).band(DAYS)
    assert one == pytest.approx(same)
    assert (one >= low - 1e-9).all()
    assert (one <= high + 1e-9).all()


@settings(max_examples=60, deadline=None)
@given(courses)
def test_the_band_of_what_only_rises_is_no_wider_than_its_curves(course: Course) -> None:
    if course.shape in (Shape.J, Shape.DECAY):
        return
    low, high = course.band(DAYS)
    corners = [
        _picked(course, list(corner)).band(DAYS)[0] for corner in product((0.0, 1.0), repeat=5)
    ]
    assert np.minimum.reduce(corners) == pytest.approx(low)
    assert np.maximum.reduce(corners) == pytest.approx(high)


@settings(max_examples=100, deadline=None)
@given(courses)
def test_nothing_shows_before_it_begins_and_all_of_it_at_the_end(course: Course) -> None:
    before, _ = course.band(np.array([course.begins[0] - 1]))
    assert before[0] == 0
    last = course.begins[1] + course.waits[1] + course.takes[1] + 1
    low, high = course.band(np.array([last]))
    if course.shape is not Shape.DECAY:
        assert low[0] == pytest.approx(course.gain[0])
        assert high[0] == pytest.approx(course.gain[1])


@settings(max_examples=100, deadline=None)
@given(courses, st.floats(-30, 400), shares)
def test_a_reading_on_an_allowed_curve_is_never_called_off_it(
    course: Course, day: float, shares: list[float]
) -> None:
    value = float(_picked(course, shares).band(np.array([day]))[0][0])
    assert course.position(day, (value, value)) not in (Position.BELOW, Position.ABOVE)


@settings(max_examples=100, deadline=None)
@given(courses, st.floats(0, 1), st.floats(-50, 50))
def test_a_dip_or_a_wait_is_not_called_late_before_it_has_passed(
    course: Course, share: float, value: float
) -> None:
    if course.shape not in (Shape.J, Shape.DELAYED_STEP):
        return
    over = course.begins[0] + course.waits[0]
    assert course.position(share * over - 0.01, (value, value)) != Position.BELOW


def _course(shape: Shape, **more: Range) -> Course:
    return Course(shape=shape, begins=(0, 0), takes=(100, 100), gain=(8, 10), **more)


@pytest.mark.parametrize(
    ("day", "value", "position"),
    [
        (5, 0, Position.TOO_EARLY),
        (50, 4.5, Position.ON),
        (50, 3, Position.BELOW),
        (50, 6, Position.ABOVE),
    ],
)
def test_a_reading_is_placed_on_a_steady_curve(day: int, value: float, position: Position) -> None:
    assert _course(Shape.LINEAR).position(day, (value, value)) is position


def test_what_the_slowest_curve_allows_is_still_plausible() -> None:
    course = Course(shape=Shape.LINEAR, begins=(0, 0), takes=(50, 200), gain=(10, 10))
    assert course.position(50, (3, 3)) is Position.BELOW_PLAUSIBLE
    assert course.position(50, (9, 9)) is Position.ABOVE_PLAUSIBLE
    assert course.position(50, (2, 2)) is Position.BELOW


def test_a_fall_that_is_wanted_is_read_the_other_way_round() -> None:
    course = Course(shape=Shape.LINEAR, begins=(0, 0), takes=(100, 100), gain=(-10, -8))
    assert course.position(50, (-1, -1)) is Position.BELOW
    assert course.position(50, (-9, -9)) is Position.ABOVE
    assert course.position(50, (-4.5, -4.5)) is Position.ON


@settings(max_examples=60, deadline=None)
@given(courses)
def test_days_to_look_again_come_in_order(course: Course) -> None:
    marks = [between for _, between in course.marks()]
    assert all(low <= high for low, high in marks)
    assert marks == sorted(marks)
    assert course.first_sign[0] <= course.stop_point


@pytest.mark.parametrize(("shape", "half"), [(Shape.LINEAR, 50.0), (Shape.SIGMOID, 50.0)])
def test_half_of_it_shows_on_the_day_that_says_so(shape: Shape, half: float) -> None:
    course = _course(shape)
    marks = dict(course.marks())
    assert marks["half of it"] == pytest.approx((half, half))
    low, high = course.band(np.array([half]))
    assert (low[0], high[0]) == pytest.approx((4, 5))


def test_a_decay_halves_in_what_it_takes() -> None:
    low, high = _course(Shape.DECAY).band(np.array([0.0, 100, 200]))
    assert low.tolist() == pytest.approx([8, 4, 2])
    assert high.tolist() == pytest.approx([10, 5, 2.5])


# In a company ---------------------------------------------------------------------------

TODAY = date(2026, 6, 28)
STORY = """
on: 2026-01-05
bet/ferry:
  title: Night ferry
  stage: shaping
  curve: J
  waits: 2–3 months
  takes: 2 quarters
  gain: 4–6
  dip: "1"
  should move: {metric/crossings: {delay: 1 month}, metric/rent: {delay: 5 quarters}}
metric/crossings: {title: Crossings, idea: full decks}
metric/rent: {title: Rent, idea: what shops pay}
bet/bare: {stage: running, curve: step}
bet/none: {stage: running}
---
on: 2026-02-02
bet/ferry: {stage: running}
---
on: 2026-03-02
bet/ferry: {so far: -0.95..-0.9}
---
on: 2026-04-06
bet/ferry: {gain: 2–3}
---
on: 2026-06-01
bet/ferry: {so far: 0.1–0.3}
"""


def _graph() -> Graph:
    return company_of(STORY, Moment(valid=end_of(TODAY)))


def test_a_bet_has_its_curve_with_readings_and_what_was_first_said() -> None:
    graph = _graph()
    ids = np.array([graph.id_of("bet/ferry")], dtype=np.int32)
    (found,) = curves_of(graph, ids, end_of(TODAY))
    assert found.course is not None
    assert found.course.gain == (2, 3)
    first = as_first_said(graph, found)
    assert first is not None
    assert first.gain == (4, 6)
    assert [each.value for each in found.seen] == [(-0.95, -0.9), (0.1, 0.3)]
    assert found.course.begins[0] == pytest.approx((date(2026, 2, 2) - date(1970, 1, 1)).days)
    assert any("began to run" in each for each in found.assumed)
    assert found.position(end_of(date(2026, 3, 2))) is Position.ON


def test_what_should_move_first_is_the_leading_sign() -> None:
    graph = _graph()
    signs = signs_of(graph, graph.id_of("bet/ferry"))
    assert [str(graph.ref_of(each.node)) for each in signs] == ["metric/crossings", "metric/rent"]


def test_a_curve_that_cannot_be_drawn_says_what_it_lacks() -> None:
    graph = _graph()
    named = curved_ids(graph, graph.ids_of("bet"))
    assert graph.id_of("bet/none") not in named.tolist()
    found = {each.node: each for each in curves_of(graph, named, end_of(TODAY))}
    bare = found[graph.id_of("bet/bare")]
    assert bare.course is None
    assert "takes, gain" in bare.lacks


def test_a_company_without_curves_is_told_how_to_have_them() -> None:
    graph = company_of(
        "model: {uses: [], kinds: {job: {family: intent}}}\non: 2026-01-01\njob/a: {}\n"
    )
    with pytest.raises(Refused) as refused:
        curved_ids(graph, graph.ids_of("job"))
    assert refused.value.findings[0].code == "CURVE001"
