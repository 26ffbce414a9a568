"""The application with a pause between judging a slot and writing it, so that whatever races can be seen to race.

`GUARDS_OFF=locks` leaves the locks out: the control run. Served by gunicorn in tests/races only.
"""

import os
import time
from typing import Any

from booking.services import hold
from marketplace.app import create_app
from payments.services import buy

PAUSE_SECONDS = 0.05
judge = hold.judge


def judge_and_pause(*arguments: Any, **named: Any) -> Any:
    judged = judge(*arguments, **named)
    time.sleep(PAUSE_SECONDS)
    return judged


def no_lock(*_arguments: Any) -> None:
    """The guard taken away."""


setattr(hold, "judge", judge_and_pause)  # noqa: B010  # said as what it is: the module is changed for a control run
if os.environ.get("GUARDS_OFF") == "locks":
    for module in (hold, buy):
        setattr(module, "lock_people", no_lock)  # noqa: B010

app = create_app()
