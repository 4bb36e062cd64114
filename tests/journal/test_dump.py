"""Claims about a journal as lines of JSON."""

from __future__ import annotations

import io
import json

import pytest

from latticework.base.findings import Refused
from latticework.journal.changes import Batch, Put
from latticework.journal.dump import dump, restore
from latticework.journal.memory import MemoryStore
from latticework.journal.store import Store


@pytest.fixture
def lines() -> list[bytes]:
    """A harbour with a branch and a redaction."""
    store = MemoryStore()
    store.append([Batch(changes=(Put("bet/ferry", {"title": "夜"}), Put("bet/raft")))], now=1)
    store.start_branch("what-if", now=2)
    store.append([Batch(changes=(Put("bet/barge"),), by="bo")], now=3, branch="what-if")
    store.redact([2], by="law", why="asked", now=4)
    file = io.BytesIO()
    assert dump(store, file) == 3
    return file.getvalue().splitlines(keepends=True)


def refusal(store: Store, lines: list[bytes]) -> Refused:
    with pytest.raises(Refused) as refused:
        restore(store, io.BytesIO(b"".join(lines)), name="harbour.jsonl")
    return refused.value


def test_a_dump_restores_into_every_store(store: Store, lines: list[bytes]) -> None:
    assert restore(store, io.BytesIO(b"".join(lines))) == 3
    assert [entry.number for entry in store.entries("what-if")] == [1, 2, 3]
    assert store.verify() == ()
    store.append([Batch(changes=(Put("bet/later"),))], now=9)
    assert store.verify() == ()
    file = io.BytesIO()
    assert dump(store, file) == 4


def test_every_line_is_json_that_a_person_can_read(lines: list[bytes]) -> None:
    names = [next(iter(json.loads(line))) for line in lines]
    assert names[0] == "journal"
    assert names[-1] == "end"
    assert "夜".encode() in b"".join(lines)


def test_damaged_lines_are_all_told_and_nothing_is_restored(
    store: Store, lines: list[bytes]
) -> None:
    lines[4] = lines[4][:30] + b"\n"
    lines[6] = b"\xff\xfe{}\n"
    findings = refusal(store, lines).findings
    assert [(each.code, each.place.line) for each in findings] == [("DUMP001", 5), ("DUMP001", 7)]
    assert str(findings[0]).startswith("harbour.jsonl:5 DUMP001 ")
    assert store.head().number == 0
    assert store.branches() == ()
    assert store.verify() == ()


@pytest.mark.parametrize(
    "line",
    [
        b"\n",
        b"[]\n",
        b'{"entry":[]}\n',
        b'{"tide":[1]}\n',
        b"[" * 100_000 + b"\n",
        b'{"redaction":[true,0,"","","1",""]}\n',
        b'{"redaction":[1,99999999999999999999,"","","1",""]}\n',
        b'{"redaction":[1,0,"a\\u0000b","","1",""]}\n',
        b'{"redaction":[1,0,"a\\ud800b","","1",""]}\n',
        b'{"redaction":[1,0,"","","1","xyz"]}\n',
        b'{"journal":[1,"x",0,0,0,0,0,"",""]}\n',
    ],
)
def test_a_line_of_another_shape_is_damage(lines: list[bytes], line: bytes) -> None:
    lines[5] = line
    assert [(f.code, f.place.line) for f in refusal(MemoryStore(), lines).findings] == [
        ("DUMP001", 6)
    ]


def test_a_file_cut_short_is_told(store: Store, lines: list[bytes]) -> None:
    assert [f.code for f in refusal(store, lines[:-1]).findings] == ["DUMP002"]
    assert [f.code for f in refusal(store, lines[:3] + lines[4:]).findings] == ["DUMP002"]
    assert [f.code for f in refusal(store, []).findings] == ["DUMP002"]
    assert [f.code for f in refusal(store, [b'{"end":0}']).findings] == ["DUMP002"]
    assert store.head().number == 0


def test_lines_that_do_not_verify_are_not_restored(store: Store, lines: list[bytes]) -> None:
    lines = [line.replace("夜".encode(), "昼".encode()) for line in lines]
    assert [f.code for f in refusal(store, lines).findings] == ["PROOF001"]
    assert store.head().number == 0


def test_lines_in_another_order_do_not_verify(lines: list[bytes]) -> None:
    lines[5], lines[6] = lines[6], lines[5]
    assert refusal(MemoryStore(), lines).findings


def test_only_an_empty_store_takes_a_dump(store: Store, lines: list[bytes]) -> None:
    store.append([Batch(changes=(Put("bet/mine"),))], now=1)
    assert [f.code for f in refusal(store, lines).findings] == ["STORE011"]
    assert store.head().number == 1
    assert store.verify() == ()


def test_progress_is_told_as_lines_are_read(lines: list[bytes]) -> None:
    seen: list[int] = []
    restore(MemoryStore(), io.BytesIO(b"".join(lines)), progress=seen.append)
    assert seen[-1] == len(lines)
