"""What went out and what came in about a sale, as sentences for the operator: to Stripe, from Stripe, by mail, and
what operators did."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from booking.domain.reminders import Ahead
from booking.services.notify import BOOKED, CANCELLED, HOLD_ENDED, MOVED, PROPOSAL_OVER, PROPOSED
from booking.services.remind import FACTS
from booking.services.tell_outcomes import CLAIMED, OUTCOME
from marketplace.core.audit import WHAT
from marketplace.operator.history.rows import Rows, Told
from payments.services.tell_disputes import TO_MENTOR, WARNED

LETTERS = {
    FACTS[Ahead.DAY]: lazy_gettext("reminder a day before"),
    FACTS[Ahead.HOUR]: lazy_gettext("reminder an hour before"),
    BOOKED: lazy_gettext("confirmation with the invitation"),
    HOLD_ENDED: lazy_gettext("the hold is over"),
    CANCELLED: lazy_gettext("the session is cancelled"),
    MOVED: lazy_gettext("the session is moved"),
    PROPOSED: lazy_gettext("another time is proposed"),
    PROPOSAL_OVER: lazy_gettext("the proposal is over"),
    CLAIMED: lazy_gettext("what the other one said"),
    OUTCOME: lazy_gettext("what became of the session"),
    "payments:refunded": lazy_gettext("the money goes back"),
    "payments:paid_by_hand": lazy_gettext("paid in another way"),
    "payments:given_back": lazy_gettext("an operator gives something back"),
    TO_MENTOR: lazy_gettext("a bank disputes the payment"),
    WARNED: lazy_gettext("a bank has warned of fraud"),
}
"""One that is not here is called by its name in the database."""


def asked_and_heard(rows: Rows) -> Iterator[Told]:
    for command in rows.commands:
        words = _("Stripe is to be asked: %(kind)s. So far: %(state)s.", kind=command.kind, state=command.status)
        yield command.created_at, words, command.idempotency_key, command.error or ""
    for event in rows.events:
        words = _("Stripe has told: %(type)s. So far: %(state)s.", type=event.type, state=event.status)
        yield event.received_at, words, event.id, event.error or ""


def letters(rows: Rows) -> Iterator[Told]:
    for letter in rows.letters:
        who, what = rows.names[letter.user_id], LETTERS.get(letter.fact, letter.fact)
        if letter.status == "sent" and letter.closed_at is not None:
            yield letter.closed_at, _("Letter to %(name)s: %(what)s.", name=who, what=what)
        elif letter.status == "dropped" and letter.closed_at is not None:
            words = _("Letter to %(name)s not sent, since it had become pointless: %(what)s.", name=who, what=what)
            yield letter.closed_at, words
        else:
            words = _("Letter to %(name)s, waiting to be sent: %(what)s.", name=who, what=what)
            yield letter.created_at, words


def deeds(rows: Rows) -> Iterator[Told]:
    for deed in rows.deeds:
        who = rows.names.get(deed.actor_id or 0) or _("the site")
        words = _("%(name)s: %(what)s.", name=who, what=WHAT.get(deed.what, deed.what))
        yield deed.at, words, deed.reason
