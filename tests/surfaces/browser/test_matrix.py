"""The matrix in a browser: every number opens its rows; legible in both themes."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from tests.surfaces.browser.driving import Axe, OpenPage

MATRIX = "/views/matrix?query=bet&across=stage&down=serves"


def test_a_number_opens_as_many_rows_as_it_says(open_page: OpenPage) -> None:
    page = open_page(MATRIX, scripts=False)
    cell = page.locator(".matrix tbody td a").first
    number = int(cell.inner_text())
    cell.click()
    expect(page.locator("main tbody tr")).to_have_count(number)


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("dark", [False, True])
def test_numbers_are_legible_on_every_heat(
    open_page: OpenPage, axe: Axe, width: int, dark: bool
) -> None:
    axe(open_page(MATRIX, width=width, dark=dark))
