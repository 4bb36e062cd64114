"""Entries whose content is to be removed for good, looked at beforehand."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from latticework.base.findings import Finding, error, refuse_errors
from latticework.base.times import BEGINNING
from latticework.journal.changes import Declare, Entry
from latticework.journal.store import MAIN, Store


def entries_to_redact(store: Store, numbers: Iterable[int], why: str) -> tuple[Entry, ...]:
    """The entries of these numbers, whatever their branch, in order.

    Raises Refused: REDACT001 for a number that no entry has, REDACT002 without
    a reason, REDACT003 where the company would be left without its first words.
    """
    wanted = sorted(set(numbers))
    found = {each.number: each for each in _found(store, wanted)}
    findings = [_unknown(store, number) for number in wanted if number not in found]
    if not why.strip():
        says = "nothing says why these entries are to be removed"
        findings.append(error("REDACT002", says, hint="say it with: --why TEXT"))
    if _is_first(found.values()) and not _first_words(store, found):
        findings.append(_wordless(min(found)))
    refuse_errors(findings)
    return tuple(found.values())


def _found(store: Store, wanted: Iterable[int]) -> Iterator[Entry]:
    branches = (MAIN, *(each.name for each in store.branches()))
    for number in wanted:
        try:
            within = (store.entries(name, after=number - 1, upto=number) for name in branches)
            yield from (each for entries in within for each in list(entries)[:1])
        except OverflowError:
            continue


def _is_first(entries: Iterable[Entry]) -> bool:
    return any(isinstance(each.change, Declare) and each.valid == BEGINNING for each in entries)


def _first_words(store: Store, removed: Collection[int]) -> bool:
    """Whether a model that always held is left on main without these entries."""
    return any(
        isinstance(each.change, Declare) and each.valid == BEGINNING and each.number not in removed
        for each in store.entries(MAIN)
    )


def _unknown(store: Store, number: int) -> Finding:
    last = store.head().number
    hint = f"main ends with entry {last}; see numbers with: latticework show REF --json"
    return error("REDACT001", f"no entry has the number {number}", hint=hint, value=str(number))


def _wordless(number: int) -> Finding:
    says = f"entry {number} holds the words that the company began with; nothing is read without"
    hint = "first apply a model without that text: latticework model apply --since always"
    return error("REDACT003", says, hint=hint, value=str(number))
