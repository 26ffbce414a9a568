"""Two people of a mentorship act at one moment: the first has not committed when the second begins, in both orders.

Whatever is decided by the lock of the mentorship, or of a note, has a control run without it, which goes wrong.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from booking.domain.states import BookingStatus
from booking.models.bookings import Booking
from marketplace.core.clock import utcnow
from marketplace.core.config import Settings
from marketplace.core.db import db
from marketplace.core.errors import DomainError
from marketplace.mentorships.domain.papers import Goal, Kind, Plan, Step
from marketplace.mentorships.domain.sessions import Part
from marketplace.mentorships.domain.states import Standing
from marketplace.mentorships.models.messages import Message
from marketplace.mentorships.models.pairs import Mentorship, StandingChange
from marketplace.mentorships.models.papers import PaperVersion
from marketplace.mentorships.models.reviews import Review
from marketplace.mentorships.models.sessions import NoteAside, SessionNote
from marketplace.mentorships.services import notes as notes_service
from marketplace.mentorships.services.ending import end_pair
from marketplace.mentorships.services.messages import block, send
from marketplace.mentorships.services.notes import Draft, Writing, keep
from marketplace.mentorships.services.papers import Writer, write
from marketplace.mentorships.services.reviews import Words, review
from tests.conftest import TUESDAY, MovableClock
from tests.factories import make_mentor, make_offering, make_user
from tests.pages.sales import make_sale
from tests.races.acts import World
from tests.races.interrupting import waiting
from tests.stripe_side import StripeSide, wait_until

Act = Callable[[Session, Writer, Writer], None]
"""Of Ada and Grace, in this order."""
BEFORE = "What do you want?"
STEP = Step("s" * 12, "One page on it")


@pytest.fixture
def world(app: Flask, settings: Settings, session: Session, clock: MovableClock, stripe_side: StripeSide) -> World:
    """Ada and Grace have met twice, nothing is booked, and a note says something."""
    grace, ada = make_mentor(session), make_user(session)
    offering = make_offering(session, grace)
    for weeks in (2, 1):
        make_sale(session, offering, ada, TUESDAY - timedelta(weeks=weeks), status=BookingStatus.COMPLETED)
    session.commit()
    pair = session.scalars(select(Mentorship)).one()
    _note(session, Writer(pair, ada.id, utcnow()), BEFORE, was="", base=0)
    session.commit()
    return World(app, settings, clock, stripe_side)


def acts(world: World, act: Act, meanwhile: Callable[[], object] = int) -> str:
    """In a transaction of its own; `meanwhile` happens before it is committed. What was refused, or nothing."""
    with world.app.app_context():
        session = db.session()
        pair = session.scalars(select(Mentorship)).one()
        ada, grace = (Writer(pair, person, utcnow()) for person in (pair.mentee_id, pair.mentor_id))
        try:
            act(session, ada, grace)
            session.flush()
        except DomainError as refusal:
            session.rollback()
            meanwhile()
            return type(refusal).__name__
        meanwhile()
        session.commit()
    return ""


def at_once(world: World, first: Act, second: Act) -> tuple[str, str]:
    """What each was refused with."""
    with ThreadPoolExecutor(1) as pool:
        begun = []

        def begin() -> None:
            begun.append(pool.submit(acts, world, second))
            wait_until(lambda: begun[0].done() or waiting(world))

        refused = acts(world, first, begin)
        return refused, begun[0].result(timeout=30)


def ends(session: Session, ada: Writer, _grace: Writer) -> None:
    end_pair(session, ada, {})


def ends_too(session: Session, _ada: Writer, grace: Writer) -> None:
    end_pair(session, grace, {})


def blocks(session: Session, _ada: Writer, grace: Writer) -> None:
    block(session, grace)


def sends(session: Session, ada: Writer, _grace: Writer) -> None:
    send(session, ada, "One more thing.", form="m" * 12)


def sets_a_goal(session: Session, _ada: Writer, grace: Writer) -> None:
    write(session, grace, Kind.GOAL, Goal("I lead the redesign."), base=0, goal="g" * 12)


def plans(session: Session, _ada: Writer, grace: Writer) -> None:
    write(session, grace, Kind.PLAN, Plan((STEP,)), base=0)


def plans_otherwise(session: Session, ada: Writer, _grace: Writer) -> None:
    write(session, ada, Kind.PLAN, Plan((Step(STEP.key, "A sponsor first"),)), base=0)


def notes(session: Session, _ada: Writer, grace: Writer) -> None:
    _note(session, grace, "Hers.")


def notes_otherwise(session: Session, ada: Writer, _grace: Writer) -> None:
    _note(session, ada, "His.")


def _note(session: Session, writer: Writer, words: str, *, was: str = BEFORE, base: int = 1) -> None:
    booking = session.scalars(select(Booking.id).order_by(Booking.id)).first()
    assert booking is not None
    writing = Writing(booking, writer.user_id, f"{writer.user_id:012}", utcnow())
    keep(session, writing, [Draft(Part.GOAL, words, was, base)])


def reviews(session: Session, ada: Writer, _grace: Writer) -> None:
    review(session, ada, Words("She asks until it is clear."))


def reviews_too(session: Session, _ada: Writer, grace: Writer) -> None:
    review(session, grace, Words("Comes prepared."))


def changes_hers(session: Session, _ada: Writer, grace: Writer) -> None:
    review(session, grace, Words("Now that I have read hers: no."))


def found(world: World, statement: Select[Any]) -> list[Any]:
    with world.app.app_context():
        return list(db.session.scalars(statement))


MESSAGES, STANDING = select(Message.words), select(Mentorship.standing)
ENDINGS = select(StandingChange.by_id).where(StandingChange.standing == Standing.ENDED)
VERSIONS, HERS = select(PaperVersion.number), select(SessionNote.version).where(SessionNote.words == "Hers.")
KEPT_OF: dict[Act, tuple[Select[Any], list[int]]] = {
    sets_a_goal: (VERSIONS, [1]),
    plans: (VERSIONS, [1]),
    notes: (HERS, [2]),
}


@pytest.mark.parametrize("writes", KEPT_OF, ids=lambda act: act.__name__)
@pytest.mark.parametrize("ends_first", [True, False])
def test_what_is_written_while_it_ends_is_kept_and_it_ends(world: World, writes: Act, ends_first: bool) -> None:
    """Either may come first, since neither looks at the other: what was written stays readable for both."""
    acts_of_both = (ends, writes) if ends_first else (writes, ends)

    assert at_once(world, *acts_of_both) == ("", "")
    assert found(world, STANDING) == [Standing.ENDED]
    statement, kept = KEPT_OF[writes]
    assert found(world, statement) == kept


@dataclass(frozen=True, slots=True)
class Race:
    """`refused` is what becomes of the second; `wrong` says what must not be, of the world afterwards."""

    first: Act
    second: Act
    refused: str
    wrong: Callable[[World], bool]


def something_was_sent(world: World) -> bool:
    return found(world, MESSAGES) != []


def it_ended_twice(world: World) -> bool:
    return len(found(world, ENDINGS)) != 1


def a_text_is_lost(world: World) -> bool:
    kept = found(world, select(SessionNote.words)) + found(world, select(NoteAside.words))
    return set(kept) != {"Hers.", "His."}


def a_review_was_changed(world: World) -> bool:
    return "Comes prepared." not in found(world, select(Review.words))


RACES = {
    "a message while the other one blocks": Race(blocks, sends, "ThreadClosed", something_was_sent),
    "a message while it ends": Race(ends, sends, "ThreadClosed", something_was_sent),
    "two ends": Race(ends, ends_too, "", it_ended_twice),
    "changing a review while the other one's makes both public": Race(
        reviews, changes_hers, "ReviewsClosed", a_review_was_changed
    ),
}


@pytest.fixture
def begun(world: World, request: pytest.FixtureRequest) -> Race:
    race = RACES[request.param]
    if race.second is changes_hers:
        acts(world, reviews_too)
    return race


@pytest.mark.parametrize("begun", RACES, indirect=True)
def test_the_second_sees_what_the_first_has_done(world: World, begun: Race) -> None:
    assert at_once(world, begun.first, begun.second) == ("", begun.refused)
    assert not begun.wrong(world)


@pytest.mark.parametrize("begun", RACES, indirect=True)
def test_control_without_locks_the_second_does_what_must_not_be(
    world: World, begun: Race, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Select, "with_for_update", lambda statement, **_: statement)

    at_once(world, begun.first, begun.second)

    assert begun.wrong(world)


def test_of_two_reviews_written_at_once_both_are_kept_and_public_together(world: World) -> None:
    assert at_once(world, reviews, reviews_too) == ("", "")
    assert sorted(found(world, select(Review.words))) == ["Comes prepared.", "She asks until it is clear."]
    assert acts(world, changes_hers) == "ReviewsClosed"


def test_of_two_texts_of_one_note_both_are_kept(world: World) -> None:
    assert at_once(world, notes, notes_otherwise) == ("", "")
    assert not a_text_is_lost(world)


def test_control_without_locking_the_note_one_of_two_texts_is_lost(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Putting an empty note there first waits for the other one, too: it is left out with the lock."""
    monkeypatch.setattr(
        notes_service, "_locked", lambda session, writing, part: session.get(SessionNote, (writing.booking_id, part))
    )

    at_once(world, notes, notes_otherwise)

    assert a_text_is_lost(world)


def test_of_two_plans_made_at_once_the_second_is_shown_the_first(world: World) -> None:
    assert at_once(world, plans, plans_otherwise) == ("", "PaperChanged")
    assert found(world, select(PaperVersion.number)) == [1]


def test_control_without_locks_the_second_plan_fails_on_the_database(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    acts(world, sets_a_goal)
    monkeypatch.setattr(Select, "with_for_update", lambda statement, **_: statement)

    with pytest.raises(IntegrityError):
        at_once(world, plans, plans_otherwise)
