"""A plan beside what there is now: creep, elaboration and cuts apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from latticework.base.findings import Refused, error
from latticework.graph.delta import delta
from latticework.graph.graph import Graph
from latticework.graph.timeline import Ints
from latticework.query.ask import ask, parse_for
from latticework.query.plan import LinkStep, Listed
from latticework.query.resolve import resolve
from latticework.query.walk import backward, sweep


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What became of the things that a question asked about on a past day.

    All are ids of things on the later side, but for `lost`: things of the plan that
    the later side never knew, as another branch may not, by their ids on the earlier
    one; they count as cut. `planned` answered the question then and was open. Of it
    `kept` still answer it, `finished` are done, `cut` were dropped or retired
    and `left` are there but no longer answer it. Of what answers it now and did
    not then, `elaborated` are parts of what was planned, along the link path;
    `came_in` were there before and answer it now; `crept` are neither: new
    scope. `changed` are kept things whose fields differ, with how many.
    """

    planned: Ints
    kept: Ints
    finished: Ints
    cut: Ints
    left: Ints
    elaborated: Ints
    came_in: Ints
    crept: Ints
    lost: Ints
    changed: Mapping[int, tuple[str, ...]]

    @property
    def growth(self) -> float | None:
        """New scope as a share of the plan; None where nothing was planned."""
        added = len(self.crept) + len(self.came_in)
        return added / self.size if self.size else None

    @property
    def size(self) -> int:
        """How many things the plan had."""
        return len(self.planned) + len(self.lost)


def scope_of(
    before: Graph, after: Graph, query: str, along: str, *, days: tuple[date, date]
) -> Scope:
    """Compare what a question asks about at two moments, or on two branches.

    `along` is the link path that leads from a part to its whole, such as
    `serves`; empty knows no parts. Raises Refused for what either model does
    not know.
    """
    before_ids = np.sort(ask(before, query, today=days[0]).ids)
    over = np.isin(_categories(before, before_ids, before.alive[before_ids]), ("done", "dropped"))
    then, plan = (_across(before, after, each) for each in (before_ids, before_ids[~over]))
    lost, planned = before_ids[~over][plan < 0], np.sort(plan[plan >= 0])
    present = np.sort(ask(after, query, today=days[1]).ids)
    kept = np.intersect1d(planned, present)
    gone, added = np.setdiff1d(planned, present), np.setdiff1d(present, then)
    alive = after.alive[gone]
    categories = _categories(after, gone, alive)
    finished = gone[categories == "done"]
    cut = gone[(categories == "dropped") | ~alive]
    left = np.setdiff1d(gone, np.concatenate([finished, cut]))
    done_inside = kept[_categories(after, kept, after.alive[kept]) == "done"]
    dropped_inside = kept[_categories(after, kept, after.alive[kept]) == "dropped"]
    earlier = _across(after, before, added)
    was_there = (earlier >= 0) & before.alive[earlier] if len(added) else earlier > 0
    parts = _parts(after, added, planned, along, query, days[1])
    elaborated = added[parts]
    came_in = added[~parts & was_there]
    kept = np.setdiff1d(kept, np.concatenate([done_inside, dropped_inside]))
    return Scope(
        planned=_ids(planned),
        kept=_ids(kept),
        finished=_ids(np.union1d(finished, done_inside)),
        cut=_ids(np.union1d(cut, dropped_inside)),
        left=_ids(left),
        elaborated=_ids(elaborated),
        came_in=_ids(came_in),
        crept=_ids(added[~parts & ~was_there]),
        lost=_ids(lost),
        changed=_changed(before, after, _ids(kept)),
    )


def _across(
    one: Graph, other: Graph, ids: np.ndarray[tuple[int], np.dtype[np.integer]]
) -> np.ndarray[tuple[int], np.dtype[np.integer]]:
    """The same things on the other side; -1 where it never knew them."""
    if one.log is other.log:
        return ids
    # Two branches number their things apart: what is the same is known by ref.
    return other.find_all(one.refs.gather(ids))


def _ids(found: np.ndarray[tuple[int], np.dtype[np.integer]]) -> Ints:
    return np.asarray(found, dtype=np.int32)


def _categories(
    graph: Graph,
    ids: np.ndarray[tuple[int], np.dtype[np.integer]],
    alive: np.ndarray[tuple[int], np.dtype[np.bool_]],
) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    """The shared word for where each thing stands; empty for what is no more."""
    found = graph.stage_categories(_ids(ids)).fill_null("").to_numpy().astype(object)
    return np.where(alive, found, "")


def _parts(
    graph: Graph,
    added: np.ndarray[tuple[int], np.dtype[np.integer]],
    planned: np.ndarray[tuple[int], np.dtype[np.integer]],
    along: str,
    query: str,
    today: date,
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which of the added things lead, in any steps, to what was planned."""
    found = np.zeros(len(added), dtype=np.bool_)
    if not along.strip() or not len(added):
        return found
    whole = np.zeros(graph.size, dtype=np.bool_)
    whole[planned] = True
    for step in _steps(graph, along, query, today):
        found |= sweep(backward(graph, step), whole, "+")[added]
    return found


def _steps(graph: Graph, along: str, query: str, today: date) -> tuple[LinkStep, ...]:
    from latticework.query.ast import Name

    head = parse_for(graph.model, query).scope.head
    text = f"{head.text if isinstance(head, Name) else 'any'} show {along}"
    plan = resolve(parse_for(graph.model, text), graph.model, today=today, text=text)
    what = plan.show[0].what
    if not isinstance(what, Listed) or what.field is not None or len(what.steps) != 1:
        says = f"'{along}' is no link"
        hint = "name the one link that leads from a part to its whole, like 'serves'"
        raise Refused([error("SCOPE001", says, hint=hint, value=along)])
    return what.steps


def _changed(before: Graph, after: Graph, kept: Ints) -> Mapping[int, tuple[str, ...]]:
    """For each kept thing that is described otherwise, the fields that differ."""
    if not len(kept):
        return {}
    if before.log is after.log:
        cells = delta(before, after, kept).cells
    else:
        cells = delta(before, after).cells
        cells = cells.filter(cells["ref"].is_in(after.refs.gather(kept).implode()))
    grouped = cells.group_by("ref", maintain_order=True).agg(
        pl.col("field").unique(maintain_order=True)
    )
    nodes = after.find_all(grouped["ref"]).tolist()
    return {
        node: tuple(names) for node, names in zip(nodes, grouped["field"].to_list(), strict=True)
    }
