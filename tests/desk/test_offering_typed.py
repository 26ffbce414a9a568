"""What a mentor types about an offering: a price in their own language, what it leaves them, what is wrong."""

from dataclasses import replace
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.core.config import Settings
from marketplace.mentors.models import Mentor
from tests.desk.offerings import HERE, TYPED, grace, offered, signed_in
from tests.factories import make_offering
from tests.pages.reading import words
from tests.web import inputs, submit

__all__ = ["grace", "signed_in"]


@pytest.fixture
def settings(settings: Settings, request: pytest.FixtureRequest) -> Settings:
    return replace(settings, **getattr(request, "param", {}))


@pytest.mark.parametrize(
    ("kind", "title", "minutes"),
    [("fit_call", "Fit call", "20"), ("listening", "Listening session", "60"), ("session", "Session", "60")],
)
def test_a_new_one_begins_with_what_most_would_say(signed_in: FlaskClient, kind: str, title: str, minutes: str):
    page = signed_in.get(f"{HERE}/new/{kind}").text

    assert (inputs(page)["title"], inputs(page)["minutes"]) == (title, minutes)
    assert ('checked class="form-check-input" id="policy-1"' in page) is (kind != "fit_call")


@pytest.mark.parametrize(
    ("locale", "typed", "minor", "shown"),
    [
        ("de", "1.080,50", 108050, "1080,50"),
        ("nl", "80,50", 8050, "80,50"),
        ("en", "1,080.50", 108050, "1080.50"),
        ("de", "80,00", 8000, "80"),
    ],
)
def test_a_price_is_typed_as_the_mentors_language_writes_it(
    signed_in: FlaskClient, session: Session, grace: Mentor, locale: str, typed: str, minor: int, shown: str
):
    session.get_one(User, grace.id).locale = locale
    session.commit()

    submit(signed_in, f"{HERE}/new/session", **{**TYPED, "price": typed})

    (offering,) = offered(session)
    assert offering.price_minor == minor
    assert inputs(signed_in.get(f"{HERE}/{offering.id}").text)["price"] == shown


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("title", "  ", "Give it a name."),
        ("title", "x" * 81, "Use at most 80 characters; these are 81."),
        ("title", "a\x00b", "characters that cannot be shown"),
        ("title", "\u202eevil", "characters that cannot be shown"),
        ("summary", "x" * 161, "Use at most 160 characters"),
        ("included", "\n".join(map(str, range(9))), "at most 8 lines"),
        ("included", "x" * 121, "at most 120 characters a line"),
        ("minutes", "", "Write a whole number of minutes"),
        ("minutes", "an hour", "Write a whole number of minutes"),
        ("minutes", "9" * 5000, "Write a whole number of minutes"),
        ("minutes", "9" * 30, "From 10 to 240 minutes, in steps of 5."),
        ("minutes", "5", "From 10 to 240 minutes, in steps of 5."),
        ("minutes", "52", "From 10 to 240 minutes, in steps of 5."),
        ("minutes", "245", "From 10 to 240 minutes, in steps of 5."),
        ("minutes", "-60", "From 10 to 240 minutes, in steps of 5."),
        ("price", "", "Write the price in figures, such as 80.50."),
        ("price", "much", "Write the price in figures, such as 80.50."),
        ("price", "80,50", "Is that €8,050.00 or €80.50?"),
        ("price", "0", "€0.50 at least"),
        ("price", "80.505", "a multiple of €0.01"),
        ("price", "999999.99", "With the site’s fee that is more than can be charged."),
        ("policy", "generous", "choice"),
        ("preparation", "-1", "From 0 to 480 minutes."),
        ("follow_up", "x", "Write a whole number of minutes"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_everything_typed_stays(
    signed_in: FlaskClient, session: Session, field: str, typed: str, told: str
):
    page = submit(signed_in, f"{HERE}/new/session", **{**TYPED, field: typed})

    beside = page.text.partition(f'id="{field}-error"')[2].partition("</div>")[0]
    assert page.status_code == 422
    assert told in unescape(beside)
    kept = inputs(page.text)
    assert all(kept[name] == TYPED[name] for name in ("title", "summary", "price", "minutes") if name != field)
    assert offered(session) == []


def test_an_offering_in_another_currency_keeps_it_until_another_is_chosen(
    signed_in: FlaskClient, session: Session, grace: Mentor
):
    offering = make_offering(session, grace, currency="JPY", price_minor=9000)
    session.commit()
    here = f"{HERE}/{offering.id}"

    at_first = signed_in.get(here)
    in_cents = submit(signed_in, here, **{**TYPED, "currency": "JPY", "price": "80.50"})
    submit(signed_in, here, **{**TYPED, "currency": "JPY", "price": "8,000"})
    kept = (offered(session)[0].price_minor, offered(session)[0].currency)
    submit(signed_in, here, **{**TYPED, "currency": "EUR", "price": "80.50"})

    assert '<option selected value="JPY">Japanese Yen (JPY)</option>' in at_first.text
    assert in_cents.status_code == 422
    assert "a multiple of ¥1" in in_cents.text
    assert kept == (8000, "JPY")
    assert (offered(session)[0].price_minor, offered(session)[0].currency) == (8050, "EUR")


@pytest.mark.parametrize("settings", [{"currencies": ("EUR", "USD")}], indirect=True)
def test_where_a_site_sells_in_several_currencies_a_mentor_chooses_one(signed_in: FlaskClient, session: Session):
    unknown = submit(signed_in, f"{HERE}/new/session", **{**TYPED, "currency": "GBP"})
    sums = submit(signed_in, f"{HERE}/new/session", **{**TYPED, "currency": "USD", "act": "sums"})
    submit(signed_in, f"{HERE}/new/session", **{**TYPED, "currency": "USD"})

    assert unknown.status_code == 422
    assert "Choose one of these currencies." in unknown.text
    assert "$120.50" in words(sums)
    assert [(each.price_minor, each.currency) for each in offered(session)] == [(12050, "USD")]


def test_the_policy_is_told_by_real_dates(signed_in: FlaskClient):
    page = words(signed_in.get(f"{HERE}/new/session"))

    start = "Booked for Tue 8 Dec, 10:00: all back until"
    assert f"Flexible. {start} Mon 7 Dec, 22:00, half until it begins" in page
    assert f"Standard. {start} Mon 7 Dec, 10:00, half until it begins" in page
    assert f"Firm. {start} Sun 6 Dec, 10:00, half until it begins" in page


def test_recalculating_keeps_what_was_typed_and_saves_nothing(signed_in: FlaskClient, session: Session):
    typed = {**TYPED, "title": "", "minutes": "60", "price": "70", "preparation": "20", "follow_up": "40"}

    page = submit(signed_in, f"{HERE}/new/session", **typed, act="sums")

    assert page.status_code == 200
    assert (
        "The mentee pays €80.50 The site’s fee, 15% €10.50 You get €70.00 For each real hour (2 hours in all) €35.00"
        in words(page)
    )
    assert "From session 4 with the same mentee on, the fee is 12%: they pay €78.40." in words(page)
    assert "Give it a name." not in page.text
    assert inputs(page.text)["preparation"] == "20"
    assert offered(session) == []


def test_sums_wait_for_a_price_that_can_be_read(signed_in: FlaskClient):
    empty = words(signed_in.get(f"{HERE}/new/session"))
    page = submit(signed_in, f"{HERE}/new/session", **{**TYPED, "price": "80,50"}, act="sums")

    assert "Write a price and the minutes" in empty
    assert page.status_code == 422
    assert "Is that €8,050.00 or €80.50?" in words(page)
    assert "The mentee pays" not in words(page)


def test_sums_stand_there_before_anything_is_changed(signed_in: FlaskClient, session: Session, grace: Mentor):
    offering = make_offering(session, grace)
    session.commit()

    page = words(signed_in.get(f"{HERE}/{offering.id}"))

    assert "You get €70.00 For each real hour (1 h 30 min in all) €46.67" in page
