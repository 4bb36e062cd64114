"""The pages of flow, ages, forecasts, curves and scores, over the example company."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from itertools import pairwise

import pytest

from latticework.base.findings import Refused
from latticework.base.times import Moment, end_of, parse_instant, zone_of
from latticework.demo.company import batches
from latticework.graph.graph import build
from latticework.graph.little import company_of
from latticework.journal.memory import MemoryStore
from latticework.surfaces.text import Paper, page_lines
from latticework.surfaces.web import curves
from latticework.views.blocks import Metric, Prose, Table
from latticework.views.catalogue import views
from latticework.views.groups import groups_of
from latticework.views.numbers import numbers_of
from latticework.views.page import Page
from latticework.views.sight import Sight
from latticework.views.visuals import Curve, Line

TODAY = date(2026, 11, 15)
PAGES: tuple[tuple[str, dict[str, object]], ...] = (
    ("flow", {"query": "bet"}),
    ("flow", {"query": "effort where health is fine", "by": "is owned by", "weeks": 8}),
    ("ageing", {"query": "commitment"}),
    ("forecast", {"query": "effort", "by": "2027-06-30", "growth": "10–30%", "trials": 500}),
    ("forecast", {"query": "project", "after": "depends on", "trials": 500}),
    ("curve", {}),
    ("curve", {"query": "bet/kiosks"}),
    ("curve", {"query": "bet/front-door"}),
    ("curve", {"query": "bet where stage is dropped"}),
    ("scoring", {}),
    ("scope", {"since": "2026-03-01", "query": "any serving+ pillar/kept-word", "along": "serves"}),
    ("scope", {"since": "2026-03-01", "query": "bet"}),
)


@cache
def _sight() -> Sight:
    store = MemoryStore()
    store.append(list(batches()), now=end_of(TODAY))
    graph = build(store.log(), Moment(valid=end_of(TODAY)), past=store.history)
    zone = zone_of(graph.model.zone)
    past = lambda day: graph.at(Moment(valid=parse_instant(day, zone)))  # noqa: E731
    return Sight(graph=graph, now=end_of(TODAY), zone=zone, graph_at=past)


def _page(view: str, chosen: dict[str, object]) -> Page:
    return views()[view].build(_sight(), chosen)


def _text(page: Page, width: int | None = 100) -> str:
    return "\n".join(line.plain for line in page_lines(page, Paper(width)))


@pytest.mark.parametrize(("view", "chosen"), PAGES)
def test_every_page_draws_says_what_it_is_made_of_and_gives_plain_rows(
    view: str, chosen: dict[str, object]
) -> None:
    page = _page(view, chosen)
    text = _text(page)
    assert "nan" not in text.lower().replace("finance", "")
    assert all(len(line) <= 100 for line in text.splitlines())
    json.dumps([dict(row) for row in page.data])
    if view not in ("curve", "scope") or len(page.blocks) > 2:
        assert any(isinstance(block, Prose) and block.title for block in page.blocks)


@pytest.mark.parametrize(("view", "chosen"), PAGES)
def test_a_page_is_the_same_every_time(view: str, chosen: dict[str, object]) -> None:
    assert _text(_page(view, chosen)) == _text(_page(view, chosen))


def test_no_page_of_flow_names_a_person() -> None:
    graph = _sight().graph
    people = {str(graph.ref_of(node)) for node in graph.ids_of("person").tolist()}
    page = _page("flow", {"query": "any", "by": "is owned by", "smallest": 2})
    shown = {str(row.get("is owned by")) for row in page.data}
    assert len(shown) > 5
    assert not shown & people


def test_flow_by_people_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        _page("flow", {"query": "bet", "by": "is owned by then is led by"})
    assert refused.value.findings[0].code == "FLOW003"


@pytest.mark.parametrize(
    ("view", "chosen", "code"),
    [
        ("flow", {"query": "insight"}, "FLOW001"),
        ("flow", {"query": "gaol"}, "QUERY010"),
        ("flow", {"query": "bet", "by": "colour"}, "QUERY011"),
        ("forecast", {"query": "bet", "after": "title"}, "FORECAST007"),
        ("forecast", {"query": "bet", "by": "soon"}, "TIME001"),
        ("scope", {"query": "bet", "since": "2027-01-01"}, "SCOPE002"),
        ("forecast", {"query": "bet where stage is done"}, "FORECAST004"),
    ],
)
def test_what_cannot_be_answered_is_a_finding(
    view: str, chosen: dict[str, object], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        _page(view, chosen)
    assert refused.value.findings[0].code == code
    assert refused.value.findings[0].hint


def test_weeks_of_a_flow_add_up_to_what_stands() -> None:
    page = _page("flow", {"query": "bet", "weeks": 20})
    weeks = [row for row in page.data if "week" in row]
    assert len(weeks) == 20
    (drawn,) = [block for block in page.blocks if isinstance(block, Curve)]
    done = next(line for line in drawn.lines if line.name == "done")
    whole = [high - low for _, low, high in done.points]
    finished = [row["finished"] for row in weeks]
    assert whole[-2] == sum(int(str(each)) for each in finished)


def test_another_seed_moves_the_days_and_the_same_does_not() -> None:
    days = [
        [row["day"] for row in _page("forecast", {"query": "bet", "trials": 300, "seed": s}).data]
        for s in (1, 1, 2)
    ]
    assert days[0] == days[1]
    assert days[0] != days[2]


def test_ages_come_oldest_first() -> None:
    ages = [row["age days"] for row in _page("ageing", {"query": "bet"}).data]
    known = [float(str(each)) for each in ages if each is not None]
    assert known == sorted(known, reverse=True)


def test_ages_of_what_is_under_way_are_compared_with_what_finished_of_the_kind() -> None:
    alone, of_all = (
        {
            str(row["ref"]): row["share finished by that age"]
            for row in _page("ageing", {"query": query}).data
        }
        for query in ("bet where stage is active", "bet")
    )
    assert any(alone.values())
    assert alone == of_all


def test_a_thing_with_a_curve_shows_where_it_lies() -> None:
    page = _page("curve", {"query": "bet/kiosks"})
    labels = {block.label: block.value for block in page.blocks if isinstance(block, Metric)}
    assert labels["Where it lies"] == "on curve"
    (readings,) = [b for b in page.blocks if isinstance(b, Table) and b.title == "Readings"]
    assert [row[3].text for row in readings.rows][-1] == "below"


# Drawing --------------------------------------------------------------------------------


def _drawn(*lines: Line, now: int = 0) -> curves.Plan:
    plan = curves.plan_of(Curve(lines=lines, now=now))
    assert plan is not None
    return plan


@pytest.mark.parametrize(("view", "chosen"), PAGES)
def test_curves_stay_inside_their_drawing(view: str, chosen: dict[str, object]) -> None:
    for block in _page(view, chosen).blocks:
        if isinstance(block, Curve):
            for frame in (curves.WIDE, curves.NARROW):
                plan = curves.plan_of(block, frame)
                assert plan is not None
                assert all(0 <= tick.at <= frame.height for tick in plan.up)
                assert all(0 <= tick.at <= frame.width for tick in plan.across)
                labels = sorted(s.label.y for s in plan.strokes if s.label and not s.label.inside)
                gaps = [after - before for before, after in pairwise(labels)]
                assert all(gap >= curves.LABEL_GAP - 0.2 for gap in gaps)


def test_a_curve_without_points_has_no_drawing() -> None:
    assert curves.plan_of(Curve(lines=(Line(name="a", points=()),), now=0)) is None


def test_a_flat_curve_is_drawn_too() -> None:
    plan = _drawn(Line(name="a", points=((0, 0.0, 0.0), (86_400_000_000, 0.0, 0.0))))
    assert plan.now is not None
    assert len(plan.up) >= 2


def test_one_point_is_a_drawing() -> None:
    assert _drawn(Line(name="seen", points=((5, 2.0, 3.0),), tone="seen")).strokes[0].dots


def test_a_hostile_name_is_only_text() -> None:
    line = Line(name="<script>x</script>", points=((0, 1.0, 1.0), (10, 2.0, 2.0)))
    assert "<script>" in _drawn(line).slots[0].says
    from latticework.surfaces.web.drawing import environment

    template = environment().get_template("blocks/curve.html")
    drawn = template.render(
        block=Curve(lines=(line,), now=0), look=None, title="t", sorts=None, back_then=None
    )
    assert "<script>" not in drawn
    assert " style=" not in drawn


def test_no_view_puts_things_together_by_a_field_of_names() -> None:
    graph = company_of(
        "model: {kinds: {job: {family: intent, fields: {doer: text people}, "
        "stages: {asked: proposed, done: done}}}}\njob/a: {doer: Ada, stage: asked}\n"
    )
    with pytest.raises(Refused, match="VIEW039"):
        groups_of(graph, graph.ids_of("job"), "doer")
    sight = Sight(graph=graph, now=end_of(TODAY), graph_at=lambda _: graph)
    every = [("board", "by"), ("board", "lanes"), ("matrix", "across"), ("matrix", "down")]
    for view, word in [*every, ("map", "cluster"), ("map", "colour"), ("timeline", "group")]:
        with pytest.raises(Refused, match="VIEW039 'doer' names people"):
            views()[view].build(sight, {"query": "job", word: "doer"})


def test_every_number_of_a_scope_leads_to_the_things_in_it() -> None:
    asked: dict[str, object] = {
        "since": "2026-03-01",
        "query": "any serving+ pillar/kept-word",
        "along": "serves",
    }
    page = _page("scope", asked)
    counts = {each["what"] for each in page.data}
    for metric in (each for each in page.blocks if isinstance(each, Metric)):
        assert metric.why is not None
        led = views()[metric.why.view].build(_sight(), dict(metric.why.chosen))
        (table, *_) = (each for each in led.blocks if isinstance(each, Table))
        what = dict(metric.why.chosen)["what"]
        assert {row[0].text for row in table.rows} == ({what} & counts)
        assert all(row[-1].spans[0].why for row in table.rows)
    with pytest.raises(Refused) as refused:
        _page("scope", asked | {"what": "creep"})
    assert refused.value.findings[0].code == "SCOPE003"


def test_what_each_forecast_brings_in_makes_the_score() -> None:
    page = _page("scoring", {})
    metric = next(each for each in page.blocks if isinstance(each, Metric))
    (table,) = (e for e in page.blocks if isinstance(e, Table) and e.title == "Said, and came")
    brought = [float(row[-1].text) for row in table.rows]
    if table.total is None and brought:
        assert float(metric.value) == pytest.approx(sum(brought) / len(brought), abs=0.011)
    assert all(row[3].spans[0].why for row in table.rows)


def test_every_score_leads_to_the_things_it_is_made_of() -> None:
    page = _page("scoring", {"query": "bet"})
    led = [(text, dict(why.chosen).get("which", "")) for text, why in numbers_of(page.blocks)]
    chosen = {which for _, which in led if which}
    assert chosen >= {"first", "last", "days", "amounts", "40–60%"}
    (bins,) = (each for each in page.blocks if isinstance(each, Table) and "often" in each.title)
    (ranges,) = (each for each in page.blocks if isinstance(each, Table) and "Ranges" in each.title)
    for which in chosen:
        table = next(
            each
            for each in _page("scoring", {"query": "bet", "which": which, "rows": "0"}).blocks
            if isinstance(each, Table)
        )
        counted = [row[1].text for row in bins.rows if row[0].text == which]
        counted += [row[1].text for row in ranges.rows if row[0].text.startswith(which)]
        assert counted == [f"{len(table.rows)}"] or which in {"first", "last"}
        if which in {"first", "last"}:
            score = next(text for text, leads in led if leads == which)
            brought = [float(row[-1].text) for row in table.rows]
            assert float(score) == pytest.approx(sum(brought) / len(brought), abs=0.011)
        assert all(any(span.why for cell in row for span in cell.spans) for row in table.rows)


def test_a_score_that_there_is_not_is_refused_with_those_there_are() -> None:
    with pytest.raises(Refused, match="one of first, last, days, amounts"):
        _page("scoring", {"query": "bet", "which": "vibes"})


@pytest.mark.parametrize("view", ["flow", "ageing", "journeys", "forecast"])
def test_without_a_question_the_kind_of_which_most_is_finished_is_looked_at(view: str) -> None:
    page, asked = _page(view, {}), _page(view, {"query": "project"})
    assert page.query == asked.query == "project"
    assert page.title == asked.title
    assert page.blocks == asked.blocks
