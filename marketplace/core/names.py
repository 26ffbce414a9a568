"""Languages and countries: kept as ISO codes, shown by their names in the reader's language (CLDR, through babel)."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache

from babel import Locale
from babel.core import get_global
from flask_babel import get_locale

_MORE_LANGUAGES = {"ase", "fil", "yue"}
"""Of three letters, of those that people are taught in: American Sign Language, Filipino, Cantonese."""
_NOT_SPOKEN = {"ae", "cu", "ia", "ie", "io", "pi", "sh", "tl", "vo"}
"""Codes that are dead, made up, or replaced by another."""
_NOT_COUNTRIES = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}
"""What CLDR names beside the countries of ISO 3166. Kosovo has its user-assigned code, XK."""


def language_name(code: str) -> str:
    """`Dutch`, or the code itself if nobody knows it."""
    return _names_of(_reader())[0].get(code, code)


def country_name(code: str | None) -> str:
    """`Netherlands`; empty for none, the code itself if nobody knows it."""
    return _names_of(_reader())[1].get(code, code) if code else ""


def language_choices() -> Mapping[str, str]:
    """Codes and names, sorted by the name that the reader sees."""
    return _sorted(_reader(), 0)


def country_choices() -> Mapping[str, str]:
    return _sorted(_reader(), 1)


def country_of_zone(zone: str) -> str:
    """The code of the country whose clocks a zone shows, `FI` for Europe/Helsinki; empty if none is known."""
    code = get_global("zone_territories").get(zone, "")
    return code if is_country(code) else ""


def is_language(code: str) -> bool:
    return code in _languages()


def is_country(code: str) -> bool:
    return code in _countries()


def _reader() -> str:
    return str(get_locale() or "en")


@cache
def _names_of(reader: str) -> tuple[Mapping[str, str], Mapping[str, str]]:
    locale = Locale.parse(reader)
    return (
        {code: _first_upper(str(locale.languages.get(code, code))) for code in _languages()},
        {code: str(locale.territories.get(code, code)) for code in _countries()},
    )


@cache
def _languages() -> frozenset[str]:
    named = {str(code) for code in Locale("en").languages if len(str(code)) == 2}
    return frozenset(named - _NOT_SPOKEN | _MORE_LANGUAGES)


@cache
def _countries() -> frozenset[str]:
    return frozenset({str(code) for code in Locale("en").territories if len(str(code)) == 2} - _NOT_COUNTRIES)


@cache
def _sorted(reader: str, which: int) -> Mapping[str, str]:
    return dict(sorted(_names_of(reader)[which].items(), key=lambda entry: _collated(entry[1])))


def _collated(name: str) -> str:
    """Åland beside Albania and not behind Zimbabwe."""
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold() or name


def _first_upper(name: str) -> str:
    """Some languages write the names of languages small, which looks wrong in a list."""
    return name[:1].upper() + name[1:]
