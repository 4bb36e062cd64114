"""The frame of a lens and kept questions, as a browser without scripts meets them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from httpx import Response
from litestar.testing import TestClient
from tests.surfaces.pages import read

from latticework.base.times import instant_of
from latticework.journal.changes import Connect, Put
from latticework.surfaces.web.app import app_of
from latticework.surfaces.web.lens import chips_of
from latticework.workspace import Workspace

NOW = instant_of(datetime(2026, 6, 15, 12, tzinfo=UTC))
MODEL = """
company: Harbour
kinds:
  goal: {family: intent, many: goals, links: {serves: {to: goal, back: is served by}}}
  bet:
    family: investment
    many: bets
    fields: {confidence: ratio range, cost: money, size: choice small | large}
    stages: {Discovery: proposed, Building: active}
    links: {serves: {to: goal}}
"""
SAME_ORIGIN = {"origin": "http://127.0.0.1"}


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """Two bets, one of which serves the goal."""
    with Workspace.init(tmp_path / "harbour", model_text=MODEL, clock=lambda: NOW) as made:
        made.append(
            [
                Put("goal/reach", {"title": "Reach every island"}),
                Put("bet/ferry", {"title": "Night ferry", "stage": "Building", "cost": "12k"}),
                Put("bet/pier", {"title": "Longer pier", "size": "large"}),
                Connect("bet/ferry", "serves", "goal/reach"),
            ]
        )
        yield made


@pytest.fixture
def client(workspace: Workspace) -> Iterator[TestClient]:
    """A browser without scripts."""
    app = app_of(workspace)
    with TestClient(app, base_url="http://127.0.0.1") as made:
        yield made


def test_each_condition_is_a_chip_and_the_query_without_it_is_one_step_away(
    workspace: Workspace,
) -> None:
    asked = "bet where (stage is active or cost > 3) and serves nothing sort by cost limit 5"
    chips = chips_of(workspace.model, asked, lambda text: text)
    assert [(each.sort, each.text) for each in chips] == [
        ("", "bet"),
        ("where", "stage is active or cost > 3"),
        ("where", "serves nothing"),
        ("sort by", "cost"),
        ("limit", "5"),
    ]
    assert chips[2].without == "bet where stage is active or cost > 3 sort by cost limit 5"
    assert chips[2].before + "size is large" + chips[2].after == (
        "bet where (stage is active or cost > 3) and (size is large) sort by cost limit 5"
    )


@pytest.mark.parametrize(
    ("do", "asked"),
    [
        ("column=cost&do=up", "bet show stage, cost sort by cost"),
        ("column=cost&do=left", "bet show cost, stage"),
        ("column=stage&do=hide", "bet show cost"),
        ("column=stage&do=group", "bet show stage, cost group by stage"),
        ("do=columns&show=size&show=serves", "bet show size, serves"),
    ],
)
def test_columns_are_arranged_by_rewriting_the_question(
    client: TestClient,
    do: str,
    asked: str,
) -> None:
    answer = client.get(f"/ask/with?q=bet show stage, cost&{do}")
    assert answer.url.params["q"] == asked


def test_a_lens_shows_the_question_that_it_asks_by_itself(client: TestClient) -> None:
    page = client.get("/views/board").text
    asked = page.partition('<textarea id="lens-q"')[2].partition("</textarea>")[0]
    assert asked.endswith(">bet")
    assert "<h1>Bets by stage</h1>" in page
    assert '<option value="" selected>stage</option>' in page
    assert page.index('name="by"') < page.index('class="lens-rest"') < page.index('name="rows"')


def test_what_is_seldom_chosen_is_seen_once_it_is_chosen(client: TestClient) -> None:
    page = client.get("/views/board?rows=7").text
    assert page.index('name="rows"') < page.index('class="lens-rest"')


def test_what_cannot_be_understood_is_said_beside_the_question(
    client: TestClient,
) -> None:
    answer = client.get("/ask?q=bet where confidense < 3")
    assert answer.status_code == 400
    assert "<mark>confidense</mark>" in answer.text
    assert "bet where confidense &lt; 3</textarea>" in answer.text


def keep(client: TestClient, **said: str) -> Response:
    """Send the form that keeps a view."""
    form = {"name": "loose", "asks": "bet where serves nothing", "lens": "", "omits": "goals"}
    return client.post("/do/views/save", data={**form, **said}, headers=SAME_ORIGIN)


def test_a_shared_view_becomes_part_of_the_model(
    client: TestClient,
    workspace: Workspace,
) -> None:
    answer = keep(client, whom="the weekly review", decides="what to stop")
    assert "Leaves out" in answer.text
    kept = workspace.model.views[0]
    assert (kept.name, kept.whom, kept.omits) == ("loose", "the weekly review", "goals")
    # The file follows: who applies it next loses nothing.
    assert not workspace.preview_model(workspace.folder.model_text()).changes


def test_a_view_that_does_not_say_what_it_leaves_out_is_not_kept(
    client: TestClient,
    workspace: Workspace,
) -> None:
    answer = keep(client, omits=" ", whom="the weekly review")
    assert answer.status_code == 400
    assert "does not say what it leaves out" in answer.text
    assert 'value="the weekly review"' in answer.text
    assert workspace.model.views == ()


def test_a_view_of_ones_own_is_seen_by_nobody_else(
    client: TestClient,
    workspace: Workspace,
) -> None:
    client.cookies.set("who", "Ada")
    assert keep(client, shared="no").status_code == 200
    assert "Loose" in client.get("/views").text
    assert workspace.model.views == ()
    client.cookies.set("who", "Ben")
    assert "Loose" not in client.get("/views").text


def test_a_view_is_renamed_and_dropped(
    client: TestClient,
    workspace: Workspace,
) -> None:
    keep(client)
    keep(client, name="unmoored", was="loose", was_shared="yes")
    assert [each.name for each in workspace.model.views] == ["unmoored"]
    client.post("/do/views/drop", data={"name": "unmoored"}, headers=SAME_ORIGIN)
    assert workspace.model.views == ()


def test_two_views_of_one_name_are_refused(client: TestClient) -> None:
    keep(client)
    answer = keep(client)
    assert answer.status_code == 400
    assert "called &#39;loose&#39; already" in read(answer.text).text or "already" in answer.text


def test_a_table_says_how_each_cell_is_written(
    client: TestClient,
) -> None:
    part = client.get("/api/table?q=bet show stage, size, cost, serves&most=2").json()
    assert part["refs"] == ["bet/ferry", "bet/pier"]
    assert part["raw"][0][4] == [["goal/reach", "Reach every island"]]
    assert part["raw"][0][1] == "Building"
    assert part["total"] == 2


@pytest.mark.parametrize(
    ("address", "bounds"),
    [
        ("/views/map", 'name="hops" value="1" type="number" inputmode="numeric" min="0" max="6"'),
        ("/views/feed", 'value="30" type="number" min="0" max="1000000000"'),
    ],
)
def test_a_field_of_a_number_says_how_far_it_goes(
    client: TestClient, address: str, bounds: str
) -> None:
    assert bounds in client.get(address).text
