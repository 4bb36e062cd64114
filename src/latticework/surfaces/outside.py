"""The world outside as a fetch meets it: this machine's clock, chance and secrets."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from latticework.base.times import Instant
    from latticework.sources.fetch.outside import Outside


def present_world(
    now: Callable[[], Instant],
    *,
    says: Callable[[str], None] = lambda _: None,
    sleep: Callable[[float], None] = time.sleep,
) -> Outside:
    """What a fetch takes from outside; tokens come from the environment or a keyring."""
    from latticework.sources.fetch.outside import Outside
    from latticework.sources.fetch.tokens import secrets_of

    return Outside(
        now=now,
        sleep=sleep,
        chance=random.random,
        secrets=secrets_of(os.environ),
        says=says,
    )
