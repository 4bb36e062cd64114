"""Rule: unmet-stage."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from latticework.analysis.rule import Complaint, judged, rule
from latticework.base.findings import Refused, Severity
from latticework.graph.graph import Graph
from latticework.model.model import Kind, Stage
from latticework.query.ask import ask
from latticework.query.truth import Ints


@rule("STAGE002", severity=Severity.WARNING, since="0.1")
def unmet_stage(graph: Graph, today: date, about: Ints | None = None) -> Iterator[Complaint]:
    """A thing stands at a stage whose condition it does not meet.

    A stage says with `needs` what should be so of everything that stands at
    it. Either the thing came in too early, or the condition is not worth
    keeping.

    ```yaml flagged
    goal/grow: {title: Grow, stage: met, is owned by: team/north}
    team/north: {title: North}
    ```

    ```yaml clean
    goal/grow: {title: Grow, stage: met, outcome: A third more crossings}
    ```
    """
    for kind, ids in judged(graph, about):
        standing = set(graph.stage_words(ids).to_list()) if len(ids) else set()
        for stage in kind.stages:
            if stage.needs and stage.name in standing:
                yield from _unmet(graph, today, kind, stage, about)


def _unmet(
    graph: Graph, today: date, kind: Kind, stage: Stage, about: Ints | None
) -> Iterator[Complaint]:
    """Things at the stage that do not meet its condition, or why that cannot be asked."""
    question = f"{kind.name} where stage is '{stage.name}' and not ({stage.needs})"
    try:
        rows = ask(graph, question, today=today, about=about)
    except Refused as refused:
        yield Complaint(
            of=f"kinds.{kind.name}.stages.{stage.name}",
            value=stage.needs,
            says=f"the condition of stage '{stage.name}' cannot be asked: {refused.findings[0].says}",
            hint=refused.findings[0].hint,
        )
        return
    for ref in rows.refs:
        yield Complaint(
            ref=ref,
            field=kind.stage_field,
            value=stage.name,
            says=f"stands at '{stage.name}' and does not meet its condition: {stage.needs}",
            hint=_hint(stage),
        )


def _hint(stage: Stage) -> str:
    asks = f" ({stage.entry})" if stage.entry else ""
    return f"make it so{asks}, or move it to another stage"
