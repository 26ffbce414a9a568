"""When nothing is given back after settling."""

import pytest

from payments.services.give_back import NotToBeGivenBack, TooMuchToGiveBack
from tests.payments.test_returns import give, olga, returning, reversals
from tests.payments.test_transfers import earned

__all__ = ["earned", "give", "olga", "returning"]


@pytest.mark.parametrize("minor", [0, 8051])
def test_nothing_and_more_than_is_left_is_refused(session, earned, give, minor):
    with pytest.raises(TooMuchToGiveBack):
        give(earned, minor)

    session.rollback()
    assert reversals(session) == []


def test_who_has_read_another_sum_decides_again(session, earned, give):
    give(earned, 1000)

    with pytest.raises(NotToBeGivenBack):
        give(earned, 1000)

    session.rollback()


def test_before_it_is_settled_there_is_nothing_to_give_back(session, sold, give):
    with pytest.raises(NotToBeGivenBack):
        give(sold, 1000)

    session.rollback()
