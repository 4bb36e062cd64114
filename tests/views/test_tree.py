"""Trees along a link: several parents, bounds, any query as their roots."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.views import harbour, wrenfold

from latticework.base.findings import Refused
from latticework.views.blocks import Tree, Twig
from latticework.views.catalogue import views
from latticework.views.sight import Sight


def drawn(sight: Sight, **chosen: object) -> Tree:
    (block,) = views()["tree"].build(sight, chosen).blocks
    assert isinstance(block, Tree)
    return block


def every(twigs: tuple[Twig, ...]) -> Iterator[Twig]:
    for each in twigs:
        yield each
        yield from every(each.twigs)


def test_a_thing_with_two_parents_hangs_below_both_and_names_the_other() -> None:
    block = drawn(harbour.sight("2026-06-01"), start="goal", link="is served by")
    ferries = [each for each in every(block.twigs) if each.ref == "bet/night-ferry"]
    assert [[span.text for span in each.also] for each in ferries] == [
        ["Reach every island"],
        ["Calm mornings"],
    ]
    assert [each.again for each in ferries] == [False, True]


def test_what_hangs_below_is_drawn_once_and_counted_nowhere_twice() -> None:
    block = drawn(wrenfold.sight(), start="pillar", link="is served by", rows=0)
    full = [each for each in every(block.twigs) if not each.again]
    assert len(full) == len({each.ref for each in full}) == len(block.refs)


@pytest.mark.parametrize("rows", [5, 40, 200])
def test_no_more_lines_are_drawn_than_asked_for_and_the_rest_is_counted(rows: int) -> None:
    block = drawn(wrenfold.sight(), start="pillar", link="is served by", rows=rows)
    lines = list(every(block.twigs))
    assert len(lines) <= rows + 1
    assert sum(each.more for each in lines) > 0


def test_room_is_shared_so_that_no_root_takes_it_all() -> None:
    block = drawn(wrenfold.sight(), start="pillar", link="is served by", rows=60)
    below = [len(each.twigs) for each in block.twigs if each.twigs or each.more]
    assert min(below) >= 5


def test_depth_cuts_the_tree_and_says_how_much_is_below() -> None:
    block = drawn(wrenfold.sight(), start="pillar", link="is served by", depth=1, rows=0)
    second = [each for root in block.twigs for each in root.twigs]
    assert any(each.more for each in second)
    assert not any(each.twigs for each in second)


def test_any_query_gives_the_roots_and_none_of_them_hangs_below_another() -> None:
    block = drawn(wrenfold.sight(), query="goal where stage is pursued", link="is served by")
    roots = {each.ref for each in block.twigs}
    assert len(roots) > 5
    for root in block.twigs:
        # A goal that leads back to itself is a circle, and drawn as one.
        assert not roots & ({each.ref for each in every(root.twigs)} - {"", root.ref})


def test_a_circle_ends_where_it_comes_back() -> None:
    block = drawn(wrenfold.sight(), start="input", link="drives", rows=0)
    assert any(each.again for each in every(block.twigs))


def test_how_a_tree_hangs_together_is_told_to_whoever_changes_it() -> None:
    block = drawn(wrenfold.sight(), start="pillar", link="is served by")
    assert (block.phrase, block.link, block.back) == ("is served by", "serves", True)


@pytest.mark.parametrize(
    ("chosen", "code"),
    [
        ({"start": "gaol"}, "VIEW007"),
        ({"start": "goal", "link": "servs"}, "VIEW005"),
        ({"query": "goal where helth is x"}, "QUERY011"),
        ({"start": "goal/zebra"}, "VIEW003"),
    ],
    ids=str,
)
def test_unknown_words_are_refused(chosen: dict[str, object], code: str) -> None:
    with pytest.raises(Refused, match=code):
        drawn(wrenfold.sight(), **chosen)
