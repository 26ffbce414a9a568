"""What is typed, cut into needs."""

import pytest

from marketplace.search.domain.needs import LONGEST_TEXT, MOST_NEEDS, cleaned, needs_in, typed_again


@pytest.mark.parametrize(
    ("typed", "needs"),
    [
        pytest.param("python hiring", ("python", "hiring"), id="words, where there is no comma"),
        pytest.param("data engineering, hiring", ("data engineering", "hiring"), id="phrases between commas"),
        pytest.param("data engineering,", ("data engineering",), id="one phrase"),
        pytest.param(" data   engineering ; hiring\n", ("data engineering", "hiring"), id="other marks and spaces"),
        pytest.param("Python python PYTHON", ("Python",), id="each once"),
        pytest.param("C++ & c#", ("C++", "c#"), id="what has no letter is no need"),
        pytest.param("— 🙂 ,,, ", (), id="nothing in it"),
        pytest.param("", (), id="nothing"),
    ],
)
def test_needs_are_words_or_phrases(typed, needs):
    assert needs_in(typed).said == needs


def test_topics_come_before_what_was_typed():
    assert needs_in("hiring python", ["Leading a team", "Python"]).said == ("Leading a team", "Python", "hiring")


@pytest.mark.parametrize(
    ("typed", "left_out"),
    [
        pytest.param(" ".join(f"w{number}" for number in range(MOST_NEEDS)), False, id="as many as are looked for"),
        pytest.param(" ".join(f"w{number}" for number in range(MOST_NEEDS + 1)), True, id="one more"),
        pytest.param("a" * LONGEST_TEXT, False, id="as long as is looked for"),
        pytest.param("a" * (LONGEST_TEXT + 1), True, id="a letter longer"),
    ],
)
def test_more_than_can_be_looked_for_is_left_out_and_told(typed, left_out):
    needs = needs_in(typed)

    assert needs.left_out == left_out
    assert len(needs.said) <= MOST_NEEDS
    assert all(len(each) <= LONGEST_TEXT for each in needs.said)


def test_what_cannot_be_seen_is_taken_out():
    assert cleaned("py\0thon\u202e\ud800 x\u200b") == "py thon   x"


@pytest.mark.parametrize(
    "needs", [("python", "hiring"), ("data engineering", "hiring"), ("data engineering",), ("python",), ()]
)
def test_what_is_typed_again_means_the_same_needs(needs):
    assert needs_in(typed_again(needs)).said == needs
