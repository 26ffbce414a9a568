"""Links that fill in the form of a web calendar say the right instant, whatever the zone, and keep every character."""

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest

from booking.domain.calendar_links import CalendarEntry

ENTRY = CalendarEntry(
    title="Single session & more with Søren",
    start=datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Amsterdam"), fold=1),
    end=datetime(2026, 10, 25, 2, 30, tzinfo=UTC),
    where="https://meet.example.org/a?b=c&d=e",
    details="Page: https://example.org/sessions/abc",
)


def asked(address):
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def test_google_is_told_both_instants_in_utc():
    assert asked(ENTRY.google)["dates"] == "20261025T013000Z/20261025T023000Z"


def test_outlook_is_told_both_instants_in_utc():
    told = asked(ENTRY.outlook)

    assert (told["startdt"], told["enddt"]) == ("2026-10-25T01:30:00Z", "2026-10-25T02:30:00Z")


@pytest.mark.parametrize(
    ("address", "title", "where", "details"),
    [
        pytest.param(ENTRY.google, "text", "location", "details", id="google"),
        pytest.param(ENTRY.outlook, "subject", "location", "body", id="outlook"),
    ],
)
def test_no_character_is_lost(address, title, where, details):
    told = asked(address)

    assert (told[title], told[where], told[details]) == (ENTRY.title, ENTRY.where, ENTRY.details)
