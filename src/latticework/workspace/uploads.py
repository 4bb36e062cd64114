"""What readers bring to be looked at: kept for a day in a folder that nobody can name."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from latticework.base.findings import Refused, error
from latticework.base.times import DAY_MICROSECONDS, Instant

KEPT = DAY_MICROSECONDS
"""How long an upload is kept."""

MOST_FILES = 20
MOST_BYTES = 32_000_000
LONGEST_NAME = 80

_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,64}")
_UNSAFE = re.compile(r"[^\w .()-]+")
_RECIPE, _WORDS = "recipe.yaml", "words.yaml"


@dataclass(frozen=True, kw_only=True)
class Upload:
    """Files as they were brought, and the texts that are made for them."""

    token: str
    folder: Path

    @property
    def location(self) -> Path:
        """Where the files lie, and nothing else."""
        return self.folder / "files"

    @property
    def files(self) -> tuple[Path, ...]:
        """The files, the largest first."""
        there = (each for each in self.location.iterdir() if each.is_file())
        return tuple(sorted(there, key=lambda each: (-each.stat().st_size, each.name)))

    @property
    def recipe_file(self) -> Path:
        """Where the recipe is kept while it is worked on."""
        return self.folder / _RECIPE

    @property
    def recipe(self) -> str:
        """The recipe as it was left; empty where there is none yet."""
        return _text(self.folder / _RECIPE)

    @property
    def words(self) -> str:
        """The words for the model as they were left."""
        return _text(self.folder / _WORDS)

    def keep(self, recipe: str, words: str) -> None:
        """Keep both texts beside the files."""
        (self.folder / _RECIPE).write_text(recipe, encoding="utf-8")
        (self.folder / _WORDS).write_text(words, encoding="utf-8")

    def forget(self) -> None:
        """Remove the files and the texts."""
        shutil.rmtree(self.folder, ignore_errors=True)


@dataclass(frozen=True)
class Uploads:
    """The uploads of one company, in its inner folder."""

    folder: Path

    def take(self, token: str, files: Iterable[tuple[str, bytes]], *, now: Instant) -> Upload:
        """Keep files under a random name; raises Refused where there are none, or too many.

        What is older than a day goes. BRING001 no file, BRING002 too much.
        """
        brought = [(name, data) for name, data in files if data]
        if not brought:
            hint = "choose an export in CSV, JSON or XLSX, or paste the rows of a table"
            raise Refused([error("BRING001", "no file came with the form", hint=hint)])
        size = sum(len(data) for _, data in brought)
        if len(brought) > MOST_FILES or size > MOST_BYTES:
            says = f"{len(brought):,} files with {size:,} bytes are too much at once"
            hint = f"bring at most {MOST_FILES} files and {MOST_BYTES:,} bytes, or import them"
            raise Refused([error("BRING002", says, hint=f"{hint} by 'latticework import'")])
        self._forget_old(now)
        assert _TOKEN.fullmatch(token)  # made by whoever calls
        upload = Upload(token=token, folder=self.folder / token)
        upload.location.mkdir(parents=True, mode=0o700)
        taken: set[str] = set()
        for name, data in brought:
            safe = safe_name(name, taken)
            taken.add(safe)
            (upload.location / safe).write_bytes(data)
        return upload

    def find(self, token: str) -> Upload:
        """The upload of a name; raises Refused (BRING003) where there is none any more."""
        upload = Upload(token=token, folder=self.folder / token)
        if not _TOKEN.fullmatch(token) or not upload.location.is_dir():
            hint = "bring the file again; what is brought is kept for a day"
            raise Refused([error("BRING003", "this upload is not there any more", hint=hint)])
        return upload

    def _forget_old(self, now: Instant) -> None:
        for each in self.folder.iterdir() if self.folder.is_dir() else ():
            if each.stat().st_mtime_ns // 1000 < now - KEPT:
                shutil.rmtree(each, ignore_errors=True)


def safe_name(name: str, taken: Iterable[str] = ()) -> str:
    """A file's own name without any way to another folder; none twice."""
    last = name.replace("\\", "/").rpartition("/")[2]
    shown = _UNSAFE.sub("-", last).lstrip(". ")[-LONGEST_NAME:] or "file"
    stem, dot, ending = shown.rpartition(".")
    count, found = 1, shown
    while found in taken:
        count += 1
        found = f"{stem if dot else shown}-{count}{dot}{ending if dot else ''}"
    return found


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""
