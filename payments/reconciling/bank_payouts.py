"""Holds our copy of what Stripe pays out to mentors' banks against Stripe: whatever is new or other is taken over."""

from __future__ import annotations

from collections.abc import Iterator

from payments.banking import Banking
from payments.queries.bank_payouts import mentors_ever_paid, states_of
from payments.reconciling.lines import Line, Result, failure_of
from payments.till import Till


def bank_payouts(till: Till) -> Iterator[Line]:
    """Of everybody to whom something was transferred. What a bank sent back waits for the mentor, and is no line."""
    mentors = mentors_ever_paid(till.session)
    till.session.commit()
    banking = Banking(till.session, till.gateway, till.now)
    for mentor_id in mentors:
        before = states_of(till.session, mentor_id)
        till.session.commit()
        failure = failure_of(till, banking.look, mentor_id)
        after = states_of(till.session, mentor_id)
        till.session.commit()
        if failure:
            yield Line(Result.LEFT, f"payouts of mentor {mentor_id}", failure)
        for payout_id in sorted(after):
            was, state = before.get(payout_id), after[payout_id]
            if was is not state:
                says = f"was {was}, is {state}" if was else f"was not known here, is {state}"
                yield Line(Result.HEALED, f"payout {payout_id}", says)
