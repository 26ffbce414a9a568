"""A mentee, a mentor with something for sale, and the till between them."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.core.clock import utcnow
from marketplace.core.config import Settings
from marketplace.offerings.models import Offering
from payments.models.sales import Purchase
from payments.queries import sales as queries
from payments.services.buy import Order
from payments.stripe_api.gateway import StripeGateway
from payments.till import Till
from tests.factories import make_mentor, make_offering, make_user
from tests.stripe_side import StripeSide

TEN = datetime(2026, 12, 8, 9, 0, tzinfo=UTC)  # Tuesday, 10:00 in Amsterdam


@pytest.fixture
def ada(session: Session) -> User:
    user = make_user(session, "Ada Example")
    session.commit()
    return user


@pytest.fixture
def alan(session: Session) -> User:
    user = make_user(session, "Alan Example", zone="America/New_York")
    session.commit()
    return user


@pytest.fixture
def hour(session: Session) -> Offering:
    offering = make_offering(session, make_mentor(session))
    session.commit()
    return offering


@pytest.fixture
def till(session: Session, settings: Settings) -> Callable[[], Till]:
    """A till as each request or job has one, at the present time."""
    return lambda: Till(session, StripeGateway(settings), settings, utcnow())


@pytest.fixture
def bought(till: Callable[[], Till], ada: User, hour: Offering) -> queries.Sale:
    """Ada holds Tuesday at ten, and her checkout is open at Stripe."""
    sale = till().buy(Order(ada, hour.mentor_id, hour.id, TEN))
    assert sale.payment is not None
    till().open_checkout(sale.payment.id)
    return sale


@pytest.fixture
def sold(session: Session, till: Callable[[], Till], bought: queries.Sale, stripe_side: StripeSide) -> queries.Sale:
    """The same, paid and confirmed."""
    assert bought.payment is not None
    session.refresh(bought.payment)
    stripe_side.pay(str(bought.payment.stripe_session_id))
    till().look(bought.payment.id)
    session.rollback()
    session.expire_all()
    found = queries.sale_of(session, session.get_one(Purchase, bought.purchase.id))
    session.commit()
    return found
