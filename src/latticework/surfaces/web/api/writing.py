"""Calls that write: changes, many at once; and taking them back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from msgspec import Meta, Struct

from latticework.base.findings import Finding, Refused, error, refuse_errors
from latticework.journal.changes import Batch, Change
from latticework.surfaces.web.api.call import Asked, call
from latticework.surfaces.web.api.changing import Changes, changes_of, told
from latticework.surfaces.web.api.clash import is_conflict, told_apart
from latticework.surfaces.web.api.shapes import Recorded, YesNo
from latticework.surfaces.web.api.trouble import Refusal, findings_given

if TYPE_CHECKING:
    from latticework.journal.store import Receipt


Number = Annotated[int, Meta(ge=0, le=2**53)]


class Checking(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """With `dry`, all is checked and nothing is recorded."""

    dry: YesNo = "no"


class ChangesSent(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Changes that are recorded together or not at all.

    `base` is the entry up to which the writer has seen the company; a value
    that somebody wrote since is a conflict. `valid` is since when they are so.
    """

    changes: Changes
    why: str = ""
    valid: str = ""
    branch: str = ""
    by: str = ""
    base: Number | None = None


class UndoSent(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The number of the batch to take back; without one, the last that stands."""

    batch: Number | None = None
    why: str = ""
    branch: str = ""
    by: str = ""


@call("POST /api/changes", given=Checking, takes=ChangesSent, gives=Recorded, also=(409,))
def record_changes(asked: Asked[Checking, ChangesSent]) -> Recorded:
    """Record changes together, or say all that stands against them."""
    site, sent = asked.site, asked.body
    site.refuse_past(asked.look)
    branch = sent.branch or asked.look.branch
    graph = site.workspace.graph(branch=branch)
    base = asked.seen if sent.base is None else sent.base
    _refuse_unseen(base, graph.head)
    try:
        changes = changes_of(sent.changes, graph.model, site.workspace.zone)
        if asked.given.dry == "yes":
            valid = sent.valid.strip() or None
            findings = site.workspace.propose(told(changes), valid=valid, branch=branch)
            refuse_errors(findings)
            return _nothing(graph.head, findings)
        return _record(asked, changes, branch, base)
    except Refused as refusal:
        if not is_conflict(refusal.findings):
            raise Refusal(findings_given(refusal.findings, numbered=True)) from None
        seen = graph.head if base is None else base
        sides = told_apart(refusal.findings, changes, site.workspace, base=seen, branch=branch)
        raise Refusal(sides) from None


def _record(
    asked: Asked[Checking, ChangesSent],
    changes: tuple[Change, ...],
    branch: str,
    base: int | None,
) -> Recorded:
    sent = asked.body
    by = sent.by or asked.site.person(asked.look)
    receipt, findings = asked.site.workspace.record(
        Batch(changes=changes, by=by, why=sent.why),
        told=told(changes),
        valid=sent.valid.strip() or None,
        branch=branch,
        base=base,
    )
    return recorded(receipt, findings)


@call("POST /api/undo", takes=UndoSent, gives=Recorded, also=(409,))
def undo_batch(asked: Asked[Struct, UndoSent]) -> Recorded:
    """Take a batch back by new entries; taking that one back brings it again."""
    site, sent = asked.site, asked.body
    site.refuse_past(asked.look)
    branch = sent.branch or asked.look.branch
    by = sent.by or site.person(asked.look)
    return recorded(site.workspace.undo(sent.batch, by=by, why=sent.why, branch=branch))


def recorded(receipt: Receipt, findings: tuple[Finding, ...] = ()) -> Recorded:
    """A receipt as its shape."""
    return Recorded(
        batch=receipt.batches[-1] if receipt.batches else None,
        first=receipt.first,
        last=receipt.last,
        head=receipt.head.number,
        recorded=max(receipt.last - receipt.first + 1, 0) if receipt.batches else 0,
        findings=findings_given(findings, numbered=True),
    )


def _nothing(head: int, findings: tuple[Finding, ...]) -> Recorded:
    given = findings_given(findings, numbered=True)
    return Recorded(batch=None, first=head + 1, last=head, head=head, recorded=0, findings=given)


def _refuse_unseen(base: int | None, head: int) -> None:
    if base is not None and not 0 <= base <= head:
        says = f"entry {base} is not there to have been seen; the last is {head}"
        hint = "send the 'head' that an answer gave you"
        raise Refused([error("API005", says, hint=hint, value=str(base))])
