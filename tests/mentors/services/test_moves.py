"""From draft to approved and back: what is kept, what is written down, what is refused."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from marketplace.accounts.models import User
from marketplace.core.audit import AuditEntry
from marketplace.core.db import violated
from marketplace.core.errors import NotFound
from marketplace.mentors.domain.states import MentorStatus, Move, after
from marketplace.mentors.services import moves
from marketplace.mentors.services.moves import NotNow, ProfileChanged, ProfileIncomplete
from marketplace.mentors.services.profile import save_story
from tests.conftest import TUESDAY
from tests.factories import make_mentor, make_user

LATER = TUESDAY + timedelta(days=3)


def mentor(session, status="approved", **given):
    return make_mentor(session, status=status, **given)


def deeds(session):
    return [(each.what, each.reason) for each in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]


@pytest.fixture
def olga(session):
    return make_user(session, "Olga Example", is_operator=True)


@pytest.mark.parametrize("status", ["draft", "changes_wanted"])
def test_a_whole_profile_can_be_sent_in(session, status):
    grace = mentor(session, status)

    moves.submit(session, grace.id, now=LATER)

    assert (grace.status, grace.submitted_at, grace.reason) == ("submitted", LATER, "")
    assert deeds(session) == [("mentors:submitted", "")]


def test_sent_in_twice_it_waits_since_the_first_time(session):
    grace = mentor(session, "draft")
    moves.submit(session, grace.id, now=TUESDAY)

    moves.submit(session, grace.id, now=LATER)

    assert grace.submitted_at == TUESDAY
    assert len(deeds(session)) == 1


@pytest.mark.parametrize(
    "lacking", [{"headline": ""}, {"story": ""}, {"how_i_work": ""}, {"city": ""}, {"country": None}, {"languages": []}]
)
def test_a_profile_that_lacks_something_cannot(session, lacking):
    grace = mentor(session, "draft", **lacking)

    with pytest.raises(ProfileIncomplete):
        moves.submit(session, grace.id, now=TUESDAY)

    assert grace.status == "draft"


def test_nor_can_one_of_an_address_that_is_not_confirmed(session):
    grace = mentor(session, "draft")
    session.get_one(User, grace.id).verified_at = None
    session.flush()

    with pytest.raises(ProfileIncomplete):
        moves.submit(session, grace.id, now=TUESDAY)


def test_what_was_taken_back_is_a_draft(session):
    grace = mentor(session, "submitted")

    moves.withdraw(session, grace.id, now=LATER)

    assert grace.status == "draft"
    assert deeds(session) == [("mentors:withdrawn", "")]


def test_approving_is_for_the_profile_that_was_read(session, olga):
    grace = mentor(session, "submitted")

    moves.approve(session, grace.id, read=0, actor_id=olga.id, now=LATER)

    assert (grace.status, grace.approved_at, grace.seen_revision) == ("approved", LATER, 0)
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.actor_id, entry.about_id, entry.subject) == (olga.id, grace.id, "")
    assert entry.detail == {"before": "submitted", "after": "approved"}


def test_a_profile_that_was_changed_meanwhile_has_to_be_read_again(session, olga):
    grace = mentor(session, "submitted")
    save_story(session, grace.id, "Another story.", now=TUESDAY)

    with pytest.raises(ProfileChanged):
        moves.approve(session, grace.id, read=0, actor_id=olga.id, now=LATER)

    assert grace.status == "submitted"


def test_who_is_approved_once_more_stays_a_mentor_since_the_first_time(session, olga):
    grace = mentor(session, "submitted", approved_at=TUESDAY)

    moves.approve(session, grace.id, read=0, actor_id=olga.id, now=LATER)

    assert grace.approved_at == TUESDAY


def test_the_mentor_reads_which_changes_are_wanted_until_it_is_sent_in_again(session, olga):
    grace = mentor(session, "submitted")

    moves.ask_changes(session, grace.id, reason="Say more.", actor_id=olga.id, now=TUESDAY)

    assert (grace.status, grace.reason) == ("changes_wanted", "Say more.")
    moves.submit(session, grace.id, now=LATER)
    assert grace.reason == ""
    assert deeds(session) == [("mentors:changes_wanted", "Say more."), ("mentors:submitted", "")]


def test_a_break_has_a_day_that_can_be_changed_and_ends_with_coming_back(session):
    grace = mentor(session)
    moves.pause(session, grace.id, free_again_on=None, now=TUESDAY)

    moves.pause(session, grace.id, free_again_on=date(2027, 1, 10), now=TUESDAY)

    assert (grace.status, grace.free_again_on) == ("paused", date(2027, 1, 10))
    moves.resume(session, grace.id, now=LATER)
    assert (grace.status, grace.free_again_on) == ("approved", None)
    assert deeds(session) == [("mentors:paused", ""), ("mentors:resumed", "")]


@pytest.mark.parametrize("before", ["submitted", "changes_wanted", "approved", "paused"])
def test_lifting_a_suspension_restores_what_was_before(session, olga, before):
    grace = mentor(session, before, free_again_on=date(2027, 1, 10) if before == "paused" else None)
    day = grace.free_again_on

    moves.suspend(session, grace.id, reason="A complaint.", actor_id=olga.id, now=TUESDAY)

    assert (grace.status, grace.reason, grace.suspended_from) == ("suspended", "A complaint.", before)
    moves.lift(session, grace.id, reason="It was a mistake.", actor_id=olga.id, now=LATER)
    assert (grace.status, grace.suspended_from, grace.free_again_on) == (before, None, day)


def attempt(session, move, mentor_id, operator_id):
    told = {"reason": "x", "actor_id": operator_id, "now": TUESDAY}
    match move:
        case Move.SUBMIT:
            moves.submit(session, mentor_id, now=TUESDAY)
        case Move.WITHDRAW:
            moves.withdraw(session, mentor_id, now=TUESDAY)
        case Move.PAUSE:
            moves.pause(session, mentor_id, free_again_on=None, now=TUESDAY)
        case Move.RESUME:
            moves.resume(session, mentor_id, now=TUESDAY)
        case Move.APPROVE:
            moves.approve(session, mentor_id, read=0, **told)
        case Move.ASK_CHANGES:
            moves.ask_changes(session, mentor_id, **told)
        case Move.SUSPEND:
            moves.suspend(session, mentor_id, **told)
        case Move.LIFT:
            moves.lift(session, mentor_id, **told)


REPEATED = {("submitted", Move.SUBMIT), ("draft", Move.WITHDRAW), ("paused", Move.PAUSE), ("approved", Move.RESUME)}
"""A mentor who presses twice gets what they wanted, once."""


@pytest.mark.parametrize("status", list(MentorStatus))
@pytest.mark.parametrize("move", list(Move))
def test_what_the_table_does_not_allow_is_refused_and_changes_nothing(session, olga, status, move):
    if (status, move) in REPEATED or after(status, move, suspended_from=MentorStatus.APPROVED):
        return
    grace = mentor(session, status)

    with pytest.raises(NotNow):
        attempt(session, move, grace.id, olga.id)

    assert grace.status == status
    assert deeds(session) == []


@pytest.mark.parametrize(("status", "move"), sorted(REPEATED))
def test_what_was_done_already_is_done_once(session, olga, status, move):
    grace = mentor(session, status)

    attempt(session, move, grace.id, olga.id)

    assert grace.status == status
    assert deeds(session) == []


def test_who_is_no_mentor_has_nothing_to_send_in(session):
    with pytest.raises(NotFound):
        moves.submit(session, make_user(session).id, now=TUESDAY)


def test_changes_are_seen_up_to_what_was_read(session, olga):
    grace = mentor(session)
    for number in range(3):
        save_story(session, grace.id, f"Story {number}", now=TUESDAY)

    moves.mark_seen(session, grace.id, read=2, actor_id=olga.id, now=LATER)
    moves.mark_seen(session, grace.id, read=1, actor_id=olga.id, now=LATER)

    assert (grace.revision, grace.seen_revision) == (3, 2)
    moves.mark_seen(session, grace.id, read=10**12, actor_id=olga.id, now=LATER)
    assert grace.seen_revision == 3


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        ({"status": "changes_wanted", "reason": ""}, "mentors_are_told_why"),
        ({"status": "suspended", "reason": "", "suspended_from": "approved"}, "mentors_are_told_why"),
        ({"status": "suspended", "suspended_from": None}, "suspended_from_a_state"),
        ({"status": "approved", "suspended_from": "paused"}, "suspended_from_a_state"),
        ({"status": "approved", "free_again_on": date(2027, 1, 1)}, "who_is_there_is_not_away"),
        ({"status": "submitted", "submitted_at": None}, "submitted_at_a_time"),
        ({"country": "Netherlands"}, "country_is_a_code"),
        ({"languages": ["en", "English"]}, "languages_are_codes"),
        ({"languages": ["en", None]}, "languages_are_codes"),
        ({"journey": {"year": 2000}}, "journey_is_a_list"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_the_database_itself_refuses_what_makes_no_sense(session, wrong, rule):
    with pytest.raises(IntegrityError) as refused:
        make_mentor(session, **wrong)

    assert violated(refused.value) == rule


def test_every_state_can_be_kept(session):
    for status in MentorStatus:
        make_mentor(session, status=status)
