"""Calls that give rows: of any query, page by page; of any view, all at once."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any

from msgspec import Meta, Struct

from latticework.base.findings import Refused, error
from latticework.base.times import FOREVER, Instant, day_of, format_instant
from latticework.surfaces.data import csv_lines, rows_in_turn
from latticework.surfaces.web.answer import CSV, Flow, NotThere, flow_of
from latticework.surfaces.web.api.call import Asked, Moment, Nothing, call
from latticework.surfaces.web.api.cursor import Cursor, cursor_of, question_of
from latticework.surfaces.web.api.shapes import FindingGiven
from latticework.surfaces.web.api.trouble import findings_given
from latticework.surfaces.web.look import MOMENT_PARAMS, Look
from latticework.views.blocks import Metric
from latticework.views.catalogue import views
from latticework.views.numbers import numbers_of
from latticework.views.wording import listed

if TYPE_CHECKING:
    from latticework.query.rows import Rows
    from latticework.surfaces.web.site import Site
    from latticework.views.page import Page
    from latticework.views.sight import Sight

MOST_AT_ONCE = 10_000
MOST_ROWS = 200_000
MOST_NUMBERS = 1000
_CSV_ENDING = ".csv"

Row = dict[str, Any]
"""A row holds any JSON."""


class Question(Moment, frozen=True, kw_only=True):
    """A query, how many rows at once, and where to go on (`next` of the answer before)."""

    q: Annotated[str, Meta(description="A question in the query language.")] = ""
    most: Annotated[int, Meta(ge=1, le=MOST_AT_ONCE)] = 1000
    cursor: Annotated[str, Meta(max_length=1000)] = ""


class WholeQuestion(Moment, frozen=True, kw_only=True):
    """A query, all of whose rows are given."""

    q: str = ""


class MomentGiven(Struct, frozen=True, kw_only=True):
    """What an answer speaks of: instants, the last entry, the branch.

    `valid` null is all that was said of any time, `known` null all that is known.
    """

    valid: str | None
    known: str | None
    entry: int
    branch: str


class RowsGiven(MomentGiven, frozen=True, kw_only=True):
    """Rows in their order; `total` counts them without the query's own limit.

    `next` leads to the rows after these, null after the last. Rows read by
    following it are those of one moment, whatever is recorded meanwhile.
    """

    title: str
    count: int
    total: int
    rows: list[Row]
    groups: list[Row] | None
    findings: list[FindingGiven]
    next: str | None


class NumberGiven(Struct, frozen=True, kw_only=True):
    """A number as the view shows it, and the call that says what it is made of.

    `label` is what it is called, or the title of the table in which it stands.
    """

    number: str
    label: str
    note: str
    why: str | None


class ViewGiven(MomentGiven, frozen=True, kw_only=True):
    """A view's rows; `more` where there are further ones than are given.

    `numbers` are those that the view shows and that can say why, at most 1,000.
    """

    title: str
    count: int
    total: int
    more: bool
    rows: list[Row]
    numbers: list[NumberGiven]


@call("GET /api/ask", given=Question, gives=RowsGiven)
def ask_rows(asked: Asked[Question, Struct]) -> RowsGiven:
    """The rows that answer a query, so many at once."""
    given = asked.given
    if not given.q.strip():
        hint = "write it after '?q=', as in /api/ask?q=bet"
        raise Refused([error("API008", "no question was asked", hint=hint)])
    cursor, rows = _found(asked.site, asked.look, given)
    part = rows.part(cursor.skip, given.most)
    records: list[Row] = [dict(row) for row in part]
    ahead = cursor.after(len(records))
    return RowsGiven(
        valid=_when(rows.moment.valid),
        known=_when(rows.moment.known),
        entry=cursor.number,
        branch=asked.look.branch,
        title=given.q.strip(),
        count=len(records),
        total=rows.total,
        rows=records,
        groups=None if rows.groups is None else [dict(row) for row in rows.groups.to_dicts()],
        findings=findings_given(rows.findings),
        next=ahead.text if records and ahead.skip < len(rows) else None,
    )


@call("GET /api/ask.csv", given=WholeQuestion, gives="text/csv")
def ask_rows_csv(asked: Asked[WholeQuestion, Struct]) -> Flow:
    """All rows that answer a query, as CSV."""
    sight = asked.site.sight(asked.look)
    return _csv(views()["ask"].build(sight, {"query": asked.given.q}), "ask")


@call("GET /api/views/{name}", given=None, gives=ViewGiven)
def view_rows(asked: Asked[Nothing, Struct]) -> ViewGiven | Flow:
    """The rows of any view; `.csv` after its name gives them as CSV."""
    whole = asked.path["name"]
    name = whole.removesuffix(_CSV_ENDING)
    view = views().get(name)
    if view is None:
        hint = f"the views are: {listed(views())}"
        raise NotThere(error("WEB001", f"no view is called '{name}'", hint=hint, value=name))
    chosen = {key: value for key, value in asked.look.query if key not in MOMENT_PARAMS}
    sight = asked.site.sight(asked.look)
    page = view.build(sight, chosen)
    if whole.endswith(_CSV_ENDING):
        return _csv(page, name)
    rows: list[Row] = [dict(row) for row in islice(page.data, MOST_ROWS + 1)]
    more = len(rows) > MOST_ROWS
    given = rows[:MOST_ROWS]
    total = getattr(page.data, "total", None)
    moment = moment_given(sight)
    return ViewGiven(
        valid=moment.valid,
        known=moment.known,
        entry=moment.entry,
        branch=moment.branch,
        title=page.title,
        count=len(given),
        total=total if isinstance(total, int) else len(rows),
        more=more,
        rows=given,
        numbers=list(islice(_numbers(page, asked.look), MOST_NUMBERS)),
    )


def _numbers(page: Page, look: Look) -> Iterator[NumberGiven]:
    """Every number that a page shows in large, and every further one that can say why."""
    for block in page.blocks:
        if isinstance(block, Metric):
            why = f"/api{look.why(block.why)}" if block.why else None
            yield NumberGiven(number=block.value, label=block.label, note=block.note, why=why)
            continue
        title = getattr(block, "title", "")
        for number, leads in numbers_of([block]):
            why = f"/api{look.why(leads)}"
            yield NumberGiven(number=number, label=title, note="", why=why)


def moment_given(sight: Sight) -> MomentGiven:
    """The moment that a sight is of."""
    moment = sight.graph.moment
    return MomentGiven(
        valid=_when(moment.valid),
        known=_when(moment.known),
        entry=sight.graph.head,
        branch=sight.branch,
    )


def _found(site: Site, look: Look, given: Question) -> tuple[Cursor, Rows]:
    """Where to begin, and all rows of the moment that is pinned."""
    from latticework.query.ask import ask

    head = site.workspace.store.head(look.branch)
    line = f"{head.code}.{head.redactions}"
    question = question_of(given.q, look.at, look.known, look.branch)
    if given.cursor:
        cursor = cursor_of(given.cursor, question)
        if cursor.line != line or cursor.number > head.number:
            says = "what this cursor was given for is there no more"
            hint = "begin again without 'cursor'"
            raise Refused([error("API007", says, hint=hint)])
    else:
        graph = site.sight(look).graph
        moment = graph.moment
        cursor = Cursor(
            question=question,
            number=graph.head,
            valid=moment.valid,
            known=moment.known,
            line=line,
            skip=0,
        )

    def make() -> Rows:
        graph = site.workspace.pinned(cursor.valid, cursor.known, cursor.number, branch=look.branch)
        today = day_of(min(cursor.valid, site.workspace.now()), site.workspace.zone)
        return ask(graph, given.q, today=today)

    key = (look.branch, line, cursor.number, cursor.valid, cursor.known, given.q)
    return cursor, site.pinned(key, make)


def _when(instant: Instant) -> str | None:
    return None if instant >= FOREVER else format_instant(instant)


def _csv(page: Page, name: str) -> Flow:
    """A page's rows as CSV."""
    lines = (f"{line}\r\n" for line in csv_lines(rows_in_turn(page.data)))
    headers = {"content-disposition": f'attachment; filename="{name}.csv"'}
    return flow_of(lines, type_=CSV, headers=headers)
