"""Every page as people see it: nothing on the console, nothing too wide, nothing that axe finds.

Screenshots are left in build/screenshots/, at two sizes, light and dark.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page, expect
from tests.surfaces.browser.conftest import ROOT, Server
from tests.surfaces.browser.driving import Axe, OpenPage, Served, weigh

from latticework.views.catalogue import views
from latticework.workspace.workspace import Workspace

FIRST_PAGE = 150_000
"""Bytes that the first page may weigh, with all that it needs, as they come over the line."""

SHOTS = ROOT / "build" / "screenshots"
SIZES = ((1440, 900), (390, 844))
WIDTHS = (768, 1024, 2560)
"""Where a page is not looked at, and must fit all the same."""

THEMES = ("light", "dark")
ASKED: dict[tuple[int, str], tuple[str, ...]] = {
    (1440, "light"): (),
    (390, "dark"): ("color-contrast", "target-size", "scrollable-region-focusable"),
}
"""Where axe is asked about everything, and where only about what size and colours change."""
EXAMPLE = ROOT / "examples" / "kubernetes"
DATA = Path(os.environ.get("LATTICEWORK_REALDATA", ROOT.parent / "shared" / "data"))

PLACES = (
    "/",
    "/?against=2026-06-01",
    "/ask",
    "/ask?q=bet where stage is active sort by cost",
    "/ask?q=bet where stage is active&against=2026-06-01",
    "/diff?from=2026-09-01&to=now",
    "/findings",
    "/inbox",
    "/feed",
    "/create",
    "/model",
    "/model?kind=bet",
    "/model/shape",
    "/branches",
    "/views",
    "/kinds/bet",
    "/kinds/bet?at=2026-03-01",
    "/thing/bet/night-lockers",
    "/views/board?query=bet&against=2026-06-01",
    "/views/tree?start=pillar&against=2026-06-01",
    "/views/matrix?against=2026-03-01",
    "/views/timeline?query=project where stage is active&against=2026-06-01",
    "/views/map?focus=bet/night-lockers&against=2026-01-01",
    "/views/lineage?ref=bet/night-lockers",
    "/views/ageing?query=project where stage is active",
    "/views/flow?query=project",
    "/views/forecast?query=project",
    "/views/rollup?field=cost",
    "/views/scope?since=2026-07-01&query=project",
    "/nowhere",
)


def _paths() -> list[str]:
    """Places, then every view with what it shows by itself."""
    shown = {path.partition("?")[0].rsplit("/", 1)[-1] for path in PLACES}
    return [*PLACES, *(f"/views/{name}" for name in views() if name not in shown)]


@pytest.mark.parametrize("path", _paths())
def test_a_page_of_the_demo_looks_right(path: str, open_page: OpenPage, axe: Axe) -> None:
    page = open_page(path)
    look_at(page, SHOTS / "demo" / _name(path), axe)


def test_the_first_page_is_light_and_brings_no_island_that_it_does_not_use(
    open_page: OpenPage,
) -> None:
    page = open_page("/")
    came = weigh(page)
    page.reload()
    page.evaluate("document.fonts.ready.then(() => 0)")
    expect(page.locator(".canvas-block")).to_be_visible()
    page.wait_for_timeout(300)
    islands = {path for path in came if re.fullmatch("/static/built/[a-z]+[.]js", path)}
    assert islands <= {"/static/built/shell.js", "/static/built/picture.js"}
    assert {"/", "/static/tokens.css"} <= came.keys()
    assert sum(came.values()) <= FIRST_PAGE, came


@pytest.mark.parametrize(
    ("path", "wanted", "least"),
    [
        ("/kinds/bet", "tbody tr[data-ref]", 87),
        ("/views/timeline?query=project where stage is active", ".timeline-sheets text", 60),
        ("/views/flow?query=project", ".curve", 1),
        ("/thing/bet/night-lockers", ".stages .stage", 1),
    ],
)
def test_a_sheet_of_paper_holds_all_of_a_page(
    path: str, wanted: str, least: int, open_page: OpenPage
) -> None:
    """No row is left in a scrolled region, nothing asks to be pressed, the foot says as of when."""
    page = open_page(path)
    page.wait_for_load_state("networkidle")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 690, "height": 990})
    shown = [each for each in page.locator(f"main {wanted}").all() if each.is_visible()]
    assert len(shown) >= least
    assert not list(_too_wide(page))
    assert page.locator("main button:visible:not(.stages *), main input:visible").count() == 0
    assert re.search(r"as of \d{4}-\d\d-\d\d", page.locator(".colophon").inner_text())
    cut = page.evaluate(
        "[...document.querySelectorAll('.scroll, .curve-scroll, .board-scroll, .map-box')]"
        ".filter(e => e.checkVisibility() && e.scrollHeight > e.clientHeight + 1 &&"
        " getComputedStyle(e).overflowY !== 'visible').map(e => e.className)"
    )
    assert not cut
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator(".timeline-sheets").count() == 0


def look_at(page: Page, place: Path, axe: Axe, *, once: bool = False) -> None:
    """See a page at both sizes in both themes; say at once all that is wrong with it.

    `once` asks axe only about the first look.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    wrong: list[str] = []
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        for theme in THEMES:
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            page.evaluate("document.fonts.ready.then(() => 0)")
            page.screenshot(path=f"{place}-{width}-{theme}.png", animations="disabled")
            wrong += [f"{width} {theme}: {each}" for each in _too_wide(page)]
            rules = ASKED.get((width, theme))
            if rules is not None and not (rules and once):
                wrong += [f"{width} {theme}: {each}" for each in _found(page, axe, rules)]
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        wrong += [f"{width}: {each}" for each in _too_wide(page)]
    assert not wrong, f"{page.url}\n" + "\n".join(wrong)


def _too_wide(page: Page) -> Iterator[str]:
    wide = page.evaluate(
        "document.documentElement.scrollWidth > innerWidth ? [...document.querySelectorAll('*')]"
        ".filter(e => e.getBoundingClientRect().right > innerWidth + 1).slice(0, 5)"
        ".map(e => e.tagName + '.' + e.getAttribute('class')) : []"
    )
    if wide:
        yield f"is wider than the window: {wide}"


@pytest.mark.parametrize(
    ("path", "drawn"),
    [("/views/flow?query=project", ".curve"), ("/views/allocation", ".sankey .sk-end")],
)
def test_a_phone_shows_a_drawing_whole(path: str, drawn: str, open_page: OpenPage) -> None:
    page = open_page(path, width=390, height=844)
    shown = [box for each in page.locator(drawn).all() if (box := each.bounding_box())]
    assert shown
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= 390 for box in shown)


def test_lanes_stand_beneath_their_heads(open_page: OpenPage) -> None:
    """Where a pile is empty and shut, those after it are not drawn aside."""
    page = open_page("/views/board?query=bet where stage is active&lanes=health")
    lefts = "e => Math.round(e.getBoundingClientRect().left)"
    heads = page.evaluate(f"[...document.querySelectorAll('.board-head')].map({lefts})")
    first = "document.querySelector('.board-lane .board-row').children"
    assert heads == page.evaluate(f"[...{first}].map({lefts})")


def _found(page: Page, axe: Axe, rules: Sequence[str]) -> Iterator[str]:
    try:
        axe(page, *rules)
    except AssertionError as found:
        yield str(found)


def _name(path: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", path.casefold()).strip("-") or "company"


@pytest.fixture(scope="module")
def kubernetes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Nine years of a large project, from its public histories."""
    if not (DATA / "groups.bundle").exists():
        lacks = f"the public git histories do not lie at {DATA}"
        if os.environ.get("REQUIRE_REALDATA") == "1":
            pytest.fail(lacks)
        pytest.skip(lacks)
    folder = tmp_path_factory.mktemp("kubernetes") / "company"
    text = (EXAMPLE / "latticework.yaml").read_text()
    with Workspace.init(folder, model_text=text) as workspace:
        for name in ("groups", "enhancements"):
            recipe = EXAMPLE / f"{name}.recipe.yaml"
            workspace.import_recipe(recipe, str(DATA / f"{name}.bundle"))
    server = Server(folder)
    yield server.served
    server.stop()


@pytest.mark.realdata
def test_every_page_of_a_real_company_looks_right(
    kubernetes: Served, open_page: OpenPage, axe: Axe
) -> None:
    """One test, so that the company is built once."""
    wrong = []
    shown = ("/", "/ask?q=enhancement where stage is active", "/feed", "/findings", "/model")
    for path in (*shown, *(f"/views/{name}" for name in views())):
        try:
            page = open_page(path, at=kubernetes)
            look_at(page, SHOTS / "kubernetes" / _name(path), axe, once=True)
            page.context.close()
        except (AssertionError, Error) as found:
            wrong.append(str(found))
    assert not wrong, "\n\n".join(wrong)
