"""The recipes of the examples, with their trackers asked: what comes is read, and once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.sources.fetch.asking import outside
from tests.sources.fetch.servers import github, gitlab, jira, linear
from tests.sources.fetch.servers.serving import Clock, Server

from latticework.sources.fetch.outside import Outside
from latticework.workspace import Workspace
from latticework.workspace.syncing import sync

EXAMPLES = Path(__file__).parents[2] / "examples"
TOKENS = {
    "github": github.TOKEN,
    "gitlab": gitlab.TOKEN,
    "jira": jira.TOKEN,
    "linear": linear.TOKEN,
}
SETTINGS = {
    "github": "repository: harbour/pier",
    "gitlab": "project: harbour/pier",
    "jira": f"project: PIER, user: {jira.USER}, hosting: cloud",
    "linear": "team: HAR",
}


@dataclass(frozen=True)
class Company:
    """An example's company, its recipe with a fetcher, and the tracker."""

    workspace: Workspace
    recipe: Path
    server: Server
    world: Outside
    clock: Clock


@pytest.fixture(params=sorted(TOKENS))
def company(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Company]:
    name = str(request.param)
    clock = Clock("2026-05-04T09:00:00Z")
    with ExitStack() as stack:
        server = stack.enter_context(_server(name, clock))
        model = (EXAMPLES / name / "latticework.yaml").read_text()
        workspace = stack.enter_context(
            Workspace.init(tmp_path / "harbour", model_text=model, clock=clock)
        )
        text = (EXAMPLES / name / f"{name}.recipe.yaml").read_text()
        asks = f"\nfetch: {{from: {name}, site: '{server.site}', token: T, {SETTINGS[name]}}}\n"
        recipe = workspace.folder.path / "recipes" / f"{name}.yaml"
        recipe.parent.mkdir()
        recipe.write_text(text + asks)
        yield Company(workspace, recipe, server, outside(clock, {"T": TOKENS[name]}), clock)


def test_what_an_example_fetches_is_read_and_the_same_again_changes_nothing(
    company: Company,
) -> None:
    first = sync(company.workspace, company.recipe, outside=company.world)
    assert first.imported is not None
    assert not [each for each in first.findings if each.severity.word == "error"]
    titles = _titles(company)
    assert titles == [f"Plank {number}" for number in range(1, 6)]
    company.clock.turn_to("2026-05-20T09:00:00Z")
    again = sync(company.workspace, company.recipe, outside=company.world)
    assert again.recording is not None
    assert again.recording.whole
    assert again.recording.things >= 5
    assert again.imported is not None
    assert again.imported.changes == 0


def test_what_changed_comes_and_the_rest_stays(company: Company) -> None:
    sync(company.workspace, company.recipe, outside=company.world)
    company.clock.turn_to("2026-05-05T09:00:00Z")
    _put(company.server, 2, "Plank 2, oiled", "2026-05-05T08:00:00Z")
    synced = sync(company.workspace, company.recipe, outside=company.world)
    assert synced.recording is not None
    assert synced.recording.things == 1
    assert _titles(company) == ["Plank 1", "Plank 2, oiled", "Plank 3", "Plank 4", "Plank 5"]


def _server(name: str, clock: Clock) -> Server:
    sorts: dict[str, Callable[[Clock], Server]] = {
        "github": github.Github,
        "gitlab": gitlab.Gitlab,
        "jira": jira.Jira,
        "linear": linear.Linear,
    }
    server = sorts[name](clock)
    for number in range(1, 6):
        _put(server, number, f"Plank {number}", f"2026-05-01T0{number}:00:00Z")
    return server


def _put(server: Server, number: int, title: str, at: str) -> None:
    if isinstance(server, jira.Jira):
        server.put(f"PIER-{number}", title, at=at)
    elif isinstance(server, github.Github | gitlab.Gitlab | linear.Linear):
        server.put(number, title, at=at)


def _titles(company: Company) -> list[str]:
    rows = company.workspace.ask("issue show title sort by title").to_polars()
    return [str(each) for each in rows["title"].to_list()]
