"""The page that tells what changed between two moments: days, named ones, or branches."""

from __future__ import annotations

from datetime import date, timedelta

from latticework.base.findings import Finding, Refused
from latticework.base.times import day_of
from latticework.surfaces.web.answer import Answer
from latticework.surfaces.web.drawing import draw
from latticework.surfaces.web.look import Look
from latticework.surfaces.web.routes import Given, route
from latticework.surfaces.web.site import Site
from latticework.surfaces.web.titles import titled
from latticework.views.blocks import Metric
from latticework.views.diff import Params, delta_of, delta_page
from latticework.views.page import Page

SPANS = (("a week", 7), ("a month", 30), ("a quarter", 91), ("a year", 365))
NOW = "now"
MOST = 200
SUMMARY = 2
"""The sentences that tell of everything at once."""


@route("/diff")
def between_page(site: Site, look: Look, _: Given) -> Answer:
    """Two moments and perhaps a question; then sentences and tables of changes."""
    sight = site.sight(look)
    today = day_of(min(sight.graph.moment.valid, sight.now), sight.zone)
    before = look.find("from") or (today - timedelta(days=30)).isoformat()
    after = look.find("to") or look.at or NOW
    question = look.find("q")
    asked = {"before": before, "after": after, "query": question}
    page, told, findings = (
        Page(title="Changes", blocks=()),
        tuple[str, ...](),
        tuple[Finding, ...](),
    )
    try:
        params = Params(before=before, after=after, query=question)
        found, title = delta_of(sight, params), _title(before, after)
        page = delta_page(found, title=title, rows=MOST, about=question, asked=params)
        told = found.tell()
    except Refused as refused:
        findings = refused.findings
    values = site.frame(
        look,
        sight,
        title=page.title,
        told=told[:SUMMARY],
        sentences=told[SUMMARY:],
        before=before,
        after=after,
        asked=question,
        spans=_spans(look, after, today),
        findings=findings,
        metrics=[each for each in page.blocks if isinstance(each, Metric)],
        blocks=[titled(each, sight.graph) for each in page.blocks if not isinstance(each, Metric)],
        current="/diff",
        alternates=(
            (look.to("/api/views/diff", **asked), "application/json"),
            (look.to("/api/views/diff.csv", **asked), "text/csv"),
        ),
    )
    return Answer(body=draw("pages/between.html", values), status=400 if findings else 200)


def _title(before: str, after: str) -> str:
    return f"From {_written(before)} to {_written(after)}"


def _written(text: str) -> str:
    try:
        return f"{date.fromisoformat(text):%-d %B %Y}"
    except ValueError:
        return text


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
