"""Rule: undeclared-word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import numpy as np

from latticework.analysis.rule import Complaint, rule
from latticework.base.articles import a
from latticework.base.findings import Severity
from latticework.base.near import did_you_mean
from latticework.graph.graph import Graph
from latticework.model.model import Kind


@rule("WORD001", severity=Severity.WARNING, since="0.1")
def undeclared_word(graph: Graph, today: date) -> Iterator[Complaint]:
    """A thing uses a kind, field or link that the model does not declare.

    What was written is kept and shown; no type is known for it and no rule
    looks at it. Declare the word, or say with `was` what it is called now.

    ```yaml flagged
    goal/grow: {title: Grow, ownr: team/north}
    ```

    ```yaml clean
    goal/grow: {title: Grow, is owned by: team/north}
    team/north: {title: North}
    ```
    """
    yield from _kinds(graph)
    used = _words_by_kind(graph)
    for kind in graph.model.kinds:
        yield from _fields(graph, kind, used.get(kind.name, frozenset()))
    yield from _links(graph)


def _kinds(graph: Graph) -> Iterator[Complaint]:
    known = graph.model.kinds_by_name
    for name in graph.kind_names:
        if name in known:
            continue
        hint = did_you_mean(name, known, otherwise=f"declare a kind '{name}'")
        for each in graph.ids_of(name).tolist():
            yield Complaint(
                ref=str(graph.ref_of(each)),
                value=name,
                says=f"no kind is called '{name}'",
                hint=hint,
            )


def _words_by_kind(graph: Graph) -> Mapping[str, frozenset[str]]:
    """Words under which things of each kind were ever given a value."""
    used: dict[str, set[str]] = {}
    for word, cells in graph.log.cells.items():
        for code in np.unique(graph.kind_codes[cells.line.subject]).tolist():
            used.setdefault(graph.kind_names[code], set()).add(word)
    return {kind: frozenset(words) for kind, words in used.items()}


def _fields(graph: Graph, kind: Kind, used: frozenset[str]) -> Iterator[Complaint]:
    """Values under words that no field of the kind is or was called."""
    ids = graph.ids_of(kind.name)
    declared = kind.fields_by_name
    unread = used - set(declared)
    if not len(ids) or not unread:
        return
    for word in graph.field_names(int(ids[0])):
        if word not in unread:
            continue
        hint = did_you_mean(word, declared, otherwise=f"declare a field '{word}'")
        said = graph.column(word, ids).text.is_not_null().to_numpy()
        for each in ids[np.flatnonzero(said)].tolist():
            yield Complaint(
                ref=str(graph.ref_of(each)),
                field=word,
                value=word,
                says=f"{a(kind.name)} has no field '{word}'",
                hint=hint,
            )


def _links(graph: Graph) -> Iterator[Complaint]:
    """Edges of words that no link is or was called."""
    declared = graph.model.links_by_name
    for word in graph.link_names():
        if word in declared:
            continue
        hint = did_you_mean(word, declared, otherwise=f"declare a link '{word}'")
        for each in np.unique(graph.adjacency(word).sources).tolist():
            yield Complaint(
                ref=str(graph.ref_of(each)),
                field=word,
                value=word,
                says=f"no link is called '{word}'",
                hint=hint,
            )
