"""A file on its way in: what stands in it, what becomes of it, what would change."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from latticework.base.findings import Finding, Refused, Severity
from latticework.surfaces.imports import import_page
from latticework.surfaces.web.answer import Answer
from latticework.surfaces.web.drawing import draw
from latticework.surfaces.web.look import Look
from latticework.surfaces.web.pages.sources import (
    Count,
    list_of_sources,
    plain_look,
    source_href,
)
from latticework.surfaces.web.routes import Form, Given, deed, go, route
from latticework.surfaces.web.site import Site, kind_path
from latticework.surfaces.web.titles import titled
from latticework.views.blocks import Findings, Metric
from latticework.views.findings import first_of_each

if TYPE_CHECKING:
    from latticework.graph.graph import Graph
    from latticework.sources.proposing.sample import Sample
    from latticework.workspace.bringing import Tried
    from latticework.workspace.uploads import Upload, Uploads

ROOM = 40_000_000
"""Bytes that a form with files may have."""

FIRST = 300
"""Records of a file that a preview reads; all of them are counted when asked for."""

EACH = 5
"""How many findings of one code are drawn."""

FOLDED = 8
"""Columns without a use from which on they are folded away."""

MOST_PASTED = 2_000_000


@route("/sources/bring/{token:str}")
def bringing_page(site: Site, look: Look, given: Given) -> Answer:
    """A file on its way in: what stands in it, what becomes of it, what would change."""
    try:
        upload = _uploads(site).find(given["token"])
    except Refused:
        # A page that renews itself asks again for what was brought in meanwhile.
        return go(look.to("/sources", gone="yes"))
    recipe, words = upload.recipe, upload.words
    if not recipe:
        recipe, words = _first_draft(site, upload)
    return _bringing(site, look, upload, recipe, words, whole=look.find("whole") == "yes")


@deed("/do/sources/bring", room=ROOM)
def take_files(site: Site, look: Look, _given: Given, form: Form) -> Answer:
    """Keep what was brought for a day, and go on to what becomes of it."""
    site.refuse_past(look)
    files = [(each.name, each.data) for each in form.files]
    pasted = form.find("pasted")
    if pasted and len(pasted) <= MOST_PASTED:
        files.append((f"{form.find('called') or 'pasted'}.csv", (pasted + "\n").encode()))
    try:
        upload = _uploads(site).take(secrets.token_urlsafe(16), files, now=site.workspace.now())
        recipe, words = _first_draft(site, upload, anew=form.find("recipe"))
    except Refused as refused:
        return list_of_sources(site, look, refused.findings)
    upload.keep(recipe, words)
    return go(f"/sources/bring/{upload.token}")


@deed("/do/sources/preview")
def redraw(site: Site, look: Look, _given: Given, form: Form) -> Answer:
    """Take over what was chosen or written, and show what would come in; nothing is recorded."""
    upload = _uploads(site).find(form.find("token"))
    try:
        recipe, words = _amended(site, upload, form)
    except Refused as refused:
        recipe, words = _unix(form, "recipe"), _unix(form, "words")
        return _bringing(site, plain_look(look), upload, recipe, words, findings=refused.findings)
    upload.keep(recipe, words)
    whole = form.find("whole") == "yes"
    return _bringing(site, plain_look(look), upload, recipe, words, whole=whole)


@deed("/do/sources/apply")
def bring_in(site: Site, look: Look, _given: Given, form: Form) -> Answer:
    """Record what the recipe reads, keep the recipe, and show what came in."""
    from latticework.workspace.bringing import bring

    site.refuse_past(look)
    upload = _uploads(site).find(form.find("token"))
    recipe, words = _unix(form, "recipe"), _unix(form, "words")
    try:
        recipe, words = _amended(site, upload, form)
        upload.keep(recipe, words)
        brought = bring(
            site.workspace,
            recipe,
            words,
            upload.location,
            by=site.person(look),
            anew=form.find("anew"),
        )
    except Refused as refused:
        told = refused.findings
        return _bringing(site, plain_look(look), upload, recipe, words, findings=told, status=400)
    # The page that sent this renews itself while entries come in, and still asks for the upload.
    name = brought.imported.source
    return go(look.to(source_href(name), first=brought.first, last=brought.last))


@deed("/do/sources/forget")
def forget_upload(site: Site, look: Look, _given: Given, form: Form) -> Answer:
    """Leave what was brought, and remove it."""
    _uploads(site).find(form.find("token")).forget()
    return go(look.to("/sources"))


def _bringing(
    site: Site,
    look: Look,
    upload: Upload,
    recipe: str,
    words: str,
    *,
    whole: bool = False,
    findings: Sequence[Finding] = (),
    status: int = 200,
) -> Answer:
    from latticework.sources.proposing.gathering import told_of_left
    from latticework.sources.proposing.mapping import tables_of

    sight = site.sight(look)
    sample = _sample(site, upload)
    tried, part = _tried(site, upload, recipe, words, whole=whole)
    tables = tables_of(sample, recipe, tried.before.model) if sample else ()
    left = told_of_left(sample) if sample else ()
    told = tuple(dict.fromkeys((*findings, *left, *tried.findings)))
    values = site.frame(
        look,
        sight,
        title=f"Bring in {upload.files[0].name}",
        current="/sources",
        needs=("sources",),
        token=upload.token,
        files=[(each.name, each.stat().st_size) for each in upload.files],
        tables=tables,
        recipe=recipe,
        words=words,
        counts=_counts(look, tried),
        part=part,
        first=FIRST,
        folded=FOLDED,
        **_effect(tried),
        findings=tuple(first_of_each(told, EACH)),
        found=len(told),
        ready=tried.imported is not None and bool(tried.imported.changes) and site.writable,
        anew=tried.recipe.name if tried.recipe else "",
        taken=any(each.code == "BRING005" for each in told),
        wrong=any(each.severity is Severity.ERROR for each in findings),
    )
    return Answer(body=draw("pages/bringing.html", values), status=status)


def _effect(tried: Tried) -> dict[str, object]:
    """What would come in, in words and in its first rows."""
    if tried.imported is None:
        says = "it cannot be read by this recipe yet"
        return {"subtitle": says, "headline": "Not yet", "blocks": []}
    # What became of each kind is drawn in a line of its own.
    page = import_page(replace(tried.imported, kinds=()), each=EACH)
    drawn = (each for each in page.blocks if not isinstance(each, Findings | Metric))
    blocks = [titled(each, tried.before) for each in drawn]
    return {"subtitle": page.subtitle, "headline": page.title, "blocks": blocks}


def _tried(
    site: Site, upload: Upload, recipe: str, words: str, *, whole: bool
) -> tuple[Tried, int]:
    """What would come in, and of how many records where only the first were read."""
    from latticework.workspace.bringing import Tried, try_bringing

    counts = [site.held.count(each.read_bytes(), each.name) for each in upload.files]
    part = 0 if whole or max(counts) <= FIRST else sum(counts)
    reads = site.held.first(FIRST) if part else site.held.read
    try:
        before = _worded(site, words)
    except Refused as refused:
        return Tried(before=site.workspace.graph(), findings=refused.findings), part
    tried = try_bringing(
        site.workspace,
        recipe,
        words,
        upload.location,
        before=before,
        reads=reads,
        whole=not part,
    )
    return tried, part


def _worded(site: Site, words: str) -> Graph:
    """The company with the words that it lacks; kept for the next choice."""
    from latticework.workspace.bringing import company_with

    workspace = site.workspace
    key = (workspace.store.head().number, workspace.folder.model_text(), words)
    return site.worded.take(key, lambda: company_with(workspace, words))


def _counts(look: Look, tried: Tried) -> tuple[Count, ...]:
    """What would be new, changed or as it is, by kind."""
    if tried.imported is None or tried.recipe is None:
        return ()
    kinds = dict.fromkeys(part.kind.name for part in tried.recipe.parts)
    order = {name: at for at, name in enumerate(kinds)}
    declared = tried.before.model.kinds_by_name
    told = sorted(tried.imported.kinds, key=lambda each: order.get(each.kind, len(order)))
    return tuple(
        Count(
            name=each.kind,
            kind=declared[each.kind].many or each.kind if each.kind in declared else each.kind,
            href=look.to(kind_path(each.kind)),
            new=each.new,
            changed=each.changed,
            same=each.unchanged,
            gone=each.gone,
        )
        for each in told
    )


def _first_draft(site: Site, upload: Upload, anew: str = "") -> tuple[str, str]:
    """The kept recipe that reads such a file, else a proposal with the words it needs."""
    from latticework.workspace.bringing import draft, fitting_recipe, kept_recipes

    sample = site.held.samples(_files(upload))
    proposal = draft(site.workspace, sample)
    kept = next((each for each in kept_recipes(site.workspace) if each.name == anew), None)
    kept = kept or fitting_recipe(site.workspace, sample.name, sample.form)
    if kept is not None and anew != "-":
        return kept.file.read_text(encoding="utf-8"), ""
    return proposal.recipe, proposal.words


def _amended(site: Site, upload: Upload, form: Form) -> tuple[str, str]:
    """Both texts with what was chosen in the table."""
    from latticework.sources.proposing.mapping import remapped

    recipe, words = _unix(form, "recipe"), _unix(form, "words")
    chosen = {name: value for name, value in form.pairs if name.startswith(("use:", "word:"))}
    sample = _sample(site, upload)
    if not chosen or sample is None:
        return recipe, words
    seen = _unix(form, "seen")
    return remapped(recipe, seen, sample, _worded(site, words).model, chosen), words


def _sample(site: Site, upload: Upload) -> Sample | None:
    try:
        return site.held.samples(_files(upload))
    except Refused:
        return None


def _files(upload: Upload) -> list[tuple[str, bytes]]:
    return [(each.name, each.read_bytes()) for each in upload.files]


def _uploads(site: Site) -> Uploads:
    from latticework.workspace.uploads import Uploads

    return Uploads(site.workspace.folder.inner / "uploads")


def _unix(form: Form, name: str) -> str:
    """A text as a browser sends it, with lines that end as files' do."""
    sent = form.all(name)
    text = (sent[-1] if sent else "").replace("\r\n", "\n")
    return text if not text.strip() or text.endswith("\n") else text + "\n"
