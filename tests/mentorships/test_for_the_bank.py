"""Of what two people wrote a bank reads only what one of them has ticked: once, seen by the other, and logged."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from marketplace.accounts.models import User
from marketplace.core.audit import AuditEntry
from marketplace.core.clock import utcnow
from marketplace.core.db import violated
from marketplace.core.mail import MailRow
from marketplace.mentorships.domain.sessions import Part
from marketplace.mentorships.models.pairs import Mentorship
from marketplace.mentorships.services.messages import send
from marketplace.mentorships.services.notes import Draft, Writing, keep
from marketplace.mentorships.services.papers import Writer
from payments.domain.attachments import LONGEST
from payments.evidence import evidence_of
from payments.models.disputes import Dispute, DisputeAttachment
from tests.jobs import run_jobs
from tests.mailbox import letters_kept, part
from tests.operator.conftest import olga
from tests.operator.test_disputes import disputed, press, url
from tests.pages.reading import words
from tests.payments.conftest import ada, alan, bought, hour, sold, till
from tests.web import csrf, sign_in

__all__ = ["ada", "alan", "bought", "disputed", "hour", "olga", "sold", "till", "url"]

WRITTEN = {"a" * 12: "It was a great hour.", "b" * 12: "I am in the hospital."}
A, B = (f"message-{name}" for name in WRITTEN)


@pytest.fixture
def grace(session, sold):
    return session.get_one(User, sold.purchase.mentor_id)


@pytest.fixture
def page(session, sold, ada, grace, disputed):
    """Both have written, a session has notes, and a bank disputes its payment."""
    pair, now = session.scalars(select(Mentorship)).one(), utcnow()
    for writer, (form, said) in zip((ada, grace), WRITTEN.items(), strict=True):
        send(session, Writer(pair, writer.id, now), said, form=form)
    for where, said in ((Part.GOAL, "To lead"), (Part.MENTEES_OWN, "Ada alone")):
        keep(session, Writing(sold.booking.id, ada.id, "w" * 12, now), [Draft(where, said, "", 0)])
    session.commit()
    return f"/mentorships/{pair.public_id}/sessions/{sold.booking.public_id}/for-the-bank"


@pytest.fixture
def ticks(app, page):
    def ticked(who, *chosen):
        client = app.test_client()
        sign_in(client, who)
        return client.post(page, data={"csrf_token": csrf(client, "/account"), "chosen": list(chosen)})

    return ticked


def to_the_bank(session, settings):
    session.rollback()
    found = evidence_of(session, session.scalars(select(Dispute)).one(), "", settings)["uncategorized_text"]
    session.rollback()
    return found


def attached(session):
    session.rollback()
    return session.scalars(select(DisputeAttachment.source).order_by(DisputeAttachment.source)).all()


def test_a_bank_reads_what_is_ticked_and_nothing_else(session, settings, ada, ticks, sold):
    before = to_the_bank(session, settings)

    answer = ticks(ada, A, f"notes-{sold.booking.id}")

    after = to_the_bank(session, settings)
    assert answer.status_code == 303
    assert [said in before for said in (*WRITTEN.values(), "To lead")] == [False, False, False]
    assert [said in after for said in (*WRITTEN.values(), "To lead")] == [True, False, True]
    assert "Message of Ada Example, written at 2026-12-01 08:00 UTC, attached by Ada Example at" in after
    assert "Ada alone" not in after


def test_what_somebody_wrote_for_themselves_is_not_even_offered(client, ada, page):
    sign_in(client, ada)

    shown = words(client.get(page))

    assert [said in shown for said in (*WRITTEN.values(), "To lead", "Ada alone")] == [True, True, True, False]


def test_the_other_one_sees_what_was_attached_by_whom_and_when_and_the_log_says_it(
    client, session, sold, ada, grace, ticks, clock
):
    clock.advance(timedelta(minutes=5))
    ticks(ada, B)
    sign_in(client, grace)

    session_page = words(client.get(f"/sessions/{sold.booking.public_id}"))

    assert "Ada Example has let us show this message of Grace Example from" in session_page
    assert WRITTEN["b" * 12] in session_page
    entry = session.scalars(select(AuditEntry).where(AuditEntry.what == "payments:words_attached")).one()
    assert (entry.actor_id, entry.subject, entry.detail["attached"]) == (ada.id, sold.booking.public_id, [B])


def test_it_is_attached_once_by_whomever_and_the_rest_can_still_be(session, ada, grace, ticks):
    first, again, more = ticks(ada, A), ticks(grace, A), ticks(grace, A, B)

    assert [each.status_code for each in (first, again, more)] == [303, 409, 303]
    assert "That has been attached before." in words(again)
    assert attached(session) == [A, B]


def test_it_stays_as_it_was_attached(session, settings, sold, ada, ticks):
    ticks(ada, f"notes-{sold.booking.id}")
    keep(session, Writing(sold.booking.id, ada.id, "v" * 12, utcnow()), [Draft(Part.GOAL, "To follow", "To lead", 1)])
    session.commit()

    assert "To lead" in to_the_bank(session, settings)


@pytest.mark.parametrize(
    ("chosen", "status", "says"),
    [
        pytest.param([], 422, "Tick what the bank may read, or leave this page.", id="nothing"),
        pytest.param(["message-of-nobody"], 409, "There is nothing to attach any more", id="of nobody"),
        pytest.param(["notes-999999"], 409, "There is nothing to attach any more", id="notes of another session"),
        pytest.param([f"message-{'c' * 12}"], 409, "There is nothing to attach any more", id="of another pair"),
    ],
)
def test_what_is_not_theirs_is_nothing_to_attach(session, ada, alan, grace, ticks, chosen, status, says):
    other = Mentorship(
        public_id="o" * 12, mentor_id=grace.id, mentee_id=alan.id, began_at=utcnow(), since=utcnow(), standing="open"
    )
    session.add(other)
    session.flush()
    send(session, Writer(other, alan.id, utcnow()), "Alan alone.", form="c" * 12)
    session.commit()

    answer = ticks(ada, *chosen)

    assert (answer.status_code, says in words(answer)) == (status, True)
    assert attached(session) == []


def test_no_more_is_attached_than_a_bank_reads_and_what_was_ticked_stays_ticked(session, ada, ticks):
    pair = session.scalars(select(Mentorship)).one()
    for number in range(LONGEST // 4000 + 1):
        send(session, Writer(pair, ada.id, utcnow()), "x" * 4000, form=f"{number:012}")
    session.commit()

    answer = ticks(ada, *(f"message-{number:012}" for number in range(LONGEST // 4000 + 1)))

    assert (answer.status_code, answer.text.count(" checked")) == (409, LONGEST // 4000 + 1)
    assert "That is more than the bank reads." in words(answer)
    assert attached(session) == []


def test_once_the_answer_is_on_its_way_nothing_can_be_attached(client, session, olga, url, ada, ticks, page):
    press(client, url, "send")

    answer = ticks(ada, A)

    assert (answer.status_code, "There is nothing more to attach" in words(answer)) == (409, True)
    assert attached(session) == []


def test_what_an_operator_has_read_is_read_once_more_when_something_is_attached(client, olga, url, ada, ticks):
    preview = press(client, url, "preview")
    ticks(ada, A)

    page = words(client.get(url))

    assert WRITTEN["a" * 12] not in words(preview)
    assert WRITTEN["a" * 12] in page


def test_the_database_keeps_one_of_each_and_of_messages_whose_they_are(session, sold, ada, page):
    dispute = session.scalars(select(Dispute.id)).one()
    values = {"dispute": dispute, "booking": sold.booking.id, "person": ada.id, "at": utcnow()}
    session.commit()

    with pytest.raises(IntegrityError) as refused:
        session.execute(
            text(
                "INSERT INTO dispute_attachment (dispute_id, source, kind, booking_id, person_id, words, attached_at)"
                " VALUES (:dispute, 'message-1', 'message', :booking, :person, 'x', :at)"
            ),
            values,
        )

    assert violated(refused.value) == "message_says_whose_and_when"


def letters_to(settings, reader):
    return [
        each for each in letters_kept(settings) if each["To"] == reader.email and "lets a bank read" in each["Subject"]
    ]


def test_the_other_one_is_told_by_letter_of_each_press_and_never_the_words(
    app, settings, session, sold, ada, grace, ticks, clock
):
    notes = f"notes-{sold.booking.id}"
    ticks(ada, A, B, notes)
    ticks(ada, A, B, notes)
    run_jobs(app, settings)

    [letter] = letters_to(settings, grace)
    read = part(letter, "plain")
    assert letters_to(settings, ada) == []
    assert f"Ada Example lets a bank read words of you two: {sold.booking.title}" in letter["Subject"]
    assert (
        "On Tue 1 Dec, 09:00 (Europe/Amsterdam) Ada Example has let us show this to the bank that asks about the"
        " payment of this session: the shared notes and 2 messages." in " ".join(read.split())
    )
    assert f"/sessions/{sold.booking.public_id}#dispute-title" in read
    assert not [said for said in (*WRITTEN.values(), "To lead") if said in letter.as_string()]


def test_each_press_has_its_letter_a_mentor_s_in_working_time(session, sold, ada, grace, ticks, clock):
    def due(reader):
        session.rollback()
        of_reader = (MailRow.fact == "payments:attached", MailRow.user_id == reader.id)
        rows = session.scalars(select(MailRow.due_at).where(*of_reader).order_by(MailRow.id))
        return [f"{at:%a %H:%M}" for at in rows]

    ticks(ada, A)
    clock.advance(timedelta(hours=12))
    ticks(ada, A, B)
    ticks(grace, f"notes-{sold.booking.id}")

    assert due(grace) == ["Tue 08:00", "Wed 08:00"]
    assert due(ada) == ["Tue 20:00"]
