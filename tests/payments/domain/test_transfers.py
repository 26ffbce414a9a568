import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.money import Money
from payments.domain.transfers import Takings, may_transfer

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
    assert may_transfer(eur(7000), Takings(eur(8050), eur(refunded), eur(site), eur(transferred))) is may


def test_nothing_is_not_transferred():
    assert not may_transfer(eur(0), Takings(eur(8050), eur(0), eur(0), eur(0)))


@given(SUM, SUM, SUM, st.lists(SUM, max_size=6))
def test_together_they_never_exceed_the_charge_less_refunds_and_fee(paid, refunded, site, shares):
    sent = 0
    for share in shares:
        if may_transfer(eur(share), Takings(eur(paid), eur(refunded), eur(site), eur(sent))):
            sent += share

    assert sent == 0 or sent <= paid - refunded - site
