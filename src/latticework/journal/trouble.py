"""What a database says when something is wrong, as findings."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from latticework.base.findings import Finding, Place, Refused, error

_HINTS = {
    "STORE001": "check that it runs, that the address is right and that you may enter; "
    "what was not acknowledged has to be written again",
    "STORE002": "restore it from a backup or an export, beside the damaged one",
    "STORE003": "make room, then do it again; what was acknowledged before is kept",
    "STORE008": "write again; if it stays so, look for what holds it open",
    "STORE009": "ask for the right to write there, which reading needs too, "
    "or open a copy of the whole folder",
    "STORE014": "nothing was recorded; write again, and report these words if it stays so",
}

_SAYS = {
    "STORE001": "the store cannot be reached",
    "STORE002": "the store is damaged, or holds no journal",
    "STORE003": "the store is full",
    "STORE008": "another writer keeps the store busy",
    "STORE009": "the store lets nobody write here",
    "STORE014": "the store did not do what was asked",
}

_SQLITE = {
    "SQLITE_FULL": "STORE003",
    "SQLITE_TOOBIG": "STORE003",
    "SQLITE_IOERR_WRITE": "STORE003",
    "SQLITE_IOERR_FSYNC": "STORE003",
    "SQLITE_IOERR_SHMSIZE": "STORE003",
    "SQLITE_IOERR_TRUNCATE": "STORE003",
    "SQLITE_BUSY": "STORE008",
    "SQLITE_LOCKED": "STORE008",
    "SQLITE_PROTOCOL": "STORE008",
    "SQLITE_READONLY": "STORE009",
    "SQLITE_PERM": "STORE009",
    "SQLITE_CANTOPEN": "STORE001",
    "SQLITE_CORRUPT": "STORE002",
    "SQLITE_NOTADB": "STORE002",
    "SQLITE_IOERR": "STORE002",
    "SQLITE_ERROR": "STORE002",
}

# By the first characters of a SQLSTATE, longest first.
_POSTGRES = {
    "25006": "STORE009",
    "42501": "STORE009",
    "55P03": "STORE008",
    "57014": "STORE008",
    "40": "STORE008",
    "08": "STORE001",
    "28": "STORE001",
    "3D": "STORE001",
    "57P": "STORE001",
    "53100": "STORE003",
    "54": "STORE003",
    "53": "STORE001",
    "42": "STORE002",
    "58": "STORE002",
    "XX": "STORE002",
    "F0": "STORE002",
}


@contextmanager
def told(url: str, secrets: Sequence[str] = ()) -> Iterator[None]:
    """Turn what a database raises into Refused; `url` is shown, `secrets` never."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, OSError) as problem:
        raise Refused([finding_of(problem, url, secrets)]) from None


def finding_of(problem: BaseException, url: str, secrets: Sequence[str] = ()) -> Finding:
    """The finding that an exception of a database is."""
    cause = problem.orig if isinstance(problem, DBAPIError) and problem.orig else problem
    code = _code(problem, cause)
    said = " ".join(str(cause).split())
    for secret in secrets:
        said = said.replace(secret, "***")
    says = f"{_SAYS[code]}: {said[:300]}"
    return error(code, says, hint=_HINTS[code], place=Place(file=url))


def _code(problem: BaseException, cause: BaseException) -> str:
    if isinstance(problem, PoolTimeoutError):
        return "STORE008"
    name = getattr(cause, "sqlite_errorname", None)
    if isinstance(name, str):
        return _longest(name, _SQLITE, "STORE014")
    if isinstance(cause, sqlite3.DatabaseError):
        return "STORE002"
    state = getattr(cause, "sqlstate", None)
    if isinstance(state, str):
        return _longest(state, _POSTGRES, "STORE014")
    if isinstance(problem, (OperationalError, InterfaceError, OSError)):
        return "STORE001"
    return "STORE014"


def _longest(code: str, table: dict[str, str], otherwise: str) -> str:
    heads = [head for head in table if code.startswith(head)]
    return table[max(heads, key=len)] if heads else otherwise
