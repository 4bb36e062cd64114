"""Pairs of things that may be one and the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from latticework.graph.alike import as_names, folded
from latticework.model.model import TITLE

if TYPE_CHECKING:
    from latticework.graph.graph import Graph
    from latticework.graph.timeline import Ints
    from latticework.model.model import Kind

MAIL = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"
LARGEST_BLOCK = 5
"""Of more things that are alike than that, the likeness says nothing."""

EMAIL, NAME, NEAR = "the same e-mail", "the same name", "nearly the same name"
_STRENGTH = {EMAIL: 3, NAME: 2, NEAR: 1}


def likely_pairs(graph: Graph, kind: str = "") -> pl.DataFrame:
    """Pairs of things (`one`, `other`) and why they may be one, likeliest first.

    Things are compared within blocks of an equal e-mail, name, or name but for
    one part, never each with every other.
    """
    kinds = [each for each in graph.model.kinds if kind in {"", each.name, each.many}]
    parts = [part for each in kinds for part in _of_kind(graph, each)]
    if not parts:
        return pl.DataFrame(schema={"one": pl.Int32, "other": pl.Int32, "because": pl.String})
    every = pl.concat(parts)
    strength = pl.col("because").replace_strict(_STRENGTH, return_dtype=pl.Int32)
    best = every.sort(strength, descending=True, maintain_order=True)
    return best.unique(["one", "other"], keep="first", maintain_order=True)


def _of_kind(graph: Graph, kind: Kind) -> Iterator[pl.DataFrame]:
    ids = graph.ids_of(kind.name)
    if len(ids) < 2:
        return
    for name, field in kind.fields_by_name.items():
        if name != TITLE and field.type in {"text", "url"} and not field.many and not field.choices:
            texts = folded(graph.texts(name, ids))
            yield _blocks(ids, texts.to_frame("at").select(_mails).to_series(), EMAIL)
    titles = graph.texts(TITLE, ids)
    names = as_names(titles)
    yield _blocks(ids, names, NAME)
    yield _near(ids, names)


_mails = pl.when(pl.col("at").str.contains(MAIL)).then(pl.col("at"))


def _blocks(ids: Ints, texts: pl.Series, because: str) -> pl.DataFrame:
    """Pairs of things with an equal text, where few have it."""
    frame = pl.DataFrame({"node": ids, "at": texts}).drop_nulls()
    size = pl.len().over("at")
    few = frame.filter((size > 1) & (size <= LARGEST_BLOCK))
    pairs = few.join(few, on="at", suffix="_other").filter(pl.col("node") < pl.col("node_other"))
    return pairs.select(
        one=pl.col("node").cast(pl.Int32),
        other=pl.col("node_other").cast(pl.Int32),
        because=pl.lit(because),
    )


def _near(ids: Ints, names: pl.Series) -> pl.DataFrame:
    """Pairs whose names are equal but for a letter: all but one word of them is equal."""
    frame = pl.DataFrame({"node": ids, "name": names}).drop_nulls()
    words = frame.with_columns(words=pl.col("name").str.split(" ")).with_columns(word="words")
    words = words.explode("word")
    # The word that is left out may differ by a letter; the others make the block.
    others = pl.col("words").list.set_difference(pl.concat_list("word")).list.sort()
    rest = words.with_columns(at=others.list.join(" ") + " " + pl.col("word").str.slice(0, 1))
    size = pl.len().over("at")
    few = rest.filter((size > 1) & (size <= LARGEST_BLOCK))
    pairs = few.join(few, on="at", suffix="_other").filter(
        (pl.col("node") < pl.col("node_other")) & (pl.col("name") != pl.col("name_other"))
    )
    one, other = pairs["word"].to_list(), pairs["word_other"].to_list()
    alike = np.fromiter(map(_differ_by_one, one, other), dtype=np.bool_, count=len(pairs))
    return pairs.filter(pl.Series(alike)).select(
        one=pl.col("node").cast(pl.Int32),
        other=pl.col("node_other").cast(pl.Int32),
        because=pl.lit(NEAR),
    )


def _differ_by_one(one: str, other: str) -> bool:
    """Whether a letter was exchanged, added or left out."""
    if abs(len(one) - len(other)) > 1 or min(len(one), len(other)) < 3:
        return False
    shorter, longer = sorted((one, other), key=len)
    at = next(
        (i for i, (a, b) in enumerate(zip(shorter, longer, strict=False)) if a != b), len(shorter)
    )
    return shorter[at + (len(one) == len(other)) :] == longer[at + 1 :]
