"""The inbox: an event is verified, stored with its job in one transaction, and answered."""

from functools import partial

from flask import Blueprint, abort, current_app, request
from flask.typing import ResponseReturnValue

from marketplace.core.clock import utcnow
from marketplace.core.http import settings
from marketplace.core.single_statements import single_statements
from payments.services.inbox import receive
from payments.stripe_api.events import ForgedEvent
from payments.stripe_api.gateway import StripeGateway

bp = Blueprint("webhooks", __name__)


@bp.post("/webhooks/stripe")
def stripe_event() -> ResponseReturnValue:
    """200 once it is stored; 400 for what Stripe did not sign. The body is read raw: the signature covers its bytes."""
    gateway, now = StripeGateway(settings()), utcnow()
    try:
        event = gateway.verify(request.get_data(), request.headers.get("Stripe-Signature", ""), now)
    except ForgedEvent as forged:
        current_app.logger.warning("refused a webhook: %s", forged)
        abort(400)
    if event.livemode is not gateway.live:
        current_app.logger.warning("refused a webhook of the other mode: %s", event.id)
        abort(400)
    store = partial(
        receive,
        event_id=event.id,
        event_type=event.type,
        object_id=event.object_id,
        api_version=event.api_version,
        livemode=event.livemode,
        created_at=event.created_at,
        body=event.body,
        now=now,
    )
    single_statements().run(store)
    return "", 200
