"""What an answer costs does not hang on how much there is; none is cut in silence.

Nothing here is timed: statements and characters are counted.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy import Engine, event
from tests.surfaces.conftest import run  # noqa: F401  a fixture
from tests.surfaces.trying import Run

from latticework.base.times import Instant, parse_instant
from latticework.journal.changes import Batch, Change, Connect, Put
from latticework.surfaces.web.app import app_of
from latticework.surfaces.web.guard import guard_of
from latticework.workspace import Workspace

NOW: Instant = parse_instant("2026-03-01T12:00:00Z")

PAGES = (
    "/",
    "/kinds/bet",
    "/thing/goal/all",
    "/thing/bet/b1",
    "/ask?q=bet+where+f0+%3D+1+and+serves+something",
    "/tree",
    "/feed",
    "/findings",
    "/diff?from=2026-01-01",
    "/branches",
    "/model",
    "/?at=2026-02-01",
    "/api/ask?q=bet",
    "/api/thing/goal/all",
)

COMMANDS = (
    "ask bet where f0 = 1",
    "ask goal show count(is served by)",
    "show goal/all",
    "show bet/b1",
    "kinds",
    "feed",
    "feed bet/b1",
    "check",
    "diff 2026-01-01 now",
    "tree goal",
)

MANY = 5_000
PAGE_MOST = 400_000
"""Characters of a page, whatever it tells of."""


@contextmanager
def statements() -> Iterator[list[str]]:
    """The SQL statements that any store runs meanwhile."""
    found: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        found.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def company(
    folder: Path, *, bets: int, fields: int, links: int, batch: int = 50, clock: Instant = NOW
) -> Path:
    """Bets with number fields `f0` …, the first of which serve one goal."""
    named = ", ".join(f"f{each}: number" for each in range(fields))
    text = f"""
company: Counted
kinds:
  goal: {{family: intent, many: goals}}
  bet:
    family: intent
    many: bets
    fields: {{{named}}}
    stages: {{Open: active, Shut: done}}
    links: {{serves: {{to: goal, back: is served by, shape: acyclic, carries: {{share: ratio}}}}}}
"""
    values = {f"f{each}": str(each + 1) for each in range(fields)}
    things: list[Change] = [Put("goal/all", {"title": "All"})]
    things += [
        Put(f"bet/b{each}", {"title": f"Bet {each}", "stage": "Open"} | values)
        for each in range(bets)
    ]
    edges = (
        Connect(f"bet/b{each}", "serves", "goal/all", {"share": "10%"}) for each in range(links)
    )
    changes = [*things, *edges]
    with Workspace.init(folder, model_text=text, clock=lambda: clock) as workspace:
        parts = (changes[start : start + batch] for start in range(0, len(changes), batch))
        workspace.store.append([Batch(changes=tuple(each)) for each in parts], now=clock)
    return folder


@pytest.fixture(scope="module")
def little(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty bets of two fields; half of them serve the goal."""
    return company(tmp_path_factory.mktemp("little") / "it", bets=60, fields=2, links=30)


@pytest.fixture(scope="module")
def larger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten times as many bets, fields and links."""
    return company(tmp_path_factory.mktemp("larger") / "it", bets=600, fields=20, links=300)


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A goal that 5,000 bets serve."""
    folder = tmp_path_factory.mktemp("hub") / "it"
    return company(folder, bets=MANY, fields=1, links=MANY, batch=1000)


@contextmanager
def pages_of(folder: Path) -> Iterator[TestClient[Litestar]]:
    with Workspace.open(folder, clock=lambda: NOW) as workspace:
        guard = guard_of("127.0.0.1", names=("testserver.local",))
        with TestClient(app_of(workspace, guard=guard)) as client:
            yield client


def page(client: TestClient[Litestar], address: str) -> str:
    answer = client.get(address, headers={"host": "localhost"})
    assert answer.status_code == 200, answer.text[:2000]
    return answer.text


def counts(folder: Path, addresses: Iterable[str]) -> dict[str, int]:
    """How many statements each page takes once the server is warm."""
    found = {}
    with pages_of(folder) as client:
        page(client, "/")
        for address in addresses:
            with statements() as ran:
                page(client, address)
            found[address] = sum(each != "BEGIN" for each in ran)
    return found


def test_a_page_takes_as_many_statements_however_much_there_is(little: Path, larger: Path) -> None:
    few, many = counts(little, PAGES), counts(larger, PAGES)
    assert few == many
    assert max(many.values()) <= 20, many


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_takes_as_many_statements_however_much_there_is(
    little: Path,
    larger: Path,
    run: Run,  # noqa: F811
    command: str,
) -> None:
    taken = []
    for folder in (little, larger):
        with statements() as ran:
            said = run("-C", folder, *_words(command))
        assert said.code in {0, 1}, said.err
        taken.append(len(ran))
    assert taken[0] == taken[1]


def _words(command: str) -> list[str]:
    name, _, rest = command.partition(" ")
    return [name, rest] if name == "ask" else command.split()


@pytest.mark.parametrize(
    "command", ["ask bet", "show goal/all", "kinds", "feed", "check", "tree goal", "lineage bet/b1"]
)
def test_now_answers_like_no_moment_at_all(
    little: Path,
    run: Run,  # noqa: F811
    command: str,
) -> None:
    words = _words(command)
    for form in ((), ("--json",)):
        plain, said = (
            run("-C", little, *words, *form),
            run("-C", little, *words, *form, "--at", "now"),
        )
        assert said.out == plain.out
        assert said.code == plain.code


def test_pages_at_today_list_what_pages_of_the_present_list(little: Path) -> None:
    with pages_of(little) as client:
        for query in ("bet", "goal show count(is served by)", "bet where f0 = 1 limit 5"):
            now, today = (
                json.loads(page(client, f"/api/ask?q={query.replace(' ', '+')}{at}"))
                for at in ("", "&at=2026-03-01", "&at=now")[:2]
            )
            assert now["rows"] == today["rows"]
            assert now["total"] == today["total"]


def test_a_cut_table_says_how_much_there_is(
    larger: Path,
    run: Run,  # noqa: F811
) -> None:
    assert "5 of 600 shown" in run("-C", larger, "ask", "bet", "--rows", "5").out
    assert "7 rows of 600" in run("-C", larger, "ask", "bet limit 7").out
    assert "50 of 601 shown" in run("-C", larger, "diff", "2026-01-01", "now", "--rows", "50").out
    assert "and 296 more" in run("-C", larger, "show", "goal/all", "--rows", "4").out


def test_machines_get_all_rows_or_the_total(
    larger: Path,
    run: Run,  # noqa: F811
) -> None:
    assert len(json.loads(run("-C", larger, "ask", "bet", "--json").out)) == 600
    assert len(run("-C", larger, "ask", "bet", "--csv").out.splitlines()) == 601
    assert len(run("-C", larger, "ask", "bet").out.splitlines()) > 600
    with pages_of(larger) as client:
        answer = json.loads(page(client, "/api/ask?q=bet+limit+7"))
    assert (answer["count"], answer["total"]) == (7, 600)


def test_rows_know_that_they_were_cut(larger: Path) -> None:
    with Workspace.open(larger, clock=lambda: NOW) as workspace:
        rows = workspace.ask("bet where f0 = 1 limit 7")
        assert (len(rows), rows.total, rows.limited) == (7, 600, True)
        whole = workspace.ask("bet")
        assert (len(whole), whole.total, whole.limited) == (600, 600, False)


def test_a_page_of_a_cut_table_says_how_much_there_is(larger: Path) -> None:
    with pages_of(larger) as client:
        for address in ("/kinds/bet", "/ask?q=bet"):
            text = page(client, address)
            assert "600" in text
            assert len(text) < PAGE_MOST


def test_a_thing_with_5000_links_is_shown_in_part(
    hub: Path,
    run: Run,  # noqa: F811
) -> None:
    shown = run("-C", hub, "show", "goal/all").out
    assert "5,000" in shown
    assert "more" in shown
    assert len(shown) < 10_000
    asked = run("-C", hub, "ask", "goal show count(is served by)").out
    assert "5,000" in asked
    every = json.loads(run("-C", hub, "show", "goal/all", "--json").out)
    assert len(every["links"]["is served by"]) == MANY
    assert len(json.loads(run("-C", hub, "ask", "bet serving goal/all", "--json").out)) == MANY


def test_the_page_of_a_thing_with_5000_links_is_bounded(hub: Path) -> None:
    with pages_of(hub) as client:
        text = page(client, "/thing/goal/all")
        assert "5,000" in text or "4,976" in text
        assert len(text) < PAGE_MOST
        for address in ("/tree", "/feed", "/kinds/bet", "/diff?from=2026-01-01", "/ask?q=goal"):
            assert len(page(client, address)) < PAGE_MOST, address


def test_a_kind_may_have_500_fields(
    tmp_path: Path,
    run: Run,  # noqa: F811
) -> None:
    folder = company(tmp_path / "wide", bets=40, fields=500, links=1)
    rows = json.loads(run("-C", folder, "ask", "bet where f499 = 500 show f499", "--json").out)
    assert len(rows) == 40
    assert "f499" in run("-C", folder, "show", "bet/b7").out
    assert run("-C", folder, "put", "bet/b7", "f499=3").code == 0
    assert run("-C", folder, "check").code == 0
    with pages_of(folder) as client:
        for address in ("/", "/kinds/bet", "/thing/bet/b7", "/model", "/feed"):
            assert len(page(client, address)) < 2 * PAGE_MOST, address


def test_a_table_of_100_000_rows_is_drawn_a_page_at_a_time(
    tmp_path: Path,
    run: Run,  # noqa: F811
) -> None:
    folder = company(tmp_path / "long", bets=100_000, fields=1, links=0, batch=5000)
    assert "50 of 100,000 shown" in run("-C", folder, "ask", "bet", "--rows", "50").out
    with Workspace.open(folder, clock=lambda: NOW) as workspace:
        assert workspace.ask("bet where f0 = 1").total == 100_000
    with pages_of(folder) as client:
        for address in ("/", "/kinds/bet", "/ask?q=bet", "/tree", "/feed", "/diff?from=2026-01-01"):
            text = page(client, address)
            assert len(text) < PAGE_MOST, address
        assert "100,000" in page(client, "/kinds/bet")
