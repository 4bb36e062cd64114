"""Companies, histories and ways to call commands, for bad days."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.bad_days import yard
from tests.bad_days.yard import Run, Said

from latticework.surfaces import cli


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Harbour before its first wish; copied, never changed."""
    return yard.begin(tmp_path_factory.mktemp("template") / "harbour")


@pytest.fixture(scope="session")
def filled(template: Path, wishes: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Harbour with every wish imported; copied, never changed."""
    folder = tmp_path_factory.mktemp("filled")
    company = yard.copied(template, folder / "harbour")
    said = yard.apart("-C", company, "import", yard.recipe_file(folder), "--from", wishes)
    assert said.code == 0, said
    return company


@pytest.fixture(scope="session")
def wishes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository of commits that make a hundred wishes and some."""
    return yard.long_history(tmp_path_factory.mktemp("wishes"), yard.COMMITS, yard.EACH)


@pytest.fixture
def company(template: Path, tmp_path: Path) -> Path:
    """A company of the test's own, without a wish."""
    return yard.copied(template, tmp_path / "harbour")


@pytest.fixture
def full_company(filled: Path, tmp_path: Path) -> Path:
    """A company of the test's own, with every wish."""
    return yard.copied(filled, tmp_path / "full")


@pytest.fixture
def recipe(tmp_path: Path) -> Path:
    """The recipe for wishes."""
    return yard.recipe_file(tmp_path)


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command in this process: words in, code and streams out."""
    monkeypatch.setenv("LATTICEWORK_BY", "dee")
    monkeypatch.delenv("LATTICEWORK_DEBUG", raising=False)

    def call(*words: str | Path) -> Said:
        capfd.readouterr()
        code = cli.run([str(word) for word in words])
        streams = capfd.readouterr()
        return Said(code, streams.out, streams.err)

    return call


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 220 kilobytes."""
    place = tmp_path / "disk"
    place.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", "size=220k", "tmpfs", str(place)]
    mounts = os.geteuid() == 0 and shutil.which("mount")
    if not mounts or subprocess.run(words, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small disk needs root; the limit on file sizes is tested anyway")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)
