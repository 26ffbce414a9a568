"""The right to withdraw: fourteen days after the day of the purchase, by the mentee's clock."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.domain.policy import FIRM, PRESETS, STANDARD
from booking.domain.states import BookingStatus
from marketplace.core.money import Money
from payments.domain.settle import FrozenSale, SoldSession, settle
from payments.domain.withdrawal import is_early, withdrawal_ends

AMSTERDAM, NEW_YORK = ZoneInfo("Europe/Amsterdam"), ZoneInfo("America/New_York")
PAID = datetime(2026, 11, 29, 22, 30, tzinfo=UTC)  # 23:30 in Amsterdam, 17:30 in New York
START = datetime(2026, 12, 8, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
EUROS = Money(8050, "EUR")


def sale(cancelled_at, *, starts_at=START, until, policy=STANDARD, status=BookingStatus.CANCELLED_BY_MENTEE):
    session = SoldSession(1, 8050, 7000, status, starts_at, cancelled_at)
    return FrozenSale(policy, "EUR", (session,), withdrawal_until=until)


@pytest.mark.parametrize(
    ("paid_at", "zone", "ends"),
    [
        pytest.param(PAID, AMSTERDAM, datetime(2026, 12, 13, 23, 0, tzinfo=UTC), id="late in the evening"),
        pytest.param(PAID + timedelta(hours=1), AMSTERDAM, datetime(2026, 12, 14, 23, 0, tzinfo=UTC), id="a day later"),
        pytest.param(PAID, NEW_YORK, datetime(2026, 12, 14, 5, 0, tzinfo=UTC), id="on the mentee's own clock"),
        pytest.param(
            datetime(2026, 10, 20, 12, 0, tzinfo=UTC),
            AMSTERDAM,
            datetime(2026, 11, 3, 23, 0, tzinfo=UTC),
            id="across the end of summer time",
        ),
    ],
)
def test_it_ends_with_the_fourteenth_day_after_the_day_of_paying(paid_at, zone, ends):
    assert withdrawal_ends(paid_at, zone) == ends


@pytest.mark.parametrize(
    ("starts_at", "gross", "early"),
    [
        pytest.param(withdrawal_ends(PAID, AMSTERDAM) - SECOND, EUROS, True, id="a second before it would end"),
        pytest.param(withdrawal_ends(PAID, AMSTERDAM), EUROS, False, id="when it has ended"),
        pytest.param(START, Money(0, "EUR"), False, id="what is free is no sale"),
    ],
)
def test_what_begins_before_it_ends_has_to_be_asked_for(starts_at, gross, early):
    assert is_early(gross, starts_at, now=PAID, zone=AMSTERDAM) is early


@pytest.mark.parametrize(
    ("cancelled_at", "until", "back"),
    [
        pytest.param(START - SECOND, START + SECOND, 8050, id="a second before it begins"),
        pytest.param(START - timedelta(hours=2), START - timedelta(hours=2), 8050, id="exactly when the right ends"),
        pytest.param(START - timedelta(hours=2), START - timedelta(hours=2) - SECOND, 4025, id="a second later: half"),
        pytest.param(START - timedelta(days=2), START - timedelta(days=5), 8050, id="the policy still gives all"),
        pytest.param(START - timedelta(hours=2), None, 4025, id="without the right"),
    ],
)
def test_who_withdraws_before_it_begins_has_all_back(cancelled_at, until, back):
    [dues] = settle(sale(cancelled_at, until=until))

    assert (dues.back.minor, dues.share.minor) == (back, 0 if back == 8050 else 3500)


@given(
    st.sampled_from(sorted(PRESETS)),
    st.timedeltas(min_value=SECOND, max_value=timedelta(days=30)),
    st.timedeltas(min_value=timedelta(days=-30), max_value=timedelta(days=30)),
)
def test_nobody_ever_has_less_back_for_having_the_right(preset, notice, until):
    with_it = sale(START - notice, until=START + until, policy=PRESETS[preset])
    without = replace(with_it, withdrawal_until=None)

    assert settle(without)[0].back <= settle(with_it)[0].back
    at_the_limit = sale(with_it.all_back_until(START) - timedelta(microseconds=1), until=START + until, policy=FIRM)
    assert settle(replace(at_the_limit, policy=PRESETS[preset]))[0].back.minor == 8050


def test_a_session_that_took_place_is_not_withdrawn_from():
    over = sale(None, until=START + timedelta(days=9), status=BookingStatus.CONFIRMED)

    [dues] = settle(over.with_outcome(1, BookingStatus.COMPLETED))

    assert (dues.back.minor, dues.share.minor) == (0, 7000)
