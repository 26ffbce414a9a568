"""The row that search reads follows the mentor, whatever path a change takes; the database itself sees to it."""

import threading

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.core.db import db
from marketplace.mentors.domain.states import PUBLIC, MentorStatus
from marketplace.mentors.models import Mentor, MentorTopic
from marketplace.search.models import NOT_LOOKED_AT, MentorSearch, SearchChoice, SearchWord
from tests.conftest import TUESDAY
from tests.factories import make_mentor, make_offering

WHAT_A_ROW_SAYS = "mentor_id, listed, meets, names, document::text, topics, languages, forms, prices, practised"
AS_IT_SHOULD_BE = text(f"""
    SELECT {WHAT_A_ROW_SAYS} FROM mentor_search_of(ARRAY(SELECT id FROM mentor)) ORDER BY mentor_id
""")
AS_IT_IS = text(f"SELECT {WHAT_A_ROW_SAYS} FROM mentor_search ORDER BY mentor_id")


def row_of(session: Session, mentor: Mentor) -> MentorSearch:
    return session.scalars(select(MentorSearch).where(MentorSearch.mentor_id == mentor.id)).one()


def finds(session: Session, words: str) -> bool:
    query = text("SELECT EXISTS (SELECT FROM mentor_search WHERE document @@ plainto_tsquery('english', :words))")
    return bool(session.scalar(query, {"words": words}))


@pytest.fixture
def grace(session):
    mentor = make_mentor(session, "Grace Höpper", status="draft")
    make_offering(session, mentor)
    session.commit()
    return mentor


def approve(session, grace):
    session.execute(update(Mentor).where(Mentor.id == grace.id).values(status="approved"))


CHANGES = {
    "approved": "UPDATE mentor SET status = 'approved'",
    "paused": "UPDATE mentor SET status = 'paused'",
    "a headline": "UPDATE mentor SET headline = 'Compilers for everybody'",
    "a story": "UPDATE mentor SET story = 'I was a **navigator**.'",
    "ways of working": "UPDATE mentor SET how_i_work = 'With chalk.'",
    "what she gives": "UPDATE mentor SET can_give = ARRAY['Nanoseconds']",
    "a step of her journey": """UPDATE mentor SET journey = '[{"year": 1944, "what": "Mark I"}]'""",
    "languages": "UPDATE mentor SET languages = ARRAY['en', 'nl']",
    "a place to meet": "UPDATE mentor SET meeting_url = 'https://meet.example.org/grace'",
    "a city": "UPDATE mentor SET city = 'Arlington'",
    "a name": "UPDATE users SET name = 'Grace Murray'",
    "a closed account": "UPDATE users SET closed_at = now(), password_hash = '', verified_at = NULL",
    "a suspended account": "UPDATE users SET suspended_at = now()",
    "a topic more": """INSERT INTO mentor_topic (mentor_id, position, name, reach)
        SELECT id, 1, 'COBOL', 'depth' FROM mentor""",
    "a topic renamed": "UPDATE mentor_topic SET name = 'COBOL', last_practised = 2020",
    "a topic less": "DELETE FROM mentor_topic",
    "an offering more": """INSERT INTO offering (mentor_id, kind, title, summary, minutes, price_minor, currency)
        SELECT id, 'fit_call', 'Fit call', '', 20, 0, 'USD' FROM mentor""",
    "a price": "UPDATE offering SET price_minor = 4200, currency = 'GBP'",
    "an offering taken back": "UPDATE offering SET active = false",
    "an offering less": "DELETE FROM offering",
}


@pytest.mark.parametrize("status", ["approved", "draft"])
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_no_path_forgets_the_row(session, grace, status, change):
    if status == "approved":
        approve(session, grace)

    session.execute(text(change))

    assert session.execute(AS_IT_IS).all() == session.execute(AS_IT_SHOULD_BE).all()


def test_a_topic_that_changes_hands_is_moved_in_both_rows(session, grace):
    approve(session, grace)
    edsger = make_mentor(session, "Edsger Example")

    session.execute(update(MentorTopic).where(MentorTopic.mentor_id == grace.id).values(mentor_id=edsger.id))

    assert session.execute(AS_IT_IS).all() == session.execute(AS_IT_SHOULD_BE).all()
    assert [row_of(session, each).topics for each in (grace, edsger)] == [[], ["data engineering"] * 2]


def test_a_mentor_who_goes_takes_the_row_along(session, grace):
    approve(session, grace)
    for table in ("offering", "mentor_topic", "working_hours", "boundaries", "payout_account", "mentor"):
        session.execute(text(f"DELETE FROM {table}"))

    assert session.scalars(select(MentorSearch)).all() == []


@pytest.mark.parametrize("status", MentorStatus)
def test_there_is_a_row_as_long_as_the_page_is_public(session, status):
    mentor = make_mentor(session, status=status)
    make_offering(session, mentor)

    listed = session.scalars(select(MentorSearch.listed)).all()

    assert listed == ([status == MentorStatus.APPROVED] if status in PUBLIC else [])


def test_what_is_only_a_draft_is_no_word_that_others_could_be_led_to(session, grace):
    session.execute(update(Mentor).where(Mentor.id == grace.id).values(headline="Secretive plans"))

    assert session.scalars(select(SearchWord.word)).all() == []


def test_the_row_says_what_the_page_says(session):
    mentor = make_mentor(
        session,
        "Søren Ødegård",
        slug="soren",
        headline="Interfaces for everyone",
        languages=["da", "en"],
        story="I began with *punched* cards.",
        how_i_work="We read aloud.",
    )
    session.add(MentorTopic(mentor_id=mentor.id, position=1, name="C++", reach="depth", last_practised=2024))
    make_offering(session, mentor, kind="fit_call")
    make_offering(session, mentor, title="Design review", price_minor=9000)
    make_offering(session, mentor, price_minor=7000)
    make_offering(session, mentor, price_minor=5000, currency="USD", active=False)

    row = row_of(session, mentor)

    assert row.names == ["soren", "odegard"]
    assert row.topics == ["data engineering", "cplusplus"]
    assert (row.languages, row.forms) == (["da", "en"], ["fit_call", "session"])
    assert row.prices == {"EUR": 7000, "session EUR": 7000, "fit_call EUR": 0}
    assert (row.practised, row.listed, row.meets, row.free_on) == (2026, True, False, NOT_LOOKED_AT)
    found = ["soren", "interface", "cplusplus", "design reviews", "punch", "reading aloud", "utrecht"]
    assert [words for words in found if not finds(session, words)] == []
    assert not finds(session, "dollars")


@pytest.mark.parametrize(
    ("typed", "compared"),
    [
        pytest.param("Søren", "soren", id="letters with marks"),
        pytest.param("C++ and C#", "cplusplus and csharp", id="signs that are part of a name"),
        pytest.param(".NET, node.js", "dotnet node js", id="a point in front, and one inside"),
        pytest.param("“Front-end” — CI/CD!", "front end ci cd", id="marks"),
        pytest.param("100%_\\'; DROP", "100 drop", id="what means something in patterns"),
        pytest.param("Ольга", "ольга", id="another alphabet"),
        pytest.param(" \n ", "", id="nothing"),
    ],
)
def test_what_is_written_and_what_is_typed_are_compared_in_one_form(session, typed, compared):
    assert session.scalar(text("SELECT search_text(:typed)"), {"typed": typed}) == compared


def test_choices_are_what_somebody_has(session):
    make_offering(session, make_mentor(session, languages=["da", "en"]))
    make_offering(session, make_mentor(session, languages=["en"]), currency="USD")
    make_offering(session, make_mentor(session, languages=["fr"], status="draft"), kind="fit_call", currency="GBP")

    found = {(each.kind, each.value) for each in session.scalars(select(SearchChoice))}

    assert found == {("language", "da"), ("language", "en"), ("currency", "EUR"), ("currency", "USD")}


def change_in_a_transaction_of_its_own(app, grace_id, statement, *, began, go_on):
    with app.app_context():
        session = db.session()
        session.execute(text("SET lock_timeout = '20s'"))
        session.execute(text(statement), {"id": grace_id})
        began.set()
        assert go_on.wait(20)
        session.commit()


def test_two_changes_at_once_are_both_in_the_row(app, session, grace):
    """The second waits for the first and then reads what it wrote, though it began before the first was over."""
    approve(session, grace)
    session.commit()
    first_done, second_done, go_on = threading.Event(), threading.Event(), threading.Event()
    no_waiting = threading.Event()
    no_waiting.set()
    topic = "UPDATE mentor_topic SET name = 'Compilers' WHERE mentor_id = :id"
    price = "UPDATE offering SET price_minor = 4200 WHERE mentor_id = :id"
    first = threading.Thread(
        target=change_in_a_transaction_of_its_own,
        args=(app, grace.id, topic),
        kwargs={"began": first_done, "go_on": go_on},
    )
    second = threading.Thread(
        target=change_in_a_transaction_of_its_own,
        args=(app, grace.id, price),
        kwargs={"began": second_done, "go_on": no_waiting},
    )
    first.start()
    assert first_done.wait(20)
    second.start()
    waits = not second_done.wait(0.5)
    go_on.set()
    first.join(20)
    second.join(20)

    row = row_of(session, grace)
    assert waits
    assert (row.topics, row.prices["EUR"]) == (["compilers"], 4200)


def test_a_booking_does_not_write_the_row_again(session, grace):
    approve(session, grace)
    session.flush()
    before = session.scalar(text("SELECT xmin::text FROM mentor_search"))

    session.execute(update(User).values(calendar_revision=User.calendar_revision + 1, calendar_changed_at=TUESDAY))

    assert session.scalar(text("SELECT xmin::text FROM mentor_search")) == before
