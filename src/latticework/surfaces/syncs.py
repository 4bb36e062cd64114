"""How the company's sources fare, and what a sync brought, as pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from latticework.base.times import Instant, format_instant
from latticework.surfaces.imports import import_page
from latticework.views.blocks import Cell, Column, Findings, Table, Tone, cell
from latticework.views.page import Page
from latticework.views.wording import ago, dotted, many

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from latticework.views.visuals import Block
    from latticework.workspace.sync_state import SyncState
    from latticework.workspace.syncing import Synced

_STEPS = ((86_400, "day"), (3_600, "hour"), (60, "minute"))
_EMPTY = (
    "Nothing is fetched by itself.",
    "Write 'fetch:' with 'from:' into a recipe, and put it into recipes/.",
)


def states_page(states: Iterable[SyncState], now: Instant) -> Page:
    """How far each source is in, when it was asked last, and what was wrong."""
    found = tuple(states)
    columns = ("source", "from", "behind by", "last sync", "brought", "next", "state")
    table = Table(
        columns=tuple(Column(each) for each in columns),
        rows=tuple(_row(each, now) for each in found),
        empty=_EMPTY,
    )
    blocks: list[Block] = [table]
    findings = tuple(finding for each in found for finding in each.findings)
    if findings:
        blocks.append(Findings(findings=findings, title="What the last syncs found"))
    return Page(
        title="Sources",
        subtitle=many(len(found), "source"),
        blocks=tuple(blocks),
        data=tuple(_data(each, now) for each in found),
    )


def synced_page(synced: Synced, *, each: int) -> Page:
    """What a sync brought, with where its pages lie."""
    assert synced.imported is not None
    page = import_page(synced.imported, each=each)
    recording = synced.recording
    if recording is None:
        return page
    told = (
        f"{many(recording.things, 'thing')} fetched in {many(recording.requests, 'request')}",
        "all there is" if not recording.since else f"changed since {_when(recording.since)}",
        f"kept in {recording.folder}",
    )
    return Page(
        title=page.title,
        subtitle=dotted(page.subtitle, *told),
        blocks=page.blocks,
        data=page.data,
    )


def span_words(seconds: int) -> str:
    """A span in its largest unit that fits: "2 hours"."""
    for length, unit in _STEPS:
        if seconds >= length:
            return many(seconds // length, unit)
    return "less than a minute"


def state_word(state: SyncState) -> str:
    """In one or two words, how a source fares."""
    if state.running:
        return "running"
    if not state.fetcher:
        return "not understood"
    if state.kept.failures:
        return f"failed {many(state.kept.failures, 'time')}"
    return "fine" if state.kept.succeeded else "not yet fetched"


def _row(state: SyncState, now: Instant) -> tuple[Cell, ...]:
    kept = state.kept
    lag = state.lag(now)
    brought = many(kept.changes, "change") if kept.succeeded else ""
    wrong = bool(kept.failures) or not state.fetcher
    return (
        cell(state.source, tone=Tone.STRONG),
        cell(state.fetcher),
        cell("" if lag is None else span_words(lag)),
        cell(ago(kept.tried, now) if kept.tried else ""),
        cell(brought),
        cell(_next(state, now), tone=Tone.DIM),
        cell(state_word(state), tone=Tone.BAD if wrong else Tone.PLAIN),
    )


def _next(state: SyncState, now: Instant) -> str:
    if state.due is None:
        return "by hand"
    return "now" if state.due <= now else ago(state.due, now)


def _data(state: SyncState, now: Instant) -> Mapping[str, object]:
    kept = state.kept
    return {
        "source": state.source,
        "recipe": str(state.recipe),
        "fetcher": state.fetcher,
        "state": state_word(state),
        "lag seconds": state.lag(now),
        "tried": _when(kept.tried),
        "succeeded": _when(kept.succeeded),
        "next": _when(state.due or 0),
        "failures": kept.failures,
        "things": kept.things,
        "changes": kept.changes,
        "batches": list(kept.batches),
        "recording": kept.recording,
        "findings": [str(each) for each in kept.findings],
    }


def _when(instant: Instant) -> str:
    return format_instant(instant) if instant else ""
