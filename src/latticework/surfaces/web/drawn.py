"""Pages that were drawn already, for as long as nothing changes what they say."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable

from latticework.surfaces.web.answer import Answer

MOST_LETTERS = 16_000_000
LARGEST = 1_000_000
DRAWN = 200


class Drawn:
    """Answers by tag and address; those used last stay, up to so many letters.

    The tag says all that an answer depends on besides its address, so what is
    found here is what would be drawn anew.
    """

    def __init__(self) -> None:
        """Keep nothing yet."""
        self._kept: OrderedDict[Hashable, Answer] = OrderedDict()
        self._letters = 0
        self._lock = threading.Lock()

    def find(self, key: Hashable) -> Answer | None:
        """The answer under a key, if it was drawn."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
            return None

    def keep(self, key: Hashable, answer: Answer) -> None:
        """Keep an answer that is a page, sets nothing, and may be kept."""
        if answer.status != DRAWN or answer.cookies or answer.data or len(answer.body) > LARGEST:
            return
        if "no-store" in answer.headers.get("cache-control", ""):
            return
        with self._lock:
            if key in self._kept:
                return
            self._kept[key] = answer
            self._letters += len(answer.body)
            while self._letters > MOST_LETTERS:
                _, gone = self._kept.popitem(last=False)
                self._letters -= len(gone.body)
