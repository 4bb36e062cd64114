"""What GitLab's exports and answers have in common: keys, labels, hours."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from latticework.sources.shaping import below, listed
from latticework.sources.tree import Fields, Said, Tree

_ADDRESS = re.compile(
    r"(?:https?://[^/]+)?/(?P<groups>groups/)?(?P<path>.+?)/(?:-/)?"
    r"(?P<sort>issues|epics|work_items|incidents|milestones)/(?P<number>\d+)"
)
_SCOPE = "::"
_STATUS_SCOPES = ("workflow", "status", "stage")
OPENED, CLOSED = "opened", "closed"
_STATES = {"open": OPENED, "opened": OPENED, "reopened": OPENED, "active": OPENED}


def key_of_address(address: str) -> str:
    """`harbour/pier#12` or `harbour&5` of a web address; empty for others."""
    found = _ADDRESS.match(address)
    if found is None or found["sort"] == "milestones":
        return ""
    mark = "&" if found["groups"] or found["sort"] == "epics" else "#"
    return f"{found['path']}{mark}{found['number']}"


def state_of(tree: Tree) -> Said | None:
    """`opened` or `closed`, whatever the vocabulary."""
    if not isinstance(tree, Said):
        return None
    word = tree.strip().casefold()
    return Said(_STATES.get(word, word), tree.line)


def scope_of(label: str) -> tuple[str, str]:
    """Scope and value of a scoped label; both empty for others."""
    scope, mark, value = label.rpartition(_SCOPE)
    return (scope, value) if mark and scope and value else ("", "")


def keep_labels(out: Fields, labels: Iterable[Said]) -> None:
    """Labels as a list; scoped ones as named values, too."""
    known = list(labels)
    if known:
        out["labels"] = listed(known, out.line)
    for each in known:
        scope, value = scope_of(each)
        if scope:
            below(out, "scoped")[scope] = Said(value, each.line)


def status_of(state: str, scoped: Fields) -> str:
    """Closed, or what the label of a status scope says, or opened."""
    if state == CLOSED:
        return CLOSED
    said = (scoped.get(scope) for scope in _STATUS_SCOPES)
    return next((str(each) for each in said if isinstance(each, Said)), state)


def hours_of(tree: Tree) -> Said | None:
    """Hours of a number of seconds; none for nothing and for no number."""
    if not isinstance(tree, Said) or not tree.strip().isdecimal() or not int(tree):
        return None
    hours = (Decimal(int(tree)) / 3600).quantize(Decimal("0.01")).normalize()
    return Said(f"{hours:f}", tree.line)
