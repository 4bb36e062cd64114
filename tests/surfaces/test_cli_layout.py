"""Help as it stands on a terminal: a line of an example is a line."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest
from tests.surfaces.test_cli_help import every_command
from tests.surfaces.trying import Run


@pytest.mark.parametrize(("name", "command"), every_command(), ids=lambda each: str(each))
def test_no_help_shows_marks_of_its_layout(name: str, command: click.Command, run: Run) -> None:
    said = run(*name.split(), "--help")
    assert "\\b" not in said.out
    assert "\b" not in said.out


def test_examples_stand_on_lines_of_their_own(run: Run) -> None:
    lines = run("init", "--help").out.splitlines()
    assert "    latticework init harbour" in lines
    assert "    latticework init harbour --model words.yaml" in lines


def test_the_module_is_the_command_line() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "latticework", "--version"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("latticework ")
