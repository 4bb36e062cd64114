"""The command line: `latticework`, in short `lw`.

Exit codes: 0 fine; 1 findings of severity error, or a refused change; 2 wrong
use; 130 interrupted.
"""

from __future__ import annotations

import contextlib
import copy
import importlib
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence

import click

from latticework import __version__
from latticework.base.findings import Finding, Refused, error
from latticework.base.near import did_you_mean
from latticework.surfaces.commands.listed import UNLISTED, command_lines, plugins_may_be, view_lines
from latticework.surfaces.commands.shared import (
    FOUND_ERRORS,
    WRONG_USE,
    WrongUse,
    exit_code_of,
    show_findings,
)

DEBUG = "LATTICEWORK_DEBUG"
INTERRUPTED = 130
BROKEN_PIPE = 141
NAME = "latticework"
NAMES = (NAME, "lw")

SECTIONS: dict[str, dict[str, str]] = {
    "Begin": {"init": "begin", "demo": "begin", "import": "bring", "serve": "begin"},
    "Ask": {
        "ask": "ask",
        "show": "ask",
        "diff": "ask",
        "check": "ask",
        "explain": "ask",
        "sql": "sql",
        "kinds": "views",
        "tree": "views",
        "lineage": "views",
        "feed": "views",
    },
    "Change": {
        "put": "change",
        "connect": "change",
        "disconnect": "change",
        "move": "change",
        "retire": "change",
        "undo": "change",
        "join": "join",
        "split": "join",
        "decide": "conflicts",
        "branch": "branch",
    },
    "Look after": {
        "fetch": "fetch",
        "sync": "sync",
        "model": "model",
        "mend": "mend",
        "silence": "silence",
        "verify": "keep",
        "redact": "redact",
        "export": "keep",
        "restore": "keep",
        "completion": "keep",
    },
}
"""Commands in the order of the help, each with the module that holds it."""

_FURTHER = "Further views"


class Commands(click.Group):
    """Every command, found by name and imported when it is wanted."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of the help, then views of plugins."""
        ours = [name for section in SECTIONS.values() for name in section]
        return [*ours, *(name for name in _view_names() if name not in ours)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name; a view's name is a command too."""
        for section in SECTIONS.values():
            if cmd_name in section:
                module = section[cmd_name]
                return _load(module, cmd_name)
        return _views().get(cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with a hint where the name is close to another."""
        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            hint = did_you_mean(
                args[0], self.list_commands(ctx), otherwise=f"see all with: {NAME} --help"
            )
            raise WrongUse(error("CLI001", f"no command '{args[0]}'", hint=hint, value=args[0]))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Commands by what people do with them."""
        ours = {name for section in SECTIONS.values() for name in section}
        further = {name: "" for name in _view_names() if name not in ours | UNLISTED}
        for title, names in {**SECTIONS, _FURTHER: further}.items():
            lines = [(name, line) for name in names if (line := self._line(ctx, name))]
            if lines:
                with formatter.section(title):
                    formatter.write_dl(lines)

    def _line(self, ctx: click.Context, name: str) -> str:
        """A command's line in the help, from its file where that tells; else it is imported."""
        line = command_lines().get(name) or view_lines().get(name)
        if line:
            return line
        command = self.get_command(ctx, name)
        return "" if command is None else _first_line(command)


@click.group(
    cls=Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="latticework COMMAND --help tells more. Docs: docs/ in the project.",
)
@click.option(
    "-C",
    "folder",
    metavar="DIR",
    type=click.Path(),
    help="The company's folder; without it, the nearest one from here upwards.",
)
@click.version_option(__version__, prog_name=NAME, message="%(prog)s %(version)s")
@click.pass_context
def root(ctx: click.Context, folder: str | None) -> None:
    """A living, versioned model of how your company works, in its own words."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def main() -> None:
    """Run the command line and leave with its exit code."""
    for name in NAMES:
        if f"_{name.upper()}_COMPLETE" in os.environ:
            root.main(prog_name=name)
    sys.exit(run(sys.argv[1:]))


def run(args: Sequence[str]) -> int:
    """Run one command; the exit code."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # io.TextIOWrapper
    return guarded(lambda: _invoke(args))


def _invoke(args: Sequence[str]) -> object:
    """Click's own main would end the process on a broken pipe."""
    _refuse_unread(args)
    try:
        with root.make_context(NAME, list(args)) as context:
            return root.invoke(context)
    except click.exceptions.Exit as left:
        return left.exit_code


def _refuse_unread(args: Sequence[str]) -> None:
    """Raise WrongUse for a word whose bytes the terminal's encoding does not know."""
    for each in args:
        try:
            each.encode()
        except UnicodeEncodeError:
            shown = each.encode(errors="replace").decode()[:80]
            hint = "type it again, in a terminal whose LANG names UTF-8"
            says = f"'{shown}' holds bytes that are no UTF-8 text"
            raise WrongUse(error("CLI007", says, hint=hint, value=shown)) from None


def guarded(action: Callable[[], object]) -> int:
    """The exit code of an action: never a traceback, unless one is asked for."""
    try:
        code = action()
        sys.stdout.flush()
    except Refused as refused:
        show_findings(refused.findings)
        return exit_code_of(refused.findings)
    except click.UsageError as wrong:
        show_findings([_wrong_use(wrong)])
        return WRONG_USE
    except click.ClickException as stopped:
        show_findings([error("CLI003", stopped.format_message())])
        return FOUND_ERRORS
    except (KeyboardInterrupt, click.Abort):
        click.echo("stopped; what was recorded before stays recorded", err=True)
        return INTERRUPTED
    except BrokenPipeError:
        return _broken_pipe()
    except Exception as problem:
        if os.environ.get(DEBUG):
            raise
        show_findings([_internal(problem)])
        return FOUND_ERRORS
    return code if isinstance(code, int) else 0


def _load(module: str, name: str) -> click.Command | None:
    if module == "views":
        return _views().get(name)
    found = importlib.import_module(f"latticework.surfaces.commands.{module}")
    named = (each for each in _commands_in(vars(found)) if each.name == name)
    return next((_laid_out(each) for each in named), None)


def _laid_out(command: click.Command) -> click.Command:
    """The command, and those inside it, with examples that keep their line ends."""
    import inspect

    made = copy.copy(command)
    made.help = _with_kept_lines(inspect.cleandoc(command.help or ""))
    if isinstance(made, click.Group):
        made.commands = {name: _laid_out(each) for name, each in made.commands.items()}
    return made


def _with_kept_lines(doc: str) -> str:
    """A help text in which click re-wraps no indented paragraph."""
    paragraphs = doc.split("\n\n")
    return "\n\n".join(f"\b\n{each}" if each.startswith(" ") else each for each in paragraphs)


def _commands_in(names: dict[str, object]) -> Iterator[click.Command]:
    return (each for each in names.values() if isinstance(each, click.Command))


def _views() -> dict[str, click.Command]:
    from latticework.surfaces.commands.views import view_commands

    return {name: _laid_out(each) for name, each in view_commands().items()}


def _view_names() -> Iterable[str]:
    """Names of views; those of plugins are found only by importing all there are."""
    return _views() if plugins_may_be() else view_lines()


def _first_line(command: click.Command) -> str:
    return (command.help or "").strip().partition("\n")[0]


def _wrong_use(wrong: click.UsageError) -> Finding:
    """Click's complaint in our words, with what to type instead."""
    if isinstance(wrong, WrongUse):
        return wrong.finding
    path = wrong.ctx.command_path if wrong.ctx else NAME
    hint = f"see: {path} --help"
    match wrong:
        case click.NoSuchOption():
            near = " or ".join(wrong.possibilities or ())
            says = f"'{path}' has no option '{wrong.option_name}'"
            return error("CLI001", says, hint=f"did you mean {near}?" if near else hint)
        case click.MissingParameter() if wrong.param is not None:
            named = wrong.param.make_metavar(wrong.ctx) if wrong.ctx else wrong.param.name
            if isinstance(wrong.param, click.Option):
                named = f"{wrong.param.opts[-1]} {named}"
            return error("CLI002", f"'{path}' needs {named}", hint=hint)
        case _:
            says = wrong.message.rstrip(".")
            return error("CLI001", says[:1].lower() + says[1:], hint=hint)


def _internal(problem: Exception) -> Finding:
    return error(
        "INTERNAL001",
        f"the tool met something it did not expect: {type(problem).__name__}: {problem}",
        hint=(
            "nothing half-done was recorded; run it again with LATTICEWORK_DEBUG=1 and report"
            " what it prints to the project's issues"
        ),
    )


def _broken_pipe() -> int:
    """Nobody reads on; keep Python from complaining about that at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return BROKEN_PIPE
