"""The command as a process: pipes, colours, signals, the last guard."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from latticework.surfaces.cli import BROKEN_PIPE, INTERRUPTED, guarded

COMMAND = [sys.executable, "-c", "from latticework.surfaces.cli import main; main()"]


def call(*words: str | Path, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if key != "LATTICEWORK_DEBUG"}
    return subprocess.run(
        [*COMMAND, *map(str, words)],
        capture_output=True,
        text=True,
        env={**environment, **more},
        check=False,
    )


def test_a_pipe_gets_no_colour_no_glyph_and_whole_titles(company: Path) -> None:
    done = call("-C", company, "ask", "bet show stage")
    assert done.returncode == 0
    assert "Lamps on the outer pier that can be seen from the last boat  Shipped" in done.stdout
    assert not set(done.stdout) & {"\x1b", "◐", "●", "…"}


def test_colour_is_forced_or_forbidden_by_the_environment(company: Path) -> None:
    words = ("-C", company, "kinds")
    assert "\x1b[" in call(*words, FORCE_COLOR="1").stdout
    plain = call(*words, FORCE_COLOR="1", NO_COLOR="1").stdout
    assert not any(code in plain for code in ("\x1b[3", "\x1b[9"))


def test_exit_codes_reach_the_shell(company: Path) -> None:
    assert call("-C", company, "kinds").returncode == 0
    assert call("-C", company, "show", "bet/nope").returncode == 1
    assert call("-C", company, "show").returncode == 2


def test_a_reader_that_goes_away_leaves_no_complaint(company: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    words = ["-C", str(company), "feed", "--json", "--rows", "0"]
    done = subprocess.run(
        [*COMMAND, *words], stdout=writing, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (BROKEN_PIPE, "")


def test_an_interrupt_ends_quietly(own_company: Path) -> None:
    call("-C", own_company, "branch", "start", "x")
    waiting = subprocess.Popen(
        [*COMMAND, "-C", str(own_company), "branch", "drop", "x"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert waiting.stderr is not None
    assert waiting.stderr.read(6) == "Forget"
    waiting.send_signal(signal.SIGINT)
    _, err = waiting.communicate(timeout=60)
    assert waiting.returncode == INTERRUPTED
    assert "Traceback" not in err


def test_a_stream_that_knows_no_arrows_gets_marks(company: Path) -> None:
    done = call("-C", company, "show", "bet/ferry", PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert "?" in done.stdout


def test_the_unexpected_is_one_finding_and_no_traceback(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LATTICEWORK_DEBUG", raising=False)
    assert guarded(lambda: {}["gone"]) == 1
    err = capfd.readouterr().err
    assert "INTERNAL001" in err
    assert "LATTICEWORK_DEBUG=1" in err
    assert "Traceback" not in err


def test_the_trace_is_there_for_who_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LATTICEWORK_DEBUG", "1")
    with pytest.raises(KeyError):
        guarded(lambda: {}["gone"])
