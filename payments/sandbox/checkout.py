"""Checkout Sessions: made, read, listed, expired."""

from payments.sandbox import discounts, events
from payments.sandbox.call import Call, Origin
from payments.sandbox.checkout_params import check_descriptor, check_expiry, check_items
from payments.sandbox.errors import refused
from payments.sandbox.expanding import line_items
from payments.sandbox.listing import found, listed, page_of
from payments.sandbox.session_objects import line_item, public, session
from payments.sandbox.store import Body, Store, Tx, equals

URL = "/v1/checkout/sessions"


def create_session(call: Call) -> Body:
    currency = check_items(call.params["line_items"])
    check_descriptor(call.params.get("payment_intent_data", {}))
    expires_at = check_expiry(call.params.get("expires_at"), call.now)
    items = [line_item(item, currency, call.now) for item in call.params["line_items"]]
    made = session(call.params, items, now=call.now, expires_at=expires_at, base_url=call.base_url)
    return public(call.tx.add(call.account, discounts.asked_for(call, made)))


def retrieve_session(call: Call, session: str) -> Body:
    return public(found(call, "checkout.session", session, "session"))


def list_sessions(call: Call) -> Body:
    where = [equals(name, call.params[name]) for name in ("payment_intent", "status") if name in call.params]
    return listed(call, "checkout.session", URL, where)


def list_line_items(call: Call, session: str) -> Body:
    found(call, "checkout.session", session, "session")
    every = line_items(call, session)
    ids = [item["id"] for item in every["data"]]
    after = call.params.get("starting_after")
    start = ids.index(after) + 1 if after in ids else 0
    rest = every["data"][start:]
    limit = call.params.get("limit", 10)
    return page_of(rest[:limit], every["url"], has_more=len(rest) > limit)


def expire_session(call: Call, session: str) -> Body:
    """Only from `open`; any other status is refused, and so nothing that was paid is lost."""
    body = found(call, "checkout.session", session, "session")
    if body["status"] != "open":
        raise refused(
            'Only Checkout Sessions with a status in ["open"] can be expired. '
            f'This Checkout Session has a status of "{body["status"]}".'
        )
    return public(expire(call.tx, call.origin, body))


def expire(tx: Tx, origin: Origin, body: Body) -> Body:
    """An intent that was tried in vain ends with its session."""
    tried = tx.row(body["payment_intent"]) if body["payment_intent"] else None
    if tried:
        ended = {"canceled_at": origin.now, "cancellation_reason": "expired", "next_action": None, "status": "canceled"}
        events.record(tx, origin, "payment_intent.canceled", tx.save(tried[1] | ended))
    expired = tx.save(body | {"status": "expired", "url": None})
    events.record(tx, origin, "checkout.session.expired", expired)
    return expired


def expire_overdue(store: Store, now: float) -> None:
    """Ends every open session whose time is over; the writer's lock is taken only if there is one."""
    with store.reading() as tx:
        if not tx.overdue_sessions(now):
            return
    with store.writing() as tx:
        for account, body in tx.overdue_sessions(now):
            expire(tx, Origin(account, int(now)), body)
