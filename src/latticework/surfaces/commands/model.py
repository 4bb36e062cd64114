"""Commands about the model: show, preview, apply, schema."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from latticework.surfaces.commands.shared import (
    DayType,
    Reading,
    company_folder,
    exit_by,
    open_company,
    reads,
    say,
    show_findings,
    show_page,
)
from latticework.surfaces.person import present_person

if TYPE_CHECKING:
    from latticework.workspace import Workspace


class _SinceType(DayType):
    """A day, an instant, or `always`."""

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """The text, once it has the shape of one of them."""
        text = str(value).strip().casefold()
        return text if text == "always" else super().convert(value, param, ctx)


SINCE = _SinceType()


@click.group()
def model() -> None:
    """Look at the company's words, and change them with care.

    Edit latticework.yaml, see what that would affect, then apply it.

      latticework model show epic
      latticework model preview
      latticework model apply --why 'initiatives are epics now'
    """


@model.command()
@click.argument("kind", default="")
@reads
def show(kind: str, reading: Reading) -> None:
    """Show kinds, links, terms and dialects; or all about one kind."""
    from latticework.surfaces.commands.views import draw_view

    draw_view("model", reading, {"kind": kind})


@model.command()
@click.argument("file", default="", type=click.Path())
@click.option("--json", "as_json", is_flag=True, help="Print rows as JSON.")
def preview(file: str, as_json: bool) -> None:
    """Say what a changed model file affects, and change nothing."""
    from latticework.surfaces.previews import preview_page

    workspace = open_company()
    text, name = _text(workspace, file)
    found = workspace.preview_model(text, name)
    show_page(preview_page(found), "json" if as_json else "")
    if as_json:
        show_findings(found.findings)
    exit_by(found.findings)


@model.command()
@click.argument("file", default="", type=click.Path())
@click.option("--by", default="", metavar="NAME", help="Who changes it; you, without it.")
@click.option("--why", default="", metavar="TEXT", help="The reason, kept in the journal.")
@click.option("--since", type=SINCE, metavar="DAY|always", help="Since when; now, without it.")
def apply(file: str, by: str, why: str, since: str | None) -> None:
    """Record the model file as the company's words from now on.

    With --since they hold since an earlier day, or since ever, and are what
    questions about the past are asked in.

      latticework model apply --why 'initiatives are epics now'
      latticework model apply --since always --why 'they always were'
    """
    workspace = open_company()
    text, name = _text(workspace, file)
    receipt = workspace.apply_model(text, name, by=by or present_person(), why=why, valid=since)
    if receipt.last < receipt.first:
        say("Nothing to record: the model says the same already.")
        return
    say(f"Applied as entry {receipt.last:,}.")


@model.command()
def schema() -> None:
    """Print a JSON Schema of model files, for editors.

    latticework model schema > latticework.schema.json
    """
    from latticework.model.json_schema import json_schema
    from latticework.surfaces.data import to_json

    say(to_json(json_schema(), indent=2))


def _text(workspace: Workspace, file: str) -> tuple[str, str]:
    """The text to read, and what to call it in findings."""
    from latticework.workspace.folder import MODEL_FILE, read_text

    path = Path(file) if file else company_folder() / MODEL_FILE
    return read_text(path), str(path)
