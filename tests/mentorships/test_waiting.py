"""Letters about what waits between sessions: a week without a check-in, and an agreement whose day has come."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from booking.domain.states import BookingStatus
from marketplace.core.clock import utcnow
from marketplace.core.mail import MailRow
from marketplace.mentorships.domain.papers import Agreement, Kind
from marketplace.mentorships.domain.states import Standing
from marketplace.mentorships.models.pairs import Mentorship
from marketplace.mentorships.services.check_ins import check_in
from marketplace.mentorships.services.papers import Writer, write
from marketplace.mentorships.services.standing import decide
from marketplace.mentorships.services.waiting import CHECK_IN, REVIEW_DAY
from tests.factories import make_offering, make_user
from tests.jobs import run_jobs, sweep
from tests.mailbox import letters_kept, part
from tests.mentorships.conftest import NEXT_TUESDAY, WEEK
from tests.pages.sales import make_sale

REVIEW_ON = date(2026, 12, 9)


@pytest.fixture
def friday(ada):
    """At ten, where Ada is."""
    return datetime(2026, 12, 4, 10, 5, tzinfo=ZoneInfo(ada.zone))


def letters(app, settings, clock, *times):
    """What has gone out after the worker has looked at each of these moments, twice."""
    for time in times:
        clock.set(time)
        for _ in range(2):
            sweep(app, "mentorships:waiting", "core:sweep_mail")
            run_jobs(app, settings)
    return [(letter["To"], letter["Subject"]) for letter in letters_kept(settings)]


def test_a_week_without_a_check_in_is_asked_about_once_by_a_letter_that_says_how_to_have_no_more(
    app, settings, clock, pair, ada, friday
):
    days = [friday - timedelta(days=2), friday, friday + timedelta(hours=2), friday + timedelta(days=1)]
    assert letters(app, settings, clock, *days) == [(ada.email, "How was your week?")]
    assert letters(app, settings, clock, friday + WEEK) == [(ada.email, "How was your week?")] * 2

    text = part(letters_kept(settings)[0], "plain")
    assert "/check-in" in text
    assert "I want no more letters of this kind: http" in text
    assert "/account#wants_check_ins" in text


def test_quiet_hours_put_it_off(app, session, settings, clock, pair, ada, friday):
    ada.quiet_from, ada.quiet_until = 8 * 60, 12 * 60
    session.commit()

    assert letters(app, settings, clock, friday) == []
    assert letters(app, settings, clock, friday + timedelta(hours=2)) == [(ada.email, "How was your week?")]


def rests(session, pair, ada):
    decide(session, pair.public_id, Standing.PAUSED, by_id=ada.id, now=utcnow())


def has_ended(session, pair, ada):
    decide(session, pair.public_id, Standing.ENDED, by_id=ada.id, now=utcnow())


def wants_none(session, pair, ada):
    ada.wants_check_ins = False


def has_checked_in(session, pair, ada):
    check_in(session, Writer(pair, ada.id, utcnow()), today=utcnow().date(), progress=3, is_stuck=False, words="")


@pytest.mark.parametrize("why", [rests, has_ended, wants_none, has_checked_in])
@pytest.mark.parametrize("is_late", [False, True], ids=["before it is asked", "before the letter goes out"])
def test_who_is_not_to_be_asked_is_not(app, session, settings, clock, pair, ada, friday, why, is_late):
    clock.set(friday)
    if is_late:
        sweep(app, "mentorships:waiting")
        assert session.scalars(select(MailRow.user_id).where(MailRow.fact == CHECK_IN)).all() == [ada.id]
    why(session, pair, ada)
    session.commit()

    assert letters(app, settings, clock, friday) == []


@pytest.mark.parametrize("kind", ["listening", "fit_call"])
def test_where_nothing_is_measured_no_week_is_asked_about(app, session, settings, clock, grace, friday, kind):
    alan, offering = make_user(session, "Alan Example"), make_offering(session, grace, kind=kind)
    make_sale(session, offering, alan, NEXT_TUESDAY - 2 * WEEK, status=BookingStatus.COMPLETED)
    session.commit()

    assert letters(app, settings, clock, friday) == []
    assert session.scalars(select(Mentorship.next_look_at)).one() == friday.replace(minute=0) + WEEK


def test_who_has_not_met_for_four_weeks_and_meets_no_more_is_left_in_peace(
    app, session, settings, clock, grace, ada, offering, friday
):
    make_sale(session, offering, ada, NEXT_TUESDAY - 5 * WEEK, status=BookingStatus.COMPLETED)
    session.commit()
    assert letters(app, settings, clock, friday) == []

    make_sale(session, offering, ada, NEXT_TUESDAY + 2 * WEEK)
    session.commit()

    assert letters(app, settings, clock, friday + WEEK) == [(ada.email, "How was your week?")]


def agreed(session, pair, ada, *, base=0, cadence="Weekly", day=REVIEW_ON):
    write(session, Writer(pair, ada.id, utcnow()), Kind.AGREEMENT, Agreement(cadence, review_on=day), base=base)
    session.commit()


def test_the_day_of_an_agreement_is_told_to_both_once_for_each_version(
    app, session, settings, clock, pair, ada, graces_account
):
    ada.wants_check_ins = False
    agreed(session, pair, ada)
    subjects = {
        (ada.email, "Is it still how you and Grace Example work together?"),
        (graces_account.email, "Is it still how you and Ada Example work together?"),
    }
    its_day = datetime(2026, 12, 9, 12, 0, tzinfo=ZoneInfo(ada.zone))

    assert letters(app, settings, clock, its_day - timedelta(days=1)) == []
    assert set(letters(app, settings, clock, its_day)) == subjects
    assert len(letters(app, settings, clock, its_day + timedelta(days=1), its_day + WEEK)) == 2

    agreed(session, pair, ada, base=1, day=date(2026, 12, 18))
    later = letters(app, settings, clock, its_day + timedelta(days=9))

    assert len(later) == 4
    assert set(later) == subjects


def test_of_an_agreement_that_was_written_anew_meanwhile_nothing_is_told(app, session, settings, clock, pair, ada):
    ada.wants_check_ins = False
    agreed(session, pair, ada)
    clock.set(datetime(2026, 12, 9, 12, 0, tzinfo=ZoneInfo(ada.zone)))
    sweep(app, "mentorships:waiting")
    assert len(session.scalars(select(MailRow).where(MailRow.fact == REVIEW_DAY)).all()) == 2
    session.rollback()

    agreed(session, pair, ada, base=1, cadence="Monthly", day=None)
    sweep(app, "core:sweep_mail")
    run_jobs(app, settings)

    assert letters_kept(settings) == []
