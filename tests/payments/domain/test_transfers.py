import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.money import Money
from payments.domain.transfers import Takings, draws_on_charge, may_transfer, net

SUM = st.integers(0, 100_000)


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


@pytest.mark.parametrize(
    ("refunded", "site", "transferred", "may"),
    [
        pytest.param(0, 1050, 0, True, id="exactly what is left"),
        pytest.param(1, 1050, 0, False, id="a cent went back"),
        pytest.param(0, 1050, 1, False, id="a cent was transferred before"),
        pytest.param(0, 0, 0, True, id="more than enough"),
    ],
)
def test_a_share_is_transferred_whole_or_not_at_all(refunded, site, transferred, may):
    assert (
        may_transfer(eur(7000), Takings(eur(8050), eur(refunded), eur(site), eur(transferred), eur(transferred))) is may
    )


@pytest.mark.parametrize(
    ("paid", "site", "may", "draws"),
    [
        pytest.param(8050, 1050, True, True, id="no discount"),
        pytest.param(7050, 50, True, True, id="out of the fee: the charge has enough"),
        pytest.param(7000, 0, True, True, id="all of the fee: exactly enough"),
        pytest.param(6440, -560, True, False, id="beyond the fee: the site adds of its own"),
        pytest.param(0, -7000, True, False, id="a code for all of it: all is the site's own"),
        pytest.param(6440, -559, False, False, id="a cent more than the site bears"),
    ],
)
def test_a_share_draws_on_the_charge_if_that_has_enough(paid, site, may, draws):
    takings = Takings(eur(paid), eur(0), eur(site), eur(0), eur(0))

    assert (may_transfer(eur(7000), takings), draws_on_charge(eur(7000), takings)) == (may, draws)


def test_nothing_is_not_transferred():
    assert not may_transfer(eur(0), Takings(eur(8050), eur(0), eur(0), eur(0), eur(0)))


@given(SUM, SUM, SUM, st.lists(SUM, max_size=6))
def test_together_they_never_exceed_the_charge_less_refunds_and_fee(paid, refunded, site, shares):
    sent = 0
    for share in shares:
        if may_transfer(eur(share), Takings(eur(paid), eur(refunded), eur(site), eur(sent), eur(sent))):
            sent += share

    assert sent == 0 or sent <= paid - refunded - site


@given(SUM, st.integers(-100, 100_000))
def test_what_is_sent_and_what_is_kept_for_what_is_owed_are_the_share(share, owed):
    parts = net(eur(share), eur(owed))

    assert parts.sent + parts.kept == eur(share)
    assert parts.sent.minor >= 0
    assert parts.kept.minor == min(share, max(owed, 0))


@given(st.lists(SUM, max_size=8), SUM)
def test_over_many_shares_what_is_owed_is_kept_once_and_no_more(shares, owed):
    left, sent = owed, 0
    for share in shares:
        parts = net(eur(share), eur(left))
        left, sent = left - parts.kept.minor, sent + parts.sent.minor

    assert left == max(0, owed - sum(shares))
    assert sent == max(0, sum(shares) - owed)


def test_what_came_back_of_a_charge_is_not_drawn_on_twice():
    """Stripe counts what was transferred out of a charge, whatever was reversed of it."""
    takings = Takings(eur(8050), eur(0), eur(1050), eur(0), eur(7000))

    assert may_transfer(eur(7000), takings)
    assert not draws_on_charge(eur(7000), takings)
