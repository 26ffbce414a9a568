"""Thousands of histories in plain Python, several ways at once; and with one guard off, in which the harm shows."""

import os

import pytest

from tests.histories.model_promises import broken
from tests.histories.model_rows import Guards
from tests.histories.moves import drawn, history

FROM, COUNT = int(os.environ.get("HISTORIES_FROM", "0")), int(os.environ.get("HISTORIES_PURE", "2000"))
AT_ONCE, LENGTH, ENOUGH = 250, 40, 3000

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("first", range(FROM, FROM + COUNT, AT_ONCE))
def test_whatever_happens_in_the_model_every_promise_is_kept(first):
    for seed in range(first, min(first + AT_ONCE, FROM + COUNT)):
        found = broken(history(seed, LENGTH), seed)

        assert not found, "\n".join([f"seed {seed}", *found])


@pytest.mark.parametrize(
    ("guards", "ignoring", "harm", "first"),
    [
        pytest.param(Guards(expire_before_release=False), "nothing", "I4", 0, id="released while payable"),
        pytest.param(Guards(end_before_extending=False), "nothing", "I4", 0, id="extended without ending the old one"),
        pytest.param(
            Guards(end_before_extending=False, refund_second=False), "I4", "I2", 0, id="a second payment that is kept"
        ),
        pytest.param(Guards(look_up_after_500=False), "nothing", "I4", 0, id="a new key without looking first"),
        # Rare: two have to look, and the faster one has to meet another 500.
        pytest.param(Guards(renew_what_was_looked_up=False), "nothing", "I4", 100_700, id="a key after an old look"),
        pytest.param(Guards(cancelled_is_final=False), "nothing", "I2", 0, id="cancelled again and again"),
        pytest.param(Guards(judge_moves=False), "nothing", "I1", 0, id="moved without a look at the new time"),
        pytest.param(Guards(judge_late_money=False), "nothing", "I1", 0, id="late money is always given its time"),
    ],
)
def test_with_a_guard_off_the_model_sees_the_harm(guards, ignoring, harm, first):
    seeds = range(first, first + ENOUGH)
    lines = (line for seed in seeds for line in broken(drawn(seed, LENGTH), seed, guards, ignoring=ignoring))

    assert any(f": {harm}" in line or line.startswith(harm) for line in lines)


@pytest.mark.parametrize(
    ("guards", "harm"),
    [
        pytest.param(Guards(hear_both=False), "I11", id="settled as soon as it is over"),
        pytest.param(Guards(cover_what_banks_gave=False), "I2", id="given back by a bank, and once more"),
        pytest.param(Guards(leave_what_is_asked=False), "I14", id="kept and taken back at once"),
        pytest.param(Guards(keep_what_is_proposed=False), "I1 ", id="proposed and not kept"),
        pytest.param(Guards(ask_what_was_exchanged=False), "I14", id="drawn on what was exchanged"),
        pytest.param(Guards(use_once=False), "I15", id="a session booked twice out of what was bought"),
        pytest.param(Guards(returned_is_final=False), "I15", id="booked of what went back"),
        pytest.param(Guards(keep_what_is_bought=False), "I15", id="gone back and still to be booked"),
    ],
)
def test_with_a_guard_off_the_model_sees_the_harm_to_what_was_sold(guards, harm):
    lines = (line for seed in range(ENOUGH) for line in broken(history(seed, LENGTH), seed, guards))

    assert any(f": {harm}" in line or line.startswith(harm) for line in lines)


def test_paid_or_refunded_holds_even_where_an_old_checkout_was_not_ended():
    """The second line of defence: two sessions can be paid, and one of the payments goes back."""
    guards = Guards(end_before_extending=False)

    found = [line for seed in range(500) for line in broken(drawn(seed, LENGTH), seed, guards, ignoring="I4")]

    assert [line for line in found if "I2" in line] == []
