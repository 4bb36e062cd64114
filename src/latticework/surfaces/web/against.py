"""What a page shows against an earlier moment: marks on whatever has changed since."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from latticework.base.findings import Refused
from latticework.surfaces.web.look import Look
from latticework.views.things import things

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from latticework.graph.delta import Delta
    from latticework.graph.graph import Graph
    from latticework.views.sight import Sight
    from latticework.views.things import Thing
    from latticework.views.visuals import Dot

MOST_GONE = 40
MOST_TOLD = 6

WORDS = {"new": "new", "cut": "given up", "restaged": "stage", "moved": "moved"}
"""How each class of a delta is marked, the weightiest first; all else is "changed"."""

OTHER = "changed"
_NAMED = re.compile(r'\bdata-(ref|bar)="([^"]*)"')


@dataclass(frozen=True, kw_only=True)
class Against:
    """Marks by ref, how many there are of each, and what left the page's question.

    `words` is the moment as it was asked for; `gone` are things that answered
    the question then and do not now, `left` how many more there are of them.
    """

    words: str
    marks: Mapping[str, str]
    counts: tuple[tuple[str, int], ...]
    told: tuple[str, ...]
    gone: tuple[Thing, ...] = ()
    left: int = 0

    def mark(self, html: str) -> str:
        """A page with a mark on every element that names a changed thing."""

        def marked(found: re.Match[str]) -> str:
            word = self.marks.get(found[2])
            return f'{found[0]} data-changed="{word}"' if word else found[0]

        return _NAMED.sub(marked, html)

    def of(self, dots: Iterable[Dot]) -> dict[str, str]:
        """The marks of a map's dots, for a canvas, which has no elements to be marked."""
        return {each.ref: self.marks[each.ref] for each in dots if each.ref in self.marks}


def marks_of(delta: Delta) -> dict[str, str]:
    """One word per changed thing: its weightiest class, or that it is described otherwise."""
    marks = dict.fromkeys(delta.cells["ref"].to_list(), OTHER)
    marks |= dict.fromkeys(delta.edges["source"].to_list(), OTHER)
    for name in reversed(WORDS):
        refs = delta.classes.filter(delta.classes["class"] == name)["ref"]
        marks |= dict.fromkeys(refs.to_list(), WORDS[name])
    return marks


def against_of(
    look: Look,
    sight: Sight,
    marks: Mapping[str, str],
    then: Graph,
    delta: Delta,
    asked: str = "",
) -> Against:
    """What differs, told for the page's own question where it asks one.

    `asked` is that question where the address leaves it out.
    """
    from latticework.graph.delta import delta as delta_of

    text = look.find("q") or look.find("query") or asked
    answers, told_of, away = _answers(text, sight, then), delta, None
    if answers is not None:
        before, now = answers
        told_of = delta_of(then, sight.graph, _either(before, now))
        away = _without(before, now)
    counted = Counter(marks_of(told_of).values())
    order = [*WORDS.values(), OTHER]
    return Against(
        words=look.against,
        marks=marks,
        counts=tuple((word, counted[word]) for word in order if counted[word]),
        told=told_of.tell(MOST_TOLD),
        gone=() if away is None else tuple(things(then, away[:MOST_GONE])),
        left=0 if away is None else max(len(away) - MOST_GONE, 0),
    )


def _answers(
    text: str, sight: Sight, then: Graph
) -> tuple[NDArray[np.int32], NDArray[np.int32]] | None:
    """Who answered the page's question then, and who answers it now."""
    from latticework.query.ask import ask

    if not text:
        return None
    try:
        return ask(then, text).ids, ask(sight.graph, text).ids
    except Refused:
        # The page itself says what is wrong with its question.
        return None


def _either(some: NDArray[np.int32], others: NDArray[np.int32]) -> NDArray[np.int32]:
    import numpy as np

    return np.union1d(some, others)


def _without(some: NDArray[np.int32], others: NDArray[np.int32]) -> NDArray[np.int32]:
    import numpy as np

    return np.setdiff1d(some, others)
