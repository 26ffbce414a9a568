"""Getting paid: to Stripe's page and back, what is missing in plain words, and what it means for what is offered."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import requests
from sqlalchemy import text

from marketplace.accounts.models import User
from marketplace.core.clock import utcnow
from marketplace.core.http import settings as settings_here
from payments.models.payouts import PayoutAccount
from tests.desk.offerings import TYPED
from tests.factories import make_mentor, make_offering
from tests.pages.reading import words
from tests.web import csrf, sign_in, submit

HERE = "/desk/getting-paid"
ROOM = "https://meet.example.org/grace"


@pytest.fixture
def grace(session, client):
    mentor = make_mentor(session, can_be_paid=False, meeting_url=ROOM)
    session.commit()
    sign_in(client, session.get_one(User, mentor.id))
    return mentor


def at_stripe(client, given):
    """Press the button, give that at Stripe's page, and come back; says where each step led to."""
    answer = client.post(HERE, data={"csrf_token": csrf(client, "/account")})
    return answer, finish(client, answer.location, given)


def finish(client, url, given):
    page = requests.get(url, allow_redirects=False, timeout=10)
    if page.status_code != 200:
        return client.get(urlsplit(page.headers["Location"]).path)
    [secret] = re.findall(r'name="visit" value="([^"]+)"', page.text)
    back = requests.post(url, data={"visit": secret, "given": given}, allow_redirects=False, timeout=10)
    return client.get(urlsplit(back.headers["Location"]).path, follow_redirects=True)


def test_who_has_not_begun_reads_why_and_finds_one_button(client, grace):
    page = client.get(HERE)

    assert "Tell Stripe who you are" in words(page)
    assert page.text.count("btn btn-go") == 1


def test_who_gives_everything_can_be_paid_at_once(client, session, grace):
    make_offering(session, grace)
    session.commit()

    answer, page = at_stripe(client, "everything")

    assert answer.status_code == 303
    assert answer.location.startswith(f"{settings_here().stripe_api_base}/setup/")
    assert "Stripe can pay you" in words(page)
    assert "Everything that you offer can be booked." in words(page)


@pytest.mark.parametrize(
    ("given", "says", "not_said"),
    [
        ("all_but_the_bank", "The bank account that the money should go to", "your date of birth"),
        ("papers_are_wanted", "A photo of an identity document", "bank account that"),
        ("papers_are_read", "Stripe is checking what you gave", "Stripe still waits for"),
        ("rejected", "Only Stripe can say why", "Stripe still waits for"),
        ("leave", "your date of birth and your address", "identity.individual"),
    ],
)
def test_what_is_missing_stands_there_in_plain_words(client, grace, given, says, not_said):
    _, page = at_stripe(client, given)

    assert says in words(page)
    assert not_said not in words(page)


def test_who_left_half_way_goes_on_with_the_same_account(client, session, grace):
    at_stripe(client, "all_but_the_bank")
    before = session.get_one(PayoutAccount, grace.id).stripe_account_id
    session.rollback()

    _, page = at_stripe(client, "everything")

    assert "Stripe can pay you" in words(page)
    assert session.get_one(PayoutAccount, grace.id).stripe_account_id == before


def test_a_link_that_was_used_leads_to_a_fresh_one_by_itself(client, grace):
    first = client.post(HERE, data={"csrf_token": csrf(client, "/account")}).location
    requests.get(first, allow_redirects=False, timeout=10)

    renewed = finish(client, first, "everything")

    assert renewed.status_code == 303
    assert renewed.location != first
    assert "Stripe can pay you" in words(finish(client, renewed.location, "everything"))


def test_a_link_that_is_too_old_leads_to_a_fresh_one_by_itself(client, grace, clock):
    first = client.post(HERE, data={"csrf_token": csrf(client, "/account")}).location
    clock.advance(timedelta(minutes=6))

    renewed = finish(client, first, "everything")

    assert "Stripe can pay you" in words(finish(client, renewed.location, "everything"))


def test_a_stripe_that_is_silent_is_said_and_nothing_is_lost(client, session, grace, stripe_side):
    stripe_side.post("/_sandbox/faults", fault="500_before", path="/v2/core/accounts")

    answer = client.post(HERE, data={"csrf_token": csrf(client, "/account")})

    assert answer.status_code == 503
    assert "Nothing is lost" in words(answer)
    _, page = at_stripe(client, "everything")
    assert "Stripe can pay you" in words(page)


def test_what_stripe_refuses_to_make_is_said_with_its_words(client, session, grace):
    session.execute(
        text(
            "INSERT INTO stripe_command (kind, business_key, idempotency_key, params, created_at, status, error)"
            " VALUES ('account', 'account-1', 'account-1', '{}', now(), 'refused', 'Connect is not enabled.')"
        )
    )
    session.execute(
        text(
            "INSERT INTO payout_account (mentor_id, command_id, created_at, looked_at)"
            " SELECT :mentor, id, now(), now() FROM stripe_command"
        ),
        {"mentor": grace.id},
    )
    session.commit()

    page = client.get(HERE)

    assert "It said: “Connect is not enabled.”" in words(page)
    _, page = at_stripe(client, "everything")
    assert "Stripe can pay you" in words(page)


def test_what_costs_something_is_kept_and_not_shown_until_then(client, session, grace):
    answer = submit(client, "/desk/offerings/new/session", **TYPED)

    assert answer.status_code == 303
    page = words(client.get("/desk/offerings"))
    assert "“Design review” is kept. Mentees see it once Stripe can pay you." in page
    assert "not shown yet" in page
    assert "Design review" not in words(client.get(f"/mentors/{grace.slug}"))
    assert "Design review" in words(client.get(HERE))


def test_it_is_shown_by_itself_once_stripe_can_pay(client, session, grace):
    submit(client, "/desk/offerings/new/session", **TYPED)

    at_stripe(client, "everything")

    assert "Design review" in words(client.get(f"/mentors/{grace.slug}"))
    assert "not shown yet" not in words(client.get("/desk/offerings"))


def test_the_list_of_what_is_missing_leads_here(client, session, grace):
    before = client.get("/desk").text
    make_offering(session, grace)
    session.commit()

    after = client.get("/desk").text

    point = "A way for Stripe to pay you"
    assert (point in before, point in after) == (False, True)
    assert f'<a href="{HERE}">A way for Stripe to pay you' in after
    assert "Until you can be booked" in after


def test_who_has_a_fit_call_can_be_booked_and_is_told_of_the_rest(client, session, grace):
    make_offering(session, grace)
    make_offering(session, grace, kind="fit_call")
    session.commit()

    page = client.get("/desk").text

    assert "You can be booked" in page
    assert "A way for Stripe to pay you" in page


def test_everybody_comes_back_to_their_own_account_only(client, session, grace):
    """The address says nothing about whose it is: who is signed in is looked at."""
    edsger = make_mentor(session, "Edsger Example")
    session.execute(text("UPDATE payout_account SET looked_at = :now"), {"now": utcnow()})
    session.commit()

    client.get(f"{HERE}/back")

    assert session.get(PayoutAccount, grace.id) is None
    assert session.get_one(PayoutAccount, edsger.id).last_fetch == 0
