"""libical, as Evolution and GNOME Calendar use it: reads a calendar from standard input and writes its events as JSON.

Run by the system's own Python, which has libical by way of GObject; nothing of this project is there.
"""

import json
import sys

import gi  # type: ignore[import-not-found]

gi.require_version("ICalGLib", "3.0")
from gi.repository import ICalGLib  # type: ignore[import-not-found] # noqa: E402  only once its version is said

UTC = ICalGLib.Timezone.get_utc_timezone()
calendar = ICalGLib.Component.new_from_string(sys.stdin.buffer.read().decode())
kind, found = ICalGLib.ComponentKind.VEVENT_COMPONENT, []
event = calendar.get_first_component(kind)
while event is not None:
    status = event.get_status().value_name.removeprefix("I_CAL_STATUS_")
    found.append(
        {
            "uid": event.get_uid(),
            "start": event.get_dtstart().as_timet_with_zone(UTC),
            "end": event.get_dtend().as_timet_with_zone(UTC),
            "status": status,
            "summary": event.get_summary(),
        }
    )
    event = calendar.get_next_component(kind)
json.dump(found, sys.stdout)
