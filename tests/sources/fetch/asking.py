"""Plans and the world outside, as tests of fetchers need them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from tests.sources.fetch.servers.serving import Clock

from latticework.base.findings import Refused
from latticework.sources.fetch.fetching import fetch
from latticework.sources.fetch.outside import Outside
from latticework.sources.fetch.plan import Fetch, plan_of
from latticework.sources.fetch.recording import Recording
from latticework.sources.yaml import yaml


def outside(clock: Clock, secrets: Mapping[str, str], *, timeout: float = 5.0) -> Outside:
    return Outside(
        now=clock,
        sleep=clock.sleep,
        chance=lambda: 0.0,
        secrets=secrets.get,
        timeout=timeout,
    )


def plan(text: str) -> Fetch:
    """A plan from what stands under `fetch:`."""
    found, findings = plan_of(yaml.read(text).tree, "harbour.yaml")
    assert found is not None, findings
    return found


def refused(text: str) -> list[str]:
    """Codes of what is wrong under `fetch:`."""
    return [each.code for each in plan_of(yaml.read(text).tree, "harbour.yaml")[1]]


def stopped(asked: Fetch, folder: Path, world: Outside, *, since: int | None = None) -> Refused:
    """What a fetch that cannot go on raises."""
    try:
        fetch(asked, source="harbour", folder=folder, since=since, outside=world)
    except Refused as found:
        return found
    raise AssertionError("the fetch went through")


def pages(recording: Recording) -> list[dict[str, object]]:
    """Bodies of the pages of a recording."""
    return [json.loads(each.read_text()) for each in sorted(recording.folder.glob("*.json"))]


def bodies(recording: Recording) -> list[list[dict[str, object]]]:
    """Bodies of pages that are lists."""
    return [json.loads(each.read_text()) for each in sorted(recording.folder.glob("*.json"))]
