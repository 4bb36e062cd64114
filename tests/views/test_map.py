"""The map: what lies some steps round things, and what is left out of it."""

from __future__ import annotations

from datetime import date

import pytest

from latticework.base.findings import Refused
from latticework.base.times import Moment, end_of, parse_instant
from latticework.graph.little import company_of
from latticework.surfaces.web.maps import plan_of
from latticework.views.catalogue import views
from latticework.views.page import Page
from latticework.views.sight import Sight
from latticework.views.visuals import Dot, Map

YARD = """
model:
  uses: []
  kinds:
    team:
      family: collaboration
      fields: {size: number, site: choice north | south}
      stages: {new: proposed, steady: active}
      links:
        depends on: {to: [team, tool], back: is needed by}
        is part of: {to: area, back: holds}
    tool: {family: context}
    area: {family: context}
on: 2026-01-01
area/sea: {title: Sea}
team/a: {title: A, size: 16, site: north, stage: steady, depends on: [team/b, team/a, tool/gone], is part of: area/sea}
team/b: {title: B, size: 4, site: south, depends on: [team/c], is part of: area/sea}
team/c: {title: C, depends on: [team/a, tool/saw]}
team/d: {title: D, depends on: [team/a]}
tool/saw: {title: Saw}
"""


def _page(**chosen: object) -> Page:
    graph = company_of(YARD, Moment(valid=end_of(date(2026, 6, 15))))
    now = parse_instant("2026-06-15T12:00:00Z")
    return views()["map"].build(Sight(graph=graph, now=now, graph_at=lambda _: graph), chosen)


def _map(**chosen: object) -> Map:
    block = _page(**chosen).blocks[0]
    assert isinstance(block, Map)
    return block


def _dots(**chosen: object) -> dict[str, Dot]:
    return {dot.title: dot for dot in _map(**chosen).dots}


def _edges(block: Map) -> set[tuple[str, str, str]]:
    return {(block.dots[a].title, says, block.dots[b].title) for a, b, says in block.edges}


def test_steps_go_both_ways_and_are_counted() -> None:
    depths = {title: dot.depth for title, dot in _dots(focus="tool/saw", hops=2).items()}
    assert depths == {"Saw": 0, "C": 1, "A": 2, "B": 2}


def test_only_the_chosen_links_are_followed() -> None:
    assert set(_dots(focus="team/b", links="is part of")) == {"B", "Sea"}


def test_cycles_and_loops_are_drawn_as_they_are() -> None:
    edges = _edges(_map(query="team", hops=0))
    assert {("A", "depends on", "A"), ("C", "depends on", "A"), ("A", "depends on", "B")} <= edges


def test_a_target_that_does_not_exist_is_drawn_as_missing() -> None:
    gone = _dots(focus="team/a", hops=1)["gone"]
    assert gone.missing
    assert gone.ref == "tool/gone"


def test_what_has_no_room_is_counted_at_the_dots_that_lead_to_it() -> None:
    block = _map(focus="team/a", hops=1, rows=2)
    assert len(block.dots) == 2
    assert sum(dot.more for dot in block.dots) >= 3
    assert "are not drawn" in block.note


def test_an_opened_dot_shows_one_more_step() -> None:
    assert "Saw" not in _dots(focus="team/b", links="depends on")
    assert "Saw" in _dots(focus="team/b", links="depends on", open="team/c")


def test_a_crowd_is_opened_some_at_a_time() -> None:
    text = YARD + "".join(f"team/x{each}: {{is part of: area/sea}}\n" for each in range(100))
    graph = company_of(text, Moment(valid=end_of(date(2026, 6, 15))))
    sight = Sight(graph=graph, now=parse_instant("2026-06-15T12:00:00Z"), graph_at=lambda _: graph)

    def drawn(opened: str) -> int:
        chosen = {"focus": "area/sea", "hops": 0, "open": opened}
        block = views()["map"].build(sight, chosen).blocks[0]
        assert isinstance(block, Map)
        return len(block.dots) - 1

    assert drawn("area/sea") == 30
    assert drawn("area/sea,area/sea") == 102, "of those that are left, all come at once"


def test_size_is_an_area_and_absent_values_have_none() -> None:
    dots = _dots(query="team", hops=0, size="size")
    assert (dots["A"].size, dots["B"].size, dots["C"].size) == (1.0, 0.5, 0.0)


def test_size_may_count_links() -> None:
    dots = _dots(query="team", hops=0, size="links")
    assert max(dots.values(), key=lambda dot: dot.size).title == "A"


def test_colours_and_clusters_come_from_any_field_or_link() -> None:
    dots = _dots(query="team", hops=0, colour="site", cluster="is part of")
    assert (dots["A"].hue, dots["A"].group, dots["C"].hue) == ("north", "Sea", "")


def test_edges_mostly_one_way_are_laid_in_layers_and_cycles_are_not() -> None:
    assert _map(query="area").layered
    assert not _map(query="team", hops=0, links="depends on").layered
    assert _map(query="team", hops=0, links="depends on", layout="layered").layered


def test_links_that_may_be_drawn_are_those_of_the_model() -> None:
    joins = _map(query="team").joins
    assert ("team", "is part of", "area") in joins
    assert all(source != "area" for source, _, _ in joins)


@pytest.mark.parametrize(
    ("chosen", "code"),
    [
        ({"layout": "round"}, "VIEW016"),
        ({"links": "loves"}, "VIEW005"),
        ({"size": "site"}, "VIEW016"),
        ({"cluster": "weather"}, "VIEW014"),
        ({"focus": "team/zzz"}, "VIEW003"),
    ],
)
def test_a_choice_that_fits_nothing_is_refused_with_a_hint(
    chosen: dict[str, str], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        _page(query="team", **chosen)
    assert refused.value.findings[0].code == code
    assert refused.value.findings[0].hint


def test_rows_for_programs_are_the_edges() -> None:
    rows = list(_page(focus="team/b", links="depends on", hops=0).data)
    assert rows == []
    assert {
        "from": "team/b",
        "from_title": "B",
        "link": "is part of",
        "to": "area/sea",
        "to_title": "Sea",
    } in list(_page(focus="team/b").data)


def test_a_thing_put_by_hand_lies_there_whatever_else_is_drawn() -> None:
    block = _map(query="team", places="team/a 640 25.5; team/none -4 9")
    [put] = [dot for dot in block.dots if dot.place]
    assert (put.ref, put.place) == ("team/a", (640.0, 25.5))
    plan = plan_of(block)
    [spot] = [each for each in plan.spots if each.dot.ref == "team/a"]
    assert (spot.x, spot.y) == (640.0, 25.5)
    assert plan.width > 640


@pytest.mark.parametrize("places", ["team/a", "team/a 1", "team/a one 2", "team/a 1 2 3; b"])
def test_words_that_put_nothing_in_a_place_are_said(places: str) -> None:
    with pytest.raises(Refused, match="VIEW019"):
        _map(query="team", places=places)


def test_of_a_crowd_round_one_thing_half_is_drawn_and_the_rest_counted() -> None:
    every = _dots(focus="team/a")
    assert _dots(focus="team/a", crowd=5) == _dots(focus="team/a", crowd=0) == every
    few = _dots(focus="team/a", crowd=4)
    assert len(every) == 6
    assert len(few) == 3
    # What was never recorded is not drawn and not counted.
    assert few["A"].more == 2
    assert len({few[each].kind for each in few if each != "A"}) == 2
