"""Where in a file a recipe finds a value: paths, alternatives and steps."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from latticework.base.near import did_you_mean
from latticework.sources.days import ORDERS
from latticework.sources.recipes.steps import STEPS, WITH_ARGUMENT, Step
from latticework.sources.tree import Fields, Items, Said, Tree

_BAR = re.compile(r'\|(?=(?:[^"]*"[^"]*")*[^"]*$)')
_QUOTED = re.compile(r'"([^"]*)"')

HERE, ABOVE, FILE, LIST, IT = "here", "above", "file", "list", "it"


@dataclass(frozen=True, slots=True)
class Path:
    """Where a value stands.

    `start` is HERE, ABOVE, FILE (the file's path), LIST (the path under which
    the recipe found the record) or IT (the record itself, where it is a text).
    `whole` is a key tried first as it is written, dots included.
    """

    start: str
    steps: tuple[str, ...]
    whole: str


@dataclass(frozen=True, slots=True)
class Pick:
    """Alternatives, of which the first with a value counts, then steps.

    `plain` is the one field's name where a pick says nothing else, as most do.
    """

    paths: tuple[Path, ...]
    steps: tuple[Step, ...]
    text: str
    plain: str = field(init=False, default="")

    def __post_init__(self) -> None:
        """Find out once what is asked of every record."""
        first = self.paths[0] if len(self.paths) == 1 and not self.steps else None
        if first is not None and first.start == HERE and len(first.steps) == 1:
            object.__setattr__(self, "plain", first.steps[0])


class PickError(Exception):
    """A pick that cannot be read; says what and what to do."""

    def __init__(self, says: str, hint: str) -> None:
        """Keep the sentence and the hint."""
        super().__init__(says)
        self.says = says
        self.hint = hint


def parse_pick(text: str) -> Pick:
    """Read `a.b or c | lower`; raises PickError."""
    head, *tail = _BAR.split(text)
    paths = tuple(parse_path(part) for part in re.split(r"\s+or\s+", head.strip()))
    return Pick(paths, tuple(_step(part.strip()) for part in tail), text)


def parse_path(text: str) -> Path:
    """Read one path; raises PickError where there is none."""
    whole = text.strip()
    quoted = _QUOTED.fullmatch(whole)
    if quoted:
        return Path(HERE, (quoted[1],), quoted[1])
    if not whole:
        raise PickError("a path is missing", "name a field of the file, such as 'name'")
    first, _, rest = whole.partition(".")
    if whole in {FILE, LIST, IT}:
        return Path(whole, (), whole)
    if first == ABOVE:
        return Path(ABOVE, tuple(rest.split(".")) if rest else (), whole)
    return Path(HERE, tuple(whole.split(".")), whole)


def values_at(tree: Tree, path: Path) -> Iterator[Tree]:
    """The values to which a path leads; lists on the way are gone through."""
    if isinstance(tree, Fields) and path.whole in tree:
        return spread(tree[path.whole])
    found: list[Tree] = [tree]
    for step in path.steps:
        found = [
            part[step]
            for each in found
            for part in spread(each)
            if isinstance(part, Fields) and step in part
        ]
        if not found:
            break
    if not found and len(path.steps) > 2:
        found = list(_dotted(tree, path.steps))
    return (part for each in found for part in spread(each))


def _dotted(tree: Tree, steps: tuple[str, ...]) -> Iterator[Tree]:
    """Values whose name has dots in it, below names that have none."""
    for at in range(1, len(steps) - 1):
        name = ".".join(steps[at:])
        first = steps[:at]
        for each in values_at(tree, Path(HERE, first, ".".join(first))):
            if isinstance(each, Fields) and name in each:
                yield each[name]


def texts_at(tree: Tree, path: Path) -> list[Said]:
    """The texts to which a path leads."""
    return [each for each in values_at(tree, path) if isinstance(each, Said)]


def spread(tree: Tree) -> Iterator[Tree]:
    """The values in a list, lists inside lists gone through; or the value itself."""
    if isinstance(tree, Items):
        for each in tree:
            yield from spread(each)
    elif tree is not None:
        yield tree


def _step(text: str) -> Step:
    name, _, rest = text.partition(" ")
    rest = rest.strip()
    if name not in STEPS:
        hint = did_you_mean(name, STEPS, otherwise="the steps are " + ", ".join(sorted(STEPS)))
        raise PickError(f"unknown step '{name}'", hint)
    quoted = _QUOTED.fullmatch(rest)
    argument = quoted[1] if quoted else rest
    if name in WITH_ARGUMENT and not argument:
        raise PickError(f"step '{name}' lacks its argument", f'write {name} "…"')
    if name not in WITH_ARGUMENT and argument:
        raise PickError(f"step '{name}' takes no argument, and has '{argument}'", f"write {name}")
    if name == "segment" and not re.fullmatch(r"-?[1-9]\d*", argument):
        raise PickError(f"'{argument}' is no place in a path", "write segment 1, or segment -1")
    if name == "day" and argument not in ORDERS:
        raise PickError(f"'{argument}' is no order of a day", 'write day "day first"')
    return Step(name, argument, STEPS[name])
