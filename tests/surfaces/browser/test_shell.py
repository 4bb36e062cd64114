"""The shell round every page, in a real browser."""

from __future__ import annotations

from playwright.sync_api import expect
from tests.surfaces.browser.driving import OpenPage


def test_the_first_page_greets_with_the_company(open_page: OpenPage) -> None:
    expect(open_page("/").locator("h1")).to_contain_text("Wrenfold")
