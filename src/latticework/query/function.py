"""Functions of the language: what they take, what they give, where they are."""

from __future__ import annotations

import enum
import inspect
import typing
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache

from latticework.base.registry import Declared, Registry, discover

Scalar = str | int | date
TYPES = {str: "text", int: "number", date: "day"}
"""Field types by annotation."""


class Tally(enum.StrEnum):
    """What can be made of the things that a path reaches."""

    COUNT = "count"
    SUM = "sum"
    MIN = "min"
    MAX = "max"
    AVERAGE = "average"


@dataclass(frozen=True, kw_only=True)
class Function(Declared):
    """A function over one value of a thing, or over what a path reaches.

    `tally` is set for the latter; `call`, `takes` and `gives` (field types)
    for the former; `past` looks back over one field. Absent in, absent out.
    """

    tally: Tally | None = None
    call: Callable[..., Scalar] | None = None
    takes: str = ""
    gives: str = "number"
    past: bool = False


class UntypedFunctionError(Exception):
    """A function lacks an annotation from which its types are read."""

    def __init__(self, function: str, parameter: str) -> None:
        """Name the function and the parameter."""
        names = ", ".join(sorted(each.__name__ for each in TYPES))
        super().__init__(f"'{function}' needs one of {names} as annotation of '{parameter}'")


def function(call: Callable[..., Scalar]) -> Function:
    """Declare a function of one value; its annotations are its types."""
    hints = typing.get_type_hints(call)
    parameters = list(inspect.signature(call).parameters)
    for each in (*parameters, "return"):
        if hints.get(each) not in TYPES:
            raise UntypedFunctionError(call.__name__, each)
    return Function(
        name=call.__name__,
        doc=inspect.getdoc(call) or "",
        module=call.__module__,
        call=call,
        takes=TYPES[hints[parameters[0]]],
        gives=TYPES[hints["return"]],
    )


def aggregate(tally: Tally, doc: str) -> Function:
    """Declare what a tally is called and how it is explained."""
    module = "latticework.query.functions.paths"
    return Function(name=tally.value, doc=inspect.cleandoc(doc), module=module, tally=tally)


@cache
def functions() -> Registry[Function]:
    """Every function of the language, plugins' included."""
    from latticework.query import functions as package

    return discover(Function, package, group="latticework.functions")
