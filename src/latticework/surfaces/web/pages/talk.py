"""What people do in talk: say, edit, take back, watch; and the pack that brings it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from latticework.base.findings import Finding, Refused, error
from latticework.base.refs import ref_of, slug_of
from latticework.base.times import datetime_of
from latticework.journal.changes import Change, Connect, Disconnect, Put, Retire
from latticework.model.amend import attach
from latticework.model.model import TITLE
from latticework.surfaces.web.answer import Answer
from latticework.surfaces.web.drafts import free_ref
from latticework.surfaces.web.drawing import draw
from latticework.surfaces.web.look import Look
from latticework.surfaces.web.pages.editing import do
from latticework.surfaces.web.routes import Form, Given, deed, go, route
from latticework.surfaces.web.site import Site, waiting_of
from latticework.surfaces.web.thing import Mistake, thing_answer
from latticework.surfaces.web.titles import titled
from latticework.views.catalogue import views
from latticework.views.talk import (
    Talk,
    find_person,
    mentioned,
    people_kinds,
    talk_of,
    title_for,
    watching_of,
)

if TYPE_CHECKING:
    from latticework.graph.graph import Graph

PACK = "talk"
"""The pack that has words for comments, mentions and watching."""


@route("/inbox")
def inbox_page(site: Site, look: Look, _: Given) -> Answer:
    """What others said to the reader, and what changed of what the reader watches."""
    sight = site.sight(look)
    who = look.find("who") or look.who
    page = views()["inbox"].build(sight, {"who": who})
    values = site.frame(
        look,
        sight,
        title=page.title,
        subtitle=page.subtitle,
        who=who,
        waiting=waiting_of(sight),
        blocks=[titled(each, sight.graph) for each in page.blocks],
        alternates=((look.to("/api/views/inbox", who=who), "application/json"),),
    )
    return Answer(body=draw("pages/inbox.html", values))


@deed("/do/talk/say")
def say_something(site: Site, look: Look, _given: Given, form: Form) -> Answer:
    """Say something about a thing; @ before a name mentions somebody."""
    ref, text = form.find("ref"), form.find("text")

    def changes(graph: Graph) -> Iterable[Change]:
        talk = _talk(graph)
        if not text:
            raise Refused([_silent()])
        stamp = f"{datetime_of(site.workspace.now()):%Y-%m-%d-%H%M}"
        name = f"{stamp}-{slug_of(title_for(text))[:40]}"
        comment = free_ref(graph, talk.kind, name)
        yield Put(comment, {TITLE: title_for(text), talk.text: text})
        yield Connect(comment, talk.about.name, ref)
        if talk.answers and form.find("answers"):
            yield Connect(comment, talk.answers.name, form.find("answers"))
        if talk.mentions:
            for person in mentioned(graph, text):
                yield Connect(comment, talk.mentions.name, person)

    return do(site, look, form, ref, "say", changes)


@deed("/do/talk/edit")
def edit_comment(site: Site, look: Look, _given: Given, form: Form) -> Answer:
    """Say it in other words, or take it back; what was said stays in its history."""
    ref, comment, text = form.find("ref"), form.find("comment"), form.find("text")

    def changes(graph: Graph) -> Iterable[Change]:
        talk = _talk(graph)
        if form.find("retire"):
            yield Retire(comment)
            return
        if not text:
            raise Refused([_silent()])
        yield Put(comment, {TITLE: title_for(text), talk.text: text})
        yield from _mentions(graph, talk, comment, text)

    return do(site, look, form, ref, f"comment:{comment}", changes)


@deed("/do/talk/watch")
def watch_thing(site: Site, look: Look, _given: Given, form: Form) -> Answer:
    """Watch a thing, or watch it no longer; who has no page yet gets one."""
    ref = form.find("ref")

    def changes(graph: Graph) -> Iterable[Change]:
        link = watching_of(graph.model)
        kinds = people_kinds(graph.model)
        name = site.person(look)
        if link is None or not kinds or not name:
            raise Refused([_nobody()])
        person = find_person(graph, name)
        me = str(graph.ref_of(person)) if person is not None else str(ref_of(kinds[0].name, name))
        if form.find("stop"):
            yield Disconnect(me, link.name, ref)
            return
        if person is None:
            yield Put(me, {TITLE: name})
        yield Connect(me, link.name, ref)

    return do(site, look, form, ref, "watch", changes)


@deed("/do/talk/begin")
def begin_talk(site: Site, look: Look, _given: Given, form: Form) -> Answer:
    """Add the pack of talk to the company's words."""
    ref = form.find("ref")
    try:
        site.refuse_past(look)
        use_pack(site, look, PACK)
    except Refused as refusal:
        mistake = Mistake(spot="begin", findings=refusal.findings, form=form)
        return thing_answer(site, look, ref, mistake)
    return go(f"{look.thing(ref)}#talk")


def use_pack(site: Site, look: Look, pack: str) -> None:
    """Declare the model anew with one more pack, and keep it as the model file."""
    seen = site.workspace.folder.model_text()
    text = attach(seen, ("uses",), pack)
    site.workspace.shape(text, seen=seen, by=site.person(look), why=f"uses the pack '{pack}'")


def _mentions(graph: Graph, talk: Talk, comment: str, text: str) -> Iterable[Change]:
    """Mentions as the new words have them."""
    node = graph.find(comment)
    if talk.mentions is None or node is None:
        return
    link = talk.mentions.name
    before = {str(graph.ref_of(int(each))) for each in graph.adjacency(link).targets_of(node)}
    after = mentioned(graph, text)
    yield from (Connect(comment, link, each) for each in after if each not in before)
    yield from (Disconnect(comment, link, each) for each in sorted(before.difference(after)))


def _talk(graph: Graph) -> Talk:
    talk = talk_of(graph.model)
    if talk is None:
        hint = f"add the pack '{PACK}' to what the model uses"
        raise Refused([error("TALK001", "the company has no words for comments", hint=hint)])
    return talk


def _silent() -> Finding:
    return error("TALK002", "nothing is said", hint="write a few words, or take the comment back")


def _nobody() -> Finding:
    hint = f"say that one kind's things are people, and use the pack '{PACK}'"
    return error("TALK003", "nobody can watch anything here", hint=hint)
