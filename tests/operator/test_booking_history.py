"""A session with all that is known of it, on one line of time."""

from datetime import timedelta

import pytest

from booking.domain.outcomes import Said, Side
from booking.domain.states import Canceller
from marketplace.core.money import Money
from marketplace.operator.history.line import STRANDS, Strand
from payments.services.cancel import Wish
from payments.services.give_back import Giving
from payments.stripe_api.gateway import StripeGateway
from payments.taking_back import TakingBack
from tests.jobs import run_jobs
from tests.pages.reading import words
from tests.payments.conftest import TEN, ada, alan, bought, hour, sold, till
from tests.payments.disputes import bank
from tests.payments.test_outcomes import come_to_an_end, says
from tests.payments.test_transfers import pay_out
from tests.queries import count_queries

__all__ = ["ada", "alan", "bank", "bought", "hour", "sold", "till"]

END = TEN + timedelta(hours=1)


def url_of(sold):
    return f"/operator/bookings/{sold.booking.public_id}"


def in_order(page, *parts):
    at = 0
    for part in parts:
        found = page.find(part, at)
        assert found >= 0, f"{part} not found after {page[at : at + 80]}"
        at = found


def test_a_sold_session_tells_how_it_came_to_be(client, app, settings, sold, olga, stripe_side):
    [event] = stripe_side.events("checkout.session.completed")
    stripe_side.send(client, event)
    run_jobs(app, settings)

    answer = client.get(url_of(sold))

    page = words(answer)
    assert f'<a href="/operator/events/{event["id"]}">' in answer.text
    in_order(
        page,
        "is held for Ada Example",
        "A payment of €80.50 is asked for.",
        "Stripe is to be asked: checkout. So far: done.",
    )
    in_order(page, "€80.50 is paid.", "Booked: payment_received", "stripe_clearing €80.50")
    assert "Letter to Ada Example: confirmation with the invitation." in page
    assert "The session is confirmed." in page
    in_order(page, "Stripe has told: checkout.session.completed. So far: done.", event["id"])


def test_a_cancelled_one_tells_who_what_went_back_and_what_it_was_booked_as(
    client, app, settings, till, sold, olga, session
):
    till().cancel(sold.booking.id, Wish(Canceller.OPERATOR, olga.id, "The mentor is ill.", 8050))
    run_jobs(app, settings)

    page = words(client.get(url_of(sold)))

    in_order(
        page, "Olga Example cancels the session. The mentor is ill.", "€80.50 is to go back: the session was cancelled."
    )
    in_order(page, "Booked: refund_owed", "Booked: refund_sent", "Booked: refund_succeeded")
    assert "Stripe is sending €80.50 back; it is now: succeeded." in page
    assert "Olga Example: session cancelled. The mentor is ill." in page


def test_what_the_two_write_to_each_other_stands_nowhere(client, till, sold, olga, ada, session):
    sold.booking.agenda = "My private agenda"
    session.commit()
    till().cancel(sold.booking.id, Wish(Canceller.MENTEE, ada.id, "My private reason", 8050))

    page = words(client.get(url_of(sold)))

    assert "Ada Example cancels the session." in page
    assert "private" not in page


def test_what_each_side_says_and_what_it_came_to_is_told(client, till, sold, olga, clock, app, settings):
    clock.set(END)
    says(till, sold, Side.MENTEE, Said.WAS_MISSING)
    says(till, sold, Side.MENTOR, Said.OTHER_MISSING)
    run_jobs(app, settings)
    pay_out(app, settings, clock)

    page = words(client.get(url_of(sold)))

    in_order(
        page,
        "Ada Example says that they did not come themselves.",
        "Grace Example says that Ada Example did not come.",
        "It is final: the mentee did not come.",
    )
    assert "Booked: session_kept" in page
    in_order(page, "€70.00 is to go to Grace Example.", "€70.00 has gone to Grace Example.", "Booked: transfer_sent")


def test_a_dispute_tells_how_it_stands_and_how_it_ended(client, app, settings, sold, olga, bank):
    bank.opens(reason="product_not_received")
    during = words(client.get(url_of(sold)))
    bank.decides("lost")
    run_jobs(app, settings)

    after = words(client.get(url_of(sold)))

    said = "A bank disputes €80.50: what was paid for did not come. It is now: {}."
    assert said.format("to be answered") in during
    in_order(after, said.format("lost: the mentee has the money"), "The dispute is decided: lost")
    assert "Letter to Grace Example: a bank disputes the payment." in after


def test_what_comes_back_from_the_mentor_is_told(client, app, settings, sold, clock, olga, session):
    come_to_an_end(app, settings, clock)
    pay_out(app, settings, clock)
    taking = TakingBack(session, StripeGateway(settings), clock.now())
    taking.give_back(sold.booking.id, Giving(Money(8050, "EUR"), 8050, olga.id, "The link did not work."))
    run_jobs(app, settings)

    page = words(client.get(url_of(sold)))

    in_order(
        page,
        "€80.50 is to go back: an operator gives it back.",
        "Grace Example earns €70.00 less.",
        "€70.00 is to come back from Grace Example.",
    )
    assert "Booked: refund_owed" in page


@pytest.mark.parametrize("strand", list(Strand))
def test_one_strand_can_be_read_alone(client, app, settings, sold, olga, strand):
    run_jobs(app, settings)

    page = client.get(f"{url_of(sold)}?only={strand}").text

    others = [f'class="strand-{each}"' for each in STRANDS if each != strand]
    assert not any(each in page for each in others)
    assert (f'class="strand-{strand}"' in page) == (strand is not Strand.DESK)


def test_an_unknown_strand_is_all_and_an_unknown_session_is_not_there(client, sold, olga):
    assert 'class="strand-money"' in client.get(f"{url_of(sold)}?only=nonsense").text
    assert client.get("/operator/bookings/nothing").status_code == 404


def test_the_list_leads_to_it(client, sold, olga):
    assert f'href="{url_of(sold)}"' in client.get("/operator/bookings").text


def test_it_takes_as_many_queries_however_much_has_happened(client, app, settings, till, sold, olga, session):
    first = queries_of(client, sold)
    till().cancel(sold.booking.id, Wish(Canceller.OPERATOR, olga.id, "The mentor is ill.", 8050))
    run_jobs(app, settings)

    assert len(queries_of(client, sold)) == len(first) <= 27


def queries_of(client, sold):
    with count_queries() as queries:
        client.get(url_of(sold))
    return queries
