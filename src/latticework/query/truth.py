"""Three-valued answers for many things at once: true, possible, false."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Mask: TypeAlias = npt.NDArray[np.bool_]
Ids: TypeAlias = npt.NDArray[np.signedinteger]
Ints: TypeAlias = npt.NDArray[np.int32]
Longs: TypeAlias = npt.NDArray[np.int64]
Numbers: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Truth:
    """`sure` is true for certain; `maybe` is true or possible. sure implies maybe."""

    sure: Mask
    maybe: Mask

    @property
    def is_settled(self) -> bool:
        """Whether both are one mask, so that nothing is merely possible."""
        return self.sure is self.maybe

    def __invert__(self) -> Truth:
        """True and false change places; possible stays."""
        if self.is_settled:
            return settled(~self.sure)
        return Truth(~self.maybe, ~self.sure)

    def __and__(self, other: Truth) -> Truth:
        """As true as the less true of the two."""
        if self.is_settled and other.is_settled:
            return settled(self.sure & other.sure)
        return Truth(self.sure & other.sure, self.maybe & other.maybe)

    def __or__(self, other: Truth) -> Truth:
        """As true as the truer of the two."""
        if self.is_settled and other.is_settled:
            return settled(self.sure | other.sure)
        return Truth(self.sure | other.sure, self.maybe | other.maybe)

    def possibly(self) -> Truth:
        """Whatever may be true is true."""
        return Truth(self.maybe, self.maybe)

    def __getitem__(self, places: Ids) -> Truth:
        """The answers at these places."""
        if self.is_settled:
            return settled(self.sure.take(places))
        return Truth(self.sure.take(places), self.maybe.take(places))


def settled(mask: Mask) -> Truth:
    """True or false, never possible."""
    return Truth(mask, mask)


def never(size: int) -> Truth:
    """False for everything."""
    return settled(np.zeros(size, dtype=np.bool_))


def spread(part: Truth, places: Ids, size: int) -> Truth:
    """Answers for some places of many; false for the others."""
    sure = np.zeros(size, dtype=np.bool_)
    sure[places] = part.sure
    if part.is_settled:
        return settled(sure)
    maybe = np.zeros(size, dtype=np.bool_)
    maybe[places] = part.maybe
    return Truth(sure, maybe)


def narrow(ids: Ids) -> Ints:
    """Ids as the graph takes them."""
    return ids.astype(np.int32, copy=False)


def added(places: Ids, weights: Numbers, size: int) -> Numbers:
    """What the weights of each place add up to, for places 0 to `size` - 1."""
    if not len(places):
        return np.zeros(size)
    return np.bincount(places, weights, minlength=size).astype(np.float64, copy=False)
