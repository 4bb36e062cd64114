"""View: scoring."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from latticework.views.blocks import (
    Align,
    Cell,
    Column,
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
from latticework.views.things import Thing, things
from latticework.views.visuals import Block
from latticework.views.wording import many

if TYPE_CHECKING:
    from latticework.analysis.scoring import Bin, Brier, Coverage
    from latticework.analysis.scoring_reading import Scores

_MOST_ROWS = 50


@dataclass(frozen=True)
class Params:
    """What the reader may choose."""

    query: str = param("forecast", "Whose forecasts, in the query language.", position=1)


@sight_view(Params)
def scoring(sight: Sight, params: Params) -> Page:
    """How good were our forecasts, now that we know?

    Chances are scored by Brier's rule, as they were when the thing began to
    run and as they were last before it was closed: what was said later does
    not count. Ranges of days and of amounts are laid beside what came. With
    few outcomes the page says so. Nothing is scored per person or per team.

      latticework scoring bet
      latticework scoring "bet where serves pillar/kept-word"
    """
    from latticework.analysis.scoring_reading import scores_of
    from latticework.views.lens.worded import worded

    until = min(sight.now, sight.graph.moment.valid)
    query = params.query.strip() or "forecast"
    found = scores_of(sight.graph, query, until=until, today=day_of_sight(sight))
    blocks: tuple[Block, ...] = (
        *_metrics(found),
        _calibration(found),
        _ranges(found),
        _things(found, sight),
        _why(found),
    )
    count = found.at_first.count if found.at_first else 0
    subtitle = (
        f"{many(count, 'chance')} with a known outcome, of {many(found.closed, 'closed thing')}"
    )
    about = worded(query, sight.graph.model)
    is_all = not params.query.strip() or about.casefold() == "forecasts"
    title = "Forecasts" if is_all else f"Forecasts of {about}"
    data = tuple(_data(found, sight))
    return Page(
        title=title,
        subtitle=subtitle,
        blocks=blocks,
        data=data,
        query=query,
    )


def _metrics(found: Scores) -> Iterator[Metric]:
    yield _brier("As first said", found.at_first)
    yield _brier("As last said", found.at_last)
    days = found.days
    share = "none known" if days.share is None else f"{days.share:.0%}"
    yield Metric(label="Days inside", value=share, note=f"{days.inside} of {days.count} ranges")


def _brier(label: str, score: Brier | None) -> Metric:
    if score is None:
        return Metric(label=label, value="none known", note="no chance with an outcome")
    better = "better" if score.middle < score.base else "no better"
    note = f"Brier; {better} than saying the same of all ({score.base:.2f})"
    if score.is_few:
        note = f"Brier; of {many(score.count, 'chance')}, so that luck decides"
    return Metric(label=label, value=f"{score.middle:.2f}", note=note)


def _calibration(found: Scores) -> Table:
    columns = (
        Column("said"),
        Column("forecasts", align=Align.RIGHT, sort=Sort.NUMBER),
        Column("said on average", align=Align.RIGHT),
        Column("came true", align=Align.RIGHT),
        Column("may be", align=Align.RIGHT),
        Column(""),
    )
    rows = tuple(_bin_row(each) for each in found.bins)
    note = "A range counts by its middle; what came true in part counts half."
    empty = ("No forecast with a chance has a known outcome yet.",)
    return Table(
        columns=columns,
        rows=rows,
        title="What was said, and how often it came true",
        note=note if rows else "",
        empty=empty,
    )


def _bin_row(each: Bin) -> tuple[Cell, ...]:
    if each.is_few:
        says = cell("too few to compare", tone=Tone.DIM)
    elif each.agrees:
        says = cell("agrees")
    else:
        says = cell("too sure" if each.said > each.came else "not sure enough", tone=Tone.WARN)
    return (
        cell(f"{each.low * 100:.0f}–{each.high:.0%}"),
        cell(f"{each.count:,}"),
        cell(f"{each.said:.0%}"),
        cell(f"{each.came:.0%}"),
        cell(f"{each.least * 100:.0f}–{each.most:.0%}"),
        says,
    )


def _ranges(found: Scores) -> Table:
    columns = (
        Column("ranges of"),
        *(Column(name, align=Align.RIGHT) for name in ("known", "before", "inside", "after")),
        Column("share inside", align=Align.RIGHT),
    )
    lines = (
        ("days: due as first said, and the day finished", found.days),
        ("amounts: gain as first said, and what was seen", found.amounts),
    )
    rows = tuple(_range_row(name, each) for name, each in lines)
    note = "Before and after stand for less and more where amounts are meant."
    return Table(columns=columns, rows=rows, title="Ranges that were said", note=note)


def _range_row(name: str, found: Coverage) -> tuple[Cell, ...]:
    share = (
        "" if found.share is None else f"{found.share:.0%}" + (" (few)" if found.count < 20 else "")
    )
    counts = (found.count, found.below, found.inside, found.above)
    return (cell(name), *(cell(f"{each:,}") for each in counts), cell(share))


def _things(found: Scores, sight: Sight) -> Table:
    """What was said of each thing, frozen, beside what came; no ranking."""
    import numpy as np

    known = np.flatnonzero(~np.isnan(found.came) & ~np.isnan(found.chance.first_low))
    shown = known[:_MOST_ROWS]
    rows = tuple(
        (
            each.name_cell,
            cell(_percent(found.chance.first_low[place], found.chance.first_high[place])),
            cell(_percent(found.chance.last_low[place], found.chance.last_high[place])),
            _came(float(found.came[place]), each),
            cell(_distance(found, place)),
        )
        for place, each in zip(shown.tolist(), things(sight.graph, found.ids[shown]), strict=True)
    )
    columns = (
        Column("thing"),
        Column("as first said", align=Align.RIGHT),
        Column("as last said", align=Align.RIGHT),
        Column("came true"),
        Column("brings in", align=Align.RIGHT),
    )
    note = "What each brings into the score as first said: the squared distance from what came."
    return Table(
        columns=columns,
        rows=rows,
        total=len(known) if len(known) > len(shown) else None,
        title="Said, and came",
        note=note if rows else "",
    )


def _came(came: float, thing: Thing) -> Cell:
    """Whether it came true, leading to what was said of the thing, entry by entry."""
    words = {1.0: "yes", 0.5: "partly", 0.0: "no"}[came]
    return cell(words, why=Why("feed", (("ref", thing.ref),)))


def _distance(found: Scores, place: int) -> str:
    low, high = float(found.chance.first_low[place]), float(found.chance.first_high[place])
    return f"{((low + high) / 2 - float(found.came[place])) ** 2:.2f}"


def _percent(low: float, high: float) -> str:
    return f"{low:.0%}" if low == high else f"{low * 100:.0f}–{high:.0%}"


def _why(found: Scores) -> Prose:
    lines = [
        f"{many(len(found.ids), 'thing')} asked about, {found.closed:,} closed. "
        f"Not scored: {found.without_outcome:,} closed without a word on whether it came true, "
        f"{found.without_chance:,} without a chance said before they were closed, "
        f"{found.without_day:,} finished without a day said before.",
        "First said is what stood when a thing began to run, or else the first after that; "
        "last said is the last before it was closed.",
        "Brier's score (1950) is the mean squared distance of a chance from what came: 0 is "
        "perfect, 0.25 is always saying 50 %.",
    ]
    if found.at_first is not None:
        score = found.at_first
        lines.append(
            f"Over the whole of the ranges said, the score lies between {score.low:.2f} and "
            f"{score.high:.2f}."
        )
    paragraphs = tuple(spans(each) for each in lines)
    return Prose(title="What this is made of", paragraphs=paragraphs, tight=True)


def _data(found: Scores, sight: Sight) -> Iterator[dict[str, object]]:
    refs = sight.graph.refs.gather(found.ids).to_list()
    for place, ref in enumerate(refs):
        came = float(found.came[place])
        if came == came:
            yield {
                "ref": ref,
                "first low": _plain(found.chance.first_low[place]),
                "first high": _plain(found.chance.first_high[place]),
                "last low": _plain(found.chance.last_low[place]),
                "last high": _plain(found.chance.last_high[place]),
                "came true": came,
            }


def _plain(number: float) -> float | None:
    return None if number != number else round(float(number), 6)
