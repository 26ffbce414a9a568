"""Writes docs/who-gets-what.md from the rules themselves: `python -m tools.policy_table`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import product

from booking.domain.outcomes import DECIDED, WINDOW, Claim, Decision, Facts, Said, Side, hearing_until, outcome
from booking.domain.policy import PRESETS
from booking.domain.states import BookingStatus
from marketplace.core.config import ROOT
from marketplace.core.money import Money
from payments.domain.settle import Dues, settle
from tools import policy_ending
from tools.policy_ending import ENDING
from tools.policy_terms import ALL_TERMS, END, START, USUAL, Terms, in_words, sum_in_words

PAGE = ROOT / "docs" / "who-gets-what.md"
S = BookingStatus

INTRO = """# Who gets what

What is paid for a session waits on the site's account at Stripe until it is final what became of the session, and goes
both ways then. This page is written by `make policy-table` from the functions that move the money
(`payments/domain/settle.py`, `booking/domain/outcomes.py`), and a test fails when it is not what they say. Why it is so
is told in [money and time](money-and-time.md).

## By what happens

One session of €70.00 with the fee of 15 % on top: the mentee has paid €80.50.
"""
SUMS = """
## In each currency

What one session of a sale comes to, for a single session and for three bought together; with the fee on top of the
mentor's price or borne by the mentor; as listed, with a discount of 20 %, with a tax of 19 % on top, with both, and
with a code that takes all of the price. *Paid for it* is this session's part of all that was paid. The mentor's part is
what it would be without discount and tax, in the frozen ratio, rounded once. The tax in what is kept is owed to the
state, and that in what goes back is not. The rest is the site's: below nothing, it gives of its own. Sums come in the
steps in which Stripe charges a currency: krónur whole, dinars in hundredths.
"""


def page() -> str:
    return "\n".join([INTRO, *_by_what_happens(), SUMS, *_in_each_currency(), ENDING, *policy_ending.rows(), ""])


def _by_what_happens() -> Iterator[str]:
    yield "| what happens | the mentee has back | the mentor earns | the site earns |"
    yield "|---|---|---|---|"
    for what, dues in [*_cancelled(), *_said(), *_decided()]:
        yield f"| {what} | {sum_in_words(dues.back)} | {sum_in_words(dues.share)} | {sum_in_words(dues.fee)} |"


def _cancelled() -> Iterator[tuple[str, Dues]]:
    for name, policy in PRESETS.items():
        hours = policy.notice // timedelta(hours=1)
        for words, notice in (
            (f"{hours} hours before the start, or earlier", policy.notice),
            ("later, until the start", timedelta(microseconds=1)),
        ):
            sale = USUAL.sale(S.CANCELLED_BY_MENTEE, cancelled_at=START - notice)
            [dues] = settle(replace(sale, policy=policy))
            yield f"the mentee cancels, {name}: {words}", dues
    for status, who in ((S.CANCELLED_BY_MENTOR, "mentor"), (S.CANCELLED_BY_OPERATOR, "site")):
        [dues] = settle(USUAL.sale(status, cancelled_at=START - timedelta(minutes=1)))
        yield f"the {who} cancels, at whatever notice", dues


SAYS = {
    Said.OTHER_MISSING: "that the other did not come",
    Said.WAS_MISSING: "that they did not come themselves",
    Said.TOOK_PLACE: "that it took place",
}


def spoken() -> Iterator[tuple[str, Facts]]:
    """Everything that each of the two can say of who came, or nothing."""
    for mentee, mentor in product((None, *SAYS), repeat=2):
        claims = [Claim(side, said, END) for side, said in ((Side.MENTEE, mentee), (Side.MENTOR, mentor)) if said]
        words = [
            f"the {side} says {SAYS[said] if said else 'nothing'}"
            for side, said in ((Side.MENTEE, mentee), (Side.MENTOR, mentor))
        ]
        yield ", ".join(words), Facts(START, END, tuple(claims))


def _said() -> Iterator[tuple[str, Dues]]:
    for words, facts in spoken():
        found = outcome(facts, max(hearing_until(facts), END + WINDOW))
        if not found.waits_for_operator:
            [dues] = settle(USUAL.sale(found.status))
            yield words, dues


def _decided() -> Iterator[tuple[str, Dues]]:
    for decision, words in (
        (Decision.TOOK_PLACE, "it took place"),
        (Decision.MENTEE_MISSING, "the mentee did not come"),
        (Decision.MENTOR_MISSING, "the mentor did not come"),
        (Decision.BOTH_MISSING, "neither came"),
        (Decision.ALL_BACK, "it took place, and all goes back"),
    ):
        [dues] = settle(USUAL.sale(DECIDED[decision], all_back=decision is Decision.ALL_BACK))
        yield f"the two contradict each other, or one reports a problem, and the operator decides: {words}", dues


def _in_each_currency() -> Iterator[str]:
    head = (
        "sale",
        "session",
        "paid for it",
        "all back",
        "half back",
        "mentor",
        "tax",
        "site",
        "nothing back: mentor",
        "tax",
        "site",
    )
    yield f"| {' | '.join(head)} |"
    yield "|" + "---|" * len(head)
    for terms in ALL_TERMS:
        for number in range(min(terms.sessions, 2)):
            cells = [in_words(terms), _which(terms, number), *(sum_in_words(each) for each in sums(terms, number))]
            yield f"| {' | '.join(cells)} |"


def sums(terms: Terms, number: int) -> tuple[Money, ...]:
    """Of one session: paid; all back; half back, with the mentor's, the state's and the site's part; these parts when
    nothing goes back."""
    every = settle(terms.sale(S.NO_SHOW_MENTOR))[number]
    # Each of several is late by its own start.
    late = terms.sale(S.CANCELLED_BY_MENTEE).sessions[number].starts_at - timedelta(microseconds=1)
    half = settle(terms.sale(S.CANCELLED_BY_MENTEE, cancelled_at=late))[number]
    none = settle(terms.sale(S.COMPLETED))[number]
    kept = [part for dues in (half, none) for part in (dues.share, dues.tax, dues.fee)]
    return every.paid, every.back, half.back, *kept


def _which(terms: Terms, number: int) -> str:
    return "the only one" if terms.sessions == 1 else "the first" if number == 0 else "each other one"


if __name__ == "__main__":
    PAGE.write_text(page())
