"""Shared pages: one page for whoever holds the token, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar.testing import TestClient

from latticework.base.findings import Refused
from latticework.base.times import DAY_MICROSECONDS, Instant, instant_of
from latticework.graph.little import batches_of
from latticework.journal.beside import Beside
from latticework.journal.changes import Put
from latticework.surfaces.out.bare import bare
from latticework.surfaces.out.shares import FILE, TABLE, Shares, hosts_of
from latticework.surfaces.web.app import app_of
from latticework.workspace import Workspace

START = instant_of(datetime(2026, 6, 15, 12, tzinfo=UTC))

MODEL = """
company: Harbour
kinds:
  goal: {family: intent, many: goals}
  bet:
    family: investment
    many: bets
    fields: {cost: money}
    stages: {Discovery: proposed, Building: active}
    links:
      serves: {to: goal, back: is served by}
"""

STORY = """
on: 2025-01-10
goal/secret: {title: Nobody knows this}
goal/open: {title: Open water}
bet/ferry: {title: Night ferry, stage: Building, cost: EUR 40k, serves: goal/open}
"""


@dataclass
class Harbour:
    """A company with a clock that tests turn, and a browser."""

    workspace: Workspace
    client: TestClient[object]
    now: list[Instant] = field(default_factory=list)

    def share(self, of: str = "/views/board?query=bet", **form: str) -> str:
        """The path of a link that is made."""
        answer = self.client.post("/do/share", data={"of": of, **form})
        assert answer.status_code == 200, answer.text
        found = re.search(r'value="http://localhost(/s/[\w-]+)"', answer.text)
        assert found
        return found[1]


@pytest.fixture
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harbour]:
    now = [START]
    folder = tmp_path_factory.mktemp("harbour")
    with Workspace.init(folder, model_text=MODEL, clock=lambda: now[0]) as opened:
        opened.store.append(list(batches_of(STORY, opened.model)), now=now[0])
        with TestClient(app_of(opened), base_url="http://localhost") as client:
            now[0] += 60_000_000
            yield Harbour(opened, client, now)  # type: ignore[arg-type]


def test_a_holder_reads_the_page_and_follows_nothing(harbour: Harbour) -> None:
    page = harbour.client.get(harbour.share())
    assert page.status_code == 200, page.text[-700:]
    assert "Night ferry" in page.text
    body = page.text.partition("<main")[2].partition("</main>")[0]
    for word in ("href=", "data-", "<form", "<script", "<button", "bet/ferry", "Nobody knows"):
        assert word not in body


@pytest.mark.parametrize(
    "of", ["/ask?q=bet", "/thing/bet/ferry", "/views/timeline?query=bet", "/views/map?query=bet",
           "/views/tree?query=bet", "/views/feed", "/findings", "/", "/sql?q=from bet"],
)  # fmt: skip
def test_every_view_can_be_shared_without_a_link(harbour: Harbour, of: str) -> None:
    page = harbour.client.get(harbour.share(of))
    assert page.status_code == 200, page.text[-700:]
    body = page.text.partition("<main")[2].partition("</main>")[0]
    assert "href=" not in body
    assert "data-ref" not in body


@pytest.mark.parametrize("data", ["live", "frozen"])
def test_files_of_a_share_hold_what_is_drawn_and_no_field_besides(
    harbour: Harbour, data: str
) -> None:
    asked = harbour.share("/ask?q=bet show stage", data=data)
    rows = harbour.client.get(f"{asked}/out/json").json()
    assert [sorted(row) for row in rows] == [["ref", "stage", "title"]]
    # What happened to a thing, and what a query says, are not drawn: they stay here.
    thing = harbour.share("/thing/bet/ferry", data=data)
    assert "/out/md" in harbour.client.get(thing).text
    for form in ("csv", "json"):
        assert "history" not in harbour.client.get(f"{thing}/out/{form}").text
    matrix = harbour.share("/views/matrix?query=bet&across=stage", data=data)
    assert "query" not in harbour.client.get(f"{matrix}/out/csv").text.splitlines()[0]


def test_live_data_follow_and_frozen_data_stay(harbour: Harbour) -> None:
    live, frozen = harbour.share(data="live"), harbour.share(data="frozen")
    harbour.now[0] += DAY_MICROSECONDS
    harbour.workspace.append(
        [Put("bet/raft", {"title": "Raft races", "stage": "Building"})], by="ada"
    )
    harbour.now[0] += 60_000_000
    assert "Raft races" in harbour.client.get(live).text
    later = harbour.client.get(frozen).text
    assert "Night ferry" in later
    assert "Raft races" not in later
    assert "Raft races" not in harbour.client.get(f"{frozen}/out/csv").text


def test_what_is_shared_of_the_past_stays_in_the_past(harbour: Harbour) -> None:
    harbour.workspace.append(
        [Put("bet/raft", {"title": "Raft races", "stage": "Building"})], by="ada"
    )
    assert "Raft races" not in harbour.client.get(harbour.share("/ask?q=bet&at=2025-06-01")).text


def test_a_link_ends_by_itself(harbour: Harbour) -> None:
    path = harbour.share(days="3")
    harbour.now[0] += 3 * DAY_MICROSECONDS - 1
    assert harbour.client.get(path).status_code == 200
    harbour.now[0] += 1
    assert harbour.client.get(path).status_code == 404
    assert harbour.client.get(f"{path}/out/json").status_code == 404


def test_a_link_is_taken_back_at_once(harbour: Harbour) -> None:
    path = harbour.share(name="for the board")
    assert harbour.client.get(path).status_code == 200
    listed = harbour.client.get("/shares").text
    key = re.search(r'name="key" value="(\w+)"', listed)
    assert key
    assert "for the board" in listed
    assert path.removeprefix("/s/") not in listed
    harbour.client.post("/do/unshare", data={"key": key[1]})
    assert harbour.client.get(path).status_code == 404
    assert "taken back" in harbour.client.get("/shares").text


def test_a_token_that_opens_nothing_tells_nothing_of_the_company(harbour: Harbour) -> None:
    page = harbour.client.get("/s/nonsense")
    assert page.status_code == 404
    for word in ("Harbour", "goals", "bets", "/kinds"):
        assert word not in page.text


def test_the_token_is_not_kept(harbour: Harbour) -> None:
    token = harbour.share().removeprefix("/s/")
    inner = harbour.workspace.folder.inner
    files = [each.read_bytes() for each in inner.rglob("*") if each.is_file()]
    assert (inner / FILE).is_file()
    assert not [each for each in files if token.encode() in each]
    assert len(token) >= 32


def test_making_a_share_writes_no_entry(harbour: Harbour) -> None:
    before = harbour.workspace.store.head().number
    harbour.share()
    assert harbour.workspace.store.head().number == before


def test_nobody_lists_keeps_or_tells_on_what_is_shared(harbour: Harbour) -> None:
    headers = harbour.client.get(harbour.share()).headers
    assert "noindex" in headers["x-robots-tag"]
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-frame-options"] == "DENY"
    assert "etag" not in headers


def test_only_named_sites_may_frame_it(harbour: Harbour) -> None:
    path = harbour.share(hosts="wiki.example.com, https://*.example.org")
    headers = harbour.client.get(f"{path}?embed=yes").headers
    policy = headers["content-security-policy"]
    assert policy.endswith("frame-ancestors 'self' wiki.example.com https://*.example.org")
    assert "x-frame-options" not in headers
    assert harbour.client.get("/").headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize(
    "hosts", ["*", "'none'", "a;script-src *", "https://a/b", "a\nb: c;", "http://", "ex ample'"]
)
def test_what_names_no_site_is_refused(hosts: str) -> None:
    with pytest.raises(Refused):
        hosts_of(hosts)


def test_all_that_is_wrong_is_said_and_nothing_typed_is_lost(harbour: Harbour) -> None:
    form = {"of": "/share", "days": "soon", "hosts": "*", "name": "mine"}
    answer = harbour.client.post("/do/share", data=form)
    assert answer.status_code == 400
    for code in ("SHARE002", "SHARE003", "SHARE004"):
        assert code in answer.text


def test_an_address_elsewhere_is_no_page_of_ours(harbour: Harbour) -> None:
    answer = harbour.client.post("/do/share", data={"of": "https://evil.example/views/board"})
    assert "evil.example" not in answer.text


def test_a_server_that_only_shows_makes_no_links(harbour: Harbour) -> None:
    with TestClient(
        app_of(harbour.workspace, writable=False), base_url="http://localhost"
    ) as shown:
        assert "WEB007" in shown.post("/do/share", data={"of": "/ask?q=bet"}).text


def test_two_tokens_differ_and_open_their_own(tmp_path_factory: pytest.TempPathFactory) -> None:
    shares = Shares(Beside(None, tmp_path_factory.mktemp("shares") / FILE, TABLE))
    tokens = [shares.make(f"/ask?q={n}", name="", by="a", now=0) for n in range(20)]
    assert len(set(tokens)) == 20
    found = [shares.find(each, 1) for each in tokens]
    assert [each.address for each in found if each] == [f"/ask?q={n}" for n in range(20)]


@given(st.text(max_size=200))
def test_no_text_comes_through_as_markup(text: str) -> None:
    shown = bare(f"<p>{text}</p>")
    assert "<script" not in shown
    assert "href" not in re.sub(r">[^<]*<", "><", str(shown))


@pytest.mark.parametrize(
    "html",
    [
        '<a href="/thing/x" data-ref="bet/x">Bet</a>',
        '<p onclick="x()" style="color:red" data-ref="bet/x">Bet</p>',
        '<svg><a href="/x"><rect fill="url(https://evil)"/><title>Bet</title></a></svg>',
        "<form action='/do/x'><input value='bet/x'><button>go</button></form>Bet",
        "<script>bet/x</script><object data=x>bet/x</object>Bet",
    ],
)
def test_only_what_is_to_be_seen_comes_through(html: str) -> None:
    shown = str(bare(html))
    assert "Bet" in shown
    for word in ("href", "bet/x", "onclick", "style", "evil", "<form", "<input", "<script", "<a"):
        assert word not in shown
