"""Branches of a journal: which there are, and how one goes into its parent."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from latticework.base.findings import Finding, Refused, error, refuse_errors
from latticework.base.near import did_you_mean
from latticework.base.times import Instant
from latticework.journal.changes import Batch
from latticework.journal.merge import Merge, merge
from latticework.journal.store import Branch, Head, Receipt, Store
from latticework.query.rows import Rows


def branch_of(store: Store, name: str) -> Branch:
    """The branch of this name; raises Refused (STORE004) without one."""
    branches = {each.name: each for each in store.branches()}
    if name not in branches:
        hint = did_you_mean(name, branches, otherwise="see them with: latticework branch list")
        raise Refused([error("STORE004", f"no branch is named '{name}'", hint=hint, value=name)])
    return branches[name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A branch before it goes into its parent: what it brings, what stands against it."""

    branch: Branch
    head: Head
    last: int
    merge: Merge

    def findings(self, settled: Collection[str] = ()) -> tuple[Finding, ...]:
        """A finding per clash that nobody settled yet, in the branches' names."""
        here, there = f"on '{self.branch.name}'", f"on '{self.branch.parent}'"
        left = (each for each in self.merge.clashes if each.key not in settled)
        return tuple(dict.fromkeys(each.finding(here, there) for each in left))


def meet(store: Store, name: str) -> Meeting:
    """What would go from a branch into its parent now; nothing is written."""
    branch = branch_of(store, name)
    head = store.head(branch.parent)
    own = tuple(store.entries(name, after=branch.start))
    since = tuple(store.entries(branch.parent, after=branch.start))
    last = own[-1].number if own else branch.start
    found = merge(own, since, merged=branch.merged)
    return Meeting(branch=branch, head=head, last=last, merge=found)


def merge_branch(
    store: Store,
    name: str,
    *,
    by: str,
    why: str,
    now: Instant,
    keep: Mapping[str, str] | None = None,
) -> Receipt:
    """Append a branch's entries to its parent and note that it went in.

    `keep` names, by a clash's key, the branch whose word holds: this one or
    its parent. Raises Refused (STORE005) with every clash that is not settled
    so, or WORK007 where the branch holds nothing new.
    """
    found = meet(store, name)
    branch, chosen = found.branch, keep or {}
    settled = {
        each.key
        for each in found.merge.clashes
        if each.choosable and chosen.get(each.key) in {branch.name, branch.parent}
    }
    refuse_errors(found.findings(settled))
    if not found.merge.batches:
        says = f"'{name}' holds nothing that '{branch.parent}' has not"
        raise Refused([error("WORK007", says, hint="write on it first, or drop it")])
    reason = f"merged {name}" + (f": {why}" if why else "")
    left_out = {key for key in settled if chosen[key] == branch.parent}
    batches = [
        replace(each, by=each.by or by, why=f"{each.why} ({reason})" if each.why else reason)
        for each in found.merge.without(left_out)
    ]
    held = (each for each in found.merge.clashes if each.key in settled - left_out)
    if said := tuple(change for each in held if (change := each.restated())):
        batches.append(Batch(changes=said, by=by, why=reason))
    receipt = _appended(store, batches, found, now)
    store.mark_merged(name, found.last)
    return receipt


def _appended(store: Store, batches: Sequence[Batch], found: Meeting, now: Instant) -> Receipt:
    """A receipt of nothing where the parent's word held everywhere."""
    if batches:
        return store.append(batches, now=now, branch=found.branch.parent, base=found.head.number)
    number = found.head.number
    return Receipt(first=number + 1, last=number, batches=(), head=found.head)


def either(answers: Iterable[Rows]) -> npt.NDArray[np.int32]:
    """Things that are in any of the answers, ascending."""
    return np.unique(np.concatenate([rows.ids for rows in answers])).astype(np.int32)
