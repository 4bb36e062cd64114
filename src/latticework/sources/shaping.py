"""Small steps from another tool's nested values to the shape a source promises."""

from __future__ import annotations

from collections.abc import Container, Iterable

from latticework.base.findings import Place, warning
from latticework.sources.days import day_of_text
from latticework.sources.recipes.picks import spread
from latticework.sources.tree import Fields, Items, Read, Said, Tree, line_of


def at(tree: Tree, *names: str) -> Tree:
    """What stands below these names; None where there is nothing."""
    for name in names:
        tree = tree.get(name) if isinstance(tree, Fields) else None
    return tree


def text_at(tree: Tree, *names: str) -> str:
    """The text below these names; empty where there is none."""
    found = at(tree, *names)
    return str(found) if isinstance(found, Said) else ""


def first_of(tree: Tree, *names: str) -> Tree:
    """What stands under the first of these names that holds something."""
    for name in names:
        found = at(tree, *name.split("."))
        if found is not None and found != "":
            return found
    return None


def keep(out: Fields, name: str, value: Tree) -> None:
    """Set a named value, unless there is none."""
    if value is not None and value != "" and (isinstance(value, Said) or value):
        out[name] = value


def words(text: str) -> frozenset[str]:
    """The words of a text, blanks between them."""
    return frozenset(text.split())


def keep_rest(out: Fields, tree: Tree, used: Container[str]) -> None:
    """Keep what nobody named under the source's own names, so that it is not lost."""
    for name, value in tree.items() if isinstance(tree, Fields) else ():
        if name not in used and name not in out:
            keep(out, name, value)


def below(out: Fields, name: str) -> Fields:
    """The named values under a name, begun where there are none.

    A text that stood there, as a column of that name may, stands in them.
    """
    inner = out.get(name)
    if not isinstance(inner, Fields):
        known, inner = inner, Fields(out.line)
        keep(inner, name, known)
        out[name] = inner
    return inner


def day_at(tree: Tree, *names: str) -> Tree:
    """The day of the instant below these names; other texts as they are."""
    said = at(tree, *names)
    return Said(day_of_text(said), said.line, said.column) if isinstance(said, Said) else None


def listed(trees: Iterable[Tree], line: int = 0) -> Items | None:
    """Values in a row; None where there are none."""
    items = Items(line)
    items.extend(trees)
    return items or None


def told_whole(out: Fields, read: Read, says: str, hint: str) -> Read:
    """What was found in answers; a finding where they hold something, and nothing is told whole."""
    findings = list(read.findings)
    if not out and read.tree is not None:
        findings.append(warning("SOURCE070", says, hint=hint, place=Place(line=1)))
    return Read(out or None, tuple(findings))


def nodes_of(tree: Tree) -> Iterable[Tree]:
    """The values of a list, of a page's `nodes`, or of its `edges`."""
    if isinstance(tree, Fields) and "nodes" in tree:
        return spread(tree["nodes"])
    if isinstance(tree, Fields) and "edges" in tree:
        return (at(each, "node") for each in spread(tree["edges"]))
    return spread(tree)


def names_of(tree: Tree, *names: str) -> Items | None:
    """The first of these names that each value of a list or page has, or the text it is."""
    found = (each if isinstance(each, Said) else first_of(each, *names) for each in nodes_of(tree))
    return listed((each for each in found if isinstance(each, Said)), line_of(tree))


def parts_of(tree: Tree, mark: str) -> Items | None:
    """The parts of a text between marks, each on the text's line."""
    if not isinstance(tree, Said):
        return None
    parts = (part.strip() for part in tree.split(mark))
    return listed((Said(part, tree.line, tree.column) for part in parts if part), tree.line)


def turn(line: int, when: Tree, by: Tree, field: str, before: Tree, after: Tree) -> Fields:
    """One turn of a history in the shape all sources share."""
    out = Fields(line)
    keep(out, "when", when)
    keep(out, "by", by)
    out["field"] = Said(field, line)
    keep(out, "before", before)
    keep(out, "after", after)
    return out
