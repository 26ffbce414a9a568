"""The weeks before, as the demo plays them: what is bought, earned and disputed is so at the stand-in too."""

import pytest
from sqlalchemy import func, select

from booking.models.bookings import Booking
from marketplace.core.clock import utcnow
from marketplace.core.mail import MailRow
from marketplace.demo.people import GRACE, HEDY
from payments.domain.bank_payouts import BankPayoutStatus
from payments.models.payouts import Transfer
from payments.models.sales import Purchase
from payments.queries.bank_payouts import newest, states_of
from payments.queries.disputes import to_answer
from payments.queries.ledger import violations
from payments.queries.programmes import to_go_on_with
from tests.demo.test_seed import account_of
from tests.stripe_side import StripeSide
from tools.demo.past import Past, back_in_time

pytestmark = pytest.mark.slow


def test_the_weeks_before_leave_a_programme_a_payment_to_a_mentor_and_a_dispute(seeded, settings):
    letters = seeded.scalar(select(func.count()).select_from(MailRow))
    with back_in_time() as began:
        Past(seeded, settings, began).play()

    [bought] = to_go_on_with(seeded, account_of(seeded, HEDY).id)
    bookings = seeded.scalars(select(Booking).where(Booking.title == bought.purchase.title).order_by(Booking.starts_at))
    assert [each.status for each in bookings] == ["completed", "completed", "confirmed"]
    assert (bought.sessions, bought.to_book) == (6, 3)
    sent = [each["amount"] for each in StripeSide(settings).get("/v1/transfers")["data"]]
    assert sorted(sent) == sorted(seeded.scalars(select(Transfer.amount_minor)))
    assert len(sent) == 3
    grace = account_of(seeded, GRACE).id
    assert sorted(states_of(seeded, grace).values()) == [BankPayoutStatus.IN_TRANSIT, BankPayoutStatus.PAID]
    assert all(each.arrives_on > began.date() for each in newest(seeded, grace)[:1])
    assert [each.taken_minor for each in to_answer(seeded, utcnow())] == [9775]
    assert violations(seeded) == []
    assert abs((utcnow() - began).total_seconds()) < 120
    assert seeded.scalar(select(func.count()).select_from(MailRow)) == letters
    assert all(each <= began for each in seeded.scalars(select(Purchase.sold_at).where(Purchase.gross_minor > 0)))
