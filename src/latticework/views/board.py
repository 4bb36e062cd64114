"""View: board."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from latticework.base.findings import Refused, error
from latticework.journal.changes import Change, Connect, Disconnect, Put
from latticework.views.blocks import Cell, Span
from latticework.views.page import Later, Page, param, sight_view
from latticework.views.sight import Sight
from latticework.views.visuals import Board, Card, Grip, Lane, Pile
from latticework.views.wording import ASK_OTHERWISE, dotted, many

if TYPE_CHECKING:
    from latticework.query.truth import Ints
    from latticework.views.lens.asked import Asked
    from latticework.views.lens.dimension import Dimension, Part

_EMPTY = (
    "Nothing answers this query, so no card lies on the board.",
    *ASK_OTHERWISE,
)
_LANES = 8


@dataclass(frozen=True)
class Params:
    """What the reader may choose."""

    query: str = param(
        "", "A question in the query language; what it shows stands on cards.", position=1
    )
    by: str = param(
        "", "What the columns are: stage, a choice, or a link that leads to one.", offers="parts"
    )
    lanes: str = param(
        "",
        "What the rows are, said the same way; one row if left out.",
        offers="parts",
        usual="none",
    )
    limit: str = param(
        "", "How much should stand in a column: 'Building: 5, Review: 2'.", rare=True
    )
    rows: int = param(
        20, "How many cards to draw in each column of each lane; 0 is all.", rare=True
    )


@sight_view(Params)
def board(sight: Sight, params: Params) -> Page:
    """What stands where: things as cards, in columns by stage or choice?

    The model may say how many things should stand in a stage (`limit`); a
    column that holds more is marked.

      latticework board bet
      latticework board "bet show due, is owned by" --lanes health
      latticework board team --by "is part of"
    """
    from latticework.views.lens.asked import asked_of, usual_query
    from latticework.views.lens.choices import usual_piles
    from latticework.views.lens.dimension import dimension_of
    from latticework.views.lens.worded import headed

    query = params.query or usual_query(sight.graph, staged=True)
    asked = asked_of(sight, query)
    piles = dimension_of(asked, params.by or usual_piles(asked))
    lanes = dimension_of(asked, params.lanes, most=_LANES) if params.lanes else None
    limits = _limits_said(params.limit) or _limits_declared(asked, piles)
    block = _block(asked, piles, lanes, limits, params.rows)
    over = [each.name for each in block.piles if each.is_over]
    return Page(
        title=f"{headed(query, asked.graph)} by {piles.word}",
        subtitle=dotted(
            many(len(asked.ids), "thing"),
            f"over the limit: {', '.join(over)}" if over else "",
        ),
        blocks=(block,),
        data=Later(lambda: _records(block)),
        query=query,
        usual={"by": piles.word},
    )


def moved(block: Board, ref: str, before: str, after: str) -> tuple[Change, ...]:
    """The changes that put a thing from one pile of a board on another.

    Piles are named by their values. Raises Refused (VIEW036) where nothing can
    be recorded, or no pile has the value.
    """
    kind = ref.partition("/")[0]
    target = next((each for each in block.piles if each.value == after and not each.fixed), None)
    grip = block.by
    field = grip.fields.get(kind, "")
    value = "" if target is None else target.values.get(kind, "" if target.values else after)
    if target is None or not (grip.link or field) or (after and not value):
        says = f"{ref} cannot be put under '{after}'"
        hint = f"'{grip.word}' of {kind} is not said by one field or one link with this value"
        raise Refused([error("VIEW036", says, hint=hint, value=after)])
    if not grip.link:
        return (Put(ref, {field: value or None}),)
    ends = [(end, ref) if grip.back else (ref, end) for end in (before, after)]
    cut = (Disconnect(ends[0][0], grip.link, ends[0][1]),) if before else ()
    joined = (Connect(ends[1][0], grip.link, ends[1][1]),) if after else ()
    return (*cut, *joined)


def _block(
    asked: Asked, piles: Dimension, lanes: Dimension | None, limits: dict[str, int], rows: int
) -> Board:
    kept = tuple(each for each in piles.parts if each.mask.any() or not each.open)
    across = tuple(e for e in lanes.parts if e.mask.any()) if lanes else (None,)
    spots = [[_standing(asked, lane, pile) for pile in kept] for lane in across]
    shown = [[each[: rows or None] for each in line] for line in spots]
    cards = _cards(asked, piles, shown, lanes.word if lanes else "")
    drawn = tuple(
        _lane(asked, lane, kept, standing, [[cards[int(node)] for node in each] for each in few])
        for lane, standing, few in zip(across, spots, shown, strict=True)
    )
    return Board(
        by=_grip(piles),
        piles=tuple(_pile(asked, each, limits) for each in kept),
        lanes=drawn,
        across=_grip(lanes) if lanes else Grip(word=""),
        query=asked.further(),
        note=_note(piles, lanes),
        empty=() if len(asked.ids) else _EMPTY,
    )


def _standing(asked: Asked, lane: Part | None, pile: Part) -> Ints:
    return asked.ids[pile.mask if lane is None else pile.mask & lane.mask]


def _pile(asked: Asked, part: Part, limits: dict[str, int]) -> Pile:
    return Pile(
        name=part.name,
        value=part.value,
        values=part.values,
        category=part.category,
        ref=part.ref,
        count=part.count,
        query=asked.further(part.condition, head=part.head),
        fixed=part.open,
        limit=limits.get(part.name.casefold(), 0),
    )


def _lane(
    asked: Asked,
    part: Part | None,
    piles: Sequence[Part],
    standing: Sequence[Ints],
    cards: Sequence[Sequence[Card]],
) -> Lane:
    condition = None if part is None else part.condition
    return Lane(
        name="" if part is None else part.name,
        value="" if part is None else part.value,
        values={} if part is None else part.values,
        category="" if part is None else part.category,
        ref="" if part is None else part.ref,
        count=sum(len(each) for each in standing),
        fixed=part is not None and part.open,
        cards=tuple(tuple(each) for each in cards),
        left_out=tuple(len(every) - len(few) for every, few in zip(standing, cards, strict=True)),
        queries=tuple(asked.further(condition, pile.condition) for pile in piles),
    )


def _grip(dimension: Dimension) -> Grip:
    return Grip(
        word=dimension.word,
        fields=dimension.fields,
        link=dimension.link,
        back=dimension.back,
    )


def _note(piles: Dimension, lanes: Dimension | None) -> str:
    doubled = [each.word for each in (piles, lanes) if each is not None and each.overlaps]
    if not doubled:
        return ""
    return f"A thing may stand under several of '{doubled[0]}'; such cards are marked."


# Cards ---------------------------------------------------------------------------------


def _cards(
    asked: Asked, piles: Dimension, shown: Sequence[Sequence[Ints]], lanes: str
) -> dict[int, Card]:
    """The cards of all things that are drawn, read in one go."""
    import numpy as np

    from latticework.views.things import things, titles_of

    drawn = [each for line in shown for each in line if len(each)]
    ids = np.unique(np.concatenate(drawn)) if drawn else asked.ids[:0]
    names, records = _values(asked, ids, {piles.word, lanes})
    refs = [text for each in records for name in names for text in _texts(each.get(name))]
    titles = titles_of((each for each in refs if "/" in each), asked.graph)
    counts = np.sum([each.mask for each in piles.parts], axis=0) if piles.parts else None
    places = dict(zip(asked.ids.tolist(), range(len(asked.ids)), strict=True)) if ids.size else {}
    return {
        int(node): Card(
            ref=thing.ref,
            title=thing.title or thing.ref,
            category=thing.category,
            pairs=tuple(
                (name, found) for name in names if (found := _cell(record.get(name), titles)).spans
            ),
            again=counts is not None and bool(counts[places[int(node)]] > 1),
        )
        for node, thing, record in zip(ids, things(asked.graph, ids), records, strict=True)
    }


def _values(asked: Asked, ids: Ints, used: set[str]) -> tuple[list[str], list[dict[str, object]]]:
    """What stands on the cards: what the query shows, else a few words that say most."""
    from latticework.query import ast
    from latticework.query.ask import ask
    from latticework.query.format import format_query
    from latticework.views.lens.choices import usual_words

    rows = asked.rows
    if not asked.query.show and len(ids):
        words = [each for each in usual_words(asked) if each not in used][:3]
        columns = tuple(ast.Column(asked.operand(each)) for each in words)
        if columns:
            plain = replace(asked.query, show=columns, sort=(), group=None, limit=None)
            text = format_query(plain, asked.vocabulary)
            rows = ask(asked.graph, text, about=ids)
    names = [each for each in rows.columns if each not in {"ref", "kind", "title"}]
    records = rows.read(ids).to_dicts() if names else [{} for _ in ids]
    return names, records


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, list | tuple):
        yield from (str(each) for each in value)
    elif isinstance(value, str):
        yield value


def _cell(value: object, titles: dict[str, str]) -> Cell:
    """A value in few words; a thing by its title."""
    from latticework.views.ask import plain_words

    if not isinstance(value, list | tuple):
        value = [] if value is None else [value]
    spans: list[Span] = []
    for each in value[:3]:
        text = plain_words(each)
        known = text in titles
        spans += [Span(", ")] if spans else []
        spans.append(Span(titles[text] or text, ref=text) if known else Span(text))
    if len(value) > 3:
        spans.append(Span(f" and {len(value) - 3:,} more"))
    return Cell(tuple(spans))


# Limits --------------------------------------------------------------------------------


def _limits_declared(asked: Asked, piles: Dimension) -> dict[str, int]:
    """What the model says of the stages of the one kind that is asked for."""
    from latticework.views.lens.dimension import is_stage

    kind = asked.sole_kind
    if kind is None or not (is_stage(piles.word) or piles.word == kind.stage_field):
        return {}
    return {each.name.casefold(): each.limit for each in kind.stages}


def _limits_said(text: str) -> dict[str, int]:
    """Limits as a reader writes them; raises Refused (VIEW035)."""
    limits: dict[str, int] = {}
    wrong = []
    for each in filter(None, (part.strip() for part in text.split(","))):
        name, _, number = each.rpartition(":")
        if not name or not number.strip().isdecimal():
            wrong.append(each)
            continue
        limits[name.strip().casefold()] = int(number)
    if wrong:
        hint = "write the column and a whole number: 'Building: 5'"
        raise Refused(
            [error("VIEW035", f"'{each}' is no limit", hint=hint, value=each) for each in wrong]
        )
    return limits


def _records(block: Board) -> Iterable[dict[str, object]]:
    for lane in block.lanes:
        for pile, cards in zip(block.piles, lane.cards, strict=True):
            for card in cards:
                yield {
                    "ref": card.ref,
                    "title": card.title,
                    block.by.word: pile.name,
                    **({block.across.word: lane.name} if block.across.word else {}),
                    **{name: value.text for name, value in card.pairs},
                }
