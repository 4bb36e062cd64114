"""The links of a thing as its page shows them, and lines of text as new ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from latticework.base.findings import Finding, error
from latticework.journal.changes import Change, Connect, Put, Value
from latticework.model.model import TITLE, Link, Model
from latticework.surfaces.web.drafts import address_field, fields_of, free_ref, lines_of
from latticework.surfaces.web.drawing import is_address
from latticework.surfaces.web.properties import Control, control_of
from latticework.views.edges import EdgeEnd, LinkEnds, link_ends
from latticework.views.named import named
from latticework.views.things import things

if TYPE_CHECKING:
    from latticework.graph.graph import Graph

CANDIDATES = 8


@dataclass(frozen=True, kw_only=True)
class Edge:
    """One end under a phrase, and the fields of the link to it."""

    end: EdgeEnd
    source: str
    target: str
    controls: tuple[Control, ...]


@dataclass(frozen=True, kw_only=True)
class Phrase:
    """A phrase of a thing: where it leads, and to which kinds it may lead further."""

    phrase: str
    link: str
    back: bool
    edges: tuple[Edge, ...] = ()
    count: int = 0
    kinds: tuple[str, ...] = ()
    purpose: str = ""
    full: bool = False
    declared: bool = True
    query: str = ""

    @property
    def left(self) -> int:
        """How many ends are not drawn."""
        return self.count - len(self.edges)

    @property
    def open(self) -> bool:
        """Whether a further end may be linked."""
        return bool(self.kinds) and not self.full


def phrases_of(
    graph: Graph, found: int, most: int, hidden: frozenset[tuple[str, bool]]
) -> tuple[Phrase, ...]:
    """Every phrase of a thing, those that lead nowhere yet included.

    `hidden` names links, and whether they are read back, that stand elsewhere
    on the page. At most so many ends of each are read; 0 is all.
    """
    model = graph.model
    kind = graph.kind_of(found)
    ref = str(graph.ref_of(found))
    there = {(each.link, each.back): each for each in link_ends(graph, found, most)}
    ways = dict.fromkeys((*_ways(model, kind), *there))
    return tuple(
        _phrase(graph, ref, kind, way, there.get(way)) for way in ways if way not in hidden
    )


def reached(model: Model, link: Link, kind: str, *, back: bool) -> tuple[str, ...]:
    """Kinds to which a link may lead from a thing of this kind."""
    found: dict[str, None] = {}
    for end in link.ends:
        sources = model.end_kinds(end.source)
        targets = [name for word in end.targets for name in model.end_kinds(word)]
        if kind in (targets if back else sources):
            found |= dict.fromkeys(sources if back else targets)
    return tuple(name for name in found if not model.kinds_by_name[name].aside)


def edge_of(ref: str, link: str, other: str, *, back: bool) -> tuple[str, str, str]:
    """Source, link and target, whichever of the two the thing is."""
    return (other, link, ref) if back else (ref, link, other)


@dataclass(frozen=True, kw_only=True)
class Lines:
    """What lines of text come to: things to link, things to begin, what is unclear."""

    refs: tuple[str, ...] = ()
    begun: tuple[Put, ...] = ()
    findings: tuple[Finding, ...] = ()
    missing: tuple[str, ...] = ()

    def changes(self, ref: str, phrase: Phrase) -> tuple[Change, ...]:
        """Begin what is missing, then draw every edge."""
        edges = (edge_of(ref, phrase.link, each, back=phrase.back) for each in self.refs)
        return (*self.begun, *(Connect(*each) for each in edges))


@dataclass
class Reader:
    """Reads lines as things of some kinds: by ref, by title, by address.

    What no thing is called is begun as a `make`, where that is one of the kinds.
    """

    graph: Graph
    kinds: Sequence[str]
    make: str = ""
    taken: set[str] = field(default_factory=set)

    def read(self, text: str) -> Lines:
        """Every line as a thing, in the order of the lines."""
        refs: dict[str, None] = {}
        begun: list[Put] = []
        findings: list[Finding] = []
        missing: list[str] = []
        for line in lines_of(text):
            found = self._find(line)
            if isinstance(found, Finding):
                findings.append(found)
            elif found:
                refs[found] = None
            elif made := self.begin(line):
                begun.append(made)
                refs[made.ref] = None
            else:
                missing.append(line)
        findings.extend(self._nothing(line) for line in missing)
        return Lines(
            refs=tuple(refs), begun=tuple(begun), findings=tuple(findings), missing=tuple(missing)
        )

    def begin(self, line: str) -> Put | None:
        """A new thing of the kind to make, called by a line or lying at an address."""
        kind = self.graph.model.kinds_by_name.get(self.make)
        if kind is None:
            return None
        fields = fields_of(kind, line)
        ref = free_ref(self.graph, kind, str(fields[TITLE]), self.taken)
        self.taken.add(ref)
        return Put(ref, fields)

    def _find(self, line: str) -> str | Finding:
        graph = self.graph
        there = graph.find(line) if "/" in line else None
        if there is not None and graph.alive[there]:
            return str(graph.ref_of(there))
        if is_address(line):
            return self._lying_at(line)
        same = called(graph, line, self.kinds)
        if len(same) > 1:
            says = f"'{line}' may mean {len(same)} things"
            return error("LINK002", says, hint=f"say which: {', '.join(same[:4])}", value=line)
        return same[0] if same else ""

    def _lying_at(self, address: str) -> str:
        """The thing that says it lies at an address."""
        for name in self.kinds:
            kind = self.graph.model.kinds_by_name[name]
            lies = address_field(kind)
            every = self.graph.ids_of(name)
            if lies and len(every):
                same = self.graph.column(lies, every).text.cast(str, strict=False) == address
                for spot in same.fill_null(value=False).arg_true().to_list()[:1]:
                    return str(self.graph.ref_of(int(every[spot])))
        return ""

    def _nothing(self, line: str) -> Finding:
        kinds = " or ".join(self.kinds[:3])
        hint = f"choose which kind to begin for it, or write the ref of a {kinds}"
        return error("LINK001", f"nothing is called '{line}'", hint=hint, value=line)


def called(graph: Graph, title: str, kinds: Iterable[str]) -> list[str]:
    """Refs of the things of some kinds that bear a title, letter case aside."""
    chosen = named(graph, title, kinds=tuple(kinds), most=CANDIDATES)
    wanted = title.casefold()
    return [each.ref for each in things(graph, chosen) if each.title.casefold() == wanted]


def _ways(model: Model, kind: str) -> Iterator[tuple[str, bool]]:
    yield from ((link.name, False) for link in model.links_from(kind))
    yield from ((link.name, True) for link in model.links_to(kind))


def _phrase(
    graph: Graph, ref: str, kind: str, way: tuple[str, bool], there: LinkEnds | None
) -> Phrase:
    model = graph.model
    name, back = way
    link = model.links_by_name.get(name)
    if link is None:
        phrase = there.phrase if there else name
        edges = tuple(_edges(graph, ref, way, there, None))
        count = there.count if there else 0
        return Phrase(phrase=phrase, link=name, back=back, edges=edges, count=count, declared=False)
    ahead, behind = model.limits_of(link)
    limit = (behind if back else ahead).get(kind, 0)
    opposite = link.name if back else link.back
    return Phrase(
        phrase=(link.back or f"← {link.name}") if back else link.name,
        link=name,
        back=back,
        edges=tuple(_edges(graph, ref, way, there, link)),
        count=there.count if there else 0,
        kinds=reached(model, link, kind, back=back),
        purpose=link.purpose,
        full=bool(limit) and there is not None and there.count >= limit,
        query=f"any where {opposite} {ref}" if opposite else "",
    )


def _edges(
    graph: Graph, ref: str, way: tuple[str, bool], there: LinkEnds | None, link: Link | None
) -> Iterator[Edge]:
    for end in there.ends if there else ():
        source, _, target = edge_of(ref, way[0], end.thing.ref, back=way[1])
        carried: Mapping[str, Value] = end.carries
        # A comma may part two values or stand in one: the edge itself knows.
        if link and any(", " in each for each in end.carries.values()):
            carried = graph.edge(source, way[0], target) or carried
        declared = link.carries if link else ()
        controls = tuple(control_of(each, carried.get(each.name)) for each in declared)
        yield Edge(end=end, source=source, target=target, controls=controls)
