"""Rule: misfit-value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

import numpy as np

from latticework.analysis.rule import Complaint, judged, rule
from latticework.analysis.words import fitting
from latticework.base.findings import Severity
from latticework.base.near import near, offer
from latticework.graph.graph import Graph
from latticework.model.model import Field
from latticework.model.values import Typed
from latticework.query.truth import Ints

LONGEST_QUOTE = 60


@rule("FIELD001", severity=Severity.ERROR, since="0.1")
def misfit_value(graph: Graph, today: date, about: Ints | None = None) -> Iterator[Complaint]:
    """A value does not fit its field.

    The value stays as it was written, so nothing is lost, and no comparison
    finds it. A day that no calendar has, a choice that is none of the choices
    and an amount below the lowest are such values.

    ```yaml flagged
    goal/grow: {title: Grow, due: 2026-02-31}
    ```

    ```yaml clean
    goal/grow: {title: Grow, due: 2026-02..2026-03}
    goal/keep: {title: Keep, due: unknown}
    ```
    """
    for kind, ids in judged(graph, about):
        for field in _fallible(kind.fields) if len(ids) else ():
            for row, text in _misfits(graph.column(field.name, ids)):
                yield _complaint(str(graph.ref_of(int(ids[row]))), field.name, field, text)
    for link in graph.model.links:
        for field in _fallible(link.carries):
            for edge, text in _misfits(graph.edge_column(link.name, field.name)):
                source = str(graph.ref_of(int(graph.adjacency(link.name).sources[edge])))
                yield _complaint(source, f"{link.name} {field.name}", field, text)


def _fallible(fields: Iterable[Field]) -> Iterator[Field]:
    """Fields that some text does not fit."""
    return (field for field in fields if field.type != "text")


def _misfits(typed: Typed) -> Iterator[tuple[int, str]]:
    """Row and text of each value that does not fit."""
    for row in np.flatnonzero(typed.misfit.to_numpy()).tolist():
        text = typed.text[row]
        yield row, text if isinstance(text, str) else ", ".join(text)


def _complaint(ref: str, name: str, field: Field, text: str) -> Complaint:
    shown = text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE]}…"
    fits = fitting(field)
    close = near(text, field.choices)
    return Complaint(
        ref=ref,
        field=name,
        value=text,
        says=f"'{shown}' is no value for '{name}'",
        hint=offer(close, otherwise=f"write {fits}" if fits else ""),
        instead=close or field.choices,
    )
