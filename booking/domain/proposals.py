"""A mentor proposes another time for a session: both times are kept until the mentee has answered, or it is over."""

from datetime import datetime, timedelta
from enum import StrEnum

ANSWER_WITHIN = timedelta(hours=48)


class ProposalStatus(StrEnum):
    """How it ended: by the mentee (accepted, chose another time, took all back), by the mentor (withdrew), by the clock
    (lapsed), or since the session was called off meanwhile (overtaken)."""

    OPEN = "open"
    ACCEPTED = "accepted"
    ELSEWHERE = "elsewhere"
    TAKEN_BACK = "taken_back"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    OVERTAKEN = "overtaken"


def answer_until(now: datetime, *, old_start: datetime, new_start: datetime) -> datetime:
    """UTC. Two days, but never past the beginning of either time: then there is nothing left to choose."""
    return min(now + ANSWER_WITHIN, old_start, new_start)
