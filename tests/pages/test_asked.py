"""What an address asks for, and what it cannot break."""

from datetime import UTC, date, datetime

import pytest

from marketplace.pages.asked import Asked, iso_week


def test_an_address_is_read():
    asked = Asked.read(
        {
            "offering": "7",
            "month": "2026-12",
            "day": "2026-12-08",
            "start": "2026-12-08T10:30+01:00",
            "zone": "Europe/Stockholm",
        }
    )

    assert asked == Asked(
        offering=7,
        month=date(2026, 12, 1),
        day=date(2026, 12, 8),
        start=datetime(2026, 12, 8, 9, 30, tzinfo=UTC),
        zone="Europe/Stockholm",
    )


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"offering": "seven"}, id="a word"),
        pytest.param({"offering": "9" * 5000}, id="a number too long for the database"),
        pytest.param({"offering": "٣"}, id="another script's digit"),
        pytest.param({"offering": "0"}, id="nothing"),
        pytest.param({"month": "2026-13"}, id="no such month"),
        pytest.param({"month": "0001-01"}, id="antiquity"),
        pytest.param({"day": "2026-02-30"}, id="no such day"),
        pytest.param({"day": "9999-12-31"}, id="the end of calendars"),
        pytest.param({"start": "2026-12-08T09:30"}, id="a time without a zone"),
        pytest.param({"start": "0001-01-01T00:00+14:00"}, id="before all instants"),
        pytest.param({"start": "2026-12-08T25:30Z"}, id="no such hour"),
        pytest.param({"zone": "Mars/Olympus"}, id="no such zone"),
        pytest.param({"zone": "../../etc/passwd"}, id="a path"),
        pytest.param({"zone": "Europe"}, id="a folder of zones"),
    ],
)
def test_what_cannot_be_read_counts_as_not_asked(wrong):
    assert Asked.read(wrong) == Asked()


def test_a_week_is_known_by_its_number():
    assert iso_week("2026-W53") == date(2026, 12, 28)
    assert iso_week("2027-W53") is None
    assert iso_week("2026W50") is None
    assert iso_week("") is None
