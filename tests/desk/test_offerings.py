"""A mentor's offerings: put up, changed, paused, ordered, deleted; and what is sold stays as it was sold."""

from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.domain.states import BookingStatus
from marketplace.accounts.models import User
from marketplace.core.config import Settings
from marketplace.mentors.models import Mentor
from marketplace.offerings.models import Offering
from tests.booking.bookings import make_booking
from tests.factories import make_mentor, make_offering, make_user
from tests.pages.reading import words
from tests.payments.conftest import TEN
from tests.queries import count_queries
from tests.web import csrf, inputs, sign_in, submit

HERE = "/desk/offerings"
TYPED = {
    "title": "Design review",
    "summary": "Bring up to six pages",
    "included": "- I read it before\r\n\r\n• Notes afterwards\r\n",
    "minutes": "90",
    "price": "120.50",
    "policy": "firm",
    "preparation": "15",
    "follow_up": "15",
}


@pytest.fixture
def settings(settings: Settings, request: pytest.FixtureRequest) -> Settings:
    return replace(settings, **getattr(request, "param", {}))


@pytest.fixture
def grace(session: Session) -> Mentor:
    mentor = make_mentor(session, slug="grace")
    session.commit()
    return mentor


@pytest.fixture
def signed_in(client: FlaskClient, session: Session, grace: Mentor) -> FlaskClient:
    sign_in(client, session.get_one(User, grace.id))
    return client


def offered(session: Session) -> list[Offering]:
    session.rollback()
    statement = select(Offering).order_by(Offering.active.desc(), Offering.position, Offering.id)
    return list(session.scalars(statement, execution_options={"populate_existing": True}))


def titles(session: Session) -> list[str]:
    return [each.title for each in offered(session)]


def press(client: FlaskClient, offering: Offering, act: str) -> str:
    """The page that comes after it, in words."""
    token = csrf(client, "/account")
    return words(client.post(f"{HERE}/{offering.id}/{act}", data={"csrf_token": token}, follow_redirects=True))


def test_a_session_is_put_up_with_all_that_was_typed(signed_in: FlaskClient, session: Session):
    answer = submit(signed_in, f"{HERE}/new/session", **TYPED)

    (offering,) = offered(session)
    assert (answer.status_code, answer.location) == (303, HERE)
    assert (offering.kind, offering.title, offering.summary) == ("session", "Design review", "Bring up to six pages")
    assert offering.included == "I read it before\nNotes afterwards"
    assert (offering.minutes, offering.price_minor, offering.currency) == (90, 12050, "EUR")
    assert (offering.policy, offering.active) == ("firm", True)


def test_a_fit_call_is_asked_for_no_price_and_gets_none(signed_in: FlaskClient, session: Session):
    page = signed_in.get(f"{HERE}/new/fit_call").text
    submit(signed_in, f"{HERE}/new/fit_call", title="Hello", minutes="20", price="99", policy="firm")

    (offering,) = offered(session)
    assert 'name="price"' not in page
    assert (offering.kind, offering.price_minor, offering.policy) == ("fit_call", 0, "flexible")


def test_a_listening_session_is_called_what_it_is(signed_in: FlaskClient, session: Session):
    submit(signed_in, f"{HERE}/new/listening", **TYPED)
    page = words(signed_in.get("/mentors/grace"))

    assert offered(session)[0].kind == "listening"
    assert "Listening session, 1 h 30 min · Bring up to six pages" in page
    assert "No advice unless you ask for it, no tasks, no score." in page
    assert "I read it before Notes afterwards" in page


@pytest.mark.parametrize(
    ("kind", "title", "minutes"),
    [("fit_call", "Fit call", "20"), ("listening", "Listening session", "60"), ("session", "Session", "60")],
)
def test_a_new_one_begins_with_what_most_would_say(signed_in: FlaskClient, kind: str, title: str, minutes: str):
    page = signed_in.get(f"{HERE}/new/{kind}").text

    assert (inputs(page)["title"], inputs(page)["minutes"]) == (title, minutes)
    assert ('checked class="form-check-input" id="policy-1"' in page) is (kind != "fit_call")


def test_there_is_no_other_kind(signed_in: FlaskClient):
    assert signed_in.get(f"{HERE}/new/course").status_code == 404


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


def test_the_same_form_changes_it(signed_in: FlaskClient, session: Session, grace: Mentor):
    offering = make_offering(session, grace, included="One\nTwo")
    session.commit()
    page = signed_in.get(f"{HERE}/{offering.id}")

    submit(signed_in, f"{HERE}/{offering.id}", **TYPED)

    assert inputs(page.text)["price"] == "70"
    assert "One\nTwo" in page.text
    assert (titles(session), offered(session)[0].price_minor) == (["Design review"], 12050)


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


def test_nothing_of_another_mentors_can_be_seen_or_changed(signed_in: FlaskClient, session: Session):
    theirs = make_offering(session, make_mentor(session, "Edsger Example"), active=False)
    session.commit()
    token = csrf(signed_in, "/account")

    answers = [
        signed_in.get(f"{HERE}/{theirs.id}"),
        signed_in.post(f"{HERE}/{theirs.id}", data={"csrf_token": token, **TYPED}),
        *(
            signed_in.post(f"{HERE}/{theirs.id}/{act}", data={"csrf_token": token})
            for act in ("pause", "resume", "up", "down", "delete")
        ),
        signed_in.get(f"{HERE}/{10**30}"),
        signed_in.post(f"{HERE}/{10**30}/up", data={"csrf_token": token}),
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert titles(session) == ["Single session"]
    assert theirs.title not in signed_in.get(HERE).text


def test_nothing_else_of_the_row_can_be_sent(signed_in: FlaskClient, session: Session, grace: Mentor):
    offering = make_offering(session, grace)
    session.commit()

    submit(
        signed_in,
        f"{HERE}/{offering.id}",
        **TYPED,
        kind="fit_call",
        currency="USD",
        mentor_id="1",
        position="9",
        active="",
    )

    (kept,) = offered(session)
    assert (kept.kind, kept.currency, kept.mentor_id, kept.position, kept.active) == (
        "session",
        "EUR",
        grace.id,
        0,
        True,
    )


def test_what_is_paused_cannot_be_booked_and_can_come_back(signed_in: FlaskClient, session: Session, grace: Mentor):
    offering = make_offering(session, grace)
    session.commit()

    press(signed_in, offering, "pause")
    paused = words(signed_in.get("/mentors/grace"))
    press(signed_in, offering, "resume")

    assert "offers nothing to book" in paused
    assert offered(session)[0].active


def test_they_are_moved_one_place_at_a_time(signed_in: FlaskClient, session: Session, grace: Mentor):
    first, second, third = (make_offering(session, grace, title=title) for title in ("One", "Two", "Three"))
    resting = make_offering(session, grace, title="Resting", active=False)
    session.commit()

    press(signed_in, third, "up")
    moved = titles(session)
    press(signed_in, first, "up")
    press(signed_in, second, "down")
    press(signed_in, resting, "up")

    assert moved == ["One", "Three", "Two", "Resting"]
    assert titles(session) == moved


def test_a_new_one_comes_last(signed_in: FlaskClient, session: Session, grace: Mentor):
    make_offering(session, grace, title="One", position=3)
    make_offering(session, grace, title="Resting", active=False, position=7)
    session.commit()

    submit(signed_in, f"{HERE}/new/session", **TYPED)

    assert titles(session) == ["One", "Design review", "Resting"]


def test_there_is_one_fit_call_on_offer(signed_in: FlaskClient, session: Session, grace: Mentor):
    make_offering(session, grace, kind="fit_call", title="Hello")
    resting = make_offering(session, grace, kind="fit_call", title="Coffee", active=False)
    session.commit()

    page = submit(signed_in, f"{HERE}/new/fit_call", title="Chat", minutes="20")
    told = press(signed_in, resting, "resume")

    assert page.status_code == 422
    assert "You offer a fit call already." in page.text
    assert 'value="Chat"' in page.text
    assert "You offer a fit call already." in told
    assert [(each.title, each.active) for each in offered(session)] == [("Hello", True), ("Coffee", False)]


def test_twelve_are_enough_to_choose_from(signed_in: FlaskClient, session: Session, grace: Mentor):
    for number in range(12):
        make_offering(session, grace, position=number)
    session.commit()

    page = submit(signed_in, f"{HERE}/new/session", **TYPED)

    assert page.status_code == 422
    assert "You offer 12 things" in page.text
    assert len(offered(session)) == 12


@pytest.mark.parametrize("status", [BookingStatus.CONFIRMED, BookingStatus.EXPIRED])
def test_what_was_ever_booked_is_not_deleted(
    signed_in: FlaskClient, session: Session, grace: Mentor, status: BookingStatus
):
    offering = make_offering(session, grace, active=False)
    make_booking(session, offering, make_user(session), TEN, status=status)
    session.commit()

    page = signed_in.get(HERE).text
    told = press(signed_in, offering, "delete")

    assert "/delete" not in page
    assert "Somebody has booked this" in told
    assert len(offered(session)) == 1


def test_what_nobody_booked_is_deleted(signed_in: FlaskClient, session: Session, grace: Mentor):
    offering = make_offering(session, grace, active=False)
    session.commit()

    page = signed_in.get(HERE).text
    press(signed_in, offering, "delete")

    assert f"{HERE}/{offering.id}/delete" in page
    assert offered(session) == []


def test_a_list_of_many_takes_as_many_queries_as_a_list_of_one(signed_in: FlaskClient, session: Session, grace: Mentor):
    make_offering(session, grace)
    session.commit()
    with count_queries() as one:
        signed_in.get(HERE)
    for number in range(10):
        make_booking(session, make_offering(session, grace), make_user(session), TEN - timedelta(weeks=number))
    session.commit()

    with count_queries() as many:
        assert signed_in.get(HERE).status_code == 200

    assert len(many) == len(one)
