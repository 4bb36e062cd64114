"""From a reader's key to the painted frame, in a real browser without a graphics processor."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from bench.run import Measure
from bench.web_bench import serving
from bench.workspaces import workspace_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

QUIET = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run")
BUDGET = 100.0
DRAWN = 1000

TO_PAINT = """async ([selector, keys]) => {
  const target = document.querySelector(selector);
  target.focus();
  const frame = () => new Promise(requestAnimationFrame);
  const times = [];
  for (const key of keys) {
    await frame();
    const start = performance.now();
    target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
    await frame();
    await frame();
    times.push(performance.now() - start);
  }
  return times;
}"""
"""Two frames later what the first has painted can be seen."""

TO_ROWS = """async ([questions]) => {
  const frame = () => new Promise(requestAnimationFrame);
  const field = document.querySelector('#lens-q');
  const times = [];
  for (const question of questions) {
    field.value = question;
    await frame();
    const start = performance.now();
    field.form.requestSubmit();
    const asked = () => document.querySelector('lw-grid.grid-live')?.dataset.q === question;
    while (!asked() && performance.now() - start < 5000) await frame();
    await frame();
    times.push(performance.now() - start);
  }
  return times;
}"""
"""From asking another question to its first rows on the screen."""


CARRY = """async () => {
  const card = document.querySelector('.board-card');
  const box = card.getBoundingClientRect();
  const piles = [...document.querySelectorAll('.board-pile:not(.shut)')];
  const boxes = piles.map((each) => each.getBoundingClientRect());
  const frame = () => new Promise(requestAnimationFrame);
  const fire = (type, x, y, on) => on.dispatchEvent(new PointerEvent(type, {
    clientX: x, clientY: y, button: 0, pointerType: 'mouse', bubbles: true, cancelable: true,
  }));
  fire('pointerdown', box.left + 20, box.top + 10, card);
  fire('pointermove', box.left + 40, box.top + 30, document);
  await frame();
  const times = [];
  for (let step = 0; step < 20; step += 1) {
    const to = boxes[(step + 1) % boxes.length];
    await frame();
    const start = performance.now();
    fire('pointermove', to.left + to.width / 2, to.top + 60, document);
    await frame();
    await frame();
    times.push(performance.now() - start);
  }
  fire('pointercancel', 0, 0, document);
  return times;
}"""
"""A card is carried from pile to pile; two frames later what was painted can be seen."""


def measures(things: int) -> Iterator[Measure]:
    """What each interaction takes to be seen; nothing without a Chromium."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
    if chromium is None:
        return
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "company"
        shutil.copytree(workspace_of(things), folder)
        with serving(folder) as (port, _), sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=list(QUIET))
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.goto(f"http://localhost:{port}/views/map?query=item&hops=0&rows={DRAWN}")
            page.wait_for_selector(".map-canvas", timeout=60_000)
            keys = ["ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"] * 5
            times = page.evaluate(TO_PAINT, [".map-box", keys])
            yield Measure(
                name=f"map focus to paint, {DRAWN:,} dots",
                things=things,
                value=median(times),
                target=BUDGET,
            )
            yield _filtered(page, port, things)
            yield _carried(page, port, things)
            browser.close()


def _filtered(page: Page, port: int, things: int) -> Measure:
    """A table asked with another condition, again and again."""
    page.goto(f"http://localhost:{port}/ask?q=item show stage, due, effort")
    page.wait_for_selector(".grid-live", timeout=60_000)
    questions = [
        f"item where effort > {each} days show stage, due, effort" for each in range(2, 12)
    ]
    times = page.evaluate(TO_ROWS, [questions])
    return Measure(name="table filter to paint", things=things, value=median(times), target=BUDGET)


def _carried(page: Page, port: int, things: int) -> Measure:
    """A card carried from pile to pile."""
    page.goto(f"http://localhost:{port}/views/board?query=item&rows=50")
    page.wait_for_selector("lattice-board[data-ready]", timeout=60_000)
    times = page.evaluate(CARRY)
    name = "board drag to paint, 200 cards"
    return Measure(name=name, things=things, value=median(times), target=BUDGET)
