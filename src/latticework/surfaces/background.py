"""Syncing in the background of a server: one source at a time, until it ends."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from latticework.base.findings import Finding, Refused

ENDS_WITHIN = 5.0
"""Seconds that a server waits for a fetch to see that it is to end."""


class Ended(BaseException):
    """The server ends, and the fetch with it, whatever it would catch; what is kept stays."""


@contextmanager
def syncing(
    folder: Path, *, tell: Callable[[Finding], None], wanted: bool = True
) -> Iterator[None]:
    """Sync what is due while the block runs; `tell` gets what goes wrong."""
    if not wanted:
        yield
        return
    ends = threading.Event()
    thread = threading.Thread(target=_run, args=(folder, ends, tell), name="sync", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ends.set()
        thread.join(ENDS_WITHIN)


def _run(folder: Path, ends: threading.Event, tell: Callable[[Finding], None]) -> None:
    from latticework.surfaces.commands.sync import LONGEST_SLEEP

    while not ends.is_set():
        pause = LONGEST_SLEEP
        try:
            pause = _look(folder, ends, tell)
        except Ended:
            return
        except Refused as refused:
            # A disk that is full now may have room at the next look.
            for finding in refused.findings:
                tell(finding)
        ends.wait(pause)


def _look(folder: Path, ends: threading.Event, tell: Callable[[Finding], None]) -> float:
    """Sync what is due; seconds until the next look."""
    from latticework.surfaces.commands.sync import BY, pause_until
    from latticework.surfaces.outside import present_world
    from latticework.workspace import Workspace
    from latticework.workspace.syncing import next_due, sync_due

    def sleep(seconds: float) -> None:
        if ends.wait(seconds):
            raise Ended

    with Workspace.open(folder) as workspace:
        outside = present_world(workspace.now, sleep=sleep)
        for synced in sync_due(workspace, outside=outside, by=BY):
            for finding in () if synced.imported else synced.findings:
                tell(finding)
        return pause_until(next_due(workspace), workspace.now())
