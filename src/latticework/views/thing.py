"""View: thing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from latticework.base.findings import Finding
from latticework.base.times import BEGINNING, format_instant
from latticework.journal.changes import (
    Change,
    Connect,
    Declare,
    Disconnect,
    Move,
    Put,
    Retire,
)
from latticework.model.model import TITLE, Kind
from latticework.views.absences import absence_lines, absences_data
from latticework.views.blocks import (
    Cell,
    Column,
    Feed,
    Fields,
    Findings,
    Prose,
    Sort,
    Span,
    Table,
    Told,
    Tone,
    cell,
    spans,
)
from latticework.views.edges import LinkEnds, link_ends
from latticework.views.lineage import why_of
from latticework.views.origin import origin_words, origins, value_origin
from latticework.views.page import Later, Page, param, sight_view
from latticework.views.sight import Sight
from latticework.views.things import Thing, id_of, ids, things, titles_of
from latticework.views.told import shown_value, source_words, tell_about
from latticework.views.visuals import Block
from latticework.views.wording import ago, day_words, dotted, listed, many

if TYPE_CHECKING:
    from latticework.graph.graph import Graph
    from latticework.journal.changes import Entry


@dataclass(frozen=True)
class Params:
    """What the reader may choose."""

    ref: str = param(
        "", "The thing: its ref, a former ref, or its title.", position=1, required=True
    )
    sources: bool = param(False, "Say below each value since when it holds, and from where.")
    rows: int = param(12, "How many ends of each link, and entries, to draw; 0 is all.")


@sight_view(Params)
def thing(sight: Sight, params: Params) -> Page:
    """Everything about one thing: fields, links both ways, history.

    The thing is found by its ref, by any ref it once had, or by its title.
    Each value can be traced: the history says who said it, when and why, and
    from which file and line it came.
    """
    graph = sight.graph
    found = id_of(graph, params.ref)
    entries = graph.history(graph.ref_of(found))
    about = _About(sight, found, things(graph, ids([found]))[0], graph.names_of(found), entries)
    findings = about.findings()
    blocks: list[Block] = [*about.gone(), about.fields(sources=params.sources)]
    blocks.extend(why_of(graph, found))
    blocks.extend(_links(link_ends(graph, found, params.rows)))
    if findings:
        blocks.append(Findings(findings=findings, title="Findings", about=about.thing.ref))
    blocks.extend(about.history(params.rows))
    return Page(
        title=about.thing.title or about.thing.ref,
        subtitle=about.subtitle(),
        ref=about.thing.ref,
        blocks=tuple(blocks),
        data=Later(lambda: (about.data(link_ends(graph, found), findings),)),
    )


@dataclass(frozen=True)
class _About:
    """One thing with what is known of it."""

    sight: Sight
    id: int
    thing: Thing
    names: tuple[str, ...]
    entries: tuple[Entry, ...]

    @property
    def graph(self) -> Graph:
        """The graph it is in."""
        return self.sight.graph

    @property
    def kind(self) -> Kind | None:
        """Its declared kind."""
        return self.graph.model.kinds_by_name.get(self.graph.kind_of(self.id))

    def subtitle(self) -> str:
        """Kind, interfaces, former refs, joined things and the last change."""
        from latticework.graph.joins import joined_into

        kind = self.kind
        family = kind.family.value if kind else "no declared kind"
        provides = f"provides {listed(kind.provides)}" if kind and kind.provides else ""
        former = [name for name in self.names if name != self.thing.ref]
        was = f"was {listed(former)}" if former else ""
        joined = [str(self.graph.ref_of(one)) for one in joined_into(self.graph, self.id)]
        holds = f"joined with {listed(joined)}" if joined else ""
        return dotted(kind.name if kind else "", family, provides, was, holds, self._touched())

    def _touched(self) -> str:
        upto = self.graph.moment.valid
        past = [entry for entry in self.entries if entry.valid <= upto]
        if not past:
            return ""
        last = max(past, key=lambda entry: (entry.valid, entry.number))
        distance = ago(last.valid, self.sight.now) or day_words(last.valid, self.sight.zone)
        return f"last changed {distance}" + (f" by {last.by}" if last.by else "")

    def gone(self) -> Iterator[Prose]:
        """Says so where the thing is no more, not yet, or left out by a source."""
        from latticework.graph.joins import home_of

        home = home_of(self.graph, self.id)
        if home != self.id:
            into = str(self.graph.ref_of(home))
            words = f"This was joined into {into}, where later imports reach it."
            yield Prose(paragraphs=(spans(Span(words, tone=Tone.WARN)),))
        elif not self.graph.alive[self.id]:
            words = "This thing is not there at this moment: it is retired, or not begun."
            yield Prose(paragraphs=(spans(Span(words, tone=Tone.WARN)),))
        for each in absence_lines(self.sight, self.entries):
            tone = Tone.DIM if each.is_over else Tone.WARN
            yield Prose(paragraphs=(spans(Span(each.says, tone=tone)),))

    def _origins(self) -> dict[str, Entry]:
        return origins(self.entries, self.kind, self.graph.moment)

    def fields(self, *, sources: bool = False) -> Fields:
        """Stage first, then fields as declared, then what nobody declared.

        With `sources`, each is followed by where its value came from.
        """
        values = self.values()
        pairs = [(name, value) for name, value in values.items() if value.text]
        if self.thing.stage:
            stage = self.kind.stage_field if self.kind else "stage"
            category = self.thing.category
            named = spans(
                *self.thing.stage_cell.spans,
                Span(f"  {category}" if category != self.thing.stage else "", tone=Tone.DIM),
            )
            pairs.insert(0, (stage, Cell(named)))
        silent = [name for name, value in values.items() if not value.text]
        if silent:
            pairs.append(("not said", cell(", ".join(silent), tone=Tone.DIM)))
        if sources:
            said = self._origins()
            pairs = [each for pair in pairs for each in self._with_origin(pair, said)]
        return Fields(pairs=tuple(pairs))

    def _with_origin(
        self, pair: tuple[str, Cell], said: Mapping[str, Entry]
    ) -> Iterator[tuple[str, Cell]]:
        """The value, and on a line of its own what the entry that set it says."""
        yield pair
        if entry := said.get(pair[0]):
            words = origin_words(entry, pair[0], self.kind, self.sight)
            yield "", cell(words, tone=Tone.DIM)

    def values(self) -> dict[str, Cell]:
        """Each field but title and stage, as written; what does not fit is marked."""
        kind = self.kind
        declared = kind.fields_by_name if kind else {}
        skipped = {TITLE, kind.stage_field if kind else ""}
        cells = {}
        for name, (text, misfit) in self._texts().items():
            if name in skipped or (name not in declared and not text):
                continue
            note = Span("  does not fit", tone=Tone.BAD) if misfit else Span("")
            unknown = Span("  not declared", tone=Tone.WARN) if name not in declared else Span("")
            cells[name] = Cell(spans(text, note, unknown))
        return cells

    def _texts(self) -> dict[str, tuple[str, bool]]:
        found = {}
        for name in self.graph.field_names(self.id):
            value = self.graph.values(name, ids([self.id]))[0]
            misfit = self.graph.column(name, ids([self.id])).misfit[0]
            found[name] = (shown_value(value), bool(misfit))
        return found

    def findings(self) -> tuple[Finding, ...]:
        """What rules and checks say about this thing."""
        return self.sight.findings_about(self.id)

    def history(self, rows: int) -> Iterator[Feed]:
        """What happened to it, latest first; what holds only later stands apart."""
        lines = tell_about(self.entries, self.names, self.graph.model)
        later = tuple(each for each in lines if each.valid > self.graph.moment.valid)
        if later:
            yield self._feed(later, "Later", rows)
        yield self._feed(lines[len(later) :], "History", rows)

    def _feed(self, lines: tuple[Told, ...], title: str, rows: int) -> Feed:
        shown = lines[:rows] if rows else lines
        rest = len(lines) - len(shown)
        note = f"{many(rest, 'earlier line')} left out; --rows 0 shows all" if rest else ""
        return Feed(lines=shown, now=self.sight.now, title=title, note=note)

    def data(self, ends: Sequence[LinkEnds], findings: Sequence[Finding]) -> dict[str, object]:
        """The same for machines."""
        return {
            "ref": self.thing.ref,
            "kind": self.graph.kind_of(self.id),
            "title": self.thing.title,
            "stage": self.thing.stage,
            "category": self.thing.category,
            "was": [name for name in self.names if name != self.thing.ref],
            "fields": dict(self.graph.node(self.id).fields),
            "said": {
                name: value_origin(each, name, self.kind, self.sight)
                for name, each in self._origins().items()
            },
            "left out": absences_data(self.sight, self.entries),
            "links": {each.phrase: [end.data for end in each.ends] for each in ends},
            "findings": list(findings_data(findings, self.graph)),
            "history": [entry_data(each) for each in self.entries],
        }


def findings_data(found: Sequence[Finding], graph: Graph) -> tuple[dict[str, object], ...]:
    """Findings as plain values, with kind and title of what each is about."""
    titles = titles_of((each.place.ref for each in found), graph)
    return tuple(_finding_data(each, titles.get(each.place.ref, "")) for each in found)


def _finding_data(finding: Finding, title: str) -> dict[str, object]:
    return {
        "ref": finding.place.ref,
        "kind": finding.place.ref.partition("/")[0],
        "title": title,
        "code": finding.code,
        "severity": finding.severity.word,
        "says": finding.says,
        "hint": finding.hint,
        "value": finding.value,
        "instead": list(finding.instead),
        "field": finding.place.field,
        "file": finding.place.file,
        "line": finding.place.line or None,
        "column": finding.place.column or None,
    }


def entry_data(entry: Entry) -> dict[str, object]:
    """An entry as plain values, instants in ISO 8601."""
    change = entry.change
    via = change.via if change else None
    plain: dict[str, object] = {
        "number": entry.number,
        "batch": entry.batch,
        "valid": None if entry.valid <= BEGINNING else format_instant(entry.valid),
        "known": format_instant(entry.known),
        "by": entry.by,
        "why": entry.why,
        "source": source_words(entry.source, via),
        "change": type(change).__name__.lower() if change else "redacted",
    }
    return {**plain, **_change_data(change)}


def _change_data(change: Change | None) -> dict[str, object]:
    match change:
        case Put(ref, fields):
            return {"ref": ref, "fields": dict(fields)}
        case Retire(ref):
            return {"ref": ref}
        case Move(ref, to):
            return {"ref": ref, "to": to}
        case Connect(source, link, target, fields):
            return {"ref": source, "link": link, "target": target, "fields": dict(fields)}
        case Disconnect(source, link, target):
            return {"ref": source, "link": link, "target": target}
        case Declare() | None:
            return {}


def _links(ends: Sequence[LinkEnds]) -> Iterator[Table]:
    """One table for all links, under their phrases."""
    lines: list[tuple[Cell, ...]] = []
    for each in ends:
        heading = Cell(spans(each.phrase, Span(_count(each), tone=Tone.DIM)))
        lines.extend((heading, *end.cells) for end in each.ends)
        if len(each.ends) < each.count:
            more = f"and {each.count - len(each.ends):,} more"
            lines.append((heading, cell(more, tone=Tone.DIM), Cell(), Cell(), Cell()))
    columns = (
        Column("link"),
        Column(""),
        Column("", sort=Sort.STAGE),
        Column("", wrap=True),
        Column("", sort=Sort.REF),
    )
    if lines:
        yield Table(columns=columns, rows=tuple(lines), grouped=True, title="Links")


def _count(each: LinkEnds) -> str:
    return f"  {each.count:,}" if each.count > 1 else ""
