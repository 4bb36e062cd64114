"""Calls about who is who, whose value stands, and what is mended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, TypeVar

from msgspec import UNSET, Meta, Struct, UnsetType

from latticework.analysis.mending import alike, meant, mend
from latticework.base.times import format_instant
from latticework.journal.changes import Batch, Value
from latticework.surfaces.web.api.call import Asked, Moment, call
from latticework.surfaces.web.api.changing import values_of
from latticework.surfaces.web.api.rows import MomentGiven, moment_given
from latticework.surfaces.web.api.shapes import Kept, Recorded, Said
from latticework.surfaces.web.api.writing import recorded
from latticework.views.things import id_of
from latticework.workspace.deciding import chosen, decide
from latticework.workspace.joining import join, split

if TYPE_CHECKING:
    from latticework.graph.disputes import Conflict
    from latticework.model.model import Model

MOST_DECISIONS = 10_000


class Disputed(Moment, frozen=True, kw_only=True):
    """Of which source, about which thing; so many at most."""

    source: str = ""
    ref: str = ""
    most: Annotated[int, Meta(ge=1, le=10_000)] = 1000


class ConflictGiven(Struct, frozen=True, kw_only=True):
    """A field of which a source says another thing than we do, and nobody has decided."""

    ref: str
    field: str
    ours: Kept
    by: str
    theirs: Kept
    source: str
    key: str
    asked: str


class ConflictsGiven(MomentGiven, frozen=True, kw_only=True):
    """What waits for a decision, the latest first; `total` counts those chosen."""

    total: int
    conflicts: list[ConflictGiven]


class Written(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who writes it, why, and on which branch."""

    why: str = ""
    branch: str = ""
    by: str = ""


class Decision(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A field, and whose value stands: ours, theirs, or the `value` given."""

    ref: str
    field: str
    take: Literal["ours", "theirs"] = "ours"
    value: Said | UnsetType = UNSET


W = TypeVar("W", bound=Written)


class DecideSent(Written, frozen=True, kw_only=True):
    """Decisions that are recorded together; or `all`, of one source or of every one."""

    decisions: Annotated[list[Decision], Meta(max_length=MOST_DECISIONS)] = []
    all: Literal["ours", "theirs"] | UnsetType = UNSET
    source: str = ""


class JoinSent(Written, frozen=True, kw_only=True):
    """Two things that are one; of fields that differ, those in `take` come from `ref`."""

    ref: str
    into: str
    take: list[str] = []


class SplitSent(Written, frozen=True, kw_only=True):
    """A thing that was joined; or, with `source`, the one from which its word is split off."""

    ref: str
    source: str = ""


class MendSent(Written, frozen=True, kw_only=True):
    """Another value in the place of what a rule finds wrong with a thing.

    `field` and `was` say which, where it finds several; with `all`, findings
    that say the same of the same value of other things are mended, too. An
    empty value takes the old one away.
    """

    rule: str
    ref: str
    value: str = ""
    field: str = ""
    was: str | UnsetType = UNSET
    all: bool = False


@call("GET /api/conflicts", given=Disputed, gives=ConflictsGiven)
def list_conflicts(asked: Asked[Disputed, Struct]) -> ConflictsGiven:
    """Where a source and we say two things, and nobody has decided yet."""
    sight, given = asked.site.sight(asked.look), asked.given
    found = [
        each
        for each in sight.conflicts()
        if given.source in {"", each.via.source} and given.ref in {"", each.ref}
    ]
    moment = moment_given(sight)
    return ConflictsGiven(
        valid=moment.valid,
        known=moment.known,
        entry=moment.entry,
        branch=moment.branch,
        total=len(found),
        conflicts=[_given(each) for each in found[: given.most]],
    )


@call("POST /api/decide", takes=DecideSent, gives=Recorded, also=(409,))
def decide_conflicts(asked: Asked[Struct, DecideSent]) -> Recorded:
    """Settle conflicts: one, many together, or all alike."""
    sent, branch, by = asked.body, *_written(asked)
    workspace = asked.site.workspace
    waiting = workspace.conflicts(workspace.graph(branch=branch), branch=branch)
    decisions: dict[str, str] = {}
    values: dict[str, Value] = {}
    if sent.all is not UNSET:
        decisions = {each.key: str(sent.all) for each in chosen(waiting, source=sent.source)}
    for each in sent.decisions:
        [conflict] = chosen(waiting, ref=each.ref, field=each.field)
        decisions.pop(conflict.key, None)
        if each.value is UNSET:
            decisions[conflict.key] = each.take
        else:
            values |= _value(workspace.graph(branch=branch).model, conflict, each.value)
    if not decisions and not values:
        chosen((), ref=sent.source)
    return recorded(decide(workspace, decisions, values=values, by=by, why=sent.why, branch=branch))


@call("POST /api/join", takes=JoinSent, gives=Recorded, also=(409,))
def join_things(asked: Asked[Struct, JoinSent]) -> Recorded:
    """Make one thing of two; later imports of either source reach it."""
    sent, branch, by = asked.body, *_written(asked)
    workspace, why = asked.site.workspace, sent.why
    return recorded(
        join(workspace, sent.ref, sent.into, take=sent.take, by=by, why=why, branch=branch)
    )


@call("POST /api/split", takes=SplitSent, gives=Recorded, also=(409,))
def split_things(asked: Asked[Struct, SplitSent]) -> Recorded:
    """Make two things of one again: what each source said goes back to its own."""
    sent, branch, by = asked.body, *_written(asked)
    workspace = asked.site.workspace
    return recorded(
        split(workspace, sent.ref, source=sent.source, by=by, why=sent.why, branch=branch)
    )


@call("POST /api/mend", takes=MendSent, gives=Recorded, also=(409,))
def mend_finding(asked: Asked[Struct, MendSent]) -> Recorded:
    """Put another value in the place of what a finding speaks of, or of all alike."""
    sent, branch, by = asked.body, *_written(asked)
    workspace = asked.site.workspace
    graph = workspace.graph(branch=branch)
    every = workspace.check(branch=branch)
    names = graph.names_of(id_of(graph, sent.ref))
    about = (each for each in every if each.place.ref in names)
    was = None if isinstance(sent.was, UnsetType) else sent.was
    found = meant(about, rule=sent.rule.upper(), ref=sent.ref, field=sent.field, was=was)
    changes = mend(alike(found, every) if sent.all else (found,), sent.value, graph)
    why = sent.why or f"mends: {found.says}"
    receipt, findings = workspace.record(
        Batch(changes=changes, by=by, why=why), told=changes, branch=branch
    )
    return recorded(receipt, findings)


def _written(asked: Asked[Struct, W]) -> tuple[str, str]:
    """The branch that is written, and who signs; raises Refused in the past."""
    asked.site.refuse_past(asked.look)
    return asked.body.branch or asked.look.branch, asked.body.by or asked.site.person(asked.look)


def _given(each: Conflict) -> ConflictGiven:
    return ConflictGiven(
        ref=each.ref,
        field=each.field,
        ours=_kept(each.ours),
        by=each.by,
        theirs=_kept(each.theirs),
        source=each.via.source,
        key=each.via.key,
        asked=format_instant(each.asked),
    )


def _kept(value: Value) -> Kept:
    return list(value) if isinstance(value, tuple) else value


def _value(model: Model, conflict: Conflict, said: Said) -> dict[str, Value]:
    """A third value, by the conflict's key."""
    kind = model.find_kind(conflict.ref.partition("/")[0])
    told = values_of({conflict.field: said}, kind.fields_by_name if kind else {})
    return {conflict.key: told[conflict.field]}
