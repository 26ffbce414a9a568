"""Who may do what in which state."""

from itertools import product

import pytest

from marketplace.mentors.domain.states import (
    HAVE_A_REASON,
    MENTORS,
    NEED_A_REASON,
    OPERATORS,
    PUBLIC,
    SUSPENDABLE,
    MentorStatus,
    Move,
    after,
    moves_from,
)

S, M = MentorStatus, Move
ALLOWED = {
    (S.DRAFT, M.SUBMIT): S.SUBMITTED,
    (S.SUBMITTED, M.WITHDRAW): S.DRAFT,
    (S.SUBMITTED, M.APPROVE): S.APPROVED,
    (S.SUBMITTED, M.ASK_CHANGES): S.CHANGES_WANTED,
    (S.CHANGES_WANTED, M.SUBMIT): S.SUBMITTED,
    (S.APPROVED, M.PAUSE): S.PAUSED,
    (S.PAUSED, M.RESUME): S.APPROVED,
    (S.SUBMITTED, M.SUSPEND): S.SUSPENDED,
    (S.CHANGES_WANTED, M.SUSPEND): S.SUSPENDED,
    (S.APPROVED, M.SUSPEND): S.SUSPENDED,
    (S.PAUSED, M.SUSPEND): S.SUSPENDED,
}


@pytest.mark.parametrize(("status", "move"), list(product(S, [move for move in M if move is not M.LIFT])))
def test_each_move_leads_where_it_should_or_nowhere(status, move):
    assert after(status, move) is ALLOWED.get((status, move))


@pytest.mark.parametrize("before", sorted(SUSPENDABLE))
def test_lifting_leads_back_to_what_was_suspended(before):
    assert after(S.SUSPENDED, M.LIFT, suspended_from=before) is before


@pytest.mark.parametrize("status", sorted(set(S) - {S.SUSPENDED}))
def test_nothing_else_can_be_lifted(status):
    assert after(status, M.LIFT, suspended_from=S.APPROVED) is None


def test_a_suspended_mentor_can_do_nothing_about_it():
    assert moves_from(S.SUSPENDED, MENTORS) == []


@pytest.mark.parametrize(
    ("status", "mentors", "operators"),
    [
        (S.DRAFT, [M.SUBMIT], []),
        (S.SUBMITTED, [M.WITHDRAW], [M.APPROVE, M.ASK_CHANGES, M.SUSPEND]),
        (S.CHANGES_WANTED, [M.SUBMIT], [M.SUSPEND]),
        (S.APPROVED, [M.PAUSE], [M.SUSPEND]),
        (S.PAUSED, [M.RESUME], [M.SUSPEND]),
        (S.SUSPENDED, [], [M.LIFT]),
    ],
)
def test_each_side_is_offered_what_it_can_do(status, mentors, operators):
    assert moves_from(status, MENTORS) == mentors
    assert moves_from(status, OPERATORS) == operators


def test_nobody_becomes_public_but_by_an_operator_or_by_coming_back():
    ways_in = {(status, move) for (status, move), to in ALLOWED.items() if to in PUBLIC and status not in PUBLIC}

    assert ways_in == {(S.SUBMITTED, M.APPROVE)}


def test_whoever_reads_a_reason_was_given_one():
    leading_there = {move for (_, move), to in ALLOWED.items() if to in HAVE_A_REASON}

    assert leading_there <= NEED_A_REASON
