"""Value curves: what should show by a day, as a band, and what was seen.

Six shapes: slow, fast, flat (sigmoid); at once, then fading (decay); steady
(linear); one jump (step); worse before it gets better (J); a long wait, then a
jump (delayed step). Every parameter is a range, and stays one: the band holds
every curve that the ranges allow, and no more.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Range = tuple[float, float]

STEEPNESS = 10.0
"""How sharply a sigmoid turns upward: a fifth of it shows after a third of the time."""

_FIRST, _HALF = 0.1, 0.5


class Shape(enum.StrEnum):
    """How value comes over time."""

    SIGMOID = "sigmoid"
    DECAY = "decay"
    LINEAR = "linear"
    STEP = "step"
    J = "J"
    DELAYED_STEP = "delayed step"


class Position(enum.StrEnum):
    """Where a reading lies on a curve."""

    TOO_EARLY = "too early"
    ON = "on curve"
    BELOW_PLAUSIBLE = "below, still plausible"
    BELOW = "below"
    ABOVE_PLAUSIBLE = "above, as was possible"
    ABOVE = "above"


@dataclass(frozen=True, kw_only=True)
class Course:
    """A curve as somebody expects it.

    `begins` is in days, like the days it is asked for; `waits` and `takes` are
    lengths in days; `gain` and `dip` are amounts. Each is a low and a high.
    `takes` counts from the end of the wait until all of it shows; of a decay,
    until half of it is gone.
    """

    shape: Shape
    begins: Range
    takes: Range
    gain: Range
    waits: Range = (0.0, 0.0)
    dip: Range = (0.0, 0.0)

    @property
    def at_middle(self) -> Course:
        """The same with every time at the middle of its range."""
        begins, waits, takes = (_middle(each) for each in (self.begins, self.waits, self.takes))
        return Course(
            shape=self.shape,
            begins=begins,
            waits=waits,
            takes=takes,
            gain=self.gain,
            dip=self.dip,
        )

    def band(self, days: Numbers) -> tuple[Numbers, Numbers]:
        """The least and the most that should show on each day."""
        low, high = _product(self.gain, self._rise(days))
        if self.shape is not Shape.J:
            return low, high
        # Not begun, sinking, rising: whichever of them the ranges allow on a day.
        sunk_low, sunk_high = _product(self.dip, self._sink(days))
        since = self._elapsed(days)
        may_wait, may_sink = since[0] <= 0, (since[1] > 0) & (since[0] < self.waits[1])
        may_rise = self._phase(days)[1] >= 0
        least = [
            np.where(may, each, np.inf)
            for may, each in ((may_wait, 0.0), (may_sink, -sunk_high), (may_rise, low))
        ]
        most = [
            np.where(may, each, -np.inf)
            for may, each in ((may_wait, 0.0), (may_sink, -sunk_low), (may_rise, high))
        ]
        return np.minimum.reduce(least), np.maximum.reduce(most)

    def _elapsed(self, days: Numbers) -> tuple[Numbers, Numbers]:
        return days - self.begins[1], days - self.begins[0]

    def _phase(self, days: Numbers) -> tuple[Numbers, Numbers]:
        """How far it is from the end of the wait, as a share of what it takes."""
        low, high = self._elapsed(days)
        low, high = low - self.waits[1], high - self.waits[0]
        short, long = (max(each, 1e-9) for each in self.takes)
        return (
            np.where(low < 0, low / short, low / long),
            np.where(high < 0, high / long, high / short),
        )

    def _rise(self, days: Numbers) -> tuple[Numbers, Numbers]:
        """The least and the most of the gain's share that shows."""
        low, high = self._phase(days)
        match self.shape:
            case Shape.LINEAR:
                return np.clip(low, 0, 1), np.clip(high, 0, 1)
            case Shape.STEP | Shape.DELAYED_STEP:
                return (low >= 1).astype(np.float64), (high >= 1).astype(np.float64)
            case Shape.DECAY:
                # Before it began nothing shows; from then on the most is at the start.
                least = np.where(low < 0, 0.0, np.exp2(-np.maximum(high, 0)))
                most = np.where(high < 0, 0.0, np.exp2(-np.maximum(low, 0)))
                return least, most
        return _sigmoid(low), _sigmoid(high)

    def _sink(self, days: Numbers) -> tuple[Numbers, Numbers]:
        """The least and the most of the dip's share, while it lasts."""
        low, high = self._elapsed(days)
        short, long = (max(each, 1e-9) for each in self.waits)
        first = np.where(low < 0, low / short, low / long)
        last = np.where(high < 0, high / long, high / short)
        first, last = np.clip(first, 0, 1), np.clip(last, 0, 1)
        ends = np.sin(np.pi * first), np.sin(np.pi * last)
        over_top = (first < 0.5) & (last > 0.5)
        most = np.where(over_top, 1.0, np.maximum(*ends))
        return np.minimum(*ends).clip(0), most

    # Days worth a look ---------------------------------------------------------------

    def marks(self) -> Iterator[tuple[str, Range]]:
        """Days on which to look again, each as the earliest and the latest."""
        if self.shape is Shape.J and self.waits[1] > 0:
            yield "worst of the dip", self._day_of_wait(_HALF)
            yield "dip over", self._day_of_wait(1.0)
        elif self.waits[1] > 0:
            yield "wait over", self._day_of_wait(1.0)
        match self.shape:
            case Shape.STEP | Shape.DELAYED_STEP:
                yield "the jump", self._day_at(1.0)
            case Shape.DECAY:
                yield "first sign", self._day_at(0.0)
                yield "half is gone", self._day_at(1.0)
            case _:
                yield "first sign", self._day_at(self._time_of(_FIRST))
                yield "half of it", self._day_at(self._time_of(_HALF))
                yield "all of it", self._day_at(1.0)

    @property
    def first_sign(self) -> Range:
        """When something may first show, and when it should at the latest."""
        return self._day_at(self._time_of(_FIRST))

    @property
    def stop_point(self) -> float:
        """The day by which even the slowest curve shows half, or has jumped."""
        return self._day_at(self._time_of(_HALF))[1]

    def _time_of(self, share: float) -> float:
        """After which part of what it takes a share of the gain shows."""
        match self.shape:
            case Shape.STEP | Shape.DELAYED_STEP:
                return 1.0
            case Shape.DECAY:
                return 0.0
            case Shape.LINEAR:
                return share
        return _sigmoid_time(share)

    def _day_at(self, part: float) -> Range:
        low = self.begins[0] + self.waits[0] + part * self.takes[0]
        return low, self.begins[1] + self.waits[1] + part * self.takes[1]

    def _day_of_wait(self, part: float) -> Range:
        return self.begins[0] + part * self.waits[0], self.begins[1] + part * self.waits[1]

    # Readings ------------------------------------------------------------------------

    def position(self, day: float, reading: Range) -> Position:
        """Where a reading lies; what may not have begun is not called late.

        On the curve is what meets the band of the middle times; what lies off
        it, and yet within all that the ranges allow, is still plausible.
        """
        days = np.array([day])
        (low,), (high,) = self.band(days)
        (least,), (most,) = self.at_middle.band(days)
        slack = 1e-9 * max(abs(low), abs(high), 1.0)
        wins = self.gain[0] + self.gain[1] >= 0
        worse, better = (reading[1] < low - slack, reading[0] > high + slack)
        if not wins:
            worse, better = better, worse
        if better:
            return Position.ABOVE
        # A dip is there to be seen; elsewhere nothing is, before the first sign.
        unseen = self.shape is not Shape.J and day < self.first_sign[0]
        if unseen or (worse and day < self._last_patience):
            return Position.TOO_EARLY
        if worse:
            return Position.BELOW
        if reading[1] >= least - slack and reading[0] <= most + slack:
            return Position.ON
        under = reading[1] < least if wins else reading[0] > most
        return Position.BELOW_PLAUSIBLE if under else Position.ABOVE_PLAUSIBLE

    @property
    def _last_patience(self) -> float:
        """Until when a dip or a wait may last: nothing before it is late."""
        if self.shape in (Shape.J, Shape.DELAYED_STEP):
            return self._day_of_wait(1.0)[1]
        return -math.inf


def _middle(between: Range) -> Range:
    middle = (between[0] + between[1]) / 2
    return middle, middle


def _product(amount: Range, share: tuple[Numbers, Numbers]) -> tuple[Numbers, Numbers]:
    """The least and the most of an amount in a range times a share in a range."""
    corners = [each * part for each in amount for part in share]
    return np.minimum.reduce(corners), np.maximum.reduce(corners)


def _sigmoid(time: Numbers) -> Numbers:
    """An S from 0 to 1 as time goes from 0 to 1, and flat outside."""
    bottom = 1 / (1 + math.exp(STEEPNESS / 2))
    raw = 1 / (1 + np.exp(-STEEPNESS * (np.clip(time, 0, 1) - 0.5)))
    return np.asarray((raw - bottom) / (1 - 2 * bottom))


def _sigmoid_time(share: float) -> float:
    """When the S has reached a share."""
    bottom = 1 / (1 + math.exp(STEEPNESS / 2))
    raw = bottom + share * (1 - 2 * bottom)
    return 0.5 - math.log(1 / raw - 1) / STEEPNESS
