"""How far each source was fetched, beside the journal, and who is fetching it now."""

from __future__ import annotations

import json
import os
import secrets
import socket
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    MetaData,
    RowMapping,
    Table,
    Text,
    select,
    update,
)

from latticework.base.findings import Finding, Place, Refused, Severity, error
from latticework.base.times import Instant
from latticework.journal.beside import Beside, add_missing, beside

if TYPE_CHECKING:
    from latticework.workspace.workspace import Workspace

T = TypeVar("T")

FILE = "sync.db"
SECOND = 1_000_000
HELD_SECONDS = 1_200
"""How long a fetch is believed to be under way without a sign of life; longer than any wait."""

MOST_FINDINGS = 50
_LONGEST_PAUSE = 6
_TABLE = Table(
    "syncs",
    MetaData(),
    Column("source", Text, primary_key=True),
    Column("recipe", Text, nullable=False),
    Column("kept", Text, nullable=False),
    Column("holder", Text, nullable=False, server_default=""),
    Column("held_until", BigInteger, nullable=False, server_default="0"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is remembered of a source between two syncs.

    `cursor` is the tracker's instant up to which everything is in the journal,
    0 for nothing yet. `whole_at` is when all was asked for last, and
    `whole_things` what it brought. `until` is before when asking makes no sense.
    """

    cursor: Instant = 0
    whole_at: Instant = 0
    whole_things: int = 0
    tried: Instant = 0
    succeeded: Instant = 0
    failures: int = 0
    until: Instant = 0
    things: int = 0
    changes: int = 0
    batches: tuple[int, ...] = ()
    recording: str = ""
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncState:
    """How a source fares: how far it is in, what was wrong, when it is due.

    `every` is in seconds, 0 where it is fetched by hand alone. `batches` are
    the numbers of those that the last sync recorded, none where nothing was new.
    """

    source: str
    recipe: Path
    fetcher: str = ""
    every: int = 0
    running: bool = False
    kept: Kept = field(default_factory=Kept)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the last sync found; its reason to end, where it did not go through."""
        return self.kept.findings

    @property
    def due(self) -> Instant | None:
        """When it is fetched next; None where only by hand."""
        kept = self.kept
        if not self.every:
            return None
        pause = self.every
        if kept.failures:
            pause = min(pause, 60 * 2 ** min(kept.failures, _LONGEST_PAUSE))
        return max(kept.tried + pause * SECOND if kept.tried else 0, kept.until)

    def lag(self, now: Instant) -> int | None:
        """Seconds by which the company is behind the tracker; None before the first sync."""
        return max(0, (now - self.kept.cursor) // SECOND) if self.kept.cursor else None


@dataclass(frozen=True, slots=True)
class SyncStates:
    """The states of one company's sources, beside its journal."""

    beside: Beside

    def find(self, source: str) -> tuple[str, Kept]:
        """The recipe's path and what is kept of a source; nothing of a new one."""
        row = self._row(source)
        return (str(row["recipe"]), _kept(str(row["kept"]))) if row else ("", Kept())

    def every(self) -> tuple[tuple[str, str, Kept], ...]:
        """Source, path of its recipe, and what is kept, by name."""
        rows = self.beside.rows(select(self.beside.table).order_by(self.beside.table.c.source))
        return tuple((str(e["source"]), str(e["recipe"]), _kept(str(e["kept"]))) for e in rows)

    def is_held(self, source: str, now: Instant) -> bool:
        """Whether somebody is fetching this source now."""
        row = self._row(source)
        return row is not None and _is_held(row, now)

    def take(self, source: str, recipe: str, now: Instant) -> str:
        """Begin to fetch a source, alone; the word by which it is held.

        Raises Refused (SYNC001) where another process or thread does already.
        """
        holder = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        until = now + HELD_SECONDS * SECOND
        table = self.beside.table
        held = {"recipe": recipe, "holder": holder, "held_until": until}

        def write(connection: Connection) -> None:
            fresh = {"source": source, "kept": _text(Kept()), **held}
            if add_missing(connection, table, fresh):
                return
            meant = table.c.source == source
            asked = select(table).where(meant).with_for_update()
            if _is_held(connection.execute(asked).mappings().one(), now):
                says = f"'{source}' is being fetched already"
                hint = "wait until that is done, and see how it fares with: latticework sync --show"
                raise Refused([error("SYNC001", says, hint=hint, value=source)])
            connection.execute(update(table).where(meant).values(held))

        self.beside.run(write)
        return holder

    def hold(self, holder: str, now: Instant) -> None:
        """Say that the fetch is still under way."""
        self._set("holder", holder, held_until=now + HELD_SECONDS * SECOND)

    def let_go(self, holder: str) -> None:
        """End a fetch, however it went."""
        self._set("holder", holder, holder="", held_until=0)

    def keep(self, source: str, kept: Kept) -> None:
        """Remember how a source fares."""
        self._set("source", source, kept=_text(kept))

    def _set(self, column: str, value: str, **values: object) -> None:
        table = self.beside.table
        done = update(table).where(table.c[column] == value).values(values)
        self.beside.run(lambda connection: connection.execute(done).rowcount)

    def _row(self, source: str) -> Mapping[str, object] | None:
        rows = self.beside.rows(
            select(self.beside.table).where(self.beside.table.c.source == source)
        )
        return rows[0] if rows else None


def states_of(workspace: Workspace) -> SyncStates:
    """The states of a company's sources."""
    return SyncStates(beside(workspace.store, workspace.folder.inner / FILE, _TABLE, _unkept))


def _is_held(row: Mapping[str, object] | RowMapping, now: Instant) -> bool:
    """Whether a fetch is under way: not where its process is known to be gone."""
    holder, until = str(row["holder"]), int(str(row["held_until"]))
    if not holder or until <= now:
        return False
    host, _, rest = holder.rpartition(":")[0].rpartition(":")
    return host != socket.gethostname() or _is_alive(int(rest))


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _text(kept: Kept) -> str:
    plain = asdict(replace(kept, findings=kept.findings[:MOST_FINDINGS]))
    return json.dumps(plain)


def _kept(text: str) -> Kept:
    said = json.loads(text)
    known = Kept.__dataclass_fields__
    values = {name: value for name, value in said.items() if name in known}
    values["batches"] = tuple(values.get("batches", ()))
    values["findings"] = tuple(_findings(values.get("findings", ())))
    return Kept(**values)


def _findings(said: Iterable[dict[str, object]]) -> Iterator[Finding]:
    for each in said:
        place = each["place"]
        assert isinstance(place, dict)
        yield Finding(
            code=str(each["code"]),
            severity=Severity(int(str(each["severity"]))),
            says=str(each["says"]),
            place=Place(**place),
            hint=str(each["hint"]),
            value=str(each["value"]),
        )


def _unkept(found: Finding) -> Finding:
    """What a store says, in our words."""
    hint = "free some space, or mend the rights of the company's folder"
    return error(
        "SYNC003", f"how far the sources are fetched cannot be kept: {found.says}", hint=hint
    )
