"""Companies of any size with a realistic shape, from a seed.

A few pillars and goals, many epics and items under them (some under several
parents, by a power law), teams and people. A tenth of the things is edited
often over two and a half years; edges are cut and things retired.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby

import numpy as np
import numpy.typing as npt
import polars as pl

from latticework.base.times import BEGINNING, DAY_MICROSECONDS, Instant
from latticework.journal.changes import (
    Batch,
    Change,
    Connect,
    Declare,
    Disconnect,
    Put,
    Retire,
)
from latticework.journal.store import LOG_COLUMNS
from latticework.model.model import End, Family, Field, Interface, Kind, Link, Model, Shape, Stage

START: Instant = 19_358 * DAY_MICROSECONDS
"""2023-01-01T00:00:00Z."""

DAYS = 913
"""Two and a half years."""

END: Instant = START + DAYS * DAY_MICROSECONDS

PER_BATCH = 40

SHARES: Mapping[str, float] = {
    "pillar": 0.00002,
    "goal": 0.01,
    "epic": 0.14,
    "item": 0.75,
    "team": 0.01,
    "person": 0.08998,
}
"""What part of the things each kind makes up."""

STAGES: Mapping[str, Mapping[str, str]] = {
    "goal": {"Open": "active", "Met": "done", "Given up": "dropped"},
    "epic": {
        "Discovery": "proposed",
        "Building": "active",
        "Shipped": "done",
        "Killed": "dropped",
    },
    "item": {"Todo": "proposed", "Doing": "active", "Done": "done", "Cut": "dropped"},
}

EDITED = 0.1
EDITS_EACH = 5

Codes = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Generated:
    """A company's log, the model that it declares, and how many things it has."""

    things: int
    model: Model
    log: pl.DataFrame = field(repr=False)

    def batches(self) -> Iterator[Batch]:
        """The same as batches of changes, in order."""
        rows = self.log.iter_rows(named=True)
        for _, group in groupby(rows, key=lambda row: row["batch"]):
            found = list(group)
            yield Batch(
                changes=tuple(_change(row) for row in found),
                by="generator",
                why="generated",
                valid=found[0]["valid"],
            )


def generated(things: int, *, seed: int = 1, declared: str = "") -> Generated:
    """A company of so many things, with about three changes to each.

    `declared` is the text of the model in the first entry; without it, the
    log declares none.
    """
    random = np.random.default_rng(seed)
    kinds = _kinds(things)
    created = np.sort(random.integers(0, DAYS * 86_400, things)) * 1_000_000 + START
    refs = pl.select(
        pl.concat_str(pl.Series(list(SHARES)).gather(kinds), pl.lit("/t-"))
        + pl.Series(_numbers_within(kinds)).cast(pl.String)
    ).to_series()
    parts = [
        _births(refs, kinds, created, random),
        *_all_edges(refs, kinds, created, random),
        _edits(refs, kinds, created, random),
        _retirements(refs, kinds, created, random),
    ]
    facts = pl.concat(parts).sort("valid", maintain_order=True)
    return Generated(things=things, model=model(), log=_numbered(facts, declared))


def model() -> Model:
    """The words of every generated company."""
    bet = Interface(
        name="bet",
        many="bets",
        fields=(Field(name="confidence", type="ratio"), Field(name="cost", type="money")),
        stages=("proposed", "active", "done", "dropped"),
    )
    return Model(
        company="Generated",
        interfaces=(bet,),
        kinds=tuple(_kind(name) for name in SHARES),
        links=(
            _link("serves", "is served by", goal="pillar", epic="goal", item="epic"),
            _link("depends on", "is needed by", epic="epic", item="item"),
            _link("owned by", "owns", goal="team", epic="team"),
            _link("belongs to", "has", person="team"),
        ),
    )


def _link(name: str, back: str, **ends: str) -> Link:
    carried = {"serves": "share", "belongs to": "part"}.get(name)
    return Link(
        name=name,
        back=back,
        ends=tuple(End(source=source, targets=(target,)) for source, target in ends.items()),
        carries=(Field(name=carried, type="ratio"),) if carried else (),
        shape=Shape.ACYCLIC if name == "serves" else Shape.NETWORK,
    )


def _kind(name: str) -> Kind:
    fields = {
        "pillar": (Field(name="why"),),
        "goal": (Field(name="target", type="number"), Field(name="due", type="day", ranged=True)),
        "epic": (
            Field(name="gut", type="number"),
            Field(name="budget", type="money", unit="EUR", ranged=True, per="quarter"),
            Field(name="due", type="day", ranged=True),
            Field(name="owner"),
            Field(name="labels", many=True),
        ),
        "item": (
            Field(name="effort", type="duration", ranged=True),
            Field(name="due", type="day", ranged=True),
            Field(name="owner"),
        ),
        "team": (Field(name="mission"), Field(name="size", type="number")),
        "person": (Field(name="role"),),
    }
    family = Family.COLLABORATION if name in {"team", "person"} else Family.INTENT
    return Kind(
        name=name,
        many="people" if name == "person" else f"{name}s",
        family=family,
        fields=fields[name],
        stages=tuple(
            Stage(name=stage, category=category) for stage, category in STAGES.get(name, {}).items()
        ),
        provides=("bet",) if name == "epic" else (),
        maps={"confidence": "gut / 10", "cost": "budget"} if name == "epic" else {},
    )


def _kinds(things: int) -> Codes:
    """The kind of each thing; parents of others come early."""
    counts = [max(int(things * share), 2) for share in SHARES.values()]
    counts[3] += things - sum(counts)
    early = np.repeat(np.arange(len(counts)), counts)
    spots = np.concatenate([np.arange(count) / max(count, 1) for count in counts])
    return early[np.argsort(spots, kind="stable")]


def _numbers_within(kinds: Codes) -> Codes:
    numbers = np.zeros(len(kinds), dtype=np.int64)
    for kind in range(len(SHARES)):
        here = kinds == kind
        numbers[here] = np.arange(int(here.sum()))
    return numbers


def _births(
    refs: pl.Series, kinds: Codes, created: Codes, random: np.random.Generator
) -> pl.DataFrame:
    names = list(SHARES)
    parts = []
    for code, name in enumerate(names):
        here = np.flatnonzero(kinds == code)
        title = pl.concat_str(pl.lit(f"{name} number "), pl.Series(here).cast(pl.String))
        fields = {"title": title, **_fields(name, len(here), random)}
        parts.append(_facts("put", created[here], refs.gather(here), patch=_patch(fields)))
    return pl.concat(parts)


def _fields(kind: str, count: int, random: np.random.Generator) -> dict[str, pl.Expr]:
    day = random.integers(0, 1200, count) + START // DAY_MICROSECONDS
    due = pl.lit(pl.Series(day).cast(pl.Int32).cast(pl.Date).dt.to_string())
    numbers = pl.lit(pl.Series(random.integers(0, 11, count)).cast(pl.String))
    owner = pl.concat_str(
        pl.lit("person "), pl.lit(pl.Series(random.integers(0, 1000, count)).cast(pl.String))
    )
    stage = _choice(random, list(STAGES.get(kind, {"": ""})), count)
    tenth = pl.lit(pl.Series(random.integers(1, 9, count)).cast(pl.String))
    return {
        "pillar": {"why": pl.lit("because")},
        "goal": {"target": numbers, "due": due, "stage": stage},
        "epic": {
            "gut": numbers,
            "budget": pl.concat_str(tenth, pl.lit("0000–"), tenth, pl.lit("5000")),
            "stage": stage,
            "owner": owner,
        },
        "item": {"effort": pl.concat_str(tenth, pl.lit(" weeks")), "stage": stage},
        "team": {"mission": pl.lit("make it work"), "size": numbers},
        "person": {"role": _choice(random, ["engineer", "designer", "analyst"], count)},
    }[kind]


def _choice(random: np.random.Generator, words: list[str], count: int) -> pl.Expr:
    return pl.lit(pl.Series(words).gather(random.integers(0, len(words), count)))


def _patch(fields: Mapping[str, pl.Expr]) -> pl.Series:
    parts: list[pl.Expr] = []
    for name, value in fields.items():
        parts += [pl.lit(('{"' if not parts else ',"') + name + '":"'), value, pl.lit('"')]
    return pl.select(pl.concat_str(*parts, pl.lit("}"))).to_series()


def _all_edges(
    refs: pl.Series, kinds: Codes, created: Codes, random: np.random.Generator
) -> Iterator[pl.DataFrame]:
    ids = {name: np.flatnonzero(kinds == code) for code, name in enumerate(SHARES)}
    plan = [
        ("serves", "goal", "pillar", 1.0),
        ("serves", "epic", "goal", 1.3),
        ("serves", "item", "epic", 1.2),
        ("depends on", "item", "item", 0.2),
        ("depends on", "epic", "epic", 0.3),
        ("owned by", "goal", "team", 1.0),
        ("owned by", "epic", "team", 1.0),
        ("belongs to", "person", "team", 1.0),
    ]
    for link, source, target, each in plan:
        pairs = _pairs(ids[source], ids[target], each, random)
        when = np.maximum(created[pairs[0]], created[pairs[1]]) + 1_000_000
        share = pl.lit(pl.Series(random.integers(1, 100, len(when))).cast(pl.String))
        field_name = {"serves": "share", "belongs to": "part"}.get(link)
        patch = pl.Series(["{}"]).new_from_index(0, len(when))
        if field_name:
            full = _patch({field_name: pl.concat_str(share, pl.lit("%"))})
            said = pl.Series(random.random(len(when)) < 0.3)
            patch = pl.select(pl.when(said).then(full).otherwise(patch)).to_series()
        ends = refs.gather(pairs[0]), refs.gather(pairs[1])
        yield _facts("connect", when, ends[0], link=link, object=ends[1], patch=patch)
        cut = np.flatnonzero(random.random(len(when)) < 0.02)
        later = when[cut] + random.integers(1, 200, len(cut)) * DAY_MICROSECONDS
        yield _facts(
            "disconnect", later, ends[0].gather(cut), link=link, object=ends[1].gather(cut)
        )


def _pairs(
    sources: Codes, targets: Codes, each: float, random: np.random.Generator
) -> tuple[Codes, Codes]:
    """About `each` distinct targets for every source, the early ones liked best.

    Within one kind a thing leads to an earlier one, so that nothing circles.
    """
    whole, rest = int(each), each - int(each)
    starts = np.concatenate([*([sources] * whole), sources[random.random(len(sources)) < rest]])
    spots = (len(targets) * random.random(len(starts)) ** 3).astype(np.int64)
    if sources is targets:
        own = np.searchsorted(targets, starts)
        spots = (own * random.random(len(starts)) ** 0.5).astype(np.int64)
        keep = spots < own
        starts, spots = starts[keep], spots[keep]
    ends = targets[spots]
    _, firsts = np.unique((starts << 32) | ends, return_index=True)
    return starts[firsts], ends[firsts]


def _edits(
    refs: pl.Series, kinds: Codes, created: Codes, random: np.random.Generator
) -> pl.DataFrame:
    """A tenth of the things, edited often; one edit in twenty speaks of the past."""
    lively = np.flatnonzero(random.random(len(kinds)) < EDITED)
    edited = np.repeat(lively, random.poisson(EDITS_EACH, len(lively)))
    when = created[edited] + random.integers(1, 500, len(edited)) * DAY_MICROSECONDS
    parts = []
    for code, name in enumerate(SHARES):
        here = np.flatnonzero(kinds[edited] == code)
        fields = _fields(name, len(here), random)
        chosen = random.integers(0, len(fields), len(here))
        for spot, word in enumerate(fields):
            picks = np.flatnonzero(chosen == spot)
            if not len(picks):
                continue
            patch = pl.DataFrame({"patch": _patch({word: fields[word]})})["patch"]
            patch = patch if len(patch) == len(here) else patch.new_from_index(0, len(here))
            rows = here[picks]
            parts.append(
                _facts("put", when[rows], refs.gather(edited[rows]), patch=patch.gather(picks))
            )
    return pl.concat(parts)


def _retirements(
    refs: pl.Series, kinds: Codes, created: Codes, random: np.random.Generator
) -> pl.DataFrame:
    gone = np.flatnonzero(random.random(len(kinds)) < 0.01)
    when = created[gone] + random.integers(100, 600, len(gone)) * DAY_MICROSECONDS
    return _facts("retire", when, refs.gather(gone))


def _facts(
    op: str,
    valid: Codes,
    subject: pl.Series,
    *,
    link: str | None = None,
    object: pl.Series | None = None,
    patch: pl.Series | None = None,
) -> pl.DataFrame:
    return pl.DataFrame({"valid": valid, "subject": subject}).select(
        pl.col("valid").cast(pl.Int64),
        pl.lit(op).alias("op"),
        pl.col("subject"),
        pl.lit(link, pl.String).alias("link"),
        (pl.lit(None, pl.String) if object is None else pl.lit(object)).alias("object"),
        (pl.lit(None, pl.String) if patch is None else pl.lit(patch)).alias("patch"),
    )


def _numbered(facts: pl.DataFrame, declared: str) -> pl.DataFrame:
    """Numbers, batches and instants; a batch is recorded when its last fact is so."""
    facts = facts.filter(pl.col("valid") <= END)
    if declared:
        first = _facts("declare", np.array([BEGINNING]), pl.Series([None], dtype=pl.String))
        facts = pl.concat([first.with_columns(patch=pl.lit(declared)), facts])
    numbers = pl.int_range(1, pl.len() + 1, dtype=pl.Int64)
    frame = facts.with_columns(number=numbers, batch=(numbers - 1) // PER_BATCH + 1)
    known = pl.max_horizontal(pl.col("valid").max().over("batch"), pl.lit(START))
    frame = frame.with_columns(known=known)
    # Some entries speak of the past: they were written up to forty days late.
    late = (pl.col("number") % 20 == 0) & (pl.col("op") == "put") & (pl.col("valid") > START)
    earlier = pl.col("valid") - (pl.col("number") * 7919 % 40) * DAY_MICROSECONDS
    frame = frame.with_columns(valid=pl.when(late).then(earlier).otherwise(pl.col("valid")))
    return frame.select(LOG_COLUMNS)


def _change(row: Mapping[str, object]) -> Change:
    subject, link, target = str(row["subject"]), str(row["link"]), str(row["object"])
    valid = row["valid"]
    assert isinstance(valid, int)
    if row["op"] == "declare":
        return Declare(str(row["patch"]), valid=valid)
    fields = json.loads(str(row["patch"])) if row["patch"] else {}
    match row["op"]:
        case "put":
            return Put(subject, fields, valid=valid)
        case "retire":
            return Retire(subject, valid=valid)
        case "connect":
            return Connect(subject, link, target, fields, valid=valid)
        case _:
            return Disconnect(subject, link, target, valid=valid)
