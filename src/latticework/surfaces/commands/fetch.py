"""The command that asks a tracker: fetch."""

from __future__ import annotations

import click

from latticework.surfaces.commands.shared import (
    DAY,
    exit_by,
    open_company,
    say,
    show_page,
)
from latticework.surfaces.person import present_person


@click.command()
@click.argument("recipe")
@click.option("--full", is_flag=True, help="Ask for everything, and begin anew.")
@click.option("--since", type=DAY, metavar="DAY", help="Ask for what changed since then.")
@click.option(
    "--believe", is_flag=True, help="With --full: what is not named is gone, however much."
)
@click.option("--dry-run", is_flag=True, help="Show what would change; keep and record nothing.")
@click.option("--by", default="", metavar="NAME", help="Who imports; you, without it.")
@click.option("--each", default=5, show_default=True, help="Draw so many findings of a code.")
def fetch(
    recipe: str, full: bool, since: str | None, believe: bool, dry_run: bool, by: str, each: int
) -> None:
    """Ask the tracker that a recipe names, and import what is new.

    RECIPE is a file, or the name of one in the company's recipes/. What the
    tracker said is kept in recordings/, without the token; the same import is
    done again with: latticework import RECIPE --from RECORDING.

      latticework fetch recipes/pier.yaml --dry-run
      latticework fetch pier
      latticework fetch pier --full
    """
    from latticework.surfaces.outside import present_world
    from latticework.surfaces.progress import Bar
    from latticework.surfaces.syncs import synced_page
    from latticework.workspace.moments import moment_of
    from latticework.workspace.syncing import Wanted, find_recipe, sync, try_sync

    workspace = open_company()
    named = workspace.model.moments
    when = moment_of(since, None, now=workspace.now(), zone=workspace.zone, named=named)
    wanted = Wanted(whole=full, since=when.valid if since else None, believe=believe)
    outside = present_world(workspace.now, says=lambda text: say(text, err=True))
    with Bar(f"Fetching by {recipe}") as bar:
        synced = (try_sync if dry_run else sync)(
            workspace,
            find_recipe(workspace, recipe),
            outside=outside,
            wanted=wanted,
            by=by or present_person(),
            progress=bar.advance,
        )
    show_page(synced_page(synced, each=each))
    exit_by(synced.findings)
