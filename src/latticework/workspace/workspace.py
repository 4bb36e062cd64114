"""A company that is open: ask it, propose to it, keep it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, tzinfo
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from latticework.base.findings import Finding, Refused, refuse_errors
from latticework.base.times import BEGINNING, Instant, Moment, day_of, zone_of
from latticework.graph.facts import news_in
from latticework.graph.graph import Graph
from latticework.journal.changes import Batch, Change, Entry
from latticework.journal.opening import open_store
from latticework.journal.store import MAIN, Branch, Receipt, Store
from latticework.journal.tellers import MODEL
from latticework.workspace import branching, modelling, shaping, undo
from latticework.workspace.deciding import Held
from latticework.workspace.folder import DEFAULT_STORE, Folder, journal_gone, refuse_gone
from latticework.workspace.graphs import Graphs
from latticework.workspace.moments import When, moment_of
from latticework.workspace.tracing import Tracer

if TYPE_CHECKING:
    from latticework.graph.delta import Delta
    from latticework.graph.disputes import Conflict
    from latticework.model.model import Model
    from latticework.query.rows import Rows
    from latticework.query.truth import Ints
    from latticework.sources.fetch.outside import Outside
    from latticework.workspace.branching import Meeting
    from latticework.workspace.effects import Preview
    from latticework.workspace.importing import Imported, Progress
    from latticework.workspace.sync_state import SyncState
    from latticework.workspace.syncing import Progress as Fetched
    from latticework.workspace.syncing import Synced, Wanted

Clock = Callable[[], Instant]
ALWAYS = "always"
"""Since when a model holds that holds since the beginning of time."""


def clock() -> Instant:
    """The machine's present instant."""
    return time.time_ns() // 1000


class Workspace:
    """An opened company: its model, its journal, its graphs.

    Reading gives graphs, which never change; writing goes through here alone.
    Every method may raise Refused, with all that is wrong. Safe to read from
    several threads.
    """

    def __init__(self, folder: Folder, store: Store, *, clock: Clock = clock) -> None:
        """Take a folder and the store that its settings name."""
        self.folder = folder
        self.store = store
        self.now = clock
        self._graphs = Graphs(store, folder.cache)
        self.tracer = Tracer(folder)
        self.held = Held(store)

    @classmethod
    def open(cls, path: Path | str = ".", *, clock: Clock = clock) -> Self:
        """Open the company in a folder.

        Raises Refused: WORK001 where there is none, WORK010 where its journal
        is gone.
        """
        folder = Folder(Path(path))
        url = folder.store_url()
        # A store that is not there would be begun anew, and say that it holds.
        refuse_gone(url)
        store = open_store(url)
        if not store.head().number:
            store.close()
            raise Refused([journal_gone(store.url)])
        return cls(folder, store, clock=clock)

    @classmethod
    def init(
        cls,
        path: Path | str,
        *,
        model_text: str | None = None,
        model_file: str = "",
        pack: str = "starter",
        store_url: str | None = None,
        clock: Clock = clock,
    ) -> Self:
        """Begin a company in a folder, from a model's text or from a pack.

        The model holds since the beginning of time, so that history imported
        later is read in its words. `model_file` is what findings call the text.
        WORK002 where a company is there already.
        """
        folder = Folder(Path(path))
        folder.refuse_taken()
        text = modelling.model_text_for(folder, model_text, pack)
        model = modelling.read_model(text, folder, model_file)
        url = store_url or DEFAULT_STORE
        folder.make()
        store = open_store(folder.address_of(url))
        if not store.head().number:
            modelling.declare_first(store, model, now=clock())
        folder.begin(text, url)
        return cls(folder, store, clock=clock)

    def __enter__(self) -> Self:
        """The workspace itself, closed at the end of the block."""
        return self

    def __exit__(
        self,
        sort: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close."""
        self.close()

    def close(self) -> None:
        """Let go of the store."""
        self.store.close()

    # Reading

    @property
    def model(self) -> Model:
        """The company's words now, on main."""
        return self.graph().model

    @cached_property
    def zone(self) -> tzinfo:
        """The zone in which a bare day ends."""
        return zone_of(self._graphs.now(self.now(), MAIN).model.zone or "UTC")

    @property
    def today(self) -> date:
        """The clock's day in the company's zone."""
        return day_of(self.now(), self.zone)

    def graph(self, *, at: When = None, known: When = None, branch: str = MAIN) -> Graph:
        """The company at a moment: what was so at `at`, as far as known at `known`."""
        present = self._graphs.now(self.now(), branch)
        if at is None and known is None:
            return present
        now = present.moment.valid
        named = present.model.moments
        moment = moment_of(at, known, now=now, zone=self.zone, named=named)
        return self._graphs.at(moment, branch)

    def seen_at(self, number: int, *, branch: str = MAIN) -> Graph:
        """The present as told by the entries up to one: what a reader had seen then."""
        present = self.graph(branch=branch)
        return self._graphs.as_of(present.moment.valid, number, branch)

    def pinned(self, valid: Instant, known: Instant, number: int, *, branch: str = MAIN) -> Graph:
        """The company at a moment as the entries up to one tell it, later ones left out."""
        present = self.graph(branch=branch)
        moment = Moment(valid=valid, known=known)
        if present.head == number and present.moment == moment:
            return present
        return replace(self._graphs.at(moment, branch), upto=number)

    def graph_as_of(self, valid: Instant, number: int | None, *, branch: str = MAIN) -> Graph:
        """The company at an instant as the entries up to one tell it; all of them for None."""
        return self._graphs.as_of(valid, number, branch)

    def ask(self, query: str, *, at: When = None, known: When = None, branch: str = MAIN) -> Rows:
        """The rows that answer a query; QUERY findings where it is not understood."""
        from latticework.query.ask import ask

        return ask(self.graph(at=at, known=known, branch=branch), query, today=self.today)

    def explain(self, query: str, *, at: When = None, branch: str = MAIN) -> str:
        """What a query asks, in plain words."""
        from latticework.query.explain import explain

        model = self.graph(at=at, branch=branch).model
        return explain(model, query, today=self.today)

    def diff(
        self, before: When, after: When, query: str | None = None, *, branch: str = MAIN
    ) -> Delta:
        """What differs between two moments, of everything or of a query's things.

        The things are those that answer the query at either moment.
        """
        from latticework.graph.delta import delta

        then, now = (self.graph(at=each, branch=branch) for each in (before, after))
        if query is None:
            return delta(then, now)
        rows = [self.ask(query, at=each, branch=branch) for each in (before, after)]
        return delta(then, now, ids=branching.either(rows))

    def check(
        self,
        *,
        at: When = None,
        known: When = None,
        branch: str = MAIN,
        about: Ints | None = None,
    ) -> tuple[Finding, ...]:
        """What every rule finds, worst first, silences observed.

        With `about`, sorted ids of the graph, only what is found of those things.
        """
        from latticework.analysis.judge import judge

        graph = self.graph(at=at, known=known, branch=branch)
        day = self.today if at is None else day_of(graph.moment.valid, self.zone)
        return judge(graph, today=day, about=about)

    def verify(self) -> tuple[Finding, ...]:
        """Findings where the journal was altered; empty is proof that it was not."""
        return self.store.verify()

    # Writing

    def propose(
        self, changes: Iterable[Change], *, valid: When = None, branch: str = MAIN
    ) -> tuple[Finding, ...]:
        """What would stand against recording these changes."""
        from latticework.graph.check import check

        return check(tuple(changes), self.graph(at=valid, branch=branch))

    def append(
        self,
        changes: Iterable[Change],
        *,
        by: str = "",
        why: str = "",
        source: str = "",
        valid: When = None,
        branch: str = MAIN,
        base: int | None = None,
    ) -> Receipt:
        """Record changes as one batch; what is so already is left out.

        `base` is the entry up to which the writer had seen the company; by
        default all of it. The receipt's `last` is before its `first` where nothing was left to
        record. STORE005 where another writer was faster on the same cell.
        """
        wanted = tuple(changes)
        batch = Batch(changes=wanted, by=by, why=why, source=source)
        return self.record(batch, told=wanted, valid=valid, branch=branch, base=base)[0]

    def record(
        self,
        batch: Batch,
        *,
        told: Sequence[Change],
        valid: When = None,
        branch: str = MAIN,
        base: int | None = None,
    ) -> tuple[Receipt, tuple[Finding, ...]]:
        """The same for a batch as it is; also gives what is doubtful about it.

        `told` are the batch's changes again, placed as findings are to name them.
        """
        from latticework.graph.check import check

        graph = self.graph(at=valid, branch=branch)
        findings = check(told, graph)
        refuse_errors(findings)
        fresh = news_in(batch.changes, graph)
        if not fresh:
            return self._nothing(branch), findings
        instant = None if valid is None else graph.moment.valid
        made = replace(batch, changes=fresh, valid=instant)
        seen = graph.head if base is None else base
        return self.store.append([made], now=self.now(), branch=branch, base=seen), findings

    def import_recipe(
        self,
        recipe: Path | str,
        location: Path | str = "",
        *,
        dry_run: bool = False,
        by: str = "",
        branch: str = MAIN,
        progress: Progress | None = None,
    ) -> Imported:
        """Bring in what a recipe reads at a location; only what is new.

        A dry run records nothing and gives the delta.
        """
        from latticework.workspace import importing

        return importing.import_recipe(
            self,
            Path(recipe),
            str(location),
            dry_run=dry_run,
            by=by,
            branch=branch,
            progress=progress,
        )

    def recipes(self) -> tuple[Path, ...]:
        """The recipes that lie in the company's folder, by name."""
        from latticework.workspace import syncing

        return syncing.recipes(self)

    def sync(
        self,
        recipe: Path | str,
        *,
        outside: Outside,
        wanted: Wanted | None = None,
        by: str = "",
        progress: Fetched | None = None,
    ) -> Synced:
        """Fetch what is new by a recipe, keep it, and import it.

        Raises Refused with FETCH and SYNC findings; the cursor stays then.
        """
        from latticework.workspace import syncing

        file, asked = Path(recipe), wanted or syncing.LATEST
        return syncing.sync(self, file, outside=outside, wanted=asked, by=by, progress=progress)

    def sync_states(self) -> tuple[SyncState, ...]:
        """How every source with a fetcher fares: lag, errors, last batches, next turn."""
        from latticework.workspace import syncing

        return syncing.sync_states(self)

    def propose_recipe(self, sample: Path) -> str:
        """A first recipe for a sample file or a folder, to be edited; raises Refused."""
        from latticework.workspace import bringing

        return bringing.draft_of_file(self, sample, raw=False).recipe

    def preview_model(self, text: str, file: str = "") -> Preview:
        """What a changed model would affect; nothing is recorded."""
        return modelling.preview(self.graph(), text, file, self.folder, today=self.today)

    def apply_model(
        self, text: str, file: str = "", *, by: str = "", why: str = "", valid: When = None
    ) -> Receipt:
        """Record a model as the company's words since `valid`, by default now.

        `valid` may be "always": since the beginning of time. Raises Refused, with
        EVOLVE008 where a word would be split since a past day.
        """
        now = self.graph()
        since = self._since(valid)
        graph = self.graph(at=valid) if since is not None and since > now.moment.valid else now
        found = modelling.preview(graph, text, file, self.folder, today=self.today)
        refuse_errors(found.findings)
        changes = found.changes
        if since is not None and graph is now:
            changes = modelling.since(found, now, since)
        if not changes:
            return self._nothing(MAIN)
        batch = Batch(changes=changes, by=by, why=why, source=MODEL, valid=since)
        return self.store.append([batch], now=self.now(), base=graph.head)

    def shape(
        self,
        text: str,
        *,
        seen: str | None = None,
        by: str = "",
        why: str = "",
        valid: When = None,
    ) -> Receipt:
        """Apply a model's text and keep it as the model file.

        WORK011 where the file is not as the writer had `seen` it.
        """
        return shaping.shape(self, text, seen=seen, by=by, why=why, valid=valid)

    def silence(
        self, rule: str, *, of: Sequence[str] = (), why: str, until: date, by: str = ""
    ) -> Receipt:
        """Accept a rule's findings for a while: a line in the model for each thing, with its end.

        Where no thing is named, it is about all.
        """
        return shaping.silence(self, rule=rule, of=of, why=why, until=until, by=by)

    def undo(
        self, batch: int | None = None, *, by: str = "", why: str = "", branch: str = MAIN
    ) -> Receipt:
        """Take a batch back by new entries: the last standing one, or this one."""
        return self._taken_back(undo.entries_to_undo(self.store, batch, branch), by, why, branch)

    def undo_import(
        self, batch: int | None = None, *, by: str = "", why: str = "", branch: str = MAIN
    ) -> Receipt:
        """Take back the whole import that a batch is part of, or the last batch."""
        return self._taken_back(undo.import_to_undo(self.store, batch, branch), by, why, branch)

    def _taken_back(self, entries: Sequence[Entry], by: str, why: str, branch: str) -> Receipt:
        first, last = entries[0].number, entries[-1].number
        about = self.store.history(undo.refs_in(entries), branch)
        inverse, findings = undo.inverse_of(
            entries,
            [each for each in about if each.number > last],
            before=lambda at: self._graphs.as_of(at, first - 1, branch),
            now=lambda at: self._graphs.as_of(at, None, branch),
        )
        refuse_errors(findings)
        made = undo.in_batches(entries, inverse, by=by, why=why)
        head = self._graphs.now(self.now(), branch).head
        return self.store.append(made, now=self.now(), branch=branch, base=head)

    def conflicts(self, graph: Graph, *, branch: str = MAIN) -> tuple[Conflict, ...]:
        """Where a source and we say two things, as a graph of the branch tells it."""
        from latticework.workspace import deciding

        return deciding.conflicts(self, graph, branch)

    # Branches

    def branches(self) -> tuple[Branch, ...]:
        """Every branch but main, oldest first."""
        return self.store.branches()

    def start_branch(self, name: str, *, parent: str = MAIN, by: str = "", why: str = "") -> Branch:
        """A new branch at the end of another."""
        return self.store.start_branch(name, now=self.now(), parent=parent, by=by, why=why)

    def compare(self, name: str) -> Delta:
        """What a branch has that its parent has not, and the reverse."""
        from latticework.graph.delta import delta

        parent = branching.branch_of(self.store, name).parent
        return delta(self.graph(branch=parent), self.graph(branch=name))

    def meet(self, name: str) -> Meeting:
        """What a branch would bring into its parent, and where they clash."""
        return branching.meet(self.store, name)

    def merge(
        self, name: str, *, by: str = "", why: str = "", keep: Mapping[str, str] | None = None
    ) -> Receipt:
        """Bring a branch's changes into its parent; conflicts refuse it all.

        `keep` settles conflicts: by a clash's key, the branch whose word holds.
        """
        return branching.merge_branch(self.store, name, by=by, why=why, now=self.now(), keep=keep)

    def drop_branch(self, name: str) -> None:
        """Forget a branch and what was written on it."""
        self.store.drop_branch(name)
        self._graphs.forget()

    # Keeping

    def entries_to_redact(self, numbers: Iterable[int], *, why: str) -> tuple[Entry, ...]:
        """What a redaction would remove; raises Refused with REDACT findings."""
        from latticework.workspace.redacting import entries_to_redact

        return entries_to_redact(self.store, numbers, why)

    def redact(self, numbers: Iterable[int], *, by: str, why: str) -> int:
        """Remove the content of entries for good; how many were removed.

        Graphs forget it too, also those of other processes on the same store.
        """
        chosen = [each.number for each in self.entries_to_redact(numbers, why=why)]
        count = self.store.redact(chosen, by=by, why=why, now=self.now())
        self._graphs.forget()
        return count

    def export(self, target: Path | str) -> Path:
        """Write the company as plain files: a folder, or one .jsonl or .zip file."""
        from latticework.workspace import portable

        return portable.export(self, Path(target))

    @classmethod
    def restore(
        cls,
        origin: Path | str,
        path: Path | str,
        *,
        store_url: str | None = None,
        clock: Clock = clock,
    ) -> Self:
        """Begin a company in a folder from an export of another, all of it."""
        from latticework.workspace import portable

        folder = Folder(Path(path))
        portable.restore(Path(origin), folder, store_url or DEFAULT_STORE)
        return cls.open(path, clock=clock)

    def _since(self, valid: When) -> Instant | None:
        """The instant since which a model is to hold; None is from now on."""
        if valid is None:
            return None
        if isinstance(valid, str) and valid.strip().casefold() == ALWAYS:
            return BEGINNING
        return self.graph(at=valid).moment.valid

    def _nothing(self, branch: str) -> Receipt:
        head = self.store.head(branch)
        return Receipt(first=head.number + 1, last=head.number, batches=(), head=head)
