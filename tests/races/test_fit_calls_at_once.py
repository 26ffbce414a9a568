"""Rule fit_calls_are_few against one mentee in many tabs at once, over HTTP; without the locks it is broken."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from marketplace.core.config import Settings
from tests.factories import make_mentor, make_offering, make_user
from tests.payments.conftest import TEN
from tests.races.crowd import Wish, statuses
from tests.races.test_buyers_at_once import LOCKS_OFF, active, crowd

pytestmark = pytest.mark.slow

HALF_AN_HOUR = timedelta(minutes=30)
guarded_or_not = pytest.mark.parametrize(
    ("guards_off", "holds"),
    [pytest.param(None, True, id="guarded"), pytest.param(LOCKS_OFF, False, id="control: without the locks")],
)


@guarded_or_not
def test_of_ten_fit_calls_with_ten_mentors_two_are_booked(
    session: Session, settings: Settings, guards_off: dict[str, str] | None, holds: bool
) -> None:
    """At ten different times, so that nothing else stands in the way."""
    ada = make_user(session)
    mentors = [make_mentor(session, f"Mentor {n}") for n in range(10)]
    wishes = [
        Wish(ada.email, mentor.slug, make_offering(session, mentor, kind="fit_call").id, TEN + HALF_AN_HOUR * n)
        for n, mentor in enumerate(mentors)
    ]

    with crowd(session, settings, [ada], guards_off=guards_off) as those:
        answers = those.press(wishes)

    # Without the locks all ten may be fast enough that none is refused.
    assert set(statuses(answers)) <= {303, 422}
    assert (len(active(session)) == 2) is holds


@guarded_or_not
def test_of_five_fit_calls_with_one_mentor_one_is_booked(
    session: Session, settings: Settings, guards_off: dict[str, str] | None, holds: bool
) -> None:
    ada, mentor = make_user(session), make_mentor(session)
    call = make_offering(session, mentor, kind="fit_call")
    wishes = [Wish(ada.email, mentor.slug, call.id, TEN + 2 * HALF_AN_HOUR * n) for n in range(5)]

    with crowd(session, settings, [ada], guards_off=guards_off) as those:
        answers = those.press(wishes)

    assert 303 in statuses(answers)
    assert set(statuses(answers)) <= {303, 422}
    assert (len(active(session)) == 1) is holds
