"""The notebook of a session, actions, check-ins and the portfolio, as pages."""

import re

import pytest
from sqlalchemy import select, update

from booking.models.bookings import Booking, BookingAnswer
from marketplace.accounts.services.close import close
from marketplace.core.clock import utcnow
from marketplace.mentorships.domain.fit import Item
from marketplace.mentorships.domain.sessions import Part
from marketplace.mentorships.models.fit import FitCheck
from marketplace.mentorships.models.pairs import Mentorship
from marketplace.mentorships.models.sessions import ActionItem, CheckIn, HeardAnswer, SessionNote
from marketplace.mentorships.services.fit import say_fit
from marketplace.mentorships.services.notes import Draft, Writing, keep
from marketplace.mentorships.services.papers import Writer
from tests.mentorships.conftest import NEXT_TUESDAY, WEEK
from tests.mentorships.test_pages import at, queries_of
from tests.pages.reading import words
from tests.web import inputs, submit

NOTES = "/sessions/s3/notes"


@pytest.fixture
def listening(session, pair, offering):
    offering.kind = "listening"
    session.commit()


PORTFOLIOS = ("portfolio", "portfolio.html", "portfolio.json")


def test_both_write_the_steps_and_each_their_own(adas, graces):
    assert submit(adas, NOTES, goal="A page on the problem", **{"base-goal": "0"}).status_code == 303
    assert submit(adas, f"{NOTES}/own", page=NOTES, mentees_own="I am afraid of it.").status_code == 303

    assert "A page on the problem" in words(graces.get(NOTES))
    assert "I am afraid of it." in words(adas.get(NOTES))
    assert "I am afraid of it." not in graces.get(NOTES).text


def test_nobody_writes_into_the_other_ones_own_note(session, adas):
    submit(adas, f"{NOTES}/own", page=NOTES, mentors_own="As if I were Grace.")

    assert session.scalars(select(SessionNote)).all() == []


def test_a_script_is_told_what_became_of_each_part(adas, graces):
    token = {"csrf_token": inputs(adas.get(NOTES).text)["csrf_token"], "form": "a" * 12}
    asked = {"headers": {"Accept": "application/json"}}
    first = adas.post(NOTES, data={**token, "goal": "Ada’s", "base-goal": "0"}, **asked)
    graces_token = {"csrf_token": inputs(graces.get(NOTES).text)["csrf_token"], "form": "g" * 12}
    late = graces.post(NOTES, data={**graces_token, "goal": "Grace’s", "base-goal": "0"}, **asked)
    too_long = adas.post(NOTES, data={**token, "goal": "x" * 10_001, "base-goal": "1"}, **asked)

    assert first.json == {"goal": {"version": 1, "aside": False}}
    assert late.json == {"goal": {"version": 0, "aside": True}}
    assert (too_long.status_code, list(too_long.json["errors"])) == (422, ["goal"])


def test_without_script_who_comes_late_reads_both_texts_and_puts_them_together(adas, graces):
    before = graces.get(NOTES).text
    submit(adas, NOTES, goal="Ada’s")
    late = graces.post(NOTES, data={**inputs(before), "goal": "Grace’s"}, follow_redirects=True)
    (together,) = re.findall(r'action="([^"]+/together)"', late.text)

    assert "Both texts are kept: put them together." in words(late)
    assert "Two texts for “Goal”" in words(adas.get(NOTES))
    assert submit(adas, together, page=NOTES).status_code == 303
    assert "Ada’s Grace’s" in words(graces.get(NOTES))


def test_what_is_too_long_is_said_and_stays_as_typed(adas):
    answer = submit(adas, NOTES, goal="x" * 10_001, reality="As it is.")

    assert answer.status_code == 422
    assert "Use at most 10000 characters; these are 10001." in words(answer)
    assert "As it is." in answer.text


def test_a_session_that_is_not_booked_has_no_notebook(session, adas):
    session.execute(update(Booking).where(Booking.public_id == "s3").values(status="expired", released_at=utcnow()))
    session.commit()

    assert adas.get(NOTES).status_code == 404


def test_an_action_is_noted_once_done_and_taken_up_again(session, adas, graces, pair, ada):
    fields = {**inputs(adas.get(at(pair)).text), "words": "I ask for 20 minutes", "cue": "Anna opens her calendar"}
    fields |= {"due": "2026-12-07", "owner": str(ada.id), "form": "f" * 12}
    answers = [adas.post(f"{at(pair)}/actions", data=fields).status_code for _ in "12"]
    (item,) = session.scalars(select(ActionItem))

    assert answers == [303, 303]
    for page in (at(pair), NOTES):
        assert "When Anna opens her calendar: I ask for 20 minutes Ada Example · by 7 Dec 2026" in words(
            graces.get(page)
        )
    for act in ("done", "done", "open"):
        assert submit(graces, f"{at(pair)}/actions/{item.public_id}/{act}", page=at(pair)).status_code == 303
    session.refresh(item)
    assert item.done_at is None
    assert adas.post(f"{at(pair)}/actions", data={**fields, "words": "", "form": "h" * 12}).status_code == 422


def test_a_check_in_takes_one_form_is_seen_and_the_last_word_of_a_week_counts(session, adas, graces, pair, clock):
    page = f"{at(pair)}/check-in"
    for progress in ("3", "4"):
        assert submit(adas, page, progress=progress, is_stuck="y", words="The sponsor is away.").status_code == 303
    assert "4/10 stuck The sponsor is away." in words(graces.get(at(pair)))
    assert submit(graces, f"{at(pair)}/check-ins/seen", page=at(pair)).status_code == 303
    assert "read by Grace Example" in words(adas.get(at(pair)))
    clock.advance(WEEK)
    assert submit(adas, page, progress="6").status_code == 303

    assert [each.progress for each in session.scalars(select(CheckIn).order_by(CheckIn.week))] == [4, 6]
    assert "Progress, 0 to 10" in words(graces.get(at(pair)))
    assert graces.get(page).status_code == 403
    assert submit(adas, page, progress="11").status_code == 422


def test_a_session_for_listening_measures_nothing(adas, graces, listening, clock):
    for client in (adas, graces):
        page = words(client.get(NOTES))
        assert "This hour is for listening" in page
        assert not any(word in page for word in ("Goal", "What you will do", "Together", "Were you heard?"))
    clock.set(NEXT_TUESDAY + WEEK)

    assert "Were you heard?" in words(adas.get(NOTES))
    assert "Were you heard?" not in words(graces.get(NOTES))


def test_whether_they_were_heard_is_the_mentees_alone(session, adas, graces, listening, clock):
    early = submit(adas, "/sessions/s3/heard", page=NOTES, answer="yes")
    clock.set(NEXT_TUESDAY + WEEK)
    kept = submit(adas, "/sessions/s3/heard", page=NOTES, answer="partly", words="Once.")

    assert (early.status_code, kept.status_code) == (404, 303)
    assert [each.answer for each in session.scalars(select(HeardAnswer))] == ["partly"]
    assert "Once." in adas.get(NOTES).text
    assert "Once." not in graces.get(NOTES).text
    assert submit(graces, "/sessions/s3/heard", page=NOTES, answer="yes").status_code == 404


ALL = "?with=check_ins&with=notes&with=actions&with=mentors_numbers&with=agreement"


def test_the_portfolio_has_what_both_can_read_and_nothing_that_is_ones_own(adas, graces, pair):
    submit(adas, NOTES, goal="A page on the problem")
    submit(adas, f"{NOTES}/own", page=NOTES, mentees_own="I am afraid of it.")
    submit(adas, f"{at(pair)}/check-in", progress="5")

    page, apart, file = (adas.get(f"{at(pair)}/{name}{ALL}") for name in PORTFOLIOS)

    assert "A page on the problem" in words(page)
    assert "A page on the problem" in words(apart)
    note = {"words": "A page on the problem", "last_written_by": "mentee"}
    assert file.json["sessions"][2]["notes"] == {"goal": note}
    assert [each["progress"] for each in file.json["check_ins"]] == [5]
    assert not any("afraid" in answer.text for answer in (page, apart, file))
    assert [graces.get(f"{at(pair)}/{name}").status_code for name in PORTFOLIOS] == [404, 404, 404]


def test_what_may_name_others_is_in_a_portfolio_only_by_choice(adas, graces, pair):
    submit(graces, f"{at(pair)}/agreement/edit", cadence="Every week", confidential="Names of colleagues stay here.")
    submit(adas, NOTES, goal="Anna should hear of it")
    submit(adas, f"{at(pair)}/check-in", progress="5", words="Anna is ill")
    submit(adas, f"{at(pair)}/actions", page=at(pair), words="I ask Anna", owner=str(pair.mentee_id))

    page, apart, file = (adas.get(f"{at(pair)}/{name}") for name in PORTFOLIOS)

    assert not any("Anna" in answer.text for answer in (page, apart, file))
    assert "Names of colleagues stay here." in words(page)
    assert "Names of colleagues" not in apart.text
    assert {"check_ins", "actions", "agreement"}.isdisjoint(file.json)
    for extra, said in (("notes", "Anna should hear"), ("check_ins", "Anna is ill"), ("actions", "I ask Anna")):
        chosen = [adas.get(f"{at(pair)}/{name}?with={extra}") for name in PORTFOLIOS]
        assert all(said in answer.text and answer.text.count("Anna") == 1 for answer in chosen)


def test_a_portfolio_taken_along_needs_nothing_of_this_site(adas, pair):
    page = adas.get(f"{at(pair)}/portfolio.html")

    assert page.headers["Content-Disposition"].startswith("attachment")
    assert re.findall(r"(?:src|href|action)=|csrf|<script", page.text) == []


def test_who_leaves_takes_their_own_words_along_and_what_both_wrote_stays(session, adas, pair, ada, clock):
    submit(adas, NOTES, goal="A page on the problem")
    submit(adas, f"{NOTES}/own", page=NOTES, mentees_own="I am afraid of it.")
    submit(adas, f"{at(pair)}/check-in", progress="5")
    for person in (pair.mentor_id, pair.mentee_id):
        say_fit(session, Writer(pair, person, utcnow()), 1, dict.fromkeys(Item, 4))
    clock.set(NEXT_TUESDAY + WEEK)
    session.execute(
        update(Booking)
        .where(Booking.status == "confirmed")
        .values(status="completed", completed_at=Booking.ends_at, settled_at=Booking.ends_at)
    )
    session.execute(update(Booking).where(Booking.settled_at.is_(None)).values(settled_at=Booking.ends_at))
    session.commit()

    close(session, ada.id, now=utcnow())
    session.commit()

    assert [note.part for note in session.scalars(select(SessionNote))] == [Part.GOAL]
    assert session.scalars(select(CheckIn)).all() == []
    assert session.scalars(select(FitCheck.by_id)).all() == [pair.mentor_id]
    assert session.scalars(select(Mentorship.standing)).all() == ["ended"]


def test_a_long_mentorship_takes_as_many_queries_as_a_young_one(session, adas, pair, ada):
    def write(number):
        booking = session.scalars(select(Booking).order_by(Booking.id)).first()
        form = f"{number:012}".translate(str.maketrans("0123456789", "abcdefghij"))
        keep(session, Writing(booking.id, ada.id, form, utcnow()), [Draft(Part.GOAL, f"Note {number}", "", number)])
        session.add(
            ActionItem(
                public_id=form,
                mentorship_id=pair.id,
                owner_id=ada.id,
                words="I do it",
                made_by_id=ada.id,
                made_at=utcnow(),
            )
        )
        week = NEXT_TUESDAY.date() - number * WEEK
        session.add(
            CheckIn(
                mentorship_id=pair.id,
                week=week.fromordinal(week.toordinal() - 1),
                progress=5,
                is_stuck=False,
                at=utcnow() - number * WEEK,
            )
        )
        session.commit()

    pages = (at(pair), NOTES, *(f"{at(pair)}/{name}{ALL}" for name in PORTFOLIOS))
    write(0)
    few = [len(queries_of(adas, page)) for page in pages]
    for number in range(1, 105):
        write(number)

    many = [len(queries_of(adas, page)) for page in pages]

    assert many == few
    assert max(many) < 15


def test_what_was_answered_before_the_fit_call_is_in_its_notebook_and_on_the_mentorships_page(
    session, adas, graces, pair
):
    call = session.scalars(select(Booking).where(Booking.public_id == "s3")).one()
    session.add(BookingAnswer(booking_id=call.id, question="tried", answer="Reading designs alone"))
    session.commit()

    for client in (adas, graces):
        for url in (NOTES, at(pair)):
            assert "What have you tried? Reading designs alone" in words(client.get(url))
