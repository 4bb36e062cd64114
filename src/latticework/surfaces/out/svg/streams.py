"""Streams from some things to others, as they lie on the page."""

from __future__ import annotations

from collections.abc import Iterator

from latticework.surfaces.out.svg.ink import Ink, Picture, shape, text, titled
from latticework.surfaces.web import sankeys
from latticework.views.visuals import Sankey

_NTH = ("accent", "collaboration", "investment", "context")


def sankey(block: Sankey, ink: Ink) -> Picture:
    """What is sure as a core, what may be as its edge, names where they end."""
    plan = sankeys.plan_of(block)
    if plan is None:
        return Picture(0, 0, ())
    return Picture(plan.width, plan.height, (*_ribbons(plan, ink), *_ends(plan, ink)))


def _ribbons(plan: sankeys.Plan, ink: Ink) -> Iterator[str]:
    for each in plan.ribbons:
        colour = ink[_NTH[each.source % len(_NTH)]]
        bands = [shape("path", d=each.edge, fill=colour, fill_opacity=0.16)]
        if each.core:
            bands.append(shape("path", d=each.core, fill=colour, fill_opacity=0.45))
        yield titled(each.says, bands)


def _ends(plan: sankeys.Plan, ink: Ink) -> Iterator[str]:
    for place, end in enumerate(plan.sources):
        yield _bar(end, ink[_NTH[place % len(_NTH)]])
        yield text(end.x - 10, _middle(end), end.text, ink["ink"], text_anchor="end")
    for end in plan.targets:
        yield _bar(end, ink["ink-faint"])
        words = ink["ink" if end.span.ref else "ink-faint"]
        yield text(end.x + sankeys.BAR + 10, _middle(end), end.text, words)


def _bar(end: sankeys.End, colour: str) -> str:
    return shape("rect", x=end.x, y=end.y, width=sankeys.BAR, height=end.height, fill=colour)


def _middle(end: sankeys.End) -> float:
    return end.y + end.height / 2 + 4
