"""Pages of a little company, read as a browser and as a program read them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest
from litestar.testing import TestClient
from tests.surfaces.pages import read

from latticework.base.times import DAY_MICROSECONDS, instant_of
from latticework.graph.little import batches_of
from latticework.journal.changes import Batch, Connect, Put
from latticework.surfaces.web.app import app_of
from latticework.surfaces.web.guard import guard_of
from latticework.surfaces.web.look import Look, path_of
from latticework.surfaces.web.site import HOUR, MINUTE, QUARTER, Site
from latticework.workspace import Workspace

NOW = instant_of(datetime(2026, 6, 15, 12, tzinfo=UTC))

EARLIER = NOW - DAY_MICROSECONDS

MODEL = """
company: Harbour
kinds:
  goal:
    family: intent
    many: goals
    purpose: what we want to be so
    links:
      serves: {to: goal, back: is served by, shape: acyclic, carries: {share: ratio, why: text}}
  bet:
    family: investment
    many: bets
    fields:
      confidence: ratio range
      cost: money range per quarter
      due: day range
    stages: {Discovery: proposed, Building: active, Shipped: done, Killed: dropped}
    links:
      serves: {to: goal}
      is owned by: {to: team, back: owns}
  team: {family: collaboration, many: teams}
rules:
  BET001:
    name: aimless-bet
    flags: bet where stage is active and serves nothing
    says: "{title} is active and serves nothing"
    hint: link it or say why
views:
  costly:
    asks: bet show cost sort by cost descending
    for: finance partners
"""

STORY = """
on: 2025-01-10
by: ada
why: the first plan
goal/reach: {title: Reach every island}
goal/calm: {title: Calm mornings, serves: goal/reach}
team/piers: {title: Piers}
bet/ferry:
  title: Night ferry
  stage: Discovery
  confidence: 20–40%
  cost: 40–80k
  serves: {goal/reach: {share: 60%, why: the only route}, goal/calm: {share: 40%}}
bet/raft: {title: Raft races, stage: Discovery, serves: goal/calm}
---
on: 2025-09-01
by: bo
bet/ferry: {stage: Building, is owned by: team/piers}
bet/lamp: {title: Lamps, stage: Building, confidence: 90%}
---
on: 2026-05-02
by: cy
why: nobody came
bet/raft: {stage: Killed}
move: {bet/ferry: bet/night-ferry}
"""

NASTY = (
    '<script>alert("1")</script>',
    '\'; DROP TABLE "bets"; --',
    "{{ 7 * 7 }}{% raw %}",
    "two\nlines",
    'Řeka & "Ünïcode" 日本語 שלום',
    "</title></textarea>",
    "javascript:alert(1)",
    "=1+1",
)
"""Titles, fields, reasons and slugs that somebody may well send."""

PAGES = (
    "/",
    "/ask",
    "/ask?q=bet",
    "/ask?q=bet show stage, cost, serves sort by cost",
    "/ask?q=bet group by stage",
    "/kinds/goal",
    "/kinds/bet",
    "/kinds/bet?stage=Building",
    "/thing/goal/calm",
    "/thing/bet/night-ferry",
    "/thing/team/piers",
    "/tree",
    "/tree?start=goal",
    "/lineage",
    "/feed",
    "/findings",
    "/model",
    "/diff?from=2025-01-01&to=2026-06-01",
    "/branches",
    "/views",
    "/views/kinds",
    "/views/feed?rows=3",
)
MOMENTS = ("", "2025-10-01", "1999-01-01", "2027-01-01", "2026-05-02T08:00:00Z")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """Harbour, and things with names that would break a careless page."""
    folder = tmp_path_factory.mktemp("harbour")
    with Workspace.init(folder, model_text=MODEL, clock=lambda: NOW) as opened:
        batches = list(batches_of(STORY, opened.model))
        opened.store.append([*batches, _nasty()], now=NOW)
        yield opened


def _nasty() -> Batch:
    puts = (
        Put(f"bet/{name}", {"title": name, "cost": name, "stage": name, name: name})
        for name in NASTY
    )
    edges = (Connect(f"bet/{name}", "serves", "goal/reach", {"why": name}) for name in NASTY)
    return Batch(changes=(*puts, *edges), by=NASTY[0], why=NASTY[0], source=NASTY[0], valid=EARLIER)


@pytest.fixture(scope="module")
def client(workspace: Workspace) -> Iterator[TestClient]:
    with TestClient(app_of(workspace), base_url="http://127.0.0.1") as opened:
        yield opened


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("path", PAGES)
def test_every_page_answers_at_every_moment(client: TestClient, path: str, moment: str) -> None:
    at = f"{'&' if '?' in path else '?'}at={moment}" if moment else ""
    answer = client.get(path + at)
    early = moment == "1999-01-01" and "/thing/" in path
    assert answer.status_code == 200 or early, answer.text[-2000:]
    page = read(answer.text)
    assert ("You are reading Harbour" in page.text) == bool(moment)
    assert "Harbour" in page.text


def test_the_company_page_counts_what_is_there(client: TestClient) -> None:
    text = read(client.get("/").text).text
    assert "goals 2" in text
    assert "aimless bet 1" in text
    before = read(client.get("/?at=2025-06-01").text).text
    assert "bets 2" in before
    assert "5 things of 3 kinds" in before


def test_links_on_a_page_of_the_past_stay_in_the_past(client: TestClient) -> None:
    page = read(client.get("/thing/bet/ferry?at=2025-10-01").text)
    inside = [link for link in page.links if link.startswith("/thing/")]
    back_to_now = [link for link in inside if "at=" not in link and "against=" not in link]
    assert back_to_now == ["/thing/bet/ferry"] * 2
    assert "/thing/goal/reach?at=2025-10-01" in inside


def test_every_link_leads_to_a_page(client: TestClient) -> None:
    seen: set[str] = set()
    for path in ("/", "/thing/bet/night-ferry", "/kinds/bet", "/ask?q=bet", "/views", "/tree"):
        seen |= {link for link in read(client.get(path).text).links if link.startswith("/")}
    for link in sorted(seen):
        assert client.get(link).status_code == 200, link


def test_a_former_ref_leads_to_the_thing(client: TestClient) -> None:
    answer = client.get("/thing/bet/ferry", follow_redirects=False)
    assert answer.status_code == 302
    assert answer.headers["location"] == "/thing/bet/night-ferry"


def test_a_thing_shows_fields_links_both_ways_and_history(client: TestClient) -> None:
    text = read(client.get("/thing/bet/night-ferry").text).text
    assert "Building" in text
    assert "40–80k" in text
    assert "serves Reach every island" in text
    assert "the only route" in text
    assert "the first plan" in text
    goal = read(client.get("/thing/goal/reach").text).text
    assert "is served by" in goal
    assert "Night ferry" in goal


@pytest.mark.parametrize("name", NASTY)
def test_a_name_is_text_and_nothing_else(client: TestClient, name: str) -> None:
    answer = client.get(path_of(f"bet/{name}"))
    assert answer.status_code == 200
    page = read(answer.text)
    assert " ".join(name.split()) in page.text
    assert "49" not in page.text.partition("History")[0].replace("2049", "")
    assert not [link for link in page.links if link.lower().startswith("javascript")]


@pytest.mark.parametrize("name", NASTY)
@pytest.mark.parametrize(
    "path",
    [
        "/ask?q={}",
        "/kinds/{}",
        "/thing/{}/x",
        "/{}",
        "/views/{}",
        "/?at={}",
        "/feed?ref={}",
        "/findings?rule={}",
        "/tree?start={}&link={}",
        "/diff?from={}&to={}&q={}",
        "/?branch={}",
        "/api/ask?q={}",
        "/api/views/{}",
        "/kinds/bet?stage={}",
        "/views/kinds?{}=1",
    ],
)
def test_whatever_is_asked_the_answer_is_kind(client: TestClient, path: str, name: str) -> None:
    answer = client.get(path.replace("{}", quote(name, safe="")))
    assert answer.status_code in {200, 400, 404}, answer.text[-500:]
    assert "Traceback" not in answer.text
    if path.startswith("/api"):
        assert answer.headers["content-type"].startswith("application/")
        return
    read(answer.text)
    assert "<script>" not in answer.text


def test_numbers_between_two_days_lead_to_the_things_they_count(client: TestClient) -> None:
    page = client.get("/diff?from=2025-01-01&to=2026-06-01").text
    led = re.findall(r'href="(/views/diff\?before=2025-01-01[^"]+)"[^>]*>([\d,]+)<', page)
    assert led
    for address, number in led[:3]:
        answer = client.get(unescape(address))
        assert f"{number} thing" in answer.text


def test_a_wrong_question_is_marked_where_it_is_wrong(client: TestClient) -> None:
    answer = client.get("/ask?q=bet where stagge is active")
    assert answer.status_code == 400
    assert "<mark>stagge</mark>" in answer.text
    assert "did you mean" in answer.text


def test_a_view_that_needs_a_choice_says_which(client: TestClient) -> None:
    assert "the plan: a day, a moment" in client.get("/views/scope").text
    half = client.get("/views/scope?since=2026-01-05").text
    assert "Choose above" in half
    assert "the plan: a day, a moment" not in half.partition("Choose above")[2]
    assert "Choose above" not in client.get("/views/board").text
    for name in ("rollup", "scope"):
        begun = client.get(f"/views/{name}").text.partition('aria-label="Begin with"')[2]
        ways = re.findall(rf'href="(/views/{name}[^"]+)"', begun.partition("</nav>")[0])
        assert ways, name
        assert all("Choose above" not in client.get(unescape(way)).text for way in ways)


def test_columns_sort_by_asking_anew(client: TestClient) -> None:
    page = read(client.get("/ask?q=bet show cost").text)
    rising = next(link for link in page.links if "column=cost&do=up" in link)
    sorted_page = client.get(rising)
    assert "sort%20by%20cost" in str(sorted_page.url)
    assert 'aria-sort="ascending"' in sorted_page.text
    falling = next(link for link in read(sorted_page.text).links if "column=cost&do=down" in link)
    assert "cost%20descending" in str(client.get(falling).url)


def test_a_long_answer_says_its_total_and_where_the_rest_is(
    workspace: Workspace, client: TestClient
) -> None:
    many = Batch(
        changes=tuple(Put(f"team/t{n:03}", {"title": f"Team {n}"}) for n in range(120)),
        valid=EARLIER,
    )
    workspace.store.append([many], now=NOW)
    first = read(client.get("/ask?q=team sort by title").text)
    assert "121 rows" in first.text
    assert "1–50 of 121" in first.text
    last = read(client.get("/ask?q=team sort by title&page=3").text)
    assert "101–121 of 121" in last.text
    assert "101–121" in read(client.get("/ask?q=team&page=99").text).text
    assert "7 rows of 121" in read(client.get("/ask?q=team limit 7").text).text


def test_rows_come_as_json_and_csv(client: TestClient) -> None:
    answer = client.get("/api/ask?q=goal show serves sort by title").json()
    assert [row["ref"] for row in answer["rows"]] == ["goal/calm", "goal/reach"]
    assert list(answer["rows"][0])[:3] == ["ref", "kind", "title"]
    assert answer["count"] == answer["total"] == 2
    table = client.get("/api/ask.csv?q=goal sort by title")
    assert table.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(table.text)))
    assert [row["title"] for row in rows] == ["Calm mornings", "Reach every island"]


def test_no_csv_cell_is_a_formula(client: TestClient) -> None:
    rows = csv.DictReader(io.StringIO(client.get("/api/ask.csv?q=bet").text))
    assert "'=1+1" in [row["title"] for row in rows]


def test_findings_come_as_problem_details(client: TestClient) -> None:
    answer = client.get("/api/ask?q=bett")
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("application/problem+json")
    problem = answer.json()
    assert problem["status"] == 400
    assert problem["findings"][0]["code"].startswith("QUERY")
    assert problem["findings"][0]["hint"]
    assert client.get("/api/views/nope").status_code == 404
    assert client.get("/api/thing/bet/nope").json()["findings"][0]["code"] == "VIEW003"


def test_a_page_is_sent_again_only_after_an_entry(workspace: Workspace, client: TestClient) -> None:
    tag = client.get("/feed").headers["etag"]
    assert client.get("/feed", headers={"if-none-match": tag}).status_code == 304
    workspace.store.append(
        [Batch(changes=(Put("team/new", {"title": "New"}),), valid=EARLIER)], now=NOW
    )
    after = client.get("/feed", headers={"if-none-match": tag})
    assert after.status_code == 200
    assert after.headers["etag"] != tag
    assert "team/new" in client.get("/api/ask?q=team").text


def test_pages_of_a_quiet_company_are_not_drawn_anew_by_the_minute(tmp_path: Path) -> None:
    now = [NOW]
    with Workspace.init(tmp_path / "quiet", clock=lambda: now[0]) as quiet:
        site = Site(quiet)

        def tags(path: str, begun: int) -> int:
            """How many tags a page has within a quarter of an hour."""
            found = set()
            for minute in range(15):
                now[0] = begun + minute * MINUTE
                found.add(site.tag(Look(path=path)))
            return len(found)

        busy = NOW - NOW % QUARTER
        calm = busy + 2 * HOUR
        assert tags("/ask", busy) == 15
        assert tags("/ask", calm) == tags("/thing/bet/ferry", calm) == 1
        assert tags("/sources", calm) == 15


def test_a_question_of_ones_own_shows_at_once(client: TestClient) -> None:
    tag = client.get("/views").headers["etag"]
    form = {"name": "mine", "asks": "bet", "lens": "", "omits": "goals", "shared": "no"}
    client.post("/do/views/save", data=form)
    assert client.get("/views", headers={"if-none-match": tag}).status_code == 200


def test_headers_let_no_script_of_others_run(client: TestClient) -> None:
    for path in ("/", "/nope", "/static/page.css", "/api", "/ask?q=?"):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "script-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["x-content-type-options"] == "nosniff"
    assert client.get("/").headers["cache-control"] == "private, no-cache"


def test_a_host_of_somebody_else_gets_nothing(workspace: Workspace) -> None:
    guard = guard_of("127.0.0.1")
    for path in ("/", "/nope", "/static/page.css", "/api"):
        with TestClient(app_of(workspace, guard=guard), base_url="http://evil.example") as other:
            answer = other.get(path)
        assert answer.status_code == 421
        assert "Harbour" not in answer.text
        assert "WEB004" in answer.text


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_is_written_through_the_pages(
    client: TestClient, workspace: Workspace, method: str
) -> None:
    before = workspace.store.head().number
    for path in ("/", "/thing/bet/night-ferry", "/api/ask", "/kinds/bet"):
        answer = getattr(client, method)(path)
        assert answer.status_code == 405
    assert workspace.store.head().number == before


def test_head_is_answered_like_get(client: TestClient) -> None:
    answer = client.head("/")
    assert answer.status_code == 200


def test_the_theme_is_kept_and_leads_back(client: TestClient) -> None:
    chosen = client.post(
        "/look", data={"theme": "dark", "back": "/feed?rows=3"}, follow_redirects=False
    )
    assert chosen.status_code == 303
    assert chosen.headers["location"] == "/feed?rows=3"
    assert 'data-theme="dark"' in client.get("/", headers={"cookie": "theme=dark"}).text
    client.cookies.clear()


@pytest.mark.parametrize(
    "back", ["https://evil.example", "//evil.example", "/\\evil.example", "", "/a\r\nb"]
)
def test_the_way_back_leads_nowhere_else(client: TestClient, back: str) -> None:
    answer = client.post("/look", data={"density": "compact", "back": back}, follow_redirects=False)
    assert answer.headers["location"] == "/"
    client.cookies.clear()


def test_an_unknown_branch_is_a_finding(client: TestClient) -> None:
    answer = client.get("/?branch=nope")
    assert answer.status_code == 400
    assert "STORE004" in answer.text
    read(answer.text)


def test_a_branch_is_read_apart(workspace: Workspace, client: TestClient) -> None:
    workspace.start_branch("bold", by="ada", why="what if")
    workspace.store.append(
        [Batch(changes=(Put("goal/bold", {"title": "Bold"}),), valid=EARLIER)],
        now=NOW,
        branch="bold",
    )
    page = read(client.get("/kinds/goal?branch=bold").text)
    assert "Bold" in page.text
    assert "You are on the branch bold" in page.text
    assert "Bold" not in read(client.get("/kinds/goal").text).text
    assert "what if" in read(client.get("/branches").text).text


def test_a_company_of_words_alone_says_how_to_begin(tmp_path: Path) -> None:
    with (
        Workspace.init(tmp_path, model_text=MODEL, clock=lambda: NOW) as empty,
        TestClient(app_of(empty), base_url="http://127.0.0.1") as opened,
    ):
        for path in PAGES:
            answer = opened.get(path)
            assert answer.status_code == (404 if "/thing/" in path else 200), path
            read(answer.text)
        steps = opened.get("/").text.partition("Start here")[2]
        assert steps.index('href="/create"') < steps.index('href="/sources"')


def test_a_form_of_another_site_changes_nothing(client: TestClient) -> None:
    told = [{"origin": "https://elsewhere.example"}, {"sec-fetch-site": "cross-site"}]
    for headers in told:
        answer = client.post("/look", data={"theme": "dark"}, headers=headers)
        assert answer.status_code == 400
        assert "WEB005" in answer.text
        assert "set-cookie" not in answer.headers
