"""Branches of a journal: which there are, and how one goes into its parent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from latticework.base.findings import Refused, error, refuse_errors
from latticework.base.near import did_you_mean
from latticework.base.times import Instant
from latticework.journal.merge import merge
from latticework.journal.store import Branch, Receipt, Store
from latticework.query.rows import Rows


def branch_of(store: Store, name: str) -> Branch:
    """The branch of this name; raises Refused (STORE004) without one."""
    branches = {each.name: each for each in store.branches()}
    if name not in branches:
        hint = did_you_mean(name, branches, otherwise="see them with: latticework branch list")
        raise Refused([error("STORE004", f"no branch is named '{name}'", hint=hint, value=name)])
    return branches[name]


def merge_branch(store: Store, name: str, *, by: str, why: str, now: Instant) -> Receipt:
    """Append a branch's entries to its parent and note that it went in.

    Raises Refused (STORE005) with every conflict, or WORK007 where the branch
    holds nothing new.
    """
    branch = branch_of(store, name)
    head = store.head(branch.parent)
    own = tuple(store.entries(name, after=branch.start))
    since = tuple(store.entries(branch.parent, after=branch.start))
    found = merge(own, since, merged=branch.merged)
    refuse_errors(found.findings)
    if not found.batches:
        says = f"'{name}' holds nothing that '{branch.parent}' has not"
        raise Refused([error("WORK007", says, hint="write on it first, or drop it")])
    reason = f"merged {name}" + (f": {why}" if why else "")
    batches = [
        replace(each, by=each.by or by, why=f"{each.why} ({reason})" if each.why else reason)
        for each in found.batches
    ]
    receipt = store.append(batches, now=now, branch=branch.parent, base=head.number)
    store.mark_merged(name, own[-1].number)
    return receipt


def either(answers: Iterable[Rows]) -> npt.NDArray[np.int32]:
    """Things that are in any of the answers, ascending."""
    return np.unique(np.concatenate([rows.ids for rows in answers])).astype(np.int32)
