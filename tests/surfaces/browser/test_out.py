"""What goes out in a browser: SQL by keys, a picture of a drawing, a shared page."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Page, expect
from tests.surfaces.browser.driving import Axe, OpenPage, Served

QUERY = "/sql?q=select+stage,+count(*)+as+n+from+bet+group+by+stage"


def test_a_statement_runs_by_key_and_lies_in_the_address(open_page: OpenPage) -> None:
    page = open_page("/sql")
    page.locator("#sql-q").fill("select count(*) as n from bet")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".sql-said")).to_contain_text("1 row")
    assert "/sql?q=select" in page.url


def test_a_name_clicked_twice_is_written(open_page: OpenPage) -> None:
    page = open_page("/sql")
    page.locator(".sql-table code", has_text="person").first.dblclick()
    expect(page.locator("#sql-q")).to_have_value("person")


def taken(page: Page, word: str, folder: Path) -> Path:
    """The file that a way out gives."""
    with page.expect_download() as coming:
        page.get_by_role("link", name=word, exact=True).click()
    file = folder / coming.value.suggested_filename
    coming.value.save_as(file)
    return file


def test_a_drawing_goes_out_as_svg_and_as_a_picture(open_page: OpenPage, tmp_path: Path) -> None:
    for name, of in (("matrix", "query=bet&across=stage"), ("tree", "start=pillar")):
        page = open_page(f"/views/{name}?{of}")
        page.get_by_text("Export").click()
        drawing = taken(page, "SVG drawing", tmp_path)
        assert drawing.name == f"{name}.svg"
        picture = taken(page, "PNG picture", tmp_path)
        assert picture.name == f"{name}.png"
        # What the browser draws of the file has its size, twice over.
        wide = float(ElementTree.parse(drawing).getroot().get("width", 0))
        assert picture.read_bytes().startswith(b"\x89PNG")
        assert int.from_bytes(picture.read_bytes()[16:20], "big") == pytest.approx(2 * wide, abs=2)
    # Where no lens stands above them, the foot leads to the drawings.
    page = open_page("/")
    assert taken(page, "SVG", tmp_path).read_text().startswith("<?xml")
    assert taken(page, "PNG picture", tmp_path).name == "canvas.png"


def test_a_shared_page_is_made_and_read_without_scripts(
    open_page: OpenPage, served: Served
) -> None:
    page = open_page("/share?of=/views/board%3Fquery%3Dbet", scripts=False)
    page.get_by_label("As known now").check()
    page.get_by_role("button", name="Make the link").click()
    link = page.locator("#share-link").input_value()
    assert link.startswith(served.url + "/s/")
    page.goto(link)
    expect(page.locator("main h1")).to_have_text("Bets by stage")
    expect(page.locator("main a")).to_have_count(0)


@pytest.fixture
def sites() -> Iterator[tuple[list[str], list[str]]]:
    """Two sites elsewhere, and what stands on their pages."""
    text: list[str] = []

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write("".join(text).encode())

        def log_message(self, *_: object) -> None:
            pass

    servers = [ThreadingHTTPServer(("127.0.0.1", 0), Site) for _ in range(2)]
    for each in servers:
        Thread(target=each.serve_forever, daemon=True).start()
    yield [f"http://127.0.0.1:{each.server_port}" for each in servers], text
    for each in servers:
        each.shutdown()
        each.server_close()


@pytest.mark.usefixtures("served")
def test_a_shared_page_stands_in_the_frame_of_a_named_site_and_of_no_other(
    open_page: OpenPage, sites: tuple[list[str], list[str]]
) -> None:
    (named, other), text = sites
    page = open_page("/share?of=/views/board%3Fquery%3Dbet", troubles=False)
    page.get_by_label("Sites that may show it in a frame").fill(named)
    page.get_by_role("button", name="Make the link").click()
    link = page.locator("#share-link").input_value()
    text.append(f'<!doctype html><iframe src="{link}?embed=yes"></iframe>')
    framed = page.frame_locator("iframe")
    page.goto(named)
    expect(framed.locator(".board-card").first).to_be_attached()
    expect(framed.locator("a")).to_have_count(0)
    page.goto(other)
    assert page.frames[1].url.startswith("chrome-error:")


def test_sharing_is_reached_by_keys(open_page: OpenPage) -> None:
    page = open_page("/views/board?query=bet")
    expect(page.locator("[data-picture]")).to_be_attached()
    page.keyboard.press("w")
    page.keyboard.press("s")
    expect(page.locator("main h1")).to_have_text("Share a page")


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("dark", [False, True])
def test_pages_of_the_way_out_are_legible(
    open_page: OpenPage, axe: Axe, width: int, dark: bool
) -> None:
    for path in ("/sql", QUERY, "/share?of=/views/board%3Fquery%3Dbet", "/shares"):
        axe(open_page(path, width=width, dark=dark))
