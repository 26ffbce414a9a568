"""A pair that books nothing more is asked, asked again with the money offered, and then left alone."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from booking.services.move import NewTime
from marketplace.core.clock import utcnow
from marketplace.core.mail import MailRow
from marketplace.mentorships.domain.papers import Agreement, Kind
from marketplace.mentorships.domain.states import Standing
from marketplace.mentorships.models.pairs import Mentorship
from marketplace.mentorships.models.papers import Paper
from marketplace.mentorships.services.papers import Writer, agree, write
from marketplace.mentorships.services.standing import decide, rest
from payments.domain.programmes import ask_at
from payments.models.programmes import Programme
from tests.factories import make_mentor, make_programme
from tests.jobs import run_jobs, sweep
from tests.mailbox import letters_kept, part
from tests.payments.conftest import TEN
from tests.payments.programmes import WEEK, book_next, buy_programme

ENDS = TEN + timedelta(hours=1)
CADENCE = timedelta(days=14)
ASKED = "payments:programme_asked"


@pytest.fixture
def sale(session, till, ada, stripe_side):
    offering = make_programme(session, make_mentor(session))
    session.commit()
    return buy_programme(session, till(), ada, offering, stripe_side.pay)


def at(app, settings, clock, instant):
    clock.set(instant)
    for _ in range(2):
        sweep(app, "payments:programmes")
        run_jobs(app, settings)


def told(session):
    session.rollback()
    return sorted(session.scalars(select(MailRow.user_id).where(MailRow.fact == ASKED)))


def test_twice_the_cadence_after_the_last_session_both_are_asked(app, settings, session, sale, clock):
    at(app, settings, clock, ENDS + 2 * CADENCE - timedelta(minutes=30))
    before = told(session)
    at(app, settings, clock, ENDS + 2 * CADENCE)

    assert before == []
    assert told(session) == sorted([sale.purchase.mentee_id, sale.purchase.mentor_id])


def test_after_as_long_again_once_more_and_then_never(app, settings, session, sale, clock):
    for times in range(1, 6):
        at(app, settings, clock, ENDS + 2 * times * CADENCE)

    assert len(told(session)) == 4
    assert session.scalars(select(Programme.ended_at)).all() == [None]


def test_who_books_is_not_asked_and_is_asked_anew_later(app, settings, session, till, sale, clock):
    clock.set(ENDS + 2 * CADENCE - timedelta(days=3))
    later = book_next(till(), sale.purchase.id, TEN + 4 * WEEK, 2)

    at(app, settings, clock, ENDS + 2 * CADENCE)
    meanwhile = told(session)
    at(app, settings, clock, later.ends_at + 2 * CADENCE)

    assert (meanwhile, len(told(session))) == ([], 2)


def test_a_session_that_was_moved_on_puts_it_off(app, settings, session, till, sale, clock):
    till().move(sale.booking.id, NewTime(TEN + 2 * WEEK, sale.booking.mentee_id, "", sale.booking.sequence))

    at(app, settings, clock, ENDS + 2 * CADENCE)

    assert told(session) == []


def test_a_pair_that_rests_is_not_asked_and_is_asked_later_when_it_has_gone_on(app, settings, session, sale, clock):
    pair, ada = session.scalars(select(Mentorship)).one(), sale.purchase.mentee_id
    clock.set(ENDS + timedelta(minutes=30))
    write(session, Writer(pair, ada, utcnow()), Kind.AGREEMENT, Agreement("Weekly"), base=0)
    agree(session, Writer(pair, pair.mentor_id, utcnow()), session.scalars(select(Paper.id)).one(), number=1)
    rest(session, pair.public_id, None, by_id=ada, now=utcnow())
    session.commit()
    for times in range(2, 6):
        at(app, settings, clock, ENDS + times * CADENCE)
    during = told(session)

    decide(session, pair.public_id, Standing.OPEN, by_id=ada, now=utcnow())
    session.commit()
    at(app, settings, clock, ENDS + 8 * CADENCE)

    assert during == []
    assert len(told(session)) == 2


def test_once_all_are_booked_nobody_is_asked(app, settings, session, till, sale, clock):
    for number in range(2, 7):
        book_next(till(), sale.purchase.id, TEN + (number - 1) * WEEK, number)

    at(app, settings, clock, ENDS + 40 * CADENCE)

    assert told(session) == []


def test_the_second_letter_offers_the_money_and_the_first_does_not(app, settings, session, ada, sale, clock):
    for times in (1, 2):
        at(app, settings, clock, ENDS + 2 * times * CADENCE)
        sweep(app, "core:sweep_mail")
        run_jobs(app, settings)
    first, second = (
        " ".join(part(each, "plain").split())
        for each in letters_kept(settings)
        if each["To"] == ada.email and "How does it go on?" in each["Subject"]
    )

    assert "5 sessions of your programme with Grace Example are still to be booked" in first
    assert "Or end it" not in first
    assert "Or end it: €452.80 goes back to you with one press" in second


def test_the_rule_is_twice_the_cadence_and_again_after_as_long():
    assert [ask_at(ENDS, CADENCE, asked) for asked in range(3)] == [ENDS + 2 * CADENCE, ENDS + 4 * CADENCE, None]
