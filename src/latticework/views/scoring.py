"""View: scoring."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from latticework.base.findings import Refused, error
from latticework.base.near import did_you_mean
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
from latticework.views.wording import amount_between, days_between, many

if TYPE_CHECKING:
    from latticework.analysis.scoring import Bin, Brier, Coverage
    from latticework.analysis.scoring_reading import Beside, Scores
    from latticework.query.truth import Longs


@dataclass(frozen=True)
class Params:
    """What the reader may choose."""

    query: str = param("forecast", "Whose forecasts, in the query language.", position=1)
    which: str = param("", "Only: first, last, days, amounts, or what said 20–40%.")
    rows: int = param(50, "How many things to draw; 0 is all.")


@sight_view(Params)
def scoring(sight: Sight, params: Params) -> Page:
    """How good were our forecasts, now that we know?

    Chances are scored by Brier's rule, as they were when the thing began to
    run and as they were last before it was closed: what was said later does
    not count. Ranges of days and of amounts are laid beside what came. With
    few outcomes the page says so. Nothing is scored per person or per team.
    Every number leads to the things it is made of, and those to their entries.

      latticework scoring bet
      latticework scoring bet --which days
      latticework scoring "bet where serves pillar/kept-word"
    """
    from latticework.analysis.scoring_reading import scores_of
    from latticework.views.lens.worded import worded

    until = min(sight.now, sight.graph.moment.valid)
    params = replace(params, query=params.query.strip() or "forecast")
    found = scores_of(sight.graph, params.query, until=until, today=day_of_sight(sight))
    about = worded(params.query, sight.graph.model)
    shown = _Shown(found=found, sight=sight, params=params)
    counted = f"{many(len(found.first), 'chance')} with a known outcome,"
    blocks: tuple[Block, ...] = (
        *_metrics(shown),
        _calibration(shown),
        _ranges(shown),
        _chances(shown, found.first, last=False, title="Said, and came"),
        _why(found),
    )
    if params.which:
        table = _behind(shown)
        blocks, counted = (table, _why(found)), f"{table.total or len(table.rows):,}"
    return Page(
        title="Forecasts" if about.casefold() == "forecasts" else f"Forecasts of {about}",
        subtitle=f"{counted} of {many(found.closed, 'closed thing')}",
        blocks=blocks,
        data=tuple(_data(found, sight)),
        query=params.query,
    )


@dataclass(frozen=True, kw_only=True)
class _Shown:
    """Scores on a page, with what was asked."""

    found: Scores
    sight: Sight
    params: Params

    def why(self, which: str) -> Why:
        """Where the things behind one number stand."""
        return Why("scoring", (("query", self.params.query), ("which", which)))

    def named(self, places: Longs) -> tuple[list[int], int | None]:
        """The places that are drawn, and how many there are where that is not all."""
        most = self.params.rows
        kept = places[:most] if most > 0 else places
        return kept.tolist(), len(places) if len(kept) < len(places) else None

    def things(self, places: Sequence[int]) -> Iterator[Thing]:
        """The things at places."""
        return iter(things(self.sight.graph, self.found.ids[list(places)]))


def _behind(shown: _Shown) -> Table:
    """The things that one number is made of; raises Refused for no such number."""
    found, which = shown.found, shown.params.which
    bands = {_band(each): each for each in found.bins}
    match which:
        case "first":
            return _chances(shown, found.first, last=False, title="Chances as first said")
        case "last":
            return _chances(shown, found.last, last=True, title="Chances as last said")
        case "days":
            return _beside(shown, found.due, "Days first said, and the day finished", days_between)
        case "amounts":
            return _beside(shown, found.gain, "Gain first said, and what was seen", amount_between)
        case _ if which in bands:
            from latticework.analysis.scoring import BINS, bin_of

            mine = bin_of(found.middles) == BINS.index(bands[which].low)
            return _chances(shown, found.first[mine], last=False, title=f"Chances of {which}")
    says = f"'{which}' is none of these scores' numbers"
    known = ("first", "last", "days", "amounts", *bands)
    hint = did_you_mean(which, known, otherwise="one of " + ", ".join(known))
    raise Refused([error("SCORE002", says, hint=hint, value=which)])


def _metrics(shown: _Shown) -> Iterator[Metric]:
    found = shown.found
    for label, score, which in (
        ("As first said", found.at_first, "first"),
        ("As last said", found.at_last, "last"),
    ):
        yield replace(_brier(label, score), why=shown.why(which) if score else None)
    days = found.days
    share = "none known" if days.share is None else f"{days.share:.0%}"
    note = f"{days.inside} of {days.count} ranges"
    why = shown.why("days") if days.count else None
    yield Metric(label="Days inside", value=share, note=note, why=why)


def _brier(label: str, score: Brier | None) -> Metric:
    if score is None:
        return Metric(label=label, value="none known", note="no chance with an outcome")
    better = "better" if score.middle < score.base else "no better"
    note = f"Brier; {better} than saying the same of all ({score.base:.2f})"
    if score.is_few:
        note = f"Brier; of {many(score.count, 'chance')}, so that luck decides"
    return Metric(label=label, value=f"{score.middle:.2f}", note=note)


def _calibration(shown: _Shown) -> Table:
    columns = (
        Column("said"),
        Column("forecasts", align=Align.RIGHT, sort=Sort.NUMBER),
        Column("said on average", align=Align.RIGHT),
        Column("came true", align=Align.RIGHT),
        Column("may be", align=Align.RIGHT),
        Column(""),
    )
    rows = tuple(_bin_row(each, shown) for each in shown.found.bins)
    note = "A range counts by its middle; what came true in part counts half."
    empty = ("No forecast with a chance has a known outcome yet.",)
    return Table(
        columns=columns,
        rows=rows,
        title="What was said, and how often it came true",
        note=note if rows else "",
        empty=empty,
    )


def _bin_row(each: Bin, shown: _Shown) -> tuple[Cell, ...]:
    if each.is_few:
        says = cell("too few to compare", tone=Tone.DIM)
    elif each.agrees:
        says = cell("agrees")
    else:
        says = cell("too sure" if each.said > each.came else "not sure enough", tone=Tone.WARN)
    return (
        cell(_band(each)),
        cell(f"{each.count:,}", why=shown.why(_band(each))),
        cell(f"{each.said:.0%}"),
        cell(f"{each.came:.0%}"),
        cell(f"{each.least * 100:.0f}–{each.most:.0%}"),
        says,
    )


def _band(each: Bin) -> str:
    return f"{each.low * 100:.0f}–{each.high:.0%}"


def _ranges(shown: _Shown) -> Table:
    columns = (
        Column("ranges of"),
        *(Column(name, align=Align.RIGHT) for name in ("known", "before", "inside", "after")),
        Column("share inside", align=Align.RIGHT),
    )
    lines = (
        ("days: due as first said, and the day finished", shown.found.days, "days"),
        ("amounts: gain as first said, and what was seen", shown.found.amounts, "amounts"),
    )
    rows = tuple(_range_row(name, each, shown.why(which)) for name, each, which in lines)
    note = "Before and after stand for less and more where amounts are meant."
    return Table(columns=columns, rows=rows, title="Ranges that were said", note=note)


def _range_row(name: str, found: Coverage, why: Why) -> tuple[Cell, ...]:
    share = (
        "" if found.share is None else f"{found.share:.0%}" + (" (few)" if found.count < 20 else "")
    )
    known = cell(f"{found.count:,}", why=why if found.count else None)
    counts = (found.below, found.inside, found.above)
    return (cell(name), known, *(cell(f"{each:,}") for each in counts), cell(share))


def _chances(shown: _Shown, places: Longs, *, last: bool, title: str) -> Table:
    """What was said of each thing, frozen, beside what came; no ranking."""
    found = shown.found
    said = found.chance
    drawn, total = shown.named(places)
    rows = tuple(
        (
            each.name_cell,
            cell(_percent(said.first_low[place], said.first_high[place])),
            cell(_percent(said.last_low[place], said.last_high[place])),
            _came(float(found.came[place]), each),
            cell(_distance(found, place, last=last)),
        )
        for place, each in zip(drawn, shown.things(drawn), strict=True)
    )
    columns = (
        Column("thing"),
        Column("as first said", align=Align.RIGHT),
        Column("as last said", align=Align.RIGHT),
        Column("came true"),
        Column("brings in", align=Align.RIGHT),
    )
    when = "last" if last else "first"
    note = f"What each brings into the score as {when} said: the squared distance from what came."
    return Table(columns=columns, rows=rows, total=total, title=title, note=note if rows else "")


def _beside(
    shown: _Shown, laid: Beside, title: str, words: Callable[[tuple[float, float]], str]
) -> Table:
    """Ranges as first said, each beside what came."""
    drawn, total = shown.named(laid.known)
    sides = {0.0: "inside", -1.0: "before", 1.0: "after"}
    rows = tuple(
        (
            each.name_cell,
            cell(words((laid.low[place], laid.high[place]))),
            cell(
                words((laid.came_low[place], laid.came_high[place])),
                why=Why("feed", (("ref", each.ref),)),
            ),
            cell(sides[side], tone=Tone.PLAIN if side == 0 else Tone.WARN),
        )
        for place, side, each in zip(drawn, laid.sides.tolist(), shown.things(drawn), strict=False)
    )
    columns = (
        Column("thing"),
        Column("as first said", align=Align.RIGHT),
        Column("came", align=Align.RIGHT),
        Column("lies"),
    )
    return Table(columns=columns, rows=rows, total=total, title=title)


def _came(came: float, thing: Thing) -> Cell:
    """Whether it came true, leading to what was said of the thing, entry by entry."""
    words = {1.0: "yes", 0.5: "partly", 0.0: "no"}[came]
    return cell(words, why=Why("feed", (("ref", thing.ref),)))


def _distance(found: Scores, place: int, *, last: bool) -> str:
    said = found.chance
    ends = (said.last_low, said.last_high) if last else (said.first_low, said.first_high)
    low, high = (float(each[place]) for each in ends)
    return f"{((low + high) / 2 - float(found.came[place])) ** 2:.2f}"


def _percent(low: float, high: float) -> str:
    if low != low:
        return ""
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
