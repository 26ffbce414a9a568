"""Acts on an event of the inbox: commit, look at Stripe what became of the object that it names, commit."""

import logging
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from payments.banking import Banking
from payments.disputing import Disputing
from payments.domain.inbox import Outcome
from payments.models.sales import Refund
from payments.onboarding import Onboarding
from payments.services import inbox
from payments.till import Till

_log = logging.getLogger(__name__)
LONGEST_ERROR = 500


def act_on(till: Till, event_id: str) -> None:
    """Once in effect however often it is called. What goes wrong is kept with the event, which is then tried again."""
    session, now = till.session, till.now
    named = inbox.begin(session, event_id, now=now)
    session.commit()
    if named is None:
        return
    try:
        outcome = _looked_at(till, named)
    except Exception as failure:  # whatever it was: the event must not be lost, nor stop the others
        session.rollback()
        _log.warning("event %s failed", event_id, exc_info=failure)
        _keep_failure(session, event_id, failure, now)
        return
    inbox.conclude(session, event_id, outcome, now=now)
    session.commit()


def _keep_failure(session: Session, event_id: str, failure: Exception, now: datetime) -> None:
    inbox.fail(session, event_id, f"{type(failure).__name__}: {failure}"[:LONGEST_ERROR], now=now)
    session.commit()


def _looked_at(till: Till, named: inbox.Named) -> Outcome:
    disputing = Disputing(till.session, till.gateway, till.now)
    if named.type.startswith("checkout.session."):
        return _outcome(till.look_at_session(named.object_id))
    if named.type.startswith("refund."):
        refund_id = till.session.scalar(select(Refund.id).where(Refund.stripe_refund_id == named.object_id))
        till.session.commit()
        if refund_id is None:
            return Outcome.UNKNOWN
        till.send_refund(refund_id)
    if named.type.startswith("charge.dispute."):
        return _outcome(disputing.look(named.object_id))
    if named.type.startswith("radar.early_fraud_warning."):
        return _outcome(disputing.look_at_warning(named.object_id))
    if named.type.startswith("v2.core.account"):
        return _outcome(Onboarding(till.session, till.gateway, till.now).look_at_account(named.object_id))
    if named.type.startswith("payout.") and named.account:
        # Of an account that is not ours there is nothing to wait for: another site may share this one at Stripe.
        Banking(till.session, till.gateway, till.now).look_at_account(named.account)
    return Outcome.DONE


def _outcome(known: bool) -> Outcome:
    return Outcome.DONE if known else Outcome.UNKNOWN
