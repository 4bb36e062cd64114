"""Commands that ask: ask, explain, show, diff, check."""

from __future__ import annotations

import sys

import click

from latticework.base.findings import Severity
from latticework.surfaces.commands.shared import (
    DAY,
    FOUND_ERRORS,
    Reading,
    open_company,
    pointing_into,
    reads,
    say,
)


@click.command()
@click.argument("query", nargs=-1, required=True)
@click.option("--rows", default=None, type=int, help="Draw so many rows; 0 draws all.")
@reads
def ask(query: tuple[str, ...], rows: int | None, reading: Reading) -> None:
    """Ask which things are so, in a sentence.

      latticework ask bet where stage is active and serves nothing
      latticework ask 'team where count(depends on) > 3 sort by cost descending'
      latticework ask 'epic changed since 2026-09-30 show title, owner' --json

    Quote the query where it holds characters that the shell takes: < > ( ) *

    A terminal shows the first 50 rows; pipes, --json and --csv get all.
    """
    from latticework.surfaces.commands.views import draw_view

    text = " ".join(query)
    with pointing_into(text):
        draw_view("ask", reading, {"query": text, **_rows(rows, reading)})


@click.command()
@click.argument("query", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print query and words as JSON.")
def explain(query: tuple[str, ...], as_json: bool) -> None:
    """Say in words how a query is understood.

    latticework explain 'epic serving+ pillar/growth where due in 2026-Q4'
    """
    text = " ".join(query)
    with pointing_into(text):
        words = open_company().explain(text)
    if as_json:
        from latticework.surfaces.data import to_json

        words = to_json({"query": text, "says": words})
    say(words)


@click.command()
@click.argument("ref", nargs=-1, required=True)
@click.option("--rows", default=None, type=int, help="Draw so many per link; 0 draws all.")
@click.option("--sources", is_flag=True, help="Say of each value since when, by whom, from where.")
@reads
def show(ref: tuple[str, ...], rows: int | None, sources: bool, reading: Reading) -> None:
    """Show one thing: fields, links both ways, history, findings.

    The thing is named by its ref, by a ref it once had, by the beginning of
    its ref where only one begins so, or by its title.

      latticework show bet/night-ferry
      latticework show Night ferry --at 2026-03-01
      latticework show bet/night-ferry --sources
    """
    from latticework.surfaces.commands.views import draw_view

    chosen: dict[str, object] = {"ref": " ".join(ref), "sources": sources}
    draw_view("thing", reading, chosen if rows is None else {**chosen, "rows": rows})


@click.command()
@click.argument("before", metavar="FROM", type=DAY)
@click.argument("after", metavar="TO", type=DAY)
@click.argument("query", nargs=-1)
@click.option("--what", default="", help="Only one class: new, cut, restaged, moved …")
@click.option("--told", is_flag=True, help="Tell it in sentences.")
@click.option("--rows", default=None, type=int, help="Draw so many things; 0 draws all.")
@reads
def diff(
    before: str,
    after: str,
    query: tuple[str, ...],
    what: str,
    told: bool,
    rows: int | None,
    reading: Reading,
) -> None:
    """Tell what changed between two days.

    A query narrows it to the things that answer on either day. A moment that has
    a name may stand for a day, and another branch for the first.

      latticework diff 2026-01-01 now
      latticework diff 'the plan' now --what new
      latticework diff main now --branch what-if
      latticework diff 2026-03-01 2026-06-01 'bet where stage is active'
    """
    from latticework.surfaces.commands.views import draw_view

    text = " ".join(query)
    chosen = {"before": before, "after": after, "query": text, "what": what, "told": told}
    with pointing_into(text):
        draw_view("diff", reading, {**chosen, **_rows(rows, reading)})


@click.command()
@click.option("--rule", default="", help="Only findings of this code.")
@click.option("--ref", default="", help="Only findings about this thing.")
@click.option("--severity", default="notice", show_default=True, help="This severity and worse.")
@click.option("--each", default=None, type=int, help="Draw so many per rule; 0 draws all.")
@reads
def check(rule: str, ref: str, severity: str, each: int | None, reading: Reading) -> None:
    """Find what is wrong or surprising; ends with 1 where there are errors.

    latticework check
    latticework check --rule BET001 --json
    """
    from latticework.surfaces.commands.views import draw_view

    drawn = {} if each is None else {"each": each}
    page = draw_view("findings", reading, {"rule": rule, "ref": ref, "severity": severity, **drawn})
    if any(row["severity"] == Severity.ERROR.word for row in page.data):
        click.get_current_context().exit(FOUND_ERRORS)


def _rows(given: int | None, reading: Reading) -> dict[str, object]:
    """What was asked for; else 50 on a terminal, all in a pipe, and all that may go out."""
    if given is not None:
        return {"rows": given}
    if reading.is_taken:
        return {}
    return {"rows": 50 if sys.stdout.isatty() else 0}
