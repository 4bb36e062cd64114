"""Every fenced example of the documentation runs.

In one page, in order: a `console` fence holds commands after `$ `, and below
each the lines that its output must show (`…` stands for any text; a line
`(exits 1)` names an exit code other than 0). A `yaml` or `csv` fence whose first line
is a comment with a file's name writes that file. A `python` fence is run. A
`query` fence holds one question of the starter pack a line.
"""

from __future__ import annotations

import os
import re
import shlex
import textwrap
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from latticework.model.load import load
from latticework.query.ask import parse_for
from latticework.query.resolve import resolve
from latticework.surfaces import cli

ROOT = Path(__file__).parent.parent.parent
PAGES = sorted(
    path
    for path in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md"))
    if "reference" not in path.parts and "decisions" not in path.parts
)
FENCE = re.compile(
    r"^(?P<ticks>`{3,})(?P<word>\w+)\n(?P<text>.*?)^(?P=ticks)$", re.DOTALL | re.MULTILINE
)
NAMED = re.compile(r"# (?P<name>[\w./-]+\.\w+)\n")
EXITS = re.compile(r"\(exits (\d+)\)")


@dataclass
class Call:
    """One command of a page and what its output must show."""

    line: str
    code: int = 0
    shows: list[str] = field(default_factory=list)


def calls_in(text: str) -> list[Call]:
    calls: list[Call] = []
    for line in textwrap.dedent(text).splitlines():
        if line.startswith("$ "):
            calls.append(Call(line[2:]))
        elif found := EXITS.fullmatch(line.strip()):
            calls[-1].code = int(found[1])
        elif line.strip():
            calls[-1].shows.append(line)
    return calls


def squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def shown(line: str, output: str) -> bool:
    parts = (re.escape(squeezed(part)) for part in line.split("…"))
    return re.search(".*".join(parts), output) is not None


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_example_runs(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("LATTICEWORK_DEBUG", "1")
    for fence in FENCE.finditer(page.read_text(encoding="utf-8")):
        text, word = fence["text"], fence["word"]
        named = NAMED.match(text)
        if named and word in {"yaml", "csv", "markdown", "toml"}:
            path = Path(named["name"])
            path.parent.mkdir(parents=True, exist_ok=True)
            # A comment's mark is a heading's in Markdown, and a header's in a sheet.
            bare = word in {"csv", "markdown"}
            path.write_text(text[named.end() :] if bare else text, encoding="utf-8")
        elif word == "console":
            for call in calls_in(text):
                run(call, capfd)
        elif word == "python":
            exec(compile(text, str(page), "exec"), {"__name__": "example"})
        elif word == "query":
            ask_starter(text)


def run(call: Call, capfd: pytest.CaptureFixture[str]) -> None:
    program, *words = shlex.split(call.line, comments=True)
    if program == "cd":
        os.chdir(words[0])
        return
    assert program in {"latticework", "lw"}, f"no example runs '{program}'"
    capfd.readouterr()
    code = cli.run(words)
    output = "\n".join(capfd.readouterr())
    assert code == call.code, f"{call.line}\n{output}"
    flat = squeezed(output)
    missing = [line for line in call.shows if not shown(line, flat)]
    assert not missing, f"{call.line} does not show {missing}\n{output}"


def ask_starter(text: str) -> None:
    model = load("uses: [starter]\n").model
    for line in text.strip().splitlines():
        question = line.partition("    #")[0]
        resolve(parse_for(model, question), model, today=date(2026, 11, 15), text=question)


def test_there_are_pages_to_run() -> None:
    assert len(PAGES) > 3
