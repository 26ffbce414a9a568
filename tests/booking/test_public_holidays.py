"""What the package knows, as we ask it."""

from datetime import date

import pytest

from booking.public_holidays import countries, holidays_between, is_known, region_names
from marketplace.core.names import is_country

YEAR = (date(2027, 1, 1), date(2027, 12, 31))


def test_the_days_of_a_region_are_those_of_the_country_and_its_own():
    everywhere, berlin = holidays_between("DE", "", *YEAR), holidays_between("DE", "BE", *YEAR)

    assert everywhere.items() < berlin.items()
    assert date(2027, 3, 8) in berlin.keys() - everywhere.keys()


@pytest.mark.parametrize(
    ("language", "name"),
    [
        pytest.param("nl", "Hemelvaartsdag", id="known"),
        pytest.param("de", "Ascension Day", id="unknown: in English"),
        pytest.param("en", "Ascension Day", id="English"),
    ],
)
def test_names_come_in_the_readers_language_where_it_is_known(language, name):
    assert holidays_between("NL", "", *YEAR, language)[date(2027, 5, 6)] == name


def test_only_days_between_the_two_are_given_both_included():
    found = holidays_between("NL", "", date(2026, 12, 25), date(2027, 1, 1))

    assert list(found) == [date(2026, 12, 25), date(2026, 12, 26), date(2027, 1, 1)]


def test_every_country_that_can_be_chosen_has_a_name_and_answers():
    named = [country for country in countries() if is_country(country)]

    assert len(named) > 150
    assert all(holidays_between(country, "", *YEAR) for country in ("DE", "NL", "GB", "US", "IN", "JP", "BR", "KE"))


def test_regions_are_sorted_by_name():
    names = list(region_names("DE").values())

    assert names == sorted(names, key=str.casefold)
    assert "Bayern" in names


@pytest.mark.parametrize(
    ("country", "region"),
    [("", ""), ("XX", ""), ("DEU", ""), ("DE", "XX"), ("NL", "BE"), ("de", "")],
)
def test_what_is_no_country_or_not_its_region_is_refused(country, region):
    assert not is_known(country, region)
    with pytest.raises(KeyError):
        holidays_between(country, region, *YEAR)
