"""Rollups keep their promises on any little company, cycles and all."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from fractions import Fraction

import networkx as nx
import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from latticework.analysis.rollup.carried import apportion
from latticework.analysis.rollup.reading import Mode, Rollup, rollup
from latticework.base.times import Moment
from latticework.graph.graph import Graph, build
from latticework.graph.little import RECORDED, company_of
from latticework.journal.changes import (
    Batch,
    Change,
    Connect,
    Declare,
    Disconnect,
    Put,
    Retire,
)
from latticework.journal.memory import MemoryStore
from latticework.model.format import format_model

TODAY = date(2026, 11, 15)
WORDS = format_model(company_of("").model)
GOALS = 8

Edge = tuple[int, int, str]
NODES = st.integers(0, GOALS - 1)
SHARES = st.sampled_from(["", "", "20%", "50%", "100%", "30–60%", "0%", "33.3%", "unknown"])
EDGES = st.lists(st.tuples(NODES, NODES, SHARES), max_size=16, unique_by=lambda e: e[:2])
COSTS = st.dictionaries(
    NODES,
    st.tuples(st.integers(0, 50_000), st.integers(0, 9_999)),
    max_size=GOALS,
)
"""For a goal: a bet of this cost in cents, and by how much it may be more."""


def _acyclic(edges: list[Edge]) -> list[Edge]:
    return [(max(a, b), min(a, b), share) for a, b, share in edges if a != b]


def _changes(edges: list[Edge], costs: dict[int, tuple[int, int]]) -> list[Change]:
    found: list[Change] = [Put(f"goal/g{each}", {"title": f"Goal {each}"}) for each in range(GOALS)]
    for below, above, share in edges:
        carried = {"share": share} if share else {}
        found.append(Connect(f"goal/g{below}", "serves", f"goal/g{above}", carried))
    for goal, (low, more) in costs.items():
        cost = f"EUR {Decimal(low) / 100}..{Decimal(low + more) / 100}"
        found.append(Put(f"bet/b{goal}", {"title": f"Bet {goal}", "cost": cost}))
        found.append(Connect(f"bet/b{goal}", "serves", f"goal/g{goal}"))
    return found


def _graph(*batches: list[Change]) -> Graph:
    store = MemoryStore()
    store.append([Batch(changes=(Declare(WORDS),))], now=RECORDED)
    for changes in batches:
        if changes:
            store.append([Batch(changes=tuple(changes))], now=RECORDED)
    return build(store.log(), Moment())


def _rolled(graph: Graph, mode: Mode) -> Rollup:
    return rollup(graph, "cost", "is served by+", mode, today=TODAY)


def _cents(found: Rollup) -> dict[str, tuple[int, int]]:
    graph, current = found.graph, found.currents[0]
    return {
        str(graph.ref_of(int(each))): (int(current.low[each]), int(current.high[each]))
        for each in found.ids
    }


@settings(max_examples=60, deadline=None)
@given(EDGES, COSTS)
def test_split_sums_to_the_whole_to_the_smallest_unit(
    edges: list[Edge], costs: dict[int, tuple[int, int]]
) -> None:
    found = _rolled(_graph(_changes(edges, costs)), Mode.SPLIT)
    whole = sum(low for low, _ in costs.values()), sum(low + more for low, more in costs.values())
    for told in found.conserved:
        assert told.whole == whole
        assert told.holds


@settings(max_examples=60, deadline=None)
@given(EDGES, COSTS)
def test_full_is_never_less_than_split_and_range_holds_it(
    edges: list[Edge], costs: dict[int, tuple[int, int]]
) -> None:
    graph = _graph(_changes(edges, costs))
    full, split, ranged = (_cents(_rolled(graph, mode)) for mode in ("full", "split", "range"))
    assert full.keys() == split.keys() == ranged.keys()
    for ref, (low, high) in split.items():
        assert low <= high
        assert full[ref][0] >= low
        assert full[ref][1] >= high
        assert ranged[ref][0] <= low
        assert ranged[ref][1] >= high


@settings(max_examples=40, deadline=None)
@given(EDGES, COSTS, st.randoms(use_true_random=False))
def test_order_of_edges_and_batches_does_not_matter(
    edges: list[Edge], costs: dict[int, tuple[int, int]], chance: object
) -> None:
    changes = _changes(edges, costs)
    turned = list(reversed(changes))
    at = len(turned) // 2
    first, second = _graph(changes), _graph(turned[:at], turned[at:])
    for mode in Mode:
        assert _cents(_rolled(first, mode)) == _cents(_rolled(second, mode)), mode


@settings(max_examples=40, deadline=None)
@given(EDGES, COSTS)
def test_full_is_what_networkx_reaches(
    edges: list[Edge], costs: dict[int, tuple[int, int]]
) -> None:
    found = _cents(_rolled(_graph(_changes(edges, costs)), Mode.FULL))
    network = nx.DiGraph([(f"goal/g{above}", f"goal/g{below}") for below, above, _ in edges])
    network.add_edges_from((f"goal/g{goal}", f"bet/b{goal}") for goal in costs)
    for ref, (low, high) in found.items():
        below = nx.descendants(network, ref)
        reached = [cost for goal, cost in costs.items() if f"bet/b{goal}" in below]
        assert low == sum(each for each, _ in reached)
        assert high == sum(each + more for each, more in reached)


def _shares(edges: list[Edge]) -> dict[tuple[int, int], Fraction]:
    """The share of each edge, worked out one thing at a time with exact fractions."""
    out: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for below, above, share in edges:
        out[below].append((above, share))
    found: dict[tuple[int, int], Fraction] = {}
    for below, several in out.items():
        middles = [(above, _middle(share)) for above, share in several]
        said = {above: middle for above, middle in middles if middle is not None}
        total = sum(said.values(), Fraction(0))
        lacking = [above for above, middle in middles if middle is None]
        for above, middle in said.items():
            found[below, above] = middle / max(total, Fraction(1))
        for above in lacking:
            found[below, above] = max(1 - total, Fraction(0)) / len(lacking)
    return found


def _middle(share: str) -> Fraction | None:
    if share in ("", "unknown"):
        return None
    ends = [Fraction(each) / 100 for each in share.removesuffix("%").split("–")]
    return sum(ends, Fraction(0)) / len(ends)


FURTHER: st.SearchStrategy[Change] = st.one_of(
    st.builds(lambda cost: Put("bet/b0", {"cost": f"EUR {cost}"}), st.integers(0, 99)),
    st.builds(
        lambda source, target, share: Connect(
            f"goal/g{source}", "serves", f"goal/g{target}", {"share": share} if share else {}
        ),
        NODES,
        NODES,
        SHARES,
    ),
    st.builds(lambda s, t: Disconnect(f"goal/g{s}", "serves", f"goal/g{t}"), NODES, NODES),
    st.builds(lambda goal: Retire(f"goal/g{goal}"), NODES),
    st.builds(lambda goal: Put(f"goal/h{goal}", {"title": "One more"}), NODES),
)


@settings(max_examples=150, deadline=None)
@given(EDGES, COSTS, FURTHER)
def test_what_was_asked_before_an_edit_does_not_show_after_it(
    edges: list[Edge], costs: dict[int, tuple[int, int]], further: Change
) -> None:
    store = MemoryStore()
    store.append([Batch(changes=(Declare(WORDS), *_changes(edges, costs)))], now=RECORDED)
    before = build(store.log(), Moment())
    for mode in Mode:
        _rolled(before, mode)
    head = before.head
    store.append([Batch(changes=(further,))], now=RECORDED)
    after = before.advance(store.log(after=head))
    for mode in Mode:
        assert _cents(_rolled(after, mode)) == _cents(_rolled(build(store.log(), Moment()), mode))


def test_an_edit_of_a_value_leaves_the_network_as_it_lies() -> None:
    """One bet serves one goal; first its cost is edited, then it serves another."""
    first = _graph(_changes([], {0: (5, 0)}))
    _rolled(first, Mode.SPLIT)
    step = _rolled(first, Mode.SPLIT).asked.steps[0]
    store = MemoryStore()
    store.append([Batch(changes=(Put("bet/b0", {"cost": "EUR 7"}),))], now=RECORDED)
    edited = first.advance(store.log().with_columns(number=pl.lit(first.head + 1)))
    assert _rolled(edited, Mode.SPLIT).network(step) is _rolled(first, Mode.SPLIT).network(step)


@settings(max_examples=60, deadline=None)
@given(EDGES.map(_acyclic).map(lambda es: list({e[:2]: e for e in es}.values())), COSTS)
def test_split_agrees_with_exact_fractions_but_for_rounding(
    edges: list[Edge], costs: dict[int, tuple[int, int]]
) -> None:
    shares = _shares(edges)
    exact = {goal: Fraction(costs.get(goal, (0, 0))[0]) for goal in range(GOALS)}
    for goal in reversed(range(GOALS)):
        for (below, above), share in shares.items():
            if below == goal:
                exact[above] += exact[goal] * share
    found = _cents(_rolled(_graph(_changes(edges, costs)), Mode.SPLIT))
    for ref, (low, _) in found.items():
        assert abs(low - exact[int(ref.removeprefix("goal/g"))]) <= len(edges) + 1


@given(
    st.lists(
        st.tuples(st.integers(-(10**15), 10**15), st.lists(st.integers(0, 10**6), min_size=1)),
        min_size=1,
        max_size=6,
    )
)
def test_parts_are_within_one_unit_of_their_due_and_sum_up(
    groups: list[tuple[int, list[int]]],
) -> None:
    groups = [(amount, [*weights[:30], 1]) for amount, weights in groups]
    starts = np.cumsum([0, *(len(weights) for _, weights in groups)])[:-1]
    flat = np.array([each for _, weights in groups for each in weights], dtype=np.int64)
    parts = apportion(np.array([amount for amount, _ in groups]), flat, starts)
    for (amount, weights), start in zip(groups, starts.tolist(), strict=True):
        mine = parts[start : start + len(weights)].tolist()
        assert sum(mine) == amount
        for part, weight in zip(mine, weights, strict=True):
            assert abs(part - Fraction(amount * weight, sum(weights))) < 1
        # One unit more went to the largest remainders, among equal ones to the first.
        dues = [divmod(amount * weight, sum(weights)) for weight in weights]
        left = [(-remainder, nth) for nth, (_, remainder) in enumerate(dues)]
        more = [each for each, part, due in zip(left, mine, dues, strict=True) if part > due[0]]
        assert more == sorted(sorted(left)[: len(more)], key=lambda each: each[1])
