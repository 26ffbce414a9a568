import pytest
from flask_babel import force_locale

from marketplace.core.names import (
    country_choices,
    country_name,
    country_of_zone,
    is_country,
    is_language,
    language_choices,
    language_name,
)


@pytest.mark.parametrize(("reader", "shown"), [("en", "Dutch"), ("de", "Niederländisch"), ("nl", "Nederlands")])
def test_a_language_has_its_name_in_the_readers(app, reader, shown):
    with app.test_request_context(), force_locale(reader):
        assert language_name("nl") == shown
        assert dict(language_choices())["nl"] == shown


@pytest.mark.parametrize(("reader", "shown"), [("en", "Netherlands"), ("de", "Niederlande"), ("nl", "Nederland")])
def test_so_has_a_country(app, reader, shown):
    with app.test_request_context(), force_locale(reader):
        assert country_name("NL") == shown


def test_no_country_has_no_name_and_an_unknown_one_its_code(app):
    assert (country_name(None), country_name("QQ"), language_name("qqq")) == ("", "QQ", "qqq")


@pytest.mark.parametrize(
    ("zone", "country"),
    [("Europe/Helsinki", "FI"), ("America/Argentina/Buenos_Aires", "AR"), ("UTC", ""), ("Mars/Olympus", "")],
)
def test_a_zone_shows_the_clocks_of_a_country(zone, country):
    assert country_of_zone(zone) == country


def test_countries_are_sorted_as_people_sort(app):
    names = list(country_choices().values())

    assert len(names) > 240
    assert names.index("Åland Islands") < names.index("Albania") < names.index("Zimbabwe")


@pytest.mark.parametrize(
    ("code", "known"), [("en", True), ("yue", True), ("ase", True), ("vo", False), ("english", False), ("", False)]
)
def test_languages_that_people_are_taught_in_are_known(code, known):
    assert is_language(code) is known


@pytest.mark.parametrize(("code", "known"), [("NL", True), ("XK", True), ("EU", False), ("ZZ", False), ("nl", False)])
def test_countries_are_known_and_unions_are_none(code, known):
    assert is_country(code) is known
