"""Words, names, topics and typos."""

import pytest

from tests.pages.reading import words
from tests.search.searching import found, make_bookable, search


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("python", id="a topic"),
        pytest.param("PYTHON", id="in capitals"),
        pytest.param("pyhton", id="neighbours swapped"),
        pytest.param("pyton", id="a letter missing"),
        pytest.param("pyth", id="its beginning"),
        pytest.param("soren", id="a name without its mark"),
        pytest.param("Søren", id="a name with it"),
        pytest.param("sorne", id="a name with a mistake"),
        pytest.param("s%C3%B8ren+kierkegaard", id="more of the name"),
        pytest.param("compilers", id="a word of the headline"),
        pytest.param("compiler", id="in another form"),
        pytest.param("c%2B%2B", id="a topic of signs"),
        pytest.param("danish", id="a language by its English name"),
        pytest.param("dansk", id="a language by its own name"),
        pytest.param("aarhus", id="a city"),
        pytest.param("25e6f8ec", id="what begins like a number"),
        pytest.param("ensemble+work,", id="a phrase out of a longer text"),
    ],
)
def test_a_mentor_is_found_by(client, session, typed):
    make_bookable(
        session,
        "Søren Kierkegaard",
        "Python",
        "C++",
        slug="soren",
        headline="Compilers for everyone, on the 25e6f8ec",
        city="Aarhus",
        languages=["da"],
        how_i_work="Work in ensembles.",
    )
    make_bookable(session, "Edsger Example", headline="Less is more", city="Berlin")
    session.commit()

    assert search(client, f"q={typed}") == ["Søren Kierkegaard"]


def test_how_a_misspelled_word_was_read_is_told(client, session):
    make_bookable(session, "Grace Example", "Python")
    session.commit()

    page = client.get("/search?q=pyhton+data")

    assert "Nobody writes “pyhton”: these are mentors for “python”." in words(page)
    assert "Covers 2 of 2: pyhton, data" in words(page)


def test_a_word_that_nobody_writes_does_not_hide_those_who_fit_the_rest(client, session):
    make_bookable(session, "Grace Example", "Python")
    session.commit()

    page = client.get("/search?q=python+xylophones")

    assert found(page) == ["Grace Example"]
    assert "Nobody writes “xylophones”." in words(page)
    assert "Covers 1 of 2: python" in words(page)


def test_a_name_of_a_word_that_every_text_has_is_found_as_a_name(client, session):
    make_bookable(session, "Will Example")
    make_bookable(session, "Grace Example", headline="I will listen")
    session.commit()

    assert search(client, "q=will") == ["Will Example"]


def test_words_that_every_text_has_are_no_needs_beside_others(client, session):
    make_bookable(session, "Will Example")
    make_bookable(session, "Grace Example", "Teams")
    session.commit()

    page = client.get("/search?q=I will lead a team")

    assert found(page) == ["Grace Example"]
    assert "Covers 1 of 2: team" in words(page)


def test_who_covers_more_comes_first_and_says_what(client, session):
    make_bookable(session, "Edsger Example", "Hiring")
    make_bookable(session, "Grace Example", "Hiring", "Leading a team")
    session.commit()

    page = client.get("/search?q=hiring, leading a team, knitting")

    assert found(page) == ["Grace Example", "Edsger Example"]
    assert "Covers 2 of 3: hiring, leading a team" in words(page)
    assert "Covers 1 of 3: hiring" in words(page)


def test_topics_can_be_chosen_beside_words(client, session):
    make_bookable(session, "Grace Example", "Hiring")
    make_bookable(session, "Edsger Example", "Python", "Hiring")
    session.commit()

    page = client.get("/search?q=python&topic=Hiring")

    assert found(page) == ["Edsger Example", "Grace Example"]
    assert "Covers 2 of 2: Hiring, python" in words(page)
