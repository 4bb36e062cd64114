"""From what a file says to records: things and edges with their lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from latticework.base.findings import Finding, Place, Severity
from latticework.base.near import did_you_mean, near
from latticework.base.refs import ref_of
from latticework.journal.changes import Value
from latticework.sources.days import day_of_text
from latticework.sources.intakes.story import CellTurn, EdgeTurn, Story, Texts, Turn
from latticework.sources.intakes.unread import kept_raw, plans_of_lists
from latticework.sources.recipes.parts import (
    CALLED,
    Cell,
    History,
    Part,
    Recipe,
    Seeks,
    Start,
    Tie,
    Turned,
    Where,
)
from latticework.sources.recipes.picks import ABOVE, FILE, IT, LIST, Path, Pick, spread, values_at
from latticework.sources.recipes.steps import run_steps
from latticework.sources.tree import LONGEST_VALUE, Fields, Items, Read, Said, Tree, line_of

Found = tuple[str, Value, int]
"""A field's name, its value, and how far below the record's line it stands."""


Layout = tuple[str | int, ...]
"""Names inside a value, and how far below its first line its texts stand."""


FEW_REFS = 10_000
"""Refs that are remembered: what many records name, such as a team, stays among them."""


class Edge(NamedTuple):
    """An edge that a record states.

    `target` is a ref; with `by` (kinds and fields) the value to find it by;
    empty for the enclosing record. `back`: the target is the edge's source.
    `line` counts from the record's.
    """

    link: str
    back: bool
    target: str
    by: Seeks | None
    fields: tuple[Found, ...]
    line: int


class Record(NamedTuple):
    """One thing as one place of a file states it.

    `part` numbers the recipe's part; `ref` is the ref that the key asks for.
    `valid` is the text that says since when, empty where none is looked for;
    `later` says it for a thing known before; `story` tells what was before.
    `names` are the names by which links find the thing, where they seek it.
    """

    part: int
    ref: str
    key: str
    cells: tuple[Found, ...]
    edges: tuple[Edge, ...]
    valid: str = ""
    later: str = ""
    story: Story | None = None
    names: Texts = ()


class Spotted(NamedTuple):
    """A record in a piece: its line there, what it was read from, what encloses it.

    `list` is where the recipe found it. `above` numbers the enclosing record
    among those of the piece, -1 for none; `before` the equal record of the
    piece's former version, or -1. `layout` tells on which lines its texts stand.
    """

    record: Record
    line: int
    tree: Tree
    list: str
    above: int
    before: int
    layout: Layout


class Records(NamedTuple):
    """The records of one piece of a file, and what was odd about them."""

    found: tuple[Spotted, ...]
    findings: tuple[Finding, ...]


NOTHING = Records((), ())


class _Here(NamedTuple):
    """Where a record is read: its value, list, number and enclosing record."""

    tree: Tree
    list: str
    number: int
    above: _Here | None


class Reading:
    """Reads the records of one file by a recipe."""

    def __init__(self, recipe: Recipe, file: str, *, again: bool = True) -> None:
        """Ready for any piece of the file; `again` where further versions are compared."""
        self._recipe = recipe
        self._raw = plans_of_lists(recipe)
        self._file = file
        self._again = again
        self._found: list[Spotted] = []
        self._findings: list[Finding] = []
        self._former: Mapping[tuple[int, str, str], list[int]] = {}
        self._before = NOTHING
        self._ref = ""
        self._line = 0

    def records(self, said: Read, before: Records = NOTHING) -> Records:
        """The records of a piece; lines count from the piece's first.

        Records of the piece's former version that are equal are taken over.
        """
        self._found, self._before = [], before
        self._former = _by_place(before)
        self._findings = [_in_file(each, self._file) for each in said.findings]
        heres: dict[str, list[_Here]] = {}
        root = _Here(said.tree, "", -1, None)
        for number, part in enumerate(self._recipe.parts):
            mine = heres.setdefault(part.kind.name, [])
            for start in part.starts:
                for above in list(heres.get(start.above, ())) if start.above else [root]:
                    mine.extend(self._read(number, part, start, above))
        return Records(tuple(self._found), tuple(self._findings))

    def _read(self, number: int, part: Part, start: Start, above: _Here) -> Iterator[_Here]:
        """The records of one list, each as a place to read further ones from."""
        trees = values_at(above.tree, start.path) if start.path.steps else spread(above.tree)
        for tree in trees:
            if tree is None:
                continue
            here = _Here(tree, start.text, len(self._found), above)
            layout = _layout(tree) if self._again else ()
            before = self._find_former(number, here, layout)
            taken = self._before.found[before].record if before >= 0 else None
            record = taken or self._record(number, part, here)
            if record is not None:
                place = tree.line, tree, start.text, above.number, before, layout
                self._found.append(Spotted(record, *place))
                yield here

    def _find_former(self, number: int, here: _Here, layout: Layout) -> int:
        """The record read before from an equal value at the same place, or -1."""
        former = self._former.get((number, here.list, self._above_ref(here)))
        if not former or self._recipe.parts[number].looks_up:
            return -1
        for index, each in enumerate(former):
            former_one = self._before.found[each]
            if former_one.tree == here.tree and former_one.layout == layout:
                del former[index]
                return each
        return -1

    def _record(self, number: int, part: Part, here: _Here) -> Record | None:
        """What one place of the file states; None where it is not wanted or has no key."""
        recipe = self._recipe
        if not self._wanted(part.wheres, here):
            return None
        key = self._key(part, here)
        if key is None:
            return None
        self._ref = ref = _ref(part.kind.name, key)
        self._line = line_of(here.tree)
        cells = tuple(cell for each in part.cells for cell in self._cell(each, here, self._line))
        cells += tuple(kept_raw(part, self._raw, here.list, here.tree))
        edges = tuple(edge for tie in part.ties for edge in self._edges(tie, here))
        valid, later = self._first(recipe.valid_pick, here), self._first(recipe.later_pick, here)
        story = self._story(part.history, here) if part.history else None
        names = self._names(part, key, here)
        return Record(number, ref, key, cells, edges, valid, later, story, names)

    def _names(self, part: Part, key: str, here: _Here) -> Texts:
        """The names by which links of the recipe find a thing, its key first."""
        if (part.kind.name, CALLED) not in self._recipe.sought:
            return ()
        called = (text for pick in part.called for text, _ in self._texts(pick, here, quiet=True))
        return tuple(dict.fromkeys((key, *called)))

    def _wanted(self, wheres: Iterable[Where], here: _Here) -> bool:
        return all(
            where.fits(text for text, _ in self._texts(where.pick, here)) for where in wheres
        )

    def _key(self, part: Part, here: _Here) -> str | None:
        """The key's parts with slashes between; None, with a finding, where it lacks."""
        parts = []
        for pick in part.key:
            if pick.paths[0].start == ABOVE and not pick.paths[0].steps:
                parts.append(self._above_ref(here).partition("/")[2])
                continue
            text = next((text for text, _ in self._texts(pick, here, quiet=True)), "")
            if not text and isinstance(here.tree, Said):
                return None
            if not text:
                says = f"a {part.kind.name} has no key: nothing stands at '{pick.text}'"
                hint = "give it one in the source, or let the recipe's key fall back: 'id or name'"
                self._tell("SOURCE012", Severity.WARNING, says, here.tree, hint=hint)
                if len(part.key) == 1:
                    return None
            parts.append(text or "unnamed")
        return "/".join(parts)

    def _above_ref(self, here: _Here) -> str:
        if here.above is None or here.above.number < 0:
            return ""
        return self._found[here.above.number].record.ref

    def _first(self, pick: Pick | None, here: _Here) -> str:
        if pick is None:
            return ""
        return next((text for text, _ in self._texts(pick, here)), "")

    # ---- values

    def _cell(self, cell: Cell, here: _Here, line: int) -> Iterator[Found]:
        """A field's value, once it is mapped; nothing where there is none."""
        name = cell.field.name
        constant = cell.always or cell.by_list.get(here.list)
        if constant:
            value: Value = (constant,) if cell.field.many else constant
            yield name, value, line - self._line
            return
        said = [each for pick in cell.picks for each in self._texts(pick, here)]
        if not said:
            return
        texts = tuple(self._mapped(cell, text, at) for text, at in said)
        one = texts[0] if len(texts) == 1 and not cell.field.many else texts
        yield name, one, (said[0][1] or line) - self._line

    def _mapped(self, cell: Cell, text: str, line: int) -> str:
        """A value after repair and translation; findings for what they lack."""
        if cell.repair and (mended := cell.repair.find(text)) is not None:
            says = f"'{text}' is repaired to '{mended}'"
            hint = "mend it in the source"
            self._tell_value("SOURCE014", Severity.NOTICE, says, line, cell, text, hint)
            text = mended
        if cell.words:
            ours = cell.words.find(text)
            if ours is not None:
                return ours
            if cell.strict and text not in cell.field.choices:
                says = f"the recipe has no word for '{text}'"
                hint = _nearest(cell, text)
                self._tell_value("SOURCE015", Severity.WARNING, says, line, cell, text, hint)
                return text
        if cell.field.choices and text not in cell.field.choices:
            says = f"'{text}' is no choice of '{cell.field.name}'"
            hint = did_you_mean(text, cell.field.choices, otherwise=_nearest(cell, text))
            self._tell_value("SOURCE013", Severity.WARNING, says, line, cell, text, hint)
        return day_of_text(text) if cell.field.type == "day" else text

    def _texts(self, pick: Pick, here: _Here, *, quiet: bool = False) -> list[tuple[str, int]]:
        """The texts of a pick with their lines, steps taken."""
        if pick.plain and isinstance(here.tree, Fields):
            # Nearly every value of a sheet: a field that holds one text.
            one = here.tree.get(pick.plain)
            if one is None:
                return []
            if type(one) is Said and len(one) <= LONGEST_VALUE:
                return [(_trimmed(one), one.line)] if one and not one.isspace() else []
        for path in pick.paths:
            said = self._said(path, here)
            if not said:
                continue
            if not pick.steps:
                return said
            found: list[tuple[str, int]] = []
            for text, line in said:
                left = run_steps(text, pick.steps)
                found.extend((each, line) for each in left)
                if not left and not quiet:
                    self._tell_unfit(pick, text, line)
            return found
        return []

    def _said(self, path: Path, here: _Here) -> list[tuple[str, int]]:
        """The texts to which a path leads, with their lines."""
        if path.start == FILE:
            return [(self._file, line_of(here.tree))]
        if path.start == LIST:
            return [(here.list, 0)]
        tree = here.tree
        if path.start == ABOVE:
            tree = here.above.tree if here.above else None
        elif path.start == IT:
            return self._listed((tree,), path)
        elif len(path.steps) == 1 and isinstance(tree, Fields):
            value = tree.get(path.steps[0])
            if value is None:
                return []
            if type(value) is Said:
                return self._listed((value,), path)
        return self._listed(values_at(tree, path), path)

    def _listed(self, trees: Iterable[Tree], path: Path) -> list[tuple[str, int]]:
        found = []
        for each in trees:
            if not isinstance(each, Said):
                says = f"named values stand at '{path.whole}' where a text should"
                hint = "name one of them in the recipe, with a dot"
                self._tell("SOURCE011", Severity.WARNING, says, each, hint=hint)
            elif len(each) > LONGEST_VALUE:
                says = f"the value at '{path.whole}' has {len(each):,} characters and is left out"
                hint = f"keep values within {LONGEST_VALUE:,} characters"
                self._tell("SOURCE016", Severity.ERROR, says, each, hint=hint)
            elif each.strip():
                found.append((_trimmed(each), each.line))
        return found

    # ---- edges

    def _edges(self, tie: Tie, here: _Here) -> Iterator[Edge]:
        """The edges of one link that this record states."""
        if not tie.kind:
            if here.above is not None and here.above.number >= 0:
                carried = self._carried(tie, here, self._line)
                yield Edge(tie.link, tie.back, "", None, carried, 0)
            return
        if tie.each is None:
            heres = [here]
        else:
            trees = values_at(here.tree, tie.each)
            heres = [here._replace(tree=tree, list=tie.each.whole) for tree in trees]
        for at in heres:
            for pick in tie.picks:
                alone = tie.each is not None or not tie.carries
                inside = at if alone else at._replace(list=pick.paths[0].whole)
                for text, line in self._texts(pick, at):
                    yield from self._targets(tie, text, line, self._carried(tie, inside, line))

    def _targets(
        self, tie: Tie, text: str, line: int, carried: tuple[Found, ...]
    ) -> Iterator[Edge]:
        """Edges to what a text names: by a field's value, or by its key."""
        below = line - self._line
        if tie.is_by_field:
            yield Edge(tie.link, tie.back, text, tie.seeks, carried, below)
            return
        for key in run_steps(text, tie.steps):
            target = key if tie.seeks else _ref(tie.kind, key)
            yield Edge(tie.link, tie.back, target, tie.seeks or None, carried, below)

    def _carried(self, tie: Tie, here: _Here, line: int) -> tuple[Found, ...]:
        if not tie.carries:
            return ()
        return tuple(cell for each in tie.carries for cell in self._cell(each, here, line))

    # ---- histories

    def _story(self, history: History, here: _Here) -> Story | None:
        """What a record tells of its own past; None where it keeps silent about it.

        An empty list says that nothing ever turned, a missing one says nothing.
        """
        if not (isinstance(here.tree, Fields) and history.path.steps[0] in here.tree):
            return None
        return Story(
            begins=self._first(history.begins, here),
            turns=tuple(
                turn for at in self._turns(history, here) for turn in self._turn(history, at)
            ),
            fields=frozenset(cell.field.name for cell, _ in history.cells),
            links=frozenset((tie.link, tie.back) for tie, _ in history.ties),
        )

    def _turns(self, history: History, here: _Here) -> Iterator[_Here]:
        """Each turn of a record; in a turn of several parts, each part."""
        for tree in values_at(here.tree, history.path):
            at = here._replace(tree=tree, above=here)
            if history.items is None:
                yield at
                continue
            for part in values_at(tree, history.items):
                yield at._replace(tree=part, above=at)

    def _turn(self, history: History, here: _Here) -> Iterator[Turn]:
        """What one turn says of the fields and links that the recipe names."""
        named = self._first(history.named, here)
        cells = tuple(
            CellTurn(
                cell.field.name,
                self._turned(turned.before, here, cell),
                self._turned(turned.after, here, cell),
            )
            for cell, turned in history.cells
            if self._speaks_of(turned, named, here)
        )
        edges = tuple(
            EdgeTurn(
                tie.link,
                tie.back,
                tie.seeks or None,
                self._ends(tie, turned.before, here),
                self._ends(tie, turned.after, here),
            )
            for tie, turned in history.ties
            if self._speaks_of(turned, named, here)
        )
        if cells or edges:
            by = self._first(history.by, here)
            valid, line = self._first(history.valid, here), line_of(here.tree) - self._line
            yield Turn(valid, by, line, cells, edges)

    def _speaks_of(self, turned: Turned, named: str, here: _Here) -> bool:
        return turned.what.find(named) is not None and self._wanted(turned.wheres, here)

    def _turned(self, pick: Pick, here: _Here, cell: Cell) -> Texts:
        said = self._texts(pick, here, quiet=True)
        return tuple(self._mapped(cell, text, line) for text, line in said)

    def _ends(self, tie: Tie, pick: Pick, here: _Here) -> Texts:
        """Refs to which a link leads, or the values to find its ends by."""
        texts = tuple(text for text, _ in self._texts(pick, here, quiet=True))
        if tie.is_by_field:
            return texts
        keys = (key for text in texts for key in run_steps(text, () if pick.steps else tie.steps))
        return tuple(key if tie.seeks else _ref(tie.kind, key) for key in keys)

    # ---- findings

    def _tell(self, code: str, severity: Severity, says: str, tree: Tree, *, hint: str) -> None:
        place = Place(file=self._file, line=line_of(tree))
        self._findings.append(
            Finding(code=code, severity=severity, says=says, place=place, hint=hint)
        )

    def _tell_value(
        self, code: str, severity: Severity, says: str, line: int, cell: Cell, text: str, hint: str
    ) -> None:
        place = Place(file=self._file, line=line, ref=self._ref, field=cell.field.name)
        self._findings.append(
            Finding(code=code, severity=severity, says=says, place=place, hint=hint, value=text)
        )

    def _tell_unfit(self, pick: Pick, text: str, line: int) -> None:
        says = f"'{text}' leaves nothing after '{pick.text}'"
        place = Place(file=self._file, line=line, ref=self._ref)
        hint = "mend it in the source, or let the recipe read it as it is"
        severity = Severity.NOTICE
        self._findings.append(
            Finding(
                code="SOURCE010", severity=severity, says=says, place=place, hint=hint, value=text
            )
        )


def _nearest(cell: Cell, text: str) -> str:
    """What to do about a value without a word, with the nearest word there is."""
    add = f"add it under 'words:' of '{cell.field.name}'"
    for known in near(text, cell.words.exact, most=1):
        return f"did you mean '{known}', which becomes '{cell.words.exact[known]}'? Then {add}"
    for ours in near(text, (*cell.field.choices, *cell.words.exact.values()), most=1):
        return f"did you mean '{ours}'? Then {add}"
    return add


def _by_place(before: Records) -> dict[tuple[int, str, str], list[int]]:
    """Former records by part, list and enclosing ref."""
    places: dict[tuple[int, str, str], list[int]] = {}
    for index, spotted in enumerate(before.found):
        above = before.found[spotted.above].record.ref if spotted.above >= 0 else ""
        places.setdefault((spotted.record.part, spotted.list, above), []).append(index)
    return places


@lru_cache(maxsize=FEW_REFS)
def _ref(kind: str, key: str) -> str:
    """The ref that a key asks for, as a plain text."""
    return str(ref_of(kind, key))


def _layout(tree: Tree) -> Layout:
    """The names in a value in their order, and on which lines its texts stand."""
    first = line_of(tree)
    marks: list[str | int] = []
    waiting = [tree]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Fields):
            marks += part
            waiting += part.values()
        elif isinstance(part, Items):
            waiting += part
        elif part is not None:
            marks.append(part.line - first)
    return tuple(marks)


def _in_file(finding: Finding, file: str) -> Finding:
    return replace(finding, place=replace(finding.place, file=file))


def _trimmed(said: Said) -> str:
    """The text without the line ends that block scalars leave behind."""
    return said.strip("\n") if said.endswith("\n") else str(said)
