import re
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.mentors.domain.slugs import LONGEST, candidates, slug_of


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Ada Example", "ada-example"),
        ("Lúcia Sample", "lucia-sample"),
        ("Søren Łukasz Æther", "soren-lukasz-aether"),
        ("Jürgen Groß", "jurgen-gross"),
        ("O’Example-Sample, Ph.D.", "oexample-sample-ph-d"),
        ("  Ada  ", "ada"),
        ("王小明", "mentor"),
        ("🙂", "mentor"),
        ("a" * 200, "a" * LONGEST),
        ("2nd Example", "2nd-example"),
    ],
)
def test_an_address_is_made_from_the_name(name, slug):
    assert slug_of(name) == slug


def test_who_comes_later_gets_a_number():
    assert list(islice(candidates("Ada Example"), 3)) == ["ada-example", "ada-example-2", "ada-example-3"]


@given(st.text(max_size=120))
def test_every_name_has_an_address_that_the_database_takes(name):
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug_of(name))
