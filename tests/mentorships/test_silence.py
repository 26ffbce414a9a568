"""A mentor who does not answer is asked once, in working time; after five working days the operator sees who waits."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range

from booking.models.days import TimeOff
from marketplace.core.clock import utcnow
from marketplace.mentorships.domain.states import Standing
from marketplace.mentorships.models.messages import AnswerWanted
from marketplace.mentorships.models.pairs import Mentorship
from marketplace.mentorships.services.messages import send
from marketplace.mentorships.services.papers import Writer
from marketplace.mentorships.services.silence import look_at_due
from tests.factories import make_user
from tests.jobs import run_jobs, sweep
from tests.mailbox import letters_kept, part
from tests.pages.reading import words
from tests.web import sign_in, submit

IN_THE_MORNING = timedelta(minutes=10)


def december(day, hour=8):
    """Ten past, so that Amsterdam is at work from nine on."""
    return datetime(2026, 12, day, hour, 10, tzinfo=UTC)


@pytest.fixture
def write(session, pair):
    numbers = iter("abcdefgh")

    def written(person, text="Which of the two?"):
        send(session, Writer(pair, person.id, utcnow()), text, form=next(numbers) * 12)
        session.commit()

    return written


@pytest.fixture
def until(app, settings, clock):
    """The subjects of all letters by then, but for those that a message has come."""

    def looked(at):
        while utcnow() < at:
            clock.advance(min(timedelta(hours=6), at - utcnow()))
            sweep(app, "mentorships:silence", "core:sweep_mail")
            run_jobs(app, settings)
        subjects = (str(letter["Subject"]) for letter in letters_kept(settings))
        return sorted(subject for subject in subjects if not subject.startswith("A message"))

    return looked


ASKED = ["Ada Example is waiting for an answer", "We have asked Grace Example for an answer"]


def test_after_two_working_days_the_mentor_is_asked_once_and_after_five_the_operator_sees_it(
    app, settings, session, pair, ada, write, until
):
    olga = make_user(session, "Olga Example", is_operator=True)
    write(ada)  # on Tuesday morning, when Grace is at work already
    operators = app.test_client()
    sign_in(operators, olga)

    assert until(december(3)) == []
    assert until(december(4, 7)) == ASKED[1:]  # the mentee may hear in the evening
    assert until(december(4, 9)) == ASKED
    assert "Which of the two?" not in "".join(part(letter, "plain") for letter in letters_kept(settings))
    assert "Who waits for an answer" not in words(operators.get("/operator"))
    assert until(december(9)) == ASKED
    assert session.scalars(select(AnswerWanted.asked)).one() == 2

    page = words(operators.get("/operator"))

    assert "Tue 1 Dec 2026" in page
    assert "Ada Example with Grace Example" in page
    assert "Which of the two?" not in page


@pytest.mark.parametrize("by", ["an answer", "a press", "the end", "a block"])
def test_nobody_is_asked_once_nothing_is_to_be_answered(app, session, pair, ada, graces_account, write, until, by):
    write(ada)
    graces = app.test_client()
    sign_in(graces, graces_account)
    page = f"/mentorships/{pair.public_id}/messages"
    assert "Ada Example waits for an answer." in words(graces.get(page))
    if by == "an answer":
        write(graces_account)
    elif by == "a press":
        assert submit(graces, f"{page}/no-answer", page=page).status_code == 303
    elif by == "a block":
        assert submit(graces, f"{page}/block", page=page).status_code == 303
    else:
        session.get_one(Mentorship, pair.id).standing = Standing.ENDED
        session.commit()

    assert until(december(4, 9)) == []
    assert session.scalars(select(AnswerWanted)).all() == []


def test_time_off_and_a_rest_do_not_count(session, pair, grace, ada, write, until):
    write(ada)
    first, last = datetime(2026, 12, 2), datetime(2026, 12, 5)  # noqa: DTZ001  # wall clock
    session.add(TimeOff(mentor_id=grace.id, span=Range(first, last)))
    session.commit()

    assert until(december(8, 7)) == []
    session.get_one(Mentorship, pair.id).standing = Standing.PAUSED
    session.commit()
    assert until(december(14)) == []
    session.get_one(Mentorship, pair.id).standing = Standing.OPEN
    session.commit()
    assert until(december(18, 9)) == ASKED


def test_what_is_due_is_looked_at_once_from_however_many_workers(app, session, pair, ada, write, clock):
    write(ada)
    clock.advance(december(4) - utcnow())

    assert [look_at_due(session, utcnow()) for _ in "123"] == [1, 0, 0]
