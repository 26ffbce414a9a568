"""Which calendar app reads, as far as its User-Agent tells. Pure; nothing is decided by it.

The strings are as the apps were seen to send them (logs and sources, read 2026-11).
"""

import re

OTHER = ""
"""An app that does not say, or none that we know."""
_APPS = (
    ("Google Calendar", "Google-Calendar-Importer"),
    ("Thunderbird", "Thunderbird/"),
    ("Evolution", "Evolution/"),
    ("Apple Calendar", "CalendarAgent|dataaccessd|CalendarStore|iCal/|Apple-iCloud"),
    (
        "Outlook",
        "Microsoft Office|Microsoft Outlook|Microsoft\\.Exchange|Exchange/|OutlookMobile|Outlook-iOS|Outlook-Android",
    ),
    ("ICSx⁵", "ICSx5"),
    ("DAVx⁵", "DAVx5"),
    ("Nextcloud", "Nextcloud|ownCloud"),
    ("Home Assistant", "HomeAssistant|Home Assistant"),
    ("vdirsyncer", "vdirsyncer"),
    ("GNOME Calendar", "gnome-calendar"),
    ("Proton Calendar", "Proton"),
    ("Fastmail", "FastMail|Fastmail"),
)
_PATTERNS = tuple((name, re.compile(pattern)) for name, pattern in _APPS)
LONGEST = 300
"""Of a User-Agent that is looked at."""


def app_named(user_agent: str) -> str:
    """`Google Calendar`, or OTHER."""
    told = user_agent[:LONGEST]
    return next((name for name, pattern in _PATTERNS if pattern.search(told)), OTHER)
