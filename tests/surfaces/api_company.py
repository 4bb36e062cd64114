"""A company that programs call in tests, in a folder of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from litestar.testing import TestClient

from latticework.base.times import DAY_MICROSECONDS, instant_of
from latticework.graph.little import batches_of
from latticework.surfaces.web.app import app_of
from latticework.workspace import Workspace

BEGAN = instant_of(datetime(2026, 6, 1, 12, tzinfo=UTC))

MODEL = """
company: Quay
kinds:
  goal:
    family: intent
    many: goals
  bet:
    family: investment
    many: bets
    fields: {cost: money range, labels: {type: text, many: true}, note: text}
    stages: {Idea: proposed, Building: active, Shipped: done}
    links:
      serves: {to: goal, back: is served by, carries: {share: ratio}}
rules:
  BET001:
    flags: bet where stage is active and serves nothing
    says: "{title} serves nothing"
    hint: link it
"""

STORY = """
on: 2026-01-10
by: ada
why: the first plan
goal/reach: {title: Reach every island}
goal/calm: {title: Calm mornings}
bet/ferry: {title: Night ferry, stage: Idea, cost: 40–80k, serves: {goal/reach: {share: 60%}}}
bet/lamp: {title: Lamps at the pier, stage: Building}
"""


def begin_quay(folder: Path, store_url: str | None = None) -> Path:
    """Quay: two goals, two bets."""
    with Workspace.init(folder, model_text=MODEL, store_url=store_url) as workspace:
        for batch in batches_of(STORY, workspace.model):
            workspace.store.append([batch], now=BEGAN)
    return folder


class Clock:
    """A clock that goes on by a second each time it is asked."""

    def __init__(self) -> None:
        self.now = BEGAN + DAY_MICROSECONDS

    def __call__(self) -> int:
        self.now += 1_000_000
        return self.now


@contextmanager
def called(folder: Path, clock: Callable[[], int] | None = None) -> Iterator[TestClient]:
    """A program that calls the company in a folder."""
    with (
        Workspace.open(folder, clock=clock or Clock()) as workspace,
        TestClient(app_of(workspace), base_url="http://localhost") as client,
    ):
        client.headers["cookie"] = "who=cleo"
        yield client
