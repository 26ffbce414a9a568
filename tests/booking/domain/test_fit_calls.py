"""Rule fit_calls_are_few: which calls count, and which are ahead."""

from datetime import UTC, datetime, timedelta

import pytest

from booking.domain.fit_calls import FitCall, ahead, had_with
from booking.domain.states import BookingStatus

NOW = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
GRACE, EDSGER = 1, 2
S = BookingStatus


def call(
    state: BookingStatus,
    starts_at: datetime = NOW + HOUR,
    mentor_id: int = GRACE,
    held_until: datetime | None = NOW + timedelta(minutes=35),
) -> FitCall:
    return FitCall("call", mentor_id, state, starts_at, held_until)


@pytest.mark.parametrize(
    ("state", "counts"),
    [
        (S.HELD, True),
        (S.AWAITING_PAYMENT, True),
        (S.CONFIRMED, True),
        (S.COMPLETED, True),
        pytest.param(S.NO_SHOW_MENTEE, True, id="the mentor came"),
        pytest.param(S.NO_SHOW_MENTOR, False, id="the mentor did not come"),
        pytest.param(S.NO_SHOW_BOTH, False, id="nobody came"),
        (S.EXPIRED, False),
        (S.RELEASED, False),
        (S.CANCELLED_BY_MENTEE, False),
        (S.CANCELLED_BY_MENTOR, False),
        (S.CANCELLED_BY_OPERATOR, False),
    ],
)
def test_what_was_booked_counts_and_what_came_to_nothing_does_not(state, counts):
    assert (had_with([call(state)], GRACE, NOW) is not None) is counts


def test_every_state_has_been_thought_of():
    (mark,) = test_what_was_booked_counts_and_what_came_to_nothing_does_not.pytestmark
    assert {getattr(case, "values", case)[0] for case in mark.args[1]} == set(S)


def test_a_call_with_one_mentor_is_none_with_another():
    assert had_with([call(S.COMPLETED, NOW - HOUR)], EDSGER, NOW) is None


@pytest.mark.parametrize(
    ("held_until", "counts"),
    [
        pytest.param(NOW + timedelta(seconds=1), True, id="a second left"),
        pytest.param(NOW, False, id="exactly over"),
    ],
)
def test_a_hold_counts_until_it_is_over(held_until, counts):
    held = call(S.HELD, held_until=held_until)

    assert (had_with([held], GRACE, NOW) is not None) is counts
    assert (ahead([held], NOW) == [held]) is counts


@pytest.mark.parametrize(
    ("starts_at", "is_ahead"),
    [
        pytest.param(NOW + timedelta(seconds=1), True, id="about to begin"),
        pytest.param(NOW, False, id="beginning now"),
        pytest.param(NOW - HOUR, False, id="begun"),
    ],
)
def test_what_has_begun_is_not_ahead(starts_at, is_ahead):
    confirmed = call(S.CONFIRMED, starts_at)

    assert (ahead([confirmed], NOW) == [confirmed]) is is_ahead


def test_those_ahead_come_in_their_order():
    later, sooner = call(S.CONFIRMED, NOW + 2 * HOUR), call(S.CONFIRMED, NOW + HOUR, EDSGER)

    assert ahead([later, sooner, call(S.COMPLETED), call(S.RELEASED)], NOW) == [sooner, later]
