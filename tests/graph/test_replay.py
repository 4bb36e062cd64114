"""Replay at any moment against a plain fold over the entries."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.graph.companies import Fact, fold, load, log_of, reading_of

from latticework.base.times import BEGINNING, FOREVER, Moment
from latticework.graph.graph import Graph, build
from latticework.graph.log import Log
from latticework.graph.timeline import Ints, Timeline
from latticework.journal.changes import Connect, Declare, Disconnect, Move, Put, Retire
from latticework.model.model import Family, Kind, Model

REFS = [f"{kind}/{slug}" for kind in ("initiative", "epic", "team") for slug in ("a", "b", "c")]
refs = st.sampled_from(REFS)
texts = st.sampled_from(["1", "2", "x", 'he said "no"', "\\", "a\nb", "早"])
values = st.none() | texts | st.lists(texts, max_size=2).map(tuple)
fields = st.dictionaries(
    st.sampled_from(["title", "budget", "cost", "labels", "stage", 'odd "word"\\ :']),
    values,
    max_size=3,
)
carried = st.dictionaries(st.sampled_from(["share", "part"]), st.none() | texts, max_size=2)
links = st.sampled_from(["serves", "supports", "knows"])
changes = st.one_of(
    st.builds(Put, refs, fields),
    st.builds(Put, refs, fields),
    st.builds(Retire, refs),
    st.builds(Connect, refs, links, refs, carried),
    st.builds(Disconnect, refs, links, refs),
)
instants = st.integers(0, 6)


@st.composite
def companies(draw: st.DrawFn, *, most_moves: int = 2) -> list[Fact]:
    """A first model, facts in any order of time, a few moves, perhaps new words."""
    facts = draw(st.lists(st.tuples(instants, changes), max_size=14))
    moves = draw(st.lists(st.tuples(instants, st.builds(Move, refs, refs)), max_size=most_moves))
    renames = draw(st.lists(st.tuples(instants, st.just(Declare("second"))), max_size=1))
    later = draw(st.permutations([*facts, *moves, *renames]))
    return [(BEGINNING, Declare("first")), *later]


moments = st.builds(
    Moment, st.integers(-1, 7) | st.just(FOREVER), st.integers(0, 170) | st.just(FOREVER)
)


@given(companies(), st.lists(moments, min_size=1, max_size=4))
@settings(max_examples=80, deadline=None)
def test_any_moment_equals_a_plain_fold(facts: list[Fact], wanted: list[Moment]) -> None:
    """A company whose things move, retire, come back and change their words."""
    graph = build(log_of(facts), load=load)
    for moment in wanted:
        assert reading_of(graph.at(moment)) == fold(facts, moment)


@given(companies(), st.lists(st.integers(1, 16), max_size=3), moments)
@settings(max_examples=60, deadline=None)
def test_advancing_equals_building_anew(facts: list[Fact], cuts: list[int], moment: Moment) -> None:
    """The same company, read in up to four pieces."""
    whole = build(log_of(facts), load=load)
    bounds = [0, *sorted(min(cut, len(facts)) for cut in cuts), len(facts)]
    graph = build(log_of(facts[: bounds[1]]), load=load)
    for start, end in pairwise(bounds[1:]):
        reading_of(graph.at(moment))
        graph.find("team/a")
        graph = graph.advance(log_of(facts[start:end], first=start + 1))
    assert reading_of(graph.at(moment)) == reading_of(whole.at(moment))
    assert graph.size == whole.size
    assert graph.head == whole.head
    assert [graph.names_of(node) for node in range(graph.size)] == [
        whole.names_of(node) for node in range(whole.size)
    ]


@given(companies(most_moves=1))
@settings(max_examples=40, deadline=None)
def test_what_was_worked_out_is_kept_up_entry_by_entry(facts: list[Fact]) -> None:
    """Refs, existence and edges both ways, after each entry of a company."""
    graph = build(log_of(facts[:1]), load=load)
    for end, fact in enumerate(facts[1:], 2):
        worked_out(graph)
        graph = graph.advance(log_of([fact], first=end))
        assert worked_out(graph) == worked_out(build(log_of(facts[:end]), load=load))


@given(companies(most_moves=0), st.integers(0, 16))
@settings(max_examples=60, deadline=None)
def test_known_then_equals_the_log_as_it_was(facts: list[Fact], count: int) -> None:
    """What we knew at an entry is what a log that ends there says."""
    facts = [fact for fact in facts if fact[1] != Declare("second")]
    count = min(count, len(facts))
    whole = build(log_of(facts), load=load).at(Moment(FOREVER, count * 10))
    then = build(log_of(facts[:count]), load=load)
    assert reading_of(whole) == reading_of(then)


@given(companies(), instants, instants)
@settings(max_examples=60, deadline=None)
def test_changed_things_are_those_with_an_entry_between(
    facts: list[Fact], after: int, upto: int
) -> None:
    """Puts, retirements and moves count for the thing, edges for their source."""
    graph = build(log_of(facts), load=load)
    touched = set()
    for valid, change in facts:
        if after < valid <= upto and not isinstance(change, Declare):
            ref = change.source if isinstance(change, Connect | Disconnect) else change.ref
            touched.add(graph.find(ref))
    assert set(graph.changed_ids(after, upto).tolist()) == touched


@given(companies(), st.lists(refs | st.just("nobody/x"), max_size=4))
@settings(max_examples=60, deadline=None)
def test_finding_many_equals_finding_one_by_one(facts: list[Fact], wanted: list[str]) -> None:
    """Texts in use, former texts, and texts under a renamed kind's new word."""
    graph = build(log_of(facts), load=load)
    found = [graph.find(ref) for ref in wanted]
    many = graph.find_all(pl.Series(wanted, dtype=pl.String))
    assert many.tolist() == [-1 if each is None else each for each in found]


def test_numbers_of_things_are_the_same_at_every_moment() -> None:
    """Two teams, one of which begins next year."""
    facts: list[Fact] = [(5, Put("team/a")), (9, Put("team/b"))]
    graph = build(log_of(facts), load=load)
    assert graph.at(Moment(5)).ids_of("any").tolist() == [0]
    assert graph.at(Moment(9)).ids_of("any").tolist() == [0, 1]
    assert graph.at(Moment(5)).size == 2


def test_an_edge_drawn_again_does_not_carry_what_the_cut_one_did() -> None:
    """A share that was agreed on, an edge that was cut, and drawn anew."""
    facts: list[Fact] = [
        (0, Put("team/a")),
        (0, Put("team/b")),
        (1, Connect("team/a", "serves", "team/b", {"share": "30%"})),
        (2, Disconnect("team/a", "serves", "team/b")),
        (3, Connect("team/a", "serves", "team/b")),
    ]
    graph = build(log_of(facts), load=load)
    assert graph.at(Moment(1)).edge("team/a", "serves", "team/b") == {"share": "30%"}
    assert graph.at(Moment(2)).edge("team/a", "serves", "team/b") is None
    assert graph.at(Moment(3)).edge("team/a", "serves", "team/b") == {}


def test_two_kinds_merged_into_one_keep_things_of_one_slug_apart() -> None:
    """A squad and a crew of one name become teams."""
    before = Model(kinds=tuple(Kind(name=n, family=Family.CONTEXT) for n in ("squad", "crew")))
    merged = Kind(name="team", family=Family.CONTEXT, was=("squad", "crew"))
    models = {"before": before, "after": Model(kinds=(merged,))}
    facts: list[Fact] = [
        (BEGINNING, Declare("before")),
        (1, Put("squad/x", {"title": "Squad X"})),
        (1, Put("crew/x", {"title": "Crew X"})),
        (1, Put("crew/y")),
        (2, Declare("after")),
    ]
    graph = build(log_of(facts), load=models.__getitem__)
    found = [(node.ref, node.kind, node.title) for node in graph.of_kind("team")]
    assert found == [
        ("squad/x", "team", "Squad X"),
        ("crew/x", "team", "Crew X"),
        ("team/y", "team", "y"),
    ]
    assert graph.find("team/y") == graph.find("crew/y") == 2
    assert np.array_equal(graph.ids_of("team"), [0, 1, 2])


def lines_of(log: Log) -> Iterator[tuple[str, Timeline]]:
    yield "existence", log.existence
    yield from ((word, cells.line) for word, cells in log.cells.items())
    yield from ((word, edges.state) for word, edges in log.edges.items())


def titles_renewed(graph: Graph) -> list[str]:
    """Titles by number, those alone read again that were written since."""

    def further(earlier: list[str], written: Ints) -> list[str]:
        found = earlier + [""] * (graph.size - len(earlier))
        for node, title in zip(written.tolist(), graph.titles(written), strict=True):
            found[node] = title
        return found

    every = np.arange(graph.size, dtype=np.int32)
    return graph.renew(("test", "titles"), lambda: graph.titles(every).to_list(), further)


def worked_out(graph: Graph) -> dict[str, object]:
    """What pages ask for first."""
    found: dict[str, object] = {
        "refs": graph.refs.to_list(),
        "kinds": [graph.kind_of(node) for node in range(graph.size)],
        "any": graph.ids_of("any").tolist(),
        "epic": graph.ids_of("epic").tolist(),
        "alive": graph.keep_present(("test", "alive"), lambda: graph.alive.tolist()),
        "titles": titles_renewed(graph),
    }
    for word, line in lines_of(graph.log):
        standing = line.at(line.last_valid, line.last_number)
        found[f"line {word}"] = (standing.subjects.tolist(), standing.rows.tolist())
        found[f"days {word}"] = [each.tolist() for each in line.by_day]
    for link in graph.link_names():
        edges = graph.adjacency(link)
        found[link] = [
            column.tolist()
            for column in (
                edges.sources,
                edges.targets,
                edges.indptr,
                edges.back_edges,
                edges.back_indptr,
                edges.back_sources,
                *edges.dangling,
            )
        ]
    return found
