"""Patches of many entries as columns of cells."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from latticework.graph.timeline import Ints, Longs
from latticework.graph.values import LISTS, Values, values_of
from latticework.journal.changes import Value

ROWS_AT_ONCE = 100_000
"""Patches that are taken apart together: what is cut out takes thrice their room."""

FEW = 64
"""Up to so many patches are read one by one."""

# A string is consumed whole, so that the search never loses step with the text.
_STRING = r'"(?:[^"\\]|\\.)*"'
_LIST = rf'\[(?:[^\]"]|{_STRING})*\]'
_PAIR = rf"(?s){_STRING}\s*:\s*(?:{_STRING}|null|{_LIST})"
_ESCAPE_IN_KEY = r'^"[^"\\]*\\'


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of one field word: row of the log each, and values."""

    word: str
    rows: Longs
    values: Values


def cells_of(patches: pl.Series) -> Iterator[Cells]:
    """The cells that JSON objects hold, a group per key, rows ascending.

    Values are texts, lists of texts or null. Nulls and empty objects among `patches` hold no cell.
    """
    if len(patches) <= FEW:
        return _read_one_by_one(patches.to_list())
    return _read_together(patches)


def _read_together(patches: pl.Series) -> Iterator[Cells]:
    pieces: dict[str, list[tuple[Ints, Values]]] = {}
    for start in range(0, len(patches), ROWS_AT_ONCE):
        for word, rows, values in _decoded(patches.slice(start, ROWS_AT_ONCE)):
            pieces.setdefault(word, []).append(((rows + start), values))
    for word, found in pieces.items():
        values = found[0][1]
        for _, more in found[1:]:
            values = values.with_values(more)
        yield Cells(word, np.concatenate([rows for rows, _ in found]).astype(np.int64), values)


def _read_one_by_one(patches: Sequence[str | None]) -> Iterator[Cells]:
    rows: dict[str, list[int]] = {}
    values: dict[str, list[Value]] = {}
    for row, patch in enumerate(patches):
        for word, value in (json.loads(patch) if patch else {}).items():
            rows.setdefault(word, []).append(row)
            values.setdefault(word, []).append(tuple(value) if isinstance(value, list) else value)
    for word, found in rows.items():
        yield Cells(word, np.array(found, dtype=np.int64), values_of(values[word]))


def _decoded(patches: pl.Series) -> Iterator[tuple[str, Ints, Values]]:
    found = patches.str.extract_all(_PAIR)
    counts = found.list.len().fill_null(0).to_numpy()
    rows = np.repeat(np.arange(len(patches), dtype=np.int32), counts)
    pairs = found.filter(pl.Series(counts) > 0).explode()
    if not len(pairs):
        return
    keys, values = _split(pairs)
    codes, words = _codes(keys)
    order = np.argsort(codes, kind="stable")
    bounds = np.searchsorted(codes[order], np.arange(len(words) + 1))
    for code, word in enumerate(words):
        picks = order[bounds[code] : bounds[code + 1]]
        yield word, rows[picks], _values(values.gather(picks))


def _split(pairs: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Keys without their quotes, and values as JSON."""
    parts = pairs.str.splitn('"', 3).struct.unnest()
    keys = parts["field_1"]
    values = parts["field_2"].str.strip_chars_start(" \t\n\r").str.strip_prefix(":")
    odd = pairs.str.contains(_ESCAPE_IN_KEY)
    if odd.any():
        # A key with an escape in it is read by the letter; such keys are rare.
        where = odd.arg_true()
        read = [next(iter(json.loads("{" + pair + "}").items())) for pair in pairs.gather(where)]
        keys = keys.scatter(where, [key for key, _ in read])
        values = values.scatter(where, [json.dumps(value) for _, value in read])
    return keys, values.str.strip_chars_start(" \t\n\r")


def _codes(keys: pl.Series) -> tuple[Ints, list[str]]:
    words = keys.unique(maintain_order=True)
    codes = keys.cast(pl.Enum(words)).to_physical().to_numpy().astype(np.int32)
    return codes, words.to_list()


def _values(raw: pl.Series) -> Values:
    heads = raw.str.slice(0, 1)
    single = heads == '"'
    texts = (
        raw
        if single.all()
        else raw.to_frame("raw").select(pl.when(pl.Series(single)).then(pl.col("raw"))).to_series()
    )
    texts = texts.str.strip_prefix('"').str.strip_suffix('"')
    escaped = (texts.str.contains("\\", literal=True)).fill_null(False)
    if escaped.any():
        where = escaped.arg_true()
        texts = texts.scatter(where, raw.gather(where).str.json_decode(pl.String))
    several = heads == "["
    if not several.any():
        return Values(texts.rename("text"))
    lists = raw.to_frame("raw").select(
        pl.when(pl.Series(several)).then(pl.col("raw")).str.json_decode(LISTS)
    )
    return Values(texts.rename("text"), lists.to_series().rename("list"))
