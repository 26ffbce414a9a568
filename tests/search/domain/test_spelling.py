"""Which word was meant."""

import pytest

from marketplace.search.domain.spelling import distance, nearest

WORDS = ["engineering", "engineers", "grace", "kubernetes", "python", "pytorch", "rust", "testing"]


@pytest.mark.parametrize(
    ("one", "other", "mistakes"),
    [
        pytest.param("python", "python", 0, id="the same"),
        pytest.param("pyton", "python", 1, id="a letter missing"),
        pytest.param("pythoon", "python", 1, id="a letter too many"),
        pytest.param("pithon", "python", 1, id="a wrong letter"),
        pytest.param("pyhton", "python", 1, id="neighbours swapped"),
        pytest.param("ptyohn", "python", 2, id="more of it"),
        pytest.param("", "rust", 4, id="nothing typed"),
    ],
)
def test_mistakes_are_counted_as_people_make_them(one, other, mistakes):
    assert distance(one, other) == mistakes
    assert distance(other, one) == mistakes


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        pytest.param("pyhton", "python", id="one mistake in six letters"),
        pytest.param("pihtan", None, id="two in six are another word"),
        pytest.param("kubrenetis", "kubernetes", id="two in ten are forgiven"),
        pytest.param("enginering", "engineering", id="the nearer of two"),
        pytest.param("rsut", "rust", id="one in four letters"),
        pytest.param("rus", None, id="short words are taken as they are"),
        pytest.param("zzzzzz", None, id="nothing like it"),
    ],
)
def test_a_word_is_read_as_the_nearest_that_is_used(typed, meant):
    assert nearest(typed, WORDS) == meant


def test_among_equally_near_words_it_is_always_the_same():
    assert nearest("tasting", ["testing", "casting"]) == nearest("tasting", ["casting", "testing"]) == "casting"
