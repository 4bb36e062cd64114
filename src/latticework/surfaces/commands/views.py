"""A command per view, made from its declaration."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import click

from latticework.surfaces.commands.shared import Reading, open_company, reads, show_page
from latticework.views.catalogue import views
from latticework.views.page import Page, Param, View

UNLISTED = frozenset({"ask", "thing", "findings", "diff", "model", "branches"})
"""Views that a command of another shape draws; by their own name they work too."""

_OWN = "own_"
"""Begins the names of a view's options, which may be called like a reader's (`reading`)."""


@cache
def view_commands() -> dict[str, click.Command]:
    """Commands by the name of their view."""
    return {name: _command_of(each) for name, each in views().items()}


def draw_view(name: str, reading: Reading, chosen: Mapping[str, object]) -> None:
    """Open the company, build the page, print it."""
    show_page(page_of(name, reading, chosen), reading.form)


def page_of(name: str, reading: Reading, chosen: Mapping[str, object]) -> Page:
    """The page of a view of the company that this call is about."""
    from latticework.surfaces.sights import sight_of

    sight = sight_of(open_company(), at=reading.at, known=reading.known, branch=reading.branch)
    return views()[name].build(sight, chosen)


def _command_of(view: View) -> click.Command:
    @click.command(view.name, help=view.doc, hidden=view.name in UNLISTED)
    @reads
    def command(reading: Reading, **chosen: object) -> None:
        said = {name.removeprefix(_OWN): v for name, v in chosen.items() if v is not None}
        draw_view(view.name, reading, said)

    command.params[:0] = _params(view)
    return command


def _params(view: View) -> list[click.Parameter]:
    placed = sorted((each for each in view.params if each.position), key=lambda p: p.position)
    return [
        *(click.Argument([each.name], type=each.type, required=each.required) for each in placed),
        *(_option(each) for each in view.params if not each.position),
    ]


def _option(param: Param) -> click.Option:
    names = [f"--{param.name.replace('_', '-')}", f"{_OWN}{param.name}"]
    if param.type is bool:
        return click.Option(names, is_flag=True, default=param.default, help=param.says)
    shown = param.default not in ("", 0)
    return click.Option(
        names, type=param.type, default=param.default, show_default=shown, help=param.says
    )
