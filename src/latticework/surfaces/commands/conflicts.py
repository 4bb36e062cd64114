"""Command: decide."""

from __future__ import annotations

import click

from latticework.surfaces.commands.shared import open_company, say
from latticework.surfaces.person import present_person


@click.command()
@click.argument("ref", required=False, default="")
@click.argument("field", required=False, default="")
@click.option("--ours", "ours", is_flag=True, help="Our value stands.")
@click.option("--theirs", "theirs", is_flag=True, help="The source's value stands.")
@click.option("--value", default=None, metavar="TEXT", help="Neither: this one stands.")
@click.option("--all", "every", is_flag=True, help="Decide all of them alike.")
@click.option("--source", default="", metavar="NAME", help="Only what this source says.")
@click.option("--by", default="", metavar="NAME", help="Who decides; you, without it.")
@click.option("--why", default="", metavar="TEXT", help="The reason, kept in the journal.")
@click.option("--branch", default="main", show_default=True, help="Write on this branch.")
def decide(
    ref: str,
    field: str,
    ours: bool,
    theirs: bool,
    value: str | None,
    every: bool,
    source: str,
    by: str,
    why: str,
    branch: str,
) -> None:
    """Decide whose value stands where a source and we say two things.

    `conflicts` lists them. What was decided is not asked again, unless the
    source says yet another thing.

      latticework decide bet/ferry size --theirs
      latticework decide bet/ferry size --value 8
      latticework decide --all --source jira --ours
    """
    from latticework.views.wording import many
    from latticework.workspace import deciding

    if (ours + theirs + (value is not None)) != 1:
        message = "say one of --ours, --theirs and --value"
        raise click.UsageError(message)
    if not ref and not every:
        message = "name a thing, or decide --all of them"
        raise click.UsageError(message)
    workspace = open_company()
    waiting = workspace.conflicts(workspace.graph(branch=branch), branch=branch)
    found = deciding.chosen(waiting, ref=ref, field=field, source=source)
    decision = deciding.THEIRS if theirs else deciding.OURS
    deciding.decide(
        workspace,
        {each.key: decision for each in found} if value is None else {},
        values={each.key: value for each in found} if value is not None else {},
        by=by or present_person(),
        why=why,
        branch=branch,
    )
    say(f"Decided {many(len(found), 'field')}; {many(len(waiting) - len(found), 'field')} to go.")
