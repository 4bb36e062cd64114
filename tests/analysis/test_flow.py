"""Flow from little histories, from random ones, and against other ways of counting."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from latticework.analysis.flow.reading import Flow, flow_of, levels, parts_of
from latticework.base.findings import Refused
from latticework.base.times import DAY_MICROSECONDS, Moment, end_of, start_of
from latticework.graph.graph import Graph
from latticework.graph.little import company_of
from latticework.model.format import format_model
from latticework.model.load import load_or_refuse

TODAY = date(2026, 6, 29)
MODEL = """
model:
  uses: []
  kinds:
    job:
      family: intent
      fields: {size: "choice small | large", owner: text, doer: text people}
      stages: {asked: proposed, doing: active, checking: active, done: done, off: dropped}
      links: {is owned by: {to: [crew, soul], back: owns}, needs: {to: job}}
    crew:
      family: collaboration
      fields: {town: text}
    soul: {family: collaboration, people: yes, links: {works in: {to: crew}}}
"""


def _graph(told: str) -> Graph:
    return company_of(MODEL + told, Moment(valid=end_of(TODAY)))


def _flow(told: str, query: str = "job", weeks: int = 26) -> Flow:
    return flow_of(_graph(told), query, until=end_of(TODAY), today=TODAY, weeks=weeks)


STORY = """
on: 2026-01-05
job/early: {stage: doing}
job/plain: {stage: asked}
job/sleeper: {stage: asked}
---
on: 2026-02-02
job/plain: {stage: doing}
job/again: {stage: doing}
job/skips: {stage: asked}
job/ready: {stage: done}
job/typo: {stage: dooing}
---
on: 2026-02-12
job/plain: {stage: checking}
job/again: {stage: done}
job/skips: {stage: done}
job/early: {stage: done}
---
on: 2026-02-22
job/plain: {stage: done}
job/again: {stage: doing}
job/lost: {stage: doing}
---
on: 2026-03-04
job/again: {stage: done}
retire: [job/lost]
"""


def _of(flow: Flow, ref: str, told: str = STORY) -> int:
    graph = _graph(told)
    return int(flow.journeys.ids.tolist().index(graph.id_of(ref)))


def test_cycle_time_runs_from_first_under_way_to_last_done() -> None:
    flow = _flow(STORY)
    days = flow.journeys.cycle_days
    assert days[_of(flow, "job/plain")] == 20
    assert days[_of(flow, "job/again")] == 30
    assert np.isnan(days[_of(flow, "job/early")])


def test_every_doubt_is_said() -> None:
    flow = _flow(STORY)
    said = {sentence.split(":")[0].split(" ")[0]: number for number, sentence in flow.doubts()}
    sentences = " | ".join(sentence for _, sentence in flow.doubts())
    assert said["began"] == 1
    assert "'dooing'" in sentences
    for mark in ("early", "skipped", "reopened", "ready_made", "retired", "unread"):
        assert int(getattr(flow.journeys, mark).sum()) == 1, mark
    assert int(flow.journeys.midway.sum()) == 2


def test_what_was_retired_while_open_counts_as_dropped_on_that_day() -> None:
    flow = _flow(STORY)
    place = _of(flow, "job/lost")
    assert flow.journeys.dropped[place] == start_of(date(2026, 3, 4))
    assert not flow.journeys.under_way[place]


def test_a_question_with_a_condition_says_that_it_does_not_see_the_retired() -> None:
    flow = _flow(STORY, "job where stage is done")
    assert flow.asked.unseen_retired == 1
    assert any("retired" in sentence for _, sentence in flow.doubts())


def test_a_stage_written_again_is_no_new_spell() -> None:
    flow = _flow(
        "on: 2026-02-02\njob/a: {stage: doing}\n---\non: 2026-03-02\njob/a: {stage: doing}\n"
    )
    assert len(flow.spells) == 1


def test_the_later_entry_of_one_instant_counts() -> None:
    told = "on: 2026-02-02\njob/a: {stage: doing}\n---\non: 2026-02-02\njob/a: {stage: asked}\n"
    flow = _flow(told)
    assert [flow.spells.spots[spot].stage for spot in flow.spells.spot] == ["asked"]


def test_nothing_with_stages_is_a_finding() -> None:
    with pytest.raises(Refused) as refused:
        _flow(STORY, "crew")
    assert refused.value.findings[0].code == "FLOW001"


# Groups --------------------------------------------------------------------------------

GROUPS = "\n".join(
    [
        "on: 2026-01-05",
        "crew/north: {town: Bergen}",
        "crew/south: {town: Faro}",
        "crew/two: {town: Faro}",
        *(f"soul/n{n}: {{works in: crew/north}}" for n in range(6)),
        *(f"soul/s{n}: {{works in: crew/south}}" for n in range(5)),
        *(f"soul/t{n}: {{works in: crew/two}}" for n in range(2)),
        *(f"job/n{n}: {{stage: asked, size: large, is owned by: crew/north}}" for n in range(7)),
        *(f"job/s{n}: {{stage: asked, size: small, is owned by: crew/south}}" for n in range(3)),
        *(f"job/t{n}: {{stage: asked, is owned by: crew/two}}" for n in range(8)),
        *(f"job/p{n}: {{stage: asked, is owned by: soul/n{n % 6}}}" for n in range(9)),
        "---",
        "on: 2026-02-02",
        *(f"job/n{n}: {{stage: doing}}" for n in range(7)),
    ]
)


def _parts(by: str, smallest: int = 5) -> tuple[set[str], int]:
    graph = _graph(GROUPS)
    flow = flow_of(graph, "job", until=end_of(TODAY), today=TODAY)
    groups, parts = parts_of(graph, flow, by, today=TODAY, smallest=smallest)
    return {each.name for each in parts}, groups.few


def test_groups_of_few_things_or_few_people_are_not_shown() -> None:
    shown, few = _parts("is owned by")
    assert "crew/north" in shown
    assert "crew/south" not in shown, "three jobs are too few"
    assert "crew/two" not in shown, "two people are too few, however many jobs they have"
    assert few == 2


def test_people_are_never_shown_apart() -> None:
    shown, _ = _parts("is owned by")
    assert not any(name.startswith("soul/") for name in shown)
    assert "people, not shown apart" in shown


def test_the_work_of_one_person_is_not_shown_as_that_of_people() -> None:
    told = GROUPS.replace("soul/n1}", "soul/n0}").replace("soul/n2}", "soul/n0}")
    for number in range(3, 6):
        told = told.replace(f"is owned by: soul/n{number}}}", "is owned by: soul/n0}")
    graph = _graph(told)
    flow = flow_of(graph, "job", until=end_of(TODAY), today=TODAY)
    _, parts = parts_of(graph, flow, "is owned by", today=TODAY)
    assert "people, not shown apart" not in {each.name for each in parts}


@pytest.mark.parametrize(
    "by", ["title of is owned by", "owns of is owned by then works in", "doer"]
)
def test_a_dimension_that_names_people_is_refused(by: str) -> None:
    with pytest.raises(Refused):
        _parts(by)


def test_a_dimension_that_leads_to_people_alone_is_refused_with_a_finding() -> None:
    told = MODEL.replace("to: [crew, soul], back: owns", "to: soul, back: owns")
    graph = company_of(
        told + "on: 2026-01-05\nsoul/a: {title: A}\njob/a: {stage: doing, is owned by: soul/a}\n",
        Moment(valid=end_of(TODAY)),
    )
    flow = flow_of(graph, "job", until=end_of(TODAY), today=TODAY)
    with pytest.raises(Refused) as refused:
        parts_of(graph, flow, "is owned by", today=TODAY)
    assert refused.value.findings[0].code == "FLOW003"


def test_groups_come_in_alphabetical_order() -> None:
    graph = _graph(GROUPS)
    flow = flow_of(graph, "job", until=end_of(TODAY), today=TODAY)
    _, parts = parts_of(graph, flow, "size", today=TODAY, smallest=2)
    names = [each.name for each in parts]
    assert names == sorted(names)


# Laws ----------------------------------------------------------------------------------

STAGES = ("asked", "doing", "checking", "done", "off")
histories = st.lists(
    st.lists(st.tuples(st.integers(0, 170), st.sampled_from(STAGES)), min_size=1, max_size=6),
    min_size=1,
    max_size=12,
)


def _told(history: list[list[tuple[int, str]]]) -> str:
    """Each thing's days and stages; of one day the last stage counts."""
    days: dict[int, dict[int, str]] = defaultdict(dict)
    for number, rows in enumerate(history):
        for day, stage in rows:
            days[day][number] = stage
    parts = ["on: 2026-01-05\njob/first: {stage: asked}"]
    for day in sorted(days):
        lines = [f"on: {date(2026, 1, 6) + timedelta(days=day)}"]
        lines += [f"job/j{number}: {{stage: {stage}}}" for number, stage in days[day].items()]
        parts.append("\n".join(lines))
    return "\n---\n".join(parts)


def _plain_spells(history: list[list[tuple[int, str]]]) -> list[list[tuple[float, float, str]]]:
    """The same by hand: start, end and stage of each stretch, in days since 1970."""
    until = (end_of(TODAY)) / DAY_MICROSECONDS
    found = [[(start_of(date(2026, 1, 5)) / DAY_MICROSECONDS, until, "asked")]]
    for rows in history:
        by_day: dict[float, str] = {}
        for days, stage in rows:
            by_day[start_of(date(2026, 1, 6) + timedelta(days=days)) / DAY_MICROSECONDS] = stage
        merged: list[tuple[float, float, str]] = []
        for day in sorted(by_day):
            if merged and merged[-1][2] == by_day[day]:
                continue
            if merged:
                merged[-1] = (merged[-1][0], day, merged[-1][2])
            merged.append((day, until, by_day[day]))
        found.append(merged)
    return found


@settings(max_examples=60, deadline=None)
@given(histories)
def test_journeys_agree_with_a_walk_through_each_history(
    history: list[list[tuple[int, str]]],
) -> None:
    flow = _flow(_told(history))
    graph = _graph(_told(history))
    plain = _plain_spells(history)
    names = ["first", *(f"j{number}" for number in range(len(history)))]
    for name, spells in zip(names, plain, strict=True):
        place = flow.journeys.ids.tolist().index(graph.id_of(f"job/{name}"))
        begun = next((s for s, _, stage in spells if stage in ("doing", "checking")), None)
        done = spells[-1][0] if spells[-1][2] == "done" else None
        cycle = done - begun if done is not None and begun is not None else None
        got = flow.journeys.cycle_days[place]
        # What was under way when the journal began has no cycle time.
        early = bool(flow.journeys.early[place])
        assert np.isnan(got) if cycle is None or early else got == pytest.approx(cycle)


@settings(max_examples=60, deadline=None)
@given(histories, st.integers(2, 24))
def test_littles_law_holds_with_what_lies_across_the_ends(
    history: list[list[tuple[int, str]]], weeks: int
) -> None:
    little = _flow(_told(history), weeks=weeks).little
    whole = little.rate * (little.stay or 0) * little.days - little.carried + little.open_days
    assert little.level * little.days == pytest.approx(whole, abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(histories)
def test_what_stands_in_all_categories_is_what_had_begun_by_then(
    history: list[list[tuple[int, str]]],
) -> None:
    flow = _flow(_told(history))
    instants, by_category = levels(flow)
    plain = _plain_spells(history)
    for place, instant in enumerate(instants[:-1].tolist()):
        day = instant / DAY_MICROSECONDS
        for name, counts in by_category.items():
            stages = {"proposed": ("asked",), "active": ("doing", "checking")}
            wanted = stages.get(name, ("done",) if name == "done" else ("off",))
            standing = sum(
                any(s <= day < e and stage in wanted for s, e, stage in spells) for spells in plain
            )
            assert counts[place] == standing


@settings(max_examples=40, deadline=None)
@given(histories)
def test_order_of_entries_does_not_matter(history: list[list[tuple[int, str]]]) -> None:
    parts = _told(history).split("\n---\n")
    shuffled = parts.copy()
    Random(1).shuffle(shuffled)
    one, other = _flow("\n---\n".join(parts)), _flow("\n---\n".join(shuffled))
    assert sorted(one.spells.start.tolist()) == sorted(other.spells.start.tolist())
    assert one.traffic.finished.tolist() == other.traffic.finished.tolist()
    assert one.little.level == pytest.approx(other.little.level)


def test_weeks_begin_on_mondays_of_the_company() -> None:
    told = MODEL.replace("  uses: []", "  uses: []\n  zone: Pacific/Auckland")
    graph = company_of(told + STORY, Moment(valid=end_of(TODAY)))
    flow = flow_of(graph, "job", until=end_of(TODAY), today=TODAY, weeks=4)
    starts = [
        datetime.fromtimestamp(bound / 1e6, tz=flow.period.zone) for bound in flow.period.bounds
    ]
    assert all(each.weekday() == 0 and each.hour == 0 for each in starts)


def test_a_field_of_names_stays_one_when_the_model_is_written_and_read() -> None:
    """A field that says `people: yes`, in one line or in several."""
    written = format_model(_graph("").model)
    assert load_or_refuse(written).kinds_by_name["job"].fields_by_name["doer"].people
    spelled = "kinds: {job: {family: intent, fields: {doer: {people: yes, purpose: who did it}}}}"
    model = load_or_refuse(spelled)
    assert load_or_refuse(format_model(model)).kinds_by_name["job"].fields_by_name["doer"].people
    assert not model.kinds_by_name["job"].fields_by_name["doer"].unique
