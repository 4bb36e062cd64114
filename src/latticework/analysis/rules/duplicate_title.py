"""Rule: duplicate-title."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import polars as pl

from latticework.analysis.rule import Complaint, judged, rule
from latticework.base.findings import Severity
from latticework.graph.graph import Graph
from latticework.model.model import TITLE
from latticework.query.truth import Ints


@rule("TITLE001", severity=Severity.WARNING, since="0.1")
def duplicate_title(graph: Graph, today: date, about: Ints | None = None) -> Iterator[Complaint]:
    """Two things of one kind bear the same title, or nearly.

    Letter case, punctuation and the order of words make no difference: a
    reader would not see them either. The first one recorded is left alone.

    ```yaml flagged
    bet/ferry: {title: Night ferry}
    bet/ferry-2: {title: "ferry, night"}
    ```

    ```yaml clean
    bet/ferry: {title: Night ferry}
    project/ferry: {title: Night ferry}
    ```
    """
    for kind, asked in judged(graph, about):
        ids = graph.ids_of(kind.name)
        # What is said twice is not one thing recorded twice.
        if kind.aside or not len(asked) or len(ids) < 2:
            continue
        frame = pl.DataFrame({"id": ids, "title": graph.column(TITLE, ids).text})
        for first, first_title, later, title in _pairs(frame):
            same = "the same title as" if title == first_title else "nearly the same title as"
            yield Complaint(
                ref=str(graph.ref_of(later)),
                field=TITLE,
                value=title,
                says=f"'{title}' is {same} '{graph.ref_of(first)}'",
                hint="merge the two, or say in the title what sets them apart",
            )


def _pairs(frame: pl.DataFrame) -> Iterator[tuple[int, str, int, str]]:
    """The first thing of each folded title, and each later one."""
    # A sum of hashes is the same in any order of words, and far cheaper than
    # sorting them; a 256th of 64 bits leaves room for the sum of 256 words.
    folded = (
        pl.col("title")
        .str.to_lowercase()
        .str.extract_all(r"[^\W_]+")
        .list.eval(pl.element().hash() // 256)
    )
    known = frame.drop_nulls().with_columns(words=folded)
    several = known.filter(pl.col("words").list.len() > 0).with_columns(pl.col("words").list.sum())
    alike = several.filter(pl.col("words").is_duplicated())
    firsts = alike.with_columns(
        first=pl.col("id").first().over("words"),
        first_title=pl.col("title").first().over("words"),
    ).filter(pl.col("id") != pl.col("first"))
    yield from firsts.select("first", "first_title", "id", "title").iter_rows()
