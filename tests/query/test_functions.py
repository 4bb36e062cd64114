"""Functions of the language do what their own examples say."""

from __future__ import annotations

import ast as python
import re
from datetime import date

import pytest

from latticework.query.arithmetic import Combined, Number, Own, parse_expression
from latticework.query.function import Function, UntypedFunctionError, function, functions

EXAMPLE = re.compile(r"^= (\w+)\((.*)\) → (.*)$", re.MULTILINE)
EVERY = list(functions().values())


@pytest.mark.parametrize("item", EVERY, ids=[each.name for each in EVERY])
def test_summary_fits_a_help_line(item: Function) -> None:
    assert item.summary.endswith(".")
    assert len(item.summary) <= 72


@pytest.mark.parametrize("item", EVERY, ids=[each.name for each in EVERY])
def test_examples_hold(item: Function) -> None:
    if item.call is None:
        assert "\n= " in item.doc
        return
    examples = EXAMPLE.findall(item.doc)
    assert examples
    for name, given, outcome in examples:
        assert name == item.name
        value = date.fromisoformat(given) if item.takes == "day" else python.literal_eval(given)
        assert item.call(value) == python.literal_eval(outcome)


def test_a_function_without_annotations_is_refused() -> None:
    def shout(text):  # type: ignore[no-untyped-def]
        return text

    with pytest.raises(UntypedFunctionError, match="'text'"):
        function(shout)


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("gut / 10", Combined("/", Own("gut"), Number(10.0))),
        ("lead-time * 2", Combined("*", Own("lead-time"), Number(2.0))),
        ("1 - risk", Combined("-", Number(1.0), Own("risk"))),
        ('"a - b"', Own("a - b")),
        ("time to market", Own("time to market")),
        ("gut /", None),
        ("(" * 1000, None),
        ("gut; import os", Own("gut; import os")),
    ],
)
def test_a_mapping_is_read_or_is_none(text: str, expression: object) -> None:
    assert parse_expression(text) == expression
