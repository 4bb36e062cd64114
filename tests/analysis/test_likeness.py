"""Things that may be one are found without comparing each with every other."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from latticework.analysis.likeness import EMAIL, NAME, NEAR, likely_pairs
from latticework.base.times import Moment
from latticework.graph.alike import as_names
from latticework.graph.graph import Graph, build
from latticework.journal.changes import Batch, Change, Declare, Put
from latticework.journal.memory import MemoryStore

MODEL = """
company: Harbour
kinds:
  person: {family: collaboration, many: people, fields: {email: text, town: text}}
"""


def company(*people: tuple[str, str, str]) -> Graph:
    """People by slug, name and e-mail."""
    store = MemoryStore()
    changes: list[Change] = [Declare(MODEL, valid=0)]
    changes += [Put(f"person/{s}", {"title": n, "email": e or None}) for s, n, e in people]
    store.append([Batch(changes=tuple(changes))], now=1)
    return build(store.log(), Moment(valid=2))


def pairs(graph: Graph, kind: str = "") -> dict[tuple[str, str], str]:
    found = likely_pairs(graph, kind)
    refs = graph.refs
    return {(refs[one], refs[other]): why for one, other, why in found.iter_rows()}


def test_an_equal_email_counts_before_an_equal_name_and_that_before_a_near_one() -> None:
    graph = company(
        ("a", "Ana Lima", "ana@harbour.eu"),
        ("b", "A. L.", "ANA@harbour.eu"),
        ("c", "Lima, Ana", ""),
        ("d", "Ana Lyma", ""),
        ("e", "Ben Osei", "ben@harbour.eu"),
    )
    assert pairs(graph) == {
        ("person/a", "person/b"): EMAIL,
        ("person/a", "person/c"): NAME,
        ("person/a", "person/d"): NEAR,
        ("person/c", "person/d"): NEAR,
    }
    assert likely_pairs(graph)["because"].to_list() == [EMAIL, NAME, NEAR, NEAR]
    assert not pairs(graph, "team")


def test_what_many_share_tells_nobody_apart() -> None:
    every = [(f"p{n}", f"Person {chr(97 + n) * 8}", "office@harbour.eu") for n in range(8)]
    assert not pairs(company(*every))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Ana Lima", "ana.lima@harbour.eu", True),
        ("Lima, Ana", "Ána LIMA", True),
        ("Ana", "ana", False),
        ("Ana Lima", "Ana Lima Costa", False),
    ],
)
def test_names_are_one_in_any_order_and_spelling(one: str, other: str, same: bool) -> None:
    first, second = as_names(pl.Series([one, other])).to_list()
    assert (first is not None and first == second) is same


def test_a_retired_thing_is_no_candidate() -> None:
    graph = company(("a", "Ana Lima", ""), ("b", "Ana Lima", ""))
    assert len(likely_pairs(graph)) == 1
    assert np.all(graph.alive)
    assert not pairs(graph.at(Moment(valid=0)))
