"""Rule yours_only: every route × every role, generated from the URL map. A route without an entry here fails.

The table says which status each role gets; roles that do not own what the address names come first, the owner last, so
that a refused request can be seen to have changed nothing for the next one.
"""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.core.clock import utcnow
from marketplace.core.config import Settings
from marketplace.core.formats import instant
from marketplace.mentors.models import Mentor
from payments.models import Payment
from payments.services.buy import Order
from payments.services.inbox import receive
from payments.stripe_gateway import StripeGateway
from payments.till import Till
from tests.factories import make_mentor, make_offering, make_user
from tests.payments.conftest import TEN
from tests.stripe_side import StripeSide
from tests.web import csrf, sign_in

ROLES = ("visitor", "other mentee", "other mentor", "operator", "mentor", "mentee")

ANYBODY = (200,) * 6
SIGNED_IN = (302, 200, 200, 200, 200, 200)
NOT_FOUND = (404,) * 6
BOTH_PEOPLE = (302, 404, 404, 404, 200, 200)
THE_MENTEE = (302, 404, 404, 404, 404, 200)
MENTORS = (302, 404, 200, 404, 200, 404)
OPERATOR = (302, 404, 404, 200, 404, 404)

EXPECTED: dict[tuple[str, str], tuple[int, ...]] = {
    ("pages.home", "GET"): ANYBODY,
    ("pages.mentor", "GET"): ANYBODY,
    ("pages.robots", "GET"): ANYBODY,
    ("pages.session", "GET"): BOTH_PEOPLE,
    ("pages.sessions", "GET"): SIGNED_IN,
    ("pages.week", "GET"): MENTORS,
    ("operator.bookings", "GET"): OPERATOR,
    ("operator.events", "GET"): OPERATOR,
    ("operator.event", "GET"): OPERATOR,
    ("operator.replay_event", "POST"): (302, 404, 404, 303, 404, 404),
    ("operator.park_event", "POST"): (302, 404, 404, 303, 404, 404),
    ("accounts.account", "GET"): SIGNED_IN,
    ("accounts.account", "POST"): (302, 303, 303, 303, 303, 303),  # their own account, whatever is sent
    ("accounts.check_mail", "GET"): ANYBODY,
    ("accounts.resend", "POST"): (422,) * 6,  # an empty form
    ("accounts.sign_in", "GET"): (200, 303, 303, 303, 303, 303),
    ("accounts.sign_in", "POST"): (422,) * 6,
    ("accounts.sign_out", "POST"): (303,) * 6,
    ("accounts.sign_up", "GET"): (200, 303, 303, 303, 303, 303),
    ("accounts.sign_up", "POST"): (422,) * 6,
    ("accounts.verify_page", "GET"): (410,) * 6,  # a forged link
    ("accounts.verify", "POST"): (410,) * 6,
    ("accounts.zone", "POST"): (422,) * 6,  # no zone
    ("calendar.index", "GET"): SIGNED_IN,
    ("calendar.feed", "GET"): NOT_FOUND,  # a wrong secret
    ("calendar.make", "POST"): (302, 404, 303, 404, 303, 404),  # the mentor's calendar
    ("calendar.options", "POST"): (302, 404, 404, 404, 404, 404),  # nobody has made one
    ("calendar.rotate", "POST"): (302, 404, 404, 404, 404, 404),
    ("calendar.session_ics", "GET"): BOTH_PEOPLE,
    ("payments.hold", "POST"): (302, 409, 409, 409, 422, 303),  # the time is Ada's; Grace cannot book herself
    ("payments.go_on", "GET"): (302, 404, 404, 404, 404, 303),
    ("payments.returned", "GET"): THE_MENTEE,
    ("payments.cancelled", "GET"): THE_MENTEE,
    ("payments.give_back", "POST"): (302, 404, 404, 404, 404, 303),
    ("payments.extend", "POST"): (302, 404, 404, 404, 404, 303),
    ("webhooks.stripe_event", "POST"): (400,) * 6,  # unsigned
    ("health.alive", "GET"): ANYBODY,
    ("health.ready", "GET"): ANYBODY,
    ("bootstrap.static", "GET"): ANYBODY,
    ("static", "GET"): ANYBODY,
}


class Scene:
    """Ada has a confirmed session with Grace, and holds another time that she has not paid for."""

    def __init__(self, app: Flask, session: Session, settings: Settings, stripe_side: StripeSide) -> None:
        self.app = app
        grace, edsger = make_mentor(session), make_mentor(session, "Edsger Example", zone="Africa/Nairobi")
        self.people = {
            "mentee": make_user(session, "Ada Example"),
            "other mentee": make_user(session, "Alan Example"),
            "mentor": session.get_one(User, grace.id),
            "other mentor": session.get_one(User, edsger.id),
            "operator": make_user(session, "Olga Example", is_operator=True),
        }
        self.mentor: Mentor = grace
        self.offering = make_offering(session, grace)
        session.commit()
        till = Till(session, StripeGateway(settings), settings, utcnow())
        first = till.buy(Order(self.people["mentee"], grace.id, self.offering.id, TEN))
        assert first.payment is not None
        till.open_checkout(first.payment.id)
        stripe_side.pay(str(session.scalar(select(Payment.stripe_session_id))))
        till.look(first.payment.id)
        self.confirmed = first.booking
        self.event_id = "evt_of_nobody"
        receive(
            session,
            event_id=self.event_id,
            event_type="refund.updated",
            object_id="re_of_nobody",
            api_version=None,
            livemode=False,
            created_at=TEN,
            body={},
            now=TEN,
        )
        self.held = till.buy(Order(self.people["mentee"], grace.id, self.offering.id, TEN + timedelta(days=1)))
        session.commit()

    def values(self, endpoint: str) -> dict[str, str]:
        return {
            "pages.mentor": {"slug": self.mentor.slug},
            "pages.session": {"public_id": self.confirmed.public_id},
            "calendar.session_ics": {"public_id": self.confirmed.public_id},
            "calendar.feed": {"secret": "a" * 32},
            "calendar.make": {"scope": "mentor"},
            "calendar.options": {"scope": "mentor"},
            "calendar.rotate": {"scope": "mentor"},
            "operator.event": {"event_id": self.event_id},
            "operator.replay_event": {"event_id": self.event_id},
            "operator.park_event": {"event_id": self.event_id},
            "accounts.verify": {"token": "forged"},
            "accounts.verify_page": {"token": "forged"},
            "payments.hold": {"slug": self.mentor.slug},
            "bootstrap.static": {"filename": "css/bootstrap.min.css"},
            "static": {"filename": "officehours.css"},
        }.get(endpoint, {"purchase_id": self.held.purchase.public_id} if endpoint.startswith("payments.") else {})

    def form(self, endpoint: str) -> dict[str, str]:
        start = instant(self.held.booking.starts_at)
        return {"offering": str(self.offering.id), "start": start} if endpoint == "payments.hold" else {}

    def client(self, role: str) -> FlaskClient:
        client = self.app.test_client()
        if role != "visitor":
            sign_in(client, self.people[role])
        return client

    def ask(self, role: str, endpoint: str, method: str, *, token: bool = True) -> int:
        client = self.client(role)
        with self.app.test_request_context():
            path = self.app.url_for(endpoint, **self.values(endpoint))  # type: ignore[arg-type]
        if method == "GET":
            with client.get(path) as answer:
                return answer.status_code
        fields = self.form(endpoint)
        if token:
            fields["csrf_token"] = csrf(client, "/sign-in" if role == "visitor" else "/account")
        return client.post(path, data=fields).status_code


@pytest.fixture
def scene(app: Flask, session: Session, settings: Settings, stripe_side: StripeSide) -> Scene:
    return Scene(app, session, settings, stripe_side)


def routes(app: Flask) -> Iterator[tuple[str, str]]:
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule.endpoint, method


def test_every_route_has_an_entry_and_every_entry_a_route(app: Flask) -> None:
    assert set(routes(app)) == set(EXPECTED)


@pytest.mark.parametrize(("endpoint", "method"), EXPECTED)
def test_each_role_gets_what_is_its_own(scene: Scene, endpoint: str, method: str) -> None:
    found = {role: scene.ask(role, endpoint, method) for role in ROLES}

    assert found == dict(zip(ROLES, EXPECTED[endpoint, method], strict=True))


@pytest.mark.parametrize("endpoint", [endpoint for endpoint, method in EXPECTED if method == "POST"])
def test_every_post_but_the_webhook_needs_the_token_against_forgery(
    app: Flask, session: Session, scene: Scene, endpoint: str
) -> None:
    before = session.scalars(select(User.zone)).all()
    session.commit()

    answers = {role: scene.ask(role, endpoint, "POST", token=False) for role in ("visitor", "mentee")}

    assert set(answers.values()) == {400}
    assert session.scalars(select(User.zone)).all() == before


def test_the_demos_routes_exist_in_the_demo_alone(app: Flask, settings: Settings) -> None:
    assert not any(re.match(r"demo\b", endpoint) for endpoint, _ in routes(app))
