"""The things whose flow is asked for, and how they fall into groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from latticework.base.findings import Refused, error
from latticework.graph.graph import Graph
from latticework.graph.timeline import Ints
from latticework.model.model import Family, Kind
from latticework.query.ask import ask, parse_for
from latticework.query.ast import Name
from latticework.query.extent import lookup_of
from latticework.query.people import SOMEBODY, names_people, people_kinds
from latticework.query.plan import Listed, Shown
from latticework.query.resolve import resolve
from latticework.query.rows import Rows

SMALLEST = 5
"""Groups of fewer things, or teams of fewer people, are not shown apart."""

NOWHERE = "none"
GONE = "no longer there"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The things of a question that have a course, and what does not count.

    `retired` are things that are no more: a question with conditions cannot
    see them, so that then `unseen_retired` counts those of the same kinds.
    `head` is the word of the question's kinds, `kinds` those with stages; `limited` tells that the question
    has a limit that leaves things out.
    """

    rows: Rows
    head: str
    ids: Ints
    kinds: tuple[Kind, ...]
    retired: Ints
    unseen_retired: int
    without_stages: int
    limited: bool


def asked_of(graph: Graph, query: str, *, today: date) -> Asked:
    """What a question asks about; raises Refused where nothing has stages."""
    rows = ask(graph, query, today=today)
    codes = _codes_of(graph, query, rows)
    kinds = tuple(each for each in graph.model.kinds if each.name in codes and each.stages)
    if not kinds:
        says = f"nothing that '{query.strip()}' asks about has stages"
        known = [each.name for each in graph.model.kinds if each.stages][:8]
        hint = f"kinds with stages: {', '.join(known)}" if known else "declare stages for a kind"
        raise Refused([error("FLOW001", says, hint=hint, value=query)])
    staged = np.isin(graph.kind_codes, [graph.kind_names.index(each.name) for each in kinds])
    ids = np.sort(rows.ids[staged[rows.ids]])
    was = parse_for(graph.model, query)
    is_bare = was.where is None and not was.scope.filters and was.limit is None
    gone = _retired(graph, staged)
    return Asked(
        rows=rows,
        head=was.scope.head.text if isinstance(was.scope.head, Name) else "any",
        ids=ids.astype(np.int32),
        kinds=kinds,
        retired=gone if is_bare else gone[:0],
        unseen_retired=0 if is_bare else len(gone),
        without_stages=int((~staged[rows.ids]).sum()),
        limited=rows.limited,
    )


def _codes_of(graph: Graph, query: str, rows: Rows) -> set[str]:
    """Kinds that the question's head names, with things or without."""
    plan = resolve(parse_for(graph.model, query), graph.model, today=date(2000, 1, 1), text=query)
    named = plan.extent.kinds
    if named is not None:
        return set(named)
    return {graph.kind_names[code] for code in np.unique(graph.kind_codes[rows.ids]).tolist()}


def _retired(graph: Graph, staged: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Ints:
    """Things of these kinds that once were and are no more."""
    known = graph.log.existence.at(graph.moment.valid, graph.number).subjects
    return np.asarray(known[~graph.alive[known] & staged[known]], dtype=np.int32)


@dataclass(frozen=True, kw_only=True)
class Groups:
    """Things by a dimension; a thing may be in several groups.

    `places` gives for each group's name the places of its things in the ids
    asked for. `few` counts the groups that were too small to show, and
    `few_things` their things, which lie in the group `small`.
    """

    label: str
    places: Mapping[str, Ints]
    small: Ints
    few: int
    overlapping: bool
    pooled_people: int = 0


def groups_of(
    graph: Graph, ids: Ints, by: str, *, today: date, head: str = "any", smallest: int = SMALLEST
) -> Groups:
    """Things by a field or a link path; Refused where it leads to people.

    Values are in alphabetical order: nothing here is a ranking.
    """
    text = f"{head} show {by}"
    shown = _dimension(graph, ids, by, text, today)
    frame = ask(graph, text, today=today, about=ids)
    texts = frame.frame.select("ref", pl.col(shown.label).alias("value"))
    order = frame.ids
    value = texts["value"]
    lists = value.cast(pl.List(pl.String)) if value.dtype == pl.List else _as_lists(value)
    pairs = pl.DataFrame({"id": pl.Series(order, dtype=pl.Int64), "value": lists})
    pairs = pairs.explode("value").drop_nulls().unique()
    pairs, pooled = _without_people(graph, pairs, shown)
    places = pl.DataFrame({"id": pl.Series(ids, dtype=pl.Int64)}).with_row_index("place")
    is_there = pl.col("id").is_in(order.tolist())
    nothing = pl.when(is_there).then(pl.lit(NOWHERE)).otherwise(pl.lit(GONE))
    joined = places.join(pairs, on="id", how="left").with_columns(
        pl.coalesce(pl.col("value"), nothing).alias("value")
    )
    found = {
        str(name): np.sort(part["place"].to_numpy()).astype(np.int32)
        for (name,), part in sorted(joined.group_by("value"), key=lambda each: str(each[0][0]))
    }
    too_few = _too_few(graph, found, smallest, pooled)
    few = [part for name, part in found.items() if name in too_few]
    return Groups(
        label=by.strip(),
        places={name: part for name, part in found.items() if name not in too_few},
        small=np.unique(np.concatenate(few)) if few else ids[:0],
        few=len(few),
        overlapping=bool(joined["place"].is_duplicated().any()),
        pooled_people=pooled,
    )


def _too_few(graph: Graph, found: Mapping[str, Ints], smallest: int, pooled: int) -> set[str]:
    """Groups of too few things, or behind which there are too few people."""
    crews = _crew_sizes(graph, list(found))
    return {
        name
        for name, part in found.items()
        if len(part) < smallest
        or 0 < crews.get(name, 0) < smallest
        or (name == SOMEBODY and pooled < smallest)
    }


def _as_lists(value: pl.Series) -> pl.Series:
    texts = value.cast(pl.String)
    return texts.to_frame("text").select(pl.concat_list("text")).to_series()


def _dimension(graph: Graph, ids: Ints, by: str, text: str, today: date) -> Shown:
    """The one column of a dimension; people and their names are refused."""
    plan = resolve(parse_for(graph.model, text), graph.model, today=today, text=text)
    if len(plan.show) != 1 or plan.where is not None:
        says = f"'{by}' is not one field or path"
        raise Refused([error("FLOW002", says, hint="name one, like 'is owned by'", value=by)])
    shown = plan.show[0]
    kinds = frozenset(graph.kind_names[code] for code in np.unique(graph.kind_codes[ids]).tolist())
    if kinds and kinds <= people_kinds(graph.model):
        says = "flow of people is not shown in groups"
        raise Refused([error("FLOW003", says, hint="ask about work, not about people", value=by)])
    if names_people(shown.what, lookup_of(graph.model), kinds):
        says = f"'{by}' names people, and flow is never shown per person"
        raise Refused([error("FLOW003", says, hint="take a team, a goal or a field", value=by)])
    return shown


def _without_people(graph: Graph, pairs: pl.DataFrame, shown: Shown) -> tuple[pl.DataFrame, int]:
    """The same with people in one group, and how many people those were."""
    what = shown.what
    if not isinstance(what, Listed):
        return pairs, 0
    people = people_kinds(graph.model)
    if what.field is not None:
        return pairs, 0
    values = pairs["value"].unique()
    heads = {value: graph.find(value) for value in values.to_list() if "/" in value}
    mine = [
        value for value, node in heads.items() if node is not None and graph.kind_of(node) in people
    ]
    if not mine:
        return pairs, 0
    pooled = pairs.with_columns(
        pl.when(pl.col("value").is_in(mine))
        .then(pl.lit(SOMEBODY))
        .otherwise("value")
        .alias("value")
    )
    return pooled.unique(), len(mine)


def _crew_sizes(graph: Graph, values: list[str]) -> Mapping[str, int]:
    """For values that are teams, the people linked to each."""
    model = graph.model
    crews = {each.name for each in model.kinds if each.family is Family.COLLABORATION}
    crews -= {each.name for each in model.kinds if each.people}
    found = {value: graph.find(value) for value in values if "/" in value}
    nodes = {v: n for v, n in found.items() if n is not None and graph.kind_of(n) in crews}
    if not nodes:
        return {}
    is_person = np.isin(
        graph.kind_codes,
        [code for code, name in enumerate(graph.kind_names)
         if name in model.kinds_by_name and model.kinds_by_name[name].people],
    )  # fmt: skip
    members: dict[str, set[int]] = {value: set() for value in nodes}
    for link in model.links:
        edges = graph.adjacency(link.name)
        for value, node in nodes.items():
            ends = (edges.sources_of(node), edges.targets_of(node))
            members[value] |= {each for part in ends for each in part[is_person[part]].tolist()}
    return {value: len(people) for value, people in members.items()}
