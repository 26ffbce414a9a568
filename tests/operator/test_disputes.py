"""The operator's queue of disputes, what would go to the bank, and how it goes out: once, and as it was read."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.accounts.fresh import FRESH_FOR
from marketplace.core import mail
from marketplace.core.audit import AuditEntry
from marketplace.core.clock import utcnow
from marketplace.core.mail import MailRow
from payments.disputing import Disputing
from payments.evidence import evidence_of
from payments.models.disputes import Dispute, DisputeAttachment
from payments.models.sales import StripeCommand
from payments.stripe_api.gateway import StripeGateway
from tests.jobs import run_jobs, sweep
from tests.mailbox import letters_kept, part
from tests.pages.reading import words
from tests.payments.conftest import ada, alan, bought, hour, sold, till
from tests.web import inputs, sign_in

__all__ = ["ada", "alan", "bought", "hour", "sold", "till"]

OWN = "The two met for an hour, as booked."


@pytest.fixture
def disputed(app, settings, session, sold, stripe_side):
    """The letters have gone out, and then the bank wants the money back."""
    run_jobs(app, settings)
    intent = sold.payment.stripe_payment_intent_id
    made = stripe_side.post(f"/_sandbox/payments/{intent}/dispute", reason="product_not_received")["dispute"]["id"]
    assert Disputing(session, StripeGateway(settings), utcnow()).look(made)
    return made


@pytest.fixture
def url(disputed):
    return f"/operator/disputes/{disputed}"


def press(client, url, where, own=OWN):
    """The form of the page, and then the one of the preview if that is meant."""
    form = inputs(client.get(url).text)
    preview = client.post(f"{url}/preview", data={**form, "words": own})
    if where == "preview":
        return preview
    return client.post(f"{url}/send", data=inputs(preview.text))


def at_stripe(stripe_side, dispute):
    found = stripe_side.get(f"/v1/disputes/{dispute}")
    return found["status"], found["evidence"]["uncategorized_text"]


def agenda(session, sold, text):
    session.get(type(sold.booking), sold.booking.id).agenda = text
    session.commit()


def test_what_waits_stands_on_the_overview_and_in_the_queue_with_its_date(client, olga, url):
    assert "1 dispute to be answered" in words(client.get("/operator"))

    queue = words(client.get("/operator/disputes"))

    assert "€80.50 Single session Ada Example with Grace Example: to be answered, answer by" in queue
    assert "Nobody disputes a payment" in words(client.get("/operator/disputes?state=decided"))


def test_the_page_has_the_facts_what_was_agreed_to_the_sums_and_the_letters(client, olga, url):
    page = words(client.get(url))

    for found in (
        "what was paid for did not come",
        "Nothing has been sent yet",
        "A session of mentoring between two people, held online: “Single session”, 60 minutes, with Grace Example",
        "Price €70.00, fee €10.50, paid €80.50.",
        "made an account with the address",
        "paid €80.50 at Stripe Checkout",
        "The policy “standard” was shown as dates",
        "all back until 2026-12-07 09:00 UTC",
        "Nothing was refunded: by the policy that was agreed to, nothing was due.",
        "Booked: Single session with Grace Example",
        "€80.50 taken, €0.00 given back, fee €20.00",
    ):
        assert found in page, found
    assert "was due to begin" not in page, "it is ahead"


def test_it_goes_out_once_after_it_was_read_and_says_what_was_read(
    app, settings, client, session, olga, url, disputed, stripe_side
):
    preview = press(client, url, "preview")
    answer = press(client, url, "send")
    run_jobs(app, settings)
    again = press(client, url, "send")

    status, text = at_stripe(stripe_side, disputed)
    assert "Exactly this goes to the bank" in words(preview)
    assert (answer.status_code, answer.location, again.status_code) == (303, url, 409)
    assert (status, text.startswith(OWN), "Booked: Single session" in text) == ("under_review", True, True)
    [entry] = session.scalars(select(AuditEntry).where(AuditEntry.what == "payments:evidence_sent")).all()
    assert (entry.actor_id, entry.detail["dispute"]) == (olga.id, disputed)
    assert "Olga Example has sent it." in words(client.get(url))
    assert session.scalars(select(Dispute.status)).all() == ["under_review"]


def test_what_has_changed_since_it_was_read_is_read_once_more(client, session, olga, url, sold, disputed, stripe_side):
    preview = inputs(press(client, url, "preview").text)
    agenda(session, sold, "Talk about Rust")
    session.add(
        DisputeAttachment(
            dispute_id=session.scalars(select(Dispute.id)).one(),
            source=f"agenda-{sold.booking.id}",
            kind="agenda",
            booking_id=sold.booking.id,
            person_id=sold.purchase.mentee_id,
            words="Talk about Rust",
            attached_at=utcnow(),
        )
    )
    session.commit()

    answer = client.post(f"{url}/send", data=preview)

    assert (answer.status_code, "The facts have changed since you read them" in words(answer)) == (409, True)
    assert "Talk about Rust" in words(answer)
    assert session.scalars(select(StripeCommand).where(StripeCommand.kind == "evidence")).all() == []


def test_two_who_press_at_once_send_one_answer(client, session, olga, url, disputed):
    first = inputs(press(client, url, "preview").text)
    second = inputs(press(client, url, "preview", "Something else.").text)

    answers = [client.post(f"{url}/send", data=each).status_code for each in (first, second)]

    assert answers == [303, 409]
    assert len(session.scalars(select(StripeCommand).where(StripeCommand.kind == "evidence")).all()) == 1


@pytest.mark.parametrize("fault", ["cut_after_commit", "500_after_commit", "500_before", "lock_timeout"])
def test_an_answer_that_is_lost_is_sent_again_and_counts_once(
    app, settings, client, session, olga, url, disputed, stripe_side, clock, fault
):
    press(client, url, "send")
    stripe_side.post("/_sandbox/faults", fault=fault, path="/v1/disputes")
    run_jobs(app, settings, failing=True)
    clock.advance(timedelta(minutes=2))
    sweep(app, "payments:sweep")
    run_jobs(app, settings, failing=True)

    found = stripe_side.get(f"/v1/disputes/{disputed}")
    assert (found["status"], found["evidence_details"]["submission_count"]) == ("under_review", 1)
    assert session.scalars(select(Dispute.status)).all() == ["under_review"]
    [command] = session.scalars(select(StripeCommand.status).where(StripeCommand.kind == "evidence")).all()
    assert command == "done"


def test_after_its_day_it_cannot_be_answered(app, olga, url, clock):
    clock.advance(timedelta(days=15))
    late = app.test_client()
    sign_in(late, olga)

    page = late.get(url)

    assert "It cannot be answered any more" in words(page)
    assert "preview" not in page.text


def test_whoever_has_not_given_the_password_lately_is_asked_for_it(client, olga, url, clock):
    clock.advance(FRESH_FOR)

    answer = client.get(url)

    assert (answer.status_code, "confirm" in answer.location) == (303, True)


def test_an_agenda_is_shown_to_the_bank_only_if_one_of_the_two_lets_us(
    app, client, settings, session, sold, ada, disputed
):
    agenda(session, sold, "How to lead without shouting")
    dispute = session.scalars(select(Dispute)).one()
    before = evidence_of(session, dispute, "", settings)["uncategorized_text"]
    session.commit()
    sign_in(client, ada)
    page = f"/sessions/{sold.booking.public_id}"
    read = client.get(page)

    answer = client.post(f"{page}/attach-agenda", data=inputs(read.text))

    again = client.post(f"{page}/attach-agenda", data=inputs(read.text))
    after = evidence_of(session, dispute, "", settings)["uncategorized_text"]
    assert "Let the bank read the agenda" in words(read)
    assert (answer.status_code, again.status_code) == (303, 409)
    assert ("shouting" in before, "attached by Ada Example" in after, "shouting" in after) == (False, True, True)
    session.commit()
    grace = app.test_client()
    sign_in(grace, session.get(type(ada), sold.purchase.mentor_id))
    assert "Ada Example has let us show this agenda to the bank" in words(grace.get(page))
    assert session.scalars(select(AuditEntry.what).order_by(AuditEntry.id)).all()[-1] == "payments:agenda_attached"
    session.rollback()
    run_jobs(app, settings)
    [letter] = [part(each, "plain") for each in letters_kept(settings) if "#dispute-title" in part(each, "plain")]
    assert ("of this session: the agenda." in " ".join(letter.split()), "shouting" in letter) == (True, False)


def test_both_people_read_on_the_page_of_the_session_what_the_bank_does(app, client, session, sold, ada, disputed):
    page = f"/sessions/{sold.booking.public_id}"
    sign_in(client, ada)
    mentee = words(client.get(page))
    grace = app.test_client()
    sign_in(grace, session.get(type(ada), sold.purchase.mentor_id))

    mentor = words(grace.get(page))

    assert "Your bank has taken back your payment of €80.50" in mentee
    assert "The bank of the card that paid for this session has taken the payment of €80.50 back" in mentor


def test_the_words_of_letters_are_kept_for_as_long_as_a_bank_may_ask_and_no_longer(session, sold, disputed, clock):
    def kept():
        session.expire_all()
        found = session.scalars(select(MailRow.fact).where(MailRow.text.is_not(None))).all()
        session.rollback()
        return set(found)

    before = kept()
    mail.forget_old_words(session, utcnow() + mail.KEPT_FOR - timedelta(days=1))
    still = kept()
    mail.forget_old_words(session, utcnow() + mail.KEPT_FOR + timedelta(days=1))
    session.commit()

    assert (before, still, kept()) == ({"booking:booked"}, {"booking:booked"}, set())
