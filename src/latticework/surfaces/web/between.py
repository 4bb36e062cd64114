"""The page that tells what changed between two days."""

from __future__ import annotations

from datetime import date, timedelta

from latticework.base.findings import Finding, Refused
from latticework.base.times import day_of
from latticework.surfaces.web.answer import Answer
from latticework.surfaces.web.drawing import draw
from latticework.surfaces.web.look import Look
from latticework.surfaces.web.site import Site
from latticework.views.catalogue import views
from latticework.views.page import Block, Metric

SPANS = (("a week", 7), ("a month", 30), ("a quarter", 91), ("a year", 365))
NOW = "now"
MOST = 200


def between_page(site: Site, look: Look) -> Answer:
    """Two days and perhaps a question; then sentences and tables of changes."""
    sight = site.sight(look)
    today = day_of(min(sight.graph.moment.valid, sight.now), sight.zone)
    before = look.find("from") or (today - timedelta(days=30)).isoformat()
    after = look.find("to") or look.at or NOW
    question = look.find("q")
    title, blocks, findings = "Changes", tuple[Block, ...](), tuple[Finding, ...]()
    asked = {"before": before, "after": after, "query": question}
    try:
        page = views()["diff"].build(sight, {**asked, "rows": MOST})
        title, blocks = page.title, page.blocks
        subtitle = page.subtitle
    except Refused as refused:
        findings, subtitle = refused.findings, ""
    plain = {"before": before, "after": after, "query": question}
    values = site.frame(
        look,
        sight,
        title=title,
        subtitle=subtitle,
        before=_day(before, today),
        after=_day(after, today),
        asked=question,
        spans=_spans(look, after, today),
        findings=findings,
        metrics=[block for block in blocks if isinstance(block, Metric)],
        blocks=[block for block in blocks if not isinstance(block, Metric)],
        current="/diff",
        alternates=(
            (look.to("/api/views/diff", **plain), "application/json"),
            (look.to("/api/views/diff.csv", **plain), "text/csv"),
        ),
    )
    return Answer(body=draw("pages/between.html", values), status=400 if findings else 200)


def _spans(look: Look, after: str, today: date) -> tuple[tuple[str, str], ...]:
    """Usual spans of time up to the later day."""
    end = date.fromisoformat(_day(after, today))
    return tuple(
        (words, look.here(from_=(end - timedelta(days=days)).isoformat(), to=after))
        for words, days in SPANS
        if end.toordinal() > days
    )


def _day(text: str, today: date) -> str:
    """A day for a date field; today for what is not one."""
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        return today.isoformat()
