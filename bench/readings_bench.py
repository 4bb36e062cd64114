"""Readings: every one that the starter pack binds, over companies of any size.

The generated company has the starter pack's words, so that every reading has
something to say: pillars, goals, bets, efforts, teams, people, rituals,
releases and impacts, with edges between them by chance.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

import numpy as np
import polars as pl
from bench.run import Measure, measure, timed

from latticework.analysis.reading import read_all, read_one
from latticework.base.times import DAY_MICROSECONDS, Moment, start_of
from latticework.graph.graph import Graph, build
from latticework.model.load import load_or_refuse

TODAY = date(2026, 11, 15)
KINDS: dict[str, tuple[float, dict[str, list[str]]]] = {
    "pillar": (0.0002, {"stage": ["standing"], "says": ["x"]}),
    "goal": (0.02, {"stage": ["pursued", "met"]}),
    "driver": (0.001, {"idea": ["x"]}),
    "segment": (0.0005, {}),
    "service": (0.01, {}),
    "bet": (0.1, {"stage": ["shaping", "running", "settled"], "cost": ["EUR 10k", "EUR 2–5k"]}),
    "project": (0.5, {"stage": ["planned", "running", "delivered"]}),
    "release": (0.1, {"stage": ["planned", "out"]}),
    "impact": (0.05, {"verdict": ["more", "less", "cannot tell"], "seen": ["2026-05"]}),
    "team": (0.01, {"stage": ["steady"], "size": ["5", "6–8"]}),
    "person": (0.09, {}),
    "ritual": (0.02, {"stage": ["running"], "cadence": ["1 week"], "length": ["1 hour"]}),
    "decision": (0.05, {"because": ["x"]}),
    "scope": (0.001, {}),
    "metric": (0.04, {"idea": ["x"]}),
    "scaffold": (0.007, {"stage": ["standing"], "ends": ["2026-05-01", "2027-05-01"]}),
}
EDGES = (
    ("goal", "serves", "pillar", 1.0),
    ("bet", "serves", "goal", 1.4),
    ("project", "serves", "bet", 1.3),
    ("project", "is owned by", "team", 1.0),
    ("release", "is owned by", "team", 1.0),
    ("service", "is owned by", "team", 1.0),
    ("bet", "is owned by", "team", 1.0),
    ("service", "supports", "segment", 1.0),
    ("release", "comes from", "project", 1.0),
    ("impact", "comes from", "release", 1.0),
    ("person", "works in", "team", 1.0),
    ("team", "depends on", "service", 2.0),
    ("team", "depends on", "team", 1.0),
    ("team", "is part of", "scope", 1.0),
    ("team", "takes part in", "ritual", 2.0),
    ("decision", "was taken in", "ritual", 1.0),
    ("metric", "measures", "goal", 1.0),
    ("scaffold", "supports", "team", 1.0),
    ("ritual", "reviews", "goal", 1.0),
)


def measures(things: int) -> Iterator[Measure]:
    """All readings together, the first time and again, and each by itself."""
    graph = graph_of(things)
    bound = graph.model.readings
    _, first = timed("all readings, first time", lambda: _read(graph), things=things)
    yield first
    again = graph.at(Moment(valid=start_of(TODAY) - 1))
    yield measure("all readings, of another day", lambda: _read(again), 1, things=things)
    for each in bound:
        fresh = build_again(graph)
        _, spent = timed(each.name, lambda e=each, g=fresh: read_one(g, e, TODAY), things=things)
        yield spent
    fresh = build_again(graph)
    target = 2_000.0 * max(things / 100_000, 1.0)
    yield timed("all readings together", lambda: _read(fresh), things=things, target=target)[1]


def build_again(graph: Graph) -> Graph:
    """The same graph, with nothing read from it but its columns."""
    graph.log.latest.clear()
    from dataclasses import replace

    return replace(graph, _kept={})


def _read(graph: Graph) -> None:
    for read in read_all(graph, TODAY):
        assert read.answer is not None, read.findings
        assert read.answer.about_whole().sentence


def graph_of(things: int) -> Graph:
    text = "company: Bench\nuses: [starter]\n"
    random = np.random.default_rng(1)
    counts = {name: max(int(things * share), 3) for name, (share, _) in KINDS.items()}
    frames = [_births(name, count, random) for name, count in counts.items()]
    frames += [_drawn(counts, random, *edge) for edge in EDGES]
    facts = pl.concat(frames).sort("valid", maintain_order=True)
    declared = pl.DataFrame(
        {
            "valid": [0],
            "op": ["declare"],
            "subject": [None],
            "link": [None],
            "object": [None],
            "patch": [text],
        },
        schema=facts.schema,
    )
    facts = pl.concat([declared, facts])
    numbers = pl.int_range(1, pl.len() + 1, dtype=pl.Int64)
    log = facts.select(
        number=numbers,
        batch=numbers,
        known=pl.lit(start_of(TODAY), dtype=pl.Int64),
        valid="valid",
        op="op",
        subject="subject",
        link="link",
        object="object",
        patch="patch",
    )
    return build(log, Moment(valid=start_of(TODAY)), load=lambda _: load_or_refuse(text))


def _days(count: int, random: np.random.Generator) -> pl.Series:
    first = start_of(date(2024, 1, 1))
    return pl.Series(first + random.integers(0, 900, count) * DAY_MICROSECONDS)


def _births(name: str, count: int, random: np.random.Generator) -> pl.DataFrame:
    fields = KINDS[name][1]
    patches = [
        json.dumps({"title": f"{name} {n}"} | {k: v[n % len(v)] for k, v in fields.items()})
        for n in range(12)
    ]
    return pl.DataFrame(
        {
            "valid": _days(count, random),
            "op": ["put"] * count,
            "subject": [f"{name}/t-{n}" for n in range(count)],
            "link": [None] * count,
            "object": [None] * count,
            "patch": [patches[n] for n in random.integers(0, 12, count)],
        },
        schema=_SCHEMA,
    )


def _drawn(
    counts: dict[str, int],
    random: np.random.Generator,
    source: str,
    link: str,
    target: str,
    mean: float,
) -> pl.DataFrame:
    count = int(counts[source] * mean)
    sources = random.integers(0, counts[source], count)
    targets = (counts[target] * random.power(0.7, count)).astype(np.int64)
    kept = (sources != targets) | (source != target)
    return pl.DataFrame(
        {
            "valid": _days(int(kept.sum()), random) + 900 * DAY_MICROSECONDS // 10,
            "op": ["connect"] * int(kept.sum()),
            "subject": [f"{source}/t-{n}" for n in sources[kept]],
            "link": [link] * int(kept.sum()),
            "object": [f"{target}/t-{n}" for n in targets[kept]],
            "patch": ["{}"] * int(kept.sum()),
        },
        schema=_SCHEMA,
    )


_SCHEMA = {
    "valid": pl.Int64,
    "op": pl.String,
    "subject": pl.String,
    "link": pl.String,
    "object": pl.String,
    "patch": pl.String,
}
