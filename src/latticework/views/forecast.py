"""View: forecast."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from latticework.base.findings import Refused
from latticework.base.times import Instant, parse_instant
from latticework.views.blocks import (
    Align,
    Column,
    Findings,
    Metric,
    Prose,
    Sort,
    Table,
    Tone,
    cell,
    spans,
)
from latticework.views.flow import MOST_WEEKS, day_of_sight, flowing, journeys_why
from latticework.views.page import Page, param, sight_view
from latticework.views.sight import Sight
from latticework.views.things import things
from latticework.views.visuals import Block, Curve, Line
from latticework.views.wording import day_words, many

if TYPE_CHECKING:
    from latticework.analysis.forecast_reading import Choice, Forecast, Tried

_MOST_ROWS = 50
_STEPS = 32
_NO_PAST = "FORECAST001"
_CHANCES = (0.5, 0.7, 0.85, 0.95)


@dataclass(frozen=True)
class Params:
    """What the reader may choose."""

    query: str = param("", "What is to be finished, as a question.", position=1)
    by: str = param("", "A day by which to say how many will be finished.")
    after: str = param("", "The link that says what waits for what, like 'depends on'.")
    things: int = param(0, "Forecast so many things instead of those that are open.", rare=True)
    history: str = param("", "Whose past to draw from; by default all of the same kind.")
    weeks: int = param(
        26,
        "How many whole weeks of the past to draw from.",
        rare=True,
        least=1,
        most=MOST_WEEKS,
    )
    growth: str = param("", "How much more work turns up on the way, like 10–30%.")
    trials: int = param(10_000, "How many trials.", rare=True, least=100, most=100_000)
    seed: int = param(1, "The same seed gives the same forecast.", rare=True)


@sight_view(Params)
def forecast(sight: Sight, params: Params) -> Page:
    """When will it be done, and how many by a day?

    Weeks of the past are drawn at random and strung together, ten thousand
    times over: no estimates are asked for, and no bell curve is assumed. The
    answer is a range of days with how sure one may be of each. With `--after`,
    things wait for what they depend on.

      latticework forecast "bet where stage is running"
      latticework forecast bet --after "depends on" --by 2027-03-31

    The page says what it takes for granted, and how such forecasts would have
    done on past days. The same seed gives the same answer.
    """
    from latticework.analysis.forecast_reading import backtest, forecast_of
    from latticework.views.lens.worded import worded

    params = replace(params, query=params.query.strip() or flowing(sight.graph))
    choice = _choice(params)
    today, until = day_of_sight(sight), min(sight.now, sight.graph.moment.valid)
    by = parse_instant(params.by, sight.zone) if params.by else None
    title = f"When {worded(params.query, sight.graph.model)} will be done"
    try:
        found = forecast_of(sight.graph, choice, until=until, today=today)
    except Refused as refused:
        if {each.code for each in refused.findings} != {_NO_PAST}:
            raise
        # A young company asks nothing wrong: the page says what is lacking.
        return Page(title=title, blocks=(Findings(findings=refused.findings),), query=params.query)
    tried = backtest(sight.graph, choice, until=until, today=today)
    blocks: list[Block] = [*_metrics(found, sight), _curve(found, by)]
    if by is not None:
        blocks.append(_by_day(found, by, sight))
    if found.order is not None:
        blocks.append(_things(found, sight))
    problems = tuple(found.findings(sight.graph))
    if problems:
        blocks.append(Findings(findings=problems))
    blocks += [_tried(tried), _assumptions(found)]
    subtitle = f"{many(found.count, 'thing')} open, {params.trials:,} trials, seed {params.seed}"
    data = tuple(_data(found, sight))
    return Page(title=title, subtitle=subtitle, blocks=tuple(blocks), data=data, query=params.query)


def _choice(params: Params) -> Choice:
    from latticework.analysis.forecast_reading import Choice, growth_of

    return Choice(
        query=params.query,
        history=params.history,
        after=params.after,
        things=params.things,
        weeks=params.weeks,
        growth=growth_of(params.growth),
        trials=params.trials,
        seed=params.seed,
    )


def _day(instant: Instant | None, sight: Sight) -> str:
    return "not within 20 years" if instant is None else day_words(instant, sight.zone)


def _metrics(found: Forecast, sight: Sight) -> Iterator[Metric]:
    history = found.choice.history or found.flow.asked.head
    past = journeys_why(history, "finished", found.choice.weeks)
    for chance in _CHANCES:
        day = _day(found.instant_after(chance), sight)
        weeks = found.when.after(chance)
        note = f"in {weeks:,.0f} weeks" if weeks < 2_000 else ""
        yield Metric(label=f"{chance:.0%} sure", value=day, note=note, why=past)


def _curve(found: Forecast, by: Instant | None) -> Curve:
    """How sure one may be that all is finished, day by day."""
    import numpy as np

    from latticework.analysis.forecast_reading import instant_in

    last = max(found.when.after(0.99), found.when.after(0.95) * 1.05)
    last = last if np.isfinite(last) else 1_040.0
    first = float(np.quantile(found.when.weeks, 0.002, method="inverted_cdf"))
    weeks = np.append(0.0, np.linspace(min(first, last), last, _STEPS))
    chances = found.when.chance_within(weeks) * 100
    points = tuple(
        (instant, round(chance, 1), round(chance, 1))
        for week, chance in zip(weeks.tolist(), chances.tolist(), strict=True)
        if (instant := instant_in(week, found.until)) is not None
    )
    marks = [
        (instant, f"{chance:.0%}")
        for chance in (0.5, 0.85)
        if (instant := found.instant_after(chance)) is not None
    ]
    if by is not None:
        marks.append((by, "asked for"))
    return Curve(
        lines=(Line(name="all done", points=points, tone="done"),),
        now=found.until,
        unit="% sure",
        marks=tuple(marks),
        title="How sure one may be",
        note="The share of trials in which all is finished by a day.",
    )


def _by_day(found: Forecast, by: Instant, sight: Sight) -> Table:
    import numpy as np

    from latticework.analysis.forecast_reading import how_many_by

    drawn = how_many_by(found, by)
    rows = tuple(
        (
            cell(f"{chance:.0%} sure"),
            cell(f"{int(np.quantile(drawn, 1 - chance, method='inverted_cdf')):,} or more"),
        )
        for chance in _CHANCES
    )
    columns = (Column("how sure"), Column("finished by then", align=Align.RIGHT))
    # What is asked for twice must agree: both are read off the trials of the forecast.
    done = float((found.when.weeks <= (by - found.until) / 604_800_000_000).mean())
    note = f"All {found.count:,} open things by then: {done:.0%} sure."
    title = f"How many by {day_words(by, sight.zone)}"
    return Table(columns=columns, rows=rows, title=title, note=note)


def _things(found: Forecast, sight: Sight) -> Table:
    """Each thing with its days, earliest first in the order of work."""
    import numpy as np

    from latticework.analysis.forecast_reading import instant_in

    order = found.order
    assert order is not None
    middle, late = (found.when.each_after(chance) for chance in (0.5, 0.85))
    shown = list(order.sequence)[:_MOST_ROWS]
    named = things(sight.graph, found.ids[np.array(shown, dtype=np.int64)])
    rows = tuple(
        (
            each.name_cell,
            each.stage_cell,
            cell(str(len(order.needs[place])) if place in order.needs else ""),
            cell(_day(instant_in(float(middle[place]), found.until), sight)),
            cell(_day(instant_in(float(late[place]), found.until), sight)),
        )
        for place, each in zip(shown, named, strict=True)
    )
    columns = (
        Column("thing"),
        Column("stage", sort=Sort.STAGE),
        Column("waits for", align=Align.RIGHT, sort=Sort.NUMBER),
        Column("50% sure", sort=Sort.WHEN),
        Column("85% sure", sort=Sort.WHEN),
    )
    return Table(
        columns=columns,
        rows=rows,
        title="In the order of work",
        note=_cut(len(order.sequence)),
    )


def _cut(count: int) -> str:
    if count <= _MOST_ROWS:
        return ""
    return f"The first {_MOST_ROWS} of {count:,}; an export has every one."


def _tried(tried: tuple[Tried, ...]) -> Table:
    """How the same way of forecasting would have done."""
    rows = tuple(
        (
            cell(each.day.isoformat()),
            cell(f"{each.low}–{each.high}" if each.low != each.high else str(each.low)),
            cell(str(each.came)),
            cell("inside") if each.is_inside else cell("outside", tone=Tone.WARN),
        )
        for each in tried
    )
    inside = sum(each.is_inside for each in tried)
    note = f"{inside} of {len(tried)} inside, where four in five were meant to be."
    if len(tried) < 10:
        note += " With so few, luck decides."
    columns = (
        Column("made on", sort=Sort.WHEN),
        Column("said for 4 weeks", align=Align.RIGHT),
        Column("came", align=Align.RIGHT, sort=Sort.NUMBER),
        Column(""),
    )
    empty = ("No past day had anything to draw from.",)
    return Table(
        columns=columns,
        rows=rows,
        title="How it would have done",
        note=note if rows else "",
        empty=empty,
    )


def _assumptions(found: Forecast) -> Prose:
    choice, past = found.choice, found.throughput
    weeks = len(found.flow.period.weeks)
    idle = int((past.weekly == 0).sum())
    lines = [
        f"Drawn from {many(weeks, 'whole week')}, {found.flow.period.words}, of "
        f"'{choice.history or found.flow.asked.head}': {many(past.total, 'thing')} finished, "
        f"{past.a_week:.2f} a week; in {many(idle, 'week')} none did.",
        "Taken for granted: the weeks to come are like those, in any order, and things are of "
        "about the size of those that finished.",
        _growth_words(found),
        f"{many(found.closed, 'thing')} of the question already closed, left out; "
        f"{found.already:,} under way, which gives no head start but where things wait.",
    ]
    if found.order is not None:
        waiting = sum(len(each) > 0 for each in found.order.needs.values())
        lines.append(
            f"{many(waiting, 'thing')} with something to wait for along '{choice.after}', which finish no "
            "sooner than their own time, drawn from how long things took, after the last of it. "
            "A week's place that has to wait goes to the next thing.",
        )
    if found.outside:
        lines.append(
            f"{many(found.outside, 'open thing')} that these wait for lie outside the question: "
            "not waited for."
        )
    lines += [f"In the past drawn from, {number:,} {says}." for number, says in found.flow.doubts()]
    paragraphs = tuple(spans(line) for line in lines)
    return Prose(title="What it takes for granted", paragraphs=paragraphs, tight=True)


def _growth_words(found: Forecast) -> str:
    growth = found.choice.growth
    if growth.high <= 0:
        return "No further work turns up on the way; say otherwise with growth, as in 10–30%."
    share = (
        f"{growth.low:.0%}" if growth.low == growth.high else f"{growth.low:.0%}–{growth.high:.0%}"
    )
    return f"{share} more work turns up on the way, anything in between being as likely."


def _data(found: Forecast, sight: Sight) -> Iterator[dict[str, object]]:
    for chance in _CHANCES:
        day = _day(found.instant_after(chance), sight)
        yield {"sure": chance, "day": day, "thing": "", "seed": found.choice.seed}
    if found.order is None:
        return
    from latticework.analysis.forecast_reading import instant_in

    refs = sight.graph.refs.gather(found.ids).to_list()
    for chance in (0.5, 0.85):
        weeks = found.when.each_after(chance).tolist()
        for ref, each in zip(refs, weeks, strict=True):
            day = _day(instant_in(each, found.until), sight)
            yield {"sure": chance, "day": day, "thing": ref, "seed": found.choice.seed}
