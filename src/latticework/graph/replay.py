"""What stands at a moment, taken from the log without sorting."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from latticework.base.refs import slug_of
from latticework.graph.adjacency import Adjacency
from latticework.graph.log import CellLog, EdgeLog, Log
from latticework.graph.timeline import Flags, Ints, Longs
from latticework.graph.words import Words
from latticework.model.model import Model

ANY = "any"
"""The word for things of every kind."""


@dataclass(frozen=True, kw_only=True)
class Present:
    """Which things there are at a moment, and what they are called.

    `kind_codes` index `kind_names`: the model's kinds in their order, then
    words that no kind of the model goes by.
    """

    alive: Flags
    kind_names: tuple[str, ...]
    kind_codes: Ints
    refs: pl.Series


def replay(log: Log, words: Words, valid: int, number: int) -> Present:
    """The things of a log at an instant, as entries up to `number` tell."""
    standing = log.existence.at(valid, number)
    alive = np.zeros(log.names.size, dtype=np.bool_)
    alive[standing.subjects] = log.existence.value[standing.rows] == 1
    text_codes = log.names.present_codes(valid, number)
    word_codes = log.names.word_codes[text_codes]
    kind_names, kind_of_word = kinds_by_word(log.names.words, words)
    kind_codes = kind_of_word[word_codes] if len(word_codes) else word_codes
    refs = log.names.texts if text_codes is log.names.firsts else None
    if refs is None or len(refs) != log.names.size:
        refs = log.names.texts.gather(text_codes)
    renamed = np.array(
        [
            kind_names[kind] != word
            for word, kind in zip(log.names.words, kind_of_word, strict=True)
        ],
        dtype=np.bool_,
    )
    if renamed.any():
        refs = _refs_renamed(refs, renamed[word_codes], kind_names, kind_codes)
    return Present(
        alive=alive, kind_names=kind_names, kind_codes=kind_codes, refs=refs.rename("ref")
    )


def ids_among(present: Present, model: Model, word: str, start: int = 0) -> Ints:
    """Existing things of a kind, an interface or `any`, from a number on, ascending."""
    alive, codes = present.alive[start:], present.kind_codes[start:]
    if word != ANY:
        wanted = {each.name for each in model.kinds_of(word)} or {word}
        chosen = [code for code, name in enumerate(present.kind_names) if name in wanted]
        if len(chosen) == 1:
            alive = alive & (codes == chosen[0])
        else:
            mine = np.zeros(len(present.kind_names), dtype=np.bool_)
            mine[chosen] = True
            alive = alive & mine[codes]
    return (np.flatnonzero(alive) + start).astype(np.int32)


def draw(log: EdgeLog, link: str, alive: Flags, valid: int, number: int) -> Adjacency:
    """The edges of a link that stand, between things that exist."""
    numbers = edges_at(log, valid, number)
    sources, targets = log.sources[numbers], log.targets[numbers]
    from_alive, to_alive = alive[sources], alive[targets]
    loose = from_alive & ~to_alive
    dangling = (sources[loose], targets[loose])
    both = from_alive & to_alive
    if not both.all():
        sources, targets, numbers = sources[both], targets[both], numbers[both]
    return Adjacency(
        link=link,
        sources=sources,
        targets=targets,
        size=len(alive),
        numbers=numbers,
        dangling=dangling,
    )


def edges_at(log: EdgeLog, valid: int, number: int) -> Ints:
    """Edges that stand, by number in the log, sorted by source, then target."""
    standing = log.state.at(valid, number)
    on = np.zeros(len(log.sources), dtype=np.bool_)
    on[standing.subjects] = log.state.value[standing.rows] == 1
    return log.order[on[log.order]]


def edge_stands(log: EdgeLog, edge: int, valid: int, number: int) -> bool:
    """Whether one edge stands at an instant."""
    row = int(log.state.at(valid, number).rows_of(np.array([edge], dtype=np.int32))[0])
    return row >= 0 and bool(log.state.value[row] == 1)


def cells_at(log: EdgeLog, cells: CellLog, edges: Ints, valid: int, number: int) -> Ints:
    """For each edge the index of a carried value; -1 where it carries none.

    What an edge carried before it was cut is not carried by a later one.
    """
    rows = cells.line.at(valid, number).rows_of(edges)
    offs = log.offs
    if len(offs) and len(cells.line):
        cut = offs.at(valid, number).rows_of(edges)
        line = cells.line
        outlived = _is_later(offs.valid, offs.number, cut, line.valid, line.number, rows)
        rows = np.where((cut >= 0) & outlived, np.int32(-1), rows)
    return value_spots(cells.line.value, rows)


def value_spots(values: Ints, rows: Ints) -> Ints:
    """The value of each row; -1 for row -1."""
    if not len(values):
        return np.full(len(rows), -1, dtype=np.int32)
    return np.where(rows >= 0, values[rows], np.int32(-1)).astype(np.int32)


def kinds_by_word(texts: tuple[str, ...], words: Words) -> tuple[tuple[str, ...], Ints]:
    """Kind names at the moment, and the kind of each word."""
    names = {each.name: spot for spot, each in enumerate(words.model.kinds)}
    codes = []
    for text in texts:
        kind = words.find_kind(text)
        codes.append(names.setdefault(kind.name if kind else text, len(names)))
    return tuple(names), np.array(codes, dtype=np.int32)


def _is_later(
    valid: Longs, number: Ints, rows: Ints, other_valid: Longs, other_number: Ints, others: Ints
) -> Flags:
    """Whether `rows` of one timeline come after `others` of another."""
    ties = valid[rows] == other_valid[others]
    later: Flags = (valid[rows] > other_valid[others]) | (
        ties & (number[rows] > other_number[others])
    )
    return later


def _refs_renamed(
    refs: pl.Series, renamed: Flags, kind_names: tuple[str, ...], kind_codes: Ints
) -> pl.Series:
    """Refs with the kind's present name, unless another thing has that ref."""
    spots = np.flatnonzero(renamed)
    heads = [slug_of(name) for name in kind_names]
    kinds = pl.Series(heads, dtype=pl.String).gather(kind_codes[spots])
    old = refs.gather(spots)
    slugs = old.str.splitn("/", 2).struct.field("field_1")
    new = pl.select(pl.when(slugs.is_null()).then(kinds).otherwise(kinds + "/" + slugs)).to_series()
    taken = new.is_in(refs.filter(pl.Series(~renamed)).implode()) | new.is_duplicated()
    # A scatter writes in place, and the texts are every moment's.
    return refs.clone().scatter(
        spots, pl.select(pl.when(taken).then(old).otherwise(new)).to_series()
    )
