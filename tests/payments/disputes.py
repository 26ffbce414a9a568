"""What a bank does at Stripe about what was sold, and what is then at Stripe and with us."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.core.clock import utcnow
from payments.disputing import Disputing
from payments.models.sales import Refund
from payments.queries.ledger import balances, violations
from payments.queries.settling import unsettled
from payments.stripe_api.gateway import StripeGateway
from tests.jobs import run_jobs, sweep


class Bank:
    """What it does at Stripe about one payment, and the site learns of."""

    def __init__(self, session, settings, stripe_side, intent):
        self.session, self.settings, self.stripe_side, self.intent = session, settings, stripe_side, intent
        self.id = ""

    def opens(self, **wanted):
        self.id = self.stripe_side.post(f"/_sandbox/payments/{self.intent}/dispute", **wanted)["dispute"]["id"]
        return self.is_seen()

    def decides(self, decision):
        self.stripe_side.post(f"/_sandbox/disputes/{self.id}/decide", decision=decision)
        return self.is_seen()

    def warns(self):
        made = self.stripe_side.post(f"/_sandbox/payments/{self.intent}/warn")["warning"]
        assert self.at_the_site().look_at_warning(made["id"])
        return self

    def is_seen(self):
        assert self.at_the_site().look(self.id)
        return self

    def at_the_site(self):
        return Disputing(self.session, StripeGateway(self.settings), utcnow())


@pytest.fixture
def bank(session, settings, stripe_side, sold):
    return Bank(session, settings, stripe_side, sold.payment.stripe_payment_intent_id)


def refunds(session):
    session.rollback()
    session.expire_all()
    found = [(each.reason, each.status, each.amount_minor) for each in session.scalars(select(Refund).order_by("id"))]
    session.rollback()
    return found


def holds(session):
    """Nothing is wrong with the books, nor with what is due."""
    session.rollback()
    session.expire_all()
    assert violations(session) == []
    assert unsettled(session) == []
    session.rollback()


def books(session, *accounts):
    found = balances(session)
    session.rollback()
    return tuple(found[account, "EUR"] for account in accounts)


def status_of(session, sale):
    session.rollback()
    session.expire_all()
    found = sale.booking.state
    session.rollback()
    return found


def work(app, settings, clock):
    """A few minutes pass, and the worker does what there is to do."""
    clock.advance(timedelta(minutes=6))
    sweep(app, "payments:sweep", "payments:pay")
    run_jobs(app, settings)


def fill(stripe_side):
    """Other people's payments are on the site's balance too."""
    line = {
        "line_items[0][quantity]": 1,
        "line_items[0][price_data][currency]": "eur",
        "line_items[0][price_data][unit_amount]": 50_000,
        "line_items[0][price_data][product_data][name]": "What others have bought",
    }
    made = stripe_side.post("/v1/checkout/sessions", mode="payment", success_url="http://127.0.0.1:9/", **line)
    stripe_side.pay(made["id"])
    return stripe_side.get(f"/v1/checkout/sessions/{made['id']}")["payment_intent"]


def there(stripe_side):
    return [each["amount"] for each in stripe_side.refunds()]
