"""Removing what should never have been recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from latticework.surfaces.commands.shared import (
    ask_first,
    open_company,
    say,
)
from latticework.surfaces.person import present_person

if TYPE_CHECKING:
    from latticework.journal.changes import Entry


@click.command()
@click.argument("entries", metavar="ENTRY…", type=int, nargs=-1, required=True)
@click.option("--why", required=True, metavar="TEXT", help="The reason, kept for good.")
@click.option("--by", default="", metavar="NAME", help="Who removes it; you, without it.")
@click.option("--yes", is_flag=True, help="Do not ask first.")
def redact(entries: tuple[int, ...], why: str, by: str, yes: bool) -> None:
    """Remove the content of entries for good; the journal still verifies.

    For what law or privacy forbids to keep; `undo` is for mistakes. Numbers
    stand in `latticework show REF --json`. That the entries were there, who
    removed them and why stays. Exports and backups made before still hold it.

      latticework redact 812 813 --why 'a home address'
    """
    workspace = open_company()
    chosen = workspace.entries_to_redact(entries, why=why)
    left = [each for each in chosen if each.change is not None]
    if not left:
        say("Nothing to remove: what they held is gone already.")
        return
    if not yes:
        lines = (f"{each.number}  {_line(each)}" for each in left)
        ask_first("redact", f"Remove for good what stands in {_counted(len(left))}?", lines)
    count = workspace.redact((each.number for each in left), by=by or present_person(), why=why)
    say(f"Removed what stood in {_counted(count)}; no graph and no cache holds it any more.")


def _line(entry: Entry) -> str:
    from latticework.journal.changes import Connect, Declare, Disconnect, Move, Put, Retire
    from latticework.surfaces.text_spans import visible

    match entry.change:
        case Put(ref, fields):
            words = ["put", ref, *fields]
        case Retire(ref):
            words = ["retire", ref]
        case Move(ref, to):
            words = ["move", ref, to]
        case Connect(source, link, target):
            words = ["connect", source, link, target]
        case Disconnect(source, link, target):
            words = ["disconnect", source, link, target]
        case Declare():
            words = ["declare the model"]
        case None:
            words = ["redacted"]
    return visible(" ".join(words))


def _counted(number: int) -> str:
    return "1 entry" if number == 1 else f"{number:,} entries"
