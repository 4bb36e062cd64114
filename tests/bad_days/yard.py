"""Harbour's yard: a little company and its wishes in git, for bad days."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.sources import harbour
from tests.sources.harbour import Commit, history

from latticework.base.times import parse_instant
from latticework.model.format import format_model
from latticework.workspace import Workspace

BEGAN = parse_instant("2026-01-05T09:00:00Z")
WISHES = harbour.WISHES
COMMITS, EACH = 20, 6
WISHED = COMMITS * EACH
MODEL_TEXT = format_model(harbour.MODEL)


@dataclass(frozen=True)
class Said:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str


Run = Callable[..., Said]


def begin(folder: Path, *, store_url: str | None = None) -> Path:
    """Harbour without a single wish, in a folder."""
    with Workspace.init(
        folder, model_text=MODEL_TEXT, store_url=store_url, clock=lambda: BEGAN
    ) as workspace:
        workspace.graph()
    return folder


def recipe_file(folder: Path, text: str = WISHES, name: str = "wishes.recipe.yaml") -> Path:
    """A recipe as a file."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def wish(number: int, status: str = "open") -> dict[str, str]:
    """One wish as a file of the repository."""
    text = f"title: Wish {number}\nnumber: {number}\nstatus: {status}\nwho: '@dee{number % 7}'\n"
    return {f"wishes/w{number}/wish.yaml": text}


def long_history(folder: Path, count: int, each: int = 1) -> Path:
    """A repository to which every commit adds wishes and does the one before."""
    files: dict[str, str | bytes] = {}
    commits = []
    for number in range(count):
        for part in range(each):
            files.update(wish(number * each + part))
        if number:
            files.update(wish((number - 1) * each, "done"))
        commits.append(Commit(dict(files), 1 + number * 27 // count, f"Wish {number}"))
    history(folder, commits)
    return folder


def one_wish(folder: Path, files: Mapping[str, str | bytes] | None = None) -> Path:
    """A repository of one commit."""
    history(folder, [Commit(dict(files) if files is not None else wish(1))])
    return folder


def bundle_of(repository: Path, bundle: Path) -> Path:
    """The repository as one file."""
    words = ["git", "-C", str(repository), "bundle", "create", "-q", str(bundle), "main"]
    subprocess.run(words, check=True, capture_output=True)
    return bundle


def begun(*words: str | Path, before: str = "") -> subprocess.Popen[str]:
    """A command in a process of its own; `before` is Python that it runs first."""
    program = f"{before}\nimport sys\nfrom latticework.surfaces import cli\nsys.exit(cli.run(sys.argv[1:]))"
    return subprocess.Popen(
        [sys.executable, "-c", program, *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "LATTICEWORK_BY": "dee", "NO_COLOR": "1"},
    )


def ended(process: subprocess.Popen[str], seconds: float = 120) -> Said:
    """What a process said, once it has ended."""
    out, err = process.communicate(timeout=seconds)
    return Said(process.returncode, out, err)


def apart(*words: str | Path, before: str = "") -> Said:
    """A command run to its end in a process of its own."""
    return ended(begun(*words, before=before))


def kindly(said: Said, *words: str, code: int = 1) -> str:
    """What was said on a refusal that has words, a hint, and no traceback."""
    told = said.out + said.err
    assert said.code == code, said
    assert "Traceback" not in told, told
    assert "INTERNAL" not in told, told
    for word in words:
        assert word in told, told
    return told


def entries(
    folder: Path,
) -> list[tuple[object, ...]]:
    """What was recorded, without when and under which number of batch."""
    with Workspace.open(folder) as workspace:
        return [
            (each.valid, each.change, each.by, each.why, each.source)
            for each in workspace.store.entries()
        ]


def proven(folder: Path) -> None:
    """The journal proves that it was not altered."""
    with Workspace.open(folder) as workspace:
        assert workspace.verify() == ()


def copied(folder: Path, target: Path) -> Path:
    """The same company in another folder."""
    shutil.copytree(folder, target)
    return target
