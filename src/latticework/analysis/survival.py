"""How long things last, unfinished ones counted as far as they got."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

FEW = 10
"""With fewer finished things than this, quantiles say little."""


@dataclass(frozen=True, kw_only=True)
class Survival:
    """The share of things not yet finished after so long.

    `times` are the distinct times at which something finished, ascending;
    `share` holds from each time on, `low` and `high` bound it at 95 %.
    `at_risk` counts the things still followed, `events` those that finished.
    `finished` and `unfinished` count all things.
    """

    times: Numbers
    share: Numbers
    low: Numbers
    high: Numbers
    at_risk: npt.NDArray[np.int64]
    events: npt.NDArray[np.int64]
    finished: int
    unfinished: int

    def left_after(self, time: float) -> float:
        """The share not yet finished after `time`."""
        spot = int(np.searchsorted(self.times, time, side="right"))
        return float(self.share[spot - 1]) if spot else 1.0

    def left_after_all(self, times: Numbers) -> Numbers:
        """The same for many times at once."""
        spots = np.searchsorted(self.times, times, side="right")
        return np.asarray(np.append(1.0, self.share)[spots])

    def quantile(self, done: float) -> float | None:
        """The time after which a share has finished; None if not known."""
        # A product of many factors may miss the very value by a rounding.
        reached = np.flatnonzero(self.share <= 1 - done + 1e-12)
        return float(self.times[reached[0]]) if len(reached) else None

    @property
    def is_few(self) -> bool:
        """Whether too few things finished to say much."""
        return self.finished < FEW


def kaplan_meier(durations: Numbers, is_finished: Flags) -> Survival:
    """The product-limit estimate of how long things take.

    A thing that is not finished counts as at risk up to its own age: leaving
    it out would make everything look faster than it is. At a tie, what
    finished is taken before what was lost from sight. Bounds are Greenwood's,
    on the log-minus-log scale, so that they stay between 0 and 1.

    E. L. Kaplan and P. Meier, "Nonparametric estimation from incomplete
    observations", Journal of the American Statistical Association 53 (1958),
    457-481. The remission times of E. J. Freireich et al., Blood 21 (1963),
    699-716, are its best known example.
    """
    known = ~np.isnan(durations)
    durations, is_finished = durations[known], is_finished[known]
    times, places = np.unique(durations[is_finished], return_inverse=True)
    events = np.bincount(places, minlength=len(times)).astype(np.int64)
    ordered = np.sort(durations)
    at_risk = (len(ordered) - np.searchsorted(ordered, times, side="left")).astype(np.int64)
    share: Numbers = np.cumprod(1 - events / at_risk).astype(np.float64)
    low, high = _bounds(share, events, at_risk)
    return Survival(
        times=times,
        share=share,
        low=low,
        high=high,
        at_risk=at_risk,
        events=events,
        finished=int(is_finished.sum()),
        unfinished=int((~is_finished).sum()),
    )


def _bounds(
    share: Numbers, events: npt.NDArray[np.int64], at_risk: npt.NDArray[np.int64]
) -> tuple[Numbers, Numbers]:
    """Greenwood's bounds at 95 %; open where everything has finished."""
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.sqrt(np.cumsum(events / (at_risk * (at_risk - events))))
        scale = 1.959963984540054 * spread / np.log(share)
        low, high = share ** np.exp(-scale), share ** np.exp(scale)
    low, high = np.fmin(low, high), np.fmax(low, high)
    over = ~np.isfinite(low) | ~np.isfinite(high) | (share <= 0)
    return np.where(over, 0.0, low), np.where(over, np.where(share > 0, 1.0, 0.0), high)
