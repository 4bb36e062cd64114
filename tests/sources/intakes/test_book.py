"""What is kept for many texts, in columns and flags."""

from __future__ import annotations

import pytest

from latticework.graph.graph import Graph, build
from latticework.journal.changes import Batch, Move, Put
from latticework.journal.memory import MemoryStore
from latticework.sources.intakes.book import Book, Refs


@pytest.fixture
def wishes() -> Graph:
    """Two wishes, of which one goes by another ref by now."""
    store = MemoryStore()
    changes = (Put("wish/a"), Put("wish/b"), Move("wish/a", "wish/c"))
    store.append([Batch(changes=changes)], now=1)
    return build(store.log())


def test_a_ref_is_noted_by_itself_and_not_by_its_thing(wishes: Graph) -> None:
    refs = Refs(wishes)
    refs.note(["wish/a", "wish/new"])
    asked = ["wish/a", "wish/b", "wish/c", "wish/new", "wish/other"]
    assert refs.find(asked) == {"wish/a", "wish/new"}
    refs.note(["wish/c"])
    assert refs.find(asked) == {"wish/a", "wish/c", "wish/new"}


def test_without_a_company_every_ref_is_kept_as_it_is() -> None:
    refs = Refs(None)
    assert refs.find(["wish/a"]) == set()
    refs.note(["wish/a"])
    assert refs.find(["wish/a", "wish/b"]) == {"wish/a"}


def test_words_come_in_the_order_in_which_they_were_noted() -> None:
    book: Book[str] = Book()
    for number in range(9):
        book.note([f"key-{number % 3}"], [f"word-{number}"])
    assert book.find(["key-1", "key-7"]) == {"key-1": ("word-1", "word-4", "word-7")}
