"""Facts in the order of things and time, so that any moment is a mask."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from latticework.base.times import BEGINNING, DAY_MICROSECONDS, Instant

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

KEPT = 6
"""How many moments of one timeline are remembered."""

MANY_DAYS = 100_000
"""Days between the first and the last row that are counted one by one."""

FEW = 32
"""So many rows are put in one by one."""

SHORT_TAIL = 4_096
"""Up to so many further rows are inserted; more are sorted in."""


A = TypeVar("A", np.int32, np.int64)


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands at a moment: subjects, ascending, and the row of each."""

    subjects: Ints
    rows: Ints

    def rows_of(self, ids: Ints) -> Ints:
        """The row of each id; -1 where nothing stands."""
        if not len(self.subjects) or not len(ids):
            return np.full(len(ids), -1, dtype=np.int32)
        if len(ids) * 8 > len(self.subjects):
            dense = np.full(max(int(self.subjects[-1]), int(ids.max())) + 1, -1, dtype=np.int32)
            dense[self.subjects] = self.rows
            return dense[ids]
        spots = np.searchsorted(self.subjects, ids)
        spots[spots == len(self.subjects)] = 0
        found = self.subjects[spots] == ids
        return np.where(found, self.rows[spots], np.int32(-1)).astype(np.int32)


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """Rows sorted by subject, valid instant and entry number.

    `value` is a flag, a code or an index, as the owner says. The last row of
    a subject among those visible at a moment is what stands then.
    """

    subject: Ints
    valid: Longs
    number: Ints
    value: Ints
    known_days: tuple[Longs, Longs] | None = field(default=None, repr=False, compare=False)
    _kept: OrderedDict[tuple[int, int], Standing] = field(
        default_factory=OrderedDict, repr=False, compare=False
    )

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.subject)

    @cached_property
    def last_valid(self) -> Instant:
        """The latest instant any row speaks of."""
        return int(self.valid.max()) if len(self) else BEGINNING

    @cached_property
    def by_day(self) -> tuple[Longs, Longs]:
        """Days since 1970, ascending, and how many rows hold from each; not since ever."""
        return _by_day(self.valid) if self.known_days is None else self.known_days

    @cached_property
    def last_number(self) -> int:
        """The latest entry."""
        return int(self.number.max()) if len(self) else 0

    def at(self, valid: Instant, number: int) -> Standing:
        """What stands at an instant, as entries up to `number` tell it."""
        seen = None
        if valid < self.last_valid or number < self.last_number:
            seen = (self.valid <= valid) & (self.number <= number)
            valid = int(self.valid.max(where=seen, initial=BEGINNING))
            number = int(self.number.max(where=seen, initial=0))
            if seen.all():
                seen = None
        else:
            valid, number = self.last_valid, self.last_number
        key = (valid, number)
        found = self._kept.get(key)
        if found is None:
            found = self._last(seen)
            self._kept[key] = found
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return found

    def between(self, after: Instant, upto: Instant, number: int) -> Ints:
        """Subjects with a row valid in (after, upto], ascending."""
        seen = (self.valid > after) & (self.valid <= upto) & (self.number <= number)
        return np.unique(self.subject[seen])

    def latest(self, mine: Flags, upto: Instant, number: int) -> Instant | None:
        """The last instant up to `upto` of a row whose subject is marked; or None."""
        seen = mine[self.subject] & (self.valid <= upto) & (self.number <= number)
        return int(self.valid[seen].max()) if seen.any() else None

    def last_value(self, subject: int) -> int | None:
        """The value of a subject's last row; None without any."""
        end = int(np.searchsorted(self.subject, np.int32(subject), side="right"))
        if not end or int(self.subject[end - 1]) != subject:
            return None
        return int(self.value[end - 1])

    def with_rows(self, tail: Timeline) -> Timeline:
        """The same with further rows, whose entries are later ones."""
        if not len(tail):
            return self
        if len(tail) > SHORT_TAIL or not len(self):
            return timeline(
                np.concatenate([self.subject, tail.subject]),
                np.concatenate([self.valid, tail.valid]),
                np.concatenate([self.number, tail.number]),
                np.concatenate([self.value, tail.value]),
            )
        spots = [
            self._spot(int(subject), int(valid))
            for subject, valid in zip(tail.subject, tail.valid, strict=True)
        ]
        grown = Timeline(
            subject=_inserted(self.subject, spots, tail.subject),
            valid=_inserted(self.valid, spots, tail.valid),
            number=_inserted(self.number, spots, tail.number),
            value=_inserted(self.value, spots, tail.value),
            known_days=_together(self.by_day, tail.by_day) if "by_day" in vars(self) else None,
        )
        standing = self._kept.get((self.last_valid, self.last_number))
        if standing is not None and len(spots) <= FEW:
            ends = _ends_after(standing, spots, tail.subject, grown.subject)
            grown._kept[grown.last_valid, grown.last_number] = ends
        return grown

    def _spot(self, subject: int, valid: Instant) -> int:
        first = np.searchsorted(self.subject, np.int32(subject), side="left")
        end = np.searchsorted(self.subject, np.int32(subject), side="right")
        return int(first + np.searchsorted(self.valid[first:end], valid, side="right"))

    def _last(self, seen: Flags | None) -> Standing:
        if seen is None:
            ends = _ends(self.subject)
            return Standing(self.subject[ends], ends)
        rows = np.flatnonzero(seen).astype(np.int32)
        subjects = self.subject[rows]
        ends = _ends(subjects)
        return Standing(subjects[ends], rows[ends])


def timeline(subject: Ints, valid: Longs, number: Ints, value: Ints) -> Timeline:
    """A timeline of rows that come in any order."""
    order = time_order(subject, valid, number)
    return Timeline(
        subject=subject[order].astype(np.int32, copy=False),
        valid=valid[order].astype(np.int64, copy=False),
        number=number[order].astype(np.int32, copy=False),
        value=value[order].astype(np.int32, copy=False),
    )


def time_order(subject: Ints, valid: Longs, number: Ints) -> Longs:
    """The order that sorts rows by subject, valid and entry number."""
    if not len(subject):
        return np.zeros(0, dtype=np.int64)
    by_time = None
    if not (_ascending(valid) and _ascending(number)):
        by_time = np.lexsort((number, valid))
        subject = subject[by_time]
    order = order_of(subject)
    return order if by_time is None else by_time[order]


def order_of(codes: Ints) -> Longs:
    """The order that sorts codes, equal ones as they come."""
    # One sort of packed integers is several times faster than an indirect one.
    packed = (codes.astype(np.int64) << 32) | np.arange(len(codes), dtype=np.int64)
    packed.sort()
    packed &= 0xFFFFFFFF
    return packed


EMPTY = Timeline(
    subject=np.zeros(0, dtype=np.int32),
    valid=np.zeros(0, dtype=np.int64),
    number=np.zeros(0, dtype=np.int32),
    value=np.zeros(0, dtype=np.int32),
)


def _inserted(array: npt.NDArray[A], spots: list[int], values: npt.NDArray[A]) -> npt.NDArray[A]:
    """The array with a value before each spot; spots ascend.

    Copying stretches is several times faster than `numpy.insert`.
    """
    if len(spots) > FEW:
        return np.insert(array, spots, values)
    parts: list[npt.NDArray[A]] = []
    start = 0
    for place, spot in enumerate(spots):
        parts += (array[start:spot], values[place : place + 1])
        start = spot
    return np.concatenate([*parts, array[start:]])


def _ends_after(standing: Standing, spots: list[int], added: Ints, subjects: Ints) -> Standing:
    """What stands in grown rows, of which `subjects` are all."""
    known, rows = standing.subjects, standing.rows.copy()
    for spot in spots:
        # A wider number would have all rows copied before they are searched.
        rows[np.searchsorted(standing.rows, np.int32(spot)) :] += 1
    fresh = np.unique(added)
    last = (np.searchsorted(subjects, fresh, side="right") - 1).astype(np.int32)
    places = np.searchsorted(known, fresh)
    held = (places < len(known)) & (known[np.minimum(places, len(known) - 1)] == fresh)
    rows[places[held]] = last[held]
    new = ~held
    if not new.any():
        return Standing(known, rows)
    where = places[new].tolist()
    return Standing(_inserted(known, where, fresh[new]), _inserted(rows, where, last[new]))


def _by_day(valid: Longs) -> tuple[Longs, Longs]:
    dated = valid[valid > BEGINNING]
    if not len(dated):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    days = dated // DAY_MICROSECONDS
    begun = int(days.min())
    if int(days.max()) - begun > len(days) + MANY_DAYS:
        found, counts = np.unique(days, return_counts=True)
        return found, counts.astype(np.int64)
    counts = np.bincount(days - begun)
    found = np.flatnonzero(counts)
    return found + begun, counts[found]


def _together(first: tuple[Longs, Longs], second: tuple[Longs, Longs]) -> tuple[Longs, Longs]:
    """Days and counts of both, days ascending."""
    days, spots = np.unique(np.concatenate([first[0], second[0]]), return_inverse=True)
    counts = np.zeros(len(days), dtype=np.int64)
    np.add.at(counts, spots, np.concatenate([first[1], second[1]]))
    return days, counts


def _ends(subjects: Ints) -> Ints:
    """Rows that are the last of their subject, in sorted subjects."""
    if not len(subjects):
        return np.zeros(0, dtype=np.int32)
    last = np.empty(len(subjects), dtype=np.bool_)
    np.not_equal(subjects[1:], subjects[:-1], out=last[:-1])
    last[-1] = True
    return np.flatnonzero(last).astype(np.int32)


def _ascending(values: npt.NDArray[np.int64] | npt.NDArray[np.int32]) -> bool:
    return bool((values[1:] >= values[:-1]).all())
