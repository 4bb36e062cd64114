"""The page of findings: what is wrong or surprising, to be mended or accepted for a while."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from latticework.analysis.mending import alike, meant, mend, sameness
from latticework.base.findings import Finding, Refused, Severity, error
from latticework.base.times import day_of, parse_instant
from latticework.surfaces.web.answer import Answer
from latticework.surfaces.web.drawing import draw
from latticework.surfaces.web.look import Look
from latticework.surfaces.web.pages.view import NOTHING_YET, chosen_of, view_of
from latticework.surfaces.web.routes import Form, Given, deed, go, route
from latticework.surfaces.web.site import Site, waiting_of
from latticework.views.page import Page
from latticework.views.sight import Sight
from latticework.views.things import id_of

USUAL_DAYS = 30
"""How long a silence lasts unless another end is given."""


@dataclass(frozen=True, kw_only=True)
class Chip:
    """A severity and how many findings have it."""

    word: str
    count: int
    href: str
    chosen: bool


@route("/findings")
def findings_page(site: Site, look: Look, _: Given) -> Answer:
    """What every rule found, worst first; each with what to do, or silenced with a reason."""
    return _findings(site, look)


@deed("/do/mend")
def mend_finding(site: Site, look: Look, _given: Given, form: Form) -> Answer:
    """Put another value in the place of what a finding speaks of, or of all alike."""
    try:
        site.refuse_past(look)
        sight = site.sight(look)
        found = _asked_for(sight, form)
        changes = mend(found, form.find("value"), sight.graph)
        receipt = site.record(look, changes, why=f"mends: {found[0].says}")
    except Refused as refused:
        return _findings(site, look, refused.findings)
    return go(look.to("/findings", did=receipt.batches[-1] if receipt.batches else ""))


def _asked_for(sight: Sight, form: Form) -> tuple[Finding, ...]:
    """The finding that a form speaks of, or all alike; raises Refused (MEND002) without one."""
    ref, about = form.find("ref"), sight.findings_about(id_of(sight.graph, form.find("ref")))
    words = {"rule": form.find("rule"), "field": form.find("field"), "was": form.find("was")}
    found = meant(about, ref=ref, **words)
    return alike(found, sight.findings()) if form.find("all") else (found,)


@deed("/do/silence")
def silence_finding(site: Site, look: Look, _given: Given, form: Form) -> Answer:
    """Accept a rule's findings until a day, of some things or of all, with a reason."""
    back = form.find("back") or "/findings"
    zone, why = site.workspace.zone, form.find("why")
    try:
        site.refuse_past(look)
        if not why:
            hint = "say why it may stay, for whoever comes upon it later"
            raise Refused([error("WEB023", "a silence needs a reason", hint=hint)])
        until = day_of(parse_instant(form.find("until"), zone), zone)
        code, by = form.find("rule").upper(), site.person(look)
        about = form.find("of").split()
        site.workspace.silence(code, of=about, why=why, until=until, by=by)
    except Refused as refused:
        plain = Look(path="/findings", theme=look.theme, density=look.density, who=look.who)
        return _findings(site, plain, refused.findings)
    return go(back)


def _findings(site: Site, look: Look, wrong: Iterable[Finding] = ()) -> Answer:
    sight = site.sight(look)
    view = view_of("findings")
    told = list(wrong)
    page = Page(title="Findings", blocks=())
    try:
        page = view.build(sight, chosen_of(view, look))
    except Refused as refused:
        told.extend(refused.findings)
    today = day_of(sight.now, sight.zone)
    values = site.frame(
        look,
        sight,
        title="Findings",
        subtitle=page.subtitle,
        current="/findings",
        needs=("findings",),
        waiting=waiting_of(sight),
        chips=_chips(sight.findings(), look),
        blocks=list(page.blocks),
        wrong=tuple(told),
        narrowed=bool(look.find("rule") or look.find("ref")),
        can_silence=not look.at and look.branch == "main",
        silences=sorted(sight.graph.model.silences, key=lambda each: each.until),
        today=today,
        first_end=(today + timedelta(days=1)).isoformat(),
        model=sight.graph.model,
        alike=Counter(sameness(each) for each in sight.findings()),
        usual_end=(today + timedelta(days=USUAL_DAYS)).isoformat(),
        alternates=((look.to("/api/views/findings"), "application/json"),),
    )
    bad = any(each.code not in NOTHING_YET for each in told)
    return Answer(body=draw("pages/findings.html", values), status=400 if bad else 200)


def _chips(found: Iterable[Finding], look: Look) -> tuple[Chip, ...]:
    """The severities there are; each chooses itself and worse."""
    counts = Counter(each.severity for each in found)
    chosen = look.find("severity")
    return tuple(
        Chip(
            word=each.word,
            count=counts[each],
            chosen=each.word == chosen,
            href=look.here(severity="" if each.word == chosen else each.word),
        )
        for each in sorted(Severity, reverse=True)
        if counts[each]
    )
