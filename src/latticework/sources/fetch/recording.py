"""A recording: what a tracker said, page by page in a folder, scrubbed, to be read again.

The pages are files that a reader takes as they are. `pages.jsonl` grows by a
line after each page, so that whoever is cut off knows what is there;
`recording.yaml` says what was asked, and how it ended.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from latticework.base.findings import Finding, Place, Refused, error
from latticework.base.times import (
    DAY_MICROSECONDS,
    Instant,
    datetime_of,
    format_instant,
    parse_instant,
)
from latticework.sources.fetch.fetcher import Default, Page

ABOUT = "recording.yaml"
PAGES = "pages.jsonl"
GLOB = "*.json"
KEPT = 10
"""Finished recordings of a source that are kept, besides the last whole one."""

RESUMED_FOR = 3 * DAY_MICROSECONDS
"""How long an unfinished recording may be gone on with; trackers forget where we were."""


@dataclass(frozen=True, kw_only=True)
class Recording:
    """What was asked, when, and how far it came.

    `since` is from when on changes were asked for, 0 where all was; `begun` the
    server's instant at the first answer, from which the next may ask on.
    `finished` is 0 while pages are missing. `stopped` says why, in a sentence.
    `doubtful` is one that names so little that nothing is believed to be gone.
    """

    folder: Path
    source: str
    fetcher: str
    reads_as: str
    settings: Mapping[str, Default]
    token: str = ""
    since: Instant = 0
    started: Instant = 0
    begun: Instant = 0
    finished: Instant = 0
    pages: int = 0
    things: int = 0
    requests: int = 0
    position: str = ""
    without: tuple[str, ...] = ()
    stopped: str = ""
    doubtful: bool = False

    @property
    def whole(self) -> bool:
        """Whether it holds all there is, so that what it does not name is gone."""
        return bool(self.finished) and not self.since and not self.doubtful


def begin(made: Recording) -> Recording:
    """Make the folder of a new recording; raises Refused (FETCH031) where that fails."""
    name = datetime_of(made.started).strftime("%Y-%m-%dT%H%M%SZ")
    folder = made.folder / name
    number = 1
    while folder.exists():
        number += 1
        folder = made.folder / f"{name}-{number}"
    try:
        folder.mkdir(parents=True)
    except OSError as problem:
        raise Refused([_unwritable(folder, problem)]) from problem
    begun = replace(made, folder=folder)
    write(begun)
    return begun


def write(recording: Recording) -> None:
    """Keep what is known of a recording; raises Refused (FETCH031) where that fails."""
    said = {
        "fetcher": recording.fetcher,
        "reads as": recording.reads_as,
        "source": recording.source,
        "settings": {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in recording.settings.items()
        },
        "token": recording.token,
        "without": list(recording.without),
        **{name: _told(getattr(recording, name)) for name in _INSTANTS},
        "pages": recording.pages,
        "things": recording.things,
        "requests": recording.requests,
        "stopped": recording.stopped,
        "doubtful": recording.doubtful,
    }
    text = yaml.safe_dump(said, sort_keys=False, allow_unicode=True, width=100)
    _replace(recording.folder / ABOUT, text.encode())


def add(
    recording: Recording, page: Page, asked: tuple[str, ...], *, hide: Callable[[str], str]
) -> Recording:
    """Keep a page and how to go on after it: the file first, then the line that counts it.

    `hide` takes secrets out of a text, should the server have repeated one. Of a
    page that holds nothing only the line is kept.
    """
    number = recording.pages + 1
    file = f"{number:04d}.json" if page.things else ""
    if file:
        _keep(recording, file, page, hide)
    line = {
        "file": file,
        "things": page.things,
        "position": page.position,
        "begun": recording.begun,
        "asked": list(asked),
    }
    try:
        with (recording.folder / PAGES).open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(line) + "\n")
    except OSError as problem:
        raise Refused([_unwritable(recording.folder, problem)]) from problem
    return replace(
        recording,
        pages=number,
        things=recording.things + page.things,
        requests=recording.requests + len(asked),
        position=page.position,
    )


def drop(recording: Recording) -> None:
    """Forget a recording: of one without a page there is nothing to read or to go on with."""
    shutil.rmtree(recording.folder, ignore_errors=True)


def find_recording(folder: Path) -> Recording | None:
    """The recording that a folder holds; None where it is none, or cannot be read."""
    try:
        said = yaml.safe_load((folder / ABOUT).read_text(encoding="utf-8"))
        return _counted(_recording(folder, said), _lines(folder))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, yaml.YAMLError, Refused):
        return None


def recordings(folder: Path) -> tuple[Recording, ...]:
    """All recordings of a source, the oldest first."""
    if not folder.is_dir():
        return ()
    found = (find_recording(each) for each in sorted(folder.iterdir()) if each.is_dir())
    return tuple(each for each in found if each is not None)


def find_unfinished(folder: Path, like: Recording) -> Recording | None:
    """The latest recording, where it asks for the same and may be gone on with."""
    found = recordings(folder)
    last = found[-1] if found else None
    if last is None or last.finished or not last.pages:
        return None
    same = (
        (last.fetcher, last.since, last.without) == (like.fetcher, like.since, like.without)
        and _plain(last.settings) == _plain(like.settings)
        and like.started - last.started < RESUMED_FOR
    )
    return last if same else None


def prune(folder: Path, *, keep: int = KEPT) -> tuple[Path, ...]:
    """Remove old recordings: the newest stay, the last whole one, and none unfinished but the last."""
    found = recordings(folder)
    finished = [each for each in found if each.finished]
    stays = {each.folder for each in finished[-keep:]}
    stays |= {each.folder for each in [each for each in finished if each.whole][-1:]}
    stays |= {each.folder for each in found[-1:]}
    gone = tuple(each.folder for each in found if each.folder not in stays)
    for each in gone:
        shutil.rmtree(each, ignore_errors=True)
    return gone


_INSTANTS = ("since", "started", "begun", "finished")


def _recording(folder: Path, said: Mapping[str, object]) -> Recording:
    settings = said["settings"]
    assert isinstance(settings, dict)
    without = said["without"]
    assert isinstance(without, list)
    return Recording(
        folder=folder,
        source=str(said["source"]),
        fetcher=str(said["fetcher"]),
        reads_as=str(said["reads as"]),
        settings={
            str(name): tuple(value) if isinstance(value, list) else value
            for name, value in settings.items()
        },
        token=str(said["token"]),
        without=tuple(str(each) for each in without),
        stopped=str(said["stopped"]),
        doubtful=bool(said["doubtful"]),
        since=_heard(said["since"]),
        started=_heard(said["started"]),
        begun=_heard(said["begun"]),
        finished=_heard(said["finished"]),
    )


def _counted(recording: Recording, lines: Iterator[dict[str, object]]) -> Recording:
    for line in lines:
        asked = line["asked"]
        recording = replace(
            recording,
            pages=recording.pages + 1,
            things=recording.things + int(str(line["things"])),
            requests=recording.requests + (len(asked) if isinstance(asked, list) else 0),
            position=str(line["position"]),
            begun=recording.begun or int(str(line["begun"])),
        )
    return recording


def _lines(folder: Path) -> Iterator[dict[str, object]]:
    """Lines of finished pages; the last one may have been cut off."""
    try:
        text = (folder / PAGES).read_text(encoding="utf-8")
    except FileNotFoundError:
        return
    for line in text.splitlines(keepends=True):
        if not line.endswith("\n"):
            return
        found = json.loads(line)
        if found["file"] and not (folder / str(found["file"])).is_file():
            return
        yield found


def _keep(recording: Recording, file: str, page: Page, hide: Callable[[str], str]) -> None:
    """Write a page's file, without what nobody wants kept."""
    body = _without(page.body, frozenset(recording.without))
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    # Half of a pair of letters, which JSON may name, is no UTF-8.
    data = hide(text).encode("utf-8", "backslashreplace")
    _replace(recording.folder / file, data + b"\n")


def _without(body: object, names: frozenset[str]) -> object:
    """A body in which some fields are not there, wherever they stood."""
    if not names:
        return body
    if isinstance(body, dict):
        return {key: _without(each, names) for key, each in body.items() if key not in names}
    if isinstance(body, list):
        return [_without(each, names) for each in body]
    return body


def _plain(settings: Mapping[str, Default]) -> dict[str, object]:
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in settings.items()
    }


def _told(instant: Instant) -> str:
    return format_instant(instant) if instant else ""


def _heard(text: object) -> Instant:
    return parse_instant(str(text)) if text else 0


def _replace(path: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    half = path.with_name(f".{path.name}.half")
    try:
        half.write_bytes(data)
        os.replace(half, path)
    except OSError as problem:
        raise Refused([_unwritable(path, problem)]) from problem


def _unwritable(path: Path, problem: OSError) -> Finding:
    says = f"the recording cannot be written: {problem.strerror or problem}"
    hint = "free some space, or mend the rights of the company's folder"
    return error("FETCH031", says, hint=hint, place=Place(file=str(path)))
