"""What tests of fetchers share: a clock that sleeping turns, and the world outside."""

from __future__ import annotations

import pytest
from tests.sources.fetch.servers.serving import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock("2026-05-04T09:00:00Z")
