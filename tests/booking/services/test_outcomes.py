"""What became of a session as rows: once, in order, by its own two people; and what the database refuses itself."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from booking.domain.outcomes import WINDOW, Decision, Said, Side
from booking.domain.states import BookingStatus
from booking.models.bookings import Occupancy
from booking.models.claims import BookingClaim
from booking.queries.outcomes import to_bring_forward, waiting_for_answer, waiting_for_operator
from booking.services.outcomes import NotToBeDecided, NotToBeSaid, bring_forward, decide, say
from marketplace.core.db import violated
from tests.booking.bookings import HOUR, TEN, make_booking
from tests.factories import make_mentor, make_offering, make_user

S = BookingStatus
END = TEN + HOUR
CLOSES = END + WINDOW


@pytest.fixture
def booking(session):
    return make_booking(session, make_offering(session, make_mentor(session)), make_user(session))


def says(session, booking, side, said, *, now=END, words="It is so."):
    person = booking.mentee_id if side is Side.MENTEE else booking.mentor_id
    found = say(session, booking, side=side, person_id=person, said=said, words=words, now=now)
    bring_forward(session, booking, now=now)
    return found


def contradict(session, booking):
    says(session, booking, Side.MENTEE, Said.OTHER_MISSING)
    says(session, booking, Side.MENTOR, Said.TOOK_PLACE, now=END + HOUR)


def test_it_completes_by_itself_once_its_end_has_passed(session, booking):
    bring_forward(session, booking, now=END - timedelta(microseconds=1))
    before = booking.state
    bring_forward(session, booking, now=END)

    assert (before, booking.state) == (S.CONFIRMED, S.COMPLETED)
    assert (booking.completed_at, booking.settle_at, booking.settled_at) == (END, CLOSES, None)
    assert len(session.scalars(select(Occupancy)).all()) == 2


def test_it_is_settled_once_the_window_has_passed_and_never_again(session, booking):
    for now in (END, CLOSES, CLOSES + HOUR):
        bring_forward(session, booking, now=now)

    assert (booking.state, booking.completed_at, booking.settle_at, booking.settled_at) == (
        S.COMPLETED,
        END,
        None,
        CLOSES,
    )


def test_nobody_needs_to_have_looked_in_between(session, booking):
    says(session, booking, Side.MENTEE, Said.OTHER_MISSING, now=TEN + timedelta(minutes=10))
    booking_late = CLOSES + timedelta(days=30)

    bring_forward(session, booking, now=booking_late)

    assert (booking.state, booking.completed_at, booking.settled_at) == (S.NO_SHOW_MENTOR, booking_late, booking_late)


@pytest.mark.parametrize("status", [S.HELD, S.EXPIRED, S.CANCELLED_BY_MENTEE])
def test_what_was_not_to_take_place_has_no_outcome(session, booking, status):
    other = make_booking(session, make_offering(session, make_mentor(session)), make_user(session), status=status)

    assert bring_forward(session, other, now=CLOSES) is None
    assert other.state is status
    with pytest.raises(NotToBeSaid):
        says(session, other, Side.MENTEE, Said.OTHER_MISSING)


def test_the_sweep_finds_what_is_over_and_what_nobody_said_more_about(session, booking):
    found = [to_bring_forward(session, END - timedelta(seconds=1)), to_bring_forward(session, END)]
    bring_forward(session, booking, now=END)
    found += [to_bring_forward(session, CLOSES - timedelta(seconds=1)), to_bring_forward(session, CLOSES)]
    bring_forward(session, booking, now=CLOSES)

    assert found == [[], [booking.id], [], [booking.id]]
    assert to_bring_forward(session, CLOSES + HOUR) == []


def test_what_both_say_settles_it(session, booking):
    says(session, booking, Side.MENTEE, Said.OTHER_MISSING)
    waited = booking.settle_at
    says(session, booking, Side.MENTOR, Said.WAS_MISSING, now=END + HOUR)

    assert waited == CLOSES
    assert (booking.state, booking.settled_at, booking.settle_at) == (S.NO_SHOW_MENTOR, END + HOUR, None)
    with pytest.raises(NotToBeSaid):
        says(session, booking, Side.MENTOR, Said.TOOK_PLACE, now=END + HOUR)


@pytest.mark.parametrize("now", [TEN, TEN + timedelta(minutes=9), CLOSES])
def test_too_early_and_too_late_nothing_can_be_said(session, booking, now):
    with pytest.raises(NotToBeSaid):
        says(session, booking, Side.MENTEE, Said.OTHER_MISSING, now=now)


def test_one_says_one_thing_once(session, booking):
    says(session, booking, Side.MENTEE, Said.OTHER_MISSING)

    with pytest.raises(NotToBeSaid):
        says(session, booking, Side.MENTEE, Said.OTHER_MISSING, now=END + HOUR)


def test_what_waits_for_an_answer_is_found_for_whom_it_waits(session, booking):
    says(session, booking, Side.MENTEE, Said.OTHER_MISSING)

    asked = [waiting_for_answer(session, person, END + HOUR) for person in (booking.mentor_id, booking.mentee_id)]

    assert [[found.id for found, _ in each] for each in asked] == [[booking.id], []]
    assert waiting_for_answer(session, booking.mentor_id, CLOSES) == []


def test_who_contradicts_waits_for_the_operator_until_one_decides(session, booking):
    contradict(session, booking)
    olga = make_user(session, "Olga Example", is_operator=True)
    waited = [each.id for each in waiting_for_operator(session, END + HOUR)]

    decide(session, booking, decision=Decision.BOTH_MISSING, by=olga.id, reason="Neither joined.", now=CLOSES)

    assert (waited, waiting_for_operator(session, CLOSES)) == ([booking.id], [])
    assert (booking.state, booking.settled_at, booking.settle_at) == (S.NO_SHOW_BOTH, CLOSES, None)
    assert (booking.decision, booking.decided_by, booking.decision_reason) == (
        "both_missing",
        olga.id,
        "Neither joined.",
    )
    with pytest.raises(NotToBeDecided):
        decide(session, booking, decision=Decision.TOOK_PLACE, by=olga.id, reason="No.", now=CLOSES)


def test_an_operator_decides_nothing_before_both_were_heard(session, booking):
    says(session, booking, Side.MENTEE, Said.PROBLEM)

    with pytest.raises(NotToBeDecided):
        decide(session, booking, decision=Decision.ALL_BACK, by=booking.mentor_id, reason="Yes.", now=CLOSES - HOUR)

    decide(session, booking, decision=Decision.ALL_BACK, by=booking.mentor_id, reason="Yes.", now=CLOSES)
    assert (booking.state, booking.decision) == (S.COMPLETED, "all_back")


def test_a_problem_that_nobody_answered_stands_in_the_queue_without_a_sweep(session, booking):
    says(session, booking, Side.MENTEE, Said.PROBLEM)

    assert waiting_for_operator(session, CLOSES - HOUR) == []
    assert [each.id for each in waiting_for_operator(session, CLOSES)] == [booking.id]


SETTLED = "UPDATE booking SET status = 'completed', completed_at = ends_at, settled_at = ends_at"
MENTEES = (
    "INSERT INTO booking_claim (booking_id, person_id, side, said, said_at) SELECT id, {}, {}, {}, ends_at FROM booking"
)


@pytest.mark.parametrize(
    ("before", "attack", "refused_by"),
    [
        pytest.param("", "UPDATE booking SET status = 'completed'", "over_says_when", id="over at no time"),
        pytest.param(
            "",
            "UPDATE booking SET status = 'completed', completed_at = starts_at",
            "over_after_its_end",
            id="over before its end",
        ),
        pytest.param(
            "",
            "UPDATE booking SET status = 'no_show_mentor', completed_at = ends_at",
            "missed_is_settled",
            id="missed and not settled",
        ),
        pytest.param("", "UPDATE booking SET settled_at = ends_at", "settled_once_over", id="settled while ahead"),
        pytest.param(
            SETTLED, "UPDATE booking SET settle_at = ends_at", "settled_waits_for_nothing", id="settled and waiting"
        ),
        pytest.param(SETTLED, "UPDATE booking SET status = 'no_show_mentee'", "outcome_is_final", id="another outcome"),
        pytest.param(
            SETTLED,
            "UPDATE booking SET status = 'cancelled_by_mentee', cancelled_at = created_at, cancelled_by = mentee_id",
            "outcome_is_final",
            id="cancelled after all",
        ),
        pytest.param(
            "UPDATE booking SET status = 'completed', completed_at = ends_at",
            "UPDATE booking SET status = 'confirmed', completed_at = NULL",
            "outcome_is_final",
            id="ahead again",
        ),
        pytest.param(
            SETTLED, "UPDATE booking SET decision = 'all_back'", "outcome_is_final", id="decided after it was settled"
        ),
        pytest.param(
            "",
            "UPDATE booking SET status = 'completed', completed_at = ends_at, settled_at = ends_at,"
            " decision = 'all_back', decided_at = ends_at, decided_by = mentee_id",
            "decided_says_who_when_and_why",
            id="decided without a reason",
        ),
        pytest.param(
            SETTLED,
            MENTEES.format("mentee_id", "'mentee'", "'was_missing'"),
            "claims_come_before_settling",
            id="said too late",
        ),
        pytest.param(
            "",
            MENTEES.format("mentor_id", "'mentee'", "'was_missing'"),
            "claims_are_of_its_people",
            id="said for another",
        ),
        pytest.param(
            "", MENTEES.format("mentee_id", "'mentee'", "'problem'"), "a_problem_is_told", id="a problem without words"
        ),
        pytest.param(
            MENTEES.format("mentee_id", "'mentee'", "'was_missing'"),
            MENTEES.format("mentee_id", "'mentee'", "'was_missing'"),
            "one_claim_of_a_kind",
            id="said twice",
        ),
        pytest.param(
            MENTEES.format("mentee_id", "'mentee'", "'was_missing'"),
            "UPDATE booking_claim SET said = 'took_place'",
            "claims_are_kept",
            id="put into another's mouth",
        ),
        pytest.param(
            MENTEES.format("mentee_id", "'mentee'", "'was_missing'"),
            "DELETE FROM booking_claim",
            "claims_are_kept",
            id="taken away",
        ),
    ],
)
def test_the_database_refuses_it_whatever_path_it_takes(session, booking, before, attack, refused_by):
    session.flush()
    if before:
        session.execute(text(before))

    with pytest.raises(IntegrityError) as refused:
        session.execute(text(attack))

    assert violated(refused.value) == refused_by


def test_what_was_said_is_kept_with_who_and_when(session, booking):
    says(session, booking, Side.MENTOR, Said.PROBLEM, words="The sound was bad.")

    [row] = session.scalars(select(BookingClaim)).all()
    assert (row.person_id, row.side, row.said, row.words, row.said_at) == (
        booking.mentor_id,
        "mentor",
        "problem",
        "The sound was bad.",
        END,
    )
