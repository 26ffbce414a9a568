"""Events: one is written in the transaction of what it tells, with one delivery for each endpoint that listens."""

from typing import Any

from payments.sandbox.call import Call, Origin, new_id
from payments.sandbox.listing import LISTING, found, listed
from payments.sandbox.params import Flag, Group, Several, Text
from payments.sandbox.session_objects import public
from payments.sandbox.store import Body, Condition, Tx

API_VERSION = "2026-10-28.endive"
LIST_EVENTS = Group({**LISTING, "type": Text(), "types": Several(Text()), "delivery_success": Flag()})
_UNDELIVERED = "EXISTS (SELECT 1 FROM deliveries WHERE event_id = objects.id AND state <> 'delivered')"


def record(
    tx: Tx, origin: Origin, event_type: str, about: Body, changed: Body | None = None, *, connected: str | None = None
) -> Body:
    """The event in the version of the listening endpoint; `changed` holds the former values of what changed. What
    happens to a `connected` account is told to endpoints of Connect, of which there are none here: it is only listed.
    """
    listeners = _listeners(tx, origin.account, event_type) if connected is None else []
    data: dict[str, Any] = {"object": public(about)}
    if changed is not None:
        data["previous_attributes"] = changed
    version = next((listener["api_version"] for listener in listeners if listener["api_version"]), API_VERSION)
    event = {
        "id": new_id("evt"),
        "object": "event",
        "api_version": version,
        "created": origin.now,
        "data": data,
        "livemode": False,
        "pending_webhooks": len(listeners),
        "request": {"id": origin.request_id, "idempotency_key": origin.idempotency_key},
        "type": event_type,
    }
    if connected is not None:
        event["account"] = connected
    tx.add(origin.account, event)
    for listener in listeners:
        tx.db.execute(
            "INSERT INTO deliveries (account, event_id, endpoint_id, state, due_at) VALUES (?, ?, ?, 'pending', ?)",
            (origin.account, event["id"], listener["id"], origin.now),
        )
    return event


def _listeners(tx: Tx, account: str, event_type: str) -> list[Body]:
    endpoints = tx.page(account, "webhook_endpoint", oldest_first=True)
    return [each for each in endpoints if {event_type, "*"} & set(each["enabled_events"])]


def retrieve_event(call: Call, event: str) -> Body:
    return _present(call, found(call, "event", event, "id"))


def list_events(call: Call) -> Body:
    where: list[Condition] = []
    types = [*call.params.get("types", []), *([call.params["type"]] if "type" in call.params else [])]
    if types:
        marks = ", ".join("?" * len(types))
        where.append((f"json_extract(body, '$.type') IN ({marks})", tuple(types)))
    if "delivery_success" in call.params:
        where.append((f"NOT {_UNDELIVERED}" if call.params["delivery_success"] else _UNDELIVERED, ()))
    page = listed(call, "event", "/v1/events", where)
    return page | {"data": [_present(call, event) for event in page["data"]]}


def _present(call: Call, event: Body) -> Body:
    waiting = call.tx.db.execute(
        "SELECT count(*) AS n FROM deliveries WHERE event_id = ? AND state = 'pending'", (event["id"],)
    ).fetchone()["n"]
    return event | {"pending_webhooks": waiting}
