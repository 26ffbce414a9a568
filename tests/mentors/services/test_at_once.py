"""Two who decide about one mentor at one moment, on two connections: the second waits for the first, and sees it."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from booking.domain.boundaries import Envelope
from booking.services.hold import NotBookable, hold_slots
from marketplace.accounts.models import User
from marketplace.core.audit import AuditEntry
from marketplace.core.db import db
from marketplace.mentors.models import Mentor
from marketplace.mentors.services import moves, rows
from marketplace.mentors.services.begin import become_mentor
from marketplace.mentors.services.moves import NotNow, ProfileChanged
from marketplace.mentors.services.profile import save_story
from tests.conftest import TUESDAY
from tests.factories import make_mentor, make_offering, make_user
from tests.payments.conftest import TEN
from tests.stripe_side import wait_until

Act = Callable[[Session], object]
WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")


@contextmanager
def meanwhile(app: Flask, session: Session, act: Act, *, waits: bool = True) -> Iterator[Future[object]]:
    """`act` begins on a connection of its own before what is inside, which has been done but not committed, is."""

    def run() -> object:
        with app.app_context(), Session(db.engine) as other:
            result = act(other)
            other.commit()
            return result

    def is_waiting() -> bool:
        with db.engine.connect() as connection:
            return bool(connection.scalar(WAITING))

    with ThreadPoolExecutor(1) as pool:
        begun = pool.submit(run)
        wait_until(lambda: begun.done() or is_waiting())
        assert begun.done() is not waits
        yield begun


def fresh(session: Session, mentor: Mentor) -> Mentor:
    session.expire_all()
    return session.get_one(Mentor, mentor.id)


def deeds(session: Session) -> list[str]:
    return list(session.scalars(select(AuditEntry.what).order_by(AuditEntry.id)))


@pytest.fixture
def grace(session: Session) -> Mentor:
    mentor = make_mentor(session, slug="grace", status="submitted")
    session.commit()
    return mentor


@pytest.fixture
def olga(session: Session) -> User:
    user = make_user(session, "Olga Example", is_operator=True)
    session.commit()
    return user


def test_nobody_approves_what_is_being_changed_at_that_moment(app, session, grace, olga):
    save_story(session, grace.id, "I sell watches.", now=TUESDAY)

    with meanwhile(app, session, lambda s: moves.approve(s, grace.id, read=0, actor_id=olga.id, now=TUESDAY)) as other:
        session.commit()

        with pytest.raises(ProfileChanged):
            other.result(timeout=30)
    assert fresh(session, grace).status == "submitted"


def test_without_the_lock_it_would_be_approved_unread(app, session, grace, olga, monkeypatch):
    """The control: the guard is taken away, and the harm shows."""
    monkeypatch.setattr(rows, "lock_person", lambda *_: None)
    save_story(session, grace.id, "I sell watches.", now=TUESDAY)

    with meanwhile(app, session, lambda s: moves.approve(s, grace.id, read=0, actor_id=olga.id, now=TUESDAY)) as other:
        session.commit()
        other.result(timeout=30)

    assert (fresh(session, grace).status, grace.story) == ("approved", "I sell watches.")


def test_what_is_changed_while_it_is_approved_is_shown_to_the_operator_as_changed(app, session, grace, olga):
    moves.approve(session, grace.id, read=0, actor_id=olga.id, now=TUESDAY)

    with meanwhile(app, session, lambda s: save_story(s, grace.id, "I sell watches.", now=TUESDAY)) as other:
        session.commit()
        other.result(timeout=30)

    kept = fresh(session, grace)
    assert (kept.status, kept.seen_revision, kept.revision) == ("approved", 0, 1)
    assert deeds(session) == ["mentors:approved", "mentors:profile_changed"]


def test_two_presses_send_it_in_once(app, session, grace):
    grace.status = "draft"
    session.commit()
    moves.submit(session, grace.id, now=TUESDAY)

    with meanwhile(app, session, lambda s: moves.submit(s, grace.id, now=TUESDAY)) as other:
        session.commit()
        other.result(timeout=30)

    assert deeds(session) == ["mentors:submitted"]


def test_of_two_operators_one_decides(app, session, grace, olga):
    moves.approve(session, grace.id, read=0, actor_id=olga.id, now=TUESDAY)

    def ask(other: Session) -> object:
        return moves.ask_changes(other, grace.id, reason="More.", actor_id=olga.id, now=TUESDAY)

    with meanwhile(app, session, ask) as other:
        session.commit()

        with pytest.raises(NotNow):
            other.result(timeout=30)
    assert fresh(session, grace).status == "approved"
    assert deeds(session) == ["mentors:approved"]


def test_what_is_taken_back_while_it_is_approved_is_approved(app, session, grace, olga):
    moves.approve(session, grace.id, read=0, actor_id=olga.id, now=TUESDAY)

    with meanwhile(app, session, lambda s: moves.withdraw(s, grace.id, now=TUESDAY)) as other:
        session.commit()

        with pytest.raises(NotNow):
            other.result(timeout=30)
    assert fresh(session, grace).status == "approved"


def test_nobody_is_booked_with_a_mentor_who_is_suspended_at_that_moment(app, session, olga):
    grace = make_mentor(session)
    offering, ada = make_offering(session, grace), make_user(session)
    session.commit()
    moves.suspend(session, grace.id, reason="A complaint.", actor_id=olga.id, now=TUESDAY)

    def hold(other: Session) -> object:
        return hold_slots(
            other,
            offering=offering,
            mentee_id=ada.id,
            starts=[TEN],
            held_until=TEN,
            now=TUESDAY,
            envelope=Envelope(),
            site_meeting_url="https://meet.example.org/site",
        )

    with meanwhile(app, session, hold) as other:
        session.commit()

        with pytest.raises(NotBookable):
            other.result(timeout=30)


def test_two_people_of_one_name_begin_at_once_with_two_addresses(app, session):
    first, second = make_user(session, "Ada Example"), make_user(session, "Ada Example")
    session.commit()
    become_mentor(session, first.id)

    with meanwhile(app, session, lambda s: become_mentor(s, second.id).slug) as other:
        session.commit()

        assert other.result(timeout=30) == "ada-example-2"


def test_one_person_begins_once_in_two_tabs(app, session):
    ada = make_user(session, "Ada Example")
    session.commit()
    become_mentor(session, ada.id)

    with meanwhile(app, session, lambda s: become_mentor(s, ada.id).slug) as other:
        session.commit()

        assert other.result(timeout=30) == "ada-example"
