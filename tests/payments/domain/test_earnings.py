"""Earnings by month: nothing is lost, and a month is the mentor's own."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.money import Money
from payments.domain.earnings import EarnedLine, Moved, earnings

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NEW_YEAR = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)


def line(minor: int = 7000, *, at: datetime = NEW_YEAR, sent: bool = False, currency: str = "EUR") -> EarnedLine:
    share = Money(minor, currency)
    sent_at = at if sent else None
    none = Money(0, currency)
    moved = Moved(none, none, none, share if sent else none)
    over = at - timedelta(days=2)
    return EarnedLine("s", "Session", "Ada", over, 60, share, none, none, share, at, sent_at, None, moved)


def test_a_month_is_that_of_the_mentors_clock():
    [in_amsterdam], [in_utc] = (earnings([line()], zone, around=0) for zone in (AMSTERDAM, ZoneInfo("UTC")))

    assert [month.first for month in in_amsterdam.months] == [date(2027, 1, 1)]
    assert [month.first for month in in_utc.months] == [date(2026, 12, 1)]


def test_a_month_in_which_nothing_was_earned_is_shown_between_two():
    [found] = earnings([line(), line(at=NEW_YEAR - timedelta(days=62))], ZoneInfo("UTC"), around=0)

    assert [(month.first, month.earned.minor) for month in found.months] == [
        (date(2026, 10, 1), 7000),
        (date(2026, 11, 1), 0),
        (date(2026, 12, 1), 7000),
    ]


def test_what_is_left_of_an_hour_counts_the_minutes_around_it():
    [found] = earnings([line(), line(minor=5000)], AMSTERDAM, around=30)

    assert found.hourly == Money(4000, "EUR")


def test_currencies_are_never_added_up():
    found = earnings([line(), line(minor=900, currency="JPY")], AMSTERDAM, around=0)

    assert [each.earned for each in found] == [Money(7000, "EUR"), Money(900, "JPY")]


@given(st.lists(st.tuples(st.integers(1, 10**6), st.integers(0, 900), st.booleans()), min_size=1))
def test_months_add_up_to_the_whole_and_each_is_sent_or_on_its_way(given_lines):
    lines = [line(minor, at=NEW_YEAR + timedelta(days=day), sent=sent) for minor, day, sent in given_lines]

    [found] = earnings(lines, AMSTERDAM, around=30)

    whole = sum(minor for minor, _, _ in given_lines)
    assert sum(month.earned.minor for month in found.months) == found.earned.minor == whole
    assert found.earned == found.on_the_way + found.transferred
    assert all(month.earned == month.on_the_way + month.transferred for month in found.months)


def test_what_is_taken_back_later_is_not_earned_and_what_is_kept_is_not_sent():
    def moved(share, taken, owed, kept, sent):
        parts = Moved(*(Money(minor, "EUR") for minor in (taken, owed, kept, sent)))
        return replace(line(share), moved=parts)

    [found] = earnings([moved(7000, 2000, 2000, 0, 7000), moved(7000, 500, 0, 2000, 0)], AMSTERDAM, around=0)

    assert (found.earned.minor, found.owed.minor) == (11500, 2000)
    assert (found.on_the_way.minor, found.transferred.minor, found.kept.minor) == (4500, 7000, 2000)
    assert found.earned + found.owed == found.on_the_way + found.transferred + found.kept
