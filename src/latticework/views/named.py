"""Things by what somebody begins to type of their names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from latticework.graph.graph import Graph
    from latticework.views.things import Ids

_ANY = "any"
_MOST_CHUNKS = 200
"""Beyond so many stretches the texts are copied into one."""

_HEAD = 8
"""Bytes of a beginning that are compared as one number."""

_LONGEST = 999
"""Bytes beyond which a text counts as no longer."""


_RANK = _LONGEST + 1
"""By so much a worse fit stands behind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Heads:
    """How the lines of every thing begin, as numbers, and how long its text is."""

    title: NDArray[np.uint64]
    slug: NDArray[np.uint64]
    ref: NDArray[np.uint64]
    length: NDArray[np.int32]


def named(graph: Graph, typed: str, *, kinds: Sequence[str] = (), most: int = 12) -> Ids:
    """The things whose title or ref fits what was typed, the best fit first.

    Exact first, then those that begin so, then those with a word that begins
    so, then those that hold it anywhere, then those that hold every word of
    it; of equals the shorter title. Nothing typed gives those begun last.
    """
    import numpy as np

    chosen = _chosen(graph, tuple(kinds))
    wanted = " ".join(typed.casefold().split())
    if not wanted:
        return chosen[::-1][:most]
    texts = _texts(graph)
    begun = _begun_so(graph, texts, chosen, wanted, most)
    if begun is not None:
        return begun
    if len(chosen) < graph.size:
        texts = texts.gather(chosen)
    spots = _holding(texts, wanted)
    ranks = _ranks(texts.gather(spots), wanted)
    best = np.argsort(ranks, kind="stable")[:most]
    return chosen[spots[best]]


def _chosen(graph: Graph, kinds: tuple[str, ...]) -> Ids:
    import numpy as np

    if not kinds:
        return graph.ids_of(_ANY)
    found = [graph.ids_of(kind) for kind in kinds]
    return found[0] if len(found) == 1 else np.unique(np.concatenate(found)).astype(np.int32)


def _texts(graph: Graph) -> pl.Series:
    """What of every thing may be typed: its title, slug and ref, a line each."""
    import numpy as np
    import polars as pl

    def further(earlier: pl.Series, written: Ids) -> pl.Series:
        spots = written.tolist()
        again = _texts_of(graph, written)
        parts, start = [], 0
        for place, spot in enumerate(spots):
            parts += [earlier[start:spot], again[place : place + 1]]
            start = spot + 1
        found = pl.concat([*parts, earlier[start:]], rechunk=False)
        return found.rechunk() if found.n_chunks() > _MOST_CHUNKS else found

    every = np.arange(graph.size, dtype=np.int32)
    return graph.renew(("views", "named"), lambda: _texts_of(graph, every), further)


def _texts_of(graph: Graph, ids: Ids) -> pl.Series:
    import polars as pl

    refs = graph.refs.gather(ids)
    slugs = refs.str.splitn("/", 2).struct.field("field_1")
    titles = graph.titles(ids).str.to_lowercase().str.replace_all("\n", " ", literal=True)
    parts = pl.DataFrame([titles.rename("title"), slugs.rename("slug"), refs.rename("ref")])
    return parts.select(
        pl.format("\n{}\n{}\n{}\n", "title", "slug", "ref").alias("text")
    ).to_series()


def _begun_so(graph: Graph, texts: pl.Series, chosen: Ids, wanted: str, most: int) -> Ids | None:
    """The best of those that begin so; None where they are too few to need no others."""
    import numpy as np

    heads = _heads(graph, texts)
    lines = (heads.title, heads.slug, heads.ref)
    typed = {text.encode() for text in (wanted, wanted.replace(" ", "-"))}
    hits, whole = (np.zeros(graph.size, dtype=np.bool_) for _ in range(2))
    for text in typed:
        shift = np.uint64(8 * max(_HEAD - len(text), 0))
        number = np.uint64(int.from_bytes(text[:_HEAD].ljust(_HEAD, b"\0")))
        for line in lines:
            hits |= line >> shift == number >> shift
            whole |= line == number
    found = chosen[hits[chosen]]
    if any(len(text) >= _HEAD for text in typed) and len(found) >= most:
        ranks = _ranks(texts.gather(found), wanted)
        found, ranks = found[ranks < 2 * _RANK], ranks[ranks < 2 * _RANK]
    else:
        ranks = np.where(whole[found], 0, _RANK).astype(np.int32) + heads.length[found]
    if len(found) < most:
        return None
    # Places break ties, so that equals come in the order of their numbers.
    keys = ranks.astype(np.int64) << 32 | np.arange(len(found))
    best: Ids = found[np.sort(np.partition(keys, most - 1)[:most]) & 0xFFFFFFFF]
    return best


def _heads(graph: Graph, texts: pl.Series) -> _Heads:
    """How all lines begin; after an edit only those that it wrote are read again."""
    import numpy as np

    def further(earlier: _Heads, written: Ids) -> _Heads:
        again = _heads_of(texts.gather(written))
        found = {}
        for name in _Heads.__slots__:
            column = np.resize(getattr(earlier, name), len(texts))
            column[written] = getattr(again, name)
            found[name] = column
        return _Heads(**found)

    return graph.renew(("views", "heads"), lambda: _heads_of(texts), further)


def _heads_of(texts: pl.Series) -> _Heads:
    import numpy as np
    import polars as pl

    lines = texts.str.split_exact("\n", 3).struct
    parts = {
        name: (lines.field(f"field_{place}") + "\0" * _HEAD)
        .cast(pl.Binary)
        .bin.slice(0, _HEAD)
        .bin.reinterpret(dtype=pl.UInt64, endianness="big")
        .to_numpy()
        for place, name in enumerate(("title", "slug", "ref"), start=1)
    }
    lengths = texts.str.len_bytes().clip(0, _LONGEST).to_numpy().astype(np.int32)
    return _Heads(**parts, length=lengths)


def _holding(texts: pl.Series, wanted: str) -> Ids:
    """Where every word of what was typed is found."""
    import numpy as np

    found = np.arange(len(texts), dtype=np.int32)
    for word in sorted(wanted.split(" "), key=len, reverse=True):
        among = texts if len(found) == len(texts) else texts.gather(found)
        hit = among.str.contains(word, literal=True).fill_null(value=False)
        found = found[hit.to_numpy()]
    return found


def _ranks(texts: pl.Series, wanted: str) -> Ids:
    """How well each text fits; lower is better, and the length tells equals apart."""
    import numpy as np
    import polars as pl

    text = pl.col("text")
    dashed = wanted.replace(" ", "-")

    def has(*parts: str) -> pl.Expr:
        return pl.any_horizontal(*(text.str.contains(part, literal=True) for part in parts))

    fit = (
        pl.when(has(f"\n{wanted}\n", f"\n{dashed}\n"))
        .then(0)
        .when(has(f"\n{wanted}", f"\n{dashed}"))
        .then(1)
        .when(has(f" {wanted}", f"-{dashed}"))
        .then(2)
        .when(has(wanted))
        .then(3)
        .otherwise(4)
    )
    length = text.str.len_bytes().clip(0, _LONGEST)
    ranked = pl.DataFrame([texts.rename("text")]).select((fit * _RANK + length).alias("rank"))
    return ranked.to_series().to_numpy().astype(np.int32)
