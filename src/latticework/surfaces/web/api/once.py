"""Requests that carry a key are done once: the same key gives the same answer.

Answers are kept beside the journal for a day, so that they outlast the server
and are shared by its processes, and by all servers of one database. Codes: API011 a key that
was used for another request, 012 one whose request is under way, 013 a key
that is none.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    MetaData,
    Row,
    Table,
    Text,
    delete,
    select,
    update,
)

from latticework.base.findings import Finding, Refused, error
from latticework.base.times import Instant
from latticework.journal.beside import Beside, add_missing, beside
from latticework.journal.store import Store
from latticework.surfaces.web.answer import Answer

T = TypeVar("T")

FILE = "answers.db"
KEPT_MICROSECONDS = 86_400_000_000
UNDER_WAY_MICROSECONDS = 60_000_000
MOST_KEPT = 10_000
LONGEST_KEY = 200
_TABLE = Table(
    "answers",
    MetaData(),
    Column("key", Text, primary_key=True),
    Column("asked", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("status", Integer),
    Column("type", Text),
    Column("body", Text),
)


@dataclass(frozen=True, slots=True)
class Once:
    """The answers that were given to requests with a key."""

    beside: Beside

    def begin(self, key: str, asked: str, now: Instant) -> Answer | None:
        """The answer given before; None where the request is to be done now.

        Raises Refused where the key says something else, or its request is
        under way.
        """
        if not key.isprintable() or not 0 < len(key) <= LONGEST_KEY:
            hint = f"send up to {LONGEST_KEY} letters that can be read, a new one per request"
            raise Refused([error("API013", "the idempotency key is none", hint=hint)])
        table = self.beside.table
        fresh = {"key": key, "asked": asked, "at": now, "status": None, "type": None, "body": None}

        def write(connection: Connection) -> Answer | None:
            connection.execute(delete(table).where(table.c.at < now - KEPT_MICROSECONDS))
            if add_missing(connection, table, fresh):
                return None
            meant = table.c.key == key
            found = connection.execute(select(table).where(meant).with_for_update()).first()
            if found is None:  # it was forgotten just now
                return write(connection)
            if found.status is not None or found.at >= now - UNDER_WAY_MICROSECONDS:
                return _answer(key, asked, found)
            # It was begun and never answered: its server is gone.
            connection.execute(update(table).where(meant).values(fresh))
            return None

        return self.beside.run(write)

    def keep(self, key: str, answer: Answer) -> None:
        """Keep what was answered; the oldest give way where there are too many."""
        table = self.beside.table
        values = {"status": answer.status, "type": answer.type, "body": answer.body}
        # What was answered after so many others; none where there are fewer.
        nth = select(table.c.at).order_by(table.c.at.desc()).offset(MOST_KEPT).limit(1)

        def write(connection: Connection) -> None:
            connection.execute(update(table).where(table.c.key == key).values(values))
            connection.execute(delete(table).where(table.c.at <= nth.scalar_subquery()))

        self.beside.run(write)

    def forget(self, key: str) -> None:
        """Let the key be used again: its request changed nothing."""
        table = self.beside.table
        gone = delete(table).where(table.c.key == key)
        self.beside.run(lambda connection: connection.execute(gone).rowcount)


def once_of(store: Store, folder: Path) -> Once:
    """The answers of a company whose inner folder this is."""
    return Once(beside(store, folder / FILE, _TABLE, _unkept))


def asked_of(*parts: str | bytes) -> str:
    """A word for a request, by which it is known again."""
    digest = hashlib.sha256()
    for part in parts:
        data = part if isinstance(part, bytes) else part.encode("utf-8", "replace")
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()


def _answer(key: str, asked: str, found: Row[*tuple[object, ...]]) -> Answer:
    if found.asked != asked:
        says = f"the idempotency key '{key}' was used for another request"
        hint = "send a new key with each new request, and the same only to repeat one"
        raise Refused([error("API011", says, hint=hint, value=key)])
    if found.status is None:
        says = f"the request with the key '{key}' is under way"
        raise Refused([error("API012", says, hint="ask again in a moment", value=key)])
    replayed = {"idempotency-replayed": "true"}
    return Answer(body=found.body, type=found.type, status=found.status, headers=replayed)


def _unkept(found: Finding) -> Finding:
    """What a store says, in our words."""
    hint = "free some space or mend the folder's rights; or send no key"
    return error(
        "API014", f"the answer could not be kept for its idempotency key: {found.says}", hint=hint
    )
