"""What tests of pages are given: a company that answers, and pages of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page

from latticework.workspace import Workspace

OpenPage = Callable[..., Page]
Axe = Callable[..., None]


@dataclass(frozen=True)
class Served:
    """A company that answers at an address."""

    url: str
    folder: Path
    workspace: Workspace

    def __str__(self) -> str:
        return self.url


def weigh(page: Page) -> dict[str, float]:
    """Bytes that came over the line for each path, from now on, as if nothing had come before."""
    paths: dict[str, str] = {}
    weights: dict[str, float] = {}
    line = page.context.new_cdp_session(page)
    line.on(
        "Network.requestWillBeSent",
        lambda told: paths.update({told["requestId"]: urlsplit(told["request"]["url"]).path}),
    )
    line.on(
        "Network.loadingFinished",
        lambda told: weights.update({paths[told["requestId"]]: told["encodedDataLength"]}),
    )
    line.send("Network.enable")
    line.send("Network.setCacheDisabled", {"cacheDisabled": True})
    return weights


def pinch(page: Page, x: float, y: float, begins: float, ends: float) -> None:
    """Two fingers on a line through a point, from one distance to another."""
    hand = page.context.new_cdp_session(page)

    def touch(sort: str, gap: float) -> None:
        spots = [{"x": x + side * gap / 2, "y": y, "id": side} for side in (-1, 1)]
        points = [] if sort == "touchEnd" else spots
        hand.send("Input.dispatchTouchEvent", {"type": sort, "touchPoints": points})

    touch("touchStart", begins)
    for step in range(1, 9):
        touch("touchMove", begins + (ends - begins) * step / 8)
    touch("touchEnd", ends)
    hand.detach()
