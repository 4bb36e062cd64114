"""The pages of branches: what is tried beside the main line, compared and merged."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from latticework.base.findings import Finding, Refused
from latticework.journal.merge import Clash
from latticework.journal.store import MAIN, Branch
from latticework.surfaces.web.answer import Answer
from latticework.surfaces.web.drawing import draw
from latticework.surfaces.web.look import Look
from latticework.surfaces.web.routes import Form, Given, deed, go, route
from latticework.surfaces.web.site import Site
from latticework.surfaces.web.titles import titled
from latticework.views.blocks import Metric
from latticework.views.diff import delta_page
from latticework.views.wording import ago, day_words

if TYPE_CHECKING:
    from latticework.views.sight import Sight

MOST = 200
"""Changed things that are drawn on a branch's page."""

KEEP = "keep:"
"""Begins the names of the fields that settle a clash; its key follows."""


@dataclass(frozen=True, kw_only=True)
class BranchLine:
    """A branch as the list draws it; `fresh` counts what its parent has not."""

    name: str
    parent: str
    why: str
    by: str
    since: str
    distance: str
    fresh: int
    merged: bool
    href: str
    read: str


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A clash as a question: two words, and the names of the branches that say them."""

    field: str
    about: str
    ref: str
    mine: str
    mine_by: str
    theirs: str
    theirs_by: str
    choosable: bool
    chosen: str


@route("/branches")
def branches_page(site: Site, look: Look, _: Given) -> Answer:
    """What is being tried beside the main line, and a form to try something."""
    return _branches(site, look)


@route("/branches/{name:str}")
def branch_page(site: Site, look: Look, given: Given) -> Answer:
    """One branch: what it changes, told; where it clashes; merge or drop it."""
    return _branch(site, look, given["name"])


@deed("/do/branch/start")
def start_branch(site: Site, look: Look, _given: Given, form: Form) -> Answer:
    """Begin a branch and read on from there."""
    name, why = form.find("name"), form.find("why")
    parent = form.find("parent") or MAIN
    try:
        begun = site.workspace.start_branch(name, parent=parent, by=site.person(look), why=why)
    except Refused as refused:
        return _branches(site, _plain(look), refused.findings, {"name": name, "why": why})
    return go(f"{form.find('back').partition('?')[0] or '/'}?branch={quote(begun.name, safe='')}")


@deed("/do/branch/merge")
def merge_branch(site: Site, look: Look, _given: Given, form: Form) -> Answer:
    """Bring a branch into its parent, each clash settled as chosen."""
    name = form.find("name")
    keep = {key.removeprefix(KEEP): value for key, value in form.pairs if key.startswith(KEEP)}
    try:
        by, why = site.person(look), form.find("why")
        receipt = site.workspace.merge(name, by=by, why=why, keep=keep)
    except Refused as refused:
        return _branch(site, _plain(look), name, refused.findings, keep)
    batch = f"?did={receipt.batches[-1]}" if receipt.batches else ""
    return go(f"/branches{batch}")


@deed("/do/branch/drop")
def drop_branch(site: Site, _look: Look, _given: Given, form: Form) -> Answer:
    """Forget a branch and what was written on it."""
    site.workspace.drop_branch(form.find("name"))
    return go("/branches")


def _plain(look: Look) -> Look:
    """The look of a page that is drawn in answer to a form."""
    return Look(path="/branches", theme=look.theme, density=look.density, who=look.who)


def _branches(
    site: Site,
    look: Look,
    findings: Iterable[Finding] = (),
    typed: dict[str, str] | None = None,
) -> Answer:
    sight = site.sight(look)
    found = site.workspace.branches()
    values = site.frame(
        look,
        sight,
        title="Branches",
        current="/branches",
        needs=("branching",),
        lines=[_line(site, sight, look, each) for each in reversed(found)],
        parents=(MAIN, *(each.name for each in found)),
        typed=typed or {},
        findings=tuple(findings),
        alternates=((look.to("/api/views/branches"), "application/json"),),
    )
    status = 400 if values["findings"] else 200
    return Answer(body=draw("pages/branches.html", values), status=status)


def _branch(
    site: Site,
    look: Look,
    name: str,
    findings: Iterable[Finding] = (),
    chosen: dict[str, str] | None = None,
) -> Answer:
    meeting = site.workspace.meet(name)
    branch = meeting.branch
    sight = site.sight(look)
    delta, graph = site.workspace.compare(name), site.workspace.graph(branch=name)
    page = delta_page(delta, title=f"What {name} changes", rows=MOST)
    told = delta.tell()
    kept = chosen or {}
    values = site.frame(
        look,
        sight,
        title=name,
        current="/branches",
        needs=("branching", "table"),
        branch=_line(site, sight, look, branch),
        told=told,
        choices=[_choice(each, kept) for each in meeting.merge.clashes],
        fresh=sum(len(each.changes) for each in meeting.merge.batches),
        metrics=[each for each in page.blocks if isinstance(each, Metric)],
        blocks=[titled(each, graph) for each in page.blocks if not isinstance(each, Metric)],
        findings=tuple(findings),
    )
    status = 400 if values["findings"] else 200
    return Answer(body=draw("pages/branch.html", values), status=status)


def _line(site: Site, sight: Sight, look: Look, each: Branch) -> BranchLine:
    head = site.workspace.store.head(each.name).number
    last = max(each.start, each.merged)
    return BranchLine(
        name=each.name,
        parent=each.parent,
        why=each.why,
        by=each.by,
        since=day_words(each.known, sight.zone),
        distance=ago(each.known, sight.now),
        fresh=max(head - last, 0),
        merged=bool(each.merged),
        href=look.to(f"/branches/{quote(each.name, safe='')}", branch=""),
        read=look.to("/", branch=each.name),
    )


def _choice(clash: Clash, kept: dict[str, str]) -> Choice:
    return Choice(
        field=KEEP + clash.key,
        about=clash.name,
        ref=clash.cell.ref,
        mine=clash.mine.shown,
        mine_by=clash.mine.by,
        theirs=clash.theirs.shown,
        theirs_by=clash.theirs.by,
        choosable=clash.choosable,
        chosen=kept.get(clash.key, ""),
    )
