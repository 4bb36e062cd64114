"""Views as declarations: parameters, refusals, what a sight says of itself."""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl
import pytest
from tests.views import harbour

from latticework.base.findings import Refused
from latticework.base.times import BEGINNING, DAY_MICROSECONDS, FOREVER, Moment, parse_instant
from latticework.graph.graph import Graph
from latticework.journal.changes import Batch, Put
from latticework.journal.memory import MemoryStore
from latticework.views.catalogue import views
from latticework.views.page import Page, View, param, view
from latticework.views.things import id_of
from latticework.views.wording import ago, day_words, listed, many, plural_of


@dataclass(frozen=True)
class Params:
    under: str = param("", "Only goals that serve this one.")
    rows: int = param(10, "How many rows.")
    open: bool = param(False, "Only open ones.")


@view(Params)
def goal_list(graph: Graph, params: Params) -> Page:
    """Which goals are there?"""
    return Page(title=f"{params.under} {params.rows} {params.open}", blocks=())


@pytest.mark.parametrize("each", views().values(), ids=list(views()))
def test_first_lines_can_stand_in_help_and_end_as_sentences(each: View) -> None:
    assert each.summary.endswith((".", "?"))
    assert len(each.summary) <= 72
    assert all(known.says.endswith(".") for known in each.params)


def test_a_view_is_named_for_its_function_and_keeps_its_parameters() -> None:
    assert goal_list.name == "goal-list"
    assert [(each.name, each.type, each.default) for each in goal_list.params] == [
        ("under", str, ""),
        ("rows", int, 10),
        ("open", bool, False),
    ]


def test_texts_become_values_of_the_parameters_type() -> None:
    chosen = {"under": "goal/reach", "rows": "3", "open": "yes"}
    assert goal_list.build(harbour.sight(), chosen).title == "goal/reach 3 True"


def test_all_that_is_wrong_with_parameters_is_said_at_once() -> None:
    with pytest.raises(Refused) as refused:
        goal_list.build(harbour.sight(), {"row": "3", "rows": "three", "open": "perhaps"})
    found = {(each.code, each.value, each.hint) for each in refused.value.findings}
    assert found == {
        ("VIEW001", "row", "did you mean 'rows'?"),
        ("VIEW002", "three", "give a whole number from 0 to 1,000,000,000"),
        ("VIEW002", "perhaps", "give yes or no"),
    }


@pytest.mark.parametrize(
    ("name", "given", "hint"),
    [
        ("forecast", {"trials": "-4"}, "give a whole number from 100 to 100,000"),
        ("forecast", {"weeks": 999_999}, "give a whole number from 1 to 2,600"),
        ("flow", {"smallest": "1"}, "give a whole number from 2 to 1,000,000,000"),
        ("spread", {"minimum": 1}, "give a whole number from 3 to 1,000,000,000"),
        ("map", {"hops": "-1"}, "give a whole number from 0 to 6"),
    ],
)
def test_numbers_beyond_what_a_view_can_do_are_refused(
    name: str, given: dict[str, object], hint: str
) -> None:
    with pytest.raises(Refused) as refused:
        views()[name].read(given)
    assert [(each.code, each.hint) for each in refused.value.findings] == [("VIEW002", hint)]


def test_a_view_that_needs_a_parameter_says_so() -> None:
    with pytest.raises(Refused, match="VIEW009 'thing' needs 'ref'"):
        views()["thing"].build(harbour.sight(), {})


def test_a_parameter_without_a_plain_default_is_refused_where_it_is_declared() -> None:
    @dataclass(frozen=True)
    class Bare:
        under: str

    with pytest.raises(TypeError, match="'under' has no default"):
        view(Bare)(lambda graph, params: Page(title="", blocks=()))


def test_a_page_says_its_day_and_branch_unless_they_are_now_and_main() -> None:
    sight = harbour.sight("2025-12-31")
    assert views()["kinds"].build(sight).subtitle.endswith("as of 2025-12-31")
    apart = replace(harbour.sight(), branch="later")
    assert views()["kinds"].build(apart).subtitle.endswith("on branch later")
    assert "as of" not in views()["kinds"].build(harbour.sight()).subtitle


def test_what_was_known_is_said_to_the_second_where_it_is_no_days_end() -> None:
    known = parse_instant("2026-01-31T10:00:00Z")
    graph = harbour.graph().at(Moment(valid=harbour.NOW, known=known))
    assert replace(harbour.sight(), graph=graph).words == "as known on 2026-01-31T10:00:00Z"


@pytest.mark.parametrize(
    "words",
    ["bet/night-ferry", "bet/ferry", "Night ferry", "NIGHT FERRY", "bet/nig", " bet/ferry "],
)
def test_a_thing_is_found_by_any_name_people_use(words: str) -> None:
    graph = harbour.graph()
    assert graph.ref_of(id_of(graph, words)) == "bet/night-ferry"


@pytest.mark.parametrize(
    ("words", "code", "hint"),
    [
        ("bet/bridgge", "VIEW003", "did you mean bet/bridge?"),
        ("beth/bridge", "VIEW003", "did you mean 'bet'?"),
        ("zzz", "VIEW003", "look for it with: latticework ask"),
        ("bet/", "VIEW003", ""),
        ("team/", "VIEW003", ""),
    ],
)
def test_what_is_not_found_comes_with_what_is_near(words: str, code: str, hint: str) -> None:
    with pytest.raises(Refused) as refused:
        id_of(harbour.graph(), words)
    found = refused.value.findings[0]
    assert found.code == code
    assert hint in found.hint


def with_lantern() -> Graph:
    graph, further = harbour.graph(), MemoryStore()
    further.append([Batch(changes=(Put("bet/lantern", {"title": "A bridge"}),))], now=harbour.NOW)
    return graph.advance(further.log().with_columns(pl.col("number") + graph.head))


@pytest.mark.parametrize(
    ("words", "refs"),
    [("bet/la", "bet/lamp, bet/lantern"), ("a bridge", "bet/bridge, bet/lantern")],
)
def test_words_that_fit_several_things_name_them(words: str, refs: str) -> None:
    with pytest.raises(Refused) as refused:
        id_of(with_lantern(), words)
    found = refused.value.findings[0]
    assert (found.code, found.says) == ("VIEW004", f"'{words}' may mean 2 things")
    assert found.hint == f"say which: {refs}"


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "now"),
        (-1, "1 day ago"),
        (-6.9, "6 days ago"),
        (-14, "2 weeks ago"),
        (-45, "1 month ago"),
        (-800, "2 years ago"),
        (3, "in 3 days"),
        (-0.5, "12 hours ago"),
        (-0.01, "14 minutes ago"),
    ],
)
def test_distances_are_told_in_the_largest_unit(days: float, words: str) -> None:
    now = harbour.NOW
    assert ago(now + int(days * DAY_MICROSECONDS), now) == words


def test_the_ends_of_time_have_words_and_no_distance() -> None:
    assert (day_words(BEGINNING), ago(BEGINNING, harbour.NOW)) == ("always", "")
    assert (day_words(FOREVER), ago(FOREVER, harbour.NOW)) == ("never ends", "")


def test_counts_and_lists_read_well() -> None:
    assert [many(1, "bet"), many(1204, "bet"), many(2, "entry")] == [
        "1 bet",
        "1,204 bets",
        "2 entries",
    ]
    assert plural_of("branch") == "branches"
    assert listed(["a", "b", "c"], most=2) == "a, b and 1 more"
