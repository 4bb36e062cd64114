"""Fetching: a plan asked of a tracker, its answers kept as a recording."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from latticework.base.findings import Refused, error
from latticework.base.times import Instant
from latticework.sources.fetch import trouble
from latticework.sources.fetch.fetcher import Asked
from latticework.sources.fetch.http import Client
from latticework.sources.fetch.outside import Outside
from latticework.sources.fetch.plan import Fetch
from latticework.sources.fetch.recording import (
    Recording,
    add,
    begin,
    drop,
    find_recording,
    find_unfinished,
    write,
)
from latticework.sources.fetch.tokens import Token
from latticework.sources.fetch.trouble import Stopped

Progress = Callable[[int], None]
"""Called with the things fetched so far."""


def fetch(
    plan: Fetch,
    *,
    source: str,
    folder: Path,
    since: Instant | None,
    outside: Outside,
    anew: bool = False,
    progress: Progress | None = None,
) -> Recording:
    """Ask for all, or what changed since an instant, and keep it in `folder`.

    What an earlier, unfinished fetch of the same kept is not asked for again,
    unless `anew`. Raises Refused; what was kept by then stays for the next.
    """
    token = _token(plan, outside)
    made = _wanted(plan, source, folder, since, outside.now())
    way = plan.fetcher.way(plan.settings, token)
    with Client(way, token=token, outside=outside) as client:
        recording = (None if anew else find_unfinished(folder, made)) or begin(made)
        client.begun = recording.begun
        asked = Asked(
            settings=plan.settings,
            client=client,
            since=since,
            position=recording.position,
            token=token,
        )
        try:
            recording = _walked(recording, plan, asked, progress)
        except Refused as refused:
            _stopped(recording, client.hide(refused.findings[0].says))
            raise
    done = replace(recording, finished=outside.now(), begun=client.begun, stopped="")
    write(done)
    return done


def _wanted(
    plan: Fetch, source: str, folder: Path, since: Instant | None, now: Instant
) -> Recording:
    """A recording of what is asked for, before anything is said."""
    return Recording(
        folder=folder,
        source=source,
        fetcher=plan.fetcher.name,
        reads_as=plan.fetcher.source,
        settings=plan.said,
        token=plan.token,
        since=since or 0,
        started=now,
        without=plan.without,
    )


def _walked(
    recording: Recording, plan: Fetch, asked: Asked[object], progress: Progress | None
) -> Recording:
    client = asked.client
    places = {recording.position}
    for page in plan.fetcher.pages(asked):
        if page.position in places:
            raise Stopped(trouble.in_a_circle(client.site))
        places.add(page.position)
        told, client.asked = tuple(client.asked), []
        recording = add(replace(recording, begun=client.begun), page, told, hide=client.hide)
        if progress is not None:
            progress(recording.things)
    return recording


def _stopped(recording: Recording, says: str) -> None:
    """Say in a recording why it ended, for the pages that were kept before."""
    kept = find_recording(recording.folder) or recording
    if kept.pages:
        write(replace(kept, stopped=says))
    else:
        drop(kept)


def _token(plan: Fetch, outside: Outside) -> Token | None:
    if not plan.token:
        return None
    secret = outside.secrets(plan.token)
    if not secret:
        says = f"no token is named '{plan.token}'"
        hint = (
            f"set the environment variable {plan.token}, or keep it in the keyring as latticework"
        )
        raise Refused([error("FETCH004", says, hint=hint, value=plan.token)])
    if not secret.isascii() or not secret.isprintable():
        says = f"the token '{plan.token}' holds letters that no token has"
        raise Refused([error("FETCH004", says, hint="copy it again", value=plan.token)])
    return Token(plan.token, secret)
