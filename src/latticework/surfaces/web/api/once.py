"""Requests that carry a key are done once: the same key gives the same answer.

Answers are kept in a file beside the journal's caches for a day, so that they
outlast the server and are shared by its processes. Codes: API011 a key that
was used for another request, 012 one whose request is under way, 013 a key
that is none.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from latticework.base.findings import Refused, error
from latticework.base.times import Instant
from latticework.surfaces.web.answer import Answer

FILE = "answers.db"
KEPT_MICROSECONDS = 86_400_000_000
UNDER_WAY_MICROSECONDS = 60_000_000
MOST_KEPT = 10_000
LONGEST_KEY = 200
_TABLE = """
create table if not exists answers (
    key text primary key, asked text not null, at integer not null,
    status integer, type text, body text
)
"""


@dataclass(frozen=True, slots=True)
class Once:
    """The answers that were given to requests with a key."""

    folder: Path

    def begin(self, key: str, asked: str, now: Instant) -> Answer | None:
        """The answer given before; None where the request is to be done now.

        Raises Refused where the key says something else, or its request is
        under way.
        """
        if not key.isprintable() or not 0 < len(key) <= LONGEST_KEY:
            hint = f"send up to {LONGEST_KEY} letters that can be read, a new one per request"
            raise Refused([error("API013", "the idempotency key is none", hint=hint)])
        with self._open() as file:
            file.execute("begin immediate")
            file.execute("delete from answers where at < ?", (now - KEPT_MICROSECONDS,))
            found = file.execute(
                "select asked, at, status, type, body from answers where key = ?", (key,)
            ).fetchone()
            if found is not None and not _given_up(found, now):
                return _answer(key, asked, found)
            file.execute(
                "insert or replace into answers values (?, ?, ?, null, null, null)",
                (key, asked, now),
            )
        return None

    def keep(self, key: str, answer: Answer) -> None:
        """Keep what was answered; the oldest give way where there are too many."""
        with self._open() as file:
            file.execute(
                "update answers set status = ?, type = ?, body = ? where key = ?",
                (answer.status, answer.type, answer.body, key),
            )
            file.execute(
                "delete from answers where key in "
                "(select key from answers order by at desc limit -1 offset ?)",
                (MOST_KEPT,),
            )

    def forget(self, key: str) -> None:
        """Let the key be used again: its request changed nothing."""
        with self._open() as file:
            file.execute("delete from answers where key = ?", (key,))

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            file = sqlite3.connect(self.folder / FILE, timeout=10, isolation_level=None)
        except (OSError, sqlite3.Error) as problem:
            raise _unkept(problem) from problem
        try:
            file.execute("pragma journal_mode = wal")
            file.execute("pragma synchronous = normal")
            file.execute(_TABLE)
            yield file
            if file.in_transaction:
                file.execute("commit")
        except sqlite3.Error as problem:
            raise _unkept(problem) from problem
        finally:
            file.close()


def asked_of(*parts: str | bytes) -> str:
    """A word for a request, by which it is known again."""
    digest = hashlib.sha256()
    for part in parts:
        data = part if isinstance(part, bytes) else part.encode("utf-8", "replace")
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()


def _given_up(found: tuple[str, int, int | None, str, str], now: Instant) -> bool:
    """Whether a request was begun and never answered: its server is gone."""
    return found[2] is None and found[1] < now - UNDER_WAY_MICROSECONDS


def _answer(key: str, asked: str, found: tuple[str, int, int | None, str, str]) -> Answer:
    known, _, status, type_, body = found
    if known != asked:
        says = f"the idempotency key '{key}' was used for another request"
        hint = "send a new key with each new request, and the same only to repeat one"
        raise Refused([error("API011", says, hint=hint, value=key)])
    if status is None:
        says = f"the request with the key '{key}' is under way"
        raise Refused([error("API012", says, hint="ask again in a moment", value=key)])
    return Answer(body=body, type=type_, status=status, headers={"idempotency-replayed": "true"})


def _unkept(problem: Exception) -> Refused:
    says = f"the answer could not be kept for its idempotency key: {problem}"
    hint = "free some space or mend the folder's rights; or send no key"
    return Refused([error("API014", says, hint=hint)])
