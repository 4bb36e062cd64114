"""A thing's page without scripts: each form changes one thing, and leads back."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from httpx import Response
from litestar.testing import TestClient
from tests.surfaces.conftest import BEGAN

from latticework.journal.changes import Connect, Put, Retire
from latticework.surfaces.web.app import app_of
from latticework.workspace import Workspace

MODEL = """
company: Harbour
uses: [talk]
kinds:
  person: {family: collaboration, many: people, people: yes}
  goal:
    family: intent
    fields: {address: url, raw: text}
  bet:
    family: intent
    fields:
      confidence: ratio 0..1
      cost: money range
      tags: text many
      size: choice small | large
      idea: {type: text, required: true}
    stages: {shaping: proposed, running: active, over: done}
    links:
      serves: {to: goal, back: is served by, carries: {share: ratio, why: text, role: text many}, shape: acyclic}
      is owned by: {to: person, back: owns, most: 1}
"""

STORY = (
    Put("goal/reach", {"title": "Reach every island"}),
    Put("goal/calm", {"title": "Calm nights"}),
    Put("person/ada", {"title": "Ada Reed"}),
    Put("bet/ferry", {"title": "Night ferry", "confidence": "40–60%", "stage": "shaping"}),
    Connect("bet/ferry", "serves", "goal/reach", {"share": "50%"}),
    Connect("bet/ferry", "serves", "goal/calm"),
)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """Harbour: a bet that serves two goals, and Ada."""
    with Workspace.init(tmp_path / "harbour", model_text=MODEL, clock=lambda: BEGAN) as made:
        made.append(STORY, by="Bo", why="the first plan")
        yield made


@pytest.fixture
def client(workspace: Workspace) -> Iterator[TestClient]:
    """A browser in which Ada reads."""
    with TestClient(app_of(workspace), base_url="http://localhost:8000") as made:
        made.cookies.set("who", quote("Ada Reed"))
        yield made


def send(client: TestClient, path: str, **form: str | list[str]) -> Response:
    """What a form is answered with, the page after it not yet read."""
    return client.post(path, data=form, follow_redirects=False)


def told(response: Response) -> str:
    """The text of a page, without its frame."""
    body = response.text.split("<main", 1)[-1]
    return " ".join(html.unescape(re.sub(r"<script.*?</script>|<[^>]+>", " ", body)).split())


def value(workspace: Workspace, ref: str, field: str) -> object:
    """What a thing's field holds now."""
    return workspace.graph().node(ref).fields.get(field)


def test_a_field_is_given_another_value_with_who_and_why(
    client: TestClient, workspace: Workspace
) -> None:
    """Ada is surer of the night ferry."""
    answer = send(
        client, "/do/thing/set", ref="bet/ferry", field="confidence", value="70–80%", why="it sold"
    )
    assert answer.status_code == 303
    assert value(workspace, "bet/ferry", "confidence") == "70–80%"
    entry = workspace.graph().history("bet/ferry")[-1]
    assert (entry.by, entry.why) == ("Ada Reed", "it sold")


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        ("cost", "about 4k", "about 4k"),
        ("cost", "unknown", "unknown"),
        ("tags", "sea\r\nnight", ("sea", "night")),
        ("size", "large", "large"),
        ("confidence", "", None),
        ("stage", "running", "running"),
        ("title", "Night ferry, twice a week", "Night ferry, twice a week"),
    ],
)
def test_every_sort_of_value_is_edited(
    client: TestClient, workspace: Workspace, field: str, typed: str, kept: object
) -> None:
    """Ranges, words, lists, choices; an empty one takes the value away."""
    send(client, "/do/thing/set", ref="bet/ferry", field=field, value=typed)
    assert value(workspace, "bet/ferry", field) == kept


def test_a_value_that_does_not_fit_is_told_beside_it_and_nothing_typed_is_lost(
    client: TestClient, workspace: Workspace
) -> None:
    """'very' is no ratio."""
    answer = send(client, "/do/thing/set", ref="bet/ferry", field="confidence", value="very")
    assert answer.status_code == 400
    form = answer.text.partition('data-field="confidence"')[2].partition("</details>")[0]
    assert form.startswith(" open")
    assert 'value="very"' in answer.text
    assert "does not fit" in told(answer)
    assert '<div class="said" role="alert">' in form, "a list that is an alert is no list any more"
    assert value(workspace, "bet/ferry", "confidence") == "40–60%"


def test_an_edit_leads_to_a_page_that_offers_to_undo_it(
    client: TestClient, workspace: Workspace
) -> None:
    """Ada takes her words back."""
    answer = send(client, "/do/thing/set", ref="bet/ferry", field="confidence", value="9%")
    page = client.get(answer.headers["location"])
    batch = re.search(r'name="batch" value="(\d+)"', page.text)
    assert batch
    send(client, "/do/thing/undo", ref="bet/ferry", batch=batch[1])
    assert value(workspace, "bet/ferry", "confidence") == "40–60%"


def test_a_value_may_be_so_since_an_earlier_day(client: TestClient, workspace: Workspace) -> None:
    """It was small from the start of January."""
    form = {"ref": "bet/ferry", "field": "size", "value": "small", "since": "2025-01-02"}
    send(client, "/do/thing/set", **form)
    then = workspace.graph(at="2025-01-03")
    assert then.log is not None
    assert workspace.graph().history("bet/ferry")[-1].valid < BEGAN


def test_lines_are_linked_and_what_is_missing_is_begun_in_the_same_batch(
    client: TestClient, workspace: Workspace
) -> None:
    """One goal by ref, one by title, one by address, one that is new."""
    send(client, "/do/thing/set", ref="goal/calm", field="address", value="https://h.example/calm")
    lines = "goal/reach\nCalm Nights\nhttps://h.example/calm\nEarly bread"
    answer = send(
        client, "/do/thing/link", ref="bet/ferry", phrase="serves", ends=lines, make="goal"
    )
    assert answer.status_code == 303
    links = workspace.graph().node("bet/ferry").links["serves"]
    assert sorted(links) == ["goal/calm", "goal/early-bread", "goal/reach"]
    batches = {each.batch for each in workspace.graph().history("goal/early-bread")}
    assert len(batches) == 1


def test_a_line_that_names_nothing_is_told_and_links_nothing(
    client: TestClient, workspace: Workspace
) -> None:
    """Nobody said what to begin for it."""
    answer = send(
        client, "/do/thing/link", ref="bet/ferry", phrase="serves", ends="Early bread", make=""
    )
    assert answer.status_code == 400
    assert "nothing is called 'Early bread'" in told(answer)
    assert "Early bread</textarea>" in answer.text
    assert len(workspace.graph().node("bet/ferry").links["serves"]) == 2


def test_a_link_is_drawn_from_either_side(client: TestClient, workspace: Workspace) -> None:
    """The goal says who serves it."""
    send(client, "/do/thing/link", ref="goal/calm", phrase="is served by", ends="Day", make="bet")
    assert "goal/calm" in workspace.graph().node("bet/day").links["serves"]


def test_a_link_carries_other_values_and_is_cut(client: TestClient, workspace: Workspace) -> None:
    """A smaller share, with a reason; then no link at all."""
    edge = {"source": "bet/ferry", "link": "serves", "target": "goal/reach"}
    kept = {"carry:share": "30%", "carry:why": "the only route"}
    send(client, "/do/thing/edge", ref="bet/ferry", **edge, **kept)
    assert workspace.graph().edge(*edge.values()) == {"share": "30%", "why": "the only route"}
    send(client, "/do/thing/edge", ref="goal/reach", **edge, cut="yes")
    assert workspace.graph().edge(*edge.values()) is None


def test_a_link_keeps_its_lists_and_its_commas(client: TestClient, workspace: Workspace) -> None:
    """Two roles stay two, and one reason with a comma stays one."""
    fields = {"role": ("chair", "lead"), "why": "by day, by night"}
    workspace.append([Connect("bet/ferry", "serves", "goal/reach", fields)])
    page = html.unescape(client.get("/thing/bet/ferry").text)
    assert "chair\nlead</textarea>" in page
    assert "by day, by night</textarea>" in page


def test_a_thing_is_retired_and_comes_back_as_it_was(
    client: TestClient, workspace: Workspace
) -> None:
    """The ferry is given up, and taken up again."""
    send(client, "/do/thing/retire", ref="bet/ferry", why="no crew")
    assert "Bring it back" in told(client.get("/thing/bet/ferry"))
    send(client, "/do/thing/return", ref="bet/ferry")
    node = workspace.graph().node("bet/ferry")
    assert node.alive
    assert node.fields["confidence"] == "40–60%"


def test_a_ref_is_renamed_and_the_old_one_leads_on(client: TestClient) -> None:
    """The ferry becomes the night boat."""
    answer = send(client, "/do/thing/move", ref="bet/ferry", to="Night boat")
    assert answer.headers["location"].startswith("/thing/bet/night-boat")
    assert client.get("/thing/bet/ferry").url.path == "/thing/bet/night-boat"


def test_an_earlier_value_is_restored_as_a_new_change(
    client: TestClient, workspace: Workspace
) -> None:
    """The first confidence comes back; nothing is forgotten."""
    first = next(e for e in workspace.graph().history("bet/ferry") if isinstance(e.change, Put))
    send(client, "/do/thing/set", ref="bet/ferry", field="confidence", value="9%")
    assert f'name="entry" value="{first.number}"' in client.get("/thing/bet/ferry").text
    form = {"field": "confidence", "entry": str(first.number), "why": "too gloomy"}
    send(client, "/do/thing/restore", ref="bet/ferry", **form)
    assert value(workspace, "bet/ferry", "confidence") == "40–60%"
    assert workspace.graph().history("bet/ferry")[-1].why == "too gloomy"


def test_the_page_says_where_each_value_came_from(client: TestClient) -> None:
    """Who, why, and which entry."""
    text = told(client.get("/thing/bet/ferry"))
    assert "Said by Bo" in text
    assert "Why the first plan" in text


def test_every_parent_has_its_own_trail(client: TestClient) -> None:
    """The ferry serves two goals; neither is the one parent."""
    page = client.get("/thing/bet/ferry").text
    trails = re.findall(r'class="crumbs".*?</ol>', page, re.DOTALL)
    assert len(trails) == 2


def test_the_past_offers_no_form(client: TestClient) -> None:
    """What was so yesterday is read, not written."""
    page = client.get("/thing/bet/ferry?at=2025-01-09").text
    assert "/do/thing/" not in page
    answer = send(client, "/do/thing/set?at=2025-01-09", ref="bet/ferry", field="size", value="x")
    assert answer.status_code == 400


def test_ten_thousand_links_are_bounded_and_lead_to_all_of_them(
    client: TestClient, workspace: Workspace
) -> None:
    """A goal that everybody serves."""
    bets = [Put(f"bet/b{number}", {"title": f"Bet {number}"}) for number in range(10_000)]
    edges = [Connect(each.ref, "serves", "goal/calm") for each in bets]
    workspace.append([*bets, *edges])
    page = client.get("/thing/goal/calm")
    assert "10,001" in told(page)
    assert len(page.text) < 150_000
    more = re.search(r'href="(/ask\?q=[^"]*)">All', page.text)
    assert more
    assert "10,001 rows" in told(client.get(html.unescape(more[1])))


def test_what_is_dangling_and_what_does_not_fit_is_shown_as_it_is(
    client: TestClient, workspace: Workspace
) -> None:
    """A goal went, and a stage was never declared."""
    workspace.append([Retire("goal/calm")])
    page = client.get("/thing/bet/ferry")
    assert page.status_code == 200
    assert "Night ferry" in told(page)


def test_a_peek_is_the_same_page_without_its_frame(client: TestClient) -> None:
    """Content and forms, no navigation."""
    page = client.get("/thing/bet/ferry?peek=yes").text
    assert 'class="side"' not in page
    assert "/do/thing/set" in page


def test_something_said_mentions_people_and_keeps_who_and_when(
    client: TestClient, workspace: Workspace
) -> None:
    """Ada asks Bo, who has no page, and herself."""
    send(client, "/do/talk/say", ref="bet/ferry", text="@ada is this still so? @bo @ada")
    page = told(client.get("/thing/bet/ferry"))
    assert "Ada Reed now @ada is this still so?" in page
    comment = next(workspace.graph().of_kind("comment"))
    assert comment.links["mentions"] == ("person/ada",)
    assert "Said to you" in told(client.get("/inbox"))
    assert "is this still so?" in told(client.get("/inbox"))


def test_a_comment_is_edited_and_taken_back(client: TestClient, workspace: Workspace) -> None:
    """What was said stays in its history."""
    send(client, "/do/talk/say", ref="bet/ferry", text="Ask @ada")
    comment = next(workspace.graph().of_kind("comment")).ref
    send(client, "/do/talk/edit", ref="bet/ferry", comment=comment, text="Never mind")
    node = workspace.graph().node(comment)
    assert node.fields["text"] == "Never mind"
    assert "mentions" not in node.links
    send(client, "/do/talk/edit", ref="bet/ferry", comment=comment, retire="yes")
    assert not list(workspace.graph().of_kind("comment"))
    assert "Never mind" not in told(client.get("/thing/bet/ferry")).partition("History")[0]


def test_who_watches_a_thing_finds_its_changes_in_the_inbox(
    client: TestClient, workspace: Workspace
) -> None:
    """Ada watches the ferry, Bo changes it."""
    send(client, "/do/talk/watch", ref="bet/ferry")
    workspace.append([Put("bet/ferry", {"cost": "4k"})], by="Bo")
    inbox = told(client.get("/inbox"))
    assert "Night ferry" in inbox
    assert "Bo" in inbox
    send(client, "/do/talk/watch", ref="bet/ferry", stop="yes")
    assert "Nothing is watched yet" in told(client.get("/inbox"))


def test_comments_stay_out_of_the_list_of_kinds(client: TestClient) -> None:
    """What stands aside is counted nowhere."""
    send(client, "/do/talk/say", ref="bet/ferry", text="Hello")
    assert "/kinds/comment" not in client.get("/").text


def test_a_company_without_words_for_talk_adds_them_with_one_click(tmp_path: Path) -> None:
    """The pack is added to the model, and to its file."""
    text = "company: Quay\nkinds: {bet: {family: intent}}\n"
    with Workspace.init(tmp_path / "quay", model_text=text, clock=lambda: BEGAN) as workspace:
        workspace.append([Put("bet/x", {"title": "X"})])
        with TestClient(app_of(workspace), base_url="http://localhost:8000") as client:
            assert "has no words for comments yet" in told(client.get("/thing/bet/x"))
            answer = send(client, "/do/talk/begin", ref="bet/x")
            assert answer.status_code == 303
            assert "Say something" in client.get("/thing/bet/x").text
        assert "talk" in (tmp_path / "quay" / "latticework.yaml").read_text()


def test_a_thing_is_created_with_its_first_fields_and_its_link(
    client: TestClient, workspace: Workspace
) -> None:
    """A bet begun from the goal that it serves."""
    page = told(client.get("/create?kind=bet&link=serves&to=goal/calm"))
    assert "Calm nights" in page
    form = {"kind": "bet", "title": "Day ferry", "link": "serves", "to": "goal/calm"}
    answer = send(client, "/do/create", **form, **{"field:idea": "by day", "field:stage": "over"})
    assert answer.status_code == 303
    node = workspace.graph().node("bet/day-ferry")
    assert (node.fields["idea"], node.stage) == ("by day", "over")
    assert node.links["serves"] == ("goal/calm",)


def test_what_is_likely_there_already_is_told_before_it_is_made(
    client: TestClient, workspace: Workspace
) -> None:
    """There is a night ferry."""
    answer = send(client, "/do/create", kind="bet", title="ferry, Night")
    assert "There is one like it already" in told(answer)
    assert len(workspace.graph().ids_of("bet")) == 1
    send(client, "/do/create", kind="bet", title="ferry, Night", anyway="yes")
    assert len(workspace.graph().ids_of("bet")) == 2


def test_a_list_of_titles_is_shown_first_and_made_as_one_batch(
    client: TestClient, workspace: Workspace
) -> None:
    """Three goals from a list."""
    before = workspace.store.head().number
    titles = "- One\n- Two\n- Calm nights"
    shown = told(send(client, "/do/create", kind="goal", title=titles))
    assert "These 3 goals will be begun as one batch" in shown
    assert workspace.store.head().number == before
    send(client, "/do/create", kind="goal", title=titles, anyway="yes", sure="yes")
    made = [workspace.graph().history(ref)[0].batch for ref in ("goal/one", "goal/calm-nights")]
    assert len(set(made)) == 1


def test_an_address_fills_the_field_for_addresses(client: TestClient, workspace: Workspace) -> None:
    """A pasted address names the thing, and says where it lies."""
    send(client, "/do/create", kind="goal", title="https://h.example/plans/Road-Map.html")
    node = workspace.graph().node("goal/road-map")
    assert (node.title, node.fields["address"]) == (
        "Road Map",
        "https://h.example/plans/Road-Map.html",
    )


def test_a_ref_that_is_taken_is_refused(client: TestClient, workspace: Workspace) -> None:
    """The night ferry is not overwritten."""
    answer = send(client, "/do/create", kind="bet", title="Another", slug="ferry")
    assert answer.status_code == 400
    assert "names a thing already" in told(answer)
    assert value(workspace, "bet/ferry", "title") == "Night ferry"


def test_what_a_source_says_besides_is_folded_away(
    client: TestClient, workspace: Workspace
) -> None:
    """A ferry came from a sheet with columns that nobody mapped."""
    workspace.append([Put("goal/calm", {"raw": "custom.Team health: good\nrank: 0|i1:"})])
    page = client.get("/thing/goal/calm").text
    folded = page[page.index('<details class="more-words besides"') :]
    assert "What the source says besides" in folded
    assert "<dt>custom.Team health</dt><dd>good</dd>" in folded
    assert "<dt>rank</dt><dd>0|i1:</dd>" in folded
    assert page.count('data-prop="raw"') == 1
