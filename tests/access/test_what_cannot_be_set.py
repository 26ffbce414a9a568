"""No form sets what its page does not show, and who is shut out changes nothing, whatever they send."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Table, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from booking.models.bookings import Booking, BoundaryRow, DateOverride, WorkingHours
from booking.models.days import TimeOff
from marketplace.accounts.models import User
from marketplace.accounts.services.close import close
from marketplace.core.clock import utcnow
from marketplace.core.db import Base
from marketplace.mentors.models import Mentor
from marketplace.mentors.services.moves import suspend
from marketplace.offerings.models import Offering
from payments.models.sales import Payment, Purchase
from tests.access.expected import EXPECTED, ROLES
from tests.access.forms_of_pages import PageForm, forms_at
from tests.access.scene import Scene, scene
from tests.web import csrf

__all__ = ["scene"]

TABLES: list[type[Base]] = [User, Mentor, Offering, Booking, Purchase, Payment]
PROTECTED = {
    User: ("id", "is_operator", "email", "password_hash", "verified_at", "suspended_at", "closed_at"),
    Mentor: ("id", "approved_at", "seen_revision"),
    Offering: ("id", "mentor_id"),
    Booking: ("id", "mentor_id", "mentee_id", "starts_at", "ends_at", "zone", "local_start"),
    Purchase: ("id", "mentee_id", "mentor_id", "currency"),
    Payment: ("id", "purchase_id", "amount_minor", "currency"),
}
"""What no form of a mentee or mentor may change in a row that there is."""
LEAVES = ("/sign-out", "/account/close")
"""Signing out ends the walk, and closing an account is meant to change it."""
PAGES = [
    (role, endpoint)
    for endpoint, method in EXPECTED
    if method == "GET" and not endpoint.endswith("static")
    for role in ("mentee", "mentor")
    if EXPECTED[endpoint, method][ROLES.index(role)] == 200
]


@pytest.mark.parametrize(("role", "endpoint"), [pytest.param(*each, id="-".join(each)) for each in PAGES])
def test_no_form_sets_what_it_does_not_show(scene: Scene, session: Session, role: str, endpoint: str) -> None:
    client, path = scene.client(role), scene.path(endpoint)
    before = protected(session)

    for form in posting(client, path):
        client.post(form.action or path, data=MultiDict([*form.sent(), *form.buttons()[:1], *guessed(form)]))

    after = protected(session)
    assert {key: after[key] for key in before} == before


def test_what_is_guessed_would_be_noticed(scene: Scene, session: Session) -> None:
    """The control: the same comparison sees a single change."""
    before = protected(session)
    scene.people["mentee"].is_operator = True
    session.commit()

    assert protected(session) != before


def test_a_closed_account_is_a_visitor_on_every_page(scene: Scene, session: Session) -> None:
    client, token = signed_in_until_now(scene, "other mentee")
    close(session, scene.people["other mentee"].id, now=utcnow())
    session.commit()

    found = {each: status(client, scene, *each, token) for each in walked()}

    assert found == {each: EXPECTED[each][ROLES.index("visitor")] for each in walked()}


def test_a_suspended_account_is_a_visitor_on_every_page(scene: Scene, session: Session) -> None:
    client, token = signed_in_until_now(scene, "mentee")
    scene.people["mentee"].suspended_at = utcnow()
    session.commit()

    found = {each: status(client, scene, *each, token) for each in walked()}

    assert found == {each: EXPECTED[each][ROLES.index("visitor")] for each in walked()}


def test_a_suspended_mentor_reads_everything_and_changes_nothing_that_is_for_sale(
    scene: Scene, session: Session
) -> None:
    client, token = signed_in_until_now(scene, "mentor")
    suspend(session, scene.mentor.id, reason="We look.", actor_id=scene.people["operator"].id, now=utcnow())
    session.commit()
    before = what_is_for_sale(session)
    mentors = [each for each in walked() if each[0].startswith(("desk.", "hours.", "offerings."))]

    found = {each: status(client, scene, *each, token) for each in mentors}

    read = {each: code for each, code in found.items() if each[1] == "GET"}
    assert read == {each: EXPECTED[each][ROLES.index("mentor")] for each in read}
    assert {each: code for each, code in found.items() if code >= 500} == {}
    assert what_is_for_sale(session) == before


def posting(client: FlaskClient, path: str) -> Iterator[PageForm]:
    """One after the other, each with the tokens of the page as it is then."""
    count = len(forms_at(client, path))
    for number in range(count):
        form = dict(enumerate(forms_at(client, path))).get(number)
        if form is not None and form.method == "post" and not form.action.startswith(LEAVES):
            yield form


def guessed(form: PageForm) -> list[tuple[str, str]]:
    """Every column that there is, but for what the form asks for."""
    shown = {each.name for each in form.fields}
    columns = {column.name for model in TABLES for column in table_of(model).columns} - shown
    values = {"email": "eve@example.org", "is_operator": "y", "currency": "USD", "verified_at": "2026-01-01T00:00"}
    return [(name, values.get(name, "1")) for name in sorted(columns)]


def protected(session: Session) -> dict[tuple[str, int], tuple[object, ...]]:
    session.rollback()
    return {
        (model.__name__, row[0]): tuple(row)
        for model, names in PROTECTED.items()
        for row in session.execute(select(*(getattr(model, name) for name in names)))
    }


def what_is_for_sale(session: Session) -> list[tuple[object, ...]]:
    session.rollback()
    return [
        tuple(row)
        for model in (Offering, WorkingHours, BoundaryRow, DateOverride, TimeOff)
        for row in session.execute(select(table_of(model)).order_by(*table_of(model).primary_key))
    ]


def table_of(model: type[Base]) -> Table:
    assert isinstance(model.__table__, Table)
    return model.__table__


def signed_in_until_now(scene: Scene, role: str) -> tuple[FlaskClient, str]:
    client = scene.client(role)
    return client, csrf(client, "/account")


def walked() -> list[tuple[str, str]]:
    """Every route but the static files, and those that would sign out."""
    return [each for each in EXPECTED if not each[0].endswith(("static", "sign_out"))]


def status(client: FlaskClient, scene: Scene, endpoint: str, method: str, token: str) -> int:
    path = scene.path(endpoint)
    if method == "GET":
        with client.get(path) as answer:
            return answer.status_code
    return client.post(path, data={**scene.form(endpoint), "csrf_token": token}).status_code
