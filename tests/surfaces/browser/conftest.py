"""A real browser on a company of its own: what every test of pages shares."""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from tests.surfaces.browser.driving import Axe, OpenPage, Served

from latticework.surfaces import cli
from latticework.surfaces.web.app import app_of
from latticework.workspace import Workspace

ROOT = Path(__file__).parents[3]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
EVERY_RULE = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WAIT = 10_000
"""Milliseconds after which what does not happen has not happened."""

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is of the browser."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's program; skips without one, or fails where it is required."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    lacks = "no Chromium is here; 'make browser' installs or asks for it"
    if found and not AXE.is_file():
        found, lacks = None, "node_modules holds no axe-core; 'make check' installs it"
    if found is None:
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(lacks)
        pytest.skip(lacks)
    return found


# Of a module, not of the session: while it lives, no other test may run a loop of its own.
@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """One browser for the tests of a module."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=list(QUIET))
        yield started
        started.close()


class Server:
    """An application that answers on a free port until it is stopped."""

    def __init__(self, folder: Path) -> None:
        self.workspace = Workspace.open(folder)
        listener = socket.create_server(("127.0.0.1", 0))
        config = uvicorn.Config(
            app_of(self.workspace), log_level="warning", timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([listener],), daemon=True)
        self._thread.start()
        self.served = Served(
            f"http://localhost:{listener.getsockname()[1]}", folder, self.workspace
        )
        until = time.monotonic() + 20
        while not self._server.started:
            assert time.monotonic() < until, "the server did not start"
            time.sleep(0.01)

    def stop(self) -> None:
        """Answer nobody any more."""
        # Pages that still listen are not waited for.
        self._server.should_exit = self._server.force_exit = True
        self._thread.join(timeout=10)
        self.workspace.close()


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo company, built once."""
    folder = tmp_path_factory.mktemp("demo") / "demo"
    assert cli.run(["demo", str(folder), "--no-serve"]) == 0
    return folder


@pytest.fixture(scope="session")
def reading(demo_folder: Path) -> Iterator[Served]:
    """The demo company for tests that change nothing."""
    server = Server(demo_folder)
    yield server.served
    server.stop()


@pytest.fixture
def served(demo_folder: Path, tmp_path: Path) -> Iterator[Served]:
    """A fresh copy of the demo company, to be changed."""
    shutil.copytree(demo_folder, tmp_path / "demo")
    server = Server(tmp_path / "demo")
    yield server.served
    server.stop()


@dataclass
class Opened:
    """Pages of one test, and what went wrong in them."""

    contexts: list[BrowserContext] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    def hear(self, message: ConsoleMessage) -> None:
        """Keep what a console says is wrong; that a page refuses is said on the page."""
        url = message.location.get("url", "")
        refused = (
            message.page is not None and url == message.page.url and "status of 4" in message.text
        )
        if message.type == "error" and not refused:
            self.troubles.append(f"{message.text} ({message.location.get('url', '')})")


@pytest.fixture
def open_page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[OpenPage]:
    """Opens a path in a reader's window of its own; errors on the console fail the test.

    The company is `served` where the test asks for it, else `reading`. Where
    an error is meant to come, say `troubles=False`.
    """
    opened = Opened()

    def made(
        path: str = "/",
        *,
        width: int = 1440,
        height: int = 900,
        dark: bool = False,
        scripts: bool = True,
        troubles: bool = True,
        who: str = "",
        at: Served | None = None,
    ) -> Page:
        name = "served" if "served" in request.fixturenames else "reading"
        company: Served = at or request.getfixturevalue(name)
        context = browser.new_context(
            base_url=company.url,
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
            reduced_motion="reduce",
            locale="en-GB",
            timezone_id="UTC",
        )
        context.set_default_timeout(WAIT)
        opened.contexts.append(context)
        if who:
            context.add_cookies([{"name": "who", "value": who, "url": company.url}])
        page = context.new_page()
        if troubles:
            page.on("console", opened.hear)
            page.on("pageerror", lambda error: opened.troubles.append(str(error)))
        answer = page.goto(path)
        assert answer is not None
        assert answer.status < 500, f"{path} was answered with {answer.status}"
        return page

    yield made
    for context in opened.contexts:
        context.close()
    assert not opened.troubles, "\n".join(opened.troubles)


@pytest.fixture(scope="session")
def axe() -> Axe:
    """Asserts that axe finds nothing on a page: no rule of its own, or none of those named."""
    source = AXE.read_text()

    def check(page: Page, *rules: str) -> None:
        if not page.evaluate("'axe' in window"):
            page.evaluate(source)
        found = page.evaluate(
            "only => axe.run({runOnly: only, resultTypes: ['violations']}).then(r =>"
            " r.violations.map(v => [v.impact, v.id, v.help, v.nodes.slice(0, 4).map(n =>"
            " n.target.join(' ') + ': ' + n.failureSummary)]))",
            list(rules) or list(EVERY_RULE),
        )
        told = [
            f"{impact} {rule}: {says}\n  " + "\n  ".join(at) for impact, rule, says, at in found
        ]
        assert not told, f"{page.url}\n" + "\n".join(told)

    return check
