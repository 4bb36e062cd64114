"""The pages of the model: its words, and gestures that change them with care."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import unified_diff
from typing import TYPE_CHECKING

from latticework.base.findings import Finding, Refused, has_errors
from latticework.base.times import day_of
from latticework.surfaces.previews import preview_page
from latticework.surfaces.web.answer import Answer
from latticework.surfaces.web.drawing import draw
from latticework.surfaces.web.gestures import GESTURES, Gesture, gesture_of, offers_of
from latticework.surfaces.web.look import Look
from latticework.surfaces.web.routes import Form, Given, deed, go, route
from latticework.surfaces.web.site import Site
from latticework.surfaces.web.titles import titled
from latticework.views.blocks import Findings, Metric
from latticework.views.catalogue import views

if TYPE_CHECKING:
    from latticework.model.model import Kind, Model

FILE = "latticework.yaml"
_CONTEXT_LINES = 2


@dataclass(frozen=True, kw_only=True)
class Field:
    """A blank of a gesture's form with what may stand in it."""

    name: str
    label: str
    example: str
    offers: tuple[str, ...]
    closed: bool
    optional: bool


@dataclass(frozen=True, kw_only=True)
class GestureForm:
    """A gesture as a form."""

    name: str
    says: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class DiffLine:
    """A line of an amended text: added, gone, or near one that is."""

    text: str
    tone: str


@route("/model")
def model_page(site: Site, look: Look, _: Given) -> Answer:
    """The company's words, or all about one kind, with gestures that change them."""
    sight = site.sight(look)
    page = views()["model"].build(sight, {"kind": look.find("kind")})
    declared = sight.graph.model
    kind = declared.find_kind(look.find("kind")) if look.find("kind") else None
    values = site.frame(
        look,
        sight,
        title=page.title,
        subtitle=page.subtitle,
        current="/model",
        needs=("shaping",),
        kind=kind,
        kinds=declared.kinds,
        gestures=() if look.at else _forms(declared, kind),
        metrics=[each for each in page.blocks if isinstance(each, Metric)],
        blocks=[titled(each, sight.graph) for each in page.blocks if not isinstance(each, Metric)],
        alternates=((look.to("/api/views/model"), "application/json"),),
    )
    return Answer(body=draw("pages/model.html", values))


@route("/model/shape")
def shape_page(site: Site, look: Look, _: Given) -> Answer:
    """The model's text, to be changed by hand, with what a change would affect."""
    text = site.workspace.folder.model_text()
    return _shape(site, look, text, text)


@deed("/do/model/gesture")
def try_gesture(site: Site, look: Look, _given: Given, form: Form) -> Answer:
    """Amend the model's text by one gesture and show what it would affect."""
    text = site.workspace.folder.model_text()
    typed = {name: value.strip() for name, value in form.pairs}
    model = site.workspace.model
    gesture = gesture_of(typed.get("gesture", ""))
    plain = _plain(look)
    try:
        amended = gesture.apply(text, model, typed)
    except Refused as refused:
        return _shape(site, plain, text, text, findings=refused.findings)
    return _shape(site, plain, text, amended, why=gesture.says)


@deed("/do/model/preview")
def preview_model(site: Site, look: Look, _given: Given, form: Form) -> Answer:
    """Show what a text would affect; nothing is recorded."""
    text, why = _unix(form.all("text")), form.find("why")
    return _shape(site, _plain(look), _unix(form.all("seen")), text, why=why)


@deed("/do/model/apply")
def apply_model(site: Site, look: Look, _given: Given, form: Form) -> Answer:
    """Record a text as the company's words from now on, and keep it as the file."""
    seen, text = _unix(form.all("seen")), _unix(form.all("text"))
    why, since = form.find("why"), form.find("since") or None
    try:
        receipt = site.workspace.shape(text, seen=seen, by=site.person(look), why=why, valid=since)
    except Refused as refused:
        return _shape(site, _plain(look), seen, text, why=why, findings=refused.findings)
    return go(f"/model?did={receipt.batches[-1]}" if receipt.batches else "/model")


def _shape(
    site: Site,
    look: Look,
    seen: str,
    text: str,
    *,
    why: str = "",
    findings: Iterable[Finding] = (),
) -> Answer:
    sight = site.sight(look)
    preview = site.workspace.preview_model(text, FILE)
    page = preview_page(preview)
    told = tuple(findings)
    values = site.frame(
        look,
        sight,
        title="Shape the model",
        current="/model",
        needs=("shaping",),
        text=text,
        seen=seen,
        why=why,
        lines=_diff(seen, text),
        subtitle=page.subtitle,
        ready=bool(preview.changes) and not has_errors(preview.findings),
        blocks=[each for each in page.blocks if not isinstance(each, Findings)],
        findings=(*told, *(each for each in preview.findings if each not in told)),
        today=day_of(sight.now, sight.zone).isoformat(),
    )
    return Answer(body=draw("pages/shape.html", values), status=400 if told else 200)


def _forms(model: Model, kind: Kind | None) -> tuple[GestureForm, ...]:
    return tuple(
        _form(each, model, kind) for each in GESTURES if each.of_kind == (kind is not None)
    )


def _form(gesture: Gesture, model: Model, kind: Kind | None) -> GestureForm:
    fields = tuple(
        Field(
            name=blank.name,
            label=blank.label,
            example=blank.example,
            offers=tuple(offers_of(model, kind, blank.offers)) if blank.offers else (),
            closed=blank.closed,
            optional=blank.optional,
        )
        for blank in gesture.blanks
    )
    return GestureForm(name=gesture.name, says=gesture.says, fields=fields)


def _diff(before: str, after: str) -> tuple[DiffLine, ...]:
    tones: Mapping[str, str] = {"+": "good", "-": "bad", "@": "dim"}
    lines = unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=_CONTEXT_LINES)
    return tuple(
        DiffLine("…" if line.startswith("@") else line, tones.get(line[:1], ""))
        for line in lines
        if not line.startswith(("+++", "---"))
    )


def _unix(values: tuple[str, ...]) -> str:
    """A text as a browser sends it, with lines that end as files' do."""
    text = (values[-1] if values else "").replace("\r\n", "\n")
    return text if not text or text.endswith("\n") else text + "\n"


def _plain(look: Look) -> Look:
    """The look of a page that is drawn in answer to a form."""
    return Look(path="/model/shape", theme=look.theme, density=look.density, who=look.who)
