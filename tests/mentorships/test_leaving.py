"""What becomes of messages and reviews when an account is closed, and what of them is in one's own copy."""

from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

from sqlalchemy import select

from marketplace.core.clock import utcnow
from marketplace.mentorships.closing import end_mentorships, forget_own_words
from marketplace.mentorships.models.messages import AnswerWanted, ThreadSide
from marketplace.mentorships.services.messages import read_to
from marketplace.mentorships.services.papers import Writer
from marketplace.mentorships.services.reviews import Words, review
from tests.mentorships.test_messages import at, said
from tests.pages.reading import words
from tests.web import sign_in


def test_messages_stay_with_the_other_one_and_nobody_waits_for_an_answer(app, session, pair, ada, graces_account):
    said(session, pair, ada, "Which of the two?")
    read_to(session, pair.id, ada.id, 1)
    session.flush()
    assert session.scalars(select(AnswerWanted)).all() != []

    forget_own_words(session, ada.id, utcnow())
    end_mentorships(session, ada.id, utcnow())
    session.commit()

    assert session.scalars(select(AnswerWanted)).all() == []
    assert session.scalars(select(ThreadSide)).all() == []
    client = app.test_client()
    sign_in(client, graces_account)
    assert "Which of the two?" in words(client.get(f"{at(pair)}/messages"))


def test_a_review_stays_without_the_name_of_who_has_left(app, session, pair, grace, ada, clock):
    review(session, Writer(pair, ada.id, utcnow()), Words("She asks until it is clear.", is_named=True))
    forget_own_words(session, ada.id, utcnow())
    session.commit()
    clock.advance(timedelta(days=8))

    assert "She asks until it is clear. A mentee, 1 Dec 2026" in words(app.test_client().get(f"/mentors/{grace.slug}"))


def test_ones_own_copy_has_the_messages_of_both_and_ones_own_review_alone(app, session, pair, ada, graces_account):
    said(session, pair, ada, "Mine, to be kept", 1)
    said(session, pair, graces_account, "Hers, to be kept", 2)
    review(session, Writer(pair, ada.id, utcnow()), Words("She asks."))
    review(session, Writer(pair, graces_account.id, utcnow()), Words("Comes prepared."))
    session.commit()
    client = app.test_client()
    sign_in(client, ada)

    with ZipFile(BytesIO(client.get("/account/copy.zip").data)) as archive:
        copy = "".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".json"))

    assert "Mine, to be kept" in copy
    assert "Hers, to be kept" in copy
    assert "She asks." in copy
    assert "Comes prepared." not in copy
