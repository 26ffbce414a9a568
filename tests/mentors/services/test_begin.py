from sqlalchemy import func, select

from marketplace.accounts.models import User
from marketplace.mentors.models import Mentor
from marketplace.mentors.services.begin import become_mentor
from tests.factories import make_user


def test_a_mentor_begins_as_a_draft_in_the_accounts_own_zone(session):
    ada = make_user(session, "Ada Example", zone="Asia/Kolkata")

    mentor = become_mentor(session, ada.id)

    assert (mentor.id, mentor.slug, mentor.status, mentor.zone) == (ada.id, "ada-example", "draft", "Asia/Kolkata")


def test_asked_twice_there_is_one(session):
    ada = make_user(session, "Ada Example")
    first = become_mentor(session, ada.id)

    assert become_mentor(session, ada.id) is first
    assert session.scalar(select(func.count()).select_from(Mentor)) == 1


def test_people_of_one_name_have_different_addresses(session):
    slugs = [become_mentor(session, make_user(session, "Ada Example").id).slug for _ in range(3)]

    assert slugs == ["ada-example", "ada-example-2", "ada-example-3"]


def test_the_address_stays_when_the_name_changes(session):
    ada = make_user(session, "Ada Example")
    become_mentor(session, ada.id)
    session.get_one(User, ada.id).name = "Ada Otherwise"
    session.flush()

    assert become_mentor(session, ada.id).slug == "ada-example"
