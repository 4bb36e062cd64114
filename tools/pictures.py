"""Take the pictures of the documentation anew, from the example company.

`python tools/pictures.py` builds the company in a folder of its own, serves it,
and writes docs/images; it needs Chromium, as the tests of pages do.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, ViewportSize, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
SCREEN: ViewportSize = {"width": 1280, "height": 800}
PATIENCE = 100

PICTURES: tuple[tuple[str, str, Literal["light", "dark"]], ...] = (
    ("company", "/", "light"),
    ("company-dark", "/", "dark"),
    ("thing", "/thing/bet/kiosks", "light"),
    ("timeline", "/views/timeline?query=bet where stage is active sort by due", "light"),
    ("flow", "/views/flow?query=project", "light"),
)
"""What each picture is called, what it shows, and in which theme."""


def main() -> None:
    """Build, serve, look, write."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        raise SystemExit("no Chromium is here; 'make browser' installs or asks for it")
    command = [sys.executable, "-m", "latticework"]
    with tempfile.TemporaryDirectory() as folder:
        company = Path(folder) / "wrenfold"
        subprocess.run([*command, "demo", "--no-serve", company], check=True, capture_output=True)
        port = _free_port()
        serving = subprocess.Popen(
            [*command, "-C", company, "serve", "--port", str(port)], stdout=subprocess.DEVNULL
        )
        try:
            _wait_for(f"http://127.0.0.1:{port}/")
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
                for picture in PICTURES:
                    _take(browser, f"http://127.0.0.1:{port}", *picture)
        finally:
            serving.terminate()
            serving.wait()


def _take(
    browser: Browser, root: str, name: str, path: str, theme: Literal["light", "dark"]
) -> None:
    page = browser.new_page(
        viewport=SCREEN, color_scheme=theme, reduced_motion="reduce", device_scale_factor=1.5
    )
    page.goto(root + path)
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready.then(() => 0)")
    page.screenshot(path=IMAGES / f"{name}.png", animations="disabled")
    page.close()
    sys.stdout.write(f"{name}.png\n")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _wait_for(url: str) -> None:
    for _ in range(PATIENCE):
        try:
            with urllib.request.urlopen(url):
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"nothing answers at {url}")


if __name__ == "__main__":
    main()
