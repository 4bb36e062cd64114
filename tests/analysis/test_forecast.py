"""Forecasts: repeatable, agreeing with exact distributions and with a slow way to count."""

from __future__ import annotations

from datetime import date, timedelta
from math import comb

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from latticework.analysis.forecast import (
    Growth,
    Lasting,
    how_many_of,
    lasting_of,
    order_of,
    when_linked,
    when_of,
)
from latticework.analysis.forecast_reading import (
    Choice,
    backtest,
    forecast_of,
    growth_of,
    how_many_by,
)
from latticework.analysis.survival import kaplan_meier
from latticework.analysis.throughput import Throughput, nth_slots, slots
from latticework.base.findings import Refused
from latticework.base.times import Moment, end_of
from latticework.graph.graph import Graph
from latticework.graph.little import company_of

TODAY = date(2026, 6, 28)
NOBODY = Lasting(np.zeros(0), np.zeros(0))


def _weeks(*counts: int) -> Throughput:
    return Throughput(np.array(counts, dtype=np.int64))


def test_the_same_seed_gives_the_same_trials_and_another_gives_others() -> None:
    past = _weeks(0, 3, 1, 2)
    assert np.array_equal(when_of(past, 9, seed=4).weeks, when_of(past, 9, seed=4).weeks)
    assert not np.array_equal(when_of(past, 9, seed=4).weeks, when_of(past, 9, seed=5).weeks)


def test_steady_weeks_leave_no_doubt() -> None:
    assert set(when_of(_weeks(2, 2, 2), 7).weeks.tolist()) == {3.5}
    assert set(how_many_of(_weeks(2, 2, 2), 5).tolist()) == {10}


def test_a_coin_of_weeks_follows_the_negative_binomial() -> None:
    """With weeks of 0 or 1 alike, the n-th thing needs n + k weeks with a known chance."""
    weeks = when_of(_weeks(0, 1), 3, trials=60_000, seed=2).weeks
    for needed in range(3, 9):
        exact = sum(comb(week - 1, 2) * 0.5**week for week in range(3, needed + 1))
        assert float((weeks <= needed).mean()) == pytest.approx(exact, abs=0.008)


def test_how_many_follows_the_binomial() -> None:
    drawn = how_many_of(_weeks(0, 1), 10, trials=60_000, seed=3)
    for count in range(11):
        exact = comb(10, count) * 0.5**10
        assert float((drawn == count).mean()) == pytest.approx(exact, abs=0.008)


def test_when_and_how_many_agree() -> None:
    """By week w at least n are done as often as the n-th is done by then."""
    past = _weeks(0, 2, 5, 1, 0, 3)
    weeks = when_of(past, 12, trials=50_000, seed=1).weeks
    drawn = how_many_of(past, 8, trials=50_000, seed=2)
    assert float((weeks <= 8).mean()) == pytest.approx(float((drawn >= 12).mean()), abs=0.01)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 4), min_size=1, max_size=8), st.integers(1, 30), st.integers(0, 99))
def test_slots_are_those_of_a_walk_week_by_week(past: list[int], count: int, seed: int) -> None:
    throughput = _weeks(*past)
    if not throughput.total:
        with pytest.raises(ValueError, match=r".*"):
            slots(throughput, np.random.default_rng(seed), 20, count)
        return
    made = slots(throughput, np.random.default_rng(seed), 20, count)
    assert made.shape == (count, 20)
    assert (np.diff(made, axis=0) > 0).all()
    for trial in range(20):
        whole = np.floor(np.nextafter(made[:, trial], 0))
        inside: dict[float, int] = {}
        for week in whole.tolist():
            inside[week] = inside.get(week, 0) + 1
        full = {number for week, number in inside.items() if week < whole[-1]}
        assert full <= set(past)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 4), min_size=1, max_size=8).filter(any),
    st.lists(st.integers(1, 30), min_size=1, max_size=20),
    st.integers(0, 99),
)
def test_the_nth_slot_alone_is_the_one_among_all(
    past: list[int], wanted: list[int], seed: int
) -> None:
    throughput, nth = _weeks(*past), np.array(wanted)
    among = slots(throughput, np.random.default_rng(seed), len(nth), int(nth.max()))
    alone = nth_slots(throughput, np.random.default_rng(seed), nth)
    assert np.array_equal(alone, among[nth - 1, np.arange(len(nth))])


def test_a_million_things_are_forecast_without_a_place_for_each() -> None:
    """In an array with a place for each thing of each trial it would take 40 GB."""
    weeks = when_of(_weeks(40_000, 60_000, 50_000), 1_000_000, trials=10_000, seed=1).weeks
    assert 18 < float(np.median(weeks)) < 22


def test_more_work_on_the_way_never_ends_sooner() -> None:
    past = _weeks(1, 2, 0, 3)
    plain, more = (when_of(past, 20, growth=each, seed=1) for each in (None, Growth(0.2, 0.5)))
    assert more.after(0.5) > plain.after(0.5)


# What waits for what --------------------------------------------------------------------

graphs = st.integers(1, 14).flatmap(
    lambda count: st.tuples(
        st.just(count),
        st.lists(
            st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=count * 2
        ),
    )
)


@settings(max_examples=100, deadline=None)
@given(graphs)
def test_order_puts_each_after_what_it_needs(made: tuple[int, list[tuple[int, int]]]) -> None:
    count, edges = made
    order = order_of(count, edges)
    assert sorted(order.sequence) == list(range(count))
    rank = {place: at for at, place in enumerate(order.sequence)}
    graph = nx.DiGraph([(target, source) for source, target in edges])
    graph.add_nodes_from(range(count))
    for place, needs in order.needs.items():
        assert all(rank[need] < rank[place] for need in needs.tolist())
    assert bool(order.cyclic) == (not nx.is_directed_acyclic_graph(graph))
    if not order.cyclic:
        assert {(s, t) for s, t in edges} == {
            (place, int(need)) for place, needs in order.needs.items() for need in needs
        }


@settings(max_examples=30, deadline=None)
@given(graphs, st.integers(0, 9))
def test_nothing_finishes_before_what_it_waits_for(
    made: tuple[int, list[tuple[int, int]]], seed: int
) -> None:
    count, edges = made
    order = order_of(count, edges)
    lasting = lasting_of(kaplan_meier(np.array([7.0, 14, 70]), np.array([True, True, True])))
    when = when_linked(_weeks(0, 1, 2), order, lasting, trials=200, seed=seed)
    for place, needs in order.needs.items():
        for need in needs.tolist():
            assert (when.each[place] >= when.each[need] + 1 - 1e-3).all()
    assert np.array_equal(when.weeks, when.each.max(axis=0))
    free = when_linked(_weeks(0, 1, 2), order_of(count, []), lasting, trials=200, seed=seed)
    assert (when.weeks >= free.weeks - 1e-4).all()


def test_a_chain_takes_the_sum_of_what_each_takes() -> None:
    lasting = Lasting(np.array([21.0]), np.array([1.0]))
    order = order_of(4, [(1, 0), (2, 1), (3, 2)])
    when = when_linked(_weeks(50), order, lasting, trials=100)
    assert when.weeks == pytest.approx(np.full(100, 9 + 1 / 50), abs=1e-3)


def test_what_is_under_way_has_only_the_rest_to_go() -> None:
    lasting = Lasting(np.array([7.0, 70.0]), np.array([0.5, 0.5]))
    random = np.random.default_rng(1)
    assert lasting.drawn_weeks(random, 50, age=35.0) == pytest.approx(np.full(50, 5.0))


def test_drawn_times_follow_the_estimate() -> None:
    survival = kaplan_meier(np.array([2.0, 3, 5, 8, 9]), np.array([True, False, True, True, False]))
    drawn = lasting_of(survival).drawn_weeks(np.random.default_rng(1), 50_000) * 7
    for time in (2.0, 5.0):
        assert float((drawn > time + 1e-3).mean()) == pytest.approx(
            survival.left_after(time), abs=0.01
        )


# In a company ----------------------------------------------------------------------------

MODEL = """
model:
  uses: []
  kinds:
    job:
      family: intent
      stages: {asked: proposed, doing: active, done: done, off: dropped}
      links: {needs: {to: job, back: is needed by}}
"""


def _company(weekly: int = 2, weeks: int = 40) -> Graph:
    parts, first = [], date(2026, 6, 22) - timedelta(weeks=weeks)
    for week in range(weeks):
        names = [f"w{week}x{number}" for number in range(weekly)]
        begun = "\n".join(f"job/{name}: {{stage: doing}}" for name in names)
        done = "\n".join(f"job/{name}: {{stage: done}}" for name in names)
        parts.append(f"on: {first + timedelta(weeks=week, days=1)}\n{begun}")
        parts.append(f"on: {first + timedelta(weeks=week, days=3)}\n{done}")
    open_ones = "\n".join(f"job/o{number}: {{stage: asked}}" for number in range(6))
    needs = "job/o0: {needs: job/o5}\njob/o5: {needs: job/beyond}\njob/beyond: {stage: doing}"
    parts.append(f"on: 2026-06-23\n{open_ones.replace('job/o0: {stage: asked}', '')}\n")
    parts.append(f"on: 2026-06-24\njob/o0: {{stage: asked}}\n{needs.split(chr(10))[2]}")
    parts.append("on: 2026-06-25\n" + "\n".join(needs.split("\n")[:2]))
    return company_of(MODEL + "\n---\n".join(parts), Moment(valid=end_of(TODAY)))


def _choice(**chosen: object) -> Choice:
    return Choice(query="job where stage is asked", trials=500, **chosen)  # type: ignore[arg-type]


def test_a_steady_company_is_done_when_arithmetic_says() -> None:
    found = forecast_of(_company(), _choice(), until=end_of(TODAY), today=TODAY)
    assert found.count == 6
    assert found.throughput.weekly.tolist()[:-1] == [2] * 25
    assert found.when.after(0.5) == pytest.approx(3.0, abs=0.2)


def test_things_asked_for_by_number_need_none_to_be_there() -> None:
    found = forecast_of(_company(), _choice(things=20), until=end_of(TODAY), today=TODAY)
    assert found.when.after(0.5) == pytest.approx(10.0, abs=0.6)


def test_what_lies_outside_the_question_is_said() -> None:
    found = forecast_of(_company(), _choice(after="needs"), until=end_of(TODAY), today=TODAY)
    assert found.order is not None
    assert found.outside == 1
    place = [str(_company().ref_of(int(node))) for node in found.ids].index("job/o0")
    assert len(found.order.needs[place]) == 1


def test_how_many_by_a_day_grows_with_the_day() -> None:
    found = forecast_of(_company(), _choice(), until=end_of(TODAY), today=TODAY)
    means = [
        how_many_by(found, end_of(TODAY + timedelta(weeks=weeks))).mean()
        for weeks in range(0, 9, 2)
    ]
    assert means == sorted(means)
    assert means[0] == 0


def test_a_backtest_of_a_steady_company_is_right_every_time() -> None:
    tried = backtest(_company(), _choice(), until=end_of(TODAY), today=TODAY, most=6)
    # The last weeks lie before the open things came, so that all are alike.
    assert len(tried) >= 5
    assert all(each.is_inside for each in tried[1:])
    assert {(each.low, each.came, each.high) for each in tried[1:]} == {(8, 8, 8)}


def test_no_past_to_draw_from_is_a_finding() -> None:
    graph = company_of(
        MODEL + "on: 2026-06-01\njob/a: {stage: asked}\n", Moment(valid=end_of(TODAY))
    )
    with pytest.raises(Refused) as refused:
        forecast_of(graph, _choice(), until=end_of(TODAY), today=TODAY)
    assert refused.value.findings[0].code == "FORECAST001"


@pytest.mark.parametrize(
    ("text", "low", "high"), [("20%", 0.2, 0.2), ("10–30%", 0.1, 0.3), ("5-15", 0.05, 0.15)]
)
def test_growth_is_read_as_people_write_it(text: str, low: float, high: float) -> None:
    assert growth_of(text) == Growth(low, high)


@pytest.mark.parametrize("text", ["much", "30–10%", "-5%", "1e9%"])
def test_growth_that_is_none_is_a_finding(text: str) -> None:
    with pytest.raises(Refused) as refused:
        growth_of(text)
    assert refused.value.findings[0].code == "FORECAST005"
