"""The command that puts another value in the place of what a finding speaks of."""

from __future__ import annotations

import click

from latticework.surfaces.commands.shared import open_company, say
from latticework.surfaces.person import present_person


@click.command()
@click.argument("rule")
@click.argument("ref")
@click.argument("value")
@click.option("--field", default="", metavar="FIELD", help="Which field, where several are wrong.")
@click.option("--was", default=None, metavar="TEXT", help="The value that is wrong.")
@click.option("--all", "every", is_flag=True, help="Also other things of which the same is found.")
@click.option("--by", default="", metavar="NAME", help="Who mends it; you, without it.")
@click.option("--why", default="", metavar="TEXT", help="The reason, kept in the journal.")
@click.option("--branch", default="main", show_default=True, help="Write on this branch.")
def mend(
    rule: str,
    ref: str,
    value: str,
    field: str,
    was: str | None,
    every: bool,
    by: str,
    why: str,
    branch: str,
) -> None:
    """Put another VALUE in the place of what a RULE finds wrong with REF.

    In the place of a link's end stands the ref of the new one. An empty value
    takes the old one away.

      latticework mend FIELD002 bet/ferry 80k
      latticework mend STAGE001 bet/ferry Building --all
    """
    from latticework.analysis import mending
    from latticework.journal.changes import Batch
    from latticework.views.things import id_of
    from latticework.views.wording import many

    workspace = open_company()
    graph = workspace.graph(branch=branch)
    found = workspace.check(branch=branch)
    names = graph.names_of(id_of(graph, ref))
    about = (each for each in found if each.place.ref in names)
    one = mending.meant(about, rule=rule.upper(), ref=ref, field=field, was=was)
    meant = mending.alike(one, found) if every else (one,)
    changes = mending.mend(meant, value, graph)
    batch = Batch(changes=changes, by=by or present_person(), why=why or f"mends: {one.says}")
    workspace.record(batch, told=changes, branch=branch)
    say(f"Mended {many(len(meant), 'finding')} of {one.code}.")
