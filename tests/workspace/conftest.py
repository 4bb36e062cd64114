"""A small company in a folder, with a clock that tests turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from latticework.base.times import Instant, parse_instant
from latticework.workspace import Workspace

MODEL = """
company: Harbour
zone: UTC
kinds:
  pillar: {family: intent, many: pillars}
  bet:
    family: intent
    many: bets
    fields: {owner: text, cost: money, due: day, tags: text many}
    stages: {Discovery: proposed, Building: active, Shipped: done, Dropped: dropped}
    links:
      serves: {to: pillar, back: is served by, carries: {share: ratio, why: text}}
"""


class Clock:
    """A clock that stands still until it is turned."""

    def __init__(self, day: str) -> None:
        self.instant: Instant = parse_instant(f"{day}T12:00:00Z")

    def __call__(self) -> Instant:
        return self.instant

    def turn_to(self, day: str) -> None:
        self.instant = parse_instant(f"{day}T12:00:00Z")


@pytest.fixture
def clock() -> Clock:
    return Clock("2026-01-10")


@pytest.fixture
def begin(tmp_path: Path, clock: Clock) -> Callable[[], Workspace]:
    return lambda: Workspace.init(tmp_path / "harbour", model_text=MODEL, clock=clock)


@pytest.fixture
def harbour(begin: Callable[[], Workspace]) -> Iterator[Workspace]:
    with begin() as workspace:
        yield workspace
