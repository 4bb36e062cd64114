"""View: why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from latticework.base.findings import Refused, error
from latticework.base.times import day_of
from latticework.views.blocks import (
    Align,
    Cell,
    Column,
    Fields,
    Findings,
    Metric,
    Prose,
    Sort,
    Span,
    Table,
    Tone,
    Why,
    cell,
    spans,
    why_of,
)
from latticework.views.page import Page, param, sight_view
from latticework.views.sight import Sight
from latticework.views.things import id_of
from latticework.views.wording import listed, many

if TYPE_CHECKING:
    from latticework.analysis.evidence import Evidence, Part
    from latticework.analysis.rollup.reading import Rollup
    from latticework.views.visuals import Block

SHARE = "share"
MOST_ROWS = 40
"""Parts that are drawn; the data hold all that the evidence has."""


@dataclass(frozen=True)
class Params:
    """What the reader may choose."""

    ref: str = param("", "The thing, or the name of a group; the whole if left out.", position=1)
    reading: str = param("", "A reading that the model binds.")
    field: str = param("", "A field that is rolled up, such as cost.")
    along: str = param("", "The path to roll it up, such as 'is served by+'.")
    mode: str = param("split", "How a value reaches several parents: split, full or range.")
    share: str = param(SHARE, "The carried field that says how much goes along an edge.")
    sampled: int = param(0, "How often to draw the ranges of a rollup; 0 is not at all.")
    seed: int = param(1, "What the draws begin from.")
    column: str = param("", "A column of a query, such as 'count(serves)'.")


@sight_view(Params)
def why(sight: Sight, params: Params) -> Page:
    """Why is this number what it is: from what, by whom, and what is missing?

    Say a reading, or a field and a path: `why pillar/reach --field cost
    --along "is served by+"`. One step at a time; each part can be asked again.
    """
    if params.reading:
        return _reading_page(sight, params)
    if params.column:
        return _column_page(sight, params)
    if params.field or params.along:
        return _rollup_page(sight, params)
    if params.ref:
        return _all_of(sight, params.ref)
    says = "nothing says which number"
    hint = "add --reading NAME, or --field cost --along 'is served by+'"
    raise Refused([error("VIEW014", says, hint=hint)])


def today_of(sight: Sight) -> date:
    """The day on which the reader asks: that of the graph's moment, at most today."""
    return day_of(min(sight.graph.moment.valid, sight.now), sight.zone)


def _reading_page(sight: Sight, params: Params) -> Page:
    from latticework.analysis.reading import find_bound, read_one

    bound = find_bound(sight.graph.model, params.reading)
    answer = read_one(sight.graph, bound, today_of(sight))
    if not params.ref:
        evidence = answer.about_whole()
    elif params.ref in answer.names:
        evidence = answer.about(answer.names.index(params.ref))
    else:
        node = id_of(sight.graph, params.ref)
        row = answer.find_row(node)
        if row is None:
            says = f"'{bound.name}' has no figure for '{sight.graph.ref_of(node)}'"
            hint = f"see those it has with: latticework readings {bound.name}"
            raise Refused([error("VIEW015", says, hint=hint, value=params.ref)])
        evidence = answer.about(row)
    links = {"reading": bound.name}
    return evidence_page(evidence, note=bound.purpose, asked=links, findings=answer.findings)


def _rollup_page(sight: Sight, params: Params) -> Page:
    from latticework.analysis.rollup.evidence import evidence_of, evidence_of_whole

    found = rolled(sight, params.field, params.along, params.mode, params.share)
    draws = (params.sampled, params.seed)
    if params.ref:
        node = id_of(sight.graph, params.ref)
        evidence = _with_draws(evidence_of(found, node), found, node, draws)
    else:
        evidence = evidence_of_whole(found)
    asked = dict(rollup_why(found, params.share, draws=draws).chosen)
    return evidence_page(evidence, note="", asked=asked, findings=found.findings)


def _with_draws(evidence: Evidence, found: Rollup, node: int, draws: tuple[int, int]) -> Evidence:
    """The same, with what is likely and what that takes for granted."""
    if not draws[0]:
        return evidence
    import numpy as np

    from latticework.analysis.rollup.sampled import sampled

    drawn = sampled(found, np.array([node]), trials=draws[0], seed=draws[1])
    low, middle, high = drawn.texts(0)
    likely = (
        f"{evidence.how}; in 8 of 10 draws between {low} and {high}, half of them below {middle}"
    )
    return replace(evidence, how=likely, assumptions=(*evidence.assumptions, *drawn.assumptions))


def _column_page(sight: Sight, params: Params) -> Page:
    from latticework.analysis.tally_evidence import evidence_of_tally

    node = id_of(sight.graph, params.ref)
    evidence = evidence_of_tally(sight.graph, params.column, node, today_of(sight))
    return evidence_page(evidence, note="", asked={"column": params.column})


def rollup_why(found: Rollup, share: str, ref: str = "", draws: tuple[int, int] = (0, 1)) -> Why:
    """Where a rollup's figure says what it is made of; `draws` are trials and seed."""
    asked = {"field": found.asked.field, "along": found.asked.path, "mode": found.mode.value}
    drawn = {"sampled": str(draws[0]), "seed": str(draws[1])} if draws[0] else {}
    return why_of(ref, **asked, share="" if share == SHARE else share, **drawn)


def rolled(sight: Sight, field: str, along: str, mode: str, share: str) -> Rollup:
    """The rollup that a reader asks for; raises Refused for words that do not fit."""
    from latticework.analysis.rollup.reading import Mode, rollup

    lacking = [name for name, text in (("field", field), ("along", along)) if not text.strip()]
    if lacking:
        says = f"a rollup needs '{lacking[0]}'"
        raise Refused([error("VIEW009", says, hint="say --field cost --along 'is served by+'")])
    if mode not in set(Mode):
        says = f"'{mode}' is no way to roll up"
        raise Refused([error("VIEW016", says, hint="one of split, full, range", value=mode)])
    return rollup(sight.graph, field, along, mode, today=today_of(sight), share=share)


def _all_of(sight: Sight, words: str) -> Page:
    """Every reading that has a figure for one thing."""
    from latticework.analysis.reading import read_all

    node = id_of(sight.graph, words)
    ref = str(sight.graph.ref_of(node))
    rows, data = [], []
    for read in read_all(sight.graph, today_of(sight)):
        row = read.answer.find_row(node) if read.answer is not None else None
        if read.answer is None or row is None:
            continue
        sentence = read.answer.about(row).sentence
        name, value = read.bound.name, read.answer.figure(row) or read.answer.text(row)
        rows.append((cell(name), cell(value, why=why_of(ref, reading=name)), cell(sentence)))
        data.append({"reading": name, "value": value, "sentence": sentence})
    table = Table(
        columns=(
            Column("reading", sort=Sort.REF),
            Column("figure", wrap=True),
            Column("why", wrap=True),
        ),
        rows=tuple(rows),
        empty=("No reading has a figure for this thing.",),
    )
    return Page(
        title=f"Why the figures of {ref}",
        subtitle=many(len(rows), "reading"),
        ref=ref,
        blocks=(table,),
        data=data,
    )


def evidence_page(
    evidence: Evidence, *, note: str, asked: Mapping[str, str], findings: Iterable[object] = ()
) -> Page:
    """A page that says why one figure is what it is."""
    from latticework.base.findings import Finding

    about = evidence.title or evidence.about or "the whole"
    told = tuple(each for each in findings if isinstance(each, Finding))
    blocks: list[Block] = [
        Metric(label=evidence.asked, value=evidence.value, note=evidence.how),
        Prose(paragraphs=(spans(evidence.sentence), *_asked_because(note))),
        _parts_table(evidence, asked),
        *_doubts(evidence),
    ]
    if told:
        blocks.append(Findings(findings=told))
    return Page(
        title=f"Why: {about}",
        subtitle=evidence.asked,
        ref=evidence.about if "/" in evidence.about else "",
        blocks=tuple(blocks),
        data=tuple(_data(evidence)),
    )


def _asked_because(purpose: str) -> tuple[tuple[Span, ...], ...]:
    return (spans(Span(f"Asked because {purpose}.", tone=Tone.DIM)),) if purpose else ()


def _parts_table(evidence: Evidence, asked: Mapping[str, str]) -> Table:
    shown = evidence.parts[:MOST_ROWS]
    wanted: list[tuple[Column, Callable[[Part], Cell]]] = [
        (Column("part", wrap=True), lambda part: cell(part.title or part.ref, ref=part.ref)),
        (Column("ref", sort=Sort.REF), lambda part: cell(part.ref, ref=part.ref)),
        (Column("through"), lambda part: cell(part.through)),
        (Column("says", wrap=True), lambda part: cell(part.value)),
        (Column("share", align=Align.RIGHT), _share_cell),
        (Column("brings in", align=Align.RIGHT, wrap=True), lambda part: _adds_cell(part, asked)),
        (Column("entries"), _entries_cell),
    ]
    kept = [(head, make) for head, make in wanted if any(make(each).spans for each in shown)]
    total = max(evidence.total, len(evidence.parts))
    return Table(
        title="What it is made of",
        columns=tuple(head for head, _ in kept),
        rows=tuple(tuple(make(each) for _, make in kept) for each in shown),
        total=total if total > len(shown) else None,
        empty=("Nothing comes into it.",),
    )


def _share_cell(part: Part) -> Cell:
    return cell(part.share, tone=Tone.WARN if part.assumed else Tone.PLAIN)


def _adds_cell(part: Part, asked: Mapping[str, str]) -> Cell:
    """What a part brings in, leading to its own evidence where it has some."""
    return cell(part.adds, why=why_of(part.ref, **asked) if part.deeper else None)


def _entries_cell(part: Part) -> Cell:
    """The entries that said so, leading to what happened to the part."""
    told = listed((f"{each:,}" for each in part.entries), most=3)
    happened = Why("feed", (("ref", part.ref),)) if part.ref else None
    return cell(told, tone=Tone.DIM, why=happened)


def _doubts(evidence: Evidence) -> Iterator[Fields]:
    pairs = [("assumed", cell(each, tone=Tone.WARN)) for each in evidence.assumptions]
    pairs += [("missing", cell(each, tone=Tone.WARN)) for each in evidence.missing]
    if pairs:
        yield Fields(pairs=tuple(pairs), title="What to doubt")


def _data(evidence: Evidence) -> Iterator[Mapping[str, object]]:
    head = {
        "about": evidence.about,
        "asked": evidence.asked,
        "value": evidence.value,
        "sentence": evidence.sentence,
        "assumed": list(evidence.assumptions),
        "missing": list(evidence.missing),
    }
    if not evidence.parts:
        yield head
    for each in evidence.parts:
        yield {
            **head,
            "part": each.ref,
            "title": each.title,
            "through": each.through,
            "says": each.value,
            "share": each.share,
            "is assumed": each.assumed,
            "brings in": each.adds,
            "entries": list(each.entries),
        }
