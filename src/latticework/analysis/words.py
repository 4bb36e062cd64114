"""Words and refs to offer in hints, with bounded effort."""

from __future__ import annotations

from dataclasses import dataclass, field

from latticework.base.near import near
from latticework.base.refs import Ref
from latticework.graph.graph import Graph
from latticework.model.model import Field

MOST_CANDIDATES = 4_000
"""Beyond so many things of a kind no near ref is sought: it takes too long."""

MOST_ASKED = 200
"""So many different refs are sought in one run, so that bad imports stay fast."""


@dataclass
class NearRefs:
    """Finds refs close to one that is not there; remembers what it was asked."""

    graph: Graph
    _known: dict[str, list[str]] = field(default_factory=dict)
    _near: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def near(self, missing: str) -> tuple[str, ...]:
        """The closest refs of the same kind, likeliest first."""
        if missing not in self._near:
            if len(self._near) >= MOST_ASKED:
                return ()
            self._near[missing] = self._found(Ref(missing))
        return self._near[missing]

    def _found(self, missing: Ref) -> tuple[str, ...]:
        # The kind is the same in all: compared with it, short slugs would look alike.
        close = near(missing.slug, self._candidates(missing.kind))
        return tuple(f"{missing.kind}/{slug}" for slug in close)

    def _candidates(self, kind: str) -> list[str]:
        """Slugs of the kind, none where there are too many to compare."""
        if kind not in self._known:
            known = self.graph.model.find_kind(kind)
            ids = self.graph.ids_of(known.name) if known else ()
            few = ids if len(ids) <= MOST_CANDIDATES else ()
            self._known[kind] = [self.graph.ref_of(int(each)).slug for each in few]
        return self._known[kind]


_FITTING = {
    "number": "a number such as 3, 2–5, 'about 4' or 'unknown'",
    "money": "an amount such as 12k, EUR 40k–60k or 'unknown'",
    "ratio": "a share such as 40%, 30–50% or 'unknown'",
    "duration": "a length such as 2 weeks, 1–3 quarters or 'unknown'",
    "day": "a day such as 2026-03-01, 2026-Q4, 2026-03..2026-05 or 'unknown'",
    "instant": "an instant such as 2026-03-01T09:30:00Z",
    "yes-no": "yes or no",
    "url": "an address such as https://example.org/plan",
}


def fitting(field: Field) -> str:
    """What a person may write as a value of this field; empty for any text."""
    if field.type == "choice":
        return "one of " + ", ".join(field.choices)
    fits = _FITTING.get(field.type, "")
    if field.low is not None and field.high is not None:
        return f"{fits}, within {field.low} and {field.high}"
    if field.low is not None:
        return f"{fits}, not below {field.low}"
    return f"{fits}, not above {field.high}" if field.high is not None else fits
