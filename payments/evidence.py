"""What the site knows of a disputed payment, put together for the bank: facts, sums, what was agreed to, the letters
that were sent. In English, which every bank reads. Of what the two people wrote there is only what one of them has
attached."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.domain.policy import CancellationPolicy
from booking.models.bookings import Booking
from booking.queries.moves import moves_of
from booking.queries.outcomes import claims_of
from marketplace.accounts.models import User
from marketplace.core.config import Settings
from marketplace.core.formats import local_with_zone, long_day, money
from marketplace.core.language import speaking
from marketplace.core.mail import MailRow
from marketplace.core.money import Money
from payments.domain.attachments import AttachedKind
from payments.domain.states import RefundStatus
from payments.models.disputes import Dispute
from payments.models.sales import Payment, Purchase, Refund
from payments.offers.disputes import Attached, attached_to
from payments.queries.sales import bookings_of

LONGEST_FIELD = 20_000
"""Stripe's limit for each of the texts (its OpenAPI document, POST /v1/disputes/{dispute})."""


@dataclass(frozen=True, slots=True)
class Sale:
    """What was bought with the disputed payment."""

    payment: Payment
    purchase: Purchase
    bookings: list[Booking]
    mentee: User
    mentor: User


def sale_of_dispute(session: Session, dispute: Dispute) -> Sale:
    payment = session.get_one(Payment, dispute.payment_id)
    purchase = session.get_one(Purchase, payment.purchase_id)
    people = (session.get_one(User, each) for each in (purchase.mentee_id, purchase.mentor_id))
    return Sale(payment, purchase, bookings_of(session, purchase), *people)


def evidence_of(session: Session, dispute: Dispute, words: str, settings: Settings) -> dict[str, str]:
    """Stripe's fields, each with text; none is empty. `words` are the operator's own."""
    sale = sale_of_dispute(session, dispute)
    with speaking("en"):
        fields = {
            "product_description": _product(sale, settings),
            "service_date": "; ".join(_day(each) for each in sale.bookings),
            "customer_name": sale.mentee.name,
            "customer_email_address": sale.mentee.email,
            "access_activity_log": "\n".join(_log(session, sale)),
            "cancellation_policy_disclosure": _policy(sale, settings),
            "refund_refusal_explanation": _refunds(session, sale),
            "uncategorized_text": _words_and_letters(session, dispute, sale, words),
        }
    return {name: text[:LONGEST_FIELD] for name, text in fields.items() if text}


def print_of(evidence: dict[str, str]) -> str:
    """Whether it is still what was read."""
    return hashlib.sha256(json.dumps(evidence, sort_keys=True).encode()).hexdigest()


def _at(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _day(booking: Booking) -> str:
    return f"{long_day(booking.starts_at, booking.zone)}, {local_with_zone(booking.starts_at, booking.zone)}"


def _product(sale: Sale, settings: Settings) -> str:
    purchase = sale.purchase
    total = Money(sale.payment.paid_minor or 0, purchase.currency)
    return (
        f"A session of mentoring between two people, held online: “{purchase.title}”, "
        f"{', '.join(f'{each.minutes} minutes' for each in sale.bookings)}, with {sale.mentor.name}, "
        f"bought at {settings.site_name} ({settings.public_url}). "
        f"Price {money(purchase.price)}, fee {money(purchase.fee)}, paid {money(total)}."
    )


def _log(session: Session, sale: Sale) -> list[str]:
    """Whatever happened, in its order."""
    mentee, purchase = sale.mentee, sale.purchase
    facts: list[tuple[datetime | None, str]] = [
        (mentee.created_at, f"{mentee.name} made an account with the address {mentee.email}"),
        (mentee.verified_at, "confirmed that address by a link sent to it"),
        (mentee.terms_accepted_at, f"accepted the terms, version {mentee.terms_version}"),
        (purchase.early_asked_at, "asked for the session to begin before the right to withdraw would end"),
        (
            purchase.created_at,
            "chose a time, read the price in lines and the policy as dates, and pressed “Pay and book”",
        ),
        (
            sale.payment.paid_at,
            f"paid {money(Money(sale.payment.paid_minor or 0, purchase.currency))} at Stripe Checkout",
        ),
    ]
    for booking in sale.bookings:
        facts += _facts_of(session, booking, sale)
    known = sorted((at, text) for at, text in facts if at is not None)
    return [f"{_at(at)}: {text}" for at, text in known]


def _facts_of(session: Session, booking: Booking, sale: Sale) -> list[tuple[datetime | None, str]]:
    names = {sale.mentee.id: sale.mentee.name, sale.mentor.id: sale.mentor.name}
    name = f"session {booking.public_id}"
    is_over = booking.completed_at is not None
    facts: list[tuple[datetime | None, str]] = [
        (booking.confirmed_at, f"{name} was confirmed, to begin at {_at(booking.starts_at)}"),
        (booking.starts_at if is_over else None, f"{name} was due to begin"),
        (booking.ends_at if is_over else None, f"{name} was due to end"),
        (booking.cancelled_at, f"{name} was {str(booking.status).replace('_', ' ')}"),
        (booking.settled_at, f"{name} was settled as {str(booking.status).replace('_', ' ')}"),
    ]
    for move in moves_of(session, booking.id):
        mover = names.get(move.moved_by, "the site")
        facts.append(
            (move.moved_at, f"{mover} moved {name} from {_at(move.from_starts_at)} to {_at(move.to_starts_at)}")
        )
    for claim in claims_of(session, booking.id):
        said = str(claim.said).replace("_", " ")
        facts.append((claim.said_at, f"{names.get(claim.person_id, 'the site')} said of {name}: {said}"))
    return facts


def _policy(sale: Sale, settings: Settings) -> str:
    policy = CancellationPolicy.named(sale.purchase.policy)
    limits = "; ".join(
        f"for the session at {_at(each.starts_at)} all back until {_at(policy.free_until(each.starts_at))}, "
        "half until it begins, nothing after that"
        for each in sale.bookings
    )
    return (
        f"The policy “{sale.purchase.policy}” was shown as dates on the page before paying, and in the "
        f"confirmation that was sent by mail: {limits}. It was frozen with the sale. Who calls a session off reads "
        f"the exact sum first. The terms are at {settings.public_url}."
    )


def _refunds(session: Session, sale: Sale) -> str:
    made = session.scalars(
        select(Refund)
        .where(Refund.payment_id == sale.payment.id, Refund.status != RefundStatus.COVERED)
        .order_by(Refund.id)
    ).all()
    if not made:
        return "Nothing was refunded: by the policy that was agreed to, nothing was due."
    return "\n".join(f"{_at(each.created_at)}: {money(each.amount)} refunded, {each.status}" for each in made)


def _words_and_letters(session: Session, dispute: Dispute, sale: Sale, words: str) -> str:
    parts = [words] if words else []
    for booking in sale.bookings:
        for each in attached_to(session, booking, [dispute]):
            head = f"{_what(each, booking)}, attached by {each.who} at {_at(each.at)}:"
            parts.append(f"{head}\n{each.words}")
    for row in letters_to(session, sale):
        head = f"Mail to {sale.mentee.email}, sent at {_at(row.closed_at or row.created_at)}"
        parts.append(f"{head}\n{row.subject}\n\n{row.text}")
    return "\n\n---\n\n".join(parts)


def _what(each: Attached, booking: Booking) -> str:
    if each.written_at is not None:
        return f"Message of {each.writer}, written at {_at(each.written_at)}"
    names = {AttachedKind.AGENDA: "Agenda", AttachedKind.NOTES: "Notes that both wrote"}
    return f"{names[AttachedKind(each.kind)]} of session {booking.public_id}"


def letters_to(session: Session, sale: Sale) -> list[MailRow]:
    """About the sale's sessions, to the mentee, as they went out; those whose words are kept."""
    keys = [each.public_id for each in sale.bookings]
    mine = (MailRow.user_id == sale.mentee.id) & MailRow.key.in_(keys) & (MailRow.status == "sent")
    return list(session.scalars(select(MailRow).where(mine, MailRow.text.is_not(None)).order_by(MailRow.closed_at)))
