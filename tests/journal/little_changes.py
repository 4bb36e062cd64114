"""Changes of little companies, drawn by Hypothesis."""

from __future__ import annotations

from hypothesis import strategies as st

from latticework.base.times import BEGINNING, FOREVER
from latticework.journal.changes import (
    Batch,
    Change,
    Connect,
    Declare,
    Disconnect,
    Move,
    Put,
    Retire,
    Value,
    Via,
)

REFS = st.sampled_from(["bet/ferry", "bet/raft", "goal/grow", "goal/保つ", "team/crew"])
LINKS = st.sampled_from(["serves", "depends on"])
NAMES = st.sampled_from(["title", "stage", 'own"er', "läbels"])

# Half of a surrogate pair is no text, and is refused: another test says so.
_LETTERS = st.characters(exclude_categories=["Cs"])
TEXTS = st.text(_LETTERS, max_size=12)
PLAIN = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
VALUES: st.SearchStrategy[Value] = st.one_of(
    st.none(), TEXTS, st.lists(TEXTS, max_size=3).map(tuple)
)
INSTANTS = st.one_of(st.integers(-5, 50), st.sampled_from([BEGINNING, FOREVER]))
VIAS = st.one_of(
    st.none(),
    st.builds(Via, source=st.just("plan"), key=PLAIN, file=PLAIN, line=st.integers(0, 9)),
)


def fields() -> st.SearchStrategy[dict[str, Value]]:
    """Fields of a thing or an edge."""
    return st.dictionaries(NAMES, VALUES, max_size=3)


def changes() -> st.SearchStrategy[Change]:
    """One change of any sort."""
    stamp = {"valid": st.one_of(st.none(), INSTANTS), "via": VIAS}
    edge = {"source": REFS, "link": LINKS, "target": REFS}
    return st.one_of(
        st.builds(Put, ref=REFS, fields=fields(), **stamp),
        st.builds(Connect, **edge, fields=fields(), **stamp),
        st.builds(Disconnect, **edge, **stamp),
        st.builds(Retire, ref=REFS, **stamp),
        st.builds(Move, ref=REFS, to=REFS, **stamp),
        st.builds(Declare, text=PLAIN.map(lambda text: f"company: {text}"), **stamp),
    )


def batches() -> st.SearchStrategy[Batch]:
    """A few changes by someone."""
    return st.builds(
        Batch,
        changes=st.lists(changes(), max_size=3).map(tuple),
        by=st.sampled_from(["ada", "bo", ""]),
        why=PLAIN,
        source=PLAIN,
        valid=st.one_of(st.none(), INSTANTS),
        undoes=st.integers(0, 3),
    )
