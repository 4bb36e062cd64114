"""What stands after a few further entries, from what stood before them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from latticework.graph.adjacency import Adjacency
from latticework.graph.log import Log
from latticework.graph.replay import Present, ids_among, kinds_by_word
from latticework.graph.timeline import Ints
from latticework.graph.values import appended
from latticework.graph.words import Words

FEW = 64
"""Beyond so many entries everything is worked out anew."""

OF_PRESENT, IDS = "of present", "ids"
"""First words of keys for what follows from which things exist, of which kinds."""

OF_EDGES = "of edges"
"""The first word of keys for what follows from that and some links, counted and named next."""

PLAIN_OPS = {"put", "retire", "connect", "disconnect"}


@dataclass(frozen=True, slots=True)
class Renewed:
    """What readers worked out when a log ended at an entry and named so many things."""

    head: int
    size: int
    value: object


def carry_over(old: Log, new: Log, frame: pl.DataFrame) -> None:
    """Keep what the old log's latest moments had worked out, where it still holds.

    Fills `new.latest`, a memory that nothing else has seen yet. What is left
    out is worked out when it is asked for.
    """
    present = old.latest.get(("present",))
    if not isinstance(present, Present) or len(frame) > FEW:
        return
    if not set(frame["op"].to_list()) <= PLAIN_OPS:
        return
    words = new.words_at(new.last_valid, new.head)
    further = _present(old, new, frame, present, words)
    if further is None:
        return
    new.latest["present",] = further
    renewed = {key: found for key, found in old.latest.items() if isinstance(found, Renewed)}
    new.latest.update(renewed)
    if not np.array_equal(further.alive[: len(present.alive)], present.alive):
        return
    same = new.names.size == old.names.size
    for key, found in old.latest.items():
        if same and key[0] in {OF_PRESENT, IDS}:
            new.latest[key] = found
        elif same and key[0] == OF_EDGES:
            links = key[2 : 2 + int(key[1])]
            if all(_is_as_before(link, old, new, words) for link in links):
                new.latest[key] = found
        elif key[0] == IDS and isinstance(found, np.ndarray):
            added = ids_among(further, words.model, str(key[1]), old.names.size)
            new.latest[key] = np.concatenate([found, added]) if len(added) else found
        elif isinstance(found, Adjacency):
            drawn = _drawn(found, old, new, words, further, frame)
            if drawn is not None:
                new.latest[key] = drawn


def _is_as_before(link: str, old: Log, new: Log, words: Words) -> bool:
    """Whether nothing was drawn, cut or carried along a link since."""
    meant = words.link_words(link, new.edges)
    return all(new.edges[each] is old.edges.get(each) for each in meant)


def _present(
    old: Log, new: Log, frame: pl.DataFrame, present: Present, words: Words
) -> Present | None:
    """Existence, kinds and refs; None where a ref may be read otherwise."""
    count = new.names.size - old.names.size
    if count and (new.kin or len(new.names.moves)):
        return None
    kind_names, kind_of_word = kinds_by_word(new.names.words, words)
    if kind_names[: len(present.kind_names)] != present.kind_names:
        return None
    alive = np.concatenate([present.alive, np.zeros(count, dtype=np.bool_)])
    told = frame.filter(pl.col("op").is_in(["put", "retire"]))["subject"].unique()
    for node in new.names.find_all(told, new.kin).tolist():
        alive[node] = new.existence.last_value(node) == 1
    further: Ints = kind_of_word[new.names.word_codes[len(old.names.texts) :]]
    refs = new.names.texts.slice(len(old.names.texts)).rename("ref")
    return Present(
        alive=alive,
        kind_names=kind_names,
        kind_codes=np.concatenate([present.kind_codes, further]) if count else present.kind_codes,
        refs=appended(present.refs, refs) if count else present.refs,
    )


def _drawn(
    found: Adjacency, old: Log, new: Log, words: Words, present: Present, frame: pl.DataFrame
) -> Adjacency | None:
    """A link's edges; None where an end does not exist, or words were merged."""
    meant = words.link_words(found.link, new.edges)
    if len(meant) != 1 or meant[0] not in old.edges:
        return None
    edges = new.edges[meant[0]]
    drawn = found.grown(new.names.size)
    if edges is old.edges[meant[0]]:
        return drawn
    touched = frame.filter(pl.col("link") == meant[0])
    sources = new.names.find_all(touched["subject"], new.kin).tolist()
    targets = new.names.find_all(touched["object"], new.kin).tolist()
    for source, target in dict.fromkeys(zip(sources, targets, strict=True)):
        if not (present.alive[source] and present.alive[target]):
            return None
        number = edges.number_of(source, target)
        if number is not None and edges.state.last_value(number) == 1:
            drawn = drawn.with_edge(source, target, number)
        else:
            drawn = drawn.without_edge(source, target)
    return drawn
