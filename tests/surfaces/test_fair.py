"""Processes that listen at one address share those who come."""

from __future__ import annotations

import asyncio
import contextlib
import socket

import pytest

from latticework.surfaces.web.fair import FairLoop


@pytest.mark.parametrize("fair", [True, False])
def test_a_loop_leaves_others_who_wait_to_whoever_is_at_leisure(fair: bool) -> None:
    """Four wait; when the first is let in, the next may still go elsewhere."""
    listener = socket.create_server(("127.0.0.1", 0))
    elsewhere = listener.dup()
    elsewhere.setblocking(False)
    callers = [socket.create_connection(listener.getsockname()) for _ in range(4)]
    taken: list[socket.socket] = []

    class Let(asyncio.Protocol):
        def __init__(self) -> None:
            with contextlib.suppress(BlockingIOError):
                taken.append(elsewhere.accept()[0])

    async def serve() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(Let, sock=listener, backlog=100)
        await asyncio.sleep(0.05)
        server.close()

    loop = FairLoop() if fair else asyncio.SelectorEventLoop()
    loop.run_until_complete(serve())
    loop.close()
    for each in (*callers, *taken, elsewhere):
        each.close()
    assert bool(taken) is fair
