"""The pages of who is who, and of whose value stands: conflicts, joins, splits."""

from __future__ import annotations

from collections.abc import Iterable

from latticework.analysis.likeness import likely_pairs
from latticework.base.findings import Finding, Refused
from latticework.surfaces.web.answer import Answer
from latticework.surfaces.web.drawing import draw
from latticework.surfaces.web.look import Look, path_of
from latticework.surfaces.web.routes import Form, Given, deed, go, route
from latticework.surfaces.web.site import Site
from latticework.views.named import named
from latticework.views.things import ids, things, titles_of
from latticework.views.told import shown_value
from latticework.views.wording import ago
from latticework.workspace.deciding import DECISIONS, decide
from latticework.workspace.joining import Joining, join, plan_join, split

CELL = "cell:"
"""Begins the names of the fields that settle a conflict; its key follows."""

VALUE = "value:"
TAKE = "take:"
THIRD = "third"
WORDS = 3
"""Words of a title, the longest first, by which things are sought that may be the same."""

OFFERS = 12
MOST = 200
"""Conflicts that are drawn at a time."""


@route("/conflicts")
def conflicts_page(site: Site, look: Look, _: Given) -> Answer:
    """Where a source and we say two things: decide one by one, or all alike."""
    return _conflicts(site, look)


@route("/join")
def join_page(site: Site, look: Look, _: Given) -> Answer:
    """Two things side by side before they are made one."""
    return _join(site, look, look.find("ref"), look.find("into"))


@deed("/do/decide")
def decide_conflicts(site: Site, look: Look, _given: Given, form: Form) -> Answer:
    """Settle what was chosen, in one batch; the rest goes on waiting."""
    every = form.find("all")
    chosen = {k.removeprefix(CELL): v for k, v in form.pairs if k.startswith(CELL)}
    if every in DECISIONS:
        waiting = site.workspace.conflicts(
            site.workspace.graph(branch=look.branch), branch=look.branch
        )
        chosen = {each.key: every for each in waiting[:MOST]}
    settled = {key: each for key, each in chosen.items() if each in DECISIONS}
    third = {key: form.find(VALUE + key) or None for key, each in chosen.items() if each == THIRD}
    if not settled and not third:
        return go(look.to("/conflicts"))
    try:
        by, why = site.person(look), form.find("why")
        receipt = decide(site.workspace, settled, values=third, by=by, why=why, branch=look.branch)
    except Refused as refused:
        return _conflicts(site, look, refused.findings)
    return go(look.to("/conflicts", did=str(receipt.batches[-1])))


@deed("/do/join")
def join_things(site: Site, look: Look, _given: Given, form: Form) -> Answer:
    """Make one thing of two, with the values that were chosen."""
    ref, into = form.find("ref"), form.find("into")
    take = [k.removeprefix(TAKE) for k, v in form.pairs if k.startswith(TAKE) and v == "theirs"]
    try:
        by, why = site.person(look), form.find("why")
        receipt = join(site.workspace, ref, into, take=take, by=by, why=why, branch=look.branch)
    except Refused as refused:
        return _join(site, look, ref, into, refused.findings)
    return go(look.to(path_of(into), did=str(receipt.batches[-1])))


@deed("/do/split")
def split_things(site: Site, look: Look, _given: Given, form: Form) -> Answer:
    """Make two things of one again."""
    ref, source = form.find("ref"), form.find("source")
    try:
        by, why = site.person(look), form.find("why")
        receipt = split(site.workspace, ref, source=source, by=by, why=why, branch=look.branch)
    except Refused as refused:
        return _join(site, look, ref, "", refused.findings)
    return go(look.to(path_of(ref), did=str(receipt.batches[-1])))


def _conflicts(site: Site, look: Look, findings: Iterable[Finding] = ()) -> Answer:
    sight = site.sight(look)
    found = sight.conflicts()
    titles = titles_of((each.ref for each in found), sight.graph)
    lines = [
        {
            "key": each.key,
            "ref": each.ref,
            "title": titles.get(each.ref, "") or each.ref,
            "field": each.field,
            "ours": shown_value(each.ours) or "nothing",
            "by": each.by,
            "theirs": shown_value(each.theirs) or "nothing",
            "source": each.via.source,
            "foreign": each.via.key,
            "asked": ago(each.asked, sight.now),
        }
        for each in found[:MOST]
    ]
    values = site.frame(
        look,
        sight,
        title="Conflicts",
        current="/conflicts",
        needs=("branching",),
        lines=lines,
        left=max(len(found) - MOST, 0),
        findings=tuple(findings),
        alternates=((look.to("/api/views/conflicts"), "application/json"),),
    )
    return Answer(
        body=draw("pages/conflicts.html", values), status=400 if values["findings"] else 200
    )


def _join(site: Site, look: Look, ref: str, into: str, findings: Iterable[Finding] = ()) -> Answer:
    sight = site.sight(look)
    graph = sight.graph
    told, plan = list(findings), None
    if ref and into and not told:
        try:
            plan = plan_join(graph, ref, into)
        except Refused as refused:
            told += refused.findings
    titles = titles_of((ref, into), graph)
    values = site.frame(
        look,
        sight,
        title="The same?",
        current="/join",
        needs=("branching", "joining"),
        ref=ref,
        into=into,
        titles=titles,
        plan=plan,
        lines=_differences(plan),
        offers=_offers(site, look, ref),
        findings=tuple(told),
    )
    return Answer(body=draw("pages/join.html", values), status=400 if told else 200)


def _differences(plan: Joining | None) -> list[dict[str, str]]:
    return [
        {"field": each.field, "ours": shown_value(each.ours), "theirs": shown_value(each.theirs)}
        for each in (plan.differences if plan else ())
    ]


def _offers(site: Site, look: Look, ref: str) -> list[tuple[str, str]]:
    """Things of the same kind that it may be: likely pairs first, then names that share a word."""
    graph = site.sight(look).graph
    node = graph.find(ref)
    if node is None:
        return []
    kind, title = graph.kind_of(node), things(graph, ids([node]))[0].title
    pairs = graph.keep(("web", "pairs", kind), lambda: likely_pairs(graph, kind))
    ends = zip(pairs["one"].to_list(), pairs["other"].to_list(), strict=True)
    likely = [one if other == node else other for one, other in ends if node in (one, other)]
    words = sorted(title.split(), key=len, reverse=True)[:WORDS]
    found = [n for word in words for n in named(graph, word, kinds=(kind,), most=OFFERS).tolist()]
    nodes = [each for each in dict.fromkeys((*likely, *found)) if each != node][:OFFERS]
    return [(each.ref, each.title) for each in things(graph, ids(nodes))]
