"""Programmes that end: every sum of the page to the last unit, worked out here in fractions, session by session."""

import pytest

from booking.domain.states import Canceller
from tests.payments.domain.test_who_gets_what import STEP, expected
from tools.policy_ending import PROGRAMMES, ended, rows
from tools.policy_terms import USUAL, Terms

CASES = [pytest.param(terms, held, id=f"{terms} {held}") for terms in PROGRAMMES for held in range(terms.sessions)]


def minor(found):
    return [each.minor for each in (found.paid, found.unused, found.back, found.share, found.tax, found.fee)]


def worked_out(terms, held, half):
    """From what one session each comes to: those that took place, the booked one, and the rest."""
    each = [expected(terms, number) for number in range(terms.sessions)]
    paid, unused = sum(one[0] for one in each), sum(one[0] for one in each[held + 1 :])
    kept = [sum(one[part] for one in each[:held]) for part in (6, 7, 8)]
    back = each[held][2] if half else each[held][0]
    if half:
        kept = [before + more for before, more in zip(kept, each[held][3:6], strict=True)]
    return [paid, unused, unused + back, *kept]


@pytest.mark.parametrize(("terms", "held"), CASES)
def test_each_party_has_what_its_sessions_come_to(terms, held):
    by_mentee = [minor(ended(terms, held, Canceller.MENTEE, is_late=late)) for late in (False, True)]
    by_mentor = minor(ended(terms, held, Canceller.MENTOR, is_late=True))

    assert by_mentee == [worked_out(terms, held, half) for half in (False, True)]
    assert by_mentor == by_mentee[0]
    for paid, _, back, *kept in (*by_mentee, by_mentor):
        assert paid == back + sum(kept)
        assert all(part % STEP[terms.currency] == 0 for part in (paid, back, *kept))


@pytest.mark.parametrize(
    ("held", "free", "late"),
    [
        # Three times 80.50 = 241.50 paid. Half of one is 40.25, of which she has 35.00.
        pytest.param(0, [24150, 16100, 24150, 0, 0, 0], [24150, 16100, 20125, 3500, 0, 525], id="none took place"),
        pytest.param(1, [24150, 8050, 16100, 7000, 0, 1050], [24150, 8050, 12075, 10500, 0, 1575], id="one"),
        pytest.param(2, [24150, 0, 8050, 14000, 0, 2100], [24150, 0, 4025, 17500, 0, 2625], id="two"),
    ],
)
def test_some_of_it_was_worked_out_by_hand(held, free, late):
    terms = Terms("EUR", 3, USUAL.borne_by)

    assert [minor(ended(terms, held, Canceller.MENTEE, is_late=is_late)) for is_late in (False, True)] == [free, late]


def test_the_page_has_a_row_for_each():
    assert len(list(rows())) == 2 + len(CASES) == 122
