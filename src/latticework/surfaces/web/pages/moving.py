"""What a board's form does: a card is put on another pile."""

from __future__ import annotations

from urllib.parse import unquote

from latticework.base.findings import Refused, error
from latticework.surfaces.web.answer import Answer
from latticework.surfaces.web.look import Look
from latticework.surfaces.web.routes import Form, Given, deed, go
from latticework.surfaces.web.site import Site
from latticework.views.board import moved
from latticework.views.catalogue import views
from latticework.views.visuals import Board


@deed("/do/move")
def move_card(site: Site, look: Look, _: Given, form: Form) -> Answer:
    """Put one card on another pile, then show the board again.

    `move` names the card, the pile it lies on and the one it goes to, as the
    board's own buttons say it.
    """
    ref, _bar, way = form.find("move").partition("|")
    before, _bar, after = (unquote(each) for each in way.partition("|"))
    chosen = {name: form.find(name) for name in ("query", "by") if form.find(name)}
    page = views()["board"].build(site.sight(look), {**chosen, "rows": 1})
    block = next((each for each in page.blocks if isinstance(each, Board)), None)
    if block is None or not ref:
        raise Refused([error("WEB041", "no card was named", hint="go back to the board")])
    site.record(look, moved(block, ref, before, after))
    return go(form.find("back") or look.to("/views/board", **chosen))
