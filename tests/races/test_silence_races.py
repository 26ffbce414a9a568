"""A mentor who has not answered is asked once, whoever looks at the same moment."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Select, select, text
from sqlalchemy.orm import Session

from booking.domain.states import BookingStatus
from marketplace.core.clock import utcnow
from marketplace.core.config import Settings
from marketplace.core.db import db
from marketplace.core.mail import MailRow
from marketplace.mentorships.models.pairs import Mentorship
from marketplace.mentorships.services.messages import send
from marketplace.mentorships.services.papers import Writer
from marketplace.mentorships.services.silence import look_at_due
from marketplace.mentorships.services.tell_messages import UNANSWERED
from tests.conftest import TUESDAY, MovableClock
from tests.factories import make_mentor, make_offering, make_user
from tests.pages.sales import make_sale
from tests.races.acts import World
from tests.races.interrupting import waiting
from tests.stripe_side import StripeSide, wait_until


@pytest.fixture
def world(app: Flask, settings: Settings, session: Session, clock: MovableClock, stripe_side: StripeSide) -> World:
    """Three working days ago Ada wrote to Grace, who has not answered."""
    grace, ada = make_mentor(session), make_user(session)
    offering = make_offering(session, grace)
    make_sale(session, offering, ada, TUESDAY - timedelta(weeks=1), status=BookingStatus.COMPLETED)
    session.commit()
    pair = session.scalars(select(Mentorship)).one()
    send(session, Writer(pair, ada.id, utcnow()), "Which of the two?", form="a" * 12)
    session.commit()
    clock.advance(timedelta(days=3))
    return World(app, settings, clock, stripe_side)


def look(world: World, meanwhile: Callable[[], object] = int) -> int:
    """In a transaction of its own; `meanwhile` happens before it is committed."""
    with world.app.app_context():
        looked = look_at_due(db.session(), utcnow())
        meanwhile()
        db.session.commit()
    return looked


def look_twice_at_once(world: World) -> Counter[int]:
    """How many letters each of the two people has after that."""
    with ThreadPoolExecutor(1) as pool:
        begun: list[Future[int]] = []

        def begin() -> None:
            begun.append(pool.submit(look, world))
            wait_until(lambda: begun[0].done() or waiting(world))

        look(world, begin)
        begun[0].result(timeout=30)
    with world.app.app_context():
        return Counter(db.session.scalars(select(MailRow.user_id).where(MailRow.fact == UNANSWERED)))


def test_two_sweeps_at_once_ask_once(world: World) -> None:
    assert list(look_twice_at_once(world).values()) == [1, 1]


def test_control_without_the_lock_and_the_index_the_mentor_is_asked_twice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with world.app.app_context(), db.engine.begin() as connection:
        connection.execute(text("DROP INDEX one_mail_per_fact"))
    monkeypatch.setattr(Select, "with_for_update", lambda statement, **_: statement)

    assert list(look_twice_at_once(world).values()) == [2, 2]
