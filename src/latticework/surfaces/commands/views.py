"""A command per view, made from its declaration."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from latticework.surfaces.commands.listed import UNLISTED
from latticework.surfaces.commands.shared import Reading, open_company, reads, show_page
from latticework.views.catalogue import views
from latticework.views.page import Page, Param, View

if TYPE_CHECKING:
    from latticework.views.sight import Sight

_OWN = "own_"
"""Begins the names of a view's options, which may be called like a reader's (`reading`)."""


@cache
def view_commands() -> dict[str, click.Command]:
    """Commands by the name of their view."""
    return {name: _command_of(each) for name, each in views().items()}


def draw_view(name: str, reading: Reading, chosen: Mapping[str, object]) -> Page:
    """Open the company, build the page, print it or write it out; the page."""
    if reading.is_taken:
        from latticework.surfaces.commands.taking import take_view

        return take_view(name, reading, chosen)
    page = views()[name].build(sight_in(reading), chosen)
    show_page(page, reading.form)
    return page


def sight_in(reading: Reading) -> Sight:
    """The company that this call is about, at the moment and on the branch it asks for."""
    from latticework.surfaces.sights import sight_of

    return sight_of(open_company(), at=reading.at, known=reading.known, branch=reading.branch)


def _command_of(view: View) -> click.Command:
    @click.command(view.name, help=view.doc, hidden=view.name in UNLISTED)
    @reads
    def command(reading: Reading, **chosen: object) -> None:
        source = click.get_current_context().get_parameter_source
        said = {n: v for n, v in chosen.items() if source(n) is not ParameterSource.DEFAULT}
        draw_view(view.name, reading, {n.removeprefix(_OWN): v for n, v in said.items()})

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
