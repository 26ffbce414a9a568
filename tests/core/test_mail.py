"""The outbox: one row per telling, sent when it is due."""

from datetime import timedelta

from sqlalchemy import func, select

from marketplace.core.mail import MailRow, post
from tests.factories import make_user
from tests.jobs import run_jobs, sweep, waiting_jobs
from tests.mailbox import letters_kept

HOUR = timedelta(hours=1)


def test_one_telling_is_one_letter(app, session, clock):
    for _ in range(2):
        post(session, "tests:fact", key="k", user_id=1, now=clock.now())
    post(session, "tests:fact", key="k", user_id=1, now=clock.now(), sequence=1)
    session.commit()

    assert [name for name, _ in waiting_jobs(app)] == ["core:send_mail", "core:send_mail"]
    assert session.scalar(select(func.count()).select_from(MailRow)) == 2


def test_a_letter_for_later_waits_for_the_sweep(app, settings, session, clock):
    post(
        session,
        "accounts:already_here",
        key="k",
        user_id=make_user(session).id,
        now=clock.now(),
        due_at=clock.now() + HOUR,
    )
    session.commit()
    sweep(app, "core:sweep_mail")
    assert waiting_jobs(app) == []

    clock.advance(HOUR)
    sweep(app, "core:sweep_mail")
    run_jobs(app, settings)

    assert len(letters_kept(settings)) == 1


def test_a_letter_that_cannot_be_written_is_not_tried_again_at_once(app, settings, session, clock):
    post(session, "tests:nobody_writes_this", key="k", user_id=1, now=clock.now())
    session.commit()
    run_jobs(app, settings, failing=True)

    sweep(app, "core:sweep_mail")

    assert waiting_jobs(app) == []
    session.rollback()
    assert session.scalars(select(MailRow)).one().attempts == 1
