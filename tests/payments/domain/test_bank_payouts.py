"""Sums of what Stripe has paid out to a mentor's bank."""

import pytest

from marketplace.core.money import Money
from payments.domain.bank_payouts import AtTheBank, BankPayoutStatus, at_the_bank

PENDING, IN_TRANSIT, PAID = BankPayoutStatus.PENDING, BankPayoutStatus.IN_TRANSIT, BankPayoutStatus.PAID
FAILED, CANCELED = BankPayoutStatus.FAILED, BankPayoutStatus.CANCELED


@pytest.mark.parametrize(
    ("sums", "on_its_way", "arrived"),
    [
        pytest.param([(PENDING, 500), (IN_TRANSIT, 700)], 1200, 0, id="what Stripe or the bank is at work on"),
        pytest.param([(PAID, 500), (PAID, 700)], 0, 1200, id="what has arrived"),
        pytest.param([(FAILED, 500), (CANCELED, 700)], 0, 0, id="what came back is neither"),
        pytest.param([(PAID, 500), (PAID, -200)], 0, 300, id="less what Stripe took from the bank"),
    ],
)
def test_what_is_on_its_way_and_what_has_arrived(sums, on_its_way, arrived):
    found = at_the_bank((status, Money(minor, "EUR")) for status, minor in sums)

    assert found == {"EUR": AtTheBank(Money(on_its_way, "EUR"), Money(arrived, "EUR"))}


def test_currencies_never_meet_in_a_sum_and_nothing_is_nothing():
    found = at_the_bank([(PAID, Money(500, "EUR")), (PENDING, Money(700, "USD"))])

    assert {code: (each.on_its_way.minor, each.arrived.minor) for code, each in found.items()} == {
        "EUR": (0, 500),
        "USD": (700, 0),
    }
    assert at_the_bank([]) == {}
