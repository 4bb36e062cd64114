"""Calls of the HTTP interface: each declared beside the function that answers it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Generic, TypeVar

from msgspec import Struct

from latticework.base.registry import Declared, discover
from latticework.surfaces.web.answer import Answer, Flow
from latticework.surfaces.web.look import Look

if TYPE_CHECKING:
    from latticework.surfaces.web.site import Site

READS = frozenset({"GET"})


class Nothing(Struct, frozen=True, forbid_unknown_fields=True):
    """No parameters, or no body."""


class Moment(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The moment and the branch that are read."""

    at: str = ""
    known: str = ""
    branch: str = ""


P = TypeVar("P", bound=Struct)
B = TypeVar("B", bound=Struct)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked(Generic[P, B]):
    """One request as it was understood.

    `path` holds the parts of the address by their names, `given` the
    parameters, `body` what was sent. `seen` is the entry up to which the asker
    says to have seen the company (If-Match), `heard` the last that a listener
    was told (Last-Event-ID).
    """

    site: Site
    look: Look
    path: Mapping[str, str]
    given: P
    body: B
    seen: int | None = None
    heard: int | None = None


@dataclass(frozen=True, kw_only=True)
class Call(Declared):
    """One call: its method and address, what it takes and gives, who answers.

    `given` None lets any parameter in. `also` are further statuses that it may
    answer with, besides those that every call may. What it gives is `tagged`
    unless it may change without an entry, as what lies beside the journal does.
    """

    method: str
    path: str
    given: type[Struct] | None
    takes: type[Struct] | None
    gives: type[Struct] | str
    also: tuple[int, ...]
    writes: bool
    tagged: bool
    answer: Callable[..., Struct | Answer | Flow]

    @property
    def reads(self) -> bool:
        """Whether it is asked with GET."""
        return self.method in READS


def call(
    place: str,
    *,
    given: type[Struct] | None = Nothing,
    takes: type[Struct] | None = None,
    gives: type[Struct] | str,
    also: Iterable[int] = (),
    writes: bool | None = None,
    tagged: bool = True,
) -> Callable[[Callable[..., Struct | Answer | Flow]], Call]:
    """Declare a function as what answers a method at an address.

    `gives` is the answer's shape, or its media type where it is no JSON. What
    is not asked with GET counts as writing, unless `writes` says otherwise.
    """
    method, _, path = place.partition(" ")

    def declare(answer: Callable[..., Struct | Answer | Flow]) -> Call:
        return Call(
            name=answer.__name__,
            doc=answer.__doc__ or "",
            module=answer.__module__,
            method=method,
            path=path,
            given=given,
            takes=takes,
            gives=gives,
            also=tuple(also),
            writes=method not in READS if writes is None else writes,
            tagged=tagged and method in READS,
            answer=answer,
        )

    return declare


@cache
def calls() -> tuple[Call, ...]:
    """Every call there is, found once."""
    from latticework.surfaces.web import api

    return tuple(discover(Call, api, group="latticework.calls").values())
