"""Opening a git repository, or a bundle of one, without trusting it."""

from __future__ import annotations

import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pygit2

from latticework.base.findings import Place, Refused, error

_FETCH = "run 'git bundle verify' on it, and fetch it again"

SLOWEST = 3600
"""Seconds that unpacking a bundle may take."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A repository, and the folder that goes when it is no longer needed."""

    repository: pygit2.Repository
    folder: tempfile.TemporaryDirectory[str] | None = None


def is_repository(location: Path) -> bool:
    """Whether a folder is a git work tree, or a bare repository."""
    if (location / ".git").exists():
        return True
    return (location / "HEAD").is_file() and (location / "objects").is_dir()


def is_bundle(location: Path) -> bool:
    """Whether a file says of itself that it is a git bundle."""
    if not location.is_file():
        return False
    with location.open("rb") as file:
        return file.read(16).startswith((b"# v2 git bundle", b"# v3 git bundle"))


def open_repository(location: Path) -> Opened:
    """The repository at a folder; raises Refused (SOURCE031)."""
    try:
        return Opened(pygit2.Repository(str(location)))
    except pygit2.GitError as problem:
        hint = "run 'git status' there: what git refuses, Latticework cannot read"
        raise _refused(f"the repository does not open: {problem}", hint, location) from None


def open_bundle(location: Path) -> Opened:
    """A bundle's repository in a folder of its own; raises Refused (SOURCE031)."""
    folder = tempfile.TemporaryDirectory(prefix="latticework-")
    command = ["git", "-c", "core.hooksPath=/dev/null", "clone", "--bare", "--quiet"]
    command += ["--", str(location.resolve()), folder.name]
    try:
        done = subprocess.run(  # noqa: S603  no shell, and no word of it is a stranger's
            command, env=_quiet(), capture_output=True, text=True, timeout=SLOWEST, check=False
        )
    except FileNotFoundError:
        hint = "install git, or clone the bundle elsewhere and import the clone"
        raise _refused("a bundle needs the program 'git'", hint, location) from None
    except subprocess.TimeoutExpired:
        hint = "clone the bundle by hand and import the clone"
        raise _refused(f"unpacking took over {SLOWEST} seconds", hint, location) from None
    if done.returncode:
        lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        says = "the bundle cannot be unpacked: " + ("; ".join(lines[:3]) or "git gave no reason")
        raise _refused(says, _FETCH, location)
    repository = pygit2.Repository(folder.name)
    if repository.is_empty and not list(repository.references):
        raise _refused("the bundle holds no branch, or is cut short", _FETCH, location)
    return Opened(repository, folder)


def _quiet() -> dict[str, str]:
    """An environment in which git neither asks nor reads a stranger's settings."""
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}
    return kept | {
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C.UTF-8",
    }


def _refused(says: str, hint: str, location: Path) -> Refused:
    place = Place(file=str(location))
    return Refused([error("SOURCE031", says, hint=hint, place=place, value=str(location))])
