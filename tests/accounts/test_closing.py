"""Closing an account: refused while it is needed, and then it names nobody any more."""

from datetime import date, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import Range

from booking.domain.calendar import Scope
from booking.domain.states import BookingStatus
from booking.models.bookings import DateOverride
from booking.models.days import Holiday, HolidayChoice, ProtectedDay, TimeOff
from booking.models.feeds import CalendarFeed
from booking.services.feeds import make_feed, secret_of
from booking.services.hold import NotBookable
from marketplace.accounts.fresh import FRESH_FOR
from marketplace.accounts.models import SignIn, User
from marketplace.accounts.second_steps import new_salt
from marketplace.accounts.services.second_step import turn_on
from marketplace.core.audit import AuditEntry
from marketplace.core.belongings import BELONGINGS, AtClosing
from marketplace.core.clock import utcnow
from marketplace.core.mail import MailRow, post
from marketplace.mentors.models import Mentor, MentorTopic
from marketplace.mentors.services.moves import pause, suspend
from marketplace.mentors.services.profile import save_story
from payments.domain.states import PaymentStatus, RefundStatus
from payments.models.sales import Payment
from payments.services.buy import Order, buy
from payments.services.refund import owe_refund
from tests.booking.bookings import make_booking
from tests.conftest import TUESDAY
from tests.factories import PASSWORD, hours, make_mentor, make_offering, make_user
from tests.jobs import run_jobs, sweep
from tests.mailbox import letters_kept
from tests.pages.sales import make_sale
from tests.payments.conftest import TEN
from tests.web import csrf, inputs, sign_in, submit

PAGE = "/account/close"
WEEK = timedelta(days=7)
AHEAD = "You have sessions ahead"
MONEY = "Money is on its way"


@pytest.fixture
def ada(session) -> User:
    user = make_user(session, "Ada Lovelace", email="ada@example.org", quiet_from=1320, quiet_until=420)
    session.commit()
    return user


@pytest.fixture
def grace(session) -> Mentor:
    mentor = make_mentor(session, "Grace Example", slug="grace-example")
    session.commit()
    return mentor


def closed(client: FlaskClient, user: User):
    sign_in(client, user)
    return submit(client, PAGE, sure="y")


def is_closed(session, user: User) -> bool:
    session.refresh(user)
    return user.closed_at is not None


def everything_stored(session, *tables: str) -> str:
    return "".join(str(row) for table in tables for row in session.execute(text(f"SELECT * FROM {table}")))


def test_a_closed_account_names_nobody_and_opens_to_nobody(app, client, session, settings, ada):
    elsewhere = app.test_client()
    sign_in(elsewhere, ada)

    answer = closed(client, ada)
    run_jobs(app, settings)

    assert (answer.status_code, answer.location) == (303, "/")
    assert "Your account is closed." in client.get("/").text
    assert [each.get("/account").status_code for each in (client, elsewhere)] == [302, 302]
    assert submit(client, "/sign-in", email="ada@example.org", password=PASSWORD).status_code == 422
    assert is_closed(session, ada)
    assert session.scalars(select(SignIn)).all() == []
    stored = everything_stored(session, "users", "mail_outbox", "procrastinate_jobs", "sign_in", "attempts")
    assert [word for word in ("ada@example.org", "Lovelace", "1320") if word in stored] == []


def test_the_old_address_gets_one_last_letter_and_is_free_for_another_account(app, client, session, settings, ada):
    closed(client, ada)
    run_jobs(app, settings)
    [letter] = letters_kept(settings)
    assert (letter["To"], letter["Subject"]) == ("ada@example.org", "Your account at Office Hours is closed")

    submit(client, "/sign-up", name="Ada Anew", email="ada@example.org", password=PASSWORD)

    assert session.scalars(select(User.name).order_by(User.id)).all() == ["Former member", "Ada Anew"]


def test_asking_for_a_password_with_the_old_address_reaches_nobody(app, client, session, settings, ada):
    closed(client, ada)
    run_jobs(app, settings)

    for email in ("ada@example.org", f"closed-{ada.id}@closed.invalid"):
        submit(client, "/forgotten", email=email)
    run_jobs(app, settings)

    assert len(letters_kept(settings)) == 1


def test_a_letter_that_still_waits_goes_nowhere(app, client, session, settings, ada, grace, clock):
    booking = make_booking(session, make_offering(session, grace), ada, TEN - 2 * WEEK)
    post(
        session,
        "booking:booked",
        key=booking.public_id,
        user_id=ada.id,
        now=clock.now(),
        due_at=clock.now() + WEEK,
        lines=[],
    )
    session.commit()

    closed(client, ada)
    clock.advance(WEEK)
    session.execute(text("UPDATE mail_outbox SET due_at = created_at"))
    session.commit()
    sweep(app, "core:sweep_mail")
    run_jobs(app, settings)

    rows = {row.fact: (row.status, row.arguments) for row in session.scalars(select(MailRow))}
    assert rows == {"booking:booked": ("dropped", {}), "accounts:closed": ("sent", {})}


def test_it_needs_the_password_and_the_tick(client, session, ada, clock):
    sign_in(client, ada)
    token = csrf(client, PAGE)
    unticked = submit(client, PAGE)
    clock.advance(FRESH_FOR)

    too_late = client.post(PAGE, data={"csrf_token": token, "sure": "y"})

    assert (unticked.status_code, "Tick the box" in unticked.text) == (422, True)
    assert (too_late.status_code, too_late.location) == (303, "/account/confirm")
    assert not is_closed(session, ada)


def test_everything_of_the_second_step_goes(client, session, ada, clock):
    sign_in(client, ada)
    turn_on(session, ada.id, salt=new_salt(), step=0, now=clock.now())
    session.commit()

    submit(client, PAGE, sure="y")

    assert is_closed(session, ada)
    assert everything_stored(session, "recovery_code") == ""


@pytest.mark.parametrize("side", ["mentee", "mentor"])
@pytest.mark.parametrize(
    ("status", "weeks", "needed"),
    [
        pytest.param(BookingStatus.CONFIRMED, 0, True, id="a session ahead"),
        pytest.param(BookingStatus.HELD, 0, True, id="a time that is held"),
        pytest.param(BookingStatus.AWAITING_PAYMENT, 0, True, id="a payment that is awaited"),
        pytest.param(BookingStatus.CONFIRMED, -2, False, id="a session that is over"),
        pytest.param(BookingStatus.CANCELLED_BY_MENTEE, 0, False, id="a cancelled one"),
        pytest.param(BookingStatus.EXPIRED, 0, False, id="an expired one"),
    ],
)
def test_sessions_ahead_keep_an_account_open(client, session, ada, grace, side, status, weeks, needed):
    make_booking(session, make_offering(session, grace), ada, TEN + weeks * WEEK, status=status)
    session.commit()
    user = ada if side == "mentee" else session.get_one(User, grace.id)

    answer = closed(client, user)

    assert (answer.status_code, AHEAD in answer.text) == ((422, True) if needed else (303, False))
    assert is_closed(session, user) != needed


@pytest.mark.parametrize(
    ("refund", "by_hand", "needed"),
    [
        pytest.param(RefundStatus.OWED, False, True, id="owed"),
        pytest.param(RefundStatus.SENT, False, True, id="sent"),
        pytest.param(RefundStatus.FAILED, False, True, id="sent back by the bank"),
        pytest.param(RefundStatus.FAILED, True, False, id="paid by hand after that"),
        pytest.param(RefundStatus.SUCCEEDED, False, False, id="arrived"),
    ],
)
def test_money_on_its_way_keeps_an_account_open(client, session, ada, grace, clock, refund, by_hand, needed):
    booking, purchase = make_sale(session, make_offering(session, grace), ada, TEN - 2 * WEEK)
    payment = session.scalars(select(Payment)).one()
    owe_refund(session, payment, purchase, booking, reason="late", amount=purchase.gross, now=clock.now())
    session.execute(text("UPDATE refund SET status = :status, stripe_refund_id = 're_1'"), {"status": refund})
    settled = "status = 'completed', completed_at = ends_at, settled_at = ends_at + interval '2 days'"
    session.execute(text(f"UPDATE booking SET {settled}"))
    if by_hand:
        paid = text("UPDATE refund SET by_hand_at = now(), by_hand_by = :olga, by_hand_how = 'by transfer'")
        session.execute(paid, {"olga": make_user(session, "Olga Example").id})
    session.commit()

    answer = closed(client, ada)

    assert (answer.status_code, MONEY in answer.text) == ((422, True) if needed else (303, False))
    assert is_closed(session, ada) != needed


def test_a_checkout_that_can_still_be_paid_keeps_an_account_open(client, session, ada, grace):
    make_sale(session, make_offering(session, grace), ada, TEN, status=BookingStatus.HELD)
    session.execute(text("UPDATE booking SET status = 'expired'"))
    session.commit()
    assert session.scalars(select(Payment.status)).one() == PaymentStatus.OPEN

    answer = closed(client, ada)

    assert (answer.status_code, MONEY in answer.text, AHEAD in answer.text) == (422, True, False)


def test_the_last_operator_stays(client, app, session):
    olga, other = (make_user(session, name, is_operator=True) for name in ("Olga Example", "Edith Example"))
    session.commit()
    assert closed(client, other).status_code == 303

    answer = closed(app.test_client(), olga)

    assert answer.status_code == 422
    assert "You are the only operator" in answer.text
    session.refresh(other)
    assert not other.is_operator


def test_of_a_mentor_no_page_stays(app, client, session, grace):
    make_offering(session, grace)
    save_story(session, grace.id, "I helped engineers, and then I learnt to paint.", now=TUESDAY)
    session.commit()
    assert client.get("/mentors/grace-example").status_code == 200

    closed(client, session.get_one(User, grace.id))

    visitor = app.test_client()
    session.refresh(grace)
    assert [visitor.get(f"/mentors/{slug}").status_code for slug in ("grace-example", grace.slug)] == [404, 404]
    assert "Grace" not in visitor.get("/").text
    assert session.scalars(select(MentorTopic)).all() == []
    kept = everything_stored(session, "mentor", "audit_entry", "profile_change")
    assert "mentors:profile_changed" in kept
    assert [words for words in ("Helps engineers", "learnt to paint", "grace-example") if words in kept] == []


def test_of_a_mentor_no_hours_stay_and_no_words_about_what_was_offered(client, session, grace):
    make_offering(session, grace, title="Design review", summary="Bring six pages", included="I read them")
    session.add(TimeOff(mentor_id=grace.id, span=Range(*map(datetime.fromisoformat, ("2026-12-24", "2026-12-27")))))
    session.add(DateOverride(mentor_id=grace.id, day=date(2026, 12, 23), minutes=hours("09:00-12:00")))
    session.add(ProtectedDay(mentor_id=grace.id, weekday=5))
    session.add(HolidayChoice(mentor_id=grace.id, country="NL", known_until=date(2028, 1, 1), edition="1"))
    session.flush()
    session.add(Holiday(mentor_id=grace.id, day=date(2026, 12, 25)))
    session.commit()
    going = [each for each in BELONGINGS.values() if each.at_closing is AtClosing.GOES and "mentor_id" in each.table.c]
    before = {each.table.name for each in going if rows_of(session, each, grace.id)}

    closed(client, session.get_one(User, grace.id))

    assert before >= {"working_hours", "boundaries", "time_off", "date_override", "protected_day", "holiday"}
    assert [each.table.name for each in going if rows_of(session, each, grace.id)] == []
    kept = everything_stored(session, "offering", "mentor")
    assert not [words for words in ("Design review", "six pages", "read them", "Helps engineers") if words in kept]


def rows_of(session, each, user_id) -> list[object]:
    session.rollback()
    return list(session.execute(select(each.table).where(each.whose(user_id))))


@pytest.mark.parametrize("status", ["draft", "submitted", "changes_wanted", "paused", "suspended"])
def test_a_mentor_leaves_in_whatever_state_they_are(client, session, grace, status):
    session.execute(
        text(
            "UPDATE mentor SET status = :status, reason = 'Said so', submitted_at = now(),"
            " suspended_from = CASE WHEN :status = 'suspended' THEN 'approved' END"
        ),
        {"status": status},
    )
    session.commit()
    user = session.get_one(User, grace.id)

    closed(client, user)

    assert is_closed(session, user)
    assert "Said so" not in everything_stored(session, "mentor")


def test_a_suspended_mentor_calls_off_what_is_ahead_and_leaves_and_the_log_keeps_why(client, session, ada, grace):
    """From a break; the suspension is in no row of theirs any more, and in the log by their number."""
    olga = make_user(session, "Olga Example", is_operator=True)
    booking, _ = make_sale(session, make_offering(session, grace), ada, TEN)
    pause(session, grace.id, free_again_on=date(2027, 3, 1), now=utcnow())
    suspend(session, grace.id, reason="Sold what is not for sale", actor_id=olga.id, now=utcnow())
    session.commit()
    user = session.get_one(User, grace.id)
    too_soon = closed(client, user)

    calling_off = f"/sessions/{booking.public_id}/cancel"
    client.post(calling_off, data=inputs(client.get(calling_off).text))
    answer = submit(client, PAGE, sure="y")

    assert (too_soon.status_code, AHEAD in too_soon.text, answer.status_code) == (422, True, 303)
    assert is_closed(session, user)
    session.refresh(booking)
    assert booking.status == BookingStatus.CANCELLED_BY_MENTOR
    assert "Sold what" not in everything_stored(session, "mentor")
    [entry] = session.scalars(select(AuditEntry).where(AuditEntry.what == "mentors:suspended"))
    assert (entry.actor_id, entry.about_id, entry.reason) == (olga.id, grace.id, "Sold what is not for sale")


def test_calendar_addresses_answer_no_more(app, client, session, settings, ada, clock):
    make_feed(session, ada.id, Scope.MENTEE, secret_key=settings.secret_key, now=clock.now())
    session.commit()
    feed = session.scalars(select(CalendarFeed)).one()
    address = f"/calendar/{secret_of(settings.secret_key, feed.id, feed.rotation)}.ics"
    assert client.get(address).status_code == 200

    closed(client, ada)

    assert client.get(address).status_code == 404
    run_jobs(app, settings)
    assert everything_stored(session, "calendar_feed") == ""


def test_the_other_persons_old_session_stays_and_names_nobody(app, client, session, settings, ada, grace):
    booking = make_booking(session, make_offering(session, grace), ada, TEN - 2 * WEEK)
    session.commit()
    closed(client, ada)
    run_jobs(app, settings)
    mentor = app.test_client()
    sign_in(mentor, session.get_one(User, grace.id))

    page = mentor.get(f"/sessions/{booking.public_id}")

    assert page.status_code == 200
    assert ("Former member" in page.text, "Lovelace" in page.text) == (True, False)


def test_who_has_left_meanwhile_books_nothing(client, session, settings, ada, grace, clock):
    """A press of *Pay and book* that waited for the lock of the closing."""
    offering = make_offering(session, grace)
    session.commit()
    closed(client, ada)

    with pytest.raises(NotBookable, match="closed"):
        buy(session, Order(ada, grace.id, offering.id, TEN), now=clock.now(), settings=settings)
