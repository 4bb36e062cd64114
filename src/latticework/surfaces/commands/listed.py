"""What a line of help says of each command, read from the files that declare them.

To list commands nothing of them is imported: forty views and what they need
took most of the time of `latticework --help`.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from latticework import views
from latticework.surfaces import commands

UNLISTED = frozenset({"ask", "thing", "findings", "diff", "model", "branches"})
"""Views that a command of another shape draws; by their own name they work too."""

PLUGINS = "latticework.views"
"""The group of entry points under which installed plugins offer views."""

_VIEW = re.compile(
    r'^@(?:sight_)?view\([^\n]*\)\ndef (?P<name>\w+)\([^"]*?:\n    """(?P<says>[^\n]+)', re.M
)
_COMMAND = re.compile(
    r'^@click\.(?:command|group)\((?:"(?P<given>[\w-]+)")?\)\n(?:[@ )][^\n]*\n)*'
    r'def (?P<name>\w+)\([^"]*?:\n    """(?P<says>[^\n]+)',
    re.M,
)


@cache
def view_lines() -> Mapping[str, str]:
    """Views of ours by name, in its order, each with the first line of its doc."""
    return dict(sorted(_lines(_VIEW, views.__path__)))


@cache
def command_lines() -> Mapping[str, str]:
    """Commands of ours that are no views, each with the first line of its doc."""
    return dict(_lines(_COMMAND, commands.__path__))


def plugins_may_be() -> bool:
    """Whether anything that is installed may offer views of its own."""
    return any(_may_offer(Path(each or ".")) for each in sys.path)


def _lines(declared: re.Pattern[str], folders: list[str]) -> Iterator[tuple[str, str]]:
    for folder in folders:
        for file in sorted(Path(folder).glob("*.py")):
            for found in declared.finditer(file.read_text(encoding="utf-8")):
                parts = found.groupdict()
                name = parts.get("given") or parts["name"].strip("_").replace("_", "-")
                yield name, parts["says"].removesuffix('"""').strip()


def _may_offer(place: Path) -> bool:
    if place.is_file():
        return True  # an archive, which is not looked into here
    try:
        named = [each.path for each in os.scandir(place) if each.name.endswith("-info")]
    except OSError:
        return False
    return any(_offers(Path(each, "entry_points.txt")) for each in named)


def _offers(file: Path) -> bool:
    try:
        return f"[{PLUGINS}]" in file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
