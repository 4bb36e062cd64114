"""Tables in which nobody has a name.

SQL counts by whatever tells rows apart, and no look at a statement shows for
sure that it counts by people. So what would tell one from another does not
reach the tables: refs and titles of people are empty, which joins nothing, and
a field that names people says only that somebody is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from latticework.graph.graph import Graph
from latticework.graph.timeline import Ints
from latticework.journal.changes import Value
from latticework.model.model import Field, Kind, Link, Model
from latticework.query.people import SOMEBODY, people_kinds

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class People:
    """Who is a person in a company, and what names one."""

    graph: Graph

    @property
    def model(self) -> Model:
        """The words of the graph's moment."""
        return self.graph.model

    def refs(self, ids: Ints) -> pl.Series:
        """The refs of things, absent where they are people."""
        return self._hidden(self.graph.refs.gather(ids), ids)

    def titles(self, ids: Ints) -> pl.Series:
        """The titles of things, absent where they are people."""
        return self._hidden(self.graph.titles(ids), ids)

    def link_ends(self, link: Link) -> tuple[bool, bool]:
        """Whether the source and the target of a link may be people."""
        return (
            self._any_people(each.source for each in link.ends),
            self._any_people(word for each in link.ends for word in each.targets),
        )

    def names(self, field: Field, kind: Kind | None = None) -> bool:
        """Whether values of a field name somebody: those that only one may have do."""
        return field.people or (field.unique and kind is not None and kind.people)

    def ref(self, written: str) -> str | None:
        """A ref of the journal, absent where it is a person's or of a kind nobody knows now."""
        kind = self.model.find_kind(written.partition("/")[0])
        return None if kind is None or kind.people else written

    def fields(self, fields: Mapping[str, Value]) -> dict[str, Value]:
        """What an entry wrote, without the names in it."""
        return {
            name: SOMEBODY if name.casefold() in self._fields else value
            for name, value in fields.items()
        }

    def _any_people(self, words: Iterable[str]) -> bool:
        kinds = people_kinds(self.model)
        return any(kind in kinds for word in words for kind in self.model.end_kinds(word))

    def _hidden(self, texts: pl.Series, ids: Ints) -> pl.Series:
        found = self._are_people(ids)
        return texts.set(pl.Series(found), None) if found.any() else texts

    def _are_people(self, ids: Ints) -> Bools:
        kinds = people_kinds(self.model)
        codes = [code for code, name in enumerate(self.graph.kind_names) if name in kinds]
        found: Bools = np.isin(self.graph.kind_codes[ids], codes)
        return found

    @cached_property
    def _fields(self) -> frozenset[str]:
        """Words, present and past, for fields that name people."""
        named = (field for kind, field in self._every_field() if self.names(field, kind))
        return frozenset(word.casefold() for each in named for word in (each.name, *each.was))

    def _every_field(self) -> Iterator[tuple[Kind | None, Field]]:
        for kind in self.model.kinds:
            yield from ((kind, each) for each in kind.fields)
        for link in self.model.links:
            yield from ((None, each) for each in link.carries)


def somebody(text: pl.Series) -> pl.Series:
    """Texts, or lists of them, in which each name is told as somebody."""
    if isinstance(text.dtype, pl.List):
        return text.list.eval(
            pl.when(pl.element().is_not_null()).then(pl.lit(SOMEBODY, dtype=pl.String))
        )
    found = pl.Series(text.name, [SOMEBODY], dtype=pl.String).new_from_index(0, len(text))
    return found.set(text.is_null(), None)
