"""Timelines and curves as they lie on the page."""

from __future__ import annotations

from collections.abc import Iterator

from latticework.surfaces.out.svg.ink import SERIF, Ink, Picture, fitted, moved, shape, text, titled
from latticework.surfaces.web import curves, timelines
from latticework.views.visuals import Curve, Timeline

NAMES = 250.0


def timeline(block: Timeline, ink: Ink) -> Picture:
    """Names at the left, days above, bars between."""
    plan = timelines.plan_of(block)
    shapes = [
        *_names(plan, ink),
        moved(NAMES, 0, _axis(plan, ink)),
        moved(NAMES, plan.head, _bars(plan, ink)),
    ]
    return Picture(NAMES + plan.width, plan.head + plan.height, tuple(shapes))


def _names(plan: timelines.Plan, ink: Ink) -> Iterator[str]:
    for row in plan.rows:
        y = plan.head + row.y + plan.row / 2 + 4
        if row.bar is None:
            yield text(
                0,
                y,
                fitted(row.heading, NAMES - 16, 13),
                ink["ink"],
                font_size=13,
                font_family=SERIF,
                font_weight=600,
            )
        else:
            style = "italic" if row.bar.again else None
            yield text(8, y, fitted(row.bar.title, NAMES - 24), ink["ink"], font_style=style)


def _axis(plan: timelines.Plan, ink: Ink) -> Iterator[str]:
    for tick in plan.heavy:
        yield shape("path", d=f"M{tick.x} 2V{plan.head}", stroke=ink["rule-strong"])
        yield text(
            tick.x + 6, 16, tick.label, ink["ink"], font_family=SERIF, font_size=13, font_weight=600
        )
    for tick in plan.light:
        yield shape("path", d=f"M{tick.x} 26V{plan.head}", stroke=ink["rule"])
        yield text(tick.x + 6, 37, tick.label, ink["ink-faint"], font_size=11)


def _bars(plan: timelines.Plan, ink: Ink) -> Iterator[str]:
    for tick in (*plan.light, *plan.heavy):
        colour = ink["rule-strong" if tick.heavy else "rule"]
        yield shape("path", d=f"M{tick.x} 0V{plan.height}", stroke=colour)
    yield f"<defs>{''.join(_fades(plan, ink))}</defs>"
    if plan.now is not None:
        yield shape(
            "path", d=f"M{plan.now} 0V{plan.height}", stroke=ink["accent"], stroke_width=1.5
        )
    for tie in plan.ties:
        colour = ink["warn" if tie.late else "edge"]
        yield shape("path", d=tie.path, stroke=colour, fill="none", opacity=0.75)
    for row in plan.rows:
        if row.bar is not None:
            yield titled(row.said, _bar(row, plan, ink))


def _fades(plan: timelines.Plan, ink: Ink) -> Iterator[str]:
    for tone in dict.fromkeys(row.tone for row in plan.rows):
        colour = ink.stage(tone)
        for end, first, last in (("in", 0.08, 1), ("out", 1, 0.08)):
            stops = shape("stop", offset=0, stop_color=colour, stop_opacity=first) + shape(
                "stop", offset=1, stop_color=colour, stop_opacity=last
            )
            yield f'<linearGradient id="{_word(tone)}-{end}">{stops}</linearGradient>'


def _word(tone: str) -> str:
    return f"t{sum(ord(letter) * at for at, letter in enumerate(tone, 1))}"


def _bar(row: timelines.Row, plan: timelines.Plan, ink: Ink) -> Iterator[str]:
    colour = ink.stage(row.tone)
    for part in row.ghost:
        y = row.y + plan.ghost_top
        yield shape(
            "rect",
            x=part.x,
            y=y,
            width=max(part.width, 2),
            height=3,
            fill=ink["ink-faint"],
            opacity=0.5,
        )
    for part in row.parts:
        top = row.y + plan.top
        if part.sort == "point":
            yield shape("path", d=f"M{part.x} {top - 1}l7 7-7 7-7-7Z", fill=colour)
        elif part.sort == "late":
            path = f"M{part.x + 2} {top + plan.thick / 2}h{part.width - 2}"
            yield shape("path", d=path, stroke=ink["warn"], stroke_dasharray="1.5 3")
        else:
            ends = {"soft-in": "in", "soft-out": "out"}.get(part.sort)
            fill = f"url(#{_word(row.tone)}-{ends})" if ends else colour
            yield shape("rect", x=part.x, y=top, width=part.width, height=plan.thick, fill=fill)


_NTH = ("accent", "collaboration", "investment", "change", "voices", "context")
_TONES = {
    "done": "good",
    "dropped": "ink-faint",
    "active": "accent",
    "proposed": "edge",
    "band": "accent",
    "expected": "accent",
    "first": "edge",
    "seen": "ink",
}
_THIN = {"band": 0.08, "expected": 0.16, "first": 0.0}


def curve(block: Curve, ink: Ink) -> Picture:
    """Lines and bands with their words at the end."""
    plan = curves.plan_of(block)
    if plan is None:
        return Picture(0, 0, ())
    return Picture(plan.frame.width, plan.frame.height, tuple(_curve(plan, ink)))


def _curve(plan: curves.Plan, ink: Ink) -> Iterator[str]:
    faint, frame = ink["ink-faint"], plan.frame
    for tick in plan.up:
        yield shape("path", d=f"M{frame.margin_left} {tick.at}H{frame.right}", stroke=ink["rule"])
        yield text(
            frame.margin_left - 8, tick.at + 4, tick.label, faint, font_size=11, text_anchor="end"
        )
    for tick in plan.across:
        yield shape("path", d=f"M{tick.at} {frame.bottom}v5", stroke=ink["rule-strong"])
        yield text(
            tick.at, frame.bottom + 19, tick.label, faint, font_size=11, text_anchor="middle"
        )
    for place, stroke in enumerate(plan.strokes):
        yield from _stroke(stroke, place, plan, ink)
    if plan.zero is not None:
        yield shape(
            "path", d=f"M{frame.margin_left} {plan.zero}H{frame.right}", stroke=ink["rule-strong"]
        )
    for flag in plan.flags:
        top = 14 + flag.level * 14
        yield shape(
            "path",
            d=f"M{flag.x} {top}V{frame.bottom}",
            stroke=ink["rule-strong"],
            stroke_dasharray="2 3",
        )
        x, anchor = (flag.x - 5, "end") if flag.ends else (flag.x + 5, None)
        yield text(x, top + 6, flag.text, faint, font_size=11, text_anchor=anchor)
    if plan.now is not None:
        yield shape(
            "path",
            d=f"M{plan.now} {frame.margin_top - 6}V{frame.bottom}",
            stroke=ink["bad"],
            opacity=0.7,
        )


def _stroke(stroke: curves.Stroke, place: int, plan: curves.Plan, ink: Ink) -> Iterator[str]:
    colour = ink[_TONES.get(stroke.tone, _NTH[place % len(_NTH)])]
    if stroke.area:
        thin = _THIN.get(stroke.tone, 0.18)
        yield shape("path", d=stroke.area, fill=colour, fill_opacity=thin)
        yield shape("path", d=stroke.edge, fill="none", stroke=colour, stroke_opacity=0.6)
    if stroke.line:
        yield shape("path", d=stroke.line, fill="none", stroke=colour, stroke_width=2)
    for x, y, high, low in stroke.dots:
        yield shape("path", d=f"M{x} {high}V{low}", stroke=colour, stroke_width=2, opacity=0.45)
        yield shape("circle", cx=x, cy=y, r=4, fill=colour, stroke=ink["paper"])
    if stroke.label:
        label = stroke.label
        if not label.inside:
            path = f"M{plan.frame.right + 3} {label.from_y}L{plan.frame.right + 12} {label.y}"
            yield shape("path", d=path, stroke=colour, opacity=0.5)
        yield text(label.x, label.y + 4, label.text, colour, font_size=11, font_weight=500)
