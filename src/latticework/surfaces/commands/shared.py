"""What several commands take: where, when, on which branch, in which form."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import click

from latticework.base.findings import Finding, Refused, Severity, error, has_errors
from latticework.surfaces.person import present_person

if TYPE_CHECKING:
    from latticework.views.page import Page
    from latticework.workspace import Workspace

P = ParamSpec("P")
R = TypeVar("R")
Wrapped = Callable[P, R]

TAKEN = ("md", "xlsx", "svg")
"""Forms of a page to be kept or sent; the others are a drawing or data."""

FOUND_ERRORS = 1
WRONG_USE = 2
INNER = ".latticework"


class WrongUse(click.UsageError):
    """The command was called in a way it does not understand."""

    def __init__(self, finding: Finding) -> None:
        """Keep the finding, which says it better than a sentence alone."""
        super().__init__(finding.says)
        self.finding = finding


class DayType(click.ParamType[str]):
    """A day, an instant or a moment's name, kept as written: the company decides later."""

    name = "day"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """The text; only the company's model knows which names its days have."""
        text = str(value).strip()
        return "now" if text.casefold() == "today" else text


DAY = DayType()
OUT = click.Path(dir_okay=False, allow_dash=True)
_FORMS = {"json": "as_json", "csv": "as_csv", "md": "as_md", "xlsx": "xlsx", "svg": "svg"}
"""Forms of an answer, each with the name under which its option comes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """At which moment, on which branch, and in which form to answer.

    `file` is where the answer goes; empty or `-` for the terminal or pipe.
    """

    at: str | None
    known: str | None
    branch: str
    form: str
    file: str = ""

    @property
    def is_taken(self) -> bool:
        """Whether the answer is a page to be kept, as the web gives it out."""
        return self.form in TAKEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """Who writes, why, since when it is so, where, and whether for real."""

    by: str
    why: str
    valid: str | None
    branch: str
    dry_run: bool


def reads(command: Callable[..., R]) -> Callable[..., R]:
    """Give a command the options of every reading command, as `reading`."""

    @click.option("--at", type=DAY, metavar="DAY", help="Answer as of this day or instant.")
    @click.option("--known", type=DAY, metavar="DAY", help="With what was recorded by then.")
    @click.option("--branch", default="main", show_default=True, help="Ask this branch.")
    @click.option("--json", "as_json", is_flag=True, help="Print rows as JSON.")
    @click.option("--csv", "as_csv", is_flag=True, help="Print rows as CSV.")
    @click.option("--md", "as_md", is_flag=True, help="Print the page as Markdown.")
    @click.option("--xlsx", type=OUT, metavar="FILE", help="Write rows as an Excel sheet.")
    @click.option("--svg", type=OUT, metavar="FILE", help="Write the drawing as SVG.")
    @functools.wraps(command)
    def read(*args: object, at: str | None, known: str | None, branch: str, **rest: object) -> R:
        asked = {name: rest.pop(dest) for name, dest in _FORMS.items()}
        form, file = _form_of(asked)
        reading = Reading(at=at, known=known, branch=branch, form=form, file=file)
        return command(*args, reading=reading, **rest)

    return read


def _form_of(asked: Mapping[str, object]) -> tuple[str, str]:
    """The form that was asked for, and its file; raises UsageError for two of them."""
    wanted = [name for name, given in asked.items() if given]
    if len(wanted) > 1:
        message = f"--{wanted[0]} and --{wanted[1]} exclude each other"
        raise click.UsageError(message)
    if not wanted:
        return "", ""
    given = asked[wanted[0]]
    return wanted[0], given if isinstance(given, str) else ""


def writes(command: Callable[..., R]) -> Callable[..., R]:
    """Give a command the options of every editing verb, as `writing`."""

    @click.option("--by", default="", metavar="NAME", help="Who says so; you, without it.")
    @click.option("--why", default="", metavar="TEXT", help="The reason, kept in the journal.")
    @click.option(
        "--valid",
        "--at",
        "valid",
        type=DAY,
        metavar="DAY",
        help="Since when it is so; now, without it.",
    )
    @click.option("--branch", default="main", show_default=True, help="Write on this branch.")
    @click.option("--dry-run", is_flag=True, help="Check, and record nothing.")
    @functools.wraps(command)
    def write(
        *args: object,
        by: str,
        why: str,
        valid: str | None,
        branch: str,
        dry_run: bool,
        **rest: object,
    ) -> R:
        writing = Writing(
            by=by or present_person(), why=why, valid=valid, branch=branch, dry_run=dry_run
        )
        return command(*args, writing=writing, **rest)

    return write


def company_folder() -> Path:
    """The folder given with -C, else this one or the nearest above with a company."""
    root = click.get_current_context().find_root()
    given = (root.params or {}).get("folder")
    if given is not None:
        return Path(str(given))
    here = Path.cwd()
    return next((each for each in (here, *here.parents) if (each / INNER).is_dir()), Path())


def open_company() -> Workspace:
    """The workspace that this call is about, closed when the command ends."""
    from latticework.workspace import Workspace

    workspace = Workspace.open(company_folder())
    click.get_current_context().call_on_close(workspace.close)
    return workspace


def show_page(page: Page, form: str = "") -> None:
    """Print a page in the form that was asked for."""
    if form:
        from latticework.surfaces import data

        lines = data.json_lines(page.data) if form == "json" else data.csv_lines(page.data)
        if form == "json" and page.ref:
            lines = iter([data.to_json(next(iter(page.data), {}), indent=2)])
        for line in lines:
            click.echo(seen(line), color=True)
        return
    from latticework.surfaces import text
    from latticework.surfaces.terminal import console

    text.draw(page, console())


def seen(data: str) -> str:
    """Data as it is for a program; without what a terminal would obey for a person."""
    if not sys.stdout.isatty():
        return data
    from latticework.surfaces.text_spans import visible

    return "\n".join(visible(line) for line in data.split("\n"))


def show_findings(findings: Iterable[Finding], *, text: str = "") -> None:
    """Draw findings on the error stream; `text` is what they point into."""
    every = tuple(findings)
    if not every:
        return
    from latticework.surfaces.terminal import console
    from latticework.surfaces.text import print_lines
    from latticework.surfaces.text_findings import findings_lines
    from latticework.views.blocks import Findings

    screen = console(err=True)
    width = screen.width if screen.is_terminal else None
    block = Findings(findings=every)
    print_lines(findings_lines(block, width=width, indent=0, text=text), screen)


def ask_first(command: str, question: str, about: Iterable[str] = ()) -> None:
    """Go on only where somebody at the terminal says yes to what cannot be undone."""
    if not sys.stdin.isatty():
        says = f"'{command}' asks before it removes for good, and nobody is there to answer"
        raise WrongUse(error("CLI008", says, hint="add --yes once you are sure"))
    for line in about:
        say(f"  {line}", err=True)
    if not click.confirm(question, err=True):
        say("Nothing was removed.")
        click.get_current_context().exit(FOUND_ERRORS)


@contextmanager
def pointing_into(text: str) -> Iterator[None]:
    """Show findings about a text with the place they mean, and end with 1."""
    try:
        yield
    except Refused as refused:
        show_findings(refused.findings, text=text)
        click.get_current_context().exit(exit_code_of(refused.findings))


def exit_code_of(findings: Iterable[Finding]) -> int:
    """How a refused command ends: a moment as it was typed is wrong use of the line.

    Only the company can read it, for its days may have names.
    """
    return WRONG_USE if all(each.code == "TIME001" for each in findings) else FOUND_ERRORS


def exit_by(findings: Iterable[Finding]) -> None:
    """End with 1 where a finding is an error."""
    if has_errors(findings):
        click.get_current_context().exit(FOUND_ERRORS)


def say(text: str, *, err: bool = False) -> None:
    """A line for the person who called."""
    click.echo(text, err=err)


def severity_words() -> tuple[str, ...]:
    """What `--severity` takes, least first."""
    return tuple(each.word for each in Severity)
