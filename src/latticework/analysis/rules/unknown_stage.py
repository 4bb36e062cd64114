"""Rule: unknown-stage."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import polars as pl

from latticework.analysis.rule import Complaint, judged, rule
from latticework.base.articles import a
from latticework.base.findings import Severity
from latticework.base.near import near, offer
from latticework.graph.graph import Graph
from latticework.model.model import STAGE
from latticework.query.truth import Ints


@rule("STAGE001", severity=Severity.ERROR, since="0.1")
def unknown_stage(graph: Graph, today: date, about: Ints | None = None) -> Iterator[Complaint]:
    """A thing stands at a stage that its kind does not have.

    Such a thing counts neither as active nor as done, so every question about
    stages passes it by. Most are spelling; some are a stage that the model
    should have.

    ```yaml flagged
    bet/ferry: {title: Night ferry, stage: runing}
    ```

    ```yaml clean
    bet/ferry: {title: Night ferry, stage: running}
    ```
    """
    for kind, ids in judged(graph, about):
        if not kind.stages or not len(ids):
            continue
        words = graph.column(STAGE, ids).text
        frame = pl.DataFrame({"id": ids, "word": words}).drop_nulls()
        used = frame["word"].unique(maintain_order=True)
        strange = [word for word in used.to_list() if kind.find_stage(word) is None]
        stages = tuple(kind.stages_by_name)
        close = {word: near(word, stages) for word in strange}
        for each, word in frame.filter(pl.col("word").is_in(strange)).iter_rows():
            yield Complaint(
                ref=str(graph.ref_of(each)),
                field=kind.stage_field,
                value=word,
                says=f"'{word}' is no stage of {a(kind.name)}",
                hint=offer(close[word], otherwise="write " + ", ".join(stages)),
                instead=close[word] or stages,
            )
