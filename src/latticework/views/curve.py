"""View: curve."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from latticework.base.times import DAY_MICROSECONDS, Instant
from latticework.views.blocks import (
    Align,
    Cell,
    Column,
    Findings,
    Metric,
    Prose,
    Sort,
    Table,
    Tone,
    Why,
    cell,
    spans,
)
from latticework.views.flow import day_of_sight
from latticework.views.page import Page, param, sight_view
from latticework.views.sight import Sight
from latticework.views.things import ids as ids_of
from latticework.views.things import things
from latticework.views.visuals import Block, Curve, Line
from latticework.views.wording import (
    amount_between,
    day_words,
    days_between,
    iso_day,
    many,
)

if TYPE_CHECKING:
    from latticework.analysis.curves import Course
    from latticework.analysis.curves_reading import Curved

_STEPS = 60


@dataclass(frozen=True)
class Params:
    """What the reader may choose."""

    query: str = param("value curve", "A thing, or a question about several.", position=1)


@sight_view(Params)
def curve(sight: Sight, params: Params) -> Page:
    """How should value come over time, and does it?

    Of one thing: the band that its ranges allow, what is expected in the
    middle of them, what was seen so far and where that lies; when to look
    again, and what should move first. Of several: every curve with its
    position and the next day to look.

      latticework curve bet/kiosks
      latticework curve "bet where stage is running"

    A curve that dips or waits is not called late before that is over.
    """
    from latticework.analysis.curves_reading import curved_ids, curves_of
    from latticework.query.ask import ask

    today = day_of_sight(sight)
    asked = params.query.strip() or "value curve"
    if not sight.graph.model.kinds_of("value curve"):
        return _no_curves()
    rows = ask(sight.graph, asked, today=today)
    named = curved_ids(sight.graph, rows.ids)
    until = min(sight.now, sight.graph.moment.valid)
    found = curves_of(sight.graph, named, until)
    if len(rows) == 1 and len(found) == 1:
        return _one(sight, found[0], until)
    return _several(sight, found, asked, total=len(rows))


def _no_curves() -> Page:
    empty = (
        "No kind here says how its value comes over time.",
        "In the model, write 'is: value curve' for a kind; the starter pack's bets do.",
    )
    return Page(title="Value curves", blocks=(Table(columns=(), rows=(), empty=empty),))


# One ----------------------------------------------------------------------------------


def _one(sight: Sight, found: Curved, until: Instant) -> Page:
    from latticework.analysis.curves_reading import as_first_said, findings_of

    (thing,) = things(sight.graph, ids_of([found.node]))
    course = found.course
    if course is None:
        blocks: tuple[Block, ...] = (Findings(findings=tuple(findings_of(sight.graph, found))),)
        return Page(title=thing.title, subtitle="value curve", ref=thing.ref, blocks=blocks)
    said, first = Why("feed", (("ref", thing.ref),)), as_first_said(sight.graph, found)
    blocks = (
        *_metrics(found, course, until, said),
        _drawing(found, course, first, until),
        _seen(found, course, said),
        _reviews(course, until),
        _signs(sight, found, course),
        _why(found, course, first),
    )
    subtitle = f"value curve: {course.shape.value}"
    data = tuple(_band_data(course, until))
    return Page(title=thing.title, subtitle=subtitle, ref=thing.ref, blocks=blocks, data=data)


def _metrics(found: Curved, course: Course, until: Instant, said: Why) -> Iterator[Metric]:
    position = found.position(until)
    seen = found.seen[-1] if found.seen else None
    low, high = _band_at(course, until / DAY_MICROSECONDS)
    yield Metric(
        label="Where it lies",
        value=position.value if position else "nothing seen yet",
        note=f"seen {amount_between(seen.value)} on {day_words(seen.when)}" if seen else "",
        tone=_tone(position.value if position else ""),
        why=said if seen else None,
    )
    yield Metric(
        label="Should show today", value=amount_between((low, high)), note="all that is allowed"
    )
    first = course.first_sign
    yield Metric(
        label="First sign", value=days_between(first), note="at the earliest and the latest"
    )
    stop = iso_day(course.stop_point)
    yield Metric(label="Stop point", value=stop, note="even a slow one shows half by then")


def _band_at(course: Course, day: float) -> tuple[float, float]:
    import numpy as np

    low, high = course.band(np.array([day]))
    return float(low[0]), float(high[0])


def _drawing(found: Curved, course: Course, first: Course | None, until: Instant) -> Curve:
    lines = [_band_line("all that is allowed", course, course, found, until, "band")]
    if first is not None:
        lines.append(_band_line("as first said", first, course, found, until, "first"))
    lines.append(_band_line("expected", course.at_middle, course, found, until, "expected"))
    if found.seen:
        points = tuple((each.when, *each.value) for each in found.seen)
        lines.append(Line(name="seen", points=points, tone="seen"))
    marks = tuple(
        (int((low + high) / 2 * DAY_MICROSECONDS), name) for name, (low, high) in course.marks()
    )
    return Curve(
        lines=tuple(lines),
        now=until,
        marks=marks,
        title="Expected, and seen",
        note="The band holds every curve that the ranges allow; the one in it takes the middle of "
        "every time and all of the gain's range.",
    )


def _band_line(
    name: str, drawn: Course, over: Course, found: Curved, until: Instant, tone: str
) -> Line:
    """A curve's band over the days that matter of another."""
    import numpy as np

    end = over.begins[1] + over.waits[1] + over.takes[1]
    start = min([over.begins[0], *(each.when / DAY_MICROSECONDS for each in found.seen)])
    last = max([end, *(each.when / DAY_MICROSECONDS for each in found.seen)])
    last += 0.1 * (last - start)
    if not found.closed:
        last = max(last, until / DAY_MICROSECONDS)
    # A jump stands upright only where both its sides are drawn.
    edges = [day + side for _, ends in drawn.marks() for day in ends for side in (-1e-4, 1e-4)]
    inside = [day for day in edges if start < day < last]
    days = np.unique([*np.linspace(start, last, _STEPS + 1), *inside])
    low, high = drawn.band(days)
    points = zip(days.tolist(), low.tolist(), high.tolist(), strict=True)
    return Line(
        name=name,
        points=tuple((int(d * DAY_MICROSECONDS), round(a, 4), round(b, 4)) for d, a, b in points),
        tone=tone,
    )


def _seen(found: Curved, course: Course, said: Why) -> Table:
    """Every reading beside what should have shown on its day."""
    rows = []
    for each in reversed(found.seen):
        day = each.when / DAY_MICROSECONDS
        position = course.position(day, each.value).value
        should = cell(amount_between(_band_at(course, day)))
        lies = cell(position, tone=_tone(position))
        rows.append(
            (cell(day_words(each.when)), cell(amount_between(each.value), why=said), should, lies)
        )
    columns = (
        Column("seen on", sort=Sort.WHEN),
        Column("seen", align=Align.RIGHT),
        Column("should show", align=Align.RIGHT),
        Column("lies"),
    )
    empty = ("Nothing was seen yet.", "Write what is seen of the gain into 'so far', with its day.")
    return Table(columns=columns, rows=tuple(rows), title="Readings", empty=empty)


def _reviews(course: Course, until: Instant) -> Table:
    today = until / DAY_MICROSECONDS
    rows = tuple(
        (cell(name), cell(iso_day(low)), cell(iso_day(high)), _when_cell(low, high, today))
        for name, (low, high) in course.marks()
    )
    columns = (
        Column("look at"),
        Column("earliest", sort=Sort.WHEN),
        Column("latest", sort=Sort.WHEN),
        Column(""),
    )
    note = f"If less than half shows by {iso_day(course.stop_point)}, even the slowest curve is missed."
    return Table(columns=columns, rows=rows, title="When to look again", note=note)


def _when_cell(low: float, high: float, today: float) -> Cell:
    if today > high:
        return cell("past", tone=Tone.DIM)
    return cell("now", tone=Tone.STRONG) if today >= low else cell(f"in {low - today:,.0f} days")


def _signs(sight: Sight, found: Curved, course: Course) -> Table:
    from latticework.analysis.curves_reading import signs_of

    signs = signs_of(sight.graph, found.node)
    named = things(sight.graph, ids_of([each.node for each in signs]))
    rows = tuple(
        (
            each.name_cell,
            cell(sign.link),
            cell(_sign_days(course, sign.delay)),
            cell(_leads(course, sign.delay)),
        )
        for each, sign in zip(named, signs, strict=True)
    )
    columns = (Column("sign"), Column("link"), Column("should move"), Column(""))
    empty = (
        "Nothing that it should move says after how long.",
        "Give a link to what should move a delay: the soonest is the leading sign.",
    )
    return Table(columns=columns, rows=rows, title="What should move first", empty=empty)


def _sign_days(course: Course, delay: tuple[float, float] | None) -> str:
    if delay is None:
        return "nobody says when"
    return days_between((course.begins[0] + delay[0], course.begins[1] + delay[1]))


def _leads(course: Course, delay: tuple[float, float] | None) -> str:
    if delay is None:
        return ""
    first = course.first_sign[0] - course.begins[0]
    return "a leading sign" if delay[0] <= first else "with the value, or after it"


def _why(found: Curved, course: Course, first: Course | None) -> Prose:
    lines = [
        f"A {course.shape.value} that begins {days_between(course.begins)}, waits {_days(course.waits)}, "
        f"takes {_days(course.takes)} and comes to {amount_between(course.gain)}.",
        f"{many(len(found.seen), 'reading')} of it.",
    ]
    if course.dip[1]:
        lines[0] = lines[0][:-1] + f", with a dip of {amount_between(course.dip)} first."
    if first is not None:
        lines.append("What was first said is kept and drawn beside what is said today.")
    lines += [f"Assumed: {each}." for each in found.assumed]
    paragraphs = tuple(spans(each) for each in lines)
    return Prose(title="What this is made of", paragraphs=paragraphs, tight=True)


def _band_data(course: Course, until: Instant) -> Iterator[dict[str, object]]:
    end = course.begins[1] + course.waits[1] + course.takes[1]
    step = max((end - course.begins[0]) / _STEPS, 1.0)
    middle = course.at_middle
    for place in range(_STEPS + 1):
        day = course.begins[0] + place * step
        low, high = _band_at(course, day)
        least, most = _band_at(middle, day)
        yield {
            "day": iso_day(day),
            "low": round(low, 6),
            "high": round(high, 6),
            "expected low": round(least, 6),
            "expected high": round(most, 6),
            "past": day * DAY_MICROSECONDS <= until,
        }


# Several ------------------------------------------------------------------------------


def _several(sight: Sight, found: Sequence[Curved], asked: str, *, total: int) -> Page:
    until = min(sight.now, sight.graph.moment.valid)
    named = things(sight.graph, ids_of([each.node for each in found]))
    lines = list(zip(named, found, strict=True))
    columns = (
        Column("thing"),
        Column("stage", sort=Sort.STAGE),
        Column("curve"),
        Column("lies"),
        Column("seen", align=Align.RIGHT),
        Column("should show", align=Align.RIGHT),
        Column("look again"),
    )
    rows = tuple(
        (each.name_cell, each.stage_cell, *_summary(curved, each.ref, until))
        for each, curved in lines
    )
    note = f"{total - len(found):,} of {many(total, 'thing')} name no curve." if total else ""
    empty = ("Nothing here names a curve.", "Give a bet one, and say how long it takes.")
    table = Table(columns=columns, rows=rows, note=note, empty=empty)
    data = tuple(
        {
            "ref": each.ref,
            "title": each.title,
            "curve": curved.shape,
            "position": _position_words(curved, until),
            "lacks": curved.lacks,
        }
        for each, curved in lines
    )
    subtitle = f"{many(len(found), 'curve')} of {many(total, 'thing')}"
    blocks = (_by_shape(found, until), table)
    title = "Value curves" if asked == "value curve" else f"Curves of {asked}"
    return Page(title=title, subtitle=subtitle, blocks=blocks, data=data)


def _summary(curved: Curved, ref: str, until: Instant) -> tuple[Cell, ...]:
    course, words = curved.course, _position_words(curved, until)
    if course is None:
        return cell(curved.shape), cell(curved.lacks, tone=Tone.DIM), Cell(), Cell(), Cell()
    seen = amount_between(curved.seen[-1].value) if curved.seen else ""
    today = until / DAY_MICROSECONDS
    ahead = [(high, name) for name, (_, high) in course.marks() if high >= today]
    look = f"{min(ahead)[1]}, by {iso_day(min(ahead)[0])}" if ahead and not curved.closed else ""
    return (
        cell(course.shape.value),
        cell(words, tone=_tone(words), why=Why("curve", (("query", ref),))),
        cell(seen),
        cell(amount_between(_band_at(course, today))),
        cell(look),
    )


def _by_shape(found: Sequence[Curved], until: Instant) -> Table:
    """The portfolio by shape: how many, and where they lie."""
    counts: dict[str, Counter[str]] = {}
    for each in found:
        counts.setdefault(each.shape, Counter())[_position_words(each, until)] += 1
    rows = tuple(
        (
            cell(shape),
            cell(f"{positions.total():,}"),
            cell(", ".join(f"{number} {word}" for word, number in sorted(positions.items()))),
        )
        for shape, positions in sorted(counts.items())
    )
    columns = (
        Column("curve"),
        Column("things", align=Align.RIGHT, sort=Sort.NUMBER),
        Column("where they lie"),
    )
    return Table(columns=columns, rows=rows, title="By curve")


def _position_words(curved: Curved, until: Instant) -> str:
    if curved.course is None:
        return "cannot be drawn"
    position = curved.position(until)
    return position.value if position else "nothing seen yet"


def _tone(words: str) -> Tone:
    if words == "below":
        return Tone.BAD
    if words.startswith("below"):
        return Tone.WARN
    return Tone.GOOD if words in ("on curve", "above") or words.startswith("above") else Tone.PLAIN


def _days(between: tuple[float, float]) -> str:
    low, high = (round(each) for each in between)
    if not high:
        return "not at all"
    return many(low, "day") if low == high else f"{low:,}–{high:,} days"
