"""What a fetch takes from outside: the clock, sleep, chance and secrets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from latticework.base.times import Instant
from latticework.sources.fetch.tokens import Secrets

PATIENCE_SECONDS = 900.0
"""How long is waited for one request; a limit that lasts longer ends the fetch for now."""

TIMEOUT_SECONDS = 60.0
"""How long a server may be silent."""


def say_nothing(_: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True, kw_only=True)
class Outside:
    """Everything a fetch does not decide itself, so that tests may turn it.

    `chance` gives numbers from 0 up to 1; `says` is told when there is a wait.
    """

    now: Callable[[], Instant]
    sleep: Callable[[float], None]
    chance: Callable[[], float]
    secrets: Secrets
    says: Callable[[str], None] = say_nothing
    patience: float = PATIENCE_SECONDS
    timeout: float = TIMEOUT_SECONDS
