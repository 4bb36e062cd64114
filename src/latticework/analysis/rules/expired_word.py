"""Rule: expired-word."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from latticework.analysis.rule import Complaint, rule
from latticework.base.findings import Severity
from latticework.graph.graph import Graph
from latticework.model.model import Model


@rule("MODEL900", severity=Severity.WARNING, since="0.1")
def expired_word(graph: Graph, today: date) -> Iterator[Complaint]:
    """A part of the model is past its own end.

    Kinds, fields, links, interfaces, terms and rules may carry `expires`. The
    day has come: keep it with a new day, loosen it, or remove it.

    ```yaml flagged
    model:
      kinds:
        survey: {family: context, expires: 2025-06-30}
    ```

    ```yaml clean
    model:
      kinds:
        survey: {family: context, expires: 2031-06-30}
    ```
    """
    for of, words, ends in _ends(graph.model):
        if ends is not None and ends < today:
            yield Complaint(
                of=of,
                value=ends.isoformat(),
                says=f"{words} was to end on {ends.isoformat()}",
                hint="keep it with a new day, loosen it, or remove it",
            )


def _ends(model: Model) -> Iterator[tuple[str, str, date | None]]:
    """Place, words and end of everything in the model that may have one."""
    for interface in model.interfaces:
        of = f"interfaces.{interface.name}"
        yield of, f"interface '{interface.name}'", interface.expires
        for field in interface.fields:
            words = f"field '{field.name}' of interface '{interface.name}'"
            yield f"{of}.fields.{field.name}", words, field.expires
    for kind in model.kinds:
        of = f"kinds.{kind.name}"
        yield of, f"kind '{kind.name}'", kind.expires
        for field in kind.fields:
            words = f"field '{field.name}' of kind '{kind.name}'"
            yield f"{of}.fields.{field.name}", words, field.expires
    for link in model.links:
        yield f"links.{link.name}", f"link '{link.name}'", link.expires
        for field in link.carries:
            words = f"field '{field.name}' of link '{link.name}'"
            yield f"links.{link.name}.carries.{field.name}", words, field.expires
    for term in model.terms:
        yield f"terms.{term.name}", f"term '{term.name}'", term.expires
    for each in model.rules:
        yield f"rules.{each.code}", f"rule {each.code} ({each.name})", each.expires
