"""Help: quick, in groups, a sentence per command."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import pytest
from tests.surfaces.trying import Run

from latticework.surfaces.cli import SECTIONS, root
from latticework.surfaces.commands.listed import (
    UNLISTED,
    command_lines,
    plugins_may_be,
    view_lines,
)
from latticework.views.catalogue import views

HEAVY = ("polars", "numpy", "scipy", "sqlalchemy", "lark", "litestar", "rich", "yaml", "pygit2")
SPOKEN_FOR = {
    "ask": "ask",
    "thing": "show",
    "findings": "check",
    "diff": "diff",
    "model": "model show",
    "branches": "branch list",
}


def every_command() -> list[tuple[str, click.Command]]:
    found = []
    context = click.Context(root)
    for name in root.list_commands(context):
        command = root.get_command(context, name)
        assert command is not None
        found.append((name, command))
        if isinstance(command, click.Group):
            found += [(f"{name} {sub}", each) for sub, each in command.commands.items()]
    return found


def test_help_imports_no_heavy_library() -> None:
    code = (
        "import sys; from latticework.surfaces.cli import run; run(['--help']);"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


def test_help_groups_commands_by_what_people_do(run: Run) -> None:
    said = run("--help")
    assert said.code == 0
    spots = [said.out.index(f"\n{title}:\n") for title in SECTIONS]
    assert spots == sorted(spots)


def test_no_command_at_all_prints_the_help(run: Run) -> None:
    assert run().out == run("--help").out


@pytest.mark.parametrize(("name", "command"), every_command(), ids=lambda each: str(each))
def test_help_begins_with_a_sentence(name: str, command: click.Command) -> None:
    first = (command.help or "").strip().partition("\n")[0]
    assert first.endswith((".", "?")), name
    assert len(first) <= 78
    assert first[0].isupper()


@pytest.mark.parametrize("name", views())
def test_every_view_can_be_asked_for(name: str, run: Run) -> None:
    words = SPOKEN_FOR.get(name, name).split()
    assert run(*words, "--help").code == 0
    assert run(name, "--help").code == 0
    assert (name in UNLISTED) is (name in SPOKEN_FOR)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_printed_for_both_names(shell: str, run: Run) -> None:
    said = run("completion", shell)
    assert said.code == 0
    assert "_LATTICEWORK_COMPLETE" in said.out
    assert "_LW_COMPLETE" in said.out


def test_version_is_said(run: Run) -> None:
    assert run("--version").out.startswith("latticework ")


def test_lines_of_the_help_are_those_of_the_commands() -> None:
    """They are read from files; what click and the views would say is the same."""
    told = {**view_lines(), **command_lines()}
    ours = {name for section in SECTIONS.values() for name in section} | set(views())
    said = {name: (root.get_command(click.Context(root), name) or root).help for name in ours}
    assert told.keys() >= ours
    assert {name: told[name] for name in ours} == {
        name: (doc or "").strip().partition("\n")[0] for name, doc in said.items()
    }
    assert list(view_lines()) == list(views())


def test_a_plugin_is_noticed_before_views_are_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Something installed names the group of views among its entry points."""
    assert not plugins_may_be()
    there = tmp_path / "more-1.0.dist-info"
    there.mkdir()
    (there / "entry_points.txt").write_text("[latticework.views]\nmore = more\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert plugins_may_be()


def test_help_imports_no_view() -> None:
    code = (
        "import sys; from latticework.surfaces.cli import run; run(['--help']);"
        "print([each for each in sys.modules if each.startswith('latticework.views.')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("[]\n")
