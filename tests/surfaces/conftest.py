"""Harbour as a company in a folder, for commands to be tried on."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.surfaces.trying import Run, Said
from tests.views import harbour

from latticework.base.times import parse_instant
from latticework.graph.little import batches_of
from latticework.model.format import format_model
from latticework.surfaces import cli
from latticework.workspace import Workspace

BEGAN = parse_instant("2025-01-09T09:00:00Z")


def begin_harbour(folder: Path) -> Path:
    """Harbour in a folder, recorded as it went along."""
    text = format_model(harbour.MODEL)
    with Workspace.init(folder, model_text=text, clock=lambda: BEGAN) as workspace:
        for batch in batches_of(harbour.STORY, workspace.model):
            workspace.store.append([batch], now=batch.valid or BEGAN)
    return folder


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company that no test changes."""
    return begin_harbour(tmp_path_factory.mktemp("read") / "harbour")


@pytest.fixture
def own_company(tmp_path: Path) -> Path:
    """A company that the test may change."""
    return begin_harbour(tmp_path / "harbour")


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
