"""The forms in which a page goes out, each with what it is sent as."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from latticework.base.findings import Refused, error
from latticework.base.near import did_you_mean
from latticework.surfaces.data import csv_lines, json_lines, rows_in_turn
from latticework.surfaces.out.shown import Shown, data_of
from latticework.surfaces.web.answer import CSV, JSON, Answer, Flow, flow_of

if TYPE_CHECKING:
    from latticework.surfaces.web.look import Look

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MARKDOWN = "text/markdown; charset=utf-8"
SVG = "image/svg+xml"

Make = Callable[[Shown, "Look"], str | bytes | Iterator[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form: its word in addresses, as people say it, its type, and who makes it.

    `rows` marks those that hold rows and nothing else, for programs and sheets;
    text among them is made line by line, however many there are.
    """

    word: str
    name: str
    type: str
    make: Make
    rows: bool = False


def _csv(shown: Shown, _: Look) -> Iterator[str]:
    return (f"{line}\r\n" for line in csv_lines(rows_in_turn(data_of(shown))))


def _json(shown: Shown, _: Look) -> Iterator[str]:
    return (f"{line}\n" for line in json_lines(rows_in_turn(data_of(shown))))


def _xlsx(shown: Shown, look: Look) -> bytes:
    from latticework.surfaces.out.sheet import sheet_of

    return sheet_of(
        shown.page.title or "Rows",
        data_of(shown),
        about_of(shown, look),
        model=shown.sight.graph.model,
        address=(lambda ref: look.origin + look.thing(ref)) if look.origin else None,
    )


def _markdown(shown: Shown, _: Look) -> str:
    from latticework.surfaces.out.markdown import markdown_of

    return markdown_of(shown.page)


def _svg(shown: Shown, look: Look) -> str:
    from latticework.surfaces.out.drawing import drawing_of

    place = look.find("block")
    dark = look.theme == "dark"
    return drawing_of(shown.page, int(place) if place.isdigit() else 0, dark=dark)


FORMS: Mapping[str, Form] = {
    each.word: each
    for each in (
        Form(word="csv", name="CSV", type=CSV, make=_csv, rows=True),
        Form(word="json", name="JSON", type=JSON, make=_json, rows=True),
        Form(word="xlsx", name="Excel sheet", type=SHEET, make=_xlsx, rows=True),
        Form(word="md", name="Markdown", type=MARKDOWN, make=_markdown),
        Form(word="svg", name="SVG drawing", type=SVG, make=_svg),
    )
}
"""Every form, in the order in which they are offered."""


def forms_of(*, drawn: bool) -> Iterator[Form]:
    """The forms in which a page may go out: a drawing only of what is drawn."""
    return (each for each in FORMS.values() if drawn or each.word != "svg")


def form_of(word: str) -> Form:
    """The form of this word; raises Refused (OUT003) without one."""
    found = FORMS.get(word)
    if found is None:
        hint = did_you_mean(word, FORMS, otherwise="one of " + ", ".join(FORMS))
        raise Refused([error("OUT003", f"no form is called '{word}'", hint=hint, value=word)])
    return found


def answer_in(form: Form, shown: Shown, look: Look) -> Answer | Flow:
    """A page in a form, to be kept as a file."""
    made = form.make(shown, look)
    name = f"{shown.stem}.{form.word}"
    plain = name.encode("ascii", "ignore").decode() or f"page.{form.word}"
    said = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    headers = {"content-disposition": said}
    if isinstance(made, bytes):
        return Answer(body="", data=made, type=form.type, headers=headers)
    if isinstance(made, str):
        return Answer(body=made, type=form.type, headers=headers)
    return flow_of(made, type_=form.type, headers=headers)


def about_of(shown: Shown, look: Look) -> tuple[tuple[str, str], ...]:
    """What is said of a page that goes out: company, question, moment, address."""
    graph = shown.sight.graph
    from latticework.base.times import format_instant

    every = (
        ("Company", graph.model.company),
        ("Asked", shown.asked),
        ("Shows", shown.page.subtitle),
        ("Moment", shown.sight.words or "now"),
        ("Entry", f"{graph.number:,}"),
        ("Made", format_instant(shown.sight.now // 1_000_000 * 1_000_000)),
        ("Address", look.origin + look.back if look.origin else look.back),
    )
    return tuple((name, value) for name, value in every if value)
