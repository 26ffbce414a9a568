"""The first page of the desk: becoming a mentor, what is missing, this week, and the steps."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update

from marketplace.accounts.models import User
from marketplace.mentors.models import Mentor, MentorTopic
from tests.factories import make_mentor, make_offering, make_user
from tests.pages.reading import words
from tests.pages.sales import make_sale
from tests.queries import count_queries
from tests.web import csrf, sign_in, submit

THIS_WEEK = datetime(2026, 12, 3, 9, 30, tzinfo=UTC)


def signed_in_mentor(client, session, **given):
    mentor = make_mentor(session, slug="grace", **given)
    user = session.get_one(User, mentor.id)
    session.commit()
    sign_in(client, user)
    return mentor


def press(client, act, **fields):
    return client.post(f"/desk/{act}", data={"csrf_token": csrf(client, "/account"), **fields})


def test_anybody_with_a_confirmed_address_becomes_a_mentor_at_one_press(client, session):
    ada = make_user(session, "Ada Example")
    session.commit()
    sign_in(client, ada)
    assert "Become a mentor" in words(client.get("/"))

    answer = submit(client, "/desk/begin", page="/desk")

    assert answer.headers["Location"] == "/desk/profile/basics"
    assert session.get_one(Mentor, ada.id).slug == "ada-example"
    assert "My desk" in words(client.get("/"))
    assert "Become a mentor" not in words(client.get("/"))


def test_a_visitor_reads_what_it_takes_and_comes_back_after_signing_up(client):
    page = client.get("/desk/begin")

    assert "You write down who you are" in words(page)
    assert 'href="/sign-up?next=/desk"' in page.text
    assert 'action="/desk/begin"' not in page.text


def test_who_has_begun_is_led_to_their_desk(client, session, radia):
    assert client.get("/desk/begin").location == "/desk"


def test_who_has_not_confirmed_an_address_is_told_to(client, session):
    ada = make_user(session, verified_at=None)
    session.commit()
    sign_in(client, ada)

    assert "Your mail address has to be confirmed first." in words(client.get("/desk"))
    assert press(client, "begin").status_code == 403
    assert session.get(Mentor, ada.id) is None


def test_one_account_books_and_mentors(client, session):
    grace = signed_in_mentor(client, session)
    edsger = make_mentor(session, "Edsger Example")
    make_sale(session, make_offering(session, edsger), session.get_one(User, grace.id), THIS_WEEK)
    session.commit()

    page = words(client.get("/sessions"))

    assert "My sessions Mentorships My desk My week" in page
    assert "Edsger Example" in page


@pytest.mark.parametrize(
    ("status", "entries"),
    [
        ("draft", ["My desk"]),
        ("submitted", ["My desk"]),
        ("changes_wanted", ["My desk"]),
        ("approved", ["My desk", "My week"]),
        ("paused", ["My desk", "My week"]),
        ("suspended", ["My desk", "My week"]),
    ],
)
def test_the_menu_has_a_week_for_who_has_ever_been_approved(client, session, status, entries):
    signed_in_mentor(client, session, status=status)

    page = words(client.get("/"))

    assert [entry for entry in ("My desk", "My week") if entry in page] == entries


def test_an_empty_draft_leads_to_the_first_part(client, session, radia):
    page = client.get("/desk")

    assert "Go on: Who you are" in words(page)
    assert 'href="/desk/profile/story"' in page.text
    assert "Send it in" not in words(page)
    assert press(client, "submit").status_code == 422


def test_a_whole_profile_is_sent_in_and_can_be_taken_back(client, session):
    mentor = signed_in_mentor(client, session, status="draft")
    assert "Send it in" in words(client.get("/desk"))

    sent = press(client, "submit")
    page = words(client.get("/desk"))
    press(client, "withdraw")

    assert sent.status_code == 303
    assert "Your profile is with us" in page
    session.expire_all()
    assert mentor.status == "draft"


def test_which_changes_are_wanted_stands_at_the_top(client, session):
    signed_in_mentor(client, session, status="changes_wanted", reason="Say <more> about yourself.")

    page = client.get("/desk")

    assert "Say <more> about yourself." in words(page)
    assert "<more>" not in page.text
    assert "Send it in" in words(page)


def test_a_break_is_taken_with_a_day_and_ended_by_a_press(client, session):
    mentor = signed_in_mentor(client, session)

    taken = press(client, "pause", free_again_on="2027-01-11")
    page = client.get("/desk")
    ended = press(client, "resume")

    assert (taken.status_code, ended.status_code) == (303, 303)
    assert "Mentees read that you are free again from Monday 11 January." in words(page)
    assert 'value="2027-01-11"' in page.text
    session.expire_all()
    assert (mentor.status, mentor.free_again_on) == ("approved", None)


def test_a_break_that_should_be_over_is_not_ended_by_itself(client, session, clock):
    signed_in_mentor(client, session, status="paused", free_again_on=date(2026, 11, 30))

    page = words(client.get("/desk"))

    assert "You wanted to be free again from Monday 30 November." in page
    assert "Nobody can book you until you come back." in page


@pytest.mark.parametrize("day", ["2026-12-01", "2026-11-30", "2029-12-01", "9999-12-31", "0001-01-01", "soon", "1e9"])
def test_a_day_that_makes_no_sense_is_told_beside_the_field(client, session, day):
    mentor = signed_in_mentor(client, session)

    answer = press(client, "pause", free_again_on=day)

    assert answer.status_code == 422
    assert "Something is not right yet" in words(answer)
    session.expire_all()
    assert mentor.status == "approved"


def test_the_desk_shows_what_is_missing_until_somebody_can_book(client, session):
    mentor = signed_in_mentor(client, session, weekly={})

    before = words(client.get("/desk"))
    make_offering(session, mentor)
    session.commit()
    after = words(client.get("/desk"))

    assert "Until you can be booked" in before
    assert "Something to book missing" in before
    assert "Working hours missing" in after
    assert "Something to book missing" not in after


def test_the_desk_shows_this_week(client, session):
    mentor = signed_in_mentor(client, session)
    ada = make_user(session)
    make_sale(session, make_offering(session, mentor), ada, THIS_WEEK, public_id="adas")
    session.commit()

    page = words(client.get("/desk"))

    assert "1 session, 1 hour." in page
    assert "Thursday 3 December 10:30–11:30 Ada Example" in page
    assert "You can be booked" in page


def test_the_desk_takes_few_queries_however_full_the_week_is(client, session):
    mentor = signed_in_mentor(client, session)
    offering = make_offering(session, mentor)
    session.commit()
    few = queries_of(client)

    for hour in (8, 10, 12):
        make_sale(session, offering, make_user(session), THIS_WEEK.replace(hour=hour))
    session.commit()

    assert len(few) <= 11, "\n\n".join(few)
    assert len(queries_of(client)) == len(few)


def queries_of(client):
    with count_queries() as statements:
        assert client.get("/desk").status_code == 200
    return statements


def test_after_a_year_a_mentor_is_asked_whether_topics_are_still_theirs_and_says_so_with_one_press(
    client, session, clock
):
    mentor = signed_in_mentor(client, session, approved_at=datetime(2025, 12, 2, 9, tzinfo=UTC))
    assert "Still yours?" not in words(client.get("/desk"))
    clock.advance(timedelta(days=1))
    assert "You have said nothing for a year about: Data engineering." in words(client.get("/desk"))
    seen = session.get_one(Mentor, mentor.id).revision

    assert press(client, "topics-kept").status_code == 303

    assert "Still yours?" not in words(client.get("/desk"))
    session.expire_all()
    assert session.get_one(Mentor, mentor.id).revision == seen
    session.execute(update(MentorTopic).values(kept_fresh_on=date(2025, 12, 2)))
    session.commit()
    assert "Still yours?" in words(client.get("/desk"))
