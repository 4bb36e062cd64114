"""Flow of whole companies, counted a second time straight from what was told."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from tests.analysis.counted_in_sql import counted
from tests.analysis.test_flow import MODEL, histories
from tests.analysis.test_flow import _told as told_story

from latticework.analysis.flow.journeys import NEVER
from latticework.analysis.flow.reading import flow_of, stage_times
from latticework.base.times import DAY_MICROSECONDS, Moment, day_of, end_of, zone_of
from latticework.demo.company import batches
from latticework.graph.graph import build
from latticework.graph.little import batches_of, company_of
from latticework.journal.changes import Put, Retire
from latticework.journal.memory import MemoryStore
from latticework.model.format import format_model
from latticework.model.load import load_or_refuse

TODAY = date(2026, 11, 15)
CATEGORY = {"planned": "proposed", "running": "active", "delivered": "done", "dropped": "dropped"}


def _told() -> dict[str, list[tuple[int, str]]]:
    """For each project its stages in the order of days, as the batches tell them."""
    found: dict[str, dict[int, str]] = defaultdict(dict)
    for batch in batches():
        for change in batch.changes:
            if isinstance(change, Put) and change.ref.startswith("project/"):
                stage = change.fields.get("stage")
                if isinstance(stage, str):
                    found[change.ref][int(batch.valid or 0)] = stage
            assert not (isinstance(change, Retire) and change.ref.startswith("project/"))
    return {ref: sorted(rows.items()) for ref, rows in found.items()}


def test_cycle_times_and_throughput_of_the_example_company_agree_with_a_second_count() -> None:
    store = MemoryStore()
    store.append(list(batches()), now=end_of(TODAY))
    graph = build(store.log(), Moment(valid=end_of(TODAY)))
    flow = flow_of(graph, "project", until=end_of(TODAY), today=TODAY)
    zone = zone_of(graph.model.zone)
    days: dict[str, float] = {}
    weeks: Counter[date] = Counter()
    for ref, rows in _told().items():
        words = [(when, CATEGORY.get(stage, "?")) for when, stage in rows]
        begun = [when for when, word in words if word == "active"]
        if words[-1][1] != "done":
            continue
        since = words[-1][0]
        for when, word in reversed(words):
            if word != "done":
                break
            since = when
        if words[0][1] != "done":
            day = day_of(since, zone)
            weeks[day - timedelta(days=day.weekday())] += 1
        if begun:
            days[ref] = (since - begun[0]) / DAY_MICROSECONDS
    journeys = flow.journeys
    for node, early, got in zip(
        journeys.ids.tolist(), journeys.early.tolist(), journeys.cycle_days.tolist(), strict=True
    ):
        wanted = days.get(str(graph.ref_of(node)))
        assert np.isnan(got) if wanted is None or early else got == pytest.approx(wanted)
    assert len(days) > 100
    assert flow.traffic.finished.tolist() == [weeks[week] for week in flow.period.weeks]
    assert int((journeys.finished < NEVER).sum()) == sum(
        1 for rows in _told().values() if CATEGORY.get(rows[-1][1]) == "done"
    )


SHARED = {
    "asked": "proposed",
    "doing": "active",
    "checking": "active",
    "done": "done",
    "off": "dropped",
}


@settings(max_examples=25)
@given(histories)
def test_flow_of_random_companies_is_that_of_a_second_count_in_sql(
    history: list[list[tuple[int, str]]],
) -> None:
    """Cycle times, ages, days in stages and throughput, with another engine."""
    today, story = date(2026, 6, 29), told_story(history)
    until = end_of(today)
    graph = company_of(MODEL + story, Moment(valid=until))
    facts = [
        (number, int(batch.valid or 0), "put", change.ref, "", str(change.fields["stage"]))
        for number, (batch, change) in enumerate(
            (batch, change)
            for batch in batches_of(story.lstrip("\n"), graph.model)
            for change in batch.changes
            if isinstance(change, Put)
        )
    ]
    second = counted(facts, SHARED, until)
    flow = flow_of(graph, "job", until=until, today=today, weeks=30)
    refs = [str(graph.ref_of(node)) for node in flow.journeys.ids.tolist()]
    for values, column in (
        (flow.journeys.cycle_days, "cycle_days"),
        (flow.journeys.age_days, "age_days"),
    ):
        got = {ref: each for ref, each in zip(refs, values.tolist(), strict=True) if each == each}
        assert got == pytest.approx(second.days(column)), column
    start, end = flow.period.start, flow.period.end
    ((finished,),) = second.rows(
        "select count(*) from thing where finished >= ? and finished < ? and not ready_made",
        start, end,
    )  # fmt: skip
    assert int(flow.traffic.finished.sum()) == finished
    days = second.rows(
        "select stage, sum(greatest(least(ends, ?) - greatest(since, ?), 0)) / ? from step group by 1",
        until, start, DAY_MICROSECONDS,
    )  # fmt: skip
    told = {stage: spent for (_, stage), (spent, _, _) in stage_times(flow).items()}
    for stage, spent in days:
        assert told.get(str(stage), 0.0) == pytest.approx(float(str(spent)))


def test_what_is_declared_as_people_stays_so_when_the_model_is_written_and_read() -> None:
    model = load_or_refuse(
        "kinds: {soul: {family: collaboration, people: yes}, job: {family: intent}}"
    )
    again = load_or_refuse(format_model(model))
    assert [each.people for each in again.kinds] == [True, False]
    assert again == model
