"""What must not be once two have met over one sale: at Stripe, in our rows, in the calendar, in the letters."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from booking.domain.outcomes import outcome
from booking.domain.proposals import ProposalStatus
from booking.domain.states import CANCELLED, OCCUPYING, TOOK_PLACE, BookingStatus
from booking.models.bookings import Booking, Occupancy
from booking.models.moves import MoveProposal
from booking.queries.moves import moves_of
from booking.queries.outcomes import claims_of, facts_of
from marketplace.core.db import db
from marketplace.core.mail import MailRow
from payments.domain.states import PaymentStatus, PurchaseStatus
from payments.models.sales import Payment, Purchase, Refund
from payments.queries.ledger import violations
from tests.races.acts import World
from tests.races.worlds import back_for_sessions


def harm(world: World) -> list[str]:
    """What must not be true at any moment at which nobody acts; a line each."""
    with world.app.app_context():
        found = [*_at_stripe(world), *_given_back(world), *_in_the_calendar(), *_told_too_often()]
        found += [*_moved(), *_answered(), *_occupied(), *_became(), *violations(db.session())]
        db.session.rollback()
    return found


def _at_stripe(world: World) -> Iterator[str]:
    theirs = world.stripe.sessions()
    if sum(each["status"] == "open" for each in theirs) > 1:
        yield "two sessions can be paid"
    for payment in {each["metadata"]["payment"] for each in theirs}:
        if sum(each["metadata"]["payment"] == payment for each in theirs) > 1:
            yield "two sessions were made for one payment"
    yield from _against_ours(theirs)
    paid = db.session.scalar(select(func.count()).where(Payment.status == PaymentStatus.PAID))
    back = db.session.scalar(select(func.count()).where(Refund.booking_id.is_(None)))
    sold = select(func.count()).where(Purchase.status == PurchaseStatus.SOLD, Purchase.gross_minor > 0)
    if paid != (db.session.scalar(sold) or 0) + (back or 0):
        yield f"{paid} paid, {db.session.scalar(sold)} sold, {back} given back"


def _against_ours(theirs: list[Any]) -> Iterator[str]:
    for each in theirs:
        ours = db.session.scalar(select(Payment.status).where(Payment.stripe_session_id == each["id"]))
        if each["status"] == "open" and ours not in {None, PaymentStatus.OPEN}:
            yield f"{ours} here, and can be paid there"
        if each["status"] == "complete" and ours != PaymentStatus.PAID:
            yield f"{ours} here, and was paid there"


def _given_back(world: World) -> Iterator[str]:
    """Never more than is due, and never less than is owed for it here."""
    ended = Booking.status.in_(CANCELLED) | Booking.settled_at.is_not(None)
    due = db.session.scalar(select(func.count()).where(ended)) and back_for_sessions()
    if not due:
        return
    sent = sum(each["amount"] for each in world.stripe.refunds() if each["status"] != "failed")
    owed = db.session.scalar(select(func.sum(Refund.amount_minor)).where(Refund.booking_id.is_not(None)))
    if sent > due or owed != due:
        yield f"{due} is due, {owed} is owed here, {sent} was sent"


def released_too_early(world: World) -> list[str]:
    """Rule no_release_while_payable, which holds at every moment."""
    with world.app.app_context():
        theirs = [each for each in world.stripe.sessions() if each["status"] == "open"]
        found = list(_against_ours(theirs))
        db.session.rollback()
    return found


def _in_the_calendar() -> Iterator[str]:
    active = db.session.scalars(select(Booking).where(Booking.status.in_(OCCUPYING)).order_by(Booking.starts_at)).all()
    for one, other in pairwise(active):
        if other.starts_at < one.ends_at:
            yield f"two sessions at once: {one.status}, {other.status}"


def _told_too_often() -> Iterator[str]:
    stood = [BookingStatus.CONFIRMED, *CANCELLED, *TOOK_PLACE]
    confirmed = db.session.scalar(select(func.count()).where(Booking.status.in_(stood))) or 0
    letters = db.session.scalar(select(func.count()).where(MailRow.fact == "booking:booked"))
    if letters != 2 * confirmed:
        yield f"{letters} letters for {confirmed} confirmed sessions"


def _became() -> Iterator[str]:
    """What is settled is what was said, and what both agree on is settled."""
    for booking in db.session.scalars(select(Booking).where(Booking.status.in_(TOOK_PLACE | CANCELLED))).all():
        claims = claims_of(db.session(), booking.id)
        agreed = bool(claims) and outcome(facts_of(booking, claims), claims[-1].said_at).is_final
        if agreed and booking.settled_at is None:
            yield "both have said what became of it, and it is not settled"
        if booking.cancelled_at is not None and booking.completed_at is not None:
            yield "it is cancelled and over"
        if booking.settled_at is not None:
            found = outcome(facts_of(booking, claims), booking.settled_at)
            if (found.status, found.is_final) != (booking.state, True):
                yield f"it is {booking.status}, and what was said makes it {found}"


def _moved() -> Iterator[str]:
    """Where a session is, that is where its last move led; one page moves it once; and what is called off stays."""
    for booking in db.session.scalars(select(Booking)):
        moves = moves_of(db.session(), booking.id)
        if [each.sequence for each in moves] != list(range(1, len(moves) + 1)) or len(moves) > 1:
            yield f"moved {len(moves)} times from one page, under {[each.sequence for each in moves]}"
        if moves and booking.starts_at != moves[-1].to_starts_at:
            yield "it is not where it was moved to"
        if booking.sequence != len(moves) + (booking.state in CANCELLED):
            yield f"calendars have its number {booking.sequence}"


def _answered() -> Iterator[str]:
    """What a proposal says of its end is what became of the session."""
    for each in db.session.scalars(select(MoveProposal).options(joinedload(MoveProposal.booking))):
        if (each.state is ProposalStatus.ACCEPTED) is not (each.booking.starts_at == each.starts_at):
            yield f"{each.status}, and the session is at {each.booking.starts_at}"
        told = select(func.count()).where(MailRow.fact == "booking:proposal_over", MailRow.key == each.public_id)
        if each.state is ProposalStatus.ACCEPTED and db.session.scalar(told):
            yield "accepted, and the mentee was told that it is taken back"
        if each.state is ProposalStatus.OPEN and each.booking.state is not BookingStatus.CONFIRMED:
            yield f"open, and the session is {each.booking.status}"


def _occupied() -> Iterator[str]:
    """Whoever is booked, or is asked to come at another time, has the time, and nobody else."""
    due = sum(2 for each in db.session.scalars(select(Booking)) if each.occupies)
    open_ones = select(func.count()).where(MoveProposal.status == ProposalStatus.OPEN)
    due += 2 * (db.session.scalar(open_ones) or 0)
    if db.session.scalar(select(func.count()).select_from(Occupancy)) != due:
        yield "a time is taken for nothing, or booked and not taken"
