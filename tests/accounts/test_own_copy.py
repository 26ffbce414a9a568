"""The copy that everybody may take of all that is known of them: all of theirs, and nothing of anybody else's."""

import json
from datetime import UTC, date, timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from flask_babel import lazy_gettext

from booking.domain.calendar import Scope
from booking.domain.states import BookingStatus
from booking.services.feeds import make_feed
from marketplace.accounts.fresh import FRESH_FOR
from marketplace.accounts.models import User
from marketplace.accounts.own_copy import Part
from marketplace.accounts.own_copy_words import lines_of
from marketplace.core import audit
from marketplace.core.clock import utcnow
from marketplace.mentors.models import Mentor
from marketplace.offerings.models import Offering
from tests.booking.bookings import make_booking
from tests.factories import make_mentor, make_offering, make_user
from tests.pages.sales import make_sale
from tests.payments.conftest import TEN
from tests.queries import count_queries
from tests.web import sign_in

ARCHIVE = "/account/copy.zip"


@pytest.fixture
def ada(session) -> User:
    user = make_user(session, "Ada Lovelace", email="ada@example.org", zone="Europe/Stockholm")
    session.commit()
    return user


@pytest.fixture
def grace(session) -> Mentor:
    mentor = make_mentor(session, "Grace Example", slug="grace-example", meeting_url="https://meet.example.org/grace")
    session.commit()
    return mentor


@pytest.fixture
def hour(session, grace) -> Offering:
    offering = make_offering(session, grace)
    session.commit()
    return offering


def opened(client, user: User) -> dict[str, bytes]:
    sign_in(client, user)
    return taken(client)


def taken(client) -> dict[str, bytes]:
    answer = client.get(ARCHIVE)
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert "attachment; filename=everything-" in answer.headers["Content-Disposition"]
    with ZipFile(BytesIO(answer.data)) as files:
        return {name: files.read(name) for name in files.namelist()}


def parts(client, user: User) -> dict[str, list[dict[str, object]]]:
    found: dict[str, list[dict[str, object]]] = json.loads(opened(client, user)["everything.json"])["parts"]
    return found


def test_both_people_of_a_session_have_it_with_the_name_of_the_other(app, session, ada, grace, hour):
    booking, sale = make_sale(session, hour, ada, TEN, agenda="Say no more often")
    session.commit()

    of_ada = parts(app.test_client(), ada)
    of_grace = parts(app.test_client(), session.get_one(User, grace.id))

    for found in (of_ada, of_grace):
        [told] = found["booking"]
        assert (told["public_id"], told["mentor_id"], told["mentee_id"]) == (
            booking.public_id,
            "Grace Example",
            "Ada Lovelace",
        )
        assert (told["agenda"], told["starts_at"]) == ("Say no more often", booking.starts_at.isoformat())
        assert [each["public_id"] for each in found["purchase"]] == [sale.public_id]
        assert found["purchase_session"][0]["booking_id"] == booking.public_id
    assert of_ada["users"][0]["email"] == "ada@example.org"
    assert [each["meeting_url"] for each in of_grace["mentor"]] == ["https://meet.example.org/grace"]
    assert of_ada["mentor"] == []


def test_nothing_of_anybody_else_is_in_it(client, session, ada, grace, hour):
    stranger = make_user(session, "Mallory Stranger", email="mallory@example.org")
    make_booking(session, hour, stranger, TEN, agenda="A secret between two others")
    make_booking(session, hour, ada, TEN + timedelta(hours=3))
    session.commit()

    text = b"".join(opened(client, ada).values()).decode()

    assert "Mallory" not in text
    assert "A secret between two others" not in text
    assert "meet.example.org" not in text
    assert session.get_one(User, grace.id).email not in text


def test_what_opens_an_account_or_a_calendar_is_not_in_it(client, session, settings, ada):
    feed = make_feed(session, ada.id, Scope.MENTEE, name="Phone", secret_key=settings.secret_key, now=utcnow())
    session.commit()

    files = opened(client, ada)
    text = b"".join(files.values()).decode()

    assert "Phone" in text
    assert feed.secret_sha256.hex() not in text
    assert ada.password_hash not in text
    assert "password" not in json.loads(files["everything.json"])["parts"]["users"][0]


def test_who_acted_for_the_site_is_not_named(client, session, ada, grace, hour):
    olga = make_user(session, "Olga Operator", is_operator=True)
    cancelled = BookingStatus.CANCELLED_BY_OPERATOR
    make_booking(session, hour, ada, TEN, status=cancelled, cancelled_at=utcnow(), cancelled_by=olga.id)
    audit.note(session, "accounts:suspended", now=utcnow(), actor_id=olga.id, about_id=ada.id, reason="Too loud")
    session.commit()

    files = opened(client, ada)
    found = json.loads(files["everything.json"])["parts"]

    assert found["booking"][0]["cancelled_by"] == "the site"
    assert [each["reason"] for each in found["audit_entry"]] == ["Too loud"]
    assert "Olga" not in b"".join(files.values()).decode()


def test_the_page_says_it_in_words_and_escapes_what_people_wrote(client, session, ada, grace, hour):
    make_booking(session, hour, ada, TEN, agenda="<script>alert(1)</script>")
    session.commit()

    page = opened(client, ada)["everything.html"].decode()

    assert "Everything that Office Hours knows of Ada Lovelace" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>" not in page
    assert "all times are in that zone" in page
    assert "Europe/Stockholm" in page


@pytest.mark.parametrize(
    ("table", "row", "said"),
    [
        pytest.param("purchase_session", {"purchase_id": "p1", "tax_minor": 8050}, ["p1", "€80.50"], id="a sale's sum"),
        pytest.param("purchase", {"fee_bp": 1250}, ["12.5 %"], id="a share"),
        pytest.param("check_in", {"week": date(2026, 10, 26)}, ["26 Oct 2026"], id="a day"),
        pytest.param("booking_answer", {"question": "tried"}, ["What have you tried?"], id="a code"),
        pytest.param(
            "mentorship_paper_version",
            {"body": {"cadence": "Weekly", "review_on": "", "levels": ["", "I own one."]}},
            ["cadence: Weekly\nlevels: I own one."],
            id="a paper",
        ),
    ],
)
def test_a_line_says_in_words_what_programs_read_as_codes(app, table, row, said):
    lines = lines_of(row, Part(table, lazy_gettext("Your sessions"), [row]), UTC, {"p1": "EUR"})

    assert [value for _, value in lines] == said


def test_it_is_asked_for_with_the_password(client, session, clock, ada):
    sign_in(client, ada)
    clock.advance(FRESH_FOR)

    answers = [client.get(path) for path in ("/account/copy", ARCHIVE)]

    assert [(each.status_code, each.location.partition("?")[0]) for each in answers] == [(303, "/account/confirm")] * 2


def test_it_takes_as_many_reads_for_two_sessions_as_for_twenty(app, client, session, ada, grace, hour):
    def reads() -> int:
        with count_queries() as counted:
            taken(client)
        return len(counted)

    sign_in(client, ada)
    for week in range(2):
        make_booking(session, hour, ada, TEN + timedelta(weeks=week))
    session.commit()
    few = reads()
    for week in range(2, 20):
        make_booking(session, hour, ada, TEN + timedelta(weeks=week))
    session.commit()

    assert reads() == few


def test_rows_are_told_in_the_order_in_which_it_happened(app, session, ada, hour):
    for days in (9, 2, 16):
        make_sale(session, hour, ada, TEN + timedelta(days=days))
    session.commit()

    starts = [told["starts_at"] for told in parts(app.test_client(), ada)["booking"]]

    assert len(starts) == 3
    assert starts == sorted(starts, key=str)
