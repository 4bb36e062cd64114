"""Carrying a card: from the pointer's step to the painted frame, in a real browser."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from bench.run import Measure
from bench.web_bench import serving
from bench.workspaces import workspace_of

QUIET = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run")
BUDGET = 100.0

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
    """What a step of a carried card takes to be seen; nothing without a Chromium."""
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
            page.goto(f"http://localhost:{port}/views/board?query=item&rows=50")
            page.wait_for_selector("lattice-board[data-ready]", timeout=60_000)
            yield Measure(
                name="board drag to paint, 200 cards",
                things=things,
                value=median(page.evaluate(CARRY)),
                target=BUDGET,
            )
            browser.close()
