"""How processes that listen at one address share those who come."""

from __future__ import annotations

import asyncio
import socket

WAITING = 128
"""How many may wait to be let in."""


class FairLoop(asyncio.SelectorEventLoop):
    """Lets one connection in at a time, so that a process at leisure takes the next.

    By itself a loop lets in all that wait, and whoever wakes first serves them
    all, while the other processes have nothing to do.
    """

    async def create_server(self, *args: object, **options: object) -> asyncio.Server:
        """Listen as asked, but let in one connection each time something waits."""
        # The loop lets in as many at once as may wait: said anew, more may wait than that.
        one_by_one = {**options, "backlog": 1}
        server: asyncio.Server = await super().create_server(*args, **one_by_one)  # type: ignore[call-overload]
        listener = options.get("sock")
        if isinstance(listener, socket.socket):
            listener.listen(WAITING)
        return server
