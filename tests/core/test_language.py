"""Saying things in another language: which one, and where it stops."""

from datetime import UTC, date, datetime

import pytest
from flask_babel import gettext, ngettext

from marketplace.core import formats
from marketplace.core.errors import RuleBroken
from marketplace.core.language import FOLDER, LANGUAGES, catalogue_of, current, loaded, said, speaking, spoken
from marketplace.core.money import Money
from marketplace.core.sentences import plural, sentence

TUESDAY = datetime(2026, 12, 8, 9, 30, tzinfo=UTC)
EURO = Money(123450, "EUR")
GERMAN = """
msgid ""
msgstr ""
"Language: de\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"Content-Type: text/plain; charset=utf-8\\n"

msgid "That time cannot be booked: %(reason)s."
msgstr "Dann geht es nicht: %(reason)s."

msgid "%(num)s day"
msgid_plural "%(num)s days"
msgstr[0] "%(num)s Tag"
msgstr[1] "%(num)s Tage"

msgid "notice of %(length)s for %(sum)s"
msgstr "für %(sum)s %(length)s Vorlauf"

#, fuzzy
msgid "Sign in"
msgstr "Vielleicht"
"""


@pytest.fixture
def german(app, tmp_path, monkeypatch):
    """A small catalogue of this test's own; the application reads the folder that it is configured with."""
    folder = tmp_path / "translations"
    catalogue_of("de", folder).parent.mkdir(parents=True)
    catalogue_of("de", folder).write_text(GERMAN)
    monkeypatch.setattr(app.extensions["babel"], "translation_directories", [str(folder)])


def test_a_refusal_is_said_in_the_language_being_spoken_down_to_its_reasons(german):
    reason = sentence("notice of %(length)s for %(sum)s", length=plural("%(num)s day", "%(num)s days", 3), sum=EURO)
    refusal = RuleBroken("That time cannot be booked: %(reason)s.", reason=reason)

    with speaking("de"):
        assert spoken(refusal) == "Dann geht es nicht: für 1.234,50\xa0€ 3 Tage Vorlauf."


def test_outside_of_a_language_everything_is_english(german):
    with speaking("de"):
        assert current() == "de"

    assert current() == "en"
    assert said(plural("%(num)s day", "%(num)s days", 1)) == "1 day"
    assert ngettext("%(num)s day", "%(num)s days", 2) == "2 days"


def test_what_nobody_has_confirmed_stays_english(german):
    with speaking("de"):
        assert gettext("Sign in") == "Sign in"


@pytest.mark.parametrize("code", ["xx", "", "de_AT", "../etc"])
def test_a_language_that_we_do_not_speak_is_english(app, code):
    with speaking(code):
        assert current() == "en"


def test_languages_speak_one_inside_another(german):
    with speaking("de"):
        with speaking("nl"):
            assert formats.day(TUESDAY, "UTC") == "di 8 dec"
        assert formats.day(TUESDAY, "UTC") == "Di., 8. Dez."


@pytest.mark.parametrize(
    ("code", "day", "long_day", "date_", "month", "weekday", "money"),
    [
        ("en", "Tue 8 Dec", "Tuesday 8 December", "8 Dec 2026", "December 2026", "Tue", "€1,234.50"),
        ("de", "Di., 8. Dez.", "Dienstag, 8. Dezember", "8. Dez. 2026", "Dezember 2026", "Di", "1.234,50\xa0€"),
        ("nl", "di 8 dec", "dinsdag 8 december", "8 dec 2026", "december 2026", "di", "€\xa01.234,50"),
    ],
)
def test_days_and_sums_are_written_as_people_there_write_them(app, code, day, long_day, date_, month, weekday, money):
    with speaking(code):
        assert formats.day(TUESDAY, "UTC") == day
        assert formats.long_day(TUESDAY, "UTC") == long_day
        assert formats.full_date(date(2026, 12, 8)) == date_
        assert formats.month_name(date(2026, 12, 1)) == month
        assert formats.weekday(2, "abbreviated") == weekday
        assert formats.money(EURO) == money


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_repeated_hour_says_its_offset_in_every_language(app, code):
    with speaking(code):
        assert formats.clock_time(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "Europe/Amsterdam") == "02:30 (UTC+2)"
        assert formats.clock_time(datetime(2026, 10, 25, 12, 30, tzinfo=UTC), "Europe/Amsterdam") == "13:30"


def test_nothing_is_looked_up_for_english():
    assert loaded(catalogue_of("en", FOLDER)).gettext("Sign in") == "Sign in"
    assert not catalogue_of("en", FOLDER).exists()
