"""Which store an address means."""

from __future__ import annotations

import re
from pathlib import Path

from latticework.base.findings import Refused, error
from latticework.journal.store import Store

_SQLITE = re.compile(r"sqlite:///(?P<path>.+)", re.DOTALL)


def open_store(url: str) -> Store:
    """The store at an address; one that is not there yet is begun.

    `memory:`, `sqlite:///relative.db`, `sqlite:////absolute.db` or
    `postgresql://name:password@host:port/database`. Raises Refused: STORE010
    for another address, and what a store raises when it opens.
    """
    if url in ("memory:", "memory://"):
        from latticework.journal.memory import MemoryStore

        return MemoryStore()
    if found := _SQLITE.fullmatch(url):
        from latticework.journal.sqlite import SqliteStore

        return SqliteStore(Path(found["path"]))
    if re.match(r"postgres(ql)?(\+psycopg)?://", url):
        from latticework.journal.postgres import PostgresStore

        return PostgresStore(url)
    # An address may hold a password anywhere but in its scheme.
    scheme = re.match(r"[a-z][a-z0-9+]{0,19}(?=://)", url)
    shown = f"begins with '{scheme[0]}'" if scheme else "has no scheme"
    says = f"no store is known for an address that {shown}"
    hint = "write sqlite:///path/to/journal.db or postgresql://name@host/database"
    raise Refused([error("STORE010", says, hint=hint)])
