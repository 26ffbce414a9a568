"""Once something is done at the desk, a button says what comes next until somebody can be booked."""

import pytest

from marketplace.accounts.models import User
from marketplace.mentors.models import Mentor
from tests.factories import make_mentor, make_offering
from tests.pages.reading import words
from tests.web import sign_in

OFFERINGS, HOURS, PAID = "/desk/offerings", "/desk/hours", "/desk/getting-paid"


def mentor(client, session, *, offers=True, **given) -> Mentor:
    made = make_mentor(session, **{"meeting_url": "https://meet.example.org/grace", **given})
    if offers:
        make_offering(session, made)
    session.commit()
    sign_in(client, session.get_one(User, made.id))
    return made


@pytest.mark.parametrize(
    ("given", "page", "step"),
    [
        pytest.param({"weekly": {}}, OFFERINGS, ("/desk/hours", "Working hours"), id="hours after an offering"),
        pytest.param({"offers": False}, HOURS, ("/desk/offerings", "Something to book"), id="an offering after hours"),
        pytest.param({"can_be_paid": False}, HOURS, (PAID, "A way for Stripe to pay you"), id="being paid after hours"),
        pytest.param({"weekly": {}}, PAID, (HOURS, "Working hours"), id="hours after being paid"),
        pytest.param({"story": ""}, HOURS, ("/desk/profile/story", "Your story"), id="a part of the profile"),
        pytest.param({}, HOURS, ("/desk", "Send it in"), id="the end"),
    ],
)
def test_the_first_that_is_missing_comes_next(client, session, given, page, step):
    mentor(client, session, status="draft", **given)
    url, name = step

    answer = client.get(page)

    assert f"Go on: {name}" in words(answer)
    assert f'class="btn btn-go" href="{url}"' in answer.text


@pytest.mark.parametrize(
    ("given", "page"),
    [
        pytest.param({"status": "draft", "weekly": {}}, HOURS, id="the hours themselves are missing"),
        pytest.param({"status": "draft", "offers": False}, OFFERINGS, id="so is the offering"),
        pytest.param({"status": "submitted"}, HOURS, id="only the operator can go on"),
        pytest.param({"status": "approved"}, HOURS, id="nothing is missing"),
        pytest.param({"status": "paused"}, HOURS, id="on a break"),
    ],
)
def test_nobody_is_sent_on_who_has_nothing_to_do_elsewhere(client, session, given, page):
    mentor(client, session, **given)

    assert "Go on:" not in words(client.get(page))


def test_an_approved_mentor_without_hours_is_sent_there(client, session):
    mentor(client, session, status="approved", weekly={})

    assert "Go on: Working hours" in words(client.get(OFFERINGS))
