"""How a pair works together, before its second paid session: asked for, told by letter, and nobody kept by another."""

import pytest
from sqlalchemy import select

from booking.domain.states import BookingStatus
from booking.models.bookings import Booking
from marketplace.core.clock import utcnow
from marketplace.core.mail import MailRow
from marketplace.mentorships.domain.papers import Agreement, Kind
from marketplace.mentorships.models.papers import Paper
from marketplace.mentorships.queries.papers import papers_of
from marketplace.mentorships.services.papers import Writer, agree, write
from marketplace.mentorships.services.telling import AGREE
from tests.factories import make_offering, make_user
from tests.jobs import run_jobs, sweep
from tests.mailbox import letters_kept
from tests.mentorships.test_pages import at, sent
from tests.pages.reading import words
from tests.web import ANSWERS, csrf, sign_in

CHOSEN = "/mentors/grace?start=2026-12-09T10:00Z"


def written_by(session, pair, *people, cadence="Weekly"):
    """By the first; the others agree."""
    now = utcnow()
    known = papers_of(session, pair.id).agreement
    base = known.version.number if known else 0
    paper = write(session, Writer(pair, people[0], now), Kind.AGREEMENT, Agreement(cadence), base=base)
    for person in people[1:]:
        agree(session, Writer(pair, person, now), paper.id, number=base + 1)
    session.commit()


def shown(client):
    """Whether the button to book is there, and what is said."""
    page = client.get(CHOSEN)
    assert page.status_code == 200
    return "Pay and book" in words(page), words(page)


def test_only_what_waits_for_the_mentee_is_asked_for_before_they_book(session, adas, pair, ada, grace):
    may_book, page = shown(adas)
    assert may_book
    assert "You two have not written down yet how you work together" in page

    written_by(session, pair, ada.id)
    may_book, page = shown(adas)
    assert may_book
    assert "Grace Example has not agreed yet to how you work together." in page

    written_by(session, pair, grace.id, cadence="Every second week")
    may_book, page = shown(adas)
    assert not may_book
    assert "Read it and agree, or change it; then book." in page

    written_by(session, pair, ada.id, grace.id, cadence="Monthly")
    may_book, page = shown(adas)
    assert may_book
    assert "how you work together" not in page


def test_before_the_first_paid_session_nothing_is_asked(app, session, pair):
    alan = make_user(session, "Alan Example")
    session.commit()
    client = app.test_client()
    sign_in(client, alan)

    may_book, page = shown(client)

    assert may_book
    assert "how you work together" not in page


def booked(client, offering, **fields):
    chosen = {"offering": str(offering.id), "start": "2026-12-09T10:00Z", "agenda": "The page.", **fields}
    return client.post("/mentors/grace/holds", data={"csrf_token": csrf(client, "/account"), **chosen})


def test_a_form_from_before_does_not_get_around_it_and_what_was_chosen_stays(session, adas, pair, ada, grace, offering):
    written_by(session, pair, grace.id)
    answer = booked(adas, offering)

    assert answer.status_code == 409
    assert "waits for your yes" in words(answer)
    assert 'value="2026-12-09T10:00Z"' in answer.text
    assert "The page.</textarea>" in answer.text
    assert session.scalars(select(Booking).where(Booking.status == BookingStatus.HELD)).all() == []
    session.rollback()

    agree(session, Writer(pair, ada.id, utcnow()), session.scalars(select(Paper.id)).one(), number=1)
    session.commit()

    assert booked(adas, offering).status_code == 303


def test_what_costs_nothing_is_booked_all_the_same(session, adas, pair, grace):
    call = make_offering(session, grace, kind="fit_call")
    written_by(session, pair, grace.id)

    assert booked(adas, call, **ANSWERS).status_code == 303


@pytest.mark.parametrize("agreed", [False, True], ids=["waits", "agreed before it went out"])
def test_the_other_one_is_told_by_one_letter_if_it_still_waits(
    app, session, settings, pair, ada, graces_account, agreed
):
    client = app.test_client()
    sign_in(client, graces_account)
    for _ in range(2):
        assert sent(client, f"{at(pair)}/agreement/edit", cadence="Weekly").status_code == 303
    assert [row.user_id for row in session.scalars(select(MailRow).where(MailRow.fact == AGREE))] == [ada.id]
    if agreed:
        paper = session.scalars(select(Paper)).one()
        agree(session, Writer(pair, ada.id, utcnow()), paper.id, number=1)
        session.commit()

    sweep(app, "core:sweep_mail")
    run_jobs(app, settings)

    told = [letter["Subject"] for letter in letters_kept(settings)]
    assert told == ([] if agreed else ["How you work together, by Grace Example"])
