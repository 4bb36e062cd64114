"""From a reader's key to the painted frame, in a real browser without a graphics processor."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from bench.run import Measure
from bench.web_bench import serving
from bench.workspaces import workspace_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

QUIET = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run")
BUDGET = 100.0
FLUID = 20.0
"""Milliseconds within which 95 of 100 frames are to follow one another."""

DRAWN = 1000
MANY_DOTS = 5000
MANY_BARS = 2000

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


FRAMES = """async ([deed, count]) => {
  const step = new Function('at', deed);
  const frame = () => new Promise(requestAnimationFrame);
  for (let at = 0; at < 10; at += 1) { step(at); await frame(); }
  const times = [];
  let last = await frame();
  for (let at = 10; at < count; at += 1) {
    step(at);
    const now = await frame();
    times.push(now - last);
    last = now;
  }
  times.sort((one, other) => one - other);
  return times[Math.floor(times.length * 0.95)];
}"""
"""The distance between frames while something is done in each of them: the 95th of 100."""

PAN = """
  const canvas = document.querySelector('.map-canvas');
  const fire = (type, x, y) => canvas.dispatchEvent(new PointerEvent(type, {
    clientX: x, clientY: y, button: 0, pointerId: 1, bubbles: true,
  }));
  canvas.setPointerCapture = () => {};
  const box = canvas.getBoundingClientRect();
  if (!at) fire('pointerdown', box.left + 4, box.top + 4);
  fire('pointermove', box.left + 4 - 5 * (at % 60), box.top + 4 - 3 * (at % 60));
  if (at === 119) fire('pointerup', box.left, box.top);
"""
ZOOM = """
  const canvas = document.querySelector('.map-canvas');
  const box = canvas.getBoundingClientRect();
  canvas.dispatchEvent(new WheelEvent('wheel', {
    clientX: box.left + box.width / 2, clientY: box.top + box.height / 2,
    deltaY: at % 80 < 40 ? -40 : 40, cancelable: true,
  }));
"""
ALONG = "document.querySelector('.timeline-scroll').scrollBy(at % 120 < 60 ? 30 : -30, 24);"
DOWN = "document.querySelector('lw-grid .scroll').scrollBy(0, 90);"

TO_SCALE = """async ([key, before]) => {
  const frame = () => new Promise(requestAnimationFrame);
  const line = document.querySelector('time-line');
  const start = performance.now();
  document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
  while (line.dataset.zoom === before && performance.now() - start < 20000) await frame();
  await frame();
  return performance.now() - start;
}"""
"""From a key to the next scale of a timeline, fetched and drawn."""

BLANK = """async () => {
  const scroll = document.querySelector('lw-grid .scroll');
  const box = scroll.getBoundingClientRect();
  const frame = () => new Promise(requestAnimationFrame);
  let blank = 0;
  for (let at = 0; at < 120; at += 1) {
    scroll.scrollBy(0, 90);
    await frame();
    for (const gap of scroll.querySelectorAll('tr.gap')) {
      const { top, bottom } = gap.getBoundingClientRect();
      blank += Math.max(0, Math.min(bottom, box.bottom) - Math.max(top, box.top)) / box.height;
    }
  }
  return blank / 120 * 100;
}"""
"""How much of a table's window shows no row yet while it is scrolled, on average."""


def measures(things: int) -> Iterator[Measure]:
    """What each interaction takes to be seen; nothing without a Chromium."""
    chromium = next(
        filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "google-chrome"))),
        None,
    )
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
            yield from _fluid(page, port, things)
            yield _first_page(browser, Path(home) / "demo", things)
            browser.close()


def _first_page(browser: Browser, folder: Path, things: int) -> Measure:
    """The demo's first page with all that it needs, as it comes over the line, nothing kept."""
    start = "from latticework.surfaces.cli import main; main()"
    subprocess.run(
        [sys.executable, "-c", start, "demo", str(folder), "--no-serve"],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    weights: list[float] = []
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    line = page.context.new_cdp_session(page)
    line.on("Network.loadingFinished", lambda told: weights.append(told["encodedDataLength"]))
    line.send("Network.enable")
    with serving(folder) as (port, _):
        page.goto(f"http://localhost:{port}/")
        page.evaluate("document.fonts.ready.then(() => 0)")
        page.wait_for_timeout(1000)
        page.close()
    name = "first page of the demo, transferred"
    return Measure(name=name, things=things, value=sum(weights) / 1000, unit="kB", target=150.0)


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


def _fluid(page: Page, port: int, things: int) -> Iterator[Measure]:
    """Frames while large drawings and a long table are moved."""

    def frames(name: str, deed: str) -> Measure:
        page.wait_for_timeout(1000)
        value = page.evaluate(FRAMES, [deed, 120])
        return Measure(name=f"{name}, 95 of 100 frames", things=things, value=value, target=FLUID)

    page.set_default_timeout(60_000)
    page.goto(f"http://localhost:{port}/views/map?query=item&hops=0&rows={MANY_DOTS}")
    page.wait_for_selector(".map-canvas")
    yield frames(f"map panned, {MANY_DOTS:,} dots", PAN)
    yield frames(f"map zoomed, {MANY_DOTS:,} dots", ZOOM)
    page.goto(f"http://localhost:{port}/views/timeline?query=item&rows={MANY_BARS}")
    page.wait_for_selector("time-line[data-live]")
    yield frames(f"timeline scrolled, {MANY_BARS:,} bars", ALONG)
    times = []
    for key in "+-+-":
        before = page.get_attribute("time-line", "data-zoom")
        page.locator(".tl-bar").first.focus()
        times.append(page.evaluate(TO_SCALE, [key, before]))
    name = f"timeline zoomed to painted, {MANY_BARS:,} bars"
    yield Measure(name=name, things=things, value=median(times))
    page.goto(f"http://localhost:{port}/ask?q=item show stage, due, effort")
    page.wait_for_selector(".grid-live")
    yield frames("table scrolled", DOWN)
    blank = page.evaluate(BLANK)
    yield Measure(name="table scrolled, rows not there yet", things=things, value=blank, unit="%")
