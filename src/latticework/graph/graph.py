"""A company at one moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import TypeVar, cast

import numpy as np
import polars as pl

from latticework.base.refs import Ref
from latticework.base.times import Instant, Moment
from latticework.graph.adjacency import Adjacency
from latticework.graph.carry import OF_EDGES, OF_PRESENT, Renewed, carry_over
from latticework.graph.extend import EMPTY_LOG, extended
from latticework.graph.loading import load_model
from latticework.graph.log import CellLog, EdgeLog, Load, Log, read_values
from latticework.graph.node import Node
from latticework.graph.replay import (
    Present,
    cells_at,
    draw,
    edge_stands,
    ids_among,
    replay,
    value_spots,
)
from latticework.graph.timeline import Flags, Ints
from latticework.graph.touched import touched_by_kind
from latticework.graph.values import FEW, NO_VALUES, Values, picked
from latticework.graph.words import Words, field_of
from latticework.journal.changes import Entry, Value
from latticework.model.model import STAGE, TITLE, Field, Kind, Model
from latticework.model.values import Typed

WHOLE = 4
"""Asked for one in so many values, all of a log are read and kept."""

SHORT = 5_000
"""A log of so many values is read whole: what an edit adds is then all there is to read."""

Kept = TypeVar("Kept")

History = Callable[[tuple[str, ...]], tuple[Entry, ...]]


class UnknownRefError(Exception):
    """Nothing was ever called so."""

    def __init__(self, ref: str) -> None:
        """Keep the ref."""
        self.ref = ref
        super().__init__(f"nothing was ever called '{ref}'")


@dataclass(frozen=True, kw_only=True, eq=False)
class Graph:
    """A company as it stood at one moment; it never changes.

    Things are numbered 0 to `size` - 1, alike at every moment of one log; a
    thing that does not exist at the moment keeps its number.
    """

    moment: Moment
    log: Log = field(repr=False)
    load: Load = field(repr=False)
    past: History | None = field(default=None, repr=False)
    upto: int | None = None
    _kept: dict[tuple[str, ...], object] = field(default_factory=dict, repr=False)

    @property
    def head(self) -> int:
        """The number of the last entry in the log, known at the moment or not."""
        return self.log.head

    @property
    def size(self) -> int:
        """How many things were ever named."""
        return self.log.names.size

    @cached_property
    def number(self) -> int:
        """The last entry known at the moment, and no later one than `upto`."""
        known = self.log.number_at(self.moment)
        return known if self.upto is None else min(known, self.upto)

    @cached_property
    def words(self) -> Words:
        """How words of entries are read at the moment."""
        return self.log.words_at(self.moment.valid, self.number)

    @property
    def model(self) -> Model:
        """The company's words at the moment."""
        return self.words.model

    @cached_property
    def present(self) -> Present:
        """Existence, kinds and refs of all things."""
        key = ("present",)
        found = self._standing.get(key)
        if found is None:
            found = replay(self.log, self.words, self.moment.valid, self.number)
            self._standing[key] = found
        assert isinstance(found, Present)
        return found

    @property
    def alive(self) -> Flags:
        """Whether each thing exists."""
        return self.present.alive

    @property
    def refs(self) -> pl.Series:
        """The ref by which each thing goes."""
        return self.present.refs

    @property
    def kind_names(self) -> tuple[str, ...]:
        """The model's kinds, then kind words it does not know."""
        return self.present.kind_names

    @property
    def kind_codes(self) -> Ints:
        """The place in `kind_names` of each thing's kind."""
        return self.present.kind_codes

    def at(self, moment: Moment) -> Graph:
        """The same company at another moment."""
        return self if moment == self.moment else replace(self, moment=moment, _kept={})

    def advance(self, frame: pl.DataFrame, moment: Moment | None = None) -> Graph:
        """The graph with further entries, at the same moment or another."""
        log = extended(self.log, frame, self.load)
        carry_over(self.log, log, frame)
        return replace(self, log=log, moment=moment or self.moment, _kept={})

    def ids_of(self, word: str) -> Ints:
        """Existing things of a kind or an interface, or of `any`, ascending."""
        key = ("ids", word)
        found = self._standing.get(key)
        if found is None:
            found = self._standing[key] = ids_among(self.present, self.model, word)
        assert isinstance(found, np.ndarray)
        return found

    def find(self, ref: str) -> int | None:
        """The thing that goes or ever went by a ref, existing or not."""
        return self.log.names.find(ref, self.log.kin)

    def find_all(self, refs: pl.Series) -> Ints:
        """The thing of each ref; -1 where there is none."""
        return self.log.names.find_all(refs, self.log.kin)

    def id_of(self, ref: str) -> int:
        """The thing that goes by a ref; raises UnknownRefError without one."""
        found = self.find(ref)
        if found is None:
            raise UnknownRefError(ref)
        return found

    def ref_of(self, node: int) -> Ref:
        """The ref by which a thing goes."""
        return Ref(self.refs[node])

    def names_of(self, node: int) -> tuple[str, ...]:
        """Every text that ever led to a thing."""
        return tuple(self.log.names.texts.gather(self.log.names.codes_of_node(node)).to_list())

    def kind_of(self, node: int) -> str:
        """The name of a thing's kind."""
        return self.kind_names[int(self.kind_codes[node])]

    def column(self, name: str, ids: Ints) -> Typed:
        """A field of these things, as its type reads it.

        `stage` is each kind's stage field, in the model's present words. The
        type is that of the first kind among `ids` that has the field.
        """
        if name == STAGE:
            return read_values(Field(name=STAGE), Values(self.stage_words(ids)))
        parts = self._parts(name, ids)
        declared = self.field_of(name, ids)
        if len(parts) != 1:
            return read_values(declared, self._values(name, ids))
        cells = self.log.cells_of(parts[0].words)
        spots = self._spots(cells, ids)
        few = len(cells.values) <= SHORT
        if few or cells.has_typed(declared) or len(ids) * WHOLE > len(cells.values):
            return cells.typed(declared).take(picked(spots))
        return read_values(declared, cells.values.gather(spots))

    def field_of(self, name: str, ids: Ints) -> Field:
        """The declaration of a field for these things; plain text without one."""
        for kind in self._kinds_among(ids):
            found = self.model.kinds_by_name.get(kind)
            declared = found and field_of(found, name)
            if declared:
                return declared
        return Field(name=name)

    def texts(self, name: str, ids: Ints) -> pl.Series:
        """A field of these things as written; lists where any value is one."""
        found = self._values(name, ids)
        return found.as_lists() if found.has_lists() else found.texts

    def values(self, name: str, ids: Ints) -> list[Value]:
        """A field of these things, each as a change would hold it."""
        return self._values(name, ids).to_values()

    def entry_numbers(self, name: str, ids: Ints) -> Ints:
        """The entry that set a field of each thing; 0 where none did."""
        found = np.zeros(len(ids), dtype=np.int32)
        for part in self._parts(name, ids):
            place = np.flatnonzero(self._is_one_of(part.kinds)[self.kind_codes[ids]])
            line = self.log.cells_of(part.words).line
            rows = line.at(self.moment.valid, self.number).rows_of(ids[place])
            found[place] = np.where(rows >= 0, np.append(line.number, 0)[rows], 0)
        return found

    def cells_behind(self, kind: str, name: str) -> CellLog | None:
        """The one log of which a kind's field shows the latest; None where there is more to it."""
        logs = [self.log.cells[w] for w in self._field_words(kind, name) if w in self.log.cells]
        if len(logs) != 1:
            return None
        line = logs[0].line
        seen = self.moment.valid >= line.last_valid and self.number >= line.last_number
        return logs[0] if seen else None

    def titles(self, ids: Ints) -> pl.Series:
        """What people call these things; the ref's slug where nobody said."""
        refs = self.refs[ids]
        said = self._values(TITLE, ids).as_texts()
        if len(ids) <= FEW:
            each = zip(said.to_list(), refs.to_list(), strict=True)
            return pl.Series(TITLE, [_title(text, ref) for text, ref in each], pl.String)
        slugs = refs.str.splitn("/", 2).struct.field("field_1")
        return pl.select(pl.coalesce(said, slugs, refs)).to_series().rename(TITLE)

    def stage_words(self, ids: Ints) -> pl.Series:
        """The stage of each thing in the model's words; unread words as written."""
        return self._stages(ids, lambda _, stage, word: stage or word)

    def stage_categories(self, ids: Ints) -> pl.Series:
        """The shared word for each thing's stage; null where there is none."""

        def category(kind: Kind | None, stage: str | None, _: str) -> str | None:
            known = stage and kind and kind.stages_by_name.get(stage)
            return (known.category or None) if known else None

        return self._stages(ids, category)

    def adjacency(self, link: str) -> Adjacency:
        """The edges of a link between things that exist."""
        key = ("edges", link)
        found = self._standing.get(key)
        if found is None:
            log = self.edge_log(link)
            found = draw(log, link, self.alive, self.moment.valid, self.number)
            self._standing[key] = found
        assert isinstance(found, Adjacency)
        return found

    def dangling(self, link: str) -> tuple[Ints, Ints]:
        """Sources that exist and targets that do not, of a link's edges."""
        return self.adjacency(link).dangling

    def edge_column(self, link: str, name: str) -> Typed:
        """A field that a link carries, for each edge of its adjacency."""
        model = self.model.links_by_name.get(link)
        declared = (model and model.carries_by_name.get(name)) or Field(name=name)
        cells, spots = self._carried_spots(link, name, self.adjacency(link).numbers)
        # Kept as it is read, so that an edit adds one value to be read.
        if cells.has_typed(declared) or len(spots) * WHOLE > len(cells.values):
            return cells.typed(declared).take(picked(spots))
        return read_values(declared, cells.values.gather(spots))

    def edge_texts(self, link: str, name: str, edges: Ints) -> pl.Series:
        """A field that some edges of a link's adjacency carry, as written."""
        found = self._carried(link, name, self.adjacency(link).numbers[edges])
        return found.as_lists() if found.has_lists() else found.texts

    def edge_entries(self, link: str, edges: Ints) -> Ints:
        """The entry that drew each of some edges of a link's adjacency."""
        state = self.edge_log(link).state
        numbers = self.adjacency(link).numbers[edges]
        return state.number[state.at(self.moment.valid, self.number).rows_of(numbers)]

    def edge_fields(self, link: str) -> tuple[str, ...]:
        """Names of the fields that edges of a link carry or carried."""
        declared = self.model.links_by_name.get(link)
        names = dict.fromkeys(declared.carries_by_name if declared else ())
        known = set(self.edge_log(link).fields)
        for name in names:
            known -= set(self.words.carried_words(link, name, known))
        return (*names, *sorted(known))

    def edge(self, source: str, link: str, target: str) -> Mapping[str, Value] | None:
        """What an edge carries; None where there is no such edge."""
        ends = self.find(source), self.find(target)
        if ends[0] is None or ends[1] is None:
            return None
        log = self.edge_log(link)
        number = log.number_of(ends[0], ends[1])
        if number is None or not edge_stands(log, number, self.moment.valid, self.number):
            return None
        one = np.array([number], dtype=np.int32)
        carried = {name: self._carried(link, name, one) for name in self.edge_fields(link)}
        values = {name: found.to_values()[0] for name, found in carried.items()}
        return {name: value for name, value in values.items() if value is not None}

    def edge_log(self, link: str) -> EdgeLog:
        """All that was ever drawn under a link's words."""
        return self.log.edges_of(self._link_words(link))

    def changed_ids(self, after: Instant, upto: Instant, name: str | None = None) -> Ints:
        """Things with an entry valid in (after, upto], ascending.

        A changed edge counts as a change of its source. `name` narrows to one
        field or link.
        """
        span = (after, upto, self.number)
        lines = [cells.line for cells in self._cells_named(name)]
        found = [line.between(*span) for line in lines]
        if name is None:
            found += [line.between(*span) for line in (self.log.existence, self.log.names.moves)]
        for link in self.log.edges if name is None else self._link_words(name):
            edges = self.log.edges[link]
            states = [edges.state, *(cells.line for cells in edges.fields.values())]
            found += [edges.sources[state.between(*span)] for state in states]
        return np.unique(np.concatenate([*found, _NONE])).astype(np.int32)

    @property
    def touched_by_kind(self) -> Mapping[str, Instant]:
        """The latest instant up to the moment that an entry about each kind speaks of."""
        return self.keep(("graph", "touched"), lambda: touched_by_kind(self))

    def keep(self, key: tuple[str, ...], make: Callable[[], Kept]) -> Kept:
        """What `make` gives, worked out once and kept as long as this graph is.

        The first word of the key is the layer that asks.
        """
        if key not in self._kept:
            self._kept[key] = make()
        return cast("Kept", self._kept[key])

    def keep_present(self, key: tuple[str, ...], make: Callable[[], Kept]) -> Kept:
        """What `make` works out of which things exist and of which kinds, and of nothing else.

        Graphs with further entries share it for as long as that stays so.
        """
        own = (OF_PRESENT, *key)
        if own not in self._standing:
            self._standing[own] = make()
        return cast("Kept", self._standing[own])

    def keep_edges(
        self, links: tuple[str, ...], key: tuple[str, ...], make: Callable[[], Kept]
    ) -> Kept:
        """What `make` works out of the edges of some links and of which things exist.

        Graphs with further entries share it for as long as these stay so.
        """
        own = (OF_EDGES, str(len(links)), *links, *key)
        if own not in self._standing:
            self._standing[own] = make()
        return cast("Kept", self._standing[own])

    def renew(
        self,
        key: tuple[str, ...],
        make: Callable[[], Kept],
        further: Callable[[Kept, Ints], Kept],
    ) -> Kept:
        """What `make` gives; after a few further entries, what `further` makes of it.

        It is given the earlier value, and the things, ascending, of which a
        field or their existence was written since, those named since included.
        """
        own = ("renewed", *key)
        found = self._standing.get(own)
        if not isinstance(found, Renewed):
            found = Renewed(self.head, self.size, make())
        elif found.head < self.head:
            written = self._written_since(found.head, found.size)
            found = Renewed(self.head, self.size, further(cast("Kept", found.value), written))
        self._standing[own] = found
        return cast("Kept", found.value)

    def node(self, ref: str | int) -> Node:
        """One thing; raises UnknownRefError where nothing was ever called so."""
        return Node(self, ref if isinstance(ref, int) else self.id_of(ref))

    def of_kind(self, word: str) -> Iterator[Node]:
        """Existing things of a kind or an interface, one by one."""
        return (Node(self, node) for node in self.ids_of(word).tolist())

    def history(self, ref: str) -> tuple[Entry, ...]:
        """Every entry about a thing, under any of its refs; none without a journal."""
        node = self.find(ref)
        if node is None or self.past is None:
            return ()
        return self.past(self.names_of(node))

    def field_names(self, node: int) -> tuple[str, ...]:
        """Fields that a thing's kind declares, then further ones it was given."""
        kind = self.kind_of(node)
        declared = self.model.kinds_by_name.get(kind)
        names = tuple(declared.fields_by_name) if declared else ()
        read = {word for name in names for word in self._field_words(kind, name)}
        return (*names, *(word for word in self.log.cells if word not in read))

    def link_names(self) -> tuple[str, ...]:
        """Links that the model declares, then further ones that entries name."""
        names = tuple(self.model.links_by_name)
        read = {word for name in names for word in self._link_words(name)}
        return (*names, *(word for word in self.log.edges if word not in read))

    @property
    def _standing(self) -> dict[tuple[str, ...], object]:
        """What was worked out for this moment; moments that see all share it."""
        if self.log.is_all_seen(self.moment.valid, self.number):
            return self.log.latest
        return self._kept

    def _kinds_among(self, ids: Ints) -> tuple[str, ...]:
        counts = np.bincount(self.kind_codes[ids], minlength=len(self.kind_names))
        return tuple(self.kind_names[code] for code in np.flatnonzero(counts).tolist())

    def _written_since(self, number: int, size: int) -> Ints:
        """Things that were written by later entries, or named when there were so many."""
        lines = (self.log.existence, *(cells.line for cells in self.log.cells.values()))
        found = [each.subject[each.number > number] for each in lines if each.last_number > number]
        named = np.arange(size, self.size, dtype=np.int32)
        return np.unique(np.concatenate([*found, named])).astype(np.int32)

    def _field_words(self, kind: str, name: str) -> tuple[str, ...]:
        """Words in the log that mean a field for things of a kind."""
        key = ("words", kind, name)
        if key not in self._kept:
            declared = self.model.kinds_by_name.get(kind)
            found = declared and field_of(declared, name)
            own = found.name if found else name
            self._kept[key] = self.words.field_words(kind, own, self.log.cells)
        words = self._kept[key]
        assert isinstance(words, tuple)
        return words

    def _parts(self, name: str, ids: Ints) -> list[_Part]:
        """Kinds among the things, by the words that mean the field for them."""
        by_words: dict[tuple[str, ...], list[str]] = {}
        for kind in self._kinds_among(ids):
            by_words.setdefault(self._field_words(kind, name), []).append(kind)
        return [_Part(words, tuple(kinds)) for words, kinds in by_words.items()]

    def _values(self, name: str, ids: Ints) -> Values:
        parts = self._parts(name, ids)
        if len(parts) < 2:
            cells = self.log.cells_of(parts[0].words if parts else ())
            return cells.values.gather(self._spots(cells, ids))
        found, places = NO_VALUES, []
        for part in parts:
            place = np.flatnonzero(self._is_one_of(part.kinds)[self.kind_codes[ids]])
            cells = self.log.cells_of(part.words)
            found = found.with_values(cells.values.gather(self._spots(cells, ids[place])))
            places.append(place)
        return found.gather(np.argsort(np.concatenate(places)).astype(np.int32))

    def _is_one_of(self, kinds: tuple[str, ...]) -> Flags:
        return np.array([each in kinds for each in self.kind_names], dtype=np.bool_)

    def _spots(self, cells: CellLog, ids: Ints) -> Ints:
        """The index of each thing's value in a cell log; -1 where it has none."""
        rows = cells.line.at(self.moment.valid, self.number).rows_of(ids)
        return value_spots(cells.line.value, rows)

    def _stages(self, ids: Ints, meaning: Meaning) -> pl.Series:
        found, places = [], []
        codes = self.kind_codes[ids]
        kinds = self._kinds_among(ids)
        for name in kinds:
            kind = self.model.kinds_by_name.get(name)
            place = np.flatnonzero(codes == self.kind_names.index(name))
            chosen = ids if len(kinds) == 1 else ids[place]
            said = self._values(kind.stage_field if kind else STAGE, chosen).as_texts()
            found.append(_replaced(said, partial(self._stage, kind, meaning)))
            places.append(place)
        if len(found) == 1:
            return found[0].rename(STAGE)
        if not found:
            return pl.Series(STAGE, [], pl.String)
        return pl.concat(found).gather(np.argsort(np.concatenate(places))).rename(STAGE)

    def _stage(self, kind: Kind | None, meaning: Meaning, word: str) -> str | None:
        return meaning(kind, self.words.find_stage(kind, word) if kind else None, word)

    def _link_words(self, name: str) -> tuple[str, ...]:
        return self.words.link_words(name, self.log.edges)

    def _carried(self, link: str, name: str, numbers: Ints) -> Values:
        cells, spots = self._carried_spots(link, name, numbers)
        return cells.values.gather(spots)

    def _carried_spots(self, link: str, name: str, numbers: Ints) -> tuple[CellLog, Ints]:
        log = self.edge_log(link)
        cells = log.cells_of(self.words.carried_words(link, name, log.fields))
        return cells, cells_at(log, cells, numbers, self.moment.valid, self.number)

    def _cells_named(self, name: str | None) -> Iterator[CellLog]:
        if name is None:
            yield from self.log.cells.values()
            return
        words = {word for kind in self.kind_names for word in self._field_words(kind, name)}
        yield from (self.log.cells[word] for word in sorted(words))


Meaning = Callable[[Kind | None, str | None, str], str | None]
"""From a kind, one of its stages or none, and the word written, to a text."""

_NONE = np.zeros(0, dtype=np.int32)


@dataclass(frozen=True, slots=True)
class _Part:
    """Kinds for which the same words mean a field."""

    words: tuple[str, ...]
    kinds: tuple[str, ...]


def _title(said: str | None, ref: str) -> str:
    if said is not None:
        return said
    kind, slash, slug = ref.partition("/")
    return slug if slash else kind


def _replaced(texts: pl.Series, meaning: Callable[[str], str | None]) -> pl.Series:
    """Each text as it is meant; null stays null."""
    if len(texts) <= FEW:
        every = texts.to_list()
        meant = {text: meaning(text) for text in set(every) - {None}}
        return pl.Series(texts.name, [meant.get(text) for text in every], pl.String)
    words = texts.drop_nulls().unique().to_list()
    new = pl.Series([meaning(word) for word in words], dtype=pl.String)
    return texts.replace_strict(words, new, default=None, return_dtype=pl.String)


def build(
    frame: pl.DataFrame,
    moment: Moment | None = None,
    *,
    load: Load = load_model,
    past: History | None = None,
) -> Graph:
    """The graph that a log's entries tell, by default of all that was said.

    `load` reads the text of a declared model. `past` finds the entries about
    the refs of one thing.
    """
    log = extended(EMPTY_LOG, frame, load)
    return Graph(moment=moment or Moment(), log=log, load=load, past=past)
