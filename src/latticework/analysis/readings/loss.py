"""Reading: loss."""

from __future__ import annotations

import re

import numpy as np

from latticework.analysis.asking import Asking, Needs, Sort
from latticework.analysis.evidence import Made, Part, adding, counted, named
from latticework.analysis.reading import RATIO, Answer, exactly, reading, shown
from latticework.query.truth import Ids

_WORD = re.compile(r"[^\W_]{4,}")
_ENDINGS = ("ings", "ing", "ies", "ed", "es", "s")
MOST = 20_000
"""Hops that are compared word by word; further ones are left out and counted."""


@reading(
    Needs(name="from", sort=Sort.QUERY, says="the summaries", many=True),
    Needs(name="to", sort=Sort.PATH, says="the way to what each was made of", many=True),
    Needs(name="fields", sort=Sort.FIELD, says="the fields that hold the words", many=True),
    since="0.2",
)
def loss(asking: Asking) -> Answer:
    """How much of what was said first is left in what was made of it?

    For each hop the share of the words of the original that the summary has
    no more: words of four letters and more, endings aside. It shows where a
    statement was reshaped; whether for the better, only readers can tell.

    ```yaml company
    model:
      readings:
        lost-on-the-way:
          computes: loss
          with: {from: opportunity, to: comes from, fields: [words, could]}
    insight/stairs: {title: Stairs, words: owners carry heavy machines downstairs}
    opportunity/lift: {title: Lift, could: fetch heavy machines, comes from: insight/stairs}
    opportunity/new: {title: New, could: open at night}
    ```

    ```yaml reads
    lost-on-the-way: {whole: 60%, opportunity/lift: "60% · lost: carry, downstair, owner", opportunity/new: no row}
    ```
    """
    graph = asking.graph
    summaries = asking.ids("from")
    places, origins = asking.reached("to", summaries, graph.ids_of("any"))
    beyond = max(len(places) - MOST, 0)
    places, origins = places[:MOST], origins[:MOST]
    said, first = (_words(asking, each) for each in (summaries[places], origins))
    rows = [n for n, (mine, theirs) in enumerate(zip(said, first, strict=True)) if mine and theirs]
    lost = [first[row] - said[row] for row in rows]
    low = np.array([len(gone) / len(first[row]) for gone, row in zip(lost, rows, strict=True)])
    ids = summaries[places[rows]] if rows else summaries[:0]
    whole = exactly(float(np.median(low)) if len(low) else float("nan"))
    says = f"the middle one of {counted(len(rows), 'hop')} loses {shown(RATIO, whole) or 'nothing'}"

    def words(row: int) -> str:
        gone = sorted(lost[row])
        return "lost: " + ", ".join(gone[:6]) + ("…" if len(gone) > 6 else "") if gone else ""

    def made(row: int) -> Made:
        origin = int(origins[rows[row]])
        source = named(graph, np.array([origin]))
        return Made(
            asked="the share of the original's words that are gone",
            how=words(row),
            parts=(
                Part(
                    ref=source.refs[0],
                    title=source.titles[0],
                    through="made of",
                    value=" ".join(sorted(first[rows[row]])),
                ),
            ),
        )

    def made_whole() -> Made:
        worst = np.argsort(-low, kind="stable")[:200]
        return Made(
            asked="the middle loss per hop",
            how=f"over {counted(len(rows), 'hop')}",
            parts=adding(
                graph, ids[worst], (shown(RATIO, exactly(float(each))) for each in low[worst])
            ),
            total=len(rows),
            missing=(f"{beyond:,} further hops, which were not read",) if beyond else (),
        )

    return Answer(
        asking=asking,
        says=says,
        field=RATIO,
        ids=ids,
        low=low,
        high=low,
        whole=whole,
        words=words,
        made=made,
        made_whole=made_whole,
    )


def _words(asking: Asking, ids: Ids) -> list[frozenset[str]]:
    """What each thing says in the fields, as words without endings."""
    few = ids.astype(np.int32)
    columns = [asking.graph.texts(name, few).to_list() for name in asking.texts("fields")]
    found = []
    for texts in zip(*columns, strict=True):
        joined = " ".join(
            " ".join(each) if isinstance(each, list) else each for each in texts if each
        )
        found.append(frozenset(_stem(word) for word in _WORD.findall(joined.casefold())))
    return found


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word.removesuffix(ending)
    return word
