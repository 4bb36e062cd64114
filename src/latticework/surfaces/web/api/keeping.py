"""Calls for kept questions: the company's, and the asker's own."""

from __future__ import annotations

from msgspec import Struct

from latticework.base.findings import error
from latticework.model.model import SavedView
from latticework.surfaces.web.answer import NotThere
from latticework.surfaces.web.api.call import Asked, Moment, call
from latticework.surfaces.web.api.shapes import YesNo
from latticework.surfaces.web.lens import TABLE
from latticework.surfaces.web.look import Look
from latticework.surfaces.web.saved import Kept, drop, keep, kept_views
from latticework.surfaces.web.site import Site


class KeptGiven(Struct, frozen=True, kw_only=True):
    """A kept question: what it asks, for whom, for which decision, what it leaves out.

    `lens` is the view that draws it, empty for a table, `shows` what that view
    was told. The company's are `shared`, the others the asker's own.
    """

    name: str
    asks: str
    whom: str
    decides: str
    omits: str
    lens: str
    shows: dict[str, str]
    shared: bool


class KeptList(Struct, frozen=True, kw_only=True):
    """Every question that is kept: the company's, then the asker's own."""

    kept: list[KeptGiven]


class KeptSent(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A question to keep; `was` is the name of the one whose place it takes."""

    name: str
    asks: str
    omits: str
    whom: str = ""
    decides: str = ""
    lens: str = ""
    shows: dict[str, str] = {}
    shared: bool = True
    was: str = ""


class Which(Moment, frozen=True, kw_only=True):
    """Whether the company's question of the name is meant, or the asker's own."""

    shared: YesNo = "yes"


@call("GET /api/kept", given=Moment, gives=KeptList)
def list_kept(asked: Asked[Moment, Struct]) -> KeptList:
    """Every kept question, with the sentence on what it leaves out."""
    return KeptList(kept=[_given(each) for each in _every(asked.site, asked.look)])


@call("POST /api/kept", given=Moment, takes=KeptSent, gives=KeptGiven)
def keep_question(asked: Asked[Moment, KeptSent]) -> KeptGiven:
    """Keep a question, or keep it otherwise; one that leaves out nothing is refused."""
    sent = asked.body
    was = _named(asked, sent.was, shared=sent.shared) if sent.was else None
    view = SavedView(
        name=" ".join(sent.name.split()),
        asks=sent.asks.strip(),
        whom=" ".join(sent.whom.split()),
        decides=" ".join(sent.decides.split()),
        omits=" ".join(sent.omits.split()),
        lens="" if sent.lens == TABLE else sent.lens,
        shows=sent.shows,
    )
    kept = Kept(view=view, shared=sent.shared)
    keep(asked.site, asked.look, kept, was=was)
    return _given(kept)


@call("DELETE /api/kept/{name}", given=Which, gives=KeptGiven)
def drop_question(asked: Asked[Which, Struct]) -> KeptGiven:
    """Forget a kept question."""
    found = _named(asked, asked.path["name"], shared=asked.given.shared == "yes")
    drop(asked.site, asked.look, found)
    return _given(found)


def _every(site: Site, look: Look) -> tuple[Kept, ...]:
    return kept_views(site, look, site.sight(look))


def _named(
    asked: Asked[Moment, KeptSent] | Asked[Which, Struct], name: str, *, shared: bool
) -> Kept:
    """The kept question of a name; raises NotThere (WEB001) without one."""
    every = _every(asked.site, asked.look)
    found = next((e for e in every if e.view.name == name and e.shared is shared), None)
    if found is None:
        hint = "see what is kept at /api/kept"
        raise NotThere(error("WEB001", f"no question '{name}' is kept", hint=hint, value=name))
    return found


def _given(kept: Kept) -> KeptGiven:
    view = kept.view
    return KeptGiven(
        name=view.name,
        asks=view.asks,
        whom=view.whom,
        decides=view.decides,
        omits=view.omits,
        lens=view.lens,
        shows=dict(view.shows),
        shared=kept.shared,
    )
