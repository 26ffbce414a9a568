"""Reminders a day and an hour before a session: to whom, when, with what, and when not."""

from datetime import UTC, datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range

from booking.domain.boundaries import Envelope
from booking.domain.states import BookingStatus, Canceller
from booking.domain.typed_hours import compact
from booking.models.bookings import WorkingHours
from booking.models.reminders import Reminder
from booking.services.cancel import cancel_booking
from booking.services.hours import set_week
from booking.services.move import NewTime, move_booking
from booking.services.remind import plan_anew, plan_reminders, tell_due
from marketplace.accounts.services.wishes import Wishes, keep_wishes
from marketplace.core.mail import MailRow
from tests.booking.bookings import HOUR, make_booking
from tests.conftest import TUESDAY
from tests.factories import make_mentor, make_offering, make_user
from tests.jobs import run_jobs, sweep
from tests.mailbox import letters_kept, part
from tests.payments.conftest import alan, bought, hour, sold, till

__all__ = ["alan", "bought", "hour", "sold", "till"]

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def there(day, clock):
    """A time in December 2026 in Amsterdam, where Grace works 9 to 17 on Mondays to Fridays. The 7th is a Monday."""
    return datetime.fromisoformat(f"2026-12-{day:02}T{clock}").replace(tzinfo=AMSTERDAM).astimezone(UTC)


@pytest.fixture
def ada(session):
    return make_user(session, "Ada Example", zone="America/New_York")


@pytest.fixture
def grace(session):
    return make_mentor(session, zone="Europe/Amsterdam")


@pytest.fixture
def book(session, ada, grace):
    offering = make_offering(session, grace)

    def booked(starts_at, now=TUESDAY, **given):
        booking = make_booking(session, offering, ada, starts_at, **given)
        plan_reminders(session, booking, now=now)
        session.commit()
        return booking

    return booked


def planned(session, person):
    found = session.execute(
        select(Reminder.ahead, Reminder.remind_at).where(Reminder.user_id == person.id).order_by(Reminder.remind_at)
    )
    return [tuple(each) for each in found]


def told(session):
    session.expire_all()
    return {(row.fact, row.user_id, row.status) for row in session.scalars(select(MailRow))}


def work(app, settings):
    """The worker comes by twice."""
    for _ in range(2):
        sweep(app, "booking:remind")
        sweep(app, "core:sweep_mail")
        run_jobs(app, settings)


def test_each_is_reminded_a_day_and_an_hour_before(session, ada, grace, book):
    start = there(9, "14:00")

    book(start)

    times = [("day", start - 24 * HOUR), ("hour", start - HOUR)]
    assert planned(session, ada) == planned(session, grace) == times


def test_what_falls_into_the_mentors_quiet_time_comes_before_it(session, ada, grace, book):
    monday = there(7, "09:00")

    book(monday)

    assert planned(session, grace) == [("day", there(4, "16:55"))]
    assert planned(session, ada) == [("day", monday - 24 * HOUR), ("hour", monday - HOUR)]


def test_a_mentee_is_left_alone_in_quiet_hours_of_their_own(session, ada, grace, book):
    ada.quiet_from, ada.quiet_until = 22 * 60, 8 * 60
    start = there(9, "10:00")  # 04:00 in New York

    book(start)

    evening = there(9, "04:00") - timedelta(minutes=5)  # 22:00 in New York
    assert planned(session, ada) == [("day", evening - 24 * HOUR), ("hour", evening)]


def test_a_session_that_moves_is_reminded_of_at_its_new_time(session, ada, grace, book):
    booking = book(there(9, "14:00"))
    wanted = NewTime(there(10, "11:00"), ada.id, "", booking.sequence)
    move_booking(
        session, booking, wanted, now=TUESDAY, envelope=Envelope(), site_meeting_url="https://meet.example.org"
    )

    plan_reminders(session, booking, now=TUESDAY)

    assert [at for _, at in planned(session, ada)] == [there(9, "11:00"), there(10, "10:00")]


def test_hours_that_change_change_when_the_mentor_is_reminded(app, settings, session, grace, book):
    """It was to come on Friday, shortly before five; on Fridays Grace now works until noon."""
    book(there(7, "09:00"))
    weekly = {**dict.fromkeys(range(1, 5), ((540, 1020),)), 5: ((540, 720),)}
    before = compact(dict.fromkeys(range(1, 6), ((540, 1020),)))

    assert set_week(session, grace.id, weekly, instead_of=before, told=(), now=TUESDAY) == []
    session.commit()
    run_jobs(app, settings)

    session.rollback()
    assert planned(session, grace) == [("day", there(4, "11:55"))]


def test_quiet_hours_that_change_change_when_a_mentee_is_reminded(app, settings, session, ada, book):
    start = there(9, "10:00")  # 04:00 in New York
    book(start)
    kept = {"calendar_by": ada.calendar_by, "wants_reminders": True, "wants_check_ins": True}
    wishes = Wishes(ada.name, ada.zone, ada.locale, 22 * 60, 8 * 60, **kept)

    keep_wishes(session, ada, wishes)
    session.commit()
    run_jobs(app, settings)

    session.rollback()
    evening = there(9, "04:00") - timedelta(minutes=5)  # 22:00 in New York
    assert planned(session, ada) == [("day", evening - 24 * HOUR), ("hour", evening)]


def test_what_was_told_already_is_not_told_again_by_other_hours(app, settings, session, grace, book, clock):
    """Reminded on Friday of Monday at nine; then Grace works on Sundays too, which would be the time to say it."""
    book(there(7, "09:00"))
    clock.set(there(4, "16:56"))
    work(app, settings)

    session.add(WorkingHours(mentor_id=grace.id, weekday=7, minutes=[Range(540, 1020)]))
    plan_anew(session, grace.id, now=there(4, "16:57"))
    session.commit()
    clock.set(there(6, "09:01"))
    work(app, settings)

    told_to_grace = [fact for fact, user_id, _ in told(session) if user_id == grace.id]
    assert told_to_grace == ["booking:remind_day"]


def test_who_wants_no_reminders_gets_none_and_the_other_one_does(app, settings, session, ada, grace, book, clock):
    start = there(9, "14:00")
    book(start)
    ada.wants_reminders = False
    session.commit()
    clock.set(start - 24 * HOUR + timedelta(minutes=1))

    work(app, settings)

    assert told(session) == {("booking:remind_day", ada.id, "dropped"), ("booking:remind_day", grace.id, "sent")}


def test_a_letter_goes_to_each_when_it_is_due_and_only_once(app, settings, session, ada, grace, book, clock):
    booking = book(there(9, "14:00"), agenda="How do I <start>?")
    clock.set(there(8, "13:59"))
    work(app, settings)
    assert letters_kept(settings) == []
    clock.set(there(8, "14:01"))

    work(app, settings)

    first, second = sorted(letters_kept(settings), key=lambda letter: letter["To"])
    assert told(session) == {("booking:remind_day", person.id, "sent") for person in (ada, grace)}
    assert first["Subject"] == "Reminder: Single session with Grace Example, Wed 9 Dec, 08:00"
    assert second["Subject"] == "Reminder: Single session with Ada Example, Wed 9 Dec, 14:00"
    for letter, says, link in ((first, "You want to talk about:", "move"), (second, "Ada Example wants", "propose")):
        for text in (part(letter, "plain"), unescape(part(letter, "html"))):
            for each in (
                "Ada Example: Wed 9 Dec, 08:00–09:00 (America/New_York)",
                "Grace Example: Wed 9 Dec, 14:00–15:00 (Europe/Amsterdam)",
                "How do I <start>?",
                says,
                "https://meet.example.org/office-hours",
                f"/sessions/{booking.public_id}/{link}",
            ):
                assert each in text
        assert "<start>" not in part(letter, "html")
        assert not any(each.get_content_type() == "text/calendar" for each in letter.walk())


def test_who_has_not_said_what_it_is_about_is_asked(app, settings, session, ada, grace, book, clock):
    book(there(9, "14:00"))
    clock.set(there(9, "13:01"))

    work(app, settings)

    texts = [part(letter, "plain") for letter in letters_kept(settings)]
    assert sum("You have not said yet what you want to talk about." in text for text in texts) == 1


@pytest.mark.parametrize("meanwhile", ["cancelled", "moved", "begun"])
def test_nobody_is_reminded_of_what_is_not_then(app, settings, session, ada, grace, book, clock, meanwhile):
    booking = book(there(9, "14:00"))
    if meanwhile == "cancelled":
        cancel_booking(session, booking, by=Canceller.MENTEE, person_id=ada.id, reason="", now=TUESDAY)
    elif meanwhile == "moved":
        wanted = NewTime(there(10, "11:00"), ada.id, "", booking.sequence)
        move_booking(session, booking, wanted, now=TUESDAY, envelope=Envelope(), site_meeting_url="https://m.example")
    session.commit()
    clock.set(there(9, "14:00") if meanwhile == "begun" else there(8, "14:01"))

    work(app, settings)

    assert letters_kept(settings) == []
    assert {status for _, _, status in told(session)} <= {"dropped"}


def test_late_news_for_a_mentor_waits_for_working_time_and_is_dropped_when_it_has_begun(
    app, settings, session, ada, grace, book, clock
):
    """No worker was there on Friday evening; on Sunday nobody is to hear of Monday at nine."""
    book(there(7, "09:00"))
    clock.set(there(6, "12:00"))
    work(app, settings)
    assert [letter["To"] for letter in letters_kept(settings)] == [ada.email]
    assert ("booking:remind_day", grace.id, "waiting") in told(session)
    clock.set(there(7, "09:00"))

    work(app, settings)

    assert ("booking:remind_day", grace.id, "dropped") in told(session)


def test_what_is_due_becomes_a_letter_once_from_however_many_workers(session, ada, grace, book):
    book(there(9, "14:00"))
    at = there(8, "14:01")

    assert [tell_due(session, at), tell_due(session, at)] == [2, 0]


def test_what_was_sold_is_reminded_of(session, sold):
    assert len(session.scalars(select(Reminder).where(Reminder.booking_id == sold.booking.id)).all()) == 4


def test_booking_a_cancelled_time_leaves_no_reminder_behind(session, book, app, settings, clock):
    book(there(9, "14:00"), status=BookingStatus.CANCELLED_BY_MENTEE)
    clock.set(there(9, "15:00"))

    work(app, settings)

    assert session.scalars(select(Reminder)).all() == []
    assert told(session) == set()
