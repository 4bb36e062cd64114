"""Write docs/reference from the declarations themselves; --check tells what is stale."""

from __future__ import annotations

import argparse
import inspect
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import click
from findings import Said, codes_in, drawn

from latticework.analysis.judge import rules
from latticework.analysis.reading import readings
from latticework.base.registry import Declared
from latticework.model.keys import SECTIONS, Key
from latticework.model.load import load
from latticework.query.function import functions
from latticework.sources.fetch.fetcher import Setting, fetchers
from latticework.sources.fetch.plan import GENERAL
from latticework.sources.source import sources
from latticework.surfaces.cli import SECTIONS as COMMANDS
from latticework.surfaces.cli import root
from latticework.surfaces.web.api.call import calls
from latticework.views.catalogue import views

REFERENCE = Path(__file__).parent.parent / "docs" / "reference"
WRITTEN_BY = "<!-- Written by tools/manual.py; change the declarations instead. -->"
STARTER = "uses: [starter]\n"


def rules_page() -> Iterator[str]:
    """Every rule, those in Python and those of the starter pack."""
    yield from head("Rules", "What `latticework check` looks for. Each may be silenced by code.")
    yield "## Rules of the kernel\n"
    for rule in rules().values():
        yield f"### {rule.code} {rule.name}\n"
        yield f"{rule.severity.word.capitalize()}. {text_of(rule)}\n"
    yield "## Rules of the starter pack\n"
    yield "They are queries; a company may change or drop each one.\n"
    for query in load(STARTER).model.rules:
        yield f"### {query.code} {query.name}\n"
        yield f"{query.severity.capitalize()}. {query.purpose}\n"
        yield f"```\n{query.flags}\n```\n"
        hint = f" Hint: {query.hint}." if query.hint else ""
        yield f"Says: {query.says}.{hint}\n"


def readings_page() -> Iterator[str]:
    """Every reading, what it is given, and how the starter pack binds them."""
    yield from head("Readings", "Figures that a model binds to its own words; each says why.")
    for reading in readings().values():
        yield f"## {reading.name}\n"
        yield f"{text_of(reading)}\n"
        for need in reading.needs:
            told = [need.sort.value, *(("several",) if need.many else ())]
            told += [f"else {' | '.join(need.default)}"] if need.default else []
            told += [] if need.required or need.default else ["may be left out"]
            yield f"- `{need.name}` {need.says} ({', '.join(told)})"
        yield ""
    yield "## Bound by the starter pack\n"
    for bound in load(STARTER).model.readings:
        yield f"- `{bound.name}` computed by {bound.computes}: {bound.purpose}"
    yield ""


def functions_page() -> Iterator[str]:
    """Every function of the query language."""
    yield from head("Functions", "Words of the query language that work something out.")
    yield from declared(functions())


def sources_page() -> Iterator[str]:
    """Every format that a recipe can read."""
    yield from head("Sources", "Formats that a recipe can read.")
    for source in sources().values():
        endings = ", ".join(f"`{each}`" for each in source.reads)
        yield f"## {source.name}\n"
        yield f"Reads {endings}. {text_of(source)}\n"


def fetchers_page() -> Iterator[str]:
    """Every fetcher with its settings."""
    yield from head(
        "Fetchers",
        "Whom a recipe's `fetch:` may name under `from:`. [The guide](../guides/syncing.md).",
    )
    yield "## All of them\n"
    for word, says in GENERAL.items():
        yield f"- `{word}` {says[:1].upper()}{says[1:]}."
    yield ""
    for each in fetchers().values():
        yield f"## {each.name}\n"
        yield f"{text_of(each)} What it brings is read by `{each.source}`.\n"
        for setting in each.settings:
            yield f"- `{setting.name}` {setting.says}{_default(setting)}"
        yield ""


def _default(setting: Setting) -> str:
    """What a setting is where nothing is said, and what sort of value it takes."""
    if setting.needed:
        return f" Needed, {setting.sort}."
    value = setting.default
    if isinstance(value, bool):
        return f" {'Yes' if value else 'No'}, without."
    shown = ", ".join(value) if isinstance(value, tuple) else str(value)
    return f" {setting.sort.capitalize()}{f', `{shown}` without' if shown else ''}."


def views_page() -> Iterator[str]:
    """Every view, with what its reader may choose."""
    yield from head("Views", "Named questions: a command, a web page and JSON for each.")
    for view in views().values():
        yield f"## {view.name}\n"
        yield f"{text_of(view)}\n"
        for param in view.params:
            yield f"- `{param.name}` {param.says}"
        yield ""


def model_page() -> Iterator[str]:
    """Every key of a model file."""
    yield from head("Model file", "Every key that `latticework.yaml` may hold.")
    for section, keys in SECTIONS.items():
        yield f"## {section}\n"
        for name, key in keys.items():
            yield f"- `{name}` {key_of(key)}"
        yield ""


def commands_page() -> Iterator[str]:
    """Every command with its help."""
    yield from head(
        "Commands", "Exit codes: 0 fine, 1 errors found or a change refused, 2 wrong use."
    )
    context = click.Context(root, info_name="latticework", max_content_width=88)
    for title, names in COMMANDS.items():
        yield f"## {title}\n"
        for name in names:
            command = root.get_command(context, name)
            if command is not None:
                yield from command_help(command, name, context)


def command_help(command: click.Command, name: str, parent: click.Context) -> Iterator[str]:
    """The help of a command and of the commands inside it."""
    context = click.Context(command, info_name=name, parent=parent, max_content_width=88)
    yield f"### {context.command_path}\n"
    shown = "\n".join(line.rstrip() for line in command.get_help(context).splitlines())
    yield f"```text\n{shown}\n```\n"
    if isinstance(command, click.Group):
        for inner in command.list_commands(context):
            found = command.get_command(context, inner)
            if found is not None:
                yield from command_help(found, inner, context)


def http_page() -> Iterator[str]:
    """Every call of the HTTP interface: what it takes and what it gives."""
    yield from head(
        "Calls over HTTP",
        "What is wrong comes as problem details with findings. How they go together: "
        "[the guide](../guides/http.md). The same as OpenAPI 3.1: `/openapi.json`.",
    )
    for each in sorted(calls(), key=lambda each: (each.path, each.method)):
        yield f"## {each.method} {each.path}\n"
        yield f"{text_of(each)}\n"
        for says, shape in (
            ("Parameters", each.given),
            ("Body", each.takes),
            ("Gives", each.gives),
        ):
            if isinstance(shape, str):
                yield f"{says}: `{shape}`.\n"
            elif shape is not None and shape.__struct_fields__:
                fields = ", ".join(f"`{name}`" for name in shape.__struct_fields__)
                yield f"{says}: {fields}. {inspect.cleandoc(shape.__doc__ or '')}\n"


def findings_page() -> Iterator[str]:
    """Every code of a finding, with what it says and what to do."""
    says = "What is wrong or surprising, by its code: the sentence as it is written, with … for what only the case tells, and the hint."
    yield from head("Findings", says)
    packs = {
        each.code: [Said(each.says, each.hint, each.severity)] for each in load(STARTER).model.rules
    }
    yield from drawn(codes_in(), packs)


def head(title: str, says: str) -> Iterator[str]:
    """The beginning of a page."""
    yield f"# {title}\n"
    yield f"{WRITTEN_BY}\n"
    yield f"{says}\n"


def declared(found: Mapping[str, Declared]) -> Iterator[str]:
    """A section for each declaration."""
    for item in found.values():
        yield f"## {item.name}\n"
        yield f"{text_of(item)}\n"


def text_of(item: Declared) -> str:
    """A declaration's docstring without its indentation."""
    return inspect.cleandoc(item.doc)


def key_of(key: Key) -> str:
    """What a key of the model file says, with its choices."""
    choices = f" One of {', '.join(key.choices)}." if key.choices else ""
    return f"{key.says}{choices}{' Required.' if key.required else ''}"


PAGES: Mapping[str, Callable[[], Iterator[str]]] = {
    "rules": rules_page,
    "readings": readings_page,
    "functions": functions_page,
    "sources": sources_page,
    "fetchers": fetchers_page,
    "views": views_page,
    "model": model_page,
    "commands": commands_page,
    "http": http_page,
    "findings": findings_page,
}


def write() -> list[str]:
    """Write each page that differs from what stands; their names."""
    REFERENCE.mkdir(parents=True, exist_ok=True)
    changed = []
    for name, page in PAGES.items():
        path = REFERENCE / f"{name}.md"
        wanted = text(page)
        if not path.exists() or path.read_text(encoding="utf-8") != wanted:
            path.write_text(wanted, encoding="utf-8")
            changed.append(path.name)
    return changed


def stale() -> list[str]:
    """Names of pages that differ from the declarations."""
    return [
        f"{name}.md"
        for name, page in PAGES.items()
        if not (REFERENCE / f"{name}.md").exists()
        or (REFERENCE / f"{name}.md").read_text(encoding="utf-8") != text(page)
    ]


def text(page: Callable[[], Iterator[str]]) -> str:
    """A page as one text."""
    return "\n".join(page()).rstrip() + "\n"


def run() -> int:
    """Write the pages, or with --check say which are stale."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail where stale")
    if not parser.parse_args().check:
        for name in write():
            print(f"wrote docs/reference/{name}")
        return 0
    names = stale()
    if names:
        print(f"stale: {', '.join(names)} — run 'make docs'")
    return 1 if names else 0


if __name__ == "__main__":
    sys.exit(run())
