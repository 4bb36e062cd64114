"""Texts brought to one form, so that two spellings of one thing compare equal."""

from __future__ import annotations

import polars as pl

LEAST_WORDS = 2
"""A name of one word fits too many people to tell one from another."""


def folded(texts: pl.Series) -> pl.Series:
    """Letter case, accents and outer blanks aside; null where nothing is said."""
    plain = texts.str.strip_chars().str.to_lowercase().str.normalize("NFKD")
    return _said(plain.str.replace_all(r"\p{M}", ""))


def as_names(texts: pl.Series) -> pl.Series:
    """Names of people: "Ana Lima", "Lima, Ana" and "ana.lima@harbour.eu" are one.

    Words in any order; null for a single word.
    """
    plain = folded(texts).str.replace(r"@.*$", "").str.replace_all(r"[^\p{L}\p{N}]+", " ")
    words = plain.str.strip_chars().str.split(" ").list.sort()
    frame = pl.DataFrame({"name": words.list.join(" "), "count": words.list.len()})
    several = pl.when(pl.col("count") >= LEAST_WORDS).then(pl.col("name"))
    return frame.select(several).to_series()


def _said(texts: pl.Series) -> pl.Series:
    frame = texts.rename("text").to_frame()
    return frame.select(pl.when(pl.col("text") != "").then(pl.col("text"))).to_series()
