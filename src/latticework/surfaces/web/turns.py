"""Pages are drawn one after another, as they share one interpreter."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

PATIENCE = 0.05
"""Seconds after which a page waits no longer for one that takes its time."""

T = TypeVar("T")


class Turns:
    """Whose turn it is to draw.

    Threads that draw side by side take the interpreter from each other all the
    time, so that each page costs up to half as much again. Behind a page that
    takes long nobody waits longer than `patience`.
    """

    def __init__(self, patience: float = PATIENCE) -> None:
        """Nobody draws yet."""
        self._patience = patience
        self._turn = threading.Lock()

    def take(self, draw: Callable[[], T]) -> T:
        """What `draw` gives, in turn."""
        mine = self._turn.acquire(timeout=self._patience)
        try:
            return draw()
        finally:
            if mine:
                self._turn.release()
