"""What people do about what is sold: propose another time and answer, give money back, release, speak to a bank."""

from datetime import timedelta
from functools import partial

from sqlalchemy import select

from booking.domain.outcomes import WINDOW
from booking.domain.states import BookingStatus
from booking.models.bookings import Booking
from booking.models.moves import MoveProposal
from booking.services.move import NewTime
from booking.services.propose import Answer
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.money import Money
from payments.evidence import evidence_of, print_of
from payments.models.disputes import Dispute
from payments.queries.exchanges import exchange_lines
from payments.queries.settling import left_to_give_back
from payments.services.evidence import want_evidence
from payments.services.give_back import Giving
from payments.services.proposals import accept_proposal, propose_time, take_all_back, withdraw_proposal
from payments.services.release_exchange import release_exchange
from payments.taking_back import TakingBack
from payments.till import Till
from tests.conftest import MovableClock
from tests.histories.moves import Move
from tests.payments.conftest import TEN

DAY = timedelta(days=1)
SLOTS = [TEN + timedelta(minutes=after) for after in (0, 30, 90, 24 * 60, 7 * 24 * 60)]
"""Some overlap, and those of one day are more than the second mentor takes."""
ANSWERS = [accept_proposal, take_all_back, withdraw_proposal, None, accept_proposal]
"""None: the mentee chooses another time."""


class Afterwards:
    clock: MovableClock
    mentees: list[int]

    def till(self) -> Till:
        raise NotImplementedError

    def move(self, move: Move) -> None:
        """The mentee of any session that stands, from the page of that moment, to a time that may be anybody's."""
        till = self.till()
        if booking := _one_that_stands(till, move):
            wanted = NewTime(SLOTS[move.how % len(SLOTS)], booking.mentee_id, "", booking.sequence)
            till.move(booking.id, wanted)

    def propose(self, move: Move) -> None:
        """The mentor of any session that stands, from the page of that moment."""
        till = self.till()
        if booking := _one_that_stands(till, move):
            wanted = NewTime(SLOTS[move.how % len(SLOTS)], booking.mentor_id, "I am ill.", booking.sequence)
            act = partial(propose_time, till.session, booking.id, wanted, now=till.now, settings=till.settings)
            till.change_time(act)

    def answer(self, move: Move) -> None:
        """Any proposal that was ever made: accepted, taken back by either side, or answered with another time."""
        till = self.till()
        proposals = till.session.scalars(select(MoveProposal).order_by(MoveProposal.id.desc())).all()
        if not proposals:
            till.session.commit()
            return
        chosen = proposals[move.which % len(proposals)]
        booking, act = till.session.get_one(Booking, chosen.booking_id), ANSWERS[move.how % len(ANSWERS)]
        person = booking.mentor_id if act is withdraw_proposal else booking.mentee_id
        answer, seen = Answer(person, chosen.public_id), booking.sequence
        till.session.commit()
        if act is None:
            till.move(booking.id, NewTime(SLOTS[move.who % len(SLOTS)], person, "", seen))
        else:
            till.change_time(partial(act, till.session, booking.id, answer, now=till.now))

    def give_money_back(self, move: Move) -> None:
        """An operator, a part or all of what is left of any session that is settled."""
        till = self.till()
        settled = select(Booking).where(Booking.settled_at.is_not(None)).order_by(Booking.id.desc())
        found = [each.id for each in till.session.scalars(settled)]
        booking_id = found[move.which % len(found)] if found else None
        left = left_to_give_back(till.session, booking_id) if booking_id is not None else None
        till.session.commit()
        if booking_id is not None and left is not None:
            part = max(1, left.minor * (1 + move.how % 4) // 4)
            giving = Giving(Money(part, left.currency), left.minor, self.mentees[0], "It seems fair.")
            TakingBack(till.session, till.gateway, till.now).give_back(booking_id, giving)

    def release(self, _: Move) -> None:
        """The operator decides about what Stripe has exchanged."""
        session = db.session()
        for line in exchange_lines(session):
            release_exchange(session, line.payment_id, operator_id=self.mentees[0], now=utcnow())
        session.commit()

    def answer_bank(self, move: Move) -> None:
        till = self.till()
        disputes = till.session.scalars(select(Dispute).order_by(Dispute.id.desc())).all()
        if disputes:
            dispute, words = disputes[move.which % len(disputes)], "It took place."
            read = print_of(evidence_of(till.session, dispute, words, till.settings))
            want_evidence(
                till.session,
                dispute,
                words=words,
                read=read,
                operator_id=self.mentees[0],
                now=till.now,
                settings=till.settings,
            )
        till.session.commit()

    def past_window(self, _: Move) -> None:
        """Nobody can say any more how the last session was."""
        self.clock.advance(WINDOW + timedelta(hours=1))


def _one_that_stands(till: Till, move: Move) -> Booking | None:
    """No transaction stays open."""
    stood = select(Booking).where(Booking.status == BookingStatus.CONFIRMED)
    bookings = till.session.scalars(stood.order_by(Booking.id.desc())).all()
    till.session.commit()
    return bookings[move.which % len(bookings)] if bookings else None
