"""Who gets what of a sale: nothing is lost, and nobody is given more than there is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.domain.policy import FIRM, FLEXIBLE, PRESETS, STANDARD
from booking.domain.states import CANCELLED, NO_SHOW, TOOK_PLACE, BookingStatus
from marketplace.core.money import Money, step
from payments.domain.settle import Dues, FrozenSale, SoldSession, settle, still_owed
from payments.domain.spread import Paid, spread, spread_paid

START = datetime(2026, 12, 8, 9, 0, tzinfo=UTC)
BY_MENTEE, BY_MENTOR = BookingStatus.CANCELLED_BY_MENTEE, BookingStatus.CANCELLED_BY_MENTOR
SECOND = timedelta(seconds=1)
COMPLETED = BookingStatus.COMPLETED


def sale(notice: timedelta, *, status=BY_MENTEE, policy=STANDARD, gross=8050, share=7000, discount=0, tax=0):
    session = SoldSession(1, gross, share, status, START, START - notice, discount_minor=discount, tax_minor=tax)
    return FrozenSale(policy, "EUR", (session,))


def sums(dues: Dues) -> tuple[int, int, int]:
    return dues.back.minor, dues.share.minor, dues.fee.minor


@pytest.mark.parametrize(
    ("policy", "notice", "expected"),
    [
        pytest.param(STANDARD, timedelta(hours=24), (8050, 0, 0), id="exactly at the limit is free"),
        pytest.param(STANDARD, timedelta(hours=24) - SECOND, (4025, 3500, 525), id="a second late: half, and split"),
        pytest.param(STANDARD, SECOND, (4025, 3500, 525), id="a second before the start: half"),
        pytest.param(FLEXIBLE, timedelta(hours=12), (8050, 0, 0), id="flexible"),
        pytest.param(FIRM, timedelta(hours=48) - SECOND, (4025, 3500, 525), id="firm, a second late"),
    ],
)
def test_what_a_mentee_has_back_depends_on_the_notice(policy, notice, expected):
    (dues,) = settle(sale(notice, policy=policy))

    assert sums(dues) == expected


@pytest.mark.parametrize("status", sorted(CANCELLED - {BY_MENTEE}))
def test_whoever_else_cancels_gives_everything_back_at_any_notice(status):
    (dues,) = settle(sale(SECOND, status=status))

    assert sums(dues) == (8050, 0, 0)


def test_percentages_are_of_what_was_paid_after_discount_and_with_tax():
    (dues,) = settle(sale(timedelta(hours=1), discount=1610, tax=1224))

    assert (dues.paid.minor, *sums(dues), dues.tax.minor) == (7664, 3832, 3500, -280, 612)


@pytest.mark.parametrize(
    ("discount", "site"),
    [
        pytest.param(0, 1050, id="none: the fee"),
        pytest.param(1000, 50, id="less than the fee: what is left of it"),
        pytest.param(1050, 0, id="as much as the fee: nothing"),
        pytest.param(1610, -560, id="more: of its own money"),
        pytest.param(8050, -7000, id="all of the price"),
    ],
)
def test_the_site_bears_the_discount_and_the_mentor_earns_the_same(discount, site):
    over = sale(SECOND, status=COMPLETED, discount=discount).with_outcome(1, COMPLETED)

    (dues,) = settle(over)

    assert sums(dues) == (0, 7000, site)


def test_a_code_for_all_of_it_gives_nothing_back_and_a_late_cancellation_still_earns():
    (early,) = settle(sale(timedelta(hours=24), discount=8050))
    (late,) = settle(sale(SECOND, discount=8050))

    assert (sums(early), sums(late)) == ((0, 0, 0), (0, 3500, -3500))


def test_tax_that_is_in_the_price_comes_out_of_the_site_s_part():
    over = sale(SECOND, status=COMPLETED, tax=1285).with_outcome(1, COMPLETED)

    (dues,) = settle(replace(over, tax_included=True))

    assert (dues.paid.minor, *sums(dues), dues.tax.minor) == (8050, 0, 7000, -235, 1285)


def test_a_fee_that_the_mentor_bears_is_split_in_its_own_ratio():
    (dues,) = settle(sale(timedelta(hours=1), gross=7000, share=5950))

    assert sums(dues) == (3500, 2975, 525)


def test_a_session_that_was_free_gives_nothing_back_and_earns_nothing():
    (dues,) = settle(sale(timedelta(hours=1), gross=0, share=0))

    assert sums(dues) == (0, 0, 0)


def test_what_is_ahead_is_not_settled_and_the_others_of_a_programme_are():
    sessions = (
        SoldSession(1, 8051, 7001, BookingStatus.CONFIRMED, START),
        SoldSession(2, 8050, 7000, BY_MENTEE, START + timedelta(days=7), START),
        SoldSession(3, 8050, 7000, BY_MENTOR, START + timedelta(days=14), START),
    )

    found = settle(FrozenSale(STANDARD, "EUR", sessions))

    assert [(each.booking_id, each.back.minor) for each in found] == [(2, 8050), (3, 8050)]


def test_what_is_over_is_settled_once_it_is_final_and_not_before():
    session = SoldSession(1, 8050, 7000, COMPLETED, START)
    over = FrozenSale(STANDARD, "EUR", (session,))

    (dues,) = settle(over.with_outcome(1, COMPLETED))

    assert settle(over) == []
    assert sums(dues) == (0, 7000, 1050)


def test_only_what_is_missing_is_owed():
    dues = settle(sale(timedelta(days=3)))

    assert still_owed(dues, {}, Money(8050, "EUR")) == [(1, Money(8050, "EUR"))]
    assert still_owed(dues, {1: Money(8000, "EUR")}, Money(50, "EUR")) == [(1, Money(50, "EUR"))]
    assert still_owed(dues, {1: Money(8050, "EUR")}, Money(0, "EUR")) == []


CURRENCIES = st.sampled_from(["EUR", "JPY", "ISK", "KWD"])
INSTANTS = st.timedeltas(min_value=timedelta(microseconds=1), max_value=timedelta(days=60))
STATES = st.sampled_from([BookingStatus.CONFIRMED, *sorted(CANCELLED | TOOK_PLACE)])


@st.composite
def sales(draw, discounts=True):
    currency, sessions = draw(CURRENCIES), []
    unit = step(currency)
    for number in range(draw(st.integers(1, 6))):
        gross = draw(st.integers(0, 100_000)) * unit
        share = draw(st.integers(0, gross // unit)) * unit
        status = draw(STATES)
        starts_at = START + timedelta(days=7 * number)
        cancelled = starts_at - draw(INSTANTS) if status in CANCELLED else None
        final, all_back = status in NO_SHOW or draw(st.booleans()), status is COMPLETED and draw(st.booleans())
        sessions.append(SoldSession(number, gross, share, status, starts_at, cancelled, final, all_back))
    gross = [each.gross_minor for each in sessions]
    discount = draw(st.integers(0, sum(gross) // unit if discounts else 0)) * unit
    tax = draw(st.integers(0, sum(gross) // unit)) * unit if discount < sum(gross) else 0
    paid = Paid(*(Money(minor, currency) for minor in (sum(gross) - discount + tax, discount, tax)))
    parts = [
        replace(each, discount_minor=off.minor, tax_minor=levied.minor)
        for each, (off, levied) in zip(sessions, spread_paid(paid, gross), strict=True)
    ]
    return FrozenSale(PRESETS[draw(st.sampled_from(sorted(PRESETS)))], currency, tuple(parts))


@given(sales())
def test_each_cent_that_was_paid_is_somewhere_and_only_the_site_ever_gives(sold):
    for dues in settle(sold):
        assert dues.back + dues.share + dues.tax + dues.fee == dues.paid
        assert min(dues.paid.minor, dues.back.minor, dues.share.minor, dues.tax.minor) >= 0


@given(sales(discounts=False))
def test_without_a_discount_the_site_never_gives_of_its_own(sold):
    assert all(dues.fee.minor >= 0 for dues in settle(sold))


@given(sales())
def test_a_discount_and_a_tax_change_nothing_of_what_the_mentor_earns(sold):
    listed = replace(sold, sessions=tuple(replace(each, discount_minor=0, tax_minor=0) for each in sold.sessions))
    # Of a last unit that rounding would take from a site without a fee, the site is kept free where nothing is off.
    discounted = {each.booking_id for each in sold.sessions if each.discount_minor}
    shares = {each.booking_id: each.share for each in settle(listed)}

    for dues in settle(sold):
        if dues.booking_id in discounted:
            assert 0 <= dues.share.minor - shares[dues.booking_id].minor <= step(sold.currency)
        else:
            assert abs(dues.share.minor - shares[dues.booking_id].minor) <= step(sold.currency)


@given(sales())
def test_all_of_the_tax_is_owed_of_what_is_kept_whole_and_none_of_what_goes_back_whole(sold):
    levied = {each.booking_id: each.tax_minor for each in sold.sessions}

    for dues in settle(sold):
        if not dues.back:
            assert dues.tax.minor == levied[dues.booking_id]
        if dues.back == dues.paid:
            assert not dues.tax


@given(CURRENCIES, st.lists(st.integers(0, 5000), min_size=1, max_size=6), st.data())
def test_a_sum_is_spread_to_the_last_unit_and_no_session_bears_more_than_it_costs(currency, weights, data):
    unit = step(currency)
    weights = [each * unit for each in weights]
    amount = Money(data.draw(st.integers(0, sum(weights) // unit)) * unit, currency)

    parts = [each.minor for each in spread(amount, weights)]

    assert sum(parts) == amount.minor
    assert all(0 <= part <= weight and part % unit == 0 for part, weight in zip(parts, weights, strict=True))


def test_what_is_left_over_of_a_sum_is_the_first_session_s():
    assert [each.minor for each in spread(Money(100, "EUR"), [8050, 8050, 8050])] == [34, 33, 33]
    assert [each.minor for each in spread(Money(1000, "ISK"), [100, 100_000, 100_000])] == [100, 500, 400]


@given(sales())
def test_all_together_never_more_than_was_paid_goes_back(sold):
    assert sum(each.back.minor for each in settle(sold)) <= sold.total.minor


@given(sales(), INSTANTS, INSTANTS)
def test_who_cancels_earlier_never_has_less_back(sold, one, other):
    booking_id, starts_at = sold.sessions[0].booking_id, sold.sessions[0].starts_at

    def back(notice):
        found = settle(sold.with_cancelled(booking_id, BY_MENTEE, starts_at - notice))
        return next(each.back.minor for each in found if each.booking_id == booking_id)

    assert back(max(one, other)) >= back(min(one, other))


@given(sales(), st.data())
def test_what_is_owed_is_owed_once_and_never_more_than_is_left(sold, data):
    dues = settle(sold)
    sent: dict[int | None, Money] = {}
    left = Money(data.draw(st.integers(0, sold.total.minor)), sold.total.currency)

    first = still_owed(dues, sent, left)
    sent |= dict(first)
    rest = left - Money(sum(each.minor for _, each in first), left.currency)

    assert rest.minor >= 0
    assert still_owed(dues, sent, rest) == []
    assert all(sent[each.booking_id] <= each.back for each in dues if each.booking_id in sent)


@given(sales())
def test_cancelling_one_session_changes_nothing_of_the_others(sold):
    last = sold.sessions[-1]
    others = [each for each in settle(sold) if each.booking_id != last.booking_id]

    after = settle(sold.with_cancelled(last.booking_id, BY_MENTOR, last.starts_at - SECOND))

    assert [each for each in after if each.booking_id != last.booking_id] == others


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param(2300, (2300, 5000, 750), id="in the frozen ratio"),
        pytest.param(1, (1, 6999, 1050), id="a cent is rounded to whom it is nearer"),
        pytest.param(8050, (8050, 0, 0), id="all of it"),
        pytest.param(9999, (8050, 0, 0), id="never more than was kept"),
    ],
)
def test_what_is_given_back_later_is_borne_as_it_was_earned(given, expected):
    over = sale(SECOND, status=COMPLETED).with_outcome(1, COMPLETED)
    session = replace(over.sessions[0], given_back_minor=given)

    (dues,) = settle(replace(over, sessions=(session,)))

    assert sums(dues) == expected


def test_of_a_discounted_price_the_site_has_back_what_it_added_of_its_own():
    over = sale(SECOND, status=COMPLETED, discount=1610).with_outcome(1, COMPLETED)
    session = replace(over.sessions[0], given_back_minor=3220)

    (dues,) = settle(replace(over, sessions=(session,)))

    assert sums(dues) == (3220, 3500, -280)


@given(sales(), st.integers(0, 10**6), st.integers(0, 10**6))
def test_giving_back_more_leaves_nobody_with_more_and_loses_nothing(frozen, first, more):
    def given(minor):
        unit = step(frozen.currency)
        return settle(
            replace(frozen, sessions=tuple(replace(each, given_back_minor=minor * unit) for each in frozen.sessions))
        )

    for none, some, most in zip(settle(frozen), given(first), given(first + more), strict=True):
        assert some.paid == some.back + some.share + some.tax + some.fee
        assert none.back <= some.back <= most.back <= most.paid
        assert most.share <= some.share <= none.share
        assert most.tax <= some.tax <= none.tax
        assert most.kept or not none.kept or not (most.share or most.tax or most.fee)
