"""Calls that shape the company: its words, its branches, what is silent."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

from msgspec import Meta, Struct

from latticework.base.findings import Refused, error, has_errors
from latticework.base.times import format_instant
from latticework.surfaces.web.api.call import Asked, call
from latticework.surfaces.web.api.company import BranchGiven
from latticework.surfaces.web.api.rows import Row
from latticework.surfaces.web.api.shapes import FindingGiven, Recorded
from latticework.surfaces.web.api.trouble import Refusal, findings_given
from latticework.surfaces.web.api.writing import recorded
from latticework.views.diff import delta_page

Name = Annotated[str, Meta(min_length=1, max_length=200)]
_RULE = re.compile(r"[A-Z][A-Z0-9_]{0,40}")
MOST_ROWS = 10_000


class ModelSent(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A model file's text; `valid` is a day, or `always`."""

    text: Annotated[str, Meta(max_length=2_000_000)]
    why: str = ""
    valid: str = ""
    by: str = ""


class TextSent(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A model file's text."""

    text: Annotated[str, Meta(max_length=2_000_000)]


class EffectGiven(Struct, frozen=True, kw_only=True):
    """One alteration and how many things and edges it touches."""

    says: str
    sort: str
    what: str
    name: str
    owner: str
    was: list[str]
    things: int
    edges: int
    rules: list[str]
    views: list[str]


class PreviewGiven(Struct, frozen=True, kw_only=True):
    """What a changed model would affect; `sound` where it could be applied."""

    sound: bool
    changes: int
    effects: list[EffectGiven]
    findings: list[FindingGiven]


class BranchSent(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A new branch from the end of another."""

    name: Name
    parent: Name = "main"
    why: str = ""
    by: str = ""


class MergeSent(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Why a branch goes in; `keep` names, by a clash's key, the branch whose word holds."""

    why: str = ""
    by: str = ""
    keep: dict[str, str] = {}


class ClashGiven(Struct, frozen=True, kw_only=True):
    """One place where a branch and its parent differ; `key` settles it in `keep`."""

    key: str
    choosable: bool
    says: str


class ComparedGiven(Struct, frozen=True, kw_only=True):
    """What a branch has that its parent has not, and what stands against its merge."""

    title: str
    count: int
    rows: list[Row]
    clashes: list[ClashGiven]


class Dropped(Struct, frozen=True, kw_only=True):
    """The branch that is forgotten."""

    name: str


class SilenceSent(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A finding accepted for a while: its rule, of what, why, until when."""

    rule: Name
    why: Name
    until: date
    of: str = ""
    by: str = ""


@call("POST /api/model/preview", takes=TextSent, gives=PreviewGiven, writes=False)
def preview_model(asked: Asked[Struct, TextSent]) -> PreviewGiven:
    """What a changed model would affect; nothing is recorded."""
    found = asked.site.workspace.preview_model(asked.body.text, "the text")
    return PreviewGiven(
        sound=not has_errors(found.findings),
        changes=len(found.changes),
        effects=[
            EffectGiven(
                says=str(each.alteration),
                sort=each.alteration.sort.value,
                what=each.alteration.what.value,
                name=each.alteration.name,
                owner=each.alteration.owner,
                was=list(each.alteration.was),
                things=each.things,
                edges=each.edges,
                rules=list(each.rules),
                views=list(each.views),
            )
            for each in found.effects
        ],
        findings=findings_given(found.findings),
    )


@call("POST /api/model", takes=ModelSent, gives=Recorded, also=(409,))
def apply_model(asked: Asked[Struct, ModelSent]) -> Recorded:
    """Record a model as the company's words, and keep it as the model file.

    With If-Match, words that were changed since are a conflict.
    """
    site, sent = asked.site, asked.body
    site.refuse_past(asked.look)
    workspace = site.workspace
    if asked.seen is not None and workspace.seen_at(asked.seen).model != workspace.model:
        says = "the company's words were changed since you read them"
        hint = "read /api/model again, and bring your change into it"
        raise Refusal(findings_given([error("STORE005", says, hint=hint)]))
    by = sent.by or site.person(asked.look)
    valid = sent.valid.strip() or None
    return recorded(workspace.shape(sent.text, by=by, why=sent.why, valid=valid))


@call("POST /api/findings/silence", takes=SilenceSent, gives=Recorded, also=(409,))
def silence_findings(asked: Asked[Struct, SilenceSent]) -> Recorded:
    """Accept a rule's findings until a day, with a reason."""
    site, sent = asked.site, asked.body
    site.refuse_past(asked.look)
    rule = sent.rule.upper()
    if not _RULE.fullmatch(rule):
        hint = "write a rule's code, as findings show it"
        raise Refused([error("API009", f"'{sent.rule}' is no rule's code", hint=hint)])
    by = sent.by or site.person(asked.look)
    return recorded(
        site.workspace.silence(
            rule, of=[sent.of] if sent.of else (), why=sent.why, until=sent.until, by=by
        )
    )


@call("POST /api/branches", takes=BranchSent, gives=BranchGiven)
def start_branch(asked: Asked[Struct, BranchSent]) -> BranchGiven:
    """Start a branch from the present end of another."""
    site, sent = asked.site, asked.body
    by = sent.by or site.person(asked.look)
    begun = site.workspace.start_branch(sent.name, parent=sent.parent, by=by, why=sent.why)
    return BranchGiven(
        name=begun.name,
        parent=begun.parent,
        start=begun.start,
        head=begun.start,
        known=format_instant(begun.known),
        by=begun.by,
        why=begun.why,
        merged=begun.merged,
    )


@call("GET /api/branches/{name}/compare", gives=ComparedGiven)
def compare_branch(asked: Asked[Struct, Struct]) -> ComparedGiven:
    """What a branch has that its parent has not, and where the two clash."""
    name, workspace = asked.path["name"], asked.site.workspace
    clashes = workspace.meet(name).merge.clashes
    page = delta_page(workspace.compare(name), title=f"What {name} changes", rows=MOST_ROWS)
    rows: list[Row] = [dict(row) for row, _ in zip(page.data, range(MOST_ROWS), strict=False)]
    parent = workspace.meet(name).branch.parent
    return ComparedGiven(
        title=page.title,
        count=len(rows),
        rows=rows,
        clashes=[
            ClashGiven(
                key=each.key,
                choosable=each.choosable,
                says=each.finding(f"on '{name}'", f"on '{parent}'").says,
            )
            for each in clashes
        ],
    )


@call("POST /api/branches/{name}/merge", takes=MergeSent, gives=Recorded, also=(409,))
def merge_branch(asked: Asked[Struct, MergeSent]) -> Recorded:
    """Bring a branch's changes into its parent; a clash that nobody settled refuses it all."""
    site, sent = asked.site, asked.body
    by = sent.by or site.person(asked.look)
    name = asked.path["name"]
    return recorded(site.workspace.merge(name, by=by, why=sent.why, keep=sent.keep))


@call("DELETE /api/branches/{name}", gives=Dropped)
def drop_branch(asked: Asked[Struct, Struct]) -> Dropped:
    """Forget a branch and all that was written on it."""
    asked.site.workspace.drop_branch(asked.path["name"])
    return Dropped(name=asked.path["name"])
