"""Sources: recipes and how they fare, what each brought, and asking again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING
from urllib.parse import quote

from latticework.base.findings import Finding, Refused, error
from latticework.base.times import Instant
from latticework.surfaces.web.answer import Answer, NotThere
from latticework.surfaces.web.drawing import draw
from latticework.surfaces.web.look import Look
from latticework.surfaces.web.routes import Form, Given, deed, go, route
from latticework.surfaces.web.site import Site, kind_path
from latticework.surfaces.web.titles import titled
from latticework.views.blocks import Metric
from latticework.views.catalogue import views
from latticework.views.wording import ago, day_words, many, plural_of

if TYPE_CHECKING:
    from latticework.views.sight import Sight
    from latticework.workspace.bringing import KeptRecipe
    from latticework.workspace.sync_state import SyncState

PATIENCE = 5.0
"""Seconds for which a page waits for a fetch; then it shows how the fetch fares."""

MAPPED = 150
"""Things from which on a map is a cloud."""


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
    return list_of_sources(site, look)


@route("/sources/{name:str}")
def source_page(site: Site, look: Look, given: Given) -> Answer:
    """One recipe: its text, what it brought last, and how to bring in more by it."""
    return _source(site, look, given["name"])


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
        return _source(site, plain_look(look), name, refused.findings)
    return go(look.to("/sources", back=name))


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
        return go(look.to(source_href(name), fetched="begun"))
    if fetching.findings:
        return _source(site, plain_look(look), name, fetching.findings)
    last = site.workspace.store.head().number
    if last < first:
        return go(look.to(source_href(name), fetched="same"))
    return go(look.to(source_href(name), first=first, last=last))


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


def list_of_sources(site: Site, look: Look, findings: Iterable[Finding] = ()) -> Answer:
    """Every kept recipe and how it fares, below what went wrong with a form."""
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
        href=look.to(source_href(each.name)),
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


def _map_of(sight: Sight, came: Sequence[Count]) -> dict[str, str]:
    """What to ask a map for: what shows most of what came in, and can still be read."""
    declared = sight.graph.model.kinds_by_name
    things = [each for each in came if not declared[each.name].people]
    if not things:
        return {}
    few = [each for each in things if each.new <= MAPPED]
    shown = max(few, key=lambda each: each.new, default=None)
    kind = (shown or min(things, key=lambda each: each.new)).name
    links = ", ".join(_links_to_few(sight, kind)) if len(few) < len(things) else ""
    return {"query": kind, "links": links} if links else {"query": kind}


def _links_to_few(sight: Sight, kind: str) -> Iterator[str]:
    """Links of a kind that lead to few things, and not to people, who hang on everything."""
    model = sight.graph.model
    for link in model.links:
        far: set[str] = set()
        for end in link.ends:
            sources, targets = model.end_kinds(end.source), set[str]()
            targets = targets.union(*map(model.end_kinds, end.targets))
            far |= targets if kind in sources else set()
            far |= {*sources} if kind in targets else set()
        known = [each for each in far if len(sight.graph.ids_of(each))]
        many_of = any(len(sight.graph.ids_of(each)) > MAPPED for each in known)
        if known and not many_of and not any(model.kinds_by_name[each].people for each in known):
            yield link.name


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


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 16 else 0


def source_href(name: str) -> str:
    """Where the page of one recipe is."""
    return f"/sources/{quote(name, safe='')}"


def plain_look(look: Look) -> Look:
    """The look of a page that is drawn in answer to a form."""
    return Look(path="/sources", theme=look.theme, density=look.density, who=look.who)
