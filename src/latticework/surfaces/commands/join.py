"""Commands about who is who: join, split."""

from __future__ import annotations

import click

from latticework.surfaces.commands.shared import open_company, say
from latticework.surfaces.person import present_person


@click.command()
@click.argument("ref")
@click.argument("into", metavar="INTO")
@click.option("--take", "take", multiple=True, metavar="FIELD", help="Take REF's value of this.")
@click.option("--by", default="", metavar="NAME", help="Who says so; you, without it.")
@click.option("--why", default="", metavar="TEXT", help="The reason, kept in the journal.")
@click.option("--branch", default="main", show_default=True, help="Write on this branch.")
@click.option("--dry-run", is_flag=True, help="Show what would come together; record nothing.")
def join(
    ref: str, into: str, take: tuple[str, ...], by: str, why: str, branch: str, dry_run: bool
) -> None:
    """Say that two things are one: REF is joined INTO the other.

    INTO keeps its values and gets those that it lacks; edges of both are united.
    Later imports of either source reach the joined thing. `split` takes it apart.

      latticework join person/ana person/ana-lima --why 'one Ana'
      latticework join person/ana person/ana-lima --take title
    """
    from latticework.views.told import shown_value
    from latticework.views.wording import listed, many
    from latticework.workspace import joining

    workspace = open_company()
    plan = joining.plan_join(workspace.graph(branch=branch), ref, into, take=take)
    for each in plan.differences:
        ours, theirs = shown_value(each.ours), shown_value(each.theirs)
        kept = theirs if each.field in take else ours
        say(f"{each.field}: {ours} ({plan.into}), {theirs} ({plan.ref}); {kept} stays")
    if not dry_run:
        person = by or present_person()
        joining.join(workspace, ref, into, take=take, by=person, why=why, branch=branch)
    come = listed([*plan.filled, many(plan.edges, "edge")])
    verb = "Would join" if dry_run else "Joined"
    say(f"{verb} {plan.ref} into {plan.into}: {come} came along.")


@click.command()
@click.argument("ref")
@click.option("--source", default="", metavar="NAME", help="Split off what this source said.")
@click.option("--by", default="", metavar="NAME", help="Who says so; you, without it.")
@click.option("--why", default="", metavar="TEXT", help="The reason, kept in the journal.")
@click.option("--branch", default="main", show_default=True, help="Write on this branch.")
def split(ref: str, source: str, by: str, why: str, branch: str) -> None:
    """Take apart what was joined: REF is a thing of its own again.

    What its sources said, before and since, goes back to it. With --source, REF
    is the joined thing, and what that source said becomes a thing of its own.

      latticework split person/ana
      latticework split person/ana-lima --source jira
    """
    from latticework.views.wording import many
    from latticework.workspace import joining

    workspace = open_company()
    person = by or present_person()
    receipt = joining.split(workspace, ref, source=source, by=person, why=why, branch=branch)
    count = many(receipt.last - receipt.first + 1, "entry")
    say(f"Split off {source or ref}: {count}, up to entry {receipt.last:,}.")
