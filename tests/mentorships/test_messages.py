"""What the two of a mentorship write to each other, and who hears of it when."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.core.clock import utcnow
from marketplace.core.mail import MailRow
from marketplace.mentorships.domain.messages import MOST_AN_HOUR, PER_PAGE, Between, Closed, why_closed
from marketplace.mentorships.domain.states import Standing
from marketplace.mentorships.models.messages import Message
from marketplace.mentorships.models.pairs import Mentorship
from marketplace.mentorships.services.messages import send
from marketplace.mentorships.services.papers import Writer
from marketplace.mentorships.services.tell_messages import WRITTEN
from tests.jobs import run_jobs, sweep
from tests.mailbox import letters_kept, links, part
from tests.mentorships.conftest import NEXT_TUESDAY
from tests.pages.reading import words
from tests.queries import count_queries
from tests.web import inputs, submit

SATURDAY = timedelta(days=4)
OPEN = Between(Standing.OPEN, meets=True, other_is_gone=False, i_block=False, other_blocks=False)


def at(pair):
    return f"/mentorships/{pair.public_id}"


def said(session, pair, person, text, number=0):
    send(session, Writer(pair, person.id, utcnow()), text, form=f"{text:a<11.11}{number}")


def write(client, pair, text, **fields):
    url = f"{at(pair)}/messages"
    return client.post(url, data={**inputs(client.get(url).text), "words": text, **fields})


def letters(app, settings):
    sweep(app, "core:sweep_mail")
    run_jobs(app, settings)
    return letters_kept(settings)


@pytest.mark.parametrize(
    ("standing", "meets", "gone", "mine", "theirs", "expected"),
    [
        (Standing.OPEN, False, False, False, False, None),
        (Standing.COMPLETED, False, False, False, False, None),
        (Standing.ENDED, True, False, False, False, None),
        (Standing.ENDED, False, False, False, False, Closed.ENDED),
        (Standing.OPEN, True, False, False, True, Closed.BLOCKED),
        (Standing.OPEN, True, False, True, True, Closed.BLOCKED_BY_ME),
        (Standing.OPEN, True, True, True, True, Closed.GONE),
    ],
)
def test_who_may_write(standing, meets, gone, mine, theirs, expected):
    assert why_closed(Between(standing, meets, gone, mine, theirs)) == expected


def test_the_two_write_to_each_other_and_the_menu_counts_what_is_new(pair, adas, graces):
    assert "Mentorships (" not in words(graces.get("/sessions"))

    for text in ("May I send you the page?", "It is at https://example.org/page."):
        assert write(adas, pair, text).status_code == 303

    assert "Mentorships (2)" in words(graces.get("/desk"))
    assert "2 new messages" in words(graces.get("/mentorships"))
    page = graces.get(f"{at(pair)}/messages")
    assert "Ada Example 09:00 new May I send you the page?" in words(page)
    assert '<a href="https://example.org/page" rel="nofollow noopener noreferrer">' in page.text
    assert "Mentorships (" not in words(graces.get(f"{at(pair)}/messages"))
    assert "You 09:00 May I send you the page?" in words(adas.get(f"{at(pair)}/messages"))


def test_what_is_sent_twice_is_written_once(session, pair, adas):
    url = f"{at(pair)}/messages"
    form = {**inputs(adas.get(url).text), "words": "Once."}

    assert [adas.post(url, data=form).status_code for _ in "12"] == [303, 303]
    assert len(session.scalars(select(Message)).all()) == 1


@pytest.mark.parametrize(
    ("typed", "sentence"), [("", "Write something first."), ("x" * 4001, "Use at most 4000 characters")]
)
def test_what_cannot_be_sent_stays_in_the_field(pair, adas, typed, sentence):
    answer = write(adas, pair, typed)

    assert answer.status_code == 422
    assert sentence in words(answer)
    assert typed in answer.text


def test_more_than_anybody_reads_in_an_hour_waits(session, pair, ada, adas, clock):
    for number in range(MOST_AN_HOUR):
        said(session, pair, ada, f"No {number} ", number % 10)
    session.commit()

    refused = write(adas, pair, "And another thing.")
    clock.advance(timedelta(hours=1))

    assert refused.status_code == 422
    assert "That is 30 messages within an hour." in words(refused)
    assert "And another thing." in refused.text
    assert write(adas, pair, "And another thing.").status_code == 303


def test_who_blocks_is_written_to_no_more_until_they_allow_it(session, pair, adas, graces):
    page = f"{at(pair)}/messages"
    typed = {**inputs(adas.get(page).text), "words": "Are you there?"}
    assert submit(graces, f"{page}/block", page=page).status_code == 303

    refused = adas.post(page, data=typed)

    assert refused.status_code == 409
    assert "takes no messages at the moment. Sessions that are booked stay booked." in words(refused)
    assert "Are you there?" in refused.text
    assert "You have blocked messages here" in words(graces.get(page))
    assert session.scalars(select(Message)).all() == []
    assert submit(graces, f"{page}/unblock", page=page).status_code == 303
    assert adas.post(page, data=typed).status_code == 303


def test_a_thread_is_read_backwards_in_as_many_queries_as_a_short_one(session, pair, ada, adas):
    page = f"{at(pair)}/messages"
    said(session, pair, ada, "The first of all")
    session.commit()
    adas.get(page)  # what is new is noted once
    with count_queries() as few:
        adas.get(page)
    for number in range(1, PER_PAGE + 1):
        session.add(
            Message(public_id=f"n{number}", mentorship_id=pair.id, by_id=ada.id, words=f"Word {number}", at=utcnow())
        )
    session.commit()
    adas.get(page)

    with count_queries() as many:
        newest = adas.get(page)

    assert len(many) == len(few)
    assert "The first of all" not in newest.text
    (earlier,) = [line for line in newest.text.split('"') if "before=" in line]
    older = words(adas.get(earlier))
    assert "The first of all" in older
    assert "To the newest messages" in older


def test_the_mentor_hears_once_in_working_hours_until_they_have_looked(
    app, settings, session, clock, pair, ada, graces
):
    clock.advance(SATURDAY)
    for number in (1, 2):
        said(session, pair, ada, "On a Saturday ", number)
    session.commit()
    assert letters(app, settings) == []
    clock.advance(timedelta(days=2))

    (letter,) = letters(app, settings)

    assert letter["Subject"] == "A message from Ada Example"
    assert "Ada Example has written you 2 messages." in part(letter, "plain")
    assert "On a Saturday" not in part(letter, "plain") + part(letter, "html")
    assert links(letter, settings) == [f"{at(pair)}/messages#reply"]
    said(session, pair, ada, "Still unread ", 3)
    session.commit()
    assert len(letters(app, settings)) == 1
    graces.get(f"{at(pair)}/messages")
    said(session, pair, ada, "A new one ", 4)
    session.commit()
    assert len(letters(app, settings)) == 2


def test_who_has_been_there_or_wants_none_gets_no_letter(app, settings, session, clock, pair, ada, graces):
    clock.advance(SATURDAY)
    said(session, pair, ada, "On a Saturday")
    session.commit()
    graces.get(f"{at(pair)}/messages")
    clock.advance(timedelta(days=2))

    assert letters(app, settings) == []
    assert session.scalars(select(MailRow.status).where(MailRow.fact == WRITTEN)).all() == ["dropped"]


def test_after_the_end_only_a_session_ahead_keeps_the_thread_open(session, clock, pair, ada, adas):
    pair = session.get_one(Mentorship, pair.id)
    pair.standing = Standing.ENDED
    session.commit()
    assert write(adas, pair, "Before we meet").status_code == 303

    clock.advance(NEXT_TUESDAY + timedelta(days=1) - utcnow())

    assert "This mentorship has ended, so no more messages are sent." in words(adas.get(f"{at(pair)}/messages"))
