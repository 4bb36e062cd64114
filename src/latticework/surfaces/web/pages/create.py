"""Creating things: one with its first fields, or many from a list of titles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from latticework.base.findings import Finding, Place, Refused, error
from latticework.base.refs import find_ref, slug_of
from latticework.journal.changes import Change, Connect, Value
from latticework.model.model import TITLE, Family, Kind
from latticework.surfaces.web.answer import Answer
from latticework.surfaces.web.drafts import Draft, drafts_of, lines_of
from latticework.surfaces.web.drawing import draw
from latticework.surfaces.web.linking import edge_of
from latticework.surfaces.web.look import Look
from latticework.surfaces.web.pages.editing import record
from latticework.surfaces.web.properties import Control, control_of, value_from
from latticework.surfaces.web.routes import Form, Given, deed, go, route
from latticework.surfaces.web.site import Site
from latticework.views.things import ids, things
from latticework.views.walk import way_of

if TYPE_CHECKING:
    from latticework.graph.graph import Graph

FIELD = "field:"
"""Begins the names of the fields of the thing that is made."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is to be made, as a page or a form says it."""

    kind: Kind
    form: Form
    link: str = ""
    to: str = ""


@route("/create")
def create_page(site: Site, look: Look, _: Given) -> Answer:
    """A form for a new thing of any kind."""
    form = Form(look.query)
    graph = site.sight(look).graph
    kind = graph.model.find_kind(form.find("kind")) or _usual(graph)
    wish = Wish(kind=kind, form=form, link=form.find("link"), to=form.find("to"))
    return _page(site, look, wish)


@deed("/do/create")
def create_things(site: Site, look: Look, _given: Given, form: Form) -> Answer:
    """Record what a form describes: one thing, or one for each line of a list."""
    graph = site.workspace.graph(branch=look.branch)
    kind = graph.model.find_kind(form.find("kind")) or _usual(graph)
    wish = Wish(kind=kind, form=form, link=form.find("link"), to=form.find("to"))
    here = replace(look, path="/create")
    if form.find("again-kind"):
        return _page(site, here, wish)
    try:
        site.refuse_past(look)
        drafts = drafts_in(graph, wish)
        unsure = any(each.alike for each in drafts) and not form.find("anyway")
        if unsure or (len(drafts) > 1 and not form.find("sure")):
            return _page(site, here, wish, drafts=drafts)
        receipt = record(site, look, form, changes_of(graph, wish, drafts))
    except Refused as refusal:
        return _page(site, here, wish, findings=refusal.findings)
    batch = receipt.batches[-1] if receipt.batches else ""
    first = drafts[0].ref
    if form.find("more"):
        keep = {"kind": kind.name, "link": wish.link, "to": wish.to}
        return go(look.to("/create", **keep, made=first, did=batch))
    if len(drafts) > 1 and not wish.to:
        return go(look.to("/create", kind=kind.name, count=len(drafts), made=first, did=batch))
    return go(look.to(look.thing(wish.to or first).partition("?")[0], did=batch))


def drafts_in(graph: Graph, wish: Wish) -> tuple[Draft, ...]:
    """What the form describes, each with a free ref; raises Refused without a title."""
    lines = lines_of(wish.form.find("title"))
    if not lines:
        hint = "write what people call it; several lines make several things"
        raise Refused([error("CREATE001", "it has no title", hint=hint, place=_spot(TITLE))])
    shared = _fields(wish)
    drafts = drafts_of(graph, wish.kind, lines)
    if len(drafts) == 1 and wish.form.find("slug"):
        drafts = (replace(drafts[0], ref=_chosen_ref(graph, wish)),)
    return tuple(replace(each, fields={**shared, **each.fields}) for each in drafts)


def changes_of(graph: Graph, wish: Wish, drafts: Sequence[Draft]) -> Iterable[Change]:
    """Begin every thing, and link each to where the form came from."""
    way = way_of(graph.model, wish.link) if wish.link and wish.to else None
    for draft in drafts:
        yield draft.put
        if way:
            yield Connect(*edge_of(draft.ref, way.link.name, wish.to, back=way.back))


def _fields(wish: Wish) -> dict[str, Value]:
    """Fields that were filled in."""
    declared = wish.kind.fields_by_name
    names = dict.fromkeys(key for key, _ in wish.form.pairs if key.startswith(FIELD))
    found = {
        name.removeprefix(FIELD): value_from(
            declared.get(name.removeprefix(FIELD)), wish.form.all(name)
        )
        for name in names
    }
    return {name: value for name, value in found.items() if value is not None}


def _chosen_ref(graph: Graph, wish: Wish) -> str:
    """The ref that the form asks for; raises Refused (CREATE002) where it is taken."""
    text = wish.form.find("slug")
    ref = str(find_ref(text) or f"{slug_of(wish.kind.name)}/{slug_of(text)}")
    if graph.find(ref) is not None:
        says = f"'{ref}' names a thing already"
        hint = "a ref names one thing for ever; choose another, or leave it out"
        raise Refused([error("CREATE002", says, hint=hint, place=_spot("slug"), value=ref)])
    return ref


def _page(
    site: Site,
    look: Look,
    wish: Wish,
    *,
    drafts: Sequence[Draft] = (),
    findings: Sequence[Finding] = (),
) -> Answer:
    sight = site.sight(look)
    graph = sight.graph
    made = graph.find(look.find("made")) if look.find("made") else None
    target = graph.find(wish.to) if wish.to else None
    values = site.frame(
        look,
        sight,
        title=f"Create {wish.kind.name}" if not drafts or len(drafts) == 1 else "Create several",
        layout="bare.html" if look.find("peek") else "base.html",
        needs=("thing", "create"),
        kind=wish.kind,
        kinds=_by_family(graph),
        form=wish.form,
        wish=wish,
        drafts=drafts,
        findings=findings,
        first=_controls(wish, first=True),
        rest=_controls(wish, first=False),
        stages=wish.kind.stages,
        stage_name=FIELD + wish.kind.stage_field,
        made=things(graph, ids([made]))[0] if made is not None else None,
        target=things(graph, ids([target]))[0] if target is not None else None,
        editable=not (look.at or look.known),
    )
    status = 400 if findings else 200
    return Answer(body=draw("pages/create.html", values), status=status)


def _by_family(graph: Graph) -> list[tuple[str, list[Kind]]]:
    """Kinds that may be made, in their families."""
    kinds = [each for each in graph.model.kinds if not each.aside]
    found = [(family.value, [each for each in kinds if each.family is family]) for family in Family]
    return [(name, members) for name, members in found if members]


def _controls(wish: Wish, *, first: bool) -> list[Control]:
    """The fields to fill in: required ones first, the others folded away."""
    skipped = {TITLE, wish.kind.stage_field if wish.kind.stages else ""}
    found = []
    for field in wish.kind.fields:
        if field.name in skipped or field.required is not first:
            continue
        sent = wish.form.all(FIELD + field.name)
        found.append(control_of(field, value_from(field, sent)))
    return found


def _usual(graph: Graph) -> Kind:
    """The kind of which the company has most things, of those that state intent."""
    kinds = [each for each in graph.model.kinds if not each.aside]
    if not kinds:
        hint = "declare a kind in the model first"
        raise Refused([error("CREATE003", "the company has no kinds yet", hint=hint)])
    return max(kinds, key=lambda kind: (kind.family == "intent", len(graph.ids_of(kind.name))))


def _spot(name: str) -> Place:
    return Place(field=name)
