"""Commands about branches: list, start, compare, merge, drop."""

from __future__ import annotations

import click

from latticework.surfaces.commands.shared import (
    Reading,
    open_company,
    reads,
    say,
    show_page,
)
from latticework.surfaces.person import present_person


@click.group()
def branch() -> None:
    """Try something without touching the main line, and merge it later.

    latticework branch start merge-teams --why 'one team for both ports'
    latticework retire team/north --branch merge-teams
    latticework branch compare merge-teams
    latticework branch merge merge-teams
    """


@branch.command("list")
@reads
def list_(reading: Reading) -> None:
    """List the branches, with who started them and why."""
    from latticework.surfaces.commands.views import draw_view

    draw_view("branches", reading, {})


@branch.command()
@click.argument("name")
@click.option("--from", "parent", default="main", show_default=True, help="Start from this one.")
@click.option("--by", default="", metavar="NAME", help="Who starts it; you, without it.")
@click.option("--why", default="", metavar="TEXT", help="What it is to try.")
def start(name: str, parent: str, by: str, why: str) -> None:
    """Start a branch from the present end of another."""
    workspace = open_company()
    begun = workspace.start_branch(name, parent=parent, by=by or present_person(), why=why)
    say(f"Started {begun.name} from {begun.parent} at entry {begun.start:,}.")
    say(f"Write on it with: latticework put REF FIELD=VALUE --branch {begun.name}")


@branch.command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print rows as JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="Print rows as CSV.")
def compare(name: str, as_json: bool, as_csv: bool) -> None:
    """Tell what a branch has that its parent has not."""
    from latticework.views.diff import delta_page

    delta = open_company().compare(name)
    form = "json" if as_json else "csv" if as_csv else ""
    show_page(delta_page(delta, title=f"What {name} changes", rows=0), form)


@branch.command()
@click.argument("name")
@click.option("--by", default="", metavar="NAME", help="Who merges; you, without it.")
@click.option("--why", default="", metavar="TEXT", help="The reason, kept in the journal.")
@click.option("--keep", default="", metavar="BRANCH", help="Whose word holds where both spoke.")
def merge(name: str, by: str, why: str, keep: str) -> None:
    """Bring a branch's changes into its parent; conflicts are refused and said.

    With --keep they are settled: by the branch's own name its word holds, by
    its parent's name the parent's. To settle them one by one, use the pages.
    """
    from latticework.views.wording import many

    workspace = open_company()
    kept = {each.key: keep for each in workspace.meet(name).merge.clashes} if keep else {}
    receipt = workspace.merge(name, by=by or present_person(), why=why, keep=kept)
    count = max(receipt.last - receipt.first + 1, 0)
    say(f"Merged {name}: {many(count, 'entry')}, up to entry {receipt.last:,}.")


@branch.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
def drop(name: str, yes: bool) -> None:
    """Forget a branch and all that was written on it."""
    if not yes:
        click.confirm(f"Forget branch {name} and its entries?", abort=True, err=True)
    open_company().drop_branch(name)
    say(f"Dropped {name}.")
