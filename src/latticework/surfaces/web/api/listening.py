"""The call that tells what is recorded as it is recorded: server-sent events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from latticework.surfaces.web.answer import Flow
from latticework.surfaces.web.api.call import Asked, call
from latticework.surfaces.web.api.watch import BatchTold

EVENTS = "text/event-stream"
HEARTBEAT_SECONDS = 15.0
RETRY_MILLISECONDS = 1000


class Listening(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The branch to listen to, and the entry after which to begin; now, without it."""

    branch: str = ""
    after: Annotated[int, Meta(ge=0, le=2**53)] | None = None


@call("GET /api/stream", given=Listening, gives=EVENTS)
def listen(asked: Asked[Listening, Struct]) -> Flow:
    """Server-sent events: one for each batch, as it is recorded.

    After a break, Last-Event-ID brings what was missed.
    """
    store, branch = asked.site.workspace.store, asked.look.branch
    head = store.head(branch).number
    after = asked.heard if asked.heard is not None else asked.given.after
    begin = head if after is None or after > head else after
    watch = asked.site.watch

    async def pieces() -> AsyncIterator[str]:
        heard = watch.join(branch)
        try:
            yield f"retry: {RETRY_MILLISECONDS}\nid: {begin}\n\n"
            last = begin
            while True:
                heard.clear()
                last, found = await asyncio.to_thread(watch.told, branch, last)
                for each in found:
                    yield event_text(each)
                try:
                    await asyncio.wait_for(heard.wait(), HEARTBEAT_SECONDS)
                except TimeoutError:
                    yield ": still here\n\n"
        finally:
            watch.leave(heard)

    return Flow(pieces=pieces, type=EVENTS)


def event_text(told: BatchTold) -> str:
    """A batch as an event of the stream."""
    data = msgspec.json.encode(told).decode()
    return f"event: entries\nid: {told.head}\ndata: {data}\n\n"
