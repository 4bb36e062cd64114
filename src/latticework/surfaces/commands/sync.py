"""The command that keeps every source up to date: sync."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from latticework.base.findings import has_errors
from latticework.surfaces.commands.shared import (
    FOUND_ERRORS,
    open_company,
    say,
    show_findings,
    show_page,
)

if TYPE_CHECKING:
    from latticework.base.times import Instant
    from latticework.workspace import Workspace
    from latticework.workspace.syncing import Synced

BY = "sync"
LONGEST_SLEEP = 60.0
"""Seconds after which is looked again: a recipe may have come, or another process synced."""


@click.command()
@click.option("--all", "every", is_flag=True, help="Sync all, whether due or not.")
@click.option("--show", is_flag=True, help="Show how the sources fare; fetch nothing.")
@click.option("--json", "as_json", is_flag=True, help="With --show: print rows as JSON.")
@click.option("--watch", is_flag=True, help="Go on, and sync whatever becomes due.")
@click.option("--turns", default=0, metavar="N", help="With --watch: end after so many looks.")
def sync(every: bool, show: bool, as_json: bool, watch: bool, turns: int) -> None:
    """Fetch and import whatever is due, by the recipes in recipes/.

    A recipe is due by its 'every:'. Each source has its turn, whatever goes
    wrong with another; two processes never fetch one source at a time.

      latticework sync
      latticework sync --show
      latticework sync --watch
    """
    workspace = open_company()
    if show:
        from latticework.surfaces.syncs import states_page
        from latticework.workspace.syncing import sync_states

        show_page(states_page(sync_states(workspace), workspace.now()), "json" if as_json else "")
        return
    failed = _turn(workspace, every=every)
    turn = 1
    while watch and (not turns or turn < turns):
        time.sleep(_pause(workspace))
        failed = _turn(workspace, every=False)
        turn += 1
    if failed:
        click.get_current_context().exit(FOUND_ERRORS)


def _turn(workspace: Workspace, *, every: bool) -> bool:
    """Sync what is due, and say so; whether something went wrong."""
    from latticework.surfaces.outside import present_world
    from latticework.workspace.syncing import sync_due

    outside = present_world(workspace.now, says=lambda text: say(text, err=True))
    synced = sync_due(workspace, outside=outside, by=BY, every=every)
    # Each has its turn, whatever went wrong with those before.
    return True in [_said(each) for each in synced]


def _said(synced: Synced) -> bool:
    """A line for a sync, with its findings where it went wrong; whether it did."""
    if synced.imported is None:
        show_findings(synced.findings)
        return True
    from latticework.views.wording import many

    things = synced.recording.things if synced.recording else 0
    told = f"{many(things, 'thing')} fetched, {many(synced.imported.changes, 'change')} recorded"
    say(f"{synced.source}: {told}, {many(len(synced.findings), 'finding')}")
    return has_errors(synced.findings)


def _pause(workspace: Workspace) -> float:
    """Seconds until something is due, but not so long that news are missed."""
    from latticework.workspace.syncing import next_due

    return pause_until(next_due(workspace), workspace.now())


def pause_until(due: Instant | None, now: Instant) -> float:
    """Seconds to sleep before the next look."""
    if due is None:
        return LONGEST_SLEEP
    return min(max((due - now) / 1_000_000, 1.0), LONGEST_SLEEP)
