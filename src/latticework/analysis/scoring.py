"""How good forecasts were, once it is known what came."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

FEW = 20
"""With fewer known outcomes than this, a score says little."""

FEW_IN_BIN = 5

BINS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)

_Z = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Brier:
    """Scores of chances: 0 is perfect, 0.25 is saying 50 % always.

    `low` and `high` bound the score over the ranges that were said; `middle`
    is that of their middles. `base` is what saying the share that came, of
    everything alike, would have scored.
    """

    low: float
    middle: float
    high: float
    base: float
    count: int

    @property
    def is_few(self) -> bool:
        """Whether there are too few outcomes to say much."""
        return self.count < FEW


@dataclass(frozen=True, slots=True)
class Bin:
    """Forecasts that said about the same, and how many of them came true.

    `least` and `most` are Wilson's bounds at 95 % of the share that comes.
    """

    low: float
    high: float
    count: int
    said: float
    came: float
    least: float
    most: float

    @property
    def is_few(self) -> bool:
        """Whether there are too few to compare."""
        return self.count < FEW_IN_BIN

    @property
    def agrees(self) -> bool:
        """Whether what was said lies within what came, chance allowed for."""
        return self.least <= self.said <= self.most


@dataclass(frozen=True, slots=True)
class Coverage:
    """Ranges and what came: inside, below and above."""

    inside: int
    below: int
    above: int

    @property
    def count(self) -> int:
        """How many ranges have an outcome."""
        return self.inside + self.below + self.above

    @property
    def share(self) -> float | None:
        """The share inside; None without any."""
        return self.inside / self.count if self.count else None


def brier(low: Numbers, high: Numbers, came: Numbers) -> Brier | None:
    """The mean squared distance of chances from what came; None without any.

    `came` is 1 for what came true, 0 for what did not, and may lie between for
    what came true in part.

    G. W. Brier, "Verification of forecasts expressed in terms of probability",
    Monthly Weather Review 78 (1950), 1-3; here in the usual form for one event,
    half of Brier's sum over the event and its opposite.
    """
    if not len(came):
        return None
    near = np.where(came < low, low - came, np.where(came > high, came - high, 0.0))
    far = np.maximum(np.abs(low - came), np.abs(high - came))
    middle = (low + high) / 2
    return Brier(
        low=float(np.mean(near**2)),
        middle=float(np.mean((middle - came) ** 2)),
        high=float(np.mean(far**2)),
        base=float(np.mean((came.mean() - came) ** 2)),
        count=len(came),
    )


def calibration(chances: Numbers, came: Numbers) -> tuple[Bin, ...]:
    """Chances in five bins, each beside the share of it that came."""
    spots = bin_of(chances)
    found = []
    for place in range(len(BINS) - 1):
        mine = spots == place
        count = int(mine.sum())
        if count:
            share = float(came[mine].mean())
            least, most = wilson(share, count)
            said = float(chances[mine].mean())
            found.append(Bin(BINS[place], BINS[place + 1], count, said, share, least, most))
    return tuple(found)


def wilson(share: float, count: int) -> tuple[float, float]:
    """Bounds at 95 % of a share seen in so many cases.

    E. B. Wilson, "Probable inference, the law of succession, and statistical
    inference", Journal of the American Statistical Association 22 (1927),
    209-212.
    """
    scale = 1 + _Z**2 / count
    middle = (share + _Z**2 / (2 * count)) / scale
    reach = _Z / scale * sqrt(share * (1 - share) / count + _Z**2 / (4 * count**2))
    return max(middle - reach, 0.0), min(middle + reach, 1.0)


def coverage(low: Numbers, high: Numbers, came: Numbers, came_high: Numbers) -> Coverage:
    """How many outcomes, ranges themselves, meet the ranges that were said."""
    side = side_of(low, high, came, came_high)
    return Coverage(
        inside=int((side == 0).sum()), below=int((side < 0).sum()), above=int((side > 0).sum())
    )


def side_of(low: Numbers, high: Numbers, came: Numbers, came_high: Numbers) -> Numbers:
    """Where each outcome lies: 0 where it meets the range that was said, -1 below, 1 above."""
    return np.where(came_high < low, -1.0, np.where(came > high, 1.0, 0.0))


def bin_of(chances: Numbers) -> npt.NDArray[np.intp]:
    """The bin in which each chance is counted."""
    return np.clip(np.searchsorted(BINS, chances, side="right") - 1, 0, len(BINS) - 2)
