"""Kept questions: the company's, in its model; a reader's own, in a file beside it."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from latticework.base.findings import Finding, Place, Refused, error
from latticework.model.model import SavedView
from latticework.surfaces.web.look import Look
from latticework.workspace.keeping import drop_view, keep_view

if TYPE_CHECKING:
    from latticework.surfaces.web.site import Site
    from latticework.views.sight import Sight

FOLDER = "readers"
LONGEST_FILE = 1_000_000
_LOCK = threading.Lock()


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A kept question, and whether it is the company's or only this reader's."""

    view: SavedView
    shared: bool


def kept_views(site: Site, look: Look, sight: Sight) -> tuple[Kept, ...]:
    """The company's kept questions, then the reader's own."""
    shared = (Kept(view=each, shared=True) for each in sight.graph.model.views)
    own = (Kept(view=each, shared=False) for each in own_views(site, site.person(look)))
    return (*shared, *own)


def kept_view(site: Site, look: Look, sight: Sight) -> Kept | None:
    """The kept question that the address names, the reader's own before the company's."""
    name = look.find("saved")
    if not name:
        return None
    return next((e for e in reversed(kept_views(site, look, sight)) if e.view.name == name), None)


def refuse_unsaid(view: SavedView, taken: Iterable[str]) -> None:
    """Raise Refused (WEB010, WEB008) where a kept question lacks a sentence or its own name."""
    found: list[Finding] = []
    if not view.name:
        hint = "a word or two, like 'flat review'"
        found.append(error("WEB010", "it has no name", hint=hint, place=Place(field="name")))
    if len(view.name) > 80:
        says = "its name has more than 80 characters"
        hint = "say less in the name, and more in the sentence below it"
        found.append(error("WEB010", says, hint=hint, place=Place(field="name")))
    if view.name in taken:
        says = f"a kept question is called '{view.name}' already"
        hint = "choose another name, or change that one"
        found.append(error("WEB008", says, hint=hint, place=Place(field="name")))
    if not view.omits:
        says = "it does not say what it leaves out"
        hint = "every view leaves something out; a sentence lets others trust the rest"
        found.append(error("WEB010", says, hint=hint, place=Place(field="omits")))
    if found:
        raise Refused(found)


def keep(site: Site, look: Look, kept: Kept, *, was: Kept | None) -> None:
    """Keep a question, in the place of another one where `was` is given; raises Refused."""
    _refuse_strange(kept.view)
    person = site.person(look)
    shared = site.sight(look).graph.model.views
    taken = {e.name for e in (shared if kept.shared else own_views(site, person))}
    if was is not None and was.shared == kept.shared:
        taken -= {was.view.name}
    refuse_unsaid(kept.view, taken)
    if was is not None and was.shared != kept.shared:
        drop(site, look, was)
        was = None
    name = was.view.name if was else ""
    if kept.shared:
        site.refuse_past(look)
        keep_view(site.workspace, kept.view, was=name, by=person, branch=look.branch)
        return
    own = own_views(site, person)
    if name in {each.name for each in own}:
        _write(site, person, (kept.view if each.name == name else each for each in own))
    else:
        _write(site, person, (*own, kept.view))


def drop(site: Site, look: Look, kept: Kept) -> None:
    """Forget a kept question."""
    person = site.person(look)
    name = kept.view.name
    if kept.shared:
        site.refuse_past(look)
        drop_view(site.workspace, name, by=person, branch=look.branch)
        return
    _write(site, person, tuple(e for e in own_views(site, person) if e.name != name))


def _refuse_strange(view: SavedView) -> None:
    """Raise Refused (WEB010) where there is nothing to keep, or no lens of the name."""
    from latticework.surfaces.web.lens import lenses

    if not view.asks:
        hint = "ask something first, then keep it"
        raise Refused([error("WEB010", "it asks nothing", hint=hint)])
    if view.lens and view.lens not in {each.name for each in lenses()}:
        hint = "keep it as a table, or choose a lens first"
        raise Refused([error("WEB010", f"no lens is called '{view.lens}'", hint=hint)])


def own_views(site: Site, person: str) -> tuple[SavedView, ...]:
    """The questions that a reader has kept for themselves."""
    path = _file(site, person)
    try:
        if path.stat().st_size > LONGEST_FILE:
            return ()
        said = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ()
    return tuple(_read(said))


def own_written(site: Site, person: str) -> int:
    """When a reader last kept a question of their own; 0 for never."""
    try:
        return _file(site, person).stat().st_mtime_ns
    except OSError:
        return 0


def _read(said: object) -> Iterator[SavedView]:
    rows = said.get("views", []) if isinstance(said, dict) else []
    for each in rows if isinstance(rows, list) else []:
        if not isinstance(each, dict):
            continue
        given = each.get("with")
        yield SavedView(
            name=str(each.get("name", "")),
            asks=str(each.get("asks", "")),
            whom=str(each.get("for", "")),
            decides=str(each.get("decides", "")),
            omits=str(each.get("omits", "")),
            lens=str(each.get("lens", "")),
            shows={str(k): str(v) for k, v in given.items()} if isinstance(given, dict) else {},
        )


def _write(site: Site, person: str, views: Iterable[SavedView]) -> None:
    rows = [
        {
            "name": each.name,
            "asks": each.asks,
            "for": each.whom,
            "decides": each.decides,
            "omits": each.omits,
            "lens": each.lens,
            "with": dict(each.shows),
        }
        for each in views
    ]
    path = _file(site, person)
    text = json.dumps({"reader": person, "views": rows}, ensure_ascii=False, indent=1)
    with _LOCK:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            fresh = path.with_suffix(".new")
            fresh.write_text(text + "\n", encoding="utf-8")
            fresh.replace(path)
        except OSError as problem:
            says = f"your own views cannot be written: {problem.strerror}"
            hint = "keep it for everybody, or ask whoever runs the server"
            raise Refused([error("WEB009", says, hint=hint)]) from problem


def _file(site: Site, person: str) -> Path:
    """One file for each reader; a name may hold what no file's name can."""
    digest = hashlib.sha256(person.encode()).hexdigest()[:24]
    return site.workspace.folder.inner / FOLDER / f"{digest}.json"
