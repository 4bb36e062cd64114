"""Refs and slugs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latticework.base.refs import Ref, find_ref, ref_of, slug_of


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Faster claims", "faster-claims"),
        ("  L'été: 50 % / plus  ", "l-été-50-plus"),
        ("決済チーム", "決済チーム"),
        ("a_b__c", "a-b-c"),
        ("v1.19", "v1.19"),
        ("...", "unnamed"),
        ("", "unnamed"),
        ('two\nlines\t"quoted"', "two-lines-quoted"),
    ],
)
def test_slug_keeps_letters_of_any_script_and_joins_the_rest(name: str, slug: str) -> None:
    assert slug_of(name) == slug


@given(st.text(max_size=300))
def test_slug_of_a_slug_is_itself(name: str) -> None:
    slug = slug_of(name)
    assert slug_of(slug) == slug
    assert slug
    assert "/" not in slug


@given(st.text(min_size=1), st.text(min_size=1))
def test_every_ref_made_is_a_ref_when_read(kind: str, name: str) -> None:
    ref = ref_of(slug_of(kind), name)
    assert find_ref(ref) == ref
    assert (ref.kind, ref.slug) == (slug_of(kind), slug_of(name))


@pytest.mark.parametrize("text", ["", "bet", "/x", "bet/", "Bet/X", "bet/a b", "bet/a/b", "bet//a"])
def test_what_has_not_the_shape_is_no_ref(text: str) -> None:
    assert find_ref(text) is None


def test_ref_is_a_plain_string_in_every_column() -> None:
    assert Ref("bet/faster-claims") == "bet/faster-claims"
