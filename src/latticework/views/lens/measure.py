"""What a cell of a matrix says of its things: how many, or a reading of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from latticework.base.findings import Refused, error
from latticework.model.model import Field
from latticework.model.values import Measure, format_value
from latticework.query.cells import Cells, rounded
from latticework.query.function import Tally
from latticework.query.plan import FieldRead, Listed, Tallied
from latticework.views.lens.asked import Asked

if TYPE_CHECKING:
    from latticework.query.plan import Measured as What
    from latticework.query.truth import Mask

COUNT = "count"
_NUMERIC = frozenset({"number", "money", "ratio", "duration"})
_MIXED = "mixed currencies"
_POWERS = ((1e9, "G"), (1e6, "M"), (1e3, "k"))


@dataclass(frozen=True)
class Found:
    """What a measure says of some things, and how large that is."""

    text: str
    size: float = 0.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Measured:
    """A measure made ready for a query's things; `cells` None counts them."""

    name: str
    size: int
    cells: Cells | None = None
    tally: Tally = Tally.SUM
    shares_ends: bool = False

    @cached_property
    def unit(self) -> str:
        """The one currency or unit of all values; empty where there are several or none."""
        if self.cells is None:
            return ""
        if self.cells.units is None:
            return self.cells.field.unit
        found = self.cells.units.drop_nulls().unique().to_list()
        return str(found[0]) if len(found) == 1 else ""

    @property
    def says(self) -> str:
        """What is measured, in words; nothing for a plain count."""
        if self.cells is None:
            return ""
        return f"{self.name}, {self.unit}" if self.unit else self.name

    @property
    def whole(self) -> Found:
        """The measure of all things, each once."""
        return self.over(np.ones(self.size, dtype=np.bool_))

    @property
    def note(self) -> str:
        """What a reader must know to read the numbers."""
        if self.cells is None:
            return ""
        unknown = int(np.count_nonzero(self.cells.unclear))
        parts = []
        if self.shares_ends:
            parts.append("What two things share is counted with each of them.")
        if unknown:
            verb = "is" if unknown == 1 else "are"
            parts.append(f"{unknown:,} without a known number {verb} left out.")
        return " ".join(parts)

    def over(self, mask: Mask) -> Found:
        """The measure of the things that a mask picks out."""
        if self.cells is None:
            count = int(np.count_nonzero(mask))
            return Found(f"{count:,}" if count else "", float(count))
        known = mask & self.cells.present & ~self.cells.unclear
        if not known.any():
            return Found("")
        units = (
            set()
            if self.cells.units is None
            else set(self.cells.units.filter(known).drop_nulls().unique().to_list())
        )
        if len(units) > 1:
            return Found(_MIXED)
        low = _folded(self.tally, self.cells.low[known])
        high = _folded(self.tally, self.cells.high[known])
        unit = next(iter(units), "")
        apart = unit if unit != self.unit else ""
        text = _text(self.cells.field, rounded(low), rounded(high), apart)
        middle = (low + high) / 2
        return Found(text, abs(middle) if np.isfinite(middle) else 0.0)


def measure_of(asked: Asked, words: str) -> Measured:
    """The measure that words mean; raises Refused (VIEW033) for what is no number.

    A plain field is added up.
    """
    name = words.strip() or COUNT
    size = len(asked.ids)
    if name.casefold() == COUNT:
        return Measured(name=COUNT, size=size)
    what = asked.measured(asked.operand(name))
    cells = None if isinstance(what, Listed) else asked.run.cells(what, asked.ids)
    if cells is None or cells.field.type not in _NUMERIC:
        hint = "write count, sum(field), max(field), or the name of a number field"
        raise Refused([error("VIEW033", f"'{name}' is no number", hint=hint, value=name)])
    shown = name if isinstance(what, Tallied) else f"sum({name})"
    shared = isinstance(what, Tallied) and bool(what.steps)
    return Measured(name=shown, size=size, cells=cells, tally=_tally_of(what), shares_ends=shared)


def _tally_of(what: What) -> Tally:
    """How numbers of several things become one."""
    if isinstance(what, FieldRead) or not isinstance(what, Tallied):
        return Tally.SUM
    return Tally.SUM if what.tally is Tally.COUNT else what.tally


def _folded(tally: Tally, ends: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    match tally:
        case Tally.MIN:
            return float(ends.min())
        case Tally.MAX:
            return float(ends.max())
        case Tally.AVERAGE:
            return float(ends.mean())
    return float(ends.sum())


def _text(field: Field, low: float, high: float, unit: str) -> str:
    """A reading with three digits that count; a plain one where it has no unit."""
    if not (np.isfinite(low) and np.isfinite(high)):
        return "unknown"
    if field.type in {"ratio", "duration"} or unit:
        return format_value(field, Measure(low, high, unit))
    return _short(low) if low == high else f"{_short(low)}–{_short(high)}"


def _short(value: float) -> str:
    for power, sign in _POWERS:
        if abs(value) >= power:
            return f"{float(f'{value / power:.3g}'):,g}{sign}"
    return f"{float(f'{value:.3g}'):g}"
