"""How blocks are laid out in characters."""

from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from latticework.base.findings import Place, error, warning
from latticework.surfaces.text import Paper, block_lines, draw
from latticework.surfaces.text_spans import visible
from latticework.views.blocks import (
    Align,
    Column,
    Fields,
    Findings,
    Metric,
    Prose,
    Sort,
    Span,
    Table,
    Tree,
    Twig,
    cell,
    spans,
)
from latticework.views.page import Page

COLUMNS = (
    Column("ref", sort=Sort.REF),
    Column("title"),
    Column("cost", align=Align.RIGHT, sort=Sort.NUMBER),
)
ROWS = (
    (cell("bet/ferry"), cell("A ferry that runs at night to every island"), cell("55")),
    (cell("bet/b"), cell("Bridge"), cell("1,204")),
)
TABLE = Table(columns=COLUMNS, rows=ROWS)


def plain(block: object, width: int | None) -> list[str]:
    return [line.plain for line in block_lines(block, Paper(width))]


def test_numbers_lean_right_and_titles_give_way_first() -> None:
    assert plain(TABLE, 40) == [
        "  ref        title                  cost",
        "  bet/ferry  A ferry that runs a…     55",
        "  bet/b      Bridge                1,204",
    ]


def test_a_pipe_gets_every_character() -> None:
    assert plain(TABLE, None)[1] == "  bet/ferry  A ferry that runs at night to every island     55"


def test_a_wrapped_column_takes_lines_and_loses_nothing() -> None:
    columns = (Column("ref", sort=Sort.REF), Column("title", wrap=True))
    table = Table(columns=columns, rows=tuple(row[:2] for row in ROWS))
    assert plain(table, 34) == [
        "  ref        title",
        "  bet/ferry  A ferry that runs at",
        "             night to every island",
        "  bet/b      Bridge",
    ]


def test_a_group_is_named_once_above_its_rows() -> None:
    columns = (Column("family"), Column("kind"))
    rows = ((cell("intent"), cell("goal")), (cell("intent"), cell("bet")))
    assert plain(Table(columns=columns, rows=rows, grouped=True), 80) == [
        "    kind",
        "  intent",
        "    goal",
        "    bet",
    ]


def test_what_is_left_out_is_counted() -> None:
    table = Table(columns=COLUMNS, rows=ROWS, total=656)
    assert plain(table, 80)[-1] == "  2 of 656 shown; --rows 0 shows all"


def test_an_empty_table_says_what_to_try() -> None:
    table = Table(columns=COLUMNS, rows=(), empty=("Nothing is here.", "Try this."))
    assert plain(table, 80) == ["  Nothing is here.", "  Try this."]


def test_a_tree_says_what_is_shown_elsewhere_and_what_is_left_out() -> None:
    leaf = Twig(spans=spans("Ferry"), again=True)
    tree = Tree(
        twigs=(Twig(spans=spans("Reach"), twigs=(leaf, Twig(spans=spans("Raft"), more=3))),)
    )
    assert plain(tree, 80) == [
        "  └─ Reach",
        "     ├─ Ferry  shown above",
        "     └─ Raft  and 3 more below",
    ]


def test_findings_stand_under_their_code_worst_first_with_a_shared_hint_once() -> None:
    found = (
        warning("BET003", "A has no owner", place=Place(ref="bet/a"), hint="say who"),
        warning("BET003", "B has no owner", place=Place(ref="bet/b"), hint="say who"),
        error(
            "QUERY004", "no field 'sise'", place=Place(column=5, end=9), hint="did you mean 'size'?"
        ),
    )
    assert plain(Findings(findings=found), 80) == [
        "  ✗ QUERY004  error",
        "    no field 'sise'",
        "      hint: did you mean 'size'?",
        "",
        "  ! BET003  warning  2",
        "    bet/a  A has no owner",
        "    bet/b  B has no owner",
        "    hint: say who",
    ]


def test_metrics_share_their_columns() -> None:
    page = Page(title="T", blocks=(Metric(label="new", value="3"), Metric(label="cut", value="12")))
    shown = io.StringIO()
    draw(page, Console(file=shown, width=80, force_terminal=False))
    assert shown.getvalue() == "T\n\n  new   3\n  cut  12\n"


def test_long_values_wrap_beside_their_name() -> None:
    block = Fields(pairs=(("owner", cell("ada")), ("why", cell("the boats lie idle at night"))))
    assert plain(block, 30) == [
        "  owner  ada",
        "  why    the boats lie idle at",
        "         night",
    ]


def test_escape_sequences_in_titles_are_shown_not_obeyed() -> None:
    assert visible("a\x1b[31mred\nline\u202e") == "a�[31mred line�"
    block = Prose(paragraphs=((Span("\x1b]0;owned\x07"),),))
    assert "\x1b" not in "".join(plain(block, 80))


@given(st.lists(st.tuples(st.text(max_size=60), st.text(max_size=60)), max_size=5))
def test_no_text_breaks_out_of_the_width(rows: list[tuple[str, str]]) -> None:
    lines = tuple((cell(one), cell(two)) for one, two in rows)
    table = Table(columns=(Column("a"), Column("b")), rows=lines)
    assert all(line.cell_len <= 30 for line in block_lines(table, Paper(30)))


def test_a_wrapped_column_keeps_more_room_than_one_that_is_cut() -> None:
    long = "word " * 30
    columns = (Column("ref", sort=Sort.REF), Column("title"), Column("changes", wrap=True))
    table = Table(columns=columns, rows=((cell("goal/" + "a" * 40), cell(long), cell(long)),))
    first = block_lines(table, Paper(width=80))[1].plain
    assert len(first) <= 80
    assert len(first[first.rindex("…") + 1 :].strip()) > 24


def test_what_a_row_is_called_by_keeps_more_room_than_what_is_said_of_it() -> None:
    long = "word " * 30
    columns = (Column("ref", sort=Sort.REF), *(Column(each) for each in ("title", "unless", "why")))
    rows = ((cell("bet/" + "a" * 40), cell(long), cell(long), cell(long)),)
    ref, title, *said = block_lines(Table(columns=columns, rows=rows), Paper(width=80))[
        1
    ].plain.split("…")[:4]
    assert len(title.strip()) > max(len(each.strip()) for each in said)
    assert len(ref.strip()) >= 19
