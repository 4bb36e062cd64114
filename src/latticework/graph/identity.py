"""Which ref texts name one thing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from latticework.graph.names import FEW, Kin, Names
from latticework.graph.timeline import Ints, timeline
from latticework.graph.values import appended

FEW_FACTS = 64

TWO_ENDED = ("move", "connect", "disconnect")

Pairs = tuple[Ints, Ints]
"""Codes of texts that name one thing, side by side."""


def with_mentions(
    names: Names, facts: pl.DataFrame, kin: Kin, *, kin_changed: bool
) -> tuple[Names, Ints | None]:
    """Names with the texts and moves of further entries.

    Also the new number of each node known before, where numbers changed: a
    move or a renamed kind showed that two were one.
    """
    fresh = _new_texts(names, facts)
    grown = _with_texts(names, fresh) if len(fresh) else names
    moved = facts.filter(pl.col("op") == "move")
    origin, goal = grown.codes_of(moved["subject"]), grown.codes_of(moved["object"])
    before = names.move_pairs
    grown = replace(
        grown,
        move_pairs=(np.concatenate([before[0], origin]), np.concatenate([before[1], goal])),
        known_index=grown.index_so_far(),
        origin_codes=dict(names.origin_codes)
        | dict(zip(moved["number"].to_list(), origin.tolist(), strict=True)),
    )
    settled = None if kin_changed else _settled(names, grown, (origin, goal), kin)
    node_of, firsts = settled or nodes_of(grown, kin)
    grown = replace(grown, node_of=node_of, firsts=firsts)
    renumbering = None
    if settled is None and not np.array_equal(node_of[: len(names.texts)], names.node_of):
        renumbering = node_of[names.firsts]
    return _with_moves(grown, moved, goal, renumbering), renumbering


def nodes_of(names: Names, kin: Kin) -> Pairs:
    """The node of each text and the first text of each node."""
    kindred = _kin_pairs(names, kin)
    count = len(names.texts)
    one = np.concatenate([names.move_pairs[0], kindred[0]])
    other = np.concatenate([names.move_pairs[1], kindred[1]])
    if not len(one):
        every = np.arange(count, dtype=np.int32)
        return every, every
    # Imported here, because opening a company rarely needs it.
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    joined = coo_array((np.ones(len(one), dtype=np.int8), (one, other)), shape=(count, count))
    _, labels = connected_components(joined, directed=False)
    groups, firsts = np.unique(labels, return_index=True)
    order = np.argsort(firsts)
    rank = np.empty(len(groups), dtype=np.int32)
    rank[order] = np.arange(len(groups), dtype=np.int32)
    return rank[labels], firsts[order].astype(np.int32)


def _settled(before: Names, grown: Names, moves: Pairs, kin: Kin) -> Pairs | None:
    """The same as `nodes_of` for a short tail; None where things fall together."""
    known = len(before.texts)
    if not known or len(grown.texts) - known > FEW or len(moves[0]) > FEW:
        return None
    lead = _Leads(before.node_of)
    for one, other in zip(moves[0].tolist(), moves[1].tolist(), strict=True):
        if not lead.join(one, other):
            return None
    for code in range(known, len(grown.texts)):
        kindred = _kin_codes(grown, code, kin)
        # Two that cannot be one thing may both be akin to a third.
        if len(kindred) > 1 or not all(lead.join(code, each) for each in kindred):
            return None
    return lead.numbered(before.firsts, len(grown.texts))


class _Leads:
    """A few further texts, each led to the node or text it is one with."""

    def __init__(self, node_of: Ints) -> None:
        self._node_of = node_of
        self._leads: dict[int, int] = {}

    def join(self, one: int, other: int) -> bool:
        """Make two texts one; False where both lead to nodes that differ."""
        first, second = sorted((self._top(one), self._top(other)))
        if first == second:
            return True
        if second < 0:
            return False
        self._leads[second] = first
        return True

    def numbered(self, firsts: Ints, count: int) -> Pairs:
        """The node of each of `count` texts and the first text of each node."""
        nodes: dict[int, int] = {}
        further = []
        known = len(self._node_of)
        for code in range(known, count):
            top = self._top(code)
            if top < 0:
                further.append(-top - 1)
            else:
                further.append(nodes.setdefault(top, len(firsts) + len(nodes)))
        return (
            np.concatenate([self._node_of, np.array(further, dtype=np.int32)]),
            np.concatenate([firsts, np.array(list(nodes), dtype=np.int32)]),
        )

    def _top(self, code: int) -> int:
        """A node as -1 - node, or the first further text of a group."""
        if 0 <= code < len(self._node_of):
            return -1 - int(self._node_of[code])
        while code in self._leads:
            code = self._leads[code]
        return code


def _kin_codes(names: Names, code: int, kin: Kin) -> list[int]:
    """Codes of the texts before this one that differ only by a kindred word."""
    words = kin.get(names.words[names.word_codes[code]], frozenset())
    if not words:
        return []
    _, slash, slug = names.texts[code].partition("/")
    codes = (names.code_of(word + slash + slug) for word in words)
    return [each for each in codes if 0 <= each < code]


def _with_texts(names: Names, fresh: pl.Series) -> Names:
    words, codes = word_codes_of(fresh, names.words)
    return replace(
        names,
        texts=appended(names.texts, fresh),
        words=words,
        word_codes=np.concatenate([names.word_codes, codes]),
        known_index=names.index_so_far(),
    )


def _with_moves(names: Names, moved: pl.DataFrame, goal: Ints, renumbering: Ints | None) -> Names:
    moves = names.moves
    if renumbering is not None:
        moves = timeline(renumbering[moves.subject], moves.valid, moves.number, moves.value)
    tail = timeline(
        names.node_of[goal],
        moved["valid"].to_numpy(),
        moved["number"].to_numpy().astype(np.int32),
        goal,
    )
    return replace(names, moves=moves.with_rows(tail))


def _new_texts(names: Names, facts: pl.DataFrame) -> pl.Series:
    """Texts never used before, in the order of first mention."""
    if len(facts) <= FEW_FACTS:
        return _few_new_texts(names, facts)
    spots = pl.int_range(pl.len(), dtype=pl.Int64) * 2
    subjects = facts.select(text="subject", spot=spots)
    objects = facts.select(text="object", spot=spots + 1, op="op")
    objects = objects.filter(pl.col("op").is_in(TWO_ENDED)).drop("op")
    mentions = pl.concat([subjects, objects]).group_by("text").agg(pl.col("spot").min())
    texts = mentions.sort("spot")["text"].rename("text")
    if not len(names.texts):
        return texts
    return texts.filter(pl.Series(names.codes_of(texts) < 0))


def _few_new_texts(names: Names, facts: pl.DataFrame) -> pl.Series:
    mentions = dict.fromkeys(
        text
        for op, subject, target in facts.select("op", "subject", "object").iter_rows()
        for text in ((subject, target) if op in TWO_ENDED else (subject,))
    )
    texts = pl.Series("text", list(mentions), dtype=pl.String)
    return texts.filter(pl.Series(names.codes_of(texts) < 0))


def _kin_pairs(names: Names, kin: Kin) -> Pairs:
    """Pairs of texts that differ only by kind words of one kind."""
    none = np.zeros(0, dtype=np.int32)
    renamed = [code for code, word in enumerate(names.words) if kin.get(word)]
    if len(renamed) < 2:
        return none, none
    codes = np.flatnonzero(np.isin(names.word_codes, renamed)).astype(np.int32)
    slugs = names.texts.gather(codes).str.splitn("/", 2).struct.field("field_1")
    frame = pl.DataFrame({"code": codes, "word": names.word_codes[codes], "slug": slugs})
    shared = frame.filter(pl.col("slug").is_duplicated()).group_by("slug", maintain_order=True)
    pairs = [
        pair
        for group in shared.agg("code", "word").iter_rows(named=True)
        for pair in _kindred(group["code"], [names.words[word] for word in group["word"]], kin)
    ]
    both = np.array(pairs, dtype=np.int32).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def word_codes_of(texts: pl.Series, known: tuple[str, ...]) -> tuple[tuple[str, ...], Ints]:
    """Kind words, those known first, and the code of each text's word."""
    if not len(texts):
        return known, np.zeros(0, dtype=np.int32)
    heads = texts.str.splitn("/", 2).struct.field("field_0")
    every = pl.concat([pl.Series(known, dtype=pl.String), heads.unique(maintain_order=True)])
    words = every.unique(maintain_order=True)
    codes = heads.cast(pl.Enum(words)).to_physical().to_numpy().astype(np.int32)
    return tuple(words.to_list()), codes


def _kindred(codes: list[int], words: list[str], kin: Kin) -> list[tuple[int, int]]:
    """Join each text to the first before it that may be the same thing."""
    groups: list[tuple[int, list[str]]] = []
    pairs = []
    for code, word in zip(codes, words, strict=True):
        for first, members in groups:
            if all(word in kin[each] for each in members):
                pairs.append((first, code))
                members.append(word)
                break
        else:
            groups.append((code, [word]))
    return pairs
