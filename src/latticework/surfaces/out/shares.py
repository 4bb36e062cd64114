"""Links to one page for people who do not work with the company: kept, found, ended.

A share lies beside the journal, not in it: it says nothing about the company,
and a token that is taken back must be gone. Of a token only its digest is kept,
so that whoever reads the file opens nothing with it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import secrets
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from latticework.base.findings import Refused, error
from latticework.base.times import DAY_MICROSECONDS, Instant

FILE = "shares.db"
MOST_SHARES = 2_000
MOST_DAYS = 366
USUAL_DAYS = 30
LONGEST_NAME = 120
LONGEST_ADDRESS = 8_000
_TOKEN_BYTES = 24
_HOST = re.compile(r"(https://|http://)?(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:[0-9]{1,5})?")
_TABLE = """
create table if not exists shares (
    digest text primary key, name text not null, address text not null, by text not null,
    made integer not null, until integer not null, frozen integer not null,
    hosts text not null, ended integer not null default 0
)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A page that whoever holds the token may read, until an instant.

    `frozen` is the instant as of which it is known, 0 where it follows the
    present. `hosts` are the sites that may show it in a frame. `ended` is when
    it was taken back, or 0. `key` names it without opening it.
    """

    key: str
    name: str
    address: str
    by: str
    made: Instant
    until: Instant
    frozen: Instant = 0
    hosts: tuple[str, ...] = ()
    ended: Instant = 0

    def opens(self, now: Instant) -> bool:
        """Whether the token opens anything."""
        return not self.ended and now < self.until


@dataclass(frozen=True, slots=True)
class Shares:
    """The shares of one company, in a file of its inner folder."""

    folder: Path

    def make(
        self,
        address: str,
        *,
        name: str,
        by: str,
        now: Instant,
        days: int = USUAL_DAYS,
        frozen: bool = False,
        hosts: tuple[str, ...] = (),
    ) -> str:
        """Keep a share; its token, which is told this once."""
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        until = now + days * DAY_MICROSECONDS
        row = (
            digest_of(token),
            name,
            address,
            by,
            now,
            until,
            now if frozen else 0,
            json.dumps(hosts),
        )
        with self._open() as file:
            (count,) = file.execute("select count(*) from shares where ended = 0").fetchone()
            if count >= MOST_SHARES:
                hint = "take back those that nobody needs, at /shares"
                raise Refused([error("SHARE006", f"there are {count:,} shares already", hint=hint)])
            file.execute("insert into shares values (?, ?, ?, ?, ?, ?, ?, ?, 0)", row)
        return token

    def find(self, token: str, now: Instant) -> Share | None:
        """What a token opens; None for one that opens nothing, or nothing any more."""
        if not self._path.exists():
            return None
        with self._open() as file:
            row = file.execute(f"{_SELECT} where digest = ?", (digest_of(token),)).fetchone()
        found = _share(row) if row else None
        return found if found and found.opens(now) else None

    def every(self) -> tuple[Share, ...]:
        """All shares, the latest first."""
        if not self._path.exists():
            return ()
        with self._open() as file:
            rows = file.execute(f"{_SELECT} order by made desc").fetchall()
        return tuple(_share(row) for row in rows)

    def end(self, key: str, now: Instant) -> bool:
        """Take a share back; whether there was one to take."""
        with self._open() as file:
            done = file.execute(
                "update shares set ended = ? where substr(digest, 1, 12) = ? and ended = 0",
                (now, key),
            )
            return done.rowcount > 0

    @property
    def _path(self) -> Path:
        return self.folder / FILE

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            file = sqlite3.connect(self._path, timeout=10)
        except sqlite3.Error as problem:
            raise _unkept(problem) from problem
        try:
            file.execute(_TABLE)
            with file:
                yield file
        except sqlite3.Error as problem:
            raise _unkept(problem) from problem
        finally:
            file.close()


_SELECT = "select digest, name, address, by, made, until, frozen, hosts, ended from shares"


def digest_of(token: str) -> str:
    """What is kept of a token. It is long and random, so one pass is enough."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def hosts_of(text: str) -> tuple[str, ...]:
    """Sites that may frame a share; raises Refused (SHARE004) for what is none."""
    words = tuple(dict.fromkeys(text.replace(",", " ").casefold().split()))
    wrong = [each for each in words if not _HOST.fullmatch(each)]
    if wrong:
        hint = "write names of sites, like wiki.example.com or https://*.example.com"
        raise Refused(
            [error("SHARE004", f"'{each}' names no site", hint=hint, value=each) for each in wrong]
        )
    return words[:20]


def _share(row: tuple[str, str, str, str, int, int, int, str, int]) -> Share:
    digest, name, address, by, made, until, frozen, hosts, ended = row
    return Share(
        key=digest[:12],
        name=name,
        address=address,
        by=by,
        made=made,
        until=until,
        frozen=frozen,
        hosts=tuple(json.loads(hosts)),
        ended=ended,
    )


def _unkept(problem: Exception) -> Refused:
    says = f"shares cannot be kept: {problem}"
    hint = "free some space, or mend the rights of the company's folder"
    return Refused([error("SHARE005", says, hint=hint)])
