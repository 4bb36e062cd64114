"""Rule: missing-value."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np

from latticework.analysis.rule import Complaint, judged, rule
from latticework.base.findings import Severity
from latticework.graph.graph import Graph
from latticework.model.model import TITLE
from latticework.query.truth import Ints


@rule("FIELD002", severity=Severity.WARNING, since="0.1")
def missing_value(graph: Graph, today: date, about: Ints | None = None) -> Iterator[Complaint]:
    """A field that the model requires has no value.

    A title is required of everything: without one people see only the ref.
    Where the value is not known yet, `unknown` is an answer.

    ```yaml flagged
    driver/trust: {title: Trust}
    ```

    ```yaml clean
    driver/trust: {title: Trust, idea: People come back when we keep our word}
    ```
    """
    for kind, ids in judged(graph, about):
        if not len(ids):
            continue
        required = [field for field in kind.fields if field.required]
        purposes = {TITLE: "what people call it"} | {each.name: each.purpose for each in required}
        for name, purpose in purposes.items():
            texts = graph.column(name, ids).text
            missing = np.flatnonzero(texts.is_null()).tolist() if texts.null_count() else ()
            for row in missing:
                yield Complaint(
                    ref=str(graph.ref_of(int(ids[row]))),
                    field=name,
                    says=f"this {kind.name} has no value in '{name}'",
                    hint=f"write {purpose}" if purpose else f"fill in '{name}'",
                )
