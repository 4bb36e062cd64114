"""Journeys: when each thing began and ended, and what is unsure of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from latticework.analysis.flow.spells import UNREAD, Flags, Numbers, Spells
from latticework.base.times import DAY_MICROSECONDS, Instant
from latticework.graph.timeline import Ints, Longs

WAITING = ("proposed",)
UNDER_WAY = ("active",)
DONE = ("done",)
DROPPED = ("dropped",)

NEVER = np.iinfo(np.int64).max
"""The instant of what has not happened."""


@dataclass(frozen=True, kw_only=True)
class Journeys:
    """What became of each thing; NEVER stands for what has not happened.

    `begun` is when it was first under way, `finished` and `dropped` the start
    of where it stands for good. `under_way` marks those under way at `until`.
    Doubts: `early` began before the journal knew of its kind, `midway` was
    first recorded under way, `skipped` finished without having been under way,
    `reopened` came back from done or dropped, `ready_made` was first recorded
    finished, `retired` left by being retired, `unread` spent time in a word
    that the model does not know.
    """

    ids: Ints
    until: Instant
    begun: Longs
    finished: Longs
    dropped: Longs
    under_way: Flags
    waiting: Flags
    early: Flags
    midway: Flags
    skipped: Flags
    reopened: Flags
    ready_made: Flags
    retired: Flags
    unread: Flags

    def __len__(self) -> int:
        """How many things there are."""
        return len(self.ids)

    @property
    def cycle_days(self) -> Numbers:
        """Days from begun to finished; nan where one is unknown."""
        known = self.is_timed & (self.finished < NEVER)
        days = np.full(len(self), np.nan)
        days[known] = (self.finished[known] - self.begun[known]) / DAY_MICROSECONDS
        return days

    @property
    def is_timed(self) -> Flags:
        """Things of which it is known when they began."""
        return (self.begun < NEVER) & ~self.early

    @property
    def age_days(self) -> Numbers:
        """Days since things under way began; nan for others."""
        days = np.full(len(self), np.nan)
        known = self.under_way & self.is_timed
        days[known] = (self.until - self.begun[known]) / DAY_MICROSECONDS
        return days


def journeys_of(spells: Spells) -> Journeys:
    """What became of each thing, from its spells."""
    count = len(spells.ids)
    active, done = spells.in_categories(*UNDER_WAY), spells.in_categories(*DONE)
    dropped = spells.in_categories(*DROPPED)
    closed = done | dropped
    last = np.full(count, -1, dtype=np.int64)
    last[spells.thing[spells.is_last]] = np.flatnonzero(spells.is_last)
    first = np.full(count, -1, dtype=np.int64)
    first[spells.thing[spells.is_first]] = np.flatnonzero(spells.is_first)
    begun = _first_start(spells, active)
    retired = spells.gone < spells.until
    finished = _standing_since(spells, done, last)
    ended = _standing_since(spells, dropped, last)
    open_until_retired = retired & (finished == NEVER) & (ended == NEVER) & (last >= 0)
    ended = np.where(open_until_retired, spells.gone, ended)
    first_active = _at(active, first)
    at_first = np.where(first >= 0, spells.start[first] if len(spells) else 0, NEVER)
    early = first_active & (at_first <= spells.began + DAY_MICROSECONDS)
    ready_made = _at(done, first)
    return Journeys(
        ids=spells.ids,
        until=spells.until,
        begun=begun,
        finished=finished,
        dropped=ended,
        under_way=_at(active, last) & ~retired,
        waiting=_at(spells.in_categories(*WAITING), last) & ~retired,
        early=early,
        midway=first_active & ~early,
        skipped=(finished < NEVER) & (begun == NEVER) & ~ready_made,
        reopened=_any_of(spells, _came_back(spells, closed), count),
        ready_made=ready_made,
        retired=open_until_retired,
        unread=_any_of(spells, spells.in_categories(UNREAD), count),
    )


def _first_start(spells: Spells, among: Flags) -> Longs:
    """When each thing's first marked spell began; NEVER without one."""
    found = np.full(len(spells.ids), NEVER, dtype=np.int64)
    np.minimum.at(found, spells.thing[among], spells.start[among])
    return found


def _standing_since(spells: Spells, among: Flags, last: Longs) -> Longs:
    """Since when each thing has stood in marked spells, where its last is one."""
    entered = among & ~np.append(False, among[:-1] & ~spells.is_first[1:]) if len(spells) else among
    found = np.full(len(spells.ids), -1, dtype=np.int64)
    # Spells lie in the order of time, so that the last one written stays.
    found[spells.thing[entered]] = spells.start[entered]
    return np.where(_at(among, last) & (found != -1), found, NEVER)


def _came_back(spells: Spells, closed: Flags) -> Flags:
    """Spells that are open again after a closed one of the same thing."""
    if not len(spells):
        return closed
    before = np.append(False, closed[:-1]) & ~spells.is_first
    read = spells.in_categories(*WAITING, *UNDER_WAY)
    return np.asarray(before & read)


def _at(flags: Flags, places: Longs) -> Flags:
    """The flag at each place; none at -1."""
    if not len(flags):
        return np.zeros(len(places), dtype=np.bool_)
    return np.asarray((places >= 0) & flags[places])


def _any_of(spells: Spells, marked: Flags, count: int) -> Flags:
    found = np.zeros(count, dtype=np.bool_)
    found[spells.thing[marked]] = True
    return found
