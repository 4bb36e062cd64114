"""Calls that bring work in: recipes, proposals, imports tried and recorded, syncs."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

from msgspec import Meta, Struct

from latticework.base.findings import Finding, Refused, error
from latticework.base.times import format_instant
from latticework.surfaces.web.api.call import Asked, call
from latticework.surfaces.web.api.rows import Row
from latticework.surfaces.web.api.shapes import FindingGiven
from latticework.surfaces.web.api.trouble import findings_given
from latticework.surfaces.web.api.writing import Checking

if TYPE_CHECKING:
    from latticework.surfaces.web.site import Site
    from latticework.workspace.bringing import KeptRecipe
    from latticework.workspace.importing import Imported
    from latticework.workspace.sync_state import SyncState
    from latticework.workspace.uploads import Upload

MOST_ROWS = 1_000
"""Rows of what would change that an answer holds."""

Text = Annotated[str, Meta(max_length=4_000_000)]


class FileSent(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A file by its name, with its text, or with its bytes in base64."""

    name: Annotated[str, Meta(min_length=1, max_length=200)]
    text: Text = ""
    data: bytes = b""


Files = Annotated[list[FileSent], Meta(min_length=1, max_length=20)]


class SampleSent(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Files for which a recipe is wanted."""

    files: Files


class ProposalGiven(Struct, frozen=True, kw_only=True):
    """A recipe to edit, the words that the model lacks for it, and the format that fits.

    `kept` names the recipe of the company that reads such a file already.
    """

    recipe: str
    words: str
    format: str
    records: int
    kept: str


class ImportSent(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Files, and the recipe that reads them: its text, or the name of a kept one.

    `words` are added to the model first; `replace` lets a recipe's text take
    the place of the one that is kept under its name.
    """

    files: Files
    recipe: Text = ""
    name: str = ""
    words: Text = ""
    by: str = ""
    replace: bool = False


class KindGiven(Struct, frozen=True, kw_only=True):
    """What became of the things of one kind; `fields` counts changed ones by name."""

    kind: str
    new: int
    changed: int
    unchanged: int
    gone: int
    asked: int
    fields: dict[str, int]


class ImportGiven(Struct, frozen=True, kw_only=True):
    """What came in, or would: entries, counts by kind, findings.

    `first` is beyond `last` where nothing was recorded. A try has the things and
    edges that would differ in `rows`, at most 1,000 of them.
    """

    source: str
    first: int
    last: int
    changes: int
    kinds: list[KindGiven]
    rows: list[Row]
    findings: list[FindingGiven]


class FetchGiven(Struct, frozen=True, kw_only=True):
    """How a source that is fetched fares; times are instants, empty where there is none."""

    fetcher: str
    every: int
    running: bool
    failures: int
    last: str
    due: str
    lag: int | None


class SourceGiven(Struct, frozen=True, kw_only=True):
    """A recipe that the company keeps; `fetch` is null where it reads files alone."""

    name: str
    file: str
    format: str
    reads: list[str]
    kinds: list[str]
    fetch: FetchGiven | None
    findings: list[FindingGiven]


class SourcesGiven(Struct, frozen=True, kw_only=True):
    """Every recipe that the company keeps, by name."""

    sources: list[SourceGiven]


@call("GET /api/sources", gives=SourcesGiven, tagged=False)
def list_sources(asked: Asked[Struct, Struct]) -> SourcesGiven:
    """Where work comes from: kept recipes, and how those fare that are fetched."""
    from latticework.workspace.bringing import kept_recipes

    site = asked.site
    states = {each.source: each for each in site.workspace.sync_states()}
    kept = kept_recipes(site.workspace)
    return SourcesGiven(sources=[_source(site, each, states) for each in kept])


@call("POST /api/sources/propose", takes=SampleSent, gives=ProposalGiven, writes=False)
def propose_recipe(asked: Asked[Struct, SampleSent]) -> ProposalGiven:
    """A recipe for a sample, and the words that the model lacks; nothing is recorded."""
    from latticework.workspace.bringing import draft, fitting_recipe

    site = asked.site
    largest = max(asked.body.files, key=lambda each: len(_bytes(each)))
    sample = site.held.sample(_bytes(largest), largest.name)
    drafted = draft(site.workspace, sample)
    kept = fitting_recipe(site.workspace, largest.name, sample.form)
    return ProposalGiven(
        recipe=drafted.recipe,
        words=drafted.words,
        format=sample.form,
        records=sum(each.count for each in sample.lists),
        kept=kept.name if kept else "",
    )


@call("POST /api/sources/import", given=Checking, takes=ImportSent, gives=ImportGiven, also=(409,))
def import_files(asked: Asked[Checking, ImportSent]) -> ImportGiven:
    """Bring files in by a recipe; with `dry` say what would come, and record nothing."""
    from latticework.workspace.bringing import bring, try_bringing

    site, sent = asked.site, asked.body
    site.refuse_past(asked.look)
    recipe, name = _recipe(site, sent)
    with _lying(site, sent.files) as upload:
        if asked.given.dry == "yes":
            tried = try_bringing(
                site.workspace, recipe, sent.words, upload.location, reads=site.held.read
            )
            if tried.imported is None:
                raise Refused(tried.findings)
            return _given(tried.imported, 1, 0)
        brought = bring(
            site.workspace,
            recipe,
            sent.words,
            upload.location,
            by=sent.by or site.person(asked.look),
            anew=name,
        )
    return _given(brought.imported, brought.first, brought.last)


@call("POST /api/sources/{name}/sync", gives=ImportGiven, also=(409,))
def sync_source(asked: Asked[Struct, Struct]) -> ImportGiven:
    """Fetch what is new by a kept recipe, and import it."""
    from latticework.surfaces.outside import present_world
    from latticework.workspace.syncing import sync

    site, name = asked.site, asked.path["name"]
    site.refuse_past(asked.look)
    state = next((each for each in site.workspace.sync_states() if each.source == name), None)
    if state is None:
        hint = "say in its recipe under 'fetch:' whom to ask; GET /api/sources lists them"
        raise Refused([error("BRING009", f"'{name}' is not fetched", hint=hint, value=name)])
    first = site.workspace.store.head().number + 1
    outside = present_world(site.workspace.now, says=lambda _: None)
    done = sync(site.workspace, state.recipe, outside=outside, by=site.person(asked.look))
    last = site.workspace.store.head().number
    if done.imported is None:
        return _nothing(name, done.findings)
    return _given(done.imported, first, last, done.findings)


def _recipe(site: Site, sent: ImportSent) -> tuple[str, str]:
    """The recipe's text, and which kept one it may replace; raises Refused."""
    from latticework.workspace.bringing import kept_recipes

    if bool(sent.recipe.strip()) == bool(sent.name):
        says = "a recipe is named, or its text is sent: one of the two"
        hint = "send 'recipe' with a text, or 'name' with the name of a kept one"
        raise Refused([error("BRING010", says, hint=hint)])
    every = kept_recipes(site.workspace)
    kept = next((each for each in every if each.name == sent.name), None)
    if kept is not None:
        return kept.file.read_text(encoding="utf-8"), kept.name
    if sent.name:
        says, hint = f"no recipe is called '{sent.name}'", "GET /api/sources lists those there are"
        raise Refused([error("BRING008", says, hint=hint, value=sent.name)])
    known = [each.name for each in every if f"\nrecipe: {each.name}\n" in f"\n{sent.recipe}\n"]
    return sent.recipe, known[0] if sent.replace and known else ""


@contextmanager
def _lying(site: Site, files: Sequence[FileSent]) -> Iterator[Upload]:
    """The files in a folder, for as long as they are read."""
    from latticework.workspace.uploads import Uploads

    uploads = Uploads(site.workspace.folder.inner / "uploads")
    sent = [(each.name, _bytes(each)) for each in files]
    upload = uploads.take(secrets.token_urlsafe(16), sent, now=site.workspace.now())
    try:
        yield upload
    finally:
        upload.forget()


def _bytes(sent: FileSent) -> bytes:
    return sent.data or sent.text.encode("utf-8", "replace")


def _given(
    imported: Imported, first: int, last: int, findings: Sequence[Finding] = ()
) -> ImportGiven:
    from latticework.views.diff import delta_page

    rows: list[Row] = []
    if imported.delta is not None:
        page = delta_page(imported.delta, title="", rows=MOST_ROWS)
        rows = [dict(row) for row, _ in zip(page.data, range(MOST_ROWS), strict=False)]
    return ImportGiven(
        source=imported.source,
        first=first,
        last=last,
        changes=imported.changes,
        kinds=[
            KindGiven(
                kind=each.kind,
                new=each.new,
                changed=each.changed,
                unchanged=each.unchanged,
                gone=each.gone,
                asked=each.asked,
                fields=dict(each.fields),
            )
            for each in imported.kinds
        ],
        rows=rows,
        findings=findings_given(findings or imported.findings),
    )


def _nothing(source: str, findings: Sequence[Finding]) -> ImportGiven:
    """What a sync says that fetched nothing."""
    told = findings_given(findings)
    return ImportGiven(source=source, first=1, last=0, changes=0, kinds=[], rows=[], findings=told)


def _source(site: Site, kept: KeptRecipe, states: Mapping[str, SyncState]) -> SourceGiven:
    recipe, state = kept.recipe, states.get(kept.name)
    kinds = dict.fromkeys(part.kind.name for part in recipe.parts) if recipe else {}
    return SourceGiven(
        name=kept.name,
        file=kept.file.relative_to(site.workspace.folder.path).as_posix(),
        format=recipe.format if recipe else "",
        reads=list(recipe.reads) if recipe else [],
        kinds=list(kinds),
        fetch=_fetch(state, site) if state else None,
        findings=findings_given((*kept.findings, *(state.findings if state else ()))),
    )


def _fetch(state: SyncState, site: Site) -> FetchGiven:
    kept = state.kept
    return FetchGiven(
        fetcher=state.fetcher,
        every=state.every,
        running=state.running,
        failures=kept.failures,
        last=format_instant(kept.succeeded) if kept.succeeded else "",
        due=format_instant(state.due) if state.due is not None else "",
        lag=state.lag(site.workspace.now()),
    )
