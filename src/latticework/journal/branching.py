"""Starting, finding and dropping branches, as rows."""

from __future__ import annotations

from collections.abc import Sequence

from latticework.base.findings import Refused, error
from latticework.base.near import did_you_mean
from latticework.journal.chain import sealed_branch, sealed_journal
from latticework.journal.kept import KeptBranch, KeptJournal, find_branch
from latticework.journal.store import MAIN, Branch


def branch_named(branches: Sequence[KeptBranch], name: str) -> KeptBranch:
    """The branch of this name; raises Refused (STORE004) without one."""
    found = find_branch(branches, name)
    if found is None:
        hint = did_you_mean(name, [each.name for each in branches], otherwise="list the branches")
        raise Refused([error("STORE004", f"no branch is named '{name}'", hint=hint, value=name)])
    return found


def branch_of(branches: Sequence[KeptBranch], kept: KeptBranch) -> Branch:
    """A branch as others see it."""
    parent = next(each.name for each in branches if each.code == kept.parent)
    return Branch(
        name=kept.name,
        parent=parent,
        start=kept.start,
        known=kept.known,
        by=kept.by,
        why=kept.why,
        merged=kept.merged,
    )


def started_branch(
    journal: KeptJournal, branches: Sequence[KeptBranch], wanted: Branch
) -> tuple[KeptJournal, KeptBranch]:
    """The rows of a branch at its parent's head; `start` is found here.

    Raises Refused: STORE004 without that parent, STORE006 where the name is
    taken, STORE007 where it is no name.
    """
    parent = branch_named(branches, wanted.parent)
    name = wanted.name
    if find_branch(branches, name) is not None:
        says = f"a branch is named '{name}' already"
        raise Refused([error("STORE006", says, hint="choose another name", value=name)])
    if not name.strip() or "\0" in name + wanted.by + wanted.why:
        hint = "name it in letters of any script"
        raise Refused([error("STORE007", f"{name!r} names no branch", hint=hint)])
    code = journal.last_branch + 1
    made = KeptBranch(
        code=code,
        name=name,
        parent=parent.code,
        start=parent.head,
        known=wanted.known,
        by=wanted.by,
        why=wanted.why,
        merged=0,
        head=parent.head,
        head_known=parent.head_known,
        head_digest=parent.head_digest,
        seal=b"",
    )
    return sealed_journal(journal._replace(last_branch=code)), sealed_branch(made)


def droppable(branches: Sequence[KeptBranch], name: str) -> KeptBranch:
    """The branch to drop; raises Refused where it has to stay.

    STORE004 without it; STORE012 for main and for a branch that others start
    from.
    """
    kept = branch_named(branches, name)
    if name == MAIN:
        hint = "drop a branch that started from it"
        raise Refused([error("STORE012", f"'{MAIN}' is what all else starts from", hint=hint)])
    inside = [each.name for each in branches if each.parent == kept.code]
    if inside:
        says = f"'{inside[0]}' starts from '{name}'"
        hint = f"drop or merge '{inside[0]}' first"
        raise Refused([error("STORE012", says, hint=hint, value=name)])
    return kept


def refuse_filled(journal: KeptJournal) -> None:
    """Raise Refused (STORE011) where a journal holds anything yet."""
    if journal.last_entry or journal.last_branch:
        says = f"this store holds {journal.last_entry} entries already"
        hint = "give the address of an empty store"
        raise Refused([error("STORE011", says, hint=hint)])
