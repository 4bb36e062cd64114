"""What a source says no longer is found by reading histories together, not one by one."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from tests.sources.intakes.test_seen import Company, Row, table

from latticework.journal.changes import Entry
from latticework.journal.sqlite import SqliteStore


def asked(company: Company, rows: list[Row], patch: pytest.MonkeyPatch) -> tuple[int, int]:
    """How many changes an import records, and how often it asks for histories."""
    count = 0
    history = SqliteStore.history

    def counted(self: SqliteStore, refs: Iterable[str], branch: str = "main") -> tuple[Entry, ...]:
        nonlocal count
        count += 1
        return history(self, refs, branch)

    with patch.context() as within:
        within.setattr(SqliteStore, "history", counted)
        return company.take(rows).changes, count


def test_a_column_that_was_dropped_costs_later_imports_one_question(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = Company(tmp_path / "one", remembers=False)
    full = [{**row, "due": "2026-05-01"} for row in table(40)]
    assert asked(company, full, monkeypatch) == (80, 0)
    assert asked(company, table(40), monkeypatch) == (40, 1)
    assert company.workspace.graph().node("wish/w-3").fields.get("due") is None
    assert asked(company, table(40), monkeypatch) == (0, 1)
    assert asked(company, table(30), monkeypatch) == (20, 2)
    assert asked(company, table(40), monkeypatch)[0] == 20
