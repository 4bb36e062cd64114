"""What stands against the values that changes give."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from latticework.base.articles import a
from latticework.base.findings import Finding, Severity, error
from latticework.base.near import did_you_mean
from latticework.graph.graph import Graph
from latticework.graph.log import read_values
from latticework.graph.standing import Standings, place_of
from latticework.graph.values import values_of
from latticework.journal.changes import Connect, Put, Value
from latticework.model.model import Field, Kind
from latticework.model.scalars import EXAMPLES


@dataclass(frozen=True, slots=True)
class Given:
    """A value given to a field, and by which change."""

    change: Put | Connect
    ref: str
    word: str
    value: Value


def check_values(standings: Standings, *, strict: bool) -> Iterator[Finding]:
    """Unknown fields; if strict, also values that do not fit or are not there."""
    by_field: dict[tuple[str, str], tuple[Field, list[Given]]] = {}
    for change in standings.puts:
        kind = standings.kind_of(change.ref)
        if kind is None:
            continue
        for word, value in change.fields.items():
            given = Given(change, change.ref, word, value)
            declared = _field_of(standings.graph, kind, word)
            if declared is None:
                yield _unknown(given, kind, standings)
            else:
                _, every = by_field.setdefault((kind.name, declared.name), (declared, []))
                every.append(given)
    if not strict:
        return
    for (name, _), (declared, every) in by_field.items():
        kind = standings.graph.model.kinds_by_name[name]
        yield from misfits(declared, every, _stage_words(kind, declared))
        yield from _taken_away(declared, every)
        if declared.unique:
            yield from _shared(standings, kind, declared, every)
    yield from _never_given(standings)


def misfits(
    declared: Field, every: Sequence[Given], stages: Mapping[str, str] | None = None
) -> Iterator[Finding]:
    """Values that a field's type does not read; stage words that are none."""
    typed = read_values(declared, values_of([given.value for given in every]))
    for spot in typed.misfit.arg_true().to_list():
        yield _misfit(declared, every[spot])
    if stages is None:
        return
    for given in every:
        if isinstance(given.value, str) and given.value.strip().casefold() not in stages:
            hint = did_you_mean(given.value, stages.values(), otherwise=_one_of(stages.values()))
            says = f"'{given.value}' is no stage"
            yield _finding("CHANGE004", says, hint, given)


def _field_of(graph: Graph, kind: Kind, word: str) -> Field | None:
    return graph.words.find_field(kind, word)


def _stage_words(kind: Kind, declared: Field) -> Mapping[str, str] | None:
    """Stage names by each word for them, where the field holds the stage."""
    if not kind.stages or declared.name != kind.stage_field:
        return None
    return {
        word.casefold(): stage.name for stage in kind.stages for word in (*stage.was, stage.name)
    }


def _unknown(given: Given, kind: Kind, standings: Standings) -> Finding:
    link = standings.graph.model.find_link(given.word)
    known = ", ".join(kind.fields_by_name)
    otherwise = f"{kind.name} has {known}; or declare it in the model first"
    hint = did_you_mean(given.word, kind.fields_by_name, otherwise=otherwise)
    if link is not None:
        hint = f"'{given.word}' is a link: connect to a ref"
    return _finding("CHANGE003", f"unknown field '{given.word}' of {kind.name}", hint, given)


def _misfit(declared: Field, given: Given) -> Finding:
    if isinstance(given.value, tuple):
        value = ", ".join(given.value)
        if not declared.many:
            says = f"'{declared.name}' holds one value, not {len(given.value)}: '{value}'"
            hint = "give one, or declare the field with 'many'"
            return _finding("CHANGE005", says, hint, given, value)
    else:
        value = given.value or ""
    if declared.choices:
        hint = did_you_mean(value, declared.choices, otherwise=_one_of(declared.choices))
    else:
        shown = EXAMPLES.get(declared.type, declared.type)
        hint = f"write it like {shown}{_bounds(declared)}, or unknown"
    says = f"'{value}' does not fit '{declared.name}', which is {a(declared.type)}"
    return _finding("CHANGE004", says, hint, given, value)


def _bounds(declared: Field) -> str:
    if declared.low is None and declared.high is None:
        return ""
    low = "" if declared.low is None else f"{declared.low}"
    high = "" if declared.high is None else f"{declared.high}"
    return f" within {low}..{high}"


def _one_of(words: Iterable[str]) -> str:
    return "write one of: " + ", ".join(dict.fromkeys(words))


def _taken_away(declared: Field, every: Iterable[Given]) -> Iterator[Finding]:
    if not declared.required:
        return
    for given in every:
        if given.value is None or given.value == ():
            says = f"'{declared.name}' is required and cannot be taken away"
            yield _finding("CHANGE006", says, "give another value, or retire the thing", given)


def _never_given(standings: Standings) -> Iterator[Finding]:
    """Required fields of further things that no change gives."""
    given: dict[object, set[str]] = defaultdict(set)
    for change in standings.puts:
        given[standings.key_of(change.ref)] |= {
            word for word, value in change.fields.items() if value is not None
        }
    for key, change in standings.begun.items():
        kind = standings.kind_of(change.ref)
        if kind is None or isinstance(key, int):
            # What was retired and comes back keeps the values that it had.
            continue
        for declared in kind.fields_by_name.values():
            if declared.required and not given[key] & {declared.name, *declared.was}:
                says = f"'{declared.name}' of '{change.ref}' is required"
                empty = Given(change, change.ref, declared.name, None)
                found = _finding("CHANGE007", says, "give it a value when you know it", empty)
                # A thing may be begun with a title alone; 'check' goes on asking.
                yield replace(found, severity=Severity.WARNING)


def _shared(
    standings: Standings, kind: Kind, declared: Field, every: Sequence[Given]
) -> Iterator[Finding]:
    """Values that another thing of the kind has, in the graph or by these changes."""
    graph = standings.graph
    wanted = {text for given in every for text in _texts(given.value)}
    ids = graph.ids_of(kind.name)
    texts = graph.texts(declared.name, ids)
    if texts.dtype == "List(String)" or declared.many:
        held = dict(_holders(graph.values(declared.name, ids), ids.tolist(), wanted))
    else:
        spots = texts.is_in(list(wanted)).fill_null(value=False).arg_true().to_list()
        held = {texts[spot]: int(ids[spot]) for spot in spots}
    holders: dict[str, object] = {
        text: key for text, key in held.items() if standings.exists_key(key)
    }
    for given in every:
        key = standings.key_of(given.ref)
        for text in _texts(given.value):
            other = holders.setdefault(text, key)
            if other != key and isinstance(other, int | str):
                says = f"'{text}' is the {declared.name} of '{standings.ref_of(other)}' already"
                hint = f"no two of {kind.many or kind.name} share it; choose another"
                yield _finding("CHANGE008", says, hint, given, text)


def _holders(
    values: Iterable[Value], ids: Iterable[int], wanted: set[str]
) -> Iterator[tuple[str, int]]:
    for value, node in zip(values, ids, strict=True):
        for text in _texts(value):
            if text in wanted:
                yield text, node


def _texts(value: Value) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else value


def _finding(code: str, says: str, hint: str, given: Given, value: str = "") -> Finding:
    shown = value or (given.value if isinstance(given.value, str) else "")
    place = place_of(given.change, given.ref, given.word)
    return error(code, says, hint=hint, place=place, value=shown)
