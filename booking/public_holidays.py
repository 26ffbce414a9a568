"""Public holidays by country and region, as the package `holidays` knows them; nothing else asks it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.metadata import version

import holidays

EDITION = version("holidays")
"""Which dates there are may change with it."""
_COUNTRY = re.compile("[A-Z]{2}")
_ENGLISH = "en_US"


@cache
def countries() -> Mapping[str, tuple[str, ...]]:
    """The ISO codes of the countries that are known, each with the codes of its regions."""
    found = holidays.list_supported_countries(include_aliases=False)
    return {country: tuple(regions) for country, regions in found.items() if _COUNTRY.fullmatch(country)}


@cache
def region_names(country: str) -> Mapping[str, str]:
    """By the region's code, sorted by its name; the code itself where no name is known."""
    named = {code: name for name, code in holidays.country_holidays(country).subdivisions_aliases.items()}
    found = {code: named.get(code, code) for code in countries()[country]}
    return dict(sorted(found.items(), key=lambda entry: entry[1].casefold()))


def is_known(country: str, region: str) -> bool:
    """`region` may be empty: the holidays of the whole country."""
    return country in countries() and (not region or region in countries()[country])


def holidays_between(country: str, region: str, first: date, last: date, language: str = "en") -> dict[date, str]:
    """The days off from `first` to `last`, both included, with their names in that language where those are known,
    else in English, else in the country's own. KeyError for what `is_known` does not know."""
    if not is_known(country, region):
        raise KeyError(country, region)
    years = range(first.year, last.year + 1)
    spoken = _spoken(country, language)
    found = holidays.country_holidays(country, subdiv=region or None, years=years, language=spoken)
    return {day: name for day, name in sorted(found.items()) if first <= day <= last}


@cache
def _spoken(country: str, language: str) -> str | None:
    known = holidays.country_holidays(country).supported_languages
    exact = [each for each in known if each.partition("_")[0] == language]
    return next(iter([*exact, *(each for each in known if each == _ENGLISH)]), None)
