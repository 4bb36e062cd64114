"""What tests of pages are given: a company that answers, and pages of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

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
