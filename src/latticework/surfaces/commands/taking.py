"""Pages taken out by a command: Markdown, a sheet or a drawing, as the web gives them."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import click

from latticework.base.findings import Refused, error
from latticework.surfaces.commands.shared import Reading, seen
from latticework.surfaces.commands.views import sight_in
from latticework.surfaces.out.forms import form_of
from latticework.surfaces.out.shown import Shown, with_all_rows
from latticework.surfaces.web.look import Look
from latticework.views.catalogue import views
from latticework.views.page import Page

STANDARD_OUT = ("", "-")


def take_view(name: str, reading: Reading, chosen: Mapping[str, object]) -> Page:
    """Build the page of a view, and write it in the form that was asked for; the page."""
    view, sight = views()[name], sight_in(reading)
    page = view.build(sight, with_all_rows(view, chosen))
    asked = next((str(chosen[each]) for each in ("query", "ref") if chosen.get(each)), name)
    take(Shown(page=page, stem=name, asked=asked, sight=sight), reading)
    return page


def take(shown: Shown, reading: Reading) -> None:
    """Write a page in the form that was asked for; raises Refused (OUT005) where it cannot."""
    given = form_of(reading.form).make(shown, Look(path=""))
    made = given if isinstance(given, str | bytes) else "".join(given)
    if reading.file not in STANDARD_OUT:
        _write(Path(reading.file), made if isinstance(made, bytes) else made.encode())
    elif isinstance(made, bytes):
        sys.stdout.flush()
        sys.stdout.buffer.write(made)
    else:
        click.echo(seen(made.removesuffix("\n")), color=True)


def _write(path: Path, made: bytes) -> None:
    try:
        path.write_bytes(made)
    except OSError as problem:
        says = f"'{path}' cannot be written: {problem.strerror}"
        hint = "name a file in a folder that is there, or - for the standard output"
        raise Refused([error("OUT005", says, hint=hint, value=str(path))]) from problem
