"""The table of who gets what, to the last unit: the page is what the rules say, and the rules are what they should be.

What is expected is worked out here in fractions, by other means than the rules do.
"""

from fractions import Fraction

import pytest

from booking.domain.outcomes import Said, Side
from marketplace.core.money import Money
from tools.policy_table import PAGE, page, spoken, sums
from tools.policy_terms import ALL_TERMS, PRICES, USUAL, Terms

STEP = {"EUR": 1, "JPY": 1, "KWD": 10, "ISK": 100}


def test_the_page_is_what_the_rules_say():
    assert PAGE.read_text() == page(), "make policy-table"


def test_it_has_a_row_for_everything_that_the_two_can_say_and_no_operator_has_to_decide():
    text = page()
    undecided = [words for words, facts in spoken() if f"| {words} |" not in text]

    assert len(list(spoken())) == 16
    assert len(undecided) == 5
    assert all("took place" in words or words.count("the other did not come") == 2 for words in undecided)
    assert {(claim.side, claim.said) for _, facts in spoken() for claim in facts.claims} >= {
        (Side.MENTEE, Said.OTHER_MISSING),
        (Side.MENTOR, Said.WAS_MISSING),
    }


def rounded(amount: Fraction, unit: int) -> int:
    return round(amount / unit) * unit  # Python's own, half to even


def expected(terms: Terms, number: int) -> tuple[int, ...]:
    unit, price = STEP[terms.currency], Fraction(PRICES[terms.currency])
    fee = rounded(price * 15 / 100, unit)
    gross, share = (price + fee, price) if terms.borne_by == "mentee" else (price, price - fee)
    discount = rounded(gross * terms.sessions * terms.discount_bp / 10_000, unit)
    tax = rounded((gross * terms.sessions - discount) * terms.tax_bp / 10_000, unit)

    def of_this(total):
        each = Fraction(total) / terms.sessions // unit * unit
        return total - each * (terms.sessions - 1) if number == 0 else each

    levied = of_this(tax)
    paid = gross - of_this(discount) + levied
    half, half_listed = rounded(paid / 2, unit), rounded(gross / 2, unit)
    late = rounded((gross - half_listed) * share / gross, unit)
    late_tax = rounded((paid - half) * levied / paid, unit) if paid else 0
    late_site = paid - half - late - late_tax
    none = (share, levied, paid - share - levied)
    return tuple(int(each) for each in (paid, paid, half, late, late_tax, late_site, *none))


@pytest.mark.parametrize("terms", ALL_TERMS, ids=str)
def test_every_sum_is_right_to_the_last_unit(terms):
    for number in range(terms.sessions):
        assert tuple(each.minor for each in sums(terms, number)) == expected(terms, number)


@pytest.mark.parametrize("terms", ALL_TERMS, ids=str)
def test_every_unit_of_what_was_paid_is_somewhere_and_stripe_can_move_it(terms):
    total = terms.sale(None).total
    paid = [sums(terms, number)[0].minor for number in range(terms.sessions)]

    assert sum(paid) == total.minor
    for number in range(terms.sessions):
        whole, every, half, *parts = (each.minor for each in sums(terms, number))
        assert whole == every == half + sum(parts[:3]) == sum(parts[3:])
        assert all(part % STEP[terms.currency] == 0 for part in (whole, half, *parts))


@pytest.mark.parametrize(
    ("terms", "number", "worked_out_by_hand"),
    [
        pytest.param(USUAL, 0, (8050, 8050, 4025, 3500, 0, 525, 7000, 0, 1050), id="70 euros and the fee"),
        pytest.param(Terms("EUR", 1, "mentor"), 0, (7000, 7000, 3500, 2975, 0, 525, 5950, 0, 1050), id="borne by her"),
        # 20 % of 80.50 is 16.10: 64.40 paid, of which she has her 70.00; the site gives 5.60 beyond its 10.50.
        pytest.param(
            Terms("EUR", 1, "mentee", 2000),
            0,
            (6440, 6440, 3220, 3500, 0, -280, 7000, 0, -560),
            id="a discount is the site's to bear",
        ),
        # 19 % of 64.40 is 12.236: 76.64 paid. Of the half that is kept, 38.32, tax is 6.12.
        pytest.param(
            Terms("EUR", 1, "mentee", 2000, 1900),
            0,
            (7664, 7664, 3832, 3500, 612, -280, 7000, 1224, -560),
            id="tax of what is kept, and none of what goes back",
        ),
        # All of three times 80.50: nobody pays, and she earns all the same.
        pytest.param(
            Terms("EUR", 3, "mentee", 10000),
            1,
            (0, 0, 0, 3500, 0, -3500, 7000, 0, -7000),
            id="a code for all of it",
        ),
        # 9,999 + 1,500 (1,499.85) = 11,499 yen; half of it is 5,749.5, to even 5,750; kept 5,749 × 9,999 / 11,499.
        pytest.param(
            Terms("JPY", 1, "mentee"),
            0,
            (11499, 11499, 5750, 4999, 0, 750, 9999, 0, 1500),
            id="whole yen",
        ),
        # 21.550 + 3.230 (3.2325 in hundredths) = 24.780 dinars; half of it is 12.390.
        pytest.param(
            Terms("KWD", 1, "mentee"),
            0,
            (24780, 24780, 12390, 10780, 0, 1610, 21550, 0, 3230),
            id="dinars in tens of fils",
        ),
        # 9,900 + 1,485 = 11,385 krónur; half is 5,692.5, to even 5,692; kept 5,693 × 9,900 / 11,385 = 4,950.43.
        pytest.param(
            Terms("ISK", 1, "mentee"),
            0,
            (1138500, 1138500, 569200, 495000, 0, 74300, 990000, 0, 148500),
            id="krónur are whole",
        ),
    ],
)
def test_some_of_it_was_worked_out_by_hand(terms, number, worked_out_by_hand):
    assert sums(terms, number) == tuple(Money(minor, terms.currency) for minor in worked_out_by_hand)
