"""View: spread."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from latticework.views.page import Later, Page, param, sight_view
from latticework.views.sight import Sight
from latticework.views.visuals import Spread, Strand
from latticework.views.wording import dotted, many

if TYPE_CHECKING:
    from latticework.views.lens.asked import Asked
    from latticework.views.lens.voices import Said

FEWEST = 3
"""Fewer answers of people are counted, and not shown."""

_SIDES: tuple[Literal["left"], Literal["right"]] = ("left", "right")
_EMPTY = (
    "Nobody has given a value of any of these yet.",
    "Let a link carry a number, or let people answer: one answer each, about one thing.",
)


@dataclass(frozen=True)
class Params:
    """What the reader may choose."""

    query: str = param("", "What is judged: a question in the query language.", position=1)
    of: str = param("", "Which values: a field at the end of a link, or carried by it.")
    minimum: int = param(
        5, "How many people must have answered before names are shown.", rare=True, least=FEWEST
    )
    rows: int = param(40, "How many things to draw; 0 is all.", rare=True)


@sight_view(Params)
def spread(sight: Sight, params: Params) -> Page:
    """How far apart are the values that several give of the same thing?

    Each value is drawn by itself, ranges as long as they are; no mean is ever
    made of them. What people say stays without names below the minimum, and
    below three answers only their number is told.

      latticework spread bet --of 'confidence of is judged by'
      latticework spread goal --of 'confidence of is served by'
    """
    from latticework.views.lens.asked import asked_of, usual_query
    from latticework.views.lens.voices import said_of, usual_values
    from latticework.views.lens.worded import headed

    query = params.query or usual_query(sight.graph)
    asked = asked_of(sight, query)
    words = params.of or usual_values(asked)
    said = said_of(asked, words)
    block = _block(asked, said, params.minimum, params.rows)
    return Page(
        title=f"{headed(query, asked.graph)}: {words}",
        subtitle=dotted(many(len(said.places), "value"), f"of {many(_things(said), 'thing')}"),
        blocks=(block,),
        data=Later(lambda: _records(block)),
        query=query,
        usual={"of": words},
    )


def _things(said: Said) -> int:
    import numpy as np

    return len(np.unique(said.places))


def _block(asked: Asked, said: Said, minimum: int, rows: int) -> Spread:
    import numpy as np

    from latticework.views.things import ids, things

    places, counts = np.unique(said.places, return_counts=True)
    # What several speak of stands first: one value alone has no spread.
    places = places[np.argsort(counts < 2, kind="stable")]
    shown = places[: rows or None]
    named = things(asked.graph, asked.ids[shown])
    voices = np.unique(said.voices[said.voices >= 0])
    called = dict(zip(voices.tolist(), things(asked.graph, ids(voices.tolist())), strict=True))
    titles = {node: each.title or each.ref for node, each in called.items()}
    order = np.argsort(said.places, kind="stable")
    starts, ends = (np.searchsorted(said.places[order], shown, side) for side in _SIDES)
    strands = tuple(
        _strand(said, order[start:end], each.title or each.ref, each.ref, titles, minimum)
        for each, start, end in zip(named, starts, ends, strict=True)
    )
    edges = _edges(said)
    left = len(places) - len(shown)
    return Spread(
        strands=strands,
        low=edges[0],
        high=edges[-1],
        ticks=tuple((each, _value(said, each, each)) for each in edges),
        unit=said.field.unit,
        note=_note(said, minimum, left),
        empty=() if strands else _EMPTY,
    )


def _strand(
    said: Said, spots: object, title: str, ref: str, titles: dict[int, str], minimum: int
) -> Strand:
    import numpy as np

    each = np.asarray(spots)
    count = len(each)
    if said.people and count < FEWEST:
        told = f"{many(count, 'answer')}, shown from {FEWEST} on"
        return Strand(title=title, ref=ref, count=count, said=told)
    by_value = each[np.lexsort([said.high[each], said.low[each]])]
    low, high = said.low[by_value], said.high[by_value]
    hidden = said.people and (count < minimum or bool((said.voices[each] < 0).any()))
    voices = () if hidden else tuple(titles.get(int(v), "") for v in said.voices[by_value])
    return Strand(
        title=title,
        ref=ref,
        count=count,
        values=tuple(zip(low.tolist(), high.tolist(), strict=True)),
        told=tuple(_value(said, a, b) for a, b in zip(low.tolist(), high.tolist(), strict=True)),
        voices=voices,
        said=_value(said, float(low.min()), float(high.max())),
    )


def _value(said: Said, low: float, high: float) -> str:
    from latticework.model.values import Measure, format_value
    from latticework.query.cells import rounded

    if said.field.type == "ratio":
        # A binary fraction would show its noise as a percentage.
        ends = dict.fromkeys(f"{each * 100:.9g}" for each in (low, high))
        return "–".join(ends) + "%"
    return format_value(said.field, Measure(rounded(low), rounded(high))) or f"{low:g}"


def _edges(said: Said) -> list[float]:
    """Round numbers from the least to the greatest value; shares end at 100%."""
    import numpy as np

    from latticework.views.lens.bands import edges_of

    finite = np.concatenate([said.low, said.high])
    finite = finite[np.isfinite(finite)]
    if not len(finite):
        return [0.0, 1.0]
    edges = edges_of(finite, float(finite.min()))
    whole = said.field.type == "ratio" and finite.max() <= 1
    return [each for each in edges if each <= 1] if whole else edges


def _note(said: Said, minimum: int, left: int) -> str:
    parts = [f"{left:,} more things are left out." if left else ""]
    if said.people:
        parts.append(
            f"Names are shown from {minimum} answers on, values from {FEWEST}; no mean is made."
        )
    return " ".join(each for each in parts if each)


def _records(block: Spread) -> Iterator[dict[str, object]]:
    for strand in block.strands:
        names = strand.voices or ("",) * len(strand.values)
        for (low, high), said, voice in zip(strand.values, strand.told, names, strict=True):
            yield {
                "ref": strand.ref,
                "title": strand.title,
                "value": said,
                "low": low,
                "high": high,
                "by": voice,
            }
