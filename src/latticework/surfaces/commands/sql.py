"""The command that asks in SQL."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from latticework.surfaces.commands.shared import (
    Reading,
    WrongUse,
    open_company,
    pointing_into,
    reads,
    show_page,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from latticework.analysis.sql.table import SqlTable
    from latticework.views.page import Page
    from latticework.views.sight import Sight

MOST_SECONDS = 3_600


@click.command()
@click.argument("statement", required=False)
@click.option(
    "-f",
    "--file",
    "file",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True),
    metavar="FILE",
    help="Read the statement from a file; - is standard input.",
)
@click.option("--rows", default=10_000, show_default=True, help="Give at most so many rows.")
@click.option("--seconds", default=30.0, show_default=True, help="Stop after so many seconds.")
@reads
def sql(
    statement: str | None, file: str | None, rows: int, seconds: float, reading: Reading
) -> None:
    """Ask in SQL: a table per kind and link, an interface, a reading.

    Without a statement, the tables and their columns are listed. Names that
    hold spaces stand in double quotes. A value that may be a range has three
    columns: cost is the text, cost_low and cost_high are its numbers.

      latticework sql
      latticework sql "select stage, count(*), sum(cost_low) from bet group by stage"
      latticework sql 'select * from "depends on"' --csv
      latticework sql 'select * from readings' --at 2026-03-01
      latticework sql -f spend.sql --json
    """
    from latticework.analysis.sql.ask import Bounds, run_sql
    from latticework.surfaces.out.shown import MOST_DRAWN
    from latticework.surfaces.sights import sight_of
    from latticework.surfaces.sql import table_of_rows, tables_in
    from latticework.views.page import Page
    from latticework.views.wording import dotted, many

    text = _statement(statement, file)
    sight = sight_of(open_company(), at=reading.at, known=reading.known, branch=reading.branch)
    tables = tables_in(sight)
    if not text:
        _show(_tables_page(tables, sight), "", sight, reading)
        return
    bounds = Bounds(seconds=min(max(seconds, 0.1), MOST_SECONDS), rows=max(rows, 1))
    with pointing_into(text):
        found = run_sql(text, tables, bounds)
    counted = many(len(found.rows), "row") + (" of more" if found.more else "")
    page = Page(
        title="SQL",
        subtitle=dotted(counted, sight.words),
        blocks=(table_of_rows(found, sight.graph, most=MOST_DRAWN if reading.is_taken else 0),),
        data=found.to_dicts(),
    )
    _show(page, text, sight, reading)
    if reading.form and found.more:
        click.echo(f"only the first {len(found.rows):,} rows; --rows gives more", err=True)


def _tables_page(tables: Mapping[str, SqlTable], sight: Sight) -> Page:
    from latticework.surfaces.sql import tables_data, tables_table
    from latticework.views.page import Page

    listed = (tables_table(tables),)
    return Page(title="Tables", blocks=listed, data=tables_data(tables), subtitle=sight.words)


def _show(page: Page, asked: str, sight: Sight, reading: Reading) -> None:
    if not reading.is_taken:
        show_page(page, reading.form)
        return
    from latticework.surfaces.commands.taking import take
    from latticework.surfaces.out.shown import Shown

    take(Shown(page=page, stem="sql", asked=asked, sight=sight), reading)


def _statement(statement: str | None, file: str | None) -> str:
    if statement and file:
        from latticework.base.findings import error

        says = "a statement and a file are given, and only one of them can be asked"
        raise WrongUse(error("CLI009", says, hint="leave one of them out"))
    if file == "-":
        return sys.stdin.read().strip()
    if file:
        return Path(file).read_text(encoding="utf-8").strip()
    return (statement or "").strip()
