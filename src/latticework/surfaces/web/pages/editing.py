"""What the forms of a thing's page do: each sends one batch, and leads back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from latticework.base.findings import Finding, Refused, error
from latticework.base.refs import ref_of
from latticework.journal.changes import Change, Connect, Disconnect, Move, Put, Retire, Value
from latticework.journal.store import Receipt
from latticework.model.model import Kind
from latticework.surfaces.web.answer import Answer
from latticework.surfaces.web.linking import Lines, Phrase, Reader, phrases_of
from latticework.surfaces.web.look import Look
from latticework.surfaces.web.properties import field_of, value_from
from latticework.surfaces.web.routes import Form, Given, deed, go
from latticework.surfaces.web.site import Site
from latticework.surfaces.web.thing import Mistake, find_or_say, thing_answer

if TYPE_CHECKING:
    from latticework.graph.graph import Graph

CARRIED = "carry:"
"""Begins the names of fields that a link carries."""


@deed("/do/thing/set")
def set_field(site: Site, look: Look, _given: Given, form: Form) -> Answer:
    """Give one field of a thing another value, or take it away."""
    ref, name = form.find("ref"), form.find("field")

    def changes(graph: Graph) -> Iterable[Change]:
        declared = field_of(_kind_of(graph, ref), name)
        return [Put(ref, {declared.name: value_from(declared, form.all("value"))})]

    return do(site, look, form, ref, f"field:{name}", changes)


@deed("/do/thing/edge")
def set_edge(site: Site, look: Look, _given: Given, form: Form) -> Answer:
    """Give the fields of one link other values, or cut the link."""
    source, link, target = (form.find(name) for name in ("source", "link", "target"))

    def changes(graph: Graph) -> Iterable[Change]:
        if form.find("cut"):
            return [Disconnect(source, link, target)]
        return [Connect(source, link, target, _carried(graph, link, form))]

    return do(site, look, form, form.find("ref"), f"edge:{source} {link} {target}", changes)


@deed("/do/thing/link")
def add_links(site: Site, look: Look, _given: Given, form: Form) -> Answer:
    """Link a thing to what lines of text name; begin what is missing."""
    ref, wanted = form.find("ref"), form.find("phrase")

    def changes(graph: Graph) -> Iterable[Change]:
        phrase = _phrase(graph, ref, wanted)
        lines = read_lines(graph, phrase, form)
        if lines.findings or not lines.refs:
            raise Refused(lines.findings or [_nothing_named()])
        return lines.changes(ref, phrase)

    return do(site, look, form, ref, "link", changes)


def read_lines(graph: Graph, phrase: Phrase, form: Form) -> Lines:
    """The lines of a form as things that a phrase may lead to."""
    make = form.find("make")
    kinds = phrase.kinds
    return Reader(graph, kinds, make if make in kinds else "").read(form.find("ends"))


@deed("/do/thing/retire")
def retire_thing(site: Site, look: Look, _given: Given, form: Form) -> Answer:
    """Retire a thing; its history and its ref stay."""
    ref = form.find("ref")
    return do(site, look, form, ref, "retire", lambda _: [Retire(ref)])


@deed("/do/thing/return")
def bring_back(site: Site, look: Look, _given: Given, form: Form) -> Answer:
    """Bring a retired thing back with the values that it had."""
    ref = form.find("ref")
    return do(site, look, form, ref, "return", lambda _: [Put(ref, {})])


@deed("/do/thing/move")
def rename_ref(site: Site, look: Look, _given: Given, form: Form) -> Answer:
    """Give a thing another ref; the old one keeps leading to it."""
    ref, text = form.find("ref"), form.find("to")
    to = text if "/" in text else str(ref_of(ref.partition("/")[0], text)) if text else ""
    return do(site, look, form, ref, "move", lambda _: [Move(ref, to)], leads_to=to)


@deed("/do/thing/restore")
def restore_value(site: Site, look: Look, _given: Given, form: Form) -> Answer:
    """Give a field the value that an earlier entry gave it, as a new change."""
    ref, name = form.find("ref"), form.find("field")

    def changes(graph: Graph) -> Iterable[Change]:
        return [Put(ref, {name: value_of_entry(graph, ref, form.find("entry"), name)})]

    return do(site, look, form, ref, f"restore:{form.find('entry')}", changes)


@deed("/do/thing/undo")
def undo_batch(site: Site, look: Look, _given: Given, form: Form) -> Answer:
    """Take a batch back by new entries, and lead back to the page."""
    ref, number = form.find("ref"), form.find("batch")
    site.refuse_past(look)
    if not number.isdecimal():
        says = f"'{number}' is no number of a batch"
        raise Refused([error("EDIT002", says, hint="undo from the notice after an edit")])
    who = site.person(look)
    try:
        receipt = site.workspace.undo(int(number), by=who, branch=look.branch)
    except Refused as refusal:
        if not ref:
            raise
        mistake = Mistake(spot="undo", findings=refusal.findings, form=form)
        return thing_answer(site, look, ref, mistake)
    graph = site.workspace.graph(branch=look.branch)
    there = bool(ref) and graph.find(ref) is not None
    return go(_after(look, receipt, ref) if there else look.to("/"))


def do(
    site: Site,
    look: Look,
    form: Form,
    ref: str,
    spot: str,
    changes: Callable[[Graph], Iterable[Change]],
    *,
    leads_to: str = "",
) -> Answer:
    """Record what a form asks for, and lead on; or draw the thing's page with what is wrong."""
    find_or_say(site.sight(look), ref)
    try:
        site.refuse_past(look)
        graph = site.workspace.graph(branch=look.branch)
        receipt = record(site, look, form, changes(graph))
    except Refused as refusal:
        return thing_answer(
            site, look, ref, Mistake(spot=spot, findings=refusal.findings, form=form)
        )
    return go(_after(look, receipt, leads_to or ref))


def record(site: Site, look: Look, form: Form, changes: Iterable[Change]) -> Receipt:
    """Record with the form's reason, its day, and what its reader had seen."""
    base = form.find("base")
    return site.record(
        look,
        changes,
        why=form.find("why"),
        valid=form.find("since"),
        base=int(base) if base.isdecimal() else None,
    )


def value_of_entry(graph: Graph, ref: str, number: str, name: str) -> Value:
    """What an entry of a thing's history gave one of its fields; raises Refused (EDIT001)."""
    kind = _kind_of(graph, ref)
    for entry in graph.history(ref):
        if str(entry.number) == number and isinstance(entry.change, Put):
            for word, value in entry.change.fields.items():
                found = graph.words.find_field(kind, word) if kind else None
                if name == (found.name if found else word):
                    return value
    says = f"entry {number} gave '{ref}' no '{name}'"
    raise Refused([error("EDIT001", says, hint="restore from the lines of its history")])


def _after(look: Look, receipt: Receipt, ref: str) -> str:
    """The thing's page, with the number of the batch that was recorded."""
    batches = receipt.batches
    return look.to(look.thing(ref).partition("?")[0], did=batches[-1] if batches else "")


def _carried(graph: Graph, link: str, form: Form) -> dict[str, Value]:
    declared = graph.model.links_by_name.get(link)
    fields = declared.carries_by_name if declared else {}
    names = dict.fromkeys(key for key, _ in form.pairs if key.startswith(CARRIED))
    return {
        name.removeprefix(CARRIED): value_from(
            fields.get(name.removeprefix(CARRIED)), form.all(name)
        )
        for name in names
    }


def _phrase(graph: Graph, ref: str, wanted: str) -> Phrase:
    found = graph.id_of(ref)
    for each in phrases_of(graph, found, 1, frozenset()):
        if each.phrase == wanted and each.kinds:
            return each
    says = f"no link of '{ref}' reads '{wanted}'"
    raise Refused([error("VIEW005", says, hint="choose one of the phrases", value=wanted)])


def _nothing_named() -> Finding:
    return error("LINK003", "no line names anything", hint="write a title, a ref or an address")


def _kind_of(graph: Graph, ref: str) -> Kind | None:
    found = graph.find(ref)
    return None if found is None else graph.model.find_kind(graph.kind_of(found))
