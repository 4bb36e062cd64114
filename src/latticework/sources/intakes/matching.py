"""To which thing each record goes: by its foreign key, by a join, or by a rule.

A source's key leads to the thing that has it now, whatever became of the thing
since: renamed, joined into another, split off again. A record that no key leads
to may be matched by a field, where the recipe says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from latticework.base.findings import Finding, Place, notice, warning
from latticework.base.refs import ref_of
from latticework.base.times import Instant, format_instant
from latticework.graph.absence import histories_of, is_named
from latticework.graph.alike import as_names, folded
from latticework.graph.joins import joined_of
from latticework.journal.changes import Change, Connect, Disconnect, Move, Put, Retire, Via
from latticework.journal.tellers import MARKS
from latticework.sources.intakes.past import Replay
from latticework.sources.recipes.match import Match

if TYPE_CHECKING:
    from latticework.graph.graph import Graph
    from latticework.graph.timeline import Flags, Ints
    from latticework.sources.recipes.parts import Recipe

AT_ONCE = 200_000
"""Keys that are looked at together."""

MOST_CANDIDATES = 5
"""Candidates that a finding names."""

Updated = Callable[[str], Instant | None]
"""From the ref that a record asks for to the instant of its last update."""


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """What a portion of an intake says, of the things that have its keys now.

    `refs` lead from the refs that records ask for to those of their things;
    `met` are things that a rule found in this very import, by such a ref.
    `stale` are things of which something newer is known from this source, `shared`
    those that several records tell of, of one source or of several.
    """

    said: tuple[Change, ...]
    refs: Mapping[str, str] = field(default_factory=dict)
    met: Mapping[str, str] = field(default_factory=dict)
    stale: frozenset[str] = frozenset()
    shared: frozenset[str] = frozenset()
    findings: tuple[Finding, ...] = ()
    _vias: frozenset[Via] = frozenset()
    _touched: Mapping[str, Via] = field(default_factory=dict)

    def later(self, laters: Updated) -> Updated:
        """The same instants, asked for by the refs that things go by."""
        asked = {home: ref for ref, home in self.refs.items()}
        return lambda ref: laters(asked.get(ref, ref)) or laters(ref)

    def introduced(self, news: Sequence[Change]) -> Iterator[Put]:
        """What has to be recorded though the company says so already.

        Of records that a rule matched, all they say: from then on their keys are
        known, and what each source said stays apart from what the other one says.
        Of records that were updated and say nothing new, that they were: older
        exports, read later, then know themselves to be older. Of records that
        were away for a while, that they are back.
        """
        changed = {each.ref for each in news if isinstance(each, Put)}
        for ref, via in self._touched.items():
            if ref not in changed and ref not in self.met.values():
                yield Put(ref, {}, via=via)
        homes = set(self.met.values())
        told = {
            (each.ref, each.via, name)
            for each in news
            if isinstance(each, Put) and each.ref in homes
            for name in each.fields
        }
        for each in self.said:
            if isinstance(each, Put) and each.ref in homes and each.via in self._vias:
                rest = {n: v for n, v in each.fields.items() if (each.ref, each.via, n) not in told}
                yield replace(each, fields=rest, valid=None)

    def led(self, past: Replay) -> Replay:
        """A past of the things that have the keys now.

        It ends no edge on the word of records that are too old.
        """
        if not self.refs and not self.stale:
            return past
        lead = self.refs.get
        moved = ((each, redirected(each.change, self.refs)) for each in past.past)
        ended = (redirected(each, self.refs) for each in past.ended)
        return replace(
            past,
            past=tuple(
                each._replace(change=change)
                for each, change in moved
                if isinstance(change, Put | Connect | Disconnect)
            ),
            cells=frozenset((lead(ref, ref), name) for ref, name in past.cells),
            edges=frozenset((lead(a, a), link, lead(b, b)) for a, link, b in past.edges),
            ended=tuple(
                each
                for each in ended
                if isinstance(each, Disconnect) and each.source not in self.stale
            ),
            gaps={(lead(ref, ref), name): at for (ref, name), at in past.gaps.items()},
            since={lead(ref, ref): at for ref, at in past.since.items()},
        )


class Identities:
    """Who is who among a source's records and the company's things; one intake long."""

    def __init__(self, graph: Graph, recipe: Recipe, stated: pl.DataFrame) -> None:
        """Find what this source's keys lead to; `stated` is of all sources."""
        self._graph = graph
        self._recipe = recipe
        said = _where(stated, ~pl.col("source").is_in(MARKS))
        told = _where(said, pl.col("key") != "")
        self._shared = _shared(graph, told)
        self._doubtful = _doubtful(graph, _where(said, pl.col("source") == recipe.name))
        mine = _where(told, pl.col("source") == recipe.name)
        self._known = _Known(graph, mine)
        # When records were updated is asked only of recipes that tell it.
        self._stated = mine if recipe.later_pick is not None else mine.clear()
        self._matches = {part.kind.name: part.match for part in recipe.parts if part.match}
        self._met: dict[str, str] = {}
        self._stale = 0

    def meet(self, said: Sequence[Change], updated: Updated) -> Meeting:
        """Lead a portion's changes to the things that the company knows by its keys."""
        said = _dated(said, self._recipe, updated)
        led = dict(self._met)
        led |= self._known.leads(_named(said))
        matched = _matched(said, self._matches, self._graph, self._known.homes, led)
        self._met |= matched.refs
        refs = {**led, **matched.refs}
        older, newer = _updates(said, self._stated)
        stale = frozenset(refs.get(ref, ref) for ref in older)
        self._stale += len(stale)
        moved = [redirected(change, refs) for change in said] if refs else list(said)
        puts = (change for change in said if isinstance(change, Put) and change.ref in matched.refs)
        vias = {each.ref: each.via for each in moved if isinstance(each, Put) and each.via}
        back = {ref: vias[ref] for ref in _away(self._graph, vias, self._doubtful, self._recipe)}
        return Meeting(
            said=tuple(each for each in moved if each is not None and not _is_of(each, stale)),
            refs=refs,
            met=matched.refs,
            stale=stale,
            shared=self._shared | frozenset(self._met.values()),
            findings=tuple(matched.findings),
            _vias=frozenset(change.via for change in puts if change.via),
            _touched=back | {refs.get(ref, ref): via for ref, via in newer.items()},
        )

    def findings(self) -> Iterator[Finding]:
        """What is to be told of the intake as a whole."""
        if self._stale:
            count = "a record is" if self._stale == 1 else f"{self._stale:,} records are"
            says = f"{count} older than what {self._recipe.name} said before, and changed nothing"
            hint = "import the newest export to be up to date"
            place = Place(file=self._recipe.file)
            yield notice("SOURCE082", says, hint=hint, place=place)

    @property
    def is_stale(self) -> bool:
        """Whether any record was older than what is known, so that more may be missing."""
        return self._stale > 0


# ---- what is known


def _where(stated: pl.DataFrame, wanted: pl.Expr) -> pl.DataFrame:
    """The rows that are wanted; the frame itself, not a copy, where all of them are."""
    found = stated.select(wanted).to_series()
    return stated if found.all() else stated.filter(found)


def _shared(graph: Graph, stated: pl.DataFrame) -> frozenset[str]:
    """Things that more than one foreign key leads to."""
    nodes = _nodes_of(graph, stated)
    counts = np.bincount(nodes[nodes >= 0], minlength=graph.size)
    several = np.zeros(len(nodes), dtype=np.bool_)
    several[nodes >= 0] = counts[nodes[nodes >= 0]] > 1
    rows = stated.select("source", "key").filter(several)
    told = rows.with_columns(node=nodes[several]).unique()
    shared = told.group_by("node").len().filter(pl.col("len") > 1)["node"]
    return frozenset(graph.refs.gather(shared).to_list())


def _nodes_of(graph: Graph, stated: pl.DataFrame) -> Ints:
    """The thing that each row is about, joins followed."""
    nodes = graph.find_all(stated["subject"])
    joined = joined_of(graph)
    if joined:
        homes = np.arange(graph.size, dtype=np.int32)
        homes[list(joined)] = list(joined.values())
        nodes[nodes >= 0] = homes[nodes[nodes >= 0]]
    return nodes


def _doubtful(graph: Graph, stated: pl.DataFrame) -> Flags:
    """Things that are there, of which this source took something back after it named them."""
    nodes = _nodes_of(graph, stated)
    numbers = stated["number"].to_numpy()
    named = np.zeros(graph.size, dtype=np.int64)
    taken = np.zeros(graph.size, dtype=np.int64)
    keyed = (stated["key"] != "").to_numpy() & (nodes >= 0)
    np.maximum.at(named, nodes[keyed], numbers[keyed])
    keyless = ~keyed & (nodes >= 0)
    np.maximum.at(taken, nodes[keyless], numbers[keyless])
    return (taken > named) & (named > 0) & graph.alive


def _away(graph: Graph, refs: Iterable[str], doubtful: Flags, recipe: Recipe) -> Iterator[str]:
    """Those of the refs whose things are there though this source left them out.

    What only lost a field was not left out: the histories tell, read all at once.
    """
    asked = list(refs)
    nodes = graph.find_all(pl.Series(asked, dtype=pl.String)).tolist()
    known = {
        ref: node for ref, node in zip(asked, nodes, strict=True) if node >= 0 and doubtful[node]
    }
    pasts = histories_of(graph, known.values())
    yield from (r for r, node in known.items() if not is_named(graph, pasts[node], recipe.name))


class _Known:
    """The things that a source's keys lead to, and those that were joined."""

    def __init__(self, graph: Graph, stated: pl.DataFrame) -> None:
        """Find the thing of each key."""
        self._graph = graph
        joined = joined_of(graph)
        self.homes = _nodes_of(graph, stated)
        self._joined = joined
        self._keyed = dict(self._by_key(stated))

    def leads(self, named: Iterable[str]) -> dict[str, str]:
        """From the refs that records ask for to those of their things, where they differ."""
        keyed = self._keyed
        texts = pl.Series(list(named), dtype=pl.String)
        found: dict[str, str] = {}
        for text, node in zip(texts, self._graph.find_all(texts).tolist(), strict=True):
            home = self._joined.get(node)
            if home is not None:
                found[text] = str(self._graph.ref_of(home))
            elif text in keyed:
                found[text] = str(self._graph.ref_of(keyed[text]))
        return found

    def _by_key(self, stated: pl.DataFrame) -> Iterator[tuple[str, int]]:
        """Refs that keys ask for and other things have, the last one said counting."""
        parts = range(0, len(stated), AT_ONCE)
        plain = [_is_plain(stated.slice(start, AT_ONCE)) for start in parts]
        keys = stated.select("key").with_row_index("row")
        odd = keys.filter(~pl.concat(plain)) if plain else keys
        subjects = set(stated["subject"] if len(odd) else ())
        for row, key in odd.iter_rows():
            home = int(self.homes[row])
            if home < 0:
                continue
            asked = str(ref_of(self._graph.kind_of(home), key))
            # A thing of this very ref has the key as well: it was split off, or came first.
            if asked not in subjects:
                yield asked, home


def _is_plain(stated: pl.DataFrame) -> pl.Series:
    """Where a ref is what its key asks for, as far as a quick look tells."""
    slug = stated["key"].str.to_lowercase().str.replace_all(r"[^\w.]+|_", "-")
    slug = slug.str.replace_all(r"-{2,}", "-").str.strip_chars("-.")
    return stated["subject"].str.splitn("/", 2).struct.field("field_1") == slug


def _named(said: Iterable[Change]) -> dict[str, None]:
    named: dict[str, None] = {}
    for change in said:
        if isinstance(change, Connect | Disconnect):
            named |= {change.source: None, change.target: None}
        elif isinstance(change, Put | Retire | Move):
            named[change.ref] = None
    return named


def redirected(change: Change, refs: Mapping[str, str]) -> Change | None:
    """A change of the things to which refs lead; none of an edge from a thing to itself."""
    if isinstance(change, Put | Retire):
        ref = refs.get(change.ref)
        return change if ref is None else replace(change, ref=ref)
    if isinstance(change, Connect | Disconnect):
        source = refs.get(change.source, change.source)
        target = refs.get(change.target, change.target)
        if source == change.source and target == change.target:
            return change
        return None if source == target else replace(change, source=source, target=target)
    return change


# ---- what is older than what is known


def _dated(said: Sequence[Change], recipe: Recipe, updated: Updated) -> tuple[Change, ...]:
    """Each thing's changes with the instant of its record's last update as revision."""
    if recipe.later_pick is None:
        return tuple(said)
    times: dict[str, str] = {}
    for ref in {change.ref for change in said if isinstance(change, Put)}:
        at = updated(ref)
        times[ref] = "" if at is None else format_instant(at)
    return tuple(
        replace(change, via=replace(change.via, revision=times[change.ref]))
        if isinstance(change, Put) and change.via is not None and times[change.ref]
        else change
        for change in said
    )


def _updates(
    said: Sequence[Change], stated: pl.DataFrame
) -> tuple[Iterable[str], Mapping[str, Via]]:
    """Refs whose records were updated before what is known of them, and those since."""
    vias = {
        change.ref: change.via
        for change in said
        if isinstance(change, Put) and change.via is not None and change.via.revision
    }
    if not vias or stated.is_empty():
        return (), {}
    columns = {
        "ref": list(vias),
        "key": [via.key for via in vias.values()],
        "kind": [ref.partition("/")[0] for ref in vias],
        "now": [via.revision for via in vias.values()],
    }
    told = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    kinds = stated["subject"].str.splitn("/", 2).struct.field("field_0").alias("kind")
    newest = stated.with_columns(kinds).group_by("kind", "key").agg(pl.col("revision").max())
    both = told.join(newest, on=["kind", "key"])
    older = both.filter(pl.col("now") < pl.col("revision"))["ref"]
    newer = both.filter((pl.col("now") > pl.col("revision")) & (pl.col("revision") != ""))["ref"]
    return older, {ref: vias[ref] for ref in newer}


def _is_of(change: Change, refs: frozenset[str]) -> bool:
    """Whether a change is what one of these things' records says."""
    if isinstance(change, Put):
        return change.ref in refs
    return isinstance(change, Connect) and bool({change.source, change.target} & refs)


# ---- what a rule finds


@dataclass(frozen=True, slots=True)
class _Matched:
    refs: dict[str, str]
    findings: list[Finding]


def _matched(
    said: Sequence[Change],
    matches: Mapping[str, Match],
    graph: Graph,
    known: Ints,
    led: Mapping[str, str],
) -> _Matched:
    """Things for new records whose parts say by what they may be found."""
    refs: dict[str, str] = {}
    findings: list[Finding] = []
    taken = {*led.values()}
    for kind, match in matches.items():
        new = _new_of(said, kind, graph, led)
        if not new:
            continue
        told = {
            *known.tolist(),
            *(graph.id_of(ref) for ref in taken if graph.find(ref) is not None),
        }
        # A source tells its own things apart: what it knows by a key is no other record's.
        ids = graph.ids_of(kind)
        free = ids[[node not in told for node in ids.tolist()]] if told else ids
        for found in _by_rules(new, match, graph, free):
            refs.update(found.refs)
            findings.extend(found.findings)
    return _Matched(refs, findings)


def _new_of(
    said: Sequence[Change], kind: str, graph: Graph, led: Mapping[str, str]
) -> dict[str, dict[str, str]]:
    """What each new thing of a kind is said to be, by ref: single texts alone."""
    texts: dict[str, dict[str, str]] = {}
    for change in said:
        if isinstance(change, Put) and change.ref not in led:
            of = texts.setdefault(change.ref, {})
            of |= {n: v for n, v in change.fields.items() if isinstance(v, str)}
    head = str(ref_of(kind, "x")).partition("/")[0] + "/"
    mine = [ref for ref in texts if ref.startswith(head)]
    nodes = graph.find_all(pl.Series(mine, dtype=pl.String)).tolist()
    return {
        ref: texts[ref]
        for ref, node in zip(mine, nodes, strict=True)
        if node < 0 or not graph.alive[node]
    }


def _by_rules(
    new: Mapping[str, Mapping[str, str]], match: Match, graph: Graph, ids: Ints
) -> Iterator[_Matched]:
    """One field after the other; what fits at none of them stays apart."""
    waiting = dict(new)
    for name in match.by:
        found = _by_field(waiting, name, match, graph, ids)
        yield found
        about = {each.place.ref for each in found.findings}
        waiting = {r: v for r, v in waiting.items() if r not in found.refs and r not in about}


def _by_field(
    new: Mapping[str, Mapping[str, str]], name: str, match: Match, graph: Graph, ids: Ints
) -> _Matched:
    """New records and the one thing each whose field is equal."""
    form = as_names if name in match.names else folded
    rows = [(ref, texts[name]) for ref, texts in new.items() if name in texts]
    theirs = pl.DataFrame(rows, schema={"ref": pl.String, "said": pl.String}, orient="row")
    theirs = theirs.with_columns(form(theirs["said"]).alias("like"))
    ours = pl.DataFrame({"node": ids, "like": form(graph.texts(name, ids))})
    pairs = theirs.drop_nulls("like").join(ours.drop_nulls("like"), on="like")
    found = pairs.group_by("ref", "said", maintain_order=True).agg("node")
    rivals = Counter(node for _, _, nodes in found.iter_rows() for node in nodes)
    refs: dict[str, str] = {}
    findings: list[Finding] = []
    for ref, said, nodes in found.iter_rows():
        fits = [str(graph.ref_of(node)) for node in nodes[:MOST_CANDIDATES]]
        place = Place(ref=ref, field=name)
        if len(nodes) == 1 and rivals[nodes[0]] == 1:
            refs[ref] = fits[0]
            says = f"{ref} is {fits[0]}: {name} is '{said}' in both"
            hint = f"where they are two: latticework split {fits[0]} --source …"
            findings.append(notice("SOURCE080", says, hint=hint, place=replace(place, ref=fits[0])))
            continue
        several = f"{len(nodes)} things" if len(nodes) > 1 else "several records"
        says = f"{several} have the {name} '{said}': {', '.join(fits)}; {ref} stays apart"
        hint = f"join it by hand: latticework join {ref} {fits[0]}"
        findings.append(warning("SOURCE081", says, hint=hint, place=place, value=said))
    return _Matched(refs, findings)
