"""Source: icalendar."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from latticework.base.findings import Finding, Place, notice, warning
from latticework.sources.occurrences import Found, Repeat, Rule, every, find_turns
from latticework.sources.shaping import keep, listed
from latticework.sources.source import source
from latticework.sources.tree import Fields, Items, Read, Said, unreadable

if TYPE_CHECKING:
    from icalendar import Component

HORIZON = timedelta(days=366)
"""How far behind the newest day of a calendar that repeats without end is read."""

MOST_RARE = 5
"""Rules that are sought far and wide; further events with such are read once."""

_MISSING = date.min
_BEGINS = re.compile(r"^BEGIN:VEVENT[ \t]*\r?$", re.M | re.I)
_ROOMS = frozenset({"ROOM", "RESOURCE"})
_TEXTS = {"title": "SUMMARY", "about": "DESCRIPTION", "place": "LOCATION", "url": "URL"}
_TIMES = {"created": "CREATED", "updated": "LAST-MODIFIED"}
_NEWEST = ("DTSTAMP", "LAST-MODIFIED", "CREATED")
_BROKEN = (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError)


def _fits(text: str) -> bool:
    return text.lstrip().upper().startswith("BEGIN:VCALENDAR")


@source(reads=(".ics", ".ical"), fits=_fits)
def icalendar(text: str) -> Read:
    """A calendar: its events, those that repeat with each of their turns.

    `events` have `id`, `title`, `about`, `place`, `url`, `status` (confirmed,
    tentative, cancelled), `categories`, `organiser` and `people` (each with
    `name`, `mail`, `answer`, `role`), `rooms`, `begins`, `ends`, `day`,
    `minutes`, `zone`, `all day`, `repeats` (the rule), `every` (a duration),
    and `turns`: `id`, `day`, `begins`, `ends`, `title`, `place`, `status`,
    `people`, and `moved from` for one that was moved. Turns left out are none.
    What repeats without end is read up to a year behind the newest day that
    the calendar names, so that it says the same whenever it is read.
    """
    from icalendar import Calendar

    try:
        calendars = Calendar.from_ical(text.encode(), multiple=True)
        events = [
            (each, str(calendar.get("X-WR-TIMEZONE", "")))
            for calendar in calendars
            for each in calendar.walk("VEVENT")
        ]
    except _BROKEN as problem:
        hint = "export the calendar again, or leave the file out with 'skip:'"
        says = f"this is no calendar: {' '.join(str(problem).split())[:200]}"
        raise unreadable("SOURCE003", says, hint=hint) from None
    lines = [text.count("\n", 0, found.start()) + 1 for found in _BEGINS.finditer(text)]
    reading = _Reading(_horizon(event for event, _ in events))
    for at, (event, zone) in enumerate(events):
        reading.take(event, zone, lines[at] if at < len(lines) else 1)
    return reading.read()


@dataclass(frozen=True, kw_only=True)
class _Told:
    """An event as the file has it, with its line and its times.

    `first` is when it begins, local; `length` how long it takes.
    """

    event: Component
    line: int
    zone: str
    begins: date
    length: timedelta

    @property
    def is_day(self) -> bool:
        """Whether it lasts whole days."""
        return not isinstance(self.begins, datetime)

    @property
    def tz(self) -> tzinfo | None:
        """The zone in which it begins."""
        return self.begins.tzinfo if isinstance(self.begins, datetime) else None

    def said(self, text: object) -> Said | None:
        """A text at the event's line; None for an empty one."""
        shown = str(text).strip() if text is not None else ""
        return Said(shown, self.line) if shown else None

    def local(self, value: date) -> datetime:
        """A day or an instant as local time of the event."""
        if not isinstance(value, datetime):
            return datetime(value.year, value.month, value.day)  # noqa: DTZ001  local time
        if value.tzinfo is not None and self.tz is not None:
            value = value.astimezone(self.tz)
        return value.replace(tzinfo=None)


class _Reading:
    """Reads the events of a file, those that belong together as one; used once."""

    def __init__(self, horizon: datetime) -> None:
        """Nothing is read yet."""
        self._horizon = horizon
        self._masters: dict[str, _Told] = {}
        self._others: dict[str, list[_Told]] = {}
        self._findings: list[Finding] = []
        self._endless: list[int] = []
        self._rare = 0

    def take(self, event: Component, zone: str, line: int) -> None:
        """Note an event, or one turn of an event that differs from the others."""
        told = self._told(event, zone, line)
        if told is None:
            return
        for name, problem in event.errors:
            says = f"{name or 'a line'} of an event cannot be read: {problem}"
            hint = "mend it in the calendar"
            self._findings.append(warning("SOURCE103", says, hint=hint, place=Place(line=line)))
        uid = str(event.get("UID", "")).strip() or f"{event.get('SUMMARY', '')} {told.begins}"
        if event.get("RECURRENCE-ID") is None and uid not in self._masters:
            self._masters[uid] = told
        else:
            self._others.setdefault(uid, []).append(told)

    def _told(self, event: Component, zone: str, line: int) -> _Told | None:
        try:
            begins = _in_zone(_day_of(event, "DTSTART") or _MISSING, zone)
            length = _length(event, begins, zone)
            told = _Told(event=event, line=line, zone=zone, begins=begins, length=length)
            _ending(told, told.local(begins))
        except _BROKEN:
            told = None
        if told is None or begins == _MISSING or told.length < timedelta():
            says = "an event does not say when it begins, or how long it takes"
            hint = "mend DTSTART, DTEND or DURATION in the calendar"
            self._findings.append(warning("SOURCE101", says, hint=hint, place=Place(line=line)))
            return None
        return told

    def read(self) -> Read:
        """All events, in the order of the file."""
        uids = dict.fromkeys([*self._masters, *self._others])
        items = Items(1, 1)
        items.extend(self._event(uid) for uid in uids)
        if self._endless:
            count = len(self._endless)
            what = "an event repeats" if count == 1 else f"{count:,} events repeat"
            says = f"{what} without end; read are turns until {self._horizon.date()}"
            hint = "nothing to do: a newer export goes further"
            place = Place(line=self._endless[0])
            self._findings.append(notice("SOURCE100", says, hint=hint, place=place))
        out = Fields(1, 1)
        out["events"] = items
        return Read(out, tuple(self._findings))

    def _event(self, uid: str) -> Fields:
        """An event with its turns."""
        others = self._others.get(uid, [])
        told = self._masters.get(uid) or others[0]
        rules = _listed(told.event, "RRULE") if uid in self._masters else []
        out = _common(told)
        out["id"] = Said(uid, told.line)
        for name, key in _TIMES.items():
            keep(out, name, told.said(_time_of(told.event, key)))
        keep(out, "zone", told.said(_zone_of(told)))
        if told.is_day:
            out["all day"] = Said("yes", told.line)
        else:
            out["minutes"] = Said(str(int(told.length.total_seconds() // 60)), told.line)
        texts = [_rule_text(each) for each in rules]
        keep(out, "repeats", told.said("; ".join(texts)))
        keep(out, "every", told.said(every(texts[0])) if texts else None)
        keep(out, "turns", listed(self._turns(told, others, uid in self._masters), told.line))
        return out

    def _turns(self, told: _Told, others: list[_Told], whole: bool) -> Iterator[Fields]:
        """Every turn, those that differ as they say themselves."""
        moved = {}
        for other in others:
            value = _day_of(other.event, "RECURRENCE-ID")
            original = told.local(_in_zone(value, told.zone)) if value is not None else None
            moved[original or other.local(other.begins)] = other
        begins = self._begins(told) if whole else ()
        for begin in sorted({*begins, *moved}):
            instead = moved.get(begin)
            if instead is None:
                turn = _common(told, begin)
            else:
                turn = _common(instead)
                if told.local(instead.begins) != begin:
                    turn["moved from"] = Said(_shown(told, begin), instead.line)
            turn["id"] = Said(_name(told, begin), turn.line)
            yield turn

    def _begins(self, told: _Told) -> tuple[datetime, ...]:
        """When an event takes place, with findings where that is not all."""
        repeat = self._repeat(told)
        if self._rare >= MOST_RARE and repeat.rules:
            self._tell_unread(told, "there are too many rules that hardly ever come true")
            return (repeat.first,)
        found = find_turns(repeat, self._horizon)
        self._rare += found.is_rare
        self._tell(told, repeat, found)
        return found.begins

    def _repeat(self, told: _Told) -> Repeat:
        """When an event begins again, in its own local time."""
        event, rules = told.event, []
        for each in _listed(event, "RRULE"):
            until = next(iter(each.get("UNTIL", [])), None)
            end = told.local(until) if isinstance(until, date) else None
            if end is not None and not isinstance(until, datetime):
                end += timedelta(days=1, microseconds=-1)
            rules.append(Rule(text=_rule_text(each, whole=False), until=end))
        more, out, days = [], set(), set()
        for value in _dates(event, "RDATE"):
            more.append(told.local(value))
        for value in _dates(event, "EXDATE"):
            if isinstance(value, datetime) or told.is_day:
                out.add(told.local(_in_zone(value, told.zone)))
            else:
                days.add(value)
        return Repeat(
            first=told.local(told.begins),
            rules=tuple(rules),
            more=tuple(more),
            out=frozenset(out),
            out_days=frozenset(days),
        )

    def _tell(self, told: _Told, repeat: Repeat, found: Found) -> None:
        if any(rule.is_endless for rule in repeat.rules):
            self._endless.append(told.line)
        for rule in found.unread:
            self._tell_unread(told, f"'{rule[:80]}' is no rule that can be followed")
        if found.is_cut:
            self._tell_unread(told, f"only its first {len(found.begins):,} turns are")

    def _tell_unread(self, told: _Told, why: str) -> None:
        title = str(told.event.get("SUMMARY", "an event"))
        says = f"not every turn of '{title}' is read: {why}"
        hint = "mend its rule in the calendar, or end it"
        self._findings.append(warning("SOURCE102", says, hint=hint, place=Place(line=told.line)))


# ---- what an event and a turn share


def _common(told: _Told, begin: datetime | None = None) -> Fields:
    """What an event says of itself, as it begins first or at another time."""
    out = Fields(told.line, 1)
    event = told.event
    for name, key in _TEXTS.items():
        keep(out, name, told.said(event.get(key)))
    out["status"] = Said(str(event.get("STATUS", "confirmed")).casefold(), told.line)
    at = begin or told.local(told.begins)
    out["day"] = Said(at.date().isoformat(), told.line)
    out["begins"] = Said(_shown(told, at), told.line)
    out["ends"] = Said(_ending(told, at), told.line)
    categories = (str(each) for value in _listed(event, "CATEGORIES") for each in value.cats)
    said = (Said(each.strip(), told.line) for each in categories if each.strip())
    keep(out, "categories", listed(said, told.line))
    organiser = next(iter(_listed(event, "ORGANIZER")), None)
    keep(out, "organiser", _person(organiser, told) if organiser is not None else None)
    people, rooms = Items(told.line), Items(told.line)
    for each in _listed(event, "ATTENDEE"):
        is_room = str(each.params.get("CUTYPE", "")).upper() in _ROOMS
        (rooms if is_room else people).append(_person(each, told))
    keep(out, "people", people)
    keep(out, "rooms", rooms)
    return out


def _person(address: object, told: _Told) -> Fields:
    """Somebody who takes part: a name, a mail address, an answer and a role."""
    params: Mapping[str, object] = getattr(address, "params", {})
    mail = re.sub(r"^mailto:", "", str(address).strip(), flags=re.I).casefold()
    out = Fields(told.line, 1)
    keep(out, "name", told.said(params.get("CN") or mail.partition("@")[0]))
    keep(out, "mail", told.said(mail))
    keep(out, "answer", told.said(str(params.get("PARTSTAT", "")).casefold()))
    keep(out, "role", told.said(str(params.get("ROLE", "")).casefold()))
    return out


# ---- times


def _horizon(events: Iterator[Component]) -> datetime:
    """A year behind the newest day that a calendar names."""
    days: list[datetime] = []
    for event in events:
        known = [_day_of(event, key) for key in _NEWEST]
        if event.get("RRULE") is None or not any(known):
            known.append(_day_of(event, "DTSTART"))
        for day in known:
            if day is not None:
                days.append(datetime(day.year, day.month, day.day))  # noqa: DTZ001  a day
    newest = max(days, default=datetime(1970, 1, 1))  # noqa: DTZ001  a day
    return newest + HORIZON if newest.year < 9900 else newest


def _in_zone(value: date, zone: str) -> date:
    """An instant without a zone in the calendar's own, where it names one that is known."""
    if not isinstance(value, datetime) or value.tzinfo is not None or not zone:
        return value
    try:
        return value.replace(tzinfo=ZoneInfo(zone))
    except (ValueError, OSError, KeyError):
        return value


def _length(event: Component, begins: date, zone: str) -> timedelta:
    """How long an event takes; without a word of it a day, or no time at all."""
    ends = _day_of(event, "DTEND")
    if ends is not None:
        return _between(begins, _in_zone(ends, zone))
    duration = getattr(event.get("DURATION"), "dt", None)
    if isinstance(duration, timedelta):
        return duration
    return timedelta() if isinstance(begins, datetime) else timedelta(days=1)


def _between(begins: date, ends: date) -> timedelta:
    if isinstance(begins, datetime) and isinstance(ends, datetime):
        if (begins.tzinfo is None) != (ends.tzinfo is None):
            return ends.replace(tzinfo=None) - begins.replace(tzinfo=None)
        return ends - begins
    return date(ends.year, ends.month, ends.day) - date(begins.year, begins.month, begins.day)


def _shown(told: _Told, begin: datetime) -> str:
    """A beginning: a day, or an instant with its zone's offset."""
    return begin.date().isoformat() if told.is_day else begin.replace(tzinfo=told.tz).isoformat()


def _ending(told: _Told, begin: datetime) -> str:
    """An end: for whole days the last one."""
    if told.is_day:
        return (begin + max(told.length - timedelta(days=1), timedelta())).date().isoformat()
    if told.tz is None:
        return (begin + told.length).isoformat()
    # What takes an hour takes an hour, also when clocks change meanwhile.
    instant = begin.replace(tzinfo=told.tz).astimezone(UTC) + told.length
    return instant.astimezone(told.tz).isoformat()


def _name(told: _Told, begin: datetime) -> str:
    """What tells one turn of an event from the others, wherever it is moved."""
    return begin.date().isoformat() if told.is_day else begin.isoformat(timespec="minutes")


def _time_of(event: Component, key: str) -> str:
    found = _day_of(event, key)
    return found.isoformat() if found is not None else ""


def _zone_of(told: _Told) -> str:
    params: Mapping[str, object] = getattr(told.event.get("DTSTART"), "params", {})
    return str(params.get("TZID") or ("" if told.is_day else told.tz or told.zone))


# ---- properties


def _day_of(event: Component, key: str) -> date | None:
    """The day or the instant that a property names; the first one of several."""
    found = getattr(next(iter(_listed(event, key)), None), "dt", None)
    return found if isinstance(found, date) else None


def _listed(event: Component, key: str) -> list[Any]:
    """The values of a property that may stand several times."""
    from icalendar import vBroken

    found = event.get(key)
    every = found if isinstance(found, list) else [found] if found is not None else []
    return [each for each in every if not isinstance(each, vBroken)]


def _dates(event: Component, key: str) -> Iterator[date]:
    """Days and instants of a list of them; of a stretch its beginning."""
    for each in _listed(event, key):
        for value in getattr(each, "dts", ()):
            found = value.dt[0] if isinstance(value.dt, tuple) else value.dt
            if isinstance(found, date):
                yield found


def _rule_text(rule: Any, *, whole: bool = True) -> str:
    """A rule as it is written, with its end or without."""
    parts = rule.to_ical().decode().split(";")
    return ";".join(part for part in parts if whole or not part.upper().startswith("UNTIL="))
