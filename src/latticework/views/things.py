"""Things as pages show them: ref, title and stage, read in bulk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from latticework.base.findings import Finding, Refused, error
from latticework.base.near import did_you_mean, near
from latticework.base.refs import slug_of
from latticework.views.blocks import (
    Cell,
    Span,
    Tone,
    cell,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from latticework.graph.graph import Graph
    from latticework.model.model import Model

    Ids = NDArray[np.int32]

MOST_COMPARED = 5000
MOST_OFFERED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """What a line about a thing says of it."""

    ref: str
    title: str
    stage: str = ""
    category: str = ""

    @property
    def name_cell(self) -> Cell:
        """Its title, or its ref's slug where nobody gave it one."""
        return cell(self.title, ref=self.ref)

    @property
    def ref_cell(self) -> Cell:
        """Its ref."""
        return cell(self.ref, ref=self.ref)

    @property
    def stage_cell(self) -> Cell:
        """Its stage in its own word."""
        return cell(self.stage, category=self.category or ("?" if self.stage else ""))

    @property
    def spans(self) -> tuple[Span, ...]:
        """One line: title, ref, stage."""
        named = (Span(self.title, ref=self.ref), Span("  ")) if self.title else ()
        staged = (Span("  "), *self.stage_cell.spans) if self.stage else ()
        return (*named, Span(self.ref, ref=self.ref, tone=Tone.DIM), *staged)


def titles_of(refs: Iterable[str], graph: Graph) -> dict[str, str]:
    """Titles by ref, of the refs that lead to a thing."""
    found = {ref: graph.find(ref) for ref in set(refs) if ref}
    known = {ref: node for ref, node in found.items() if node is not None}
    titles = things(graph, ids(tuple(known.values())))
    return {ref: each.title for ref, each in zip(known, titles, strict=True)}


def unknown_kind(model: Model, word: str) -> Finding:
    """A finding that no kind and no interface has this name."""
    known = [*model.kinds_by_name, *model.interfaces_by_name]
    hint = did_you_mean(word, known, otherwise="see the kinds with: latticework kinds")
    return error("VIEW007", f"no kind '{word}'", hint=hint, value=word)


def things(graph: Graph, ids: Ids) -> tuple[Thing, ...]:
    """The things of these ids, in their order, with one read per column."""
    if not len(ids):
        return ()
    columns = (
        graph.refs.gather(ids),
        graph.titles(ids),
        graph.stage_words(ids),
        graph.stage_categories(ids),
    )
    return tuple(
        Thing(ref=ref, title=title or "", stage=stage or "", category=category or "")
        for ref, title, stage, category in zip(*(each.to_list() for each in columns), strict=True)
    )


def id_of(graph: Graph, words: str) -> int:
    """The id of the thing that a person means: by ref, title, or a ref's beginning.

    Raises Refused (VIEW003) with the closest refs where there is none, and
    (VIEW004) with all that are called so where there are several.
    """
    wanted = words.strip()
    found = graph.find(wanted)
    if found is not None:
        return found
    by_title = _called(graph, wanted) or _beginning(graph, wanted)
    if len(by_title) == 1:
        return by_title[0]
    if by_title:
        raise Refused([_ambiguous(graph, wanted, by_title)])
    raise Refused([_unknown(graph, wanted)])


def ids(values: Sequence[int]) -> Ids:
    """Ids as an array."""
    import numpy as np

    return np.asarray(values, dtype=np.int32)


def _called(graph: Graph, title: str) -> list[int]:
    every = graph.ids_of("any")
    if not len(every) or not title:
        return []
    titles = graph.titles(every).str.to_lowercase()
    return [int(found) for found in every[(titles == title.lower()).fill_null(False).to_numpy()]]


def _beginning(graph: Graph, ref: str) -> list[int]:
    """Existing things whose ref begins so, kind and slash included."""
    if not ref.partition("/")[2]:
        return []
    every = graph.ids_of("any")
    begins = graph.refs.gather(every).str.starts_with(ref).to_numpy()
    return [int(found) for found in every[begins]]


def _ambiguous(graph: Graph, title: str, found: Sequence[int]) -> Finding:
    refs = [str(graph.ref_of(each)) for each in found[:MOST_OFFERED]]
    says = f"'{title}' may mean {len(found)} things"
    return error("VIEW004", says, hint=f"say which: {', '.join(refs)}", value=title)


def _unknown(graph: Graph, words: str) -> Finding:
    kind, slash, slug = words.partition("/")
    if slash and graph.model.find_kind(kind) is None:
        kinds = graph.model.kinds_by_name
        says = f"no thing '{words}', and no kind '{kind}'"
        hint = did_you_mean(kind, kinds, otherwise="see the kinds with: latticework kinds")
        return error("VIEW003", says, hint=hint, value=words)
    close = _close(graph, words, slug_of(slug or words))
    hint = f"did you mean {' or '.join(close)}?" if close else "look for it with: latticework ask"
    return error("VIEW003", f"no thing '{words}'", hint=hint, value=words)


def _close(graph: Graph, words: str, slug: str) -> tuple[str, ...]:
    """Refs that hold the slug, else those that look like it."""
    import polars as pl

    refs = graph.refs.filter(pl.Series(graph.alive))
    holding = refs.filter(refs.str.contains(slug, literal=True)).head(MOST_OFFERED).to_list()
    if holding:
        return tuple(holding)
    kind = words.partition("/")[0]
    same = refs.filter(refs.str.starts_with(f"{kind}/"))
    return near(words, (same if len(same) else refs).head(MOST_COMPARED).to_list())
