"""Pages are drawn in turn, and none waits for a slow one."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from latticework.surfaces.web.turns import Turns


def test_pages_are_drawn_one_after_another() -> None:
    turns, drawing, most = Turns(patience=60.0), set(), []

    def draw() -> None:
        drawing.add(threading.get_ident())
        most.append(len(drawing))
        threading.Event().wait(0.005)
        drawing.discard(threading.get_ident())

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: turns.take(draw), range(8)))
    assert max(most) == 1


def test_behind_a_slow_page_nobody_waits_long() -> None:
    turns, goes_on = Turns(patience=0.01), threading.Event()
    with ThreadPoolExecutor(2) as pool:
        slow = pool.submit(turns.take, lambda: goes_on.wait(60))
        assert pool.submit(turns.take, lambda: "drawn").result(30) == "drawn"
        goes_on.set()
        assert slow.result(30)


def test_a_page_that_fails_gives_its_turn_away() -> None:
    turns = Turns(patience=60.0)
    with pytest.raises(ZeroDivisionError):
        turns.take(lambda: 1 / 0)
    assert turns.take(lambda: "drawn") == "drawn"
