"""Whether somebody may have a fit call (rule fit_calls_are_few)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from booking.domain.fit_calls import OPEN_AT_ONCE, FitCall, ahead, had_with
from booking.queries.fit_calls import fit_calls_of
from marketplace.core.errors import RuleBroken
from marketplace.offerings.models import Offering


class NoFitCall(RuleBroken):
    """This person cannot have a fit call with this mentor now; `calls` are those that are the reason."""

    calls: Sequence[FitCall] = ()


class FitCallHad(NoFitCall):
    """The two have met for a fit call, or are going to."""

    def __init__(self, call: FitCall) -> None:
        super().__init__(
            "You have one fit call with each mentor, and this one is booked or over. A session comes next."
        )
        self.calls = [call]


class FitCallsAhead(NoFitCall):
    """As many fit calls as may be booked at a time are ahead."""

    def __init__(self, calls: Sequence[FitCall]) -> None:
        super().__init__("You have two fit calls ahead of you, which is the most at a time. Have one of them first.")
        self.calls = calls


def require_fit_call(session: Session, offering: Offering, mentee_id: int, now: datetime) -> None:
    """Binding under the locks of both people, and a forecast without. Raises FitCallHad, FitCallsAhead."""
    if not offering.is_fit_call:
        return
    calls = fit_calls_of(session, mentee_id, mentor_id=offering.mentor_id, now=now)
    if had := had_with(calls, offering.mentor_id, now):
        raise FitCallHad(had)
    if len(waiting := ahead(calls, now)) >= OPEN_AT_ONCE:
        raise FitCallsAhead(waiting)
