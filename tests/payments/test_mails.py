"""The letter that says that money comes back: why, how much, and which times are free instead."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from booking.models.bookings import Booking
from marketplace.accounts.models import User
from marketplace.core.formats import instant, local
from payments.services.buy import Order
from tests.jobs import run_jobs, sweep
from tests.mailbox import letters_kept, links, part
from tests.payments.conftest import TEN
from tests.payments.test_till import lapse_here_only, payment_of, reread


@pytest.fixture
def lost(session, till, bought, alan, hour, stripe_side):
    """Ada's time went to Alan before her money came."""
    payment = payment_of(reread(session, bought))
    lapse_here_only(session, bought)
    till().buy(Order(alan, hour.mentor_id, hour.id, TEN))
    stripe_side.pay(str(payment.stripe_session_id))
    till().look(payment.id)
    return payment


def invitation(letter):
    [calendar] = [each for each in letter.walk() if each.get_content_type() == "text/calendar"]
    return calendar.get_payload(decode=True).decode().replace("\r\n ", "")


def the_letter(app, settings):
    run_jobs(app, settings)
    [letter] = [each for each in letters_kept(settings) if "back" in each["Subject"]]
    return letter


def test_the_letter_offers_the_free_times_nearest_to_the_lost_one(app, settings, client, session, lost, ada, hour):
    letter = the_letter(app, settings)

    starts = [link for link in links(letter, settings) if "start=" in link]
    assert len(starts) == 6
    assert f"start={instant(TEN)}" not in "".join(starts).replace("%3A", ":")
    assert local(TEN + timedelta(minutes=90), ada.zone) in part(letter, "html")
    assert all("Pay and book" in client.get(link).text or "Sign in" in client.get(link).text for link in starts)


def test_each_reads_letters_and_invitations_in_their_own_language(app, settings, session, till, ada, hour, stripe_side):
    ada.locale = "de"
    grace = session.get_one(User, hour.mentor_id)
    grace.locale = "nl"
    session.commit()
    sale = till().buy(Order(ada, hour.mentor_id, hour.id, TEN))
    till().open_checkout(sale.payment.id)
    stripe_side.pay(str(payment_of(reread(session, sale)).stripe_session_id))
    till().look(sale.payment.id)

    run_jobs(app, settings)

    adas, graces = ({each["To"]: each for each in letters_kept(settings)}[user.email] for user in (ada, grace))
    assert adas["Subject"] == "Gebucht: Single session mit Grace Example, Di., 8. Dez., 10:00"
    assert "Du hast gezahlt: 80,50\xa0€" in part(adas, "plain")
    assert '<html lang="de" dir="ltr">' in part(adas, "html")
    assert graces["Subject"] == "Geboekt: Single session met Ada Example, di 8 dec, 10:00"
    assert "Je verdient €\xa070,00, zodra de sessie heeft plaatsgevonden." in part(graces, "plain")
    assert "SUMMARY:Single session met Ada Example" in invitation(graces)


def test_who_takes_no_bookings_any_more_offers_no_times(app, settings, session, lost):
    session.execute(text("UPDATE mentor SET status = 'paused'"))
    session.commit()

    letter = the_letter(app, settings)

    assert not [link for link in links(letter, settings) if "start=" in link]
    assert "Choose another time" in part(letter, "plain")


def test_the_offered_times_are_free(app, settings, session, lost, till, hour, ada):
    letter = the_letter(app, settings)
    first = TEN + timedelta(minutes=90)

    sale = till().buy(Order(ada, hour.mentor_id, hour.id, first))

    assert local(first, ada.zone) in part(letter, "plain")
    assert session.get_one(Booking, sale.booking.id).starts_at == first


def test_the_letter_waits_for_the_end_of_the_mentees_quiet_hours(app, settings, session, lost, ada, clock):
    """It is 09:00 in Stockholm, and quiet until 09:30."""
    ada.quiet_from, ada.quiet_until = 22 * 60, 9 * 60 + 30
    session.commit()
    run_jobs(app, settings)
    assert [each["Subject"] for each in letters_kept(settings) if each["To"] == ada.email] == []

    clock.advance(timedelta(minutes=31))
    sweep(app, "core:sweep_mail")

    assert "€80.50" in the_letter(app, settings)["Subject"]
