"""Links to one page for people who do not work with the company: kept, found, ended.

A share lies beside the journal, not in it: it says nothing about the company,
and a token that is taken back must be gone. Of a token only its digest is kept,
so that whoever reads the file opens nothing with it.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    MetaData,
    Table,
    Text,
    func,
    insert,
    select,
    update,
)

from latticework.base.findings import Finding, Refused, error
from latticework.base.times import DAY_MICROSECONDS, Instant
from latticework.journal.beside import Beside, beside

if TYPE_CHECKING:
    from latticework.workspace import Workspace

T = TypeVar("T")

FILE = "shares.db"
MOST_SHARES = 2_000
MOST_DAYS = 366
USUAL_DAYS = 30
LONGEST_NAME = 120
LONGEST_ADDRESS = 8_000
_TOKEN_BYTES = 24
_HOST = re.compile(r"(https://|http://)?(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:[0-9]{1,5})?")
TABLE = Table(
    "shares",
    MetaData(),
    Column("digest", Text, primary_key=True),
    *(Column(name, Text, nullable=False) for name in ("name", "address", "by")),
    *(Column(name, BigInteger, nullable=False) for name in ("made", "until", "frozen")),
    Column("hosts", Text, nullable=False),
    Column("ended", BigInteger, nullable=False, server_default="0"),
)


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
    """The shares of one company, beside its journal."""

    beside: Beside

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
        row: dict[str, object] = {
            "digest": digest_of(token),
            "name": name,
            "address": address,
            "by": by,
            "made": now,
            "until": now + days * DAY_MICROSECONDS,
            "frozen": now if frozen else 0,
            "hosts": json.dumps(hosts),
            "ended": 0,
        }
        table = self.beside.table

        def write(connection: Connection) -> None:
            asked = select(func.count()).select_from(table).where(table.c.ended == 0)
            count = connection.execute(asked).scalar_one()
            if count >= MOST_SHARES:
                hint = "take back those that nobody needs, at /shares"
                raise Refused([error("SHARE006", f"there are {count:,} shares already", hint=hint)])
            connection.execute(insert(table).values(row))

        self.beside.run(write)
        return token

    def find(self, token: str, now: Instant) -> Share | None:
        """What a token opens; None for one that opens nothing, or nothing any more."""
        table = self.beside.table
        found = self.beside.rows(select(table).where(table.c.digest == digest_of(token)))
        share = _share(found[0]) if found else None
        return share if share and share.opens(now) else None

    def every(self) -> tuple[Share, ...]:
        """All shares, the latest first."""
        rows = self.beside.rows(select(self.beside.table).order_by(self.beside.table.c.made.desc()))
        return tuple(_share(row) for row in rows)

    def end(self, key: str, now: Instant) -> bool:
        """Take a share back; whether there was one to take."""
        table = self.beside.table
        meant = (func.substr(table.c.digest, 1, 12) == key, table.c.ended == 0)
        ended = update(table).where(*meant).values(ended=now)
        return self.beside.run(lambda connection: connection.execute(ended).rowcount > 0)


def shares_of(workspace: Workspace) -> Shares:
    """The shares of a company."""
    return Shares(beside(workspace.store, workspace.folder.inner / FILE, TABLE, _unkept))


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


def _share(row: Mapping[str, Any]) -> Share:
    said = {name: row[name] for name in ("name", "address", "by", "made", "until", "frozen")}
    hosts = tuple(json.loads(row["hosts"]))
    return Share(key=row["digest"][:12], hosts=hosts, ended=row["ended"], **said)


def _unkept(found: Finding) -> Finding:
    """What a store says, in our words."""
    hint = "free some space, or mend the rights of the company's folder"
    return error("SHARE005", f"shares cannot be kept: {found.says}", hint=hint)
