"""What a rule is, and what it says before it becomes a finding."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from latticework.base.findings import Finding, Place, Severity
from latticework.base.registry import Declared
from latticework.graph.graph import Graph
from latticework.model.model import Kind, Model
from latticework.query.truth import Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """About what (a ref, or empty for the model), what it says, what to do.

    `of` tells where in the model it stands ("kinds.epic.fields.gut") where it
    is about a declaration. `instead` are values that would do for `value`.
    """

    says: str
    ref: str = ""
    field: str = ""
    hint: str = ""
    value: str = ""
    instead: tuple[str, ...] = ()
    of: str = ""


Judgement = Callable[..., Iterator[Complaint]]
"""Takes the graph and the day; and, where it judges things one by one, those asked about."""


@dataclass(frozen=True, kw_only=True)
class Rule(Declared):
    """A question whose answer should be empty, asked in Python."""

    code: str
    severity: Severity
    since: str
    find: Judgement
    narrows: bool = False

    def __call__(self, graph: Graph, today: date, about: Ints | None = None) -> Iterator[Complaint]:
        """What it complains of in this graph on this day.

        With `about`, sorted ids, a rule that can leave out other things does.
        """
        return self.find(graph, today, about) if self.narrows else self.find(graph, today)

    def stamp(self, complaint: Complaint, graph: Graph) -> Finding:
        """The complaint with code, severity and place."""
        place = Place(ref=complaint.ref, field=complaint.field)
        return Finding(
            code=self.code,
            severity=self.severity,
            place=place_of(graph.model, complaint.of) if complaint.of else place,
            says=complaint.says,
            hint=complaint.hint,
            value=complaint.value,
            instead=complaint.instead,
        )


def judged(graph: Graph, about: Ints | None) -> Iterator[tuple[Kind, Ints]]:
    """Each kind with those of its things that are judged: all, or those asked about."""
    for kind in graph.model.kinds:
        ids = graph.ids_of(kind.name)
        yield kind, ids if about is None else about[np.isin(about, ids)]


def place_of(model: Model, declaration: str) -> Place:
    """Where a declaration stands in its file; without a file, its path in the model.

    A model read from the journal has packs laid into it: its lines are not
    those of the file that people write.
    """
    stands = model.places.get(declaration, Place())
    return stands if stands.file else Place(file=declaration)


def rule(code: str, *, severity: Severity, since: str) -> Callable[[Judgement], Rule]:
    """Declare a function as a rule; its docstring is its page in the manual.

    The docstring shows a little company in a fence `yaml flagged` and another
    in `yaml clean`: they are the rule's tests.
    """

    def declare(find: Judgement) -> Rule:
        return Rule(
            name=find.__name__.replace("_", "-"),
            doc=inspect.cleandoc(find.__doc__ or ""),
            module=find.__module__,
            code=code,
            severity=severity,
            since=since,
            find=find,
            narrows="about" in inspect.signature(find).parameters,
        )

    return declare
