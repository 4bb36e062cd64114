"""Declarations are found by looking."""

import pytest

from latticework.base.registry import Declared, DeclaredTwiceError, Registry


def declared(name: str, module: str = "here") -> Declared:
    return Declared(name=name, doc="First line.\n\nMore.", module=module)


def test_a_registry_is_read_in_alphabetical_order() -> None:
    assert list(Registry([declared("b"), declared("a")])) == ["a", "b"]


def test_a_name_declared_twice_names_both_modules() -> None:
    with pytest.raises(DeclaredTwiceError, match="'a' is declared in one and again in two"):
        Registry([declared("a", "one"), declared("a", "two")])


def test_the_summary_is_the_first_line() -> None:
    assert declared("a").summary == "First line."
