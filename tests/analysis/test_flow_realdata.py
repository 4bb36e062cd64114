"""Flow and forecasts of a large project's proposals, counted again in SQL from its journal."""

from __future__ import annotations

import sqlite3
from datetime import date

import numpy as np
import pytest
from scipy import stats
from tests.acceptance.test_kubernetes import Company, company, data  # noqa: F401
from tests.analysis.counted_in_sql import DAY, Counted, Fact, counted, mean_level

from latticework.analysis.flow.reading import Flow, flow_of, levels, stage_times
from latticework.base.times import end_of
from latticework.graph.graph import Graph

pytestmark = pytest.mark.realdata
TODAY = date(2026, 11, 15)
UNTIL = end_of(TODAY)
WEEKS = 330
CATEGORIES = {
    "provisional": "proposed",
    "implementable": "active",
    "implemented": "done",
    "deferred": "dropped",
    "rejected": "dropped",
    "withdrawn": "dropped",
    "replaced": "dropped",
}
_FACTS = """
select number, valid, op, subject, object,
  case op when 'put' then json_extract(patch, '$.status') end
from journal_entries
where subject like 'enhancement/%' and op in ('put', 'move', 'retire') and branch = 0
"""


@pytest.fixture(scope="module")
def graph(company: Company) -> Graph:  # noqa: F811
    return company.workspace.graph(at=TODAY.isoformat())


def counted_proposals(company: Company, until: int = UNTIL) -> Counted:  # noqa: F811
    """What the journal's own rows say, read without any code of ours."""
    path = company.workspace.folder.path / ".latticework" / "journal.db"
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as rows:
        facts: list[Fact] = rows.execute(_FACTS).fetchall()
    return counted(facts, CATEGORIES, until)


@pytest.fixture(scope="module")
def second(company: Company) -> Counted:  # noqa: F811
    return counted_proposals(company)


@pytest.fixture(scope="module")
def flow(graph: Graph) -> Flow:
    return flow_of(graph, "enhancement", until=UNTIL, today=TODAY, weeks=WEEKS)


def _by_ref(
    flow: Flow, graph: Graph, values: np.ndarray[tuple[int], np.dtype[np.float64]]
) -> dict[str, float]:
    pairs = zip(flow.journeys.ids.tolist(), values.tolist(), strict=True)
    return {str(graph.ref_of(node)): value for node, value in pairs if not np.isnan(value)}


def test_cycle_times_and_ages_are_those_of_a_second_count(
    flow: Flow, graph: Graph, second: Counted
) -> None:
    """Over two hundred finished proposals, nearly three hundred under way."""
    took = _by_ref(flow, graph, flow.journeys.cycle_days)
    assert len(took) > 200
    assert took == pytest.approx(second.days("cycle_days"))
    ages = _by_ref(flow, graph, flow.journeys.age_days)
    assert len(ages) > 250
    assert ages == pytest.approx(second.days("age_days"))


def test_arrivals_and_departures_of_every_week_are_those_of_a_second_count(
    flow: Flow, second: Counted
) -> None:
    weeks = {week: place for place, week in enumerate(flow.period.weeks)}
    for name, column, leaves_out in (
        ("arrived", "begun", "early"),
        ("finished", "finished", "ready_made"),
        ("dropped", "over", "false"),
    ):
        found = second.rows(
            f"select date_trunc('week', make_timestamp({column}))::date, count(*) from thing"
            f" where {column} is not null and not {leaves_out} group by 1"
        )
        wanted = np.zeros(len(weeks), dtype=int)
        for week, count in found:
            if week in weeks:
                wanted[weeks[week]] = count  # type: ignore[index,call-overload]
        assert wanted.sum() > 20, name
        assert getattr(flow.traffic, name).tolist() == wanted.tolist(), name


def test_what_stood_where_at_the_end_of_each_week_is_what_a_second_count_says(
    flow: Flow, second: Counted
) -> None:
    instants, found = levels(flow)
    for category, counts in found.items():
        for instant, count in zip(instants[::13].tolist(), counts[::13].tolist(), strict=True):
            at = min(instant, UNTIL - 1)
            ((wanted,),) = second.rows(
                "select count(*) from step where category = ? and since <= ? and ends > ?",
                category, at, at,
            )  # fmt: skip
            assert count == wanted, (category, instant)


def test_days_in_each_stage_are_those_of_a_second_count(flow: Flow, second: Counted) -> None:
    wanted = second.rows(
        "select stage, sum(greatest(least(ends, ?) - greatest(since, ?), 0)) / ?,"
        " count(distinct thing) filter (ends > ?),"
        " median(ends - since) filter (ends < ? and ends >= ?) / ?"
        " from step group by stage",
        UNTIL, flow.period.start, DAY, flow.period.start, UNTIL, flow.period.start, DAY,
    )  # fmt: skip
    found = {stage: told for (_, stage), told in stage_times(flow).items()}
    told = {str(stage): (days, count, median) for stage, days, count, median in wanted if count}
    assert found.keys() == told.keys()
    for stage, (days, count, median) in told.items():
        assert found[stage][0] == pytest.approx(days), stage
        assert found[stage][1] == count, stage
        middle = float("nan") if median is None else float(str(median))
        assert found[stage][2] == pytest.approx(middle, nan_ok=True), stage


def test_littles_law_holds_with_a_level_that_is_swept_over_time(
    flow: Flow, second: Counted
) -> None:
    """L by a sweep over every coming and going; λ and W from the stays that ended."""
    start, end, little = flow.period.start, flow.period.end, flow.little
    found = second.rows("select since, ends from step where category = 'active'")
    stays = [(int(str(since)), int(str(ends))) for since, ends in found]
    level = mean_level(stays, start, end)
    assert little.level == pytest.approx(level)
    left = [(came, went) for came, went in stays if start < went < end and went < UNTIL]
    assert little.departures == len(left)
    assert little.stay == pytest.approx(np.mean([(went - came) / DAY for came, went in left]))
    days = (end - start) / DAY
    inside = sum(went - max(came, start) for came, went in left) / DAY
    still = sum(end - max(came, start) for came, went in stays if came < end <= went) / DAY
    assert level * days == pytest.approx(inside + still)
    assert little.residual == pytest.approx(level - len(left) / days * (little.stay or 0))


def test_the_time_that_a_share_takes_is_that_of_scipy(flow: Flow, second: Counted) -> None:
    """Kaplan-Meier over what finished and what did not, by another library."""
    rows = second.rows(
        "select (least(coalesce(finished, ?), coalesce(over, ?)) - begun) / ?, finished is not null"
        " from thing where begun is not null and not early"
        " and begun <= least(coalesce(finished, ?), coalesce(over, ?))",
        UNTIL, UNTIL, DAY, UNTIL, UNTIL,
    )  # fmt: skip
    ended = [float(str(days)) for days, is_finished in rows if is_finished]
    going_on = [float(str(days)) for days, is_finished in rows if not is_finished]
    censored: stats.CensoredData = stats.CensoredData(uncensored=ended, right=going_on)
    left = stats.ecdf(censored).sf
    assert (flow.survival.finished, flow.survival.unfinished) == (len(ended), len(going_on))
    for share in (0.1, 0.25, 0.4, 0.5):
        reached = left.quantiles[left.probabilities <= 1 - share + 1e-12]
        wanted = float(reached[0]) if len(reached) else None
        found = flow.survival.quantile(share)
        assert found == (None if wanted is None else pytest.approx(wanted)), share
    assert flow.survival.quantile(0.25) is not None
