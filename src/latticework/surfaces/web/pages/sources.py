"""Sources: recipes and how they fare, and a way to bring work in from a file."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING
from urllib.parse import quote

from latticework.base.findings import Finding, Refused, Severity, error
from latticework.base.times import Instant
from latticework.surfaces.imports import import_page
from latticework.surfaces.web.answer import Answer, NotThere
from latticework.surfaces.web.drawing import draw
from latticework.surfaces.web.look import Look
from latticework.surfaces.web.routes import Form, Given, deed, go, route
from latticework.surfaces.web.site import Site, kind_path
from latticework.surfaces.web.titles import titled
from latticework.views.blocks import Findings, Metric
from latticework.views.catalogue import views
from latticework.views.findings import first_of_each
from latticework.views.wording import ago, day_words, many, plural_of

if TYPE_CHECKING:
    from latticework.graph.graph import Graph
    from latticework.sources.proposing.sample import Sample
    from latticework.views.sight import Sight
    from latticework.workspace.bringing import KeptRecipe, Tried
    from latticework.workspace.sync_state import SyncState
    from latticework.workspace.uploads import Upload, Uploads

ROOM = 40_000_000
"""Bytes that a form with files may have."""

FIRST = 300
"""Records of a file that a preview reads; all of them are counted when asked for."""

PATIENCE = 5.0
"""Seconds for which a page waits for a fetch; then it shows how the fetch fares."""

EACH = 5
"""How many findings of one code are drawn."""

MAPPED = 150
"""Things from which on a map is a cloud."""

MOST_PASTED = 2_000_000


@dataclass(frozen=True, kw_only=True)
class SourceLine:
    """A recipe as the list draws it."""

    name: str
    href: str
    reads: str
    kinds: str
    things: int
    last: str
    when: str
    findings: tuple[Finding, ...]
    state: StateLine | None


@dataclass(frozen=True, kw_only=True)
class StateLine:
    """How a source that is fetched fares, in words."""

    fetcher: str
    lag: str
    due: str
    last: str
    news: str
    running: bool
    failed: bool
    findings: tuple[Finding, ...]


@dataclass(frozen=True, kw_only=True)
class Count:
    """How many things of a kind would be new, changed, as they are, or gone."""

    name: str
    kind: str
    href: str
    new: int
    changed: int = 0
    same: int = 0
    gone: int = 0


@route("/sources")
def sources_page(site: Site, look: Look, _: Given) -> Answer:
    """Where work comes from: recipes, how they fare, and a way to bring more in."""
    return _sources(site, look)


@route("/sources/{name:str}")
def source_page(site: Site, look: Look, given: Given) -> Answer:
    """One recipe: its text, what it brought last, and how to bring in more by it."""
    return _source(site, look, given["name"])


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
        return _sources(site, look, refused.findings)
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
        return _bringing(site, _plain(look), upload, recipe, words, findings=refused.findings)
    upload.keep(recipe, words)
    whole = form.find("whole") == "yes"
    return _bringing(site, _plain(look), upload, recipe, words, whole=whole)


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
        return _bringing(site, _plain(look), upload, recipe, words, findings=told, status=400)
    # The page that sent this renews itself while entries come in, and still asks for the upload.
    name = brought.imported.source
    return go(look.to(_href(name), first=brought.first, last=brought.last))


@deed("/do/sources/undo")
def undo_import(site: Site, look: Look, _given: Given, form: Form) -> Answer:
    """Take back all that an import recorded."""
    from latticework.workspace.bringing import take_back

    site.refuse_past(look)
    name = form.find("source")
    first, last = (_number(form.find(word)) for word in ("first", "last"))
    try:
        take_back(site.workspace, first, last, name, by=site.person(look))
    except Refused as refused:
        return _source(site, _plain(look), name, refused.findings)
    return go(look.to("/sources", back=name))


@deed("/do/sources/forget")
def forget_upload(site: Site, look: Look, _given: Given, form: Form) -> Answer:
    """Leave what was brought, and remove it."""
    _uploads(site).find(form.find("token")).forget()
    return go(look.to("/sources"))


@deed("/do/sources/sync")
def sync_now(site: Site, look: Look, _given: Given, form: Form) -> Answer:
    """Fetch what is new by a kept recipe, and import it; a long fetch goes on by itself."""
    site.refuse_past(look)
    name = form.find("source")
    kept = {each.source: each for each in _states(site).values()}
    if name not in kept:
        hint = "say in its recipe under 'fetch:' whom to ask"
        raise Refused([error("BRING009", f"'{name}' is not fetched", hint=hint, value=name)])
    first = site.workspace.store.head().number + 1
    fetching = _Fetching(site, kept[name].recipe, site.person(look))
    fetching.start()
    fetching.join(PATIENCE)
    if fetching.is_alive():
        return go(look.to(_href(name), fetched="begun"))
    if fetching.findings:
        return _source(site, _plain(look), name, fetching.findings)
    last = site.workspace.store.head().number
    if last < first:
        return go(look.to(_href(name), fetched="same"))
    return go(look.to(_href(name), first=first, last=last))


class _Fetching(Thread):
    """A fetch beside the pages; `findings` say why it did not go through."""

    def __init__(self, site: Site, recipe: Path, by: str) -> None:
        super().__init__(name="fetch", daemon=True)
        self.findings: tuple[Finding, ...] = ()
        self._site, self._recipe, self._by = site, recipe, by

    def run(self) -> None:
        from latticework.surfaces.outside import present_world
        from latticework.workspace.syncing import sync

        workspace = self._site.workspace
        try:
            outside = present_world(workspace.now, says=lambda _: None)
            sync(workspace, self._recipe, outside=outside, by=self._by)
        except Refused as refused:
            self.findings = refused.findings


# ---- the list


def _sources(site: Site, look: Look, findings: Iterable[Finding] = ()) -> Answer:
    from latticework.workspace.bringing import kept_recipes

    sight = site.sight(look)
    states = _states(site)
    lines = [_line(site, look, each, states) for each in kept_recipes(site.workspace)]
    told = tuple(findings)
    values = site.frame(
        look,
        sight,
        title="Sources",
        current="/sources",
        needs=("sources",),
        lines=lines,
        findings=told,
        back=look.find("back"),
        gone=bool(look.find("gone")),
        can_write=site.writable and not (look.at or look.known),
    )
    return Answer(body=draw("pages/sources.html", values), status=400 if told else 200)


def _line(site: Site, look: Look, each: KeptRecipe, states: dict[str, SyncState]) -> SourceLine:
    recipe = each.recipe
    now = site.workspace.now()
    things, known = _last_import(site, each.name) if recipe else (0, None)
    state = states.get(each.name)
    kinds = (
        dict.fromkeys(part.kind.many or part.kind.name for part in recipe.parts) if recipe else {}
    )
    return SourceLine(
        name=each.name,
        href=look.to(_href(each.name)),
        reads=", ".join(recipe.reads) if recipe else "",
        kinds=", ".join(kinds),
        things=things,
        last=ago(known, now) if known else "",
        when=day_words(known, site.workspace.zone) if known else "",
        findings=each.findings,
        state=_state_line(state, now) if state else None,
    )


def _states(site: Site) -> dict[str, SyncState]:
    from latticework.workspace.syncing import sync_states

    return {each.source: each for each in sync_states(site.workspace)}


def _state_line(state: SyncState, now: Instant) -> StateLine:
    lag, due = state.lag(now), state.due
    kept = state.kept
    if due is None:
        soon = "by hand"
    else:
        soon = "due now" if due <= now else f"due in {_span((due - now) // 1_000_000)}"
    return StateLine(
        fetcher=state.fetcher,
        lag="" if lag is None else _span(lag),
        due=soon,
        last=ago(kept.succeeded, now) if kept.succeeded else "",
        news=_news(state),
        running=state.running,
        failed=bool(kept.failures),
        findings=state.findings,
    )


def _news(state: SyncState) -> str:
    """What the last fetch that went through brought, and in which batches."""
    kept = state.kept
    if not kept.succeeded:
        return ""
    told = many(kept.things, "thing") + " said"
    if not kept.batches:
        return f"{told}, nothing new"
    first, last = min(kept.batches), max(kept.batches)
    which = f"batch {first:,}" if first == last else f"batches {first:,} to {last:,}"
    return f"{told}, {many(kept.changes, 'change')} in {which}"


def _span(seconds: int) -> str:
    for size, word in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            return many(seconds // size, word)
    return many(max(seconds, 0), "second")


def _last_import(site: Site, source: str) -> tuple[int, Instant | None]:
    """How many things a source speaks of, and when it spoke last."""
    stated = site.workspace.store.stated(source=source)
    if not len(stated):
        return 0, None
    last = stated["number"].max()
    assert isinstance(last, int)
    entries = site.workspace.store.numbered([last])
    return stated["subject"].n_unique(), entries[0].known if entries else None


# ---- one source


def _source(site: Site, look: Look, name: str, findings: Sequence[Finding] = ()) -> Answer:
    from latticework.workspace.bringing import kept_recipes

    kept = {each.name: each for each in kept_recipes(site.workspace)}
    if name not in kept:
        hint = "go back to the list of sources"
        raise NotThere(error("BRING008", f"no recipe is called '{name}'", hint=hint, value=name))
    sight = site.sight(look)
    each = kept[name]
    first, last = (_number(look.find(word)) for word in ("first", "last"))
    kinds = [part.kind.name for part in each.recipe.parts] if each.recipe else []
    came = _came(site, look, sight, name, first, last)
    values = site.frame(
        look,
        sight,
        title=name,
        current="/sources",
        needs=("sources", "thing"),
        line=_line(site, look, each, _states(site)),
        text=each.file.read_text(encoding="utf-8"),
        file=each.file.relative_to(site.workspace.folder.path).as_posix(),
        findings=(*findings, *each.findings),
        fetched=look.find("fetched"),
        came=came,
        map_of=_map_of(sight, came),
        first=first,
        last=last,
        can_undo=site.writable and last >= first > 0,
        can_write=site.writable and not (look.at or look.known),
        blocks=_board(sight, kinds) if first else (),
    )
    return Answer(body=draw("pages/source.html", values), status=400 if findings else 200)


def _came(
    site: Site, look: Look, sight: Sight, source: str, first: int, last: int
) -> tuple[Count, ...]:
    """How many things of each kind an import spoke of."""
    if not 0 < first <= last:
        return ()
    stated = site.workspace.store.stated(source=source, after=first - 1, upto=last)
    refs = stated["subject"].unique().to_list()
    found = Counter(str(ref).partition("/")[0] for ref in refs)
    declared = sight.graph.model.kinds_by_name
    return tuple(
        Count(
            name=name,
            kind=name if count == 1 else declared[name].many or plural_of(name),
            href=look.to(kind_path(name)),
            new=count,
        )
        for name, count in found.most_common()
        if name in declared
    )


def _map_of(sight: Sight, came: Sequence[Count]) -> str:
    """The kind whose map shows most of what came in, and can still be read."""
    declared = sight.graph.model.kinds_by_name
    things = [each for each in came if not declared[each.name].people]
    few = [each for each in things if each.new <= MAPPED]
    shown = max(few, key=lambda each: each.new, default=None)
    return (shown or min(things, key=lambda each: each.new)).name if things else ""


def _board(sight: Sight, kinds: Sequence[str]) -> tuple[object, ...]:
    """The first kind that has stages, as a board."""
    declared = sight.graph.model.kinds_by_name
    staged = [name for name in kinds if name in declared and declared[name].stages]
    if not staged:
        return ()
    try:
        page = views()["board"].build(sight, {"query": staged[0]})
    except Refused:
        return ()
    return tuple(titled(each, sight.graph) for each in page.blocks if not isinstance(each, Metric))


# ---- on its way in


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


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 16 else 0


def _href(name: str) -> str:
    return f"/sources/{quote(name, safe='')}"


def _plain(look: Look) -> Look:
    """The look of a page that is drawn in answer to a form."""
    return Look(path="/sources", theme=look.theme, density=look.density, who=look.who)
