"""Rule: likely-same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from latticework.analysis.likeness import MAIL, NAME, likely_pairs
from latticework.analysis.rule import Complaint, judged, rule
from latticework.base.findings import Severity
from latticework.graph.graph import Graph
from latticework.model.model import TITLE
from latticework.query.truth import Ints

if TYPE_CHECKING:
    from latticework.model.model import Kind

LOOKED_AT = 1000
"""Things of a kind that are looked at to see whether it has e-mail addresses."""


@rule("SAME001", severity=Severity.NOTICE, since="0.1")
def likely_same(graph: Graph, today: date, about: Ints | None = None) -> Iterator[Complaint]:
    """Two people, or others with an e-mail address, may be one and the same.

    Their address is equal, or their names differ by a letter; what bears the
    same title is told by `duplicate-title`. Join them, or accept that they are
    two. `latticework same` lists pairs of every kind.

    ```yaml flagged
    model: {kinds: {person: {many: people, fields: {mail: text}}}}
    person/ana: {title: Ana Lima, mail: ana@harbour.eu}
    person/al: {title: A. L., mail: Ana@harbour.eu}
    ```

    ```yaml clean
    model: {kinds: {person: {many: people, fields: {mail: text}}}}
    person/ana: {title: Ana Lima, mail: ana@harbour.eu}
    person/ben: {title: Ben Osei, mail: ben@harbour.eu}
    ```
    """
    for kind, asked in judged(graph, about):
        if kind.aside or not len(asked) or not _has_addresses(graph, kind):
            continue
        pairs = likely_pairs(graph, kind.name).filter(pl.col("because") != NAME)
        ends = [graph.refs.gather(pairs[name].to_numpy()).to_list() for name in ("one", "other")]
        titles = graph.titles(pairs["other"].to_numpy()).to_list()
        for one, other, title, because in zip(*ends, titles, pairs["because"], strict=True):
            yield Complaint(
                ref=other,
                value=one,
                says=f"'{title}' may be the same as '{one}': {because}",
                hint=f"join them: latticework join {other} {one}; or accept that they are two",
            )


def _has_addresses(graph: Graph, kind: Kind) -> bool:
    """Whether things of a kind say e-mail addresses of themselves."""
    ids = graph.ids_of(kind.name)[:LOOKED_AT]
    named = (each for each in kind.fields if each.name != TITLE and each.type == "text")
    fields = (each for each in named if not each.many and not each.choices)
    return len(ids) > 1 and any(
        graph.texts(each.name, ids).str.contains(MAIL).any() for each in fields
    )
