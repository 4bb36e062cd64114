"""What a history says, led to the things that its keys belong to now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from latticework.base.findings import Place, notice
from latticework.base.times import Instant
from latticework.journal.changes import Change, Connect, Disconnect, Move, Put, Retire
from latticework.journal.tellers import MARKS
from latticework.sources.intakes.intake import Findings
from latticework.sources.intakes.matching import Identities, redirected
from latticework.sources.intakes.statements import Statements, Verdict, asked, held, wins_of

if TYPE_CHECKING:
    from latticework.graph.graph import Graph
    from latticework.sources.recipes.parts import Recipe


class Leading:
    """Leads the changes of one commit after the other; one intake long.

    A thing is matched by rule when it first comes; what became of it is kept, so that
    a later commit, which says only what it changed, is matched by nothing else.
    """

    def __init__(
        self, graph: Graph, recipe: Recipe, stated: pl.DataFrame, told: Findings, now: Instant
    ) -> None:
        """Find what the keys lead to; findings go to `told`."""
        self._who = Identities(graph, recipe, stated)
        marked = stated.filter(pl.col("source").is_in(MARKS))["subject"]
        self._remade = frozenset(marked.to_list())
        self._graph = graph
        self._now = now
        self._recipe = recipe
        self._told = told
        self._homes: dict[str, str] = {}
        self._into: set[str] = set()
        self._apart: set[str] = set()
        self._lasts: dict[str, dict[str, Instant]] = {}
        self._wins = wins_of(recipe)
        self._statements: dict[str, Statements] = {}

    def knows(self, ref: str) -> bool:
        """Whether the company has a thing of this ref, or had it before it was joined."""
        return self._graph.find(ref) is not None

    def lead(self, changes: Sequence[Change], valid: Instant) -> tuple[Change, ...]:
        """The same changes, valid since then, of the things that have the keys now."""
        meeting = self._who.meet([*self._asked(changes)], _never)
        for finding in meeting.findings:
            self._told.add(finding)
        self._homes |= meeting.refs
        self._into |= {*meeting.refs.values()}
        fresh = {each.ref for each in changes if isinstance(each, Put)}
        self._apart |= fresh - self._homes.keys()
        led = self._led(changes, meeting.shared)
        timed = (each for change in led for each in self._timed(change, valid))
        return tuple(each for change in timed for each in self._decided(change, valid))

    def _asked(self, changes: Sequence[Change]) -> Iterator[Change]:
        """The changes with what tells who is meant alone; those of known things left out."""
        for each in changes:
            if isinstance(each, Put):
                # Looked up in both: a union of all things, for each change, is quadratic.
                if each.ref not in self._apart and each.ref not in self._homes:
                    yield Put(each.ref, each.fields)
            elif isinstance(each, Connect | Disconnect | Move | Retire):
                yield each

    def _led(self, changes: Sequence[Change], shared: frozenset[str]) -> Iterator[Change]:
        for each in changes:
            if isinstance(each, Move) and each.ref in self._homes:
                # The key has another name at the source; the thing is called what we call it.
                self._homes[each.to] = self._homes[each.ref]
            elif isinstance(each, Retire) and self._is_shared(each.ref, shared):
                self._tell_kept(self._homes.get(each.ref, each.ref))
            else:
                ours = redirected(each, self._homes)
                if ours is not None:
                    yield ours

    def _timed(self, change: Change, valid: Instant) -> Iterator[Change]:
        """What is older than what a joined or split thing was told since holds from now on."""
        if not isinstance(change, Put) or not self._is_remade(change.ref):
            yield change
            return
        lasts = self._told_last(change.ref)
        late = {n: v for n, v in change.fields.items() if lasts.get(n, valid - 1) >= valid}
        rest = {n: v for n, v in change.fields.items() if n not in late}
        if rest or not late:
            yield replace(change, fields=rest)
        if late:
            yield replace(change, fields=late, valid=self._now)

    def _decided(self, change: Change, valid: Instant) -> Iterator[Change]:
        """What the recipe's `wins` leaves of a change of things that somebody else edited."""
        if not (self._wins and isinstance(change, Put) and self.knows(change.ref)):
            yield change
            return
        verdicts = {n: self._verdict(change, n, change.valid or valid) for n in change.fields}
        news = {n: v for n, v in change.fields.items() if verdicts[n] is Verdict.NEWS}
        if news or not change.fields:
            yield replace(change, fields=news)
        for name, verdict in verdicts.items():
            if verdict is Verdict.ASKED:
                ours = self._graph.node(change.ref).fields.get(name)
                theirs = change.fields[name]
                self._told.add(asked(self._recipe.name, change.ref, name, theirs, ours))
                yield from (replace(each, valid=change.valid) for each in held(change, name, ours))

    def _verdict(self, change: Put, name: str, valid: Instant) -> Verdict:
        """Whether a value is news; one of a day before ours is no word against ours."""
        wins = self._wins.get((change.ref.partition("/")[0], name))
        if wins is None:
            return Verdict.NEWS
        if change.ref not in self._statements:
            self._statements[change.ref] = Statements(self._graph, [change.ref])
        said = self._statements[change.ref]
        since = said.last_valid(change.ref, name)
        earlier = since is not None and valid < since
        return Verdict.NEWS if earlier else said.verdict(change, name, wins)

    def _is_shared(self, ref: str, shared: frozenset[str]) -> bool:
        home = self._homes.get(ref, ref)
        return home in shared or home in self._into

    def _is_remade(self, ref: str) -> bool:
        return ref in self._remade or ref in self._into

    def _told_last(self, ref: str) -> Mapping[str, Instant]:
        """Since when each field of a thing has what it has, before this intake."""
        if ref not in self._lasts:
            told = self._lasts[ref] = {}
            for entry in self._graph.history(ref):
                if isinstance(entry.change, Put):
                    told |= {n: max(entry.valid, told.get(n, 0)) for n in entry.change.fields}
        return self._lasts[ref]

    def _tell_kept(self, ref: str) -> None:
        says = f"'{ref}' stands in the files no more; it stays, as it is known by another key, too"
        hint = f"retire it where it has ended: latticework retire {ref}"
        place = Place(file=self._recipe.file, ref=ref)
        self._told.add(notice("SOURCE083", says, hint=hint, place=place))


def _never(_: str) -> None:
    return None
