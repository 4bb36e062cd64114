"""SQL over a little company: what it tells, and all that it must not reach."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import openpyxl
import pytest
from litestar.testing import TestClient

from latticework.analysis.sql.ask import Bounds, SqlRows, run_sql
from latticework.analysis.sql.table import SqlTable
from latticework.base.findings import Refused
from latticework.base.times import instant_of
from latticework.graph.little import batches_of
from latticework.surfaces import cli
from latticework.surfaces.sights import sight_of
from latticework.surfaces.sql import tables_in
from latticework.surfaces.web.app import app_of
from latticework.workspace import Workspace

NOW = instant_of(datetime(2026, 6, 15, 12, tzinfo=UTC))

MODEL = """
company: Harbour
interfaces:
  wager: {fields: {confidence: ratio, cost: money, doers: text many}, stages: [proposed, active, done, dropped]}
kinds:
  goal:
    family: intent
    many: goals
  bet:
    family: investment
    many: bets
    is: wager
    fields:
      confidence: ratio range
      cost: money range EUR
      due: day range
      tags: text many
      public: yes-no
      turn back if: text
      doers: text many people
    stages: {Discovery: proposed, Building: active, Killed: dropped}
    links:
      is meant for: {to: goal, back: is meant by, carries: {share: ratio}}
  quest:
    family: investment
    is: wager
    fields: {gut: number 0..10, price: money EUR, hands: text many people}
    stages: {Hunch: proposed, Out: active}
    as: {confidence: gut / 10, cost: price, doers: hands}
  person:
    family: collaboration
    many: people
    people: yes
    was: human
    fields: {address: text unique, joined: day}
    links:
      holds: {to: [bet, quest], back: is held by, carries: {for: text people, share: ratio}}
  crew:
    family: collaboration
    many: crews
    links:
      holds: {to: [bet, quest], back: is held by}
"""

STORY = """
on: 2025-01-10
by: ada
goal/reach: {title: Reach every island}
bet/ferry:
  title: Night ferry
  stage: Building
  confidence: 20–40%
  cost: 40–80k
  due: 2026-Q3
  tags: [sea, night]
  public: yes
  is meant for: {goal/reach: {share: 60%}}
bet/raft: {title: "=1+1", stage: Killed, cost: unknown}
quest/reef: {title: Reef, stage: Out, gut: 7, price: 10k, hands: Bo}
---
on: 2026-01-10
by: bo
bet/lamp: {title: Lamps, stage: Building, cost: 5k, doers: [Ada, Bo]}
person/ada: {title: Ada, address: ada@harbour.eu, joined: 2025-01-01, holds: {bet/ferry: {for: Bo, share: 60%}}}
person/bo: {title: Bo, holds: [bet/ferry, bet/lamp]}
crew/night: {title: Night crew, holds: bet/ferry}
"""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """Harbour, with a second interface member and a range."""
    folder = tmp_path_factory.mktemp("harbour")
    with Workspace.init(folder, model_text=MODEL, clock=lambda: NOW) as opened:
        opened.store.append(list(batches_of(STORY, opened.model)), now=NOW)
        yield opened


@pytest.fixture(scope="module")
def tables(workspace: Workspace) -> Mapping[str, SqlTable]:
    return tables_in(sight_of(workspace))


@pytest.fixture(scope="module")
def client(workspace: Workspace) -> Iterator[TestClient[object]]:
    with TestClient(app_of(workspace), base_url="http://localhost") as opened:  # type: ignore[arg-type]
        yield opened  # type: ignore[misc]


def refused(text: str, tables: Mapping[str, SqlTable], bounds: Bounds | None = None) -> str:
    """The code of what a statement is refused for, with its hint."""
    with pytest.raises(Refused) as caught:
        run_sql(text, tables, bounds or Bounds(seconds=5))
    (finding,) = caught.value.findings
    return f"{finding.code} {finding.says} ({finding.hint})"


def asked(text: str, tables: Mapping[str, SqlTable]) -> SqlRows:
    return run_sql(text, tables)


def test_a_range_is_its_text_and_both_its_ends(tables: Mapping[str, SqlTable]) -> None:
    rows = asked(
        "select cost, cost_low, cost_high, cost_currency, due_low, due_high, confidence_low"
        " from bet where ref = 'bet/ferry'",
        tables,
    ).rows
    assert rows == (("40–80k", 40_000.0, 80_000.0, "EUR", "2026-07-01", "2026-09-30", 0.2),)


def test_what_nobody_knows_has_its_text_and_no_number(tables: Mapping[str, SqlTable]) -> None:
    rows = asked("select cost, cost_low from bet where ref = 'bet/raft'", tables).rows
    assert rows == (("unknown", None),)


def test_fields_have_types(tables: Mapping[str, SqlTable]) -> None:
    rows = asked('select tags, public, "turn back if" from bet order by ref limit 1', tables)
    assert [each.type for each in rows.columns] == ["VARCHAR[]", "BOOLEAN", "VARCHAR"]
    assert rows.rows == ((["sea", "night"], True, None),)


def test_an_interface_holds_its_kinds_with_what_is_worked_out(
    tables: Mapping[str, SqlTable],
) -> None:
    rows = asked("select ref, kind, confidence_low, cost_high from wager order by ref", tables)
    assert rows.rows == (
        ("bet/ferry", "bet", 0.2, 80_000.0),
        ("bet/lamp", "bet", None, 5_000.0),
        ("bet/raft", "bet", None, None),
        ("quest/reef", "quest", 0.7, 10_000.0),
    )


def test_a_link_is_a_table_of_edges_with_what_they_carry(tables: Mapping[str, SqlTable]) -> None:
    rows = asked('select source, target, share_low from "is meant for"', tables).rows
    assert rows == (("bet/ferry", "goal/reach", 0.6),)


def test_history_tells_what_was_written_and_not_by_whom(tables: Mapping[str, SqlTable]) -> None:
    text = "select who, change, ref, fields ->> 'cost' from history where ref = 'bet/lamp'"
    assert asked(text, tables).rows == (("people, not shown apart", "put", "bet/lamp", "5k"),)


NAMES = ("ada", "bo", "human/")


@pytest.mark.parametrize(
    "text",
    [
        "from person",
        "from holds",
        "from history",
        "from bet",
        "from wager",
        "select p.*, h.* from person p full join holds h on p.ref = h.source",
        "select doer, count(*) from (select unnest(doers) as doer from bet) group by doer",
        "select source, count(*) from holds group by source order by 2 desc",
        "select who, count(*) from history group by who",
    ],
)
def test_sql_has_no_way_to_tell_people_apart(text: str, tables: Mapping[str, SqlTable]) -> None:
    """Ada and Bo hold bets, are named as doers, and wrote the entries."""
    found = asked(text, tables)
    said = json.dumps(found.rows).casefold()
    assert not [name for name in NAMES if re.search(rf"\b{name}\b", said)]
    assert found.rows
    assert found.nameless


def test_people_count_though_they_have_no_names(tables: Mapping[str, SqlTable]) -> None:
    held = "select target, count(*) as holders, count(source) as crews from holds group by all"
    assert set(asked(held, tables).rows) == {("bet/ferry", 3, 1), ("bet/lamp", 1, 0)}
    assert asked("select count(*), count(joined_low) from person", tables).rows == ((2, 1),)
    assert asked("select len(doers) from bet where doers is not null", tables).rows == ((2,),)
    assert asked("select source from holds where source like 'crew/%'", tables).rows == (
        ("crew/night",),
    )


def test_an_answer_says_which_names_are_left_out(
    tables: Mapping[str, SqlTable], workspace: Workspace, capfd: pytest.CaptureFixture[str]
) -> None:
    assert asked("select count(*) from holds", tables).nameless == ()
    assert asked("select source from holds", tables).nameless == ("holds.source",)
    folder = str(workspace.folder.path)
    assert cli.run(["-C", folder, "sql", "select title from person"]) == 0
    assert "SQL tells no people apart: no names in person.title" in capfd.readouterr().out


def test_a_past_moment_has_neither_later_things_nor_later_entries(workspace: Workspace) -> None:
    then = tables_in(sight_of(workspace, at="2025-06-01"))
    assert asked("select count(*) from bet", then).rows == ((2,),)
    known = tables_in(sight_of(workspace, at="2025-06-01", known="2025-06-01"))
    assert asked("select count(*) from history", known).rows == ((0,),)


def test_every_table_is_listed_and_can_be_described(tables: Mapping[str, SqlTable]) -> None:
    listed = {row[0] for row in asked("show tables", tables).rows}
    assert listed == {
        *("goal", "bet", "quest", "person", "crew", "wager"),
        *("is meant for", "holds", "history"),
    }
    described = asked("describe quest", tables).rows
    assert [row[:2] for row in described][:2] == [("ref", "VARCHAR"), ("title", "VARCHAR")]


def test_tables_that_are_not_written_refuse_rather_than_seem_empty(
    tables: Mapping[str, SqlTable],
) -> None:
    assert refused("from query_table('b' || 'et')", tables).startswith("SQL002")


@pytest.mark.parametrize("word", ["with x as (select 1) select * from x", "from bet", "values (1)"])
def test_every_way_of_reading_reads(word: str, tables: Mapping[str, SqlTable]) -> None:
    assert asked(word, tables).rows


def test_a_pivot_reads(tables: Mapping[str, SqlTable]) -> None:
    rows = asked("pivot (select stage, public from bet) on stage using count(*)", tables)
    assert {"Building", "Killed"} <= {each.name for each in rows.columns}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("selct * from bet", "SQL001 'selct' is not understood here (did you mean 'select'?)"),
        ("select * from bets", "SQL002 no table is called 'bets' (did you mean bet?)"),
        ("select titel from bet", "SQL003 no column is called 'titel' (did you mean title?)"),
        ("select flor(1)", "SQL004 no function is called 'flor' (did you mean 'floor'"),
        ("", "SQL012"),
        ("-- nothing", "SQL012"),
        ("select 1; select 2", "SQL006 here are 2 statements"),
        ("select sum(cost) from bet", "SQL014"),
    ],
)
def test_what_is_wrong_is_said_in_our_words(
    text: str, said: str, tables: Mapping[str, SqlTable]
) -> None:
    assert refused(text, tables).startswith(said)


def test_adding_up_texts_names_the_columns_that_can_be_added(
    tables: Mapping[str, SqlTable],
) -> None:
    assert "cost_low and cost_high are its numbers" in refused("select sum(cost) from bet", tables)


def test_a_finding_points_at_its_place(tables: Mapping[str, SqlTable]) -> None:
    with pytest.raises(Refused) as caught:
        asked("select ref,\n  'ä', titel\nfrom bet", tables)
    place = caught.value.findings[0].place
    assert (place.line, place.column, place.end) == (2, 8, 13)


@pytest.mark.parametrize(
    "text",
    [
        "insert into bet(ref) values ('bet/x')",
        "update bet set title = 'x'",
        "delete from bet",
        "create table t as select 1",
        "drop table bet",
        "copy bet to '/tmp/x.csv'",
        "copy bet from '/etc/passwd'",
        "attach '/tmp/x.db'",
        "install httpfs",
        "load httpfs",
        "pragma database_list",
        "set threads = 8",
        "reset threads",
        "call pragma_version()",
        "checkpoint",
        "export database '/tmp/x'",
        "prepare p as select 1",
        "with w as (insert into bet(ref) values ('x') returning ref) select * from w",
    ],
)
def test_nothing_but_reading_runs(text: str, tables: Mapping[str, SqlTable]) -> None:
    assert refused(text, tables)[:6] in {"SQL005", "SQL010"}, text
    assert asked("select count(*) from bet", tables).rows == ((3,),)


@pytest.mark.parametrize(
    "text",
    [
        "select * from '/etc/passwd'",
        "select * from read_csv('/etc/passwd')",
        "select * from read_text('/proc/self/environ')",
        "select * from read_blob('/etc/hostname')",
        "select * from read_parquet('/tmp/*.parquet')",
        "select * from read_json('https://example.com/x.json')",
        "select * from 'https://example.com/x.parquet'",
        "select * from 's3://bucket/x.parquet'",
        "select * from glob('/**')",
        "select * from sniff_csv('/etc/passwd')",
        "select * from duckdb_secrets()",
        "select getenv('HOME')",
        "select * from query('from read_csv(''/etc/passwd'')')",
        "select * from sqlite_scan('x.db', 't')",
        "select * from postgres_scan('host=x', 'a', 'b')",
    ],
)
def test_nothing_outside_the_tables_is_reached(text: str, tables: Mapping[str, SqlTable]) -> None:
    assert refused(text, tables)[:6] in {"SQL002", "SQL004", "SQL009"}, text


def test_settings_tell_nothing_of_the_machine_or_the_company(
    tables: Mapping[str, SqlTable], workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LATTICEWORK_SECRET", "opensesame")
    told = json.dumps(asked("select * from duckdb_settings()", tables).rows, ensure_ascii=False)
    assert "opensesame" not in told
    assert str(workspace.folder.path) not in told
    assert str(Path.home()) not in told or Path.home() == Path("/")


@pytest.mark.parametrize(
    "text",
    [
        "select count(*) from range(100000000) a, range(100000000) b",
        "with recursive r as (select 1 n union all select n + 1 from r) select max(n) from r",
        "select sum(a.range * b.range) from range(1000000) a, range(1000000) b",
    ],
)
def test_what_never_ends_is_ended(text: str, tables: Mapping[str, SqlTable]) -> None:
    assert refused(text, tables, Bounds(seconds=1))[:6] in {"SQL007", "SQL008"}


@pytest.mark.parametrize(
    "text",
    [
        "select list(a.range) from range(100000) a, range(100000) b",
        "select string_agg(repeat('x', 1000000), '') from range(100000)",
        "select repeat('x', 4000000000)",
        "select a.range, b.range from range(1000000) a, range(1000) b order by hash(a.range, b.range)",
        "select range(2000000000)",
    ],
)
def test_what_fills_memory_is_ended(text: str, tables: Mapping[str, SqlTable]) -> None:
    assert refused(text, tables, Bounds(seconds=20, memory=100_000_000))[:6] in {"SQL008", "SQL007"}


def test_rows_are_bounded_and_more_is_said(tables: Mapping[str, SqlTable]) -> None:
    rows = run_sql("select * from range(1000000000)", tables, Bounds(rows=100))
    assert (len(rows.rows), rows.more) == (100, True)
    whole = run_sql("select * from range(100)", tables, Bounds(rows=100))
    assert (len(whole.rows), whole.more) == (100, False)


def test_a_long_value_is_cut_and_counted(tables: Mapping[str, SqlTable]) -> None:
    rows = asked("select repeat('x', 100000)", tables)
    assert rows.cut == 1
    assert str(rows.rows[0][0]).endswith("x…")


def test_values_of_every_type_come_back_as_plain_ones(tables: Mapping[str, SqlTable]) -> None:
    text = (
        "select 1.50::decimal(5,2), timestamp '2026-01-01 10:00', interval 3 days, 'a'::blob,"
        " {'a': [1, 2]}, 'nan'::double, 170141183460469231731687303715884105727"
    )
    assert asked(text, tables).rows == (
        ("1.50", "2026-01-01T10:00:00", "3 days, 0:00:00", "61", {"a": [1, 2]}, "nan", 2**127 - 1),
    )


def test_columns_of_one_name_both_come_back(tables: Mapping[str, SqlTable]) -> None:
    assert asked("select 1 as a, 2 as a", tables).to_dicts() == ({"a": 1, "a 2": 2},)


def test_the_page_answers_without_scripts(client: TestClient[object]) -> None:
    page = client.get(f"/sql?q={quote('select ref, cost_low from bet order by ref')}")
    assert page.status_code == 200
    assert 'href="/thing/bet/ferry"' in page.text
    assert "40,000" in page.text


def test_the_page_shows_what_is_wrong_and_keeps_what_was_typed(client: TestClient[object]) -> None:
    page = client.get("/sql?q=select+titel+from+bet")
    assert page.status_code == 400
    assert "<mark>titel</mark>" in page.text
    assert ">select titel from bet</textarea>" in page.text


def test_the_page_pages(client: TestClient[object]) -> None:
    page = client.get("/sql?q=from+range(250)&page=3")
    assert "201–250 of 250" in page.text


def test_rows_of_sql_go_out_as_a_sheet(client: TestClient[object]) -> None:
    answer = client.get(f"/out/xlsx/sql?q={quote('select title, cost_low from bet order by ref')}")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    rows = list(book["Rows"].values)
    assert rows == [("title", "cost_low"), ("Night ferry", 40000), ("Lamps", 5000), ("=1+1", None)]
    assert book["Rows"]["A4"].data_type == "s"


def test_the_command_gives_rows_and_lists_tables(
    workspace: Workspace, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = str(workspace.folder.path)
    assert cli.run(["-C", folder, "sql", "select count(*) as n from bet", "--json"]) == 0
    assert json.loads(capfd.readouterr().out) == [{"n": 3}]
    assert cli.run(["-C", folder, "sql"]) == 0
    assert '"is meant for"' in capfd.readouterr().out
    assert cli.run(["-C", folder, "sql", "select titel from bet"]) == 1
    assert "did you mean title?" in capfd.readouterr().err


def test_a_statement_may_stand_in_a_file(
    workspace: Workspace, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "ask.sql"
    file.write_text("select ref from bet\nwhere stage = 'Killed'\n")
    assert cli.run(["-C", str(workspace.folder.path), "sql", "-f", str(file), "--csv"]) == 0
    assert capfd.readouterr().out.split() == ["ref", "bet/raft"]
