"""Two runs of changes since a common start: where they contradict each other."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import NamedTuple
from urllib.parse import quote

from latticework.base.findings import Finding, Place, error
from latticework.base.times import FOREVER, Instant
from latticework.journal.changes import (
    Batch,
    Change,
    Connect,
    Declare,
    Disconnect,
    Entry,
    Move,
    Put,
    Retire,
    Value,
)
from latticework.journal.kept import KeptBatch


class Cell(NamedTuple):
    """What a change decides: a thing, an edge, or a field of either.

    `link` and `target` are empty for a thing, `field` where it is about being
    there at all. The model is the cell whose every part is empty.
    """

    ref: str = ""
    link: str = ""
    target: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """One change of a run, who said it, and since when it is so."""

    change: Change
    by: str
    valid: Instant


class Word(NamedTuple):
    """The last word of a run on one cell, for comparing and for showing."""

    value: object
    shown: str
    by: str


class Clash(NamedTuple):
    """A cell on which two runs end differently."""

    cell: Cell
    mine: Word
    theirs: Word

    def turned(self) -> Clash:
        """The same, seen from the other run."""
        return Clash(self.cell, self.theirs, self.mine)

    @property
    def key(self) -> str:
        """A word for the cell, the same whenever these two runs are compared."""
        return " ".join(quote(part, safe="/") or "-" for part in self.cell)

    @property
    def name(self) -> str:
        """The cell as a person reads it."""
        return _name(self.cell)

    @property
    def choosable(self) -> bool:
        """Whether one run's word can be left out: not where refs changed hands."""
        return self.cell.link != "to" and isinstance(self.mine.value, str | tuple | None)

    def restated(self) -> Change | None:
        """Our own word said anew, so that it holds whatever the other said later.

        None where the clash is about an edge whose end this run retired.
        """
        ref, link, target, field = self.cell
        match self.mine.value:
            case _ if self.cell == _MODEL:
                return Declare(str(self.mine.value))
            case str() | tuple() | None as value if field:
                fields = {field: value}
                return Connect(ref, link, target, fields) if target else Put(ref, fields)
            case "there":
                return Connect(ref, link, target) if target else Put(ref)
            case "cut":
                return Disconnect(ref, link, target)
            case "retired" if not target:
                return Retire(ref)
        return None

    def finding(self, here: str = "here", there: str = "there") -> Finding:
        """What to say of it; `here` and `there` name the runs."""
        mine, theirs = f"{self.mine.shown} {here}", f"{self.theirs.shown} {there}"
        return error(
            "STORE005",
            f"{self.name} {mine}{_who(self.mine.by)}, but {theirs}{_who(self.theirs.by)}",
            hint="look at both, then write the one that holds",
            place=Place(ref=self.cell.ref, field=self.cell.field),
        )


@dataclass(frozen=True, slots=True)
class Handed:
    """The word of a run that gave a ref away or took it: no value of a cell."""

    shown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """A branch ready for its parent: its batches, and what stands against it."""

    batches: tuple[Batch, ...]
    clashes: tuple[Clash, ...]

    def without(self, keys: Collection[str]) -> tuple[Batch, ...]:
        """The batches but for what they say on the cells of these clashes.

        There the parent's word stands.
        """
        left = [each for each in self.clashes if each.key in keys]
        cells = {each.cell for each in left}
        # Where the branch retired an end of an edge, leaving that out keeps the edge.
        cells |= {
            Cell(ref)
            for each in left
            if each.cell.target and each.mine.value == GONE
            for ref in (each.cell.ref, each.cell.target)
        }
        moved = _moved(recorded_of(self.batches))
        batches = (_batch_without(each, cells, moved) for each in self.batches)
        return tuple(each for each in batches if each.changes)


THERE, GONE, CUT = "there", "retired", "cut"
_IS_THERE = "is present"
_MODEL = Cell()


def said_in(batches: Iterable[Batch], now: Instant) -> Iterator[Said]:
    """The changes of batches, each with its author and instant."""
    for batch in batches:
        valid = now if batch.valid is None else batch.valid
        for change in batch.changes:
            yield Said(change, batch.by, valid if change.valid is None else change.valid)


def recorded_in(entries: Iterable[Entry]) -> Iterator[Said]:
    """The changes of entries that were not redacted."""
    for entry in entries:
        if entry.change is not None:
            yield Said(entry.change, entry.by, entry.valid)


def conflicts(mine: Iterable[Said], theirs: Iterable[Said]) -> tuple[Finding, ...]:
    """A finding (STORE005) per cell on which the runs end differently."""
    return tuple(dict.fromkeys(each.finding() for each in clashes(mine, theirs)))


def clashes(mine: Iterable[Said], theirs: Iterable[Said]) -> tuple[Clash, ...]:
    """The cells on which the runs end differently.

    The last word of a run on a cell is the one valid latest, then said last.
    Refs are compared as moved, so that one thing under two names is one. An
    edge to or from a thing that the other run retired is a conflict too.
    """
    my_run, their_run = tuple(mine), tuple(theirs)
    if not my_run or not their_run:
        return ()
    moved = _moved(my_run + their_run)
    my_words, their_words = _words(my_run, moved), _words(their_run, moved)
    found = [
        Clash(cell, word, their_words[cell])
        for cell, word in my_words.items()
        if cell in their_words and word.value != their_words[cell].value
    ]
    found.extend(_bereft(my_words, their_words))
    found.extend(clash.turned() for clash in _bereft(their_words, my_words))
    found.extend(_taken(my_run, their_run))
    found.extend(clash.turned() for clash in _taken(their_run, my_run))
    found.extend(_doubled(my_run, their_run))
    return tuple(dict.fromkeys(found))


def overtaken(mine: Iterable[Batch], since: Iterable[KeptBatch]) -> tuple[Finding, ...]:
    """A finding (STORE005) per source from which somebody else recorded since."""
    sources = {batch.source for batch in mine} - {""}
    theirs: dict[str, KeptBatch] = {}
    for batch in since:
        if batch.source in sources:
            theirs.setdefault(batch.source, batch)
    return tuple(_overtaken(batch) for batch in theirs.values())


def _overtaken(batch: KeptBatch) -> Finding:
    says = f"another import of '{batch.source}' recorded entry {batch.first} meanwhile"
    hint = "wait until it has ended, then import again: what is still new comes in"
    return error("STORE005", says, hint=hint, value=batch.source)


def merge(own: Sequence[Entry], since: Sequence[Entry], *, merged: int = 0) -> Merge:
    """The batches that carry a branch's own entries into its parent.

    `since` are the parent's entries after the branch's start. Own entries up
    to `merged` went in before: they are neither carried nor compared, nor are
    the parent's entries that they became.
    """
    fresh = [entry for entry in own if entry.number > merged]
    carried = {_same(entry) for entry in own if entry.number <= merged}
    others = [entry for entry in since if _same(entry) not in carried]
    found = clashes(recorded_in(fresh), recorded_in(others))
    return Merge(batches=tuple(_batches(fresh)), clashes=found)


def _same(entry: Entry) -> tuple[str, Instant]:
    return repr(entry.change), entry.valid


def _batches(entries: Sequence[Entry]) -> Iterator[Batch]:
    by_batch: dict[int, list[Entry]] = {}
    for entry in entries:
        by_batch.setdefault(entry.batch, []).append(entry)
    for group in by_batch.values():
        changes = tuple(entry.change for entry in group if entry.change is not None)
        first = group[0]
        if changes:
            yield Batch(changes=changes, by=first.by, why=first.why, source=first.source)


def recorded_of(batches: Iterable[Batch]) -> Iterator[Said]:
    """The changes of batches, whenever they will be recorded."""
    return said_in(batches, FOREVER)


def _batch_without(batch: Batch, cells: Set[Cell], moved: Mapping[str, str]) -> Batch:
    kept = (_without(change, cells, moved) for change in batch.changes)
    return replace(batch, changes=tuple(change for change in kept if change is not None))


def _without(change: Change, cells: Set[Cell], moved: Mapping[str, str]) -> Change | None:
    """A change but for what it says on these cells; None where nothing is left."""
    said = [cell for cell, _, _ in _cells(change, moved)]
    if cells.isdisjoint(said):
        return change
    if not isinstance(change, Put | Connect):
        return None
    owner = next(cell for cell in said if not cell.field)
    if owner in cells:
        return None
    fields = {k: v for k, v in change.fields.items() if owner._replace(field=k) not in cells}
    return replace(change, fields=fields) if fields else None


def _moved(run: Iterable[Said]) -> Mapping[str, str]:
    """Where each ref leads after every move of both runs."""
    leads: dict[str, str] = {}
    for said in run:
        if isinstance(said.change, Move):
            leads[said.change.ref] = said.change.to
    return {ref: _end(ref, leads) for ref in leads}


def _end(ref: str, leads: Mapping[str, str]) -> str:
    seen = {ref}
    while (following := leads.get(ref)) is not None and following not in seen:
        seen.add(following)
        ref = following
    return ref


def _words(run: Sequence[Said], moved: Mapping[str, str]) -> dict[Cell, Word]:
    words: dict[Cell, Word] = {}
    for said in sorted(run, key=lambda each: each.valid):
        for cell, value, shown in _cells(said.change, moved):
            words[cell] = Word(value, shown, said.by)
    return words


def _cells(change: Change, moved: Mapping[str, str]) -> Iterator[tuple[Cell, object, str]]:
    match change:
        case Put():
            thing = Cell(moved.get(change.ref, change.ref))
            yield thing, THERE, _IS_THERE
            yield from _fields(thing, change.fields)
        case Retire():
            yield Cell(moved.get(change.ref, change.ref)), GONE, "is retired"
        case Move():
            # Two runs agree on a ref only where it leads to the same place.
            yield Cell(change.ref, link="to"), change.to, f"leads to '{change.to}'"
            yield Cell(moved.get(change.ref, change.ref)), THERE, f"is moved to '{change.to}'"
        case Connect() | Disconnect():
            yield from _edge(change, moved)
        case Declare():
            yield _MODEL, change.text, "is another text"


def _edge(
    change: Connect | Disconnect, moved: Mapping[str, str]
) -> Iterator[tuple[Cell, object, str]]:
    source = moved.get(change.source, change.source)
    edge = Cell(source, change.link, moved.get(change.target, change.target))
    if isinstance(change, Disconnect):
        yield edge, CUT, "is cut"
        return
    yield edge, THERE, _IS_THERE
    yield from _fields(edge, change.fields)


def _fields(owner: Cell, fields: Mapping[str, Value]) -> Iterator[tuple[Cell, object, str]]:
    for name, value in fields.items():
        yield owner._replace(field=name), value, f"is {_shown(value)}"


def _shown(value: Value) -> str:
    if value is None:
        return "nothing"
    text = value if isinstance(value, str) else ", ".join(value)
    return f"'{text if len(text) <= 60 else text[:59] + '…'}'"


def _bereft(words: Mapping[Cell, Word], others: Mapping[Cell, Word]) -> Iterator[Clash]:
    """Edges of one run whose ends the other run retired."""
    for cell, word in words.items():
        if not cell.target or cell.field or word.value != THERE:
            continue
        for ref in (cell.ref, cell.target):
            other = others.get(Cell(ref))
            if other is not None and other.value == GONE:
                yield Clash(cell, word, other._replace(shown=f"loses '{ref}', retired"))


def _taken(run: Iterable[Said], others: Iterable[Said]) -> Iterator[Clash]:
    """Things of one run whose ref the other run gave to another thing."""
    given = {said.change.to: said for said in others if isinstance(said.change, Move)}
    own = {said.change.to for said in run if isinstance(said.change, Move)}
    for said in run:
        if isinstance(said.change, Put) and said.change.ref in given.keys() - own:
            other = given[said.change.ref]
            yield Clash(Cell(said.change.ref), Word(THERE, _IS_THERE, said.by), _moved_here(other))


def _doubled(run: Iterable[Said], others: Iterable[Said]) -> Iterator[Clash]:
    """Refs that the runs give to two different things."""
    given = {said.change.to: said for said in others if isinstance(said.change, Move)}
    for said in run:
        if not isinstance(said.change, Move) or said.change.to not in given:
            continue
        other = given[said.change.to]
        if _source(other.change) != said.change.ref:
            yield Clash(Cell(said.change.to), _moved_here(said), _moved_here(other))


def _moved_here(said: Said) -> Word:
    shown = f"is the new ref of '{_source(said.change)}'"
    return Word(Handed(shown), shown, said.by)


def _source(change: Change) -> str:
    return change.ref if isinstance(change, Move) else ""


def _name(cell: Cell) -> str:
    if cell == _MODEL:
        return "the model"
    if cell.link == "to" and not cell.target:
        return f"'{cell.ref}'"
    thing = f"'{cell.ref} {cell.link} {cell.target}'" if cell.target else f"'{cell.ref}'"
    return f"{cell.field} of {thing}" if cell.field else thing


def _who(by: str) -> str:
    return f" (by {by})" if by else ""
