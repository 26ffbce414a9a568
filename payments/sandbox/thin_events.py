"""Events of the v2 API: thin, so they only name what changed; told to event destinations, and never to v1 endpoints."""

from typing import Any

from payments.sandbox.account_objects import instant
from payments.sandbox.call import Call, Origin, new_id
from payments.sandbox.endpoints import refuse_strangers
from payments.sandbox.listing import found
from payments.sandbox.params import Group, Metadata, Several, Text, Whole, words
from payments.sandbox.session_objects import public
from payments.sandbox.store import Body, Store, Tx

DESTINATIONS, EVENTS = "/v2/core/event_destinations", "/v2/core/events"
_INCLUDE = Several(Text(one_of=words("webhook_endpoint.signing_secret webhook_endpoint.url")))
CREATE_DESTINATION = Group(
    {
        "name": Text(),
        "description": Text(),
        "type": Text(one_of=words("webhook_endpoint")),
        "event_payload": Text(one_of=words("thin")),
        "enabled_events": Several(Text()),
        "include": _INCLUDE,
        "metadata": Metadata(),
        "webhook_endpoint": Group({"url": Text(is_url=True)}, words("url")),
    },
    words("name type event_payload enabled_events webhook_endpoint"),
)
LIST_DESTINATIONS = Group({"include": _INCLUDE, "limit": Whole(least=1, most=100)})
READ_EVENT = Group({})


def record(tx: Tx, origin: Origin, event_type: str, about: Body, data: dict[str, Any] | None = None) -> Body:
    """With a delivery for each destination that listens; `data` is left out of what is delivered."""
    by_request = {"id": origin.request_id, "idempotency_key": origin.idempotency_key or ""}
    event = {
        "id": new_id("evt_test"),
        "object": "v2.core.event",
        "changes": None,
        "context": None,
        "created": instant(origin.now),
        "livemode": False,
        "reason": {"type": "request", "request": by_request} if origin.request_id else None,
        "related_object": {
            "id": about["id"],
            "type": about["object"],
            "url": f"/v2/core/accounts/{about['id']}",
        },
        "snapshot_event": None,
        "type": event_type,
        "_data": data,
    }
    tx.add(origin.account, event)
    for listener in tx.page(origin.account, "v2.core.event_destination", oldest_first=True):
        if {event_type, "*"} & set(listener["enabled_events"]):
            tx.db.execute(
                "INSERT INTO deliveries (account, event_id, endpoint_id, state, due_at) VALUES (?, ?, ?, 'pending', ?)",
                (origin.account, event["id"], listener["id"], origin.now),
            )
    return event


def retrieve_event(call: Call, event: str) -> Body:
    """With its data, which was not delivered."""
    body = found(call, "v2.core.event", event, "id")
    return public(body) | ({"data": body["_data"]} if body["_data"] else {})


def create_destination(call: Call) -> Body:
    url = call.params["webhook_endpoint"]["url"]
    refuse_strangers(url, "webhook_endpoint.url")
    made = call.tx.add(call.account, destination(call.params, call.now, new_id("whsec", 32)))
    return _shown(made, call.params.get("include", []))


def destination(told: Body, now: int, secret: str) -> Body:
    return {
        "id": new_id("ed_test"),
        "object": "v2.core.event_destination",
        "amazon_eventbridge": None,
        "azure_event_grid": None,
        "created": instant(now),
        "description": told.get("description", ""),
        "enabled_events": told["enabled_events"],
        "event_payload": "thin",
        "events_from": ["@self"],
        "livemode": False,
        "metadata": told.get("metadata", {}),
        "name": told["name"],
        "snapshot_api_version": None,
        "status": "enabled",
        "status_details": None,
        "type": "webhook_endpoint",
        "updated": instant(now),
        "_url": told["webhook_endpoint"]["url"],
        "_secret": secret,
    }


def register(store: Store, account: str, url: str, secret: str, now: int) -> None:
    """The destination of the command line: the address and the secret of the endpoint; a restart replaces it."""
    told = {"name": "command line", "enabled_events": ["*"], "webhook_endpoint": {"url": url}}
    with store.writing() as tx:
        known = [each for each in tx.page(account, "v2.core.event_destination") if each["_url"] == url]
        if known:
            tx.save(known[0] | {"_secret": secret})
        else:
            tx.add(account, destination(told, now, secret))


def list_destinations(call: Call) -> Body:
    rows = call.tx.page(call.account, "v2.core.event_destination")
    data = [_shown(row, call.params.get("include", [])) for row in rows]
    return {"data": data, "next_page_url": None, "previous_page_url": None}


def _shown(body: Body, include: list[str]) -> Body:
    secret = body["_secret"] if "webhook_endpoint.signing_secret" in include else None
    url = body["_url"] if "webhook_endpoint.url" in include else None
    return public(body) | {"webhook_endpoint": {"signing_secret": secret, "url": url}}
