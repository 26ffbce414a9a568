"""Which app reads a calendar, as far as it says."""

import pytest

from booking.domain.apps import LONGEST, OTHER, app_named


@pytest.mark.parametrize(
    ("user_agent", "app"),
    [
        ("Google-Calendar-Importer", "Google Calendar"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Thunderbird/153.7.0", "Thunderbird"),
        ("Evolution/3.46.4", "Evolution"),
        ("macOS/15.1 (24B83) CalendarAgent/1010.2", "Apple Calendar"),
        ("iOS/18.1 (22B83) dataaccessd/1.0", "Apple Calendar"),
        ("Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0; Pro)", "Outlook"),
        ("ICSx5/2.2.4 (2024; okhttp) Android/14", "ICSx⁵"),
        ("vdirsyncer/0.21.0", "vdirsyncer"),
        ("curl/8.5.0", OTHER),
        ("", OTHER),
        ("x" * LONGEST + "Thunderbird/153", OTHER),
    ],
)
def test_an_app_is_known_by_what_it_says(user_agent, app):
    assert app_named(user_agent) == app
