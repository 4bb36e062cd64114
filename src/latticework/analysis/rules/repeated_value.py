"""Rule: repeated-value."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import polars as pl

from latticework.analysis.rule import Complaint, rule
from latticework.base.findings import Severity
from latticework.graph.graph import Graph


@rule("FIELD003", severity=Severity.WARNING, since="0.1")
def repeated_value(graph: Graph, today: date) -> Iterator[Complaint]:
    """A value that should name one thing names several.

    Numbers and keys copied by hand repeat sooner or later. A field says that
    its values name one thing each with `unique: true`.

    ```yaml flagged
    model: {kinds: {team: {fields: {code: {type: text, unique: true}}}}}
    team/north: {title: North, code: N1}
    team/south: {title: South, code: N1}
    ```

    ```yaml clean
    model: {kinds: {team: {fields: {code: {type: text, unique: true}}}}}
    team/north: {title: North, code: N1}
    team/south: {title: South, code: S1}
    ```
    """
    for kind in graph.model.kinds:
        ids = graph.ids_of(kind.name)
        for field in kind.fields:
            if not field.unique or field.many:
                continue
            texts = graph.column(field.name, ids).text
            frame = pl.DataFrame({"id": ids, "value": texts}).drop_nulls()
            for value, bearers in _repeated(frame):
                refs = [str(graph.ref_of(each)) for each in bearers]
                for ref in refs[1:]:
                    yield Complaint(
                        ref=ref,
                        field=field.name,
                        value=value,
                        says=f"'{value}' is already the {field.name} of '{refs[0]}'",
                        hint="give one of them another, or merge the two",
                    )


def _repeated(frame: pl.DataFrame) -> Iterator[tuple[str, list[int]]]:
    """Each value borne more than once, with its bearers in order."""
    several = frame.group_by("value", maintain_order=True).agg("id")
    yield from several.filter(pl.col("id").list.len() > 1).iter_rows()
