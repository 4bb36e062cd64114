"""Templates: values in, escaped HTML out."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo
from functools import cache
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from latticework.analysis.mending import is_mendable, sameness
from latticework.base.findings import Finding
from latticework.base.times import BEGINNING, DAY_MICROSECONDS, Instant, datetime_of
from latticework.surfaces.web import curves, maps, sankeys, sparks, timelines
from latticework.surfaces.web.against import Against
from latticework.views.blocks import (
    Cell,
    Feed,
    Table,
    Told,
)
from latticework.views.timeline import ZOOMS
from latticework.views.visuals import Block
from latticework.views.wording import day_words

HERE = Path(__file__).parent
STATIC = HERE / "static"
NO_CELL = Cell()
_ADDRESS = re.compile(r"https?://[^\s\"'<>]+")


@dataclass(frozen=True, kw_only=True)
class Turn:
    """Lines of a feed that share who, why and from where.

    `later` is the day of recording where that is not the day itself.
    """

    who: str
    why: str
    source: str
    later: str
    lines: tuple[Told, ...]


@cache
def environment() -> Environment:
    """The templates; whatever they are given is escaped."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        auto_reload=False,
    )
    made.filters |= {
        "thousands": lambda number: f"{number:,}",
        "groups": groups_of,
        "days": days_of,
        "word": css_word,
        "codes": codes_of,
        "alike": alike_of,
        "sameness": sameness,
        "blocks": draw_block,
        "timeline_plan": timelines.plan_of,
        "map_plan": maps.plan_of,
        "outline": maps.sign_of,
        "curve_plan": curves.plan_of,
        "narrow_curve_plan": curves.narrow_plan_of,
        "sankey_plan": sankeys.plan_of,
        "spark_plan": sparks.plan_of,
        "date": date_words,
    }
    made.tests["address"] = is_address
    made.tests["mendable"] = is_mendable
    made.globals["zooms"] = {zoom: timelines.PIXELS[zoom] for zoom in ZOOMS}
    made.globals["marks"] = made.get_template("marks.html").module
    return made


def draw(template: str, values: Mapping[str, object]) -> str:
    """A whole page, with marks on what has changed where it is compared."""
    html = environment().get_template(template).render(values)
    against = values.get("against")
    return against.mark(html) if isinstance(against, Against) else html


@cache
def version() -> str:
    """A word that changes whenever a style or a template does."""
    digest = hashlib.sha256()
    sheets = (each for each in STATIC.rglob("*") if each.is_file())
    for path in sorted((*sheets, *(HERE / "templates").rglob("*.html"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:10]


@cache
def find_asset(folder: str, name: str, ending: str) -> str:
    """The address of a static file of ours; empty where there is none."""
    path = STATIC / folder / f"{name}{ending}"
    return f"/static/{folder}/{name}{ending}?v={version()}" if path.is_file() else ""


def assets_of(names: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Style sheets and islands that blocks and pages of these names need, where there are any."""
    every = tuple(dict.fromkeys(names))
    sheets = (find_asset("blocks", name, ".css") for name in every)
    islands = (find_asset("built", name, ".js") for name in every)
    return tuple(filter(None, sheets)), tuple(filter(None, islands))


@pass_context
def draw_block(context: Context, block: Block) -> Markup:
    """One block, drawn by the template of its sort."""
    own = f"blocks/{type(block).__name__.lower()}.html"
    template = environment().select_template((own, "blocks/visual.html"))
    drawn = template.render({**context.get_all(), "block": block})
    return Markup(drawn)  # noqa: S704  the template escaped what it was given


def is_address(text: str) -> bool:
    """Whether a text is the address of a page elsewhere, and nothing more."""
    return bool(_ADDRESS.fullmatch(text))


def css_word(text: str) -> str:
    """A word that may stand in a class name."""
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-") or "none"


def groups_of(table: Table) -> Iterator[tuple[Cell, tuple[tuple[Cell, ...], ...]]]:
    """Rows under the heading they share; all of them under none otherwise."""
    if not table.grouped:
        yield NO_CELL, table.rows
        return
    for _, rows in groupby(table.rows, key=lambda row: row[0].text):
        group = tuple(rows)
        yield group[0][0], group


def codes_of(findings: Iterable[Finding]) -> Iterator[tuple[str, list[Finding]]]:
    """Findings by code, codes in the order in which they come up."""
    groups: dict[str, list[Finding]] = {}
    for each in findings:
        groups.setdefault(each.code, []).append(each)
    yield from groups.items()


def alike_of(findings: Iterable[Finding]) -> Iterable[list[Finding]]:
    """Findings that say the same of several things, together."""
    groups: dict[tuple[str, ...], list[Finding]] = {}
    for each in findings:
        groups.setdefault(sameness(each), []).append(each)
    return groups.values()


def days_of(feed: Feed, zone: tzinfo = UTC) -> Iterator[tuple[str, tuple[Turn, ...]]]:
    """A feed's lines by day, and within a day by who, why and from where."""
    today = day_words(feed.now, zone)
    for day, lines in groupby(feed.lines, key=lambda told: day_words(told.valid, zone)):
        turns = groupby(lines, key=lambda told: (told.who, told.why, told.source))
        each = tuple(_turn(tuple(group)) for _, group in turns)
        yield _heading(each[0].lines[0].valid, same_day=day == today), each


def date_words(instant: Instant) -> str:
    """A day as it is written out: "21 November 2026"."""
    if instant <= BEGINNING:
        return "the beginning"
    return f"{datetime_of(instant):%-d %B %Y}"


def _heading(valid: Instant, *, same_day: bool) -> str:
    if valid <= BEGINNING:
        return "From the beginning"
    return "Today" if same_day else date_words(valid)


def _turn(lines: tuple[Told, ...]) -> Turn:
    told = lines[0]
    late = told.known - told.valid > DAY_MICROSECONDS
    # What was imported says where it came from, which tells more than when.
    known = date_words(told.known) if late and told.valid > BEGINNING and not told.source else ""
    return Turn(who=told.who, why=told.why, source=told.source, later=known, lines=lines)
