"""Calls that read the company: a thing, its words, its branches, what is found."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from latticework.base.findings import error
from latticework.base.times import format_instant
from latticework.model.document import plain, read_document
from latticework.model.format import format_model
from latticework.surfaces.web.answer import Answer, NotThere
from latticework.surfaces.web.api.call import Asked, Moment, call
from latticework.surfaces.web.api.rows import MomentGiven, Row, moment_given
from latticework.surfaces.web.api.shapes import FindingGiven
from latticework.surfaces.web.api.trouble import findings_given
from latticework.views.catalogue import views

YAML = "application/yaml"


class ThingGiven(MomentGiven, frozen=True, kw_only=True):
    """One thing: its fields, its links both ways, its history, what is found of it."""

    thing: Row


class ModelGiven(MomentGiven, frozen=True, kw_only=True):
    """The company's words: as the YAML text that says them, and the same as data."""

    text: str
    model: Row


class BranchGiven(Struct, frozen=True, kw_only=True):
    """A branch: from which entry of which other, since when, by whom and why."""

    name: str
    parent: str
    start: int
    head: int
    known: str
    by: str
    why: str
    merged: int


class BranchesGiven(Struct, frozen=True, kw_only=True):
    """Every branch but main, oldest first."""

    branches: list[BranchGiven]


class Chosen(Moment, frozen=True, kw_only=True):
    """Which findings: of a rule, about a thing; so many at most."""

    rule: str = ""
    ref: str = ""
    most: Annotated[int, Meta(ge=1, le=10_000)] = 1000


class FindingsFound(MomentGiven, frozen=True, kw_only=True):
    """What every rule finds, the worst first; `total` counts those chosen."""

    total: int
    findings: list[FindingGiven]


class Verified(Struct, frozen=True, kw_only=True):
    """Whether the journal is as it was written, and what says otherwise."""

    sound: bool
    head: int
    findings: list[FindingGiven]


@call("GET /api/thing/{kind}/{slug}", given=Moment, gives=ThingGiven, also=(404,))
def read_thing(asked: Asked[Moment, Struct]) -> ThingGiven:
    """One thing, with its links and its history: who, when, why, from where."""
    sight = asked.site.sight(asked.look)
    ref = f"{asked.path['kind']}/{asked.path['slug'].removeprefix('/')}"
    if sight.graph.find(ref) is None:
        hint = "ask for it at /api/ask?q="
        raise NotThere(error("VIEW003", f"no thing '{ref}'", hint=hint, value=ref))
    page = views()["thing"].build(sight, {"ref": ref})
    moment = moment_given(sight)
    return ThingGiven(
        valid=moment.valid,
        known=moment.known,
        entry=moment.entry,
        branch=moment.branch,
        thing=dict(next(iter(page.data), {})),
    )


@call("GET /api/model", given=Moment, gives=ModelGiven)
def read_model(asked: Asked[Moment, Struct]) -> ModelGiven:
    """The company's words at a moment, as YAML and as data."""
    sight = asked.site.sight(asked.look)
    text = format_model(sight.graph.model)
    moment = moment_given(sight)
    return ModelGiven(
        valid=moment.valid,
        known=moment.known,
        entry=moment.entry,
        branch=moment.branch,
        text=text,
        model=_data(text),
    )


@call("GET /api/model.yaml", given=Moment, gives=YAML)
def read_model_text(asked: Asked[Moment, Struct]) -> Answer:
    """The company's words at a moment, as a model file."""
    return Answer(body=format_model(asked.site.sight(asked.look).graph.model), type=YAML)


@call("GET /api/branches", gives=BranchesGiven)
def list_branches(asked: Asked[Struct, Struct]) -> BranchesGiven:
    """Every branch: where it began, how far it is, by whom and why."""
    store = asked.site.workspace.store
    return BranchesGiven(
        branches=[
            BranchGiven(
                name=each.name,
                parent=each.parent,
                start=each.start,
                head=store.head(each.name).number,
                known=format_instant(each.known),
                by=each.by,
                why=each.why,
                merged=each.merged,
            )
            for each in store.branches()
        ]
    )


@call("GET /api/findings", given=Chosen, gives=FindingsFound)
def list_findings(asked: Asked[Chosen, Struct]) -> FindingsFound:
    """What every rule finds at a moment, silences observed."""
    sight, given = asked.site.sight(asked.look), asked.given
    names: tuple[str, ...] = ()
    if given.ref:
        node = sight.graph.find(given.ref)
        names = (given.ref,) if node is None else sight.graph.names_of(node)
    found = [
        each
        for each in sight.findings()
        if (not given.rule or each.code == given.rule) and (not names or each.place.ref in names)
    ]
    moment = moment_given(sight)
    return FindingsFound(
        valid=moment.valid,
        known=moment.known,
        entry=moment.entry,
        branch=moment.branch,
        total=len(found),
        findings=findings_given(found[: given.most]),
    )


@call("GET /api/verify", gives=Verified)
def verify_journal(asked: Asked[Struct, Struct]) -> Verified:
    """Proof that nothing in the journal was altered, or where it was."""
    workspace = asked.site.workspace
    found = workspace.verify()
    head = workspace.store.head().number
    return Verified(sound=not found, head=head, findings=findings_given(found))


def _data(text: str) -> Row:
    """What a model file says, as plain data."""
    said = plain(read_document(text).root)
    return dict(said) if isinstance(said, dict) else {}
