"""Fit checks: asked quietly, answered alone, and known to nobody else but as a share of many."""

from datetime import UTC, datetime, timedelta
from itertools import count as count_up

import pytest
from sqlalchemy import select

from marketplace.core.clock import utcnow
from marketplace.core.mail import MailRow
from marketplace.mentorships.domain.fit import Item
from marketplace.mentorships.domain.states import Standing
from marketplace.mentorships.models.fit import FitCheck
from marketplace.mentorships.models.pairs import Mentorship
from marketplace.mentorships.services.fit import ASKED, ask_both, say_fit
from marketplace.mentorships.services.papers import Writer
from marketplace.mentorships.services.standing import decide
from tests.factories import make_user
from tests.jobs import run_jobs, sweep
from tests.mailbox import letters_kept
from tests.mentorships.conftest import NEXT_TUESDAY, WEEK
from tests.mentorships.test_pages import at
from tests.pages.reading import words
from tests.pages.sales import make_sale
from tests.web import sign_in, submit

TOP = {str(item): "4" for item in Item} | {"number": "3"}
WEEKS = count_up(1)


def answer(client, pair, **answers):
    return submit(client, f"{at(pair)}/fit", page=f"{at(pair)}/fit", **{**TOP, **answers})


def third_session_over(clock):
    clock.set(NEXT_TUESDAY + timedelta(hours=2))


def test_each_answers_alone_and_reads_no_more_than_their_own(adas, graces, pair, clock):
    third_session_over(clock)
    assert answer(adas, pair, way="1").status_code == 303
    assert answer(graces, pair, person="0").status_code == 303

    hers, his = words(adas.get(f"{at(pair)}/fit")), words(graces.get(f"{at(pair)}/fit"))

    assert "a little" in hers
    assert "not at all" not in hers
    assert "not at all" in his
    assert "a little" not in his
    assert "Four questions, for you alone" not in words(adas.get(at(pair)))


def test_a_fall_from_the_top_is_pointed_out_to_whoever_answered(session, adas, graces, pair, ada, clock):
    say_fit(session, Writer(pair, ada.id, utcnow()), 1, dict.fromkeys(Item, 4))
    session.commit()
    third_session_over(clock)

    answer(adas, pair, way="3")

    shown = words(adas.get(f"{at(pair)}/fit"))
    assert "Something was as good as it can be, and is not any more." in shown
    assert "The right way. Change how you work together, or correct the plan." in shown
    assert "as good as it can be" not in words(graces.get(f"{at(pair)}/fit"))


def test_what_is_left_is_not_asked_again(session, adas, pair, clock):
    third_session_over(clock)
    assert "Four questions, for you alone" in words(adas.get(at(pair)))

    submit(adas, f"{at(pair)}/fit/leave", page=at(pair))

    assert "Four questions, for you alone" not in words(adas.get(at(pair)))
    submit(adas, f"{at(pair)}/fit", page=at(pair), **TOP)
    assert [check.answers for check in session.scalars(select(FitCheck))] == [None]


def test_an_empty_form_says_what_is_missing_and_keeps_what_was_chosen(adas, pair, clock):
    third_session_over(clock)

    page = submit(adas, f"{at(pair)}/fit", page=f"{at(pair)}/fit", heard="3", number="3")

    assert page.status_code == 422
    assert page.text.count("Choose one of the five.") == 2 * 3
    assert 'checked class="form-check-input" id="heard-3"' in page.text


def test_a_session_for_listening_counts_for_nothing(session, adas, pair, offering, clock):
    offering.kind = "listening"
    session.commit()
    third_session_over(clock)

    assert "Nothing is asked now." in words(adas.get(f"{at(pair)}/fit"))


def test_both_are_asked_by_one_letter_in_working_time(app, session, settings, pair, ada, graces_account, clock):
    clock.set(NEXT_TUESDAY + timedelta(minutes=89))
    sweep(app, "mentorships:ask_fit")
    assert session.scalars(select(MailRow).where(MailRow.fact == ASKED)).all() == []
    clock.set(NEXT_TUESDAY + timedelta(minutes=90))

    for _ in range(2):
        sweep(app, "mentorships:ask_fit")

    asked = session.scalars(select(MailRow).where(MailRow.fact == ASKED)).all()
    assert {(row.user_id, row.key) for row in asked} == {
        (person.id, f"{pair.public_id}-3") for person in (ada, graces_account)
    }


@pytest.mark.parametrize("why", ["answered", "over", "late"])
def test_the_letter_is_dropped_when_there_is_no_point_in_it(app, session, settings, pair, ada, clock, why):
    third_session_over(clock)
    ask_both(session, utcnow())
    if why == "answered":
        say_fit(session, Writer(pair, ada.id, utcnow()), 3, None)
    elif why == "over":
        decide(session, pair.public_id, Standing.ENDED, by_id=ada.id, now=utcnow())
    else:
        clock.advance(timedelta(days=15))
    session.commit()

    sweep(app, "core:sweep_mail")
    run_jobs(app, settings)

    to_grace = [] if why in ("over", "late") else ["grace"]
    assert [str(letter["To"])[:5] for letter in letters_kept(settings)] == to_grace


def many_answers(session, offering, count, misfits, when):
    """Of so many mentees of one mentor."""
    for number in range(count):
        mentee = make_user(session, "Alan Example")
        make_sale(session, offering, mentee, NEXT_TUESDAY + next(WEEKS) * WEEK)
        row = session.scalars(select(Mentorship).where(Mentorship.mentee_id == mentee.id)).one()
        answers = dict.fromkeys(Item, 4) | ({Item.PERSON: 0} if number < misfits else {})
        say_fit(session, Writer(row, mentee.id, when), 1, answers)
    session.commit()


NOVEMBER = datetime(2026, 11, 20, tzinfo=UTC)


def test_an_operator_reads_closed_months_of_ten_people_in_steps_of_five(app, session, pair, offering):
    many_answers(session, offering, 12, 4, NOVEMBER)
    many_answers(session, offering, 9, 9, NOVEMBER - timedelta(days=31))
    many_answers(session, offering, 11, 11, utcnow())
    client, olga = app.test_client(), make_user(session, "Olga Example", is_operator=True)
    session.commit()
    sign_in(client, olga)

    page = words(client.get("/operator/fit"))

    assert "November 2026 10 or more about 35 % as expected" in page
    assert "October 2026 too few to tell" in page
    assert "December" not in page


@pytest.mark.parametrize(
    ("count", "misfits", "told"),
    [
        pytest.param(9, 0, None, id="too few"),
        pytest.param(10, 4, "Your pairs fit as often as pairs usually do.", id="within the band"),
        pytest.param(10, 5, "More of your mentees than usual say that you two do not fit.", id="more than usual"),
    ],
)
def test_a_mentor_learns_only_whether_their_pairs_fit_as_usual(session, graces, pair, offering, count, misfits, told):
    many_answers(session, offering, count, misfits, NOVEMBER)
    many_answers(session, offering, 5, 5, utcnow())

    page = words(graces.get("/mentorships"))

    assert ("Your pairs fit" in page or "do not fit" in page) is bool(told)
    assert told is None or told in page
