"""Webhook endpoints: who is told. Only this machine is, so that a test never reaches a stranger."""

from urllib.parse import urlsplit

from payments.sandbox.call import Call, new_id
from payments.sandbox.errors import ApiError
from payments.sandbox.events import API_VERSION
from payments.sandbox.listing import EXPAND, PAGING, found, listed
from payments.sandbox.params import Group, Metadata, Several, Text, words
from payments.sandbox.session_objects import public
from payments.sandbox.store import Body, Store

CREATE_ENDPOINT = Group(
    {
        **EXPAND,
        "url": Text(is_url=True),
        "enabled_events": Several(Text()),
        "api_version": Text(),
        "description": Text(),
        "metadata": Metadata(),
    },
    words("url enabled_events"),
)
LIST_ENDPOINTS = Group(PAGING)
DELETE_ENDPOINT = Group({})
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def create_endpoint(call: Call) -> Body:
    """The only answer that shows the secret."""
    refuse_strangers(call.params["url"], "url")
    made = endpoint(call.params, call.now, new_id("whsec", 32))
    call.tx.add(call.account, made)
    return public(made) | {"secret": made["_secret"]}


def refuse_strangers(url: str, param: str) -> None:
    if urlsplit(url).hostname not in LOOPBACK:
        raise ApiError("The stand-in sends webhooks to 127.0.0.1 only.", code="url_invalid", param=param)


def endpoint(told: Body, now: int, secret: str) -> Body:
    return {
        "id": new_id("we"),
        "object": "webhook_endpoint",
        "api_version": told.get("api_version"),
        "application": None,
        "created": now,
        "description": told.get("description"),
        "enabled_events": told["enabled_events"],
        "livemode": False,
        "metadata": told.get("metadata", {}),
        "status": "enabled",
        "url": told["url"],
        "_secret": secret,
    }


def retrieve_endpoint(call: Call, webhook_endpoint: str) -> Body:
    return public(found(call, "webhook_endpoint", webhook_endpoint, "webhook_endpoint"))


def list_endpoints(call: Call) -> Body:
    return listed(call, "webhook_endpoint", "/v1/webhook_endpoints")


def delete_endpoint(call: Call, webhook_endpoint: str) -> Body:
    """What it has not been told yet is never told."""
    found(call, "webhook_endpoint", webhook_endpoint, "webhook_endpoint")
    call.tx.remove(webhook_endpoint)
    call.tx.db.execute(
        "UPDATE deliveries SET state = 'failed' WHERE endpoint_id = ? AND state = 'pending'", (webhook_endpoint,)
    )
    return {"id": webhook_endpoint, "object": "webhook_endpoint", "deleted": True}


def register(store: Store, account: str, url: str, secret: str, now: int) -> None:
    """The endpoint of the command line: listens to everything in the library's version; a restart replaces it."""
    told = {"url": url, "enabled_events": ["*"], "api_version": API_VERSION}
    with store.writing() as tx:
        known = [each for each in tx.page(account, "webhook_endpoint") if each["url"] == url]
        if known:
            tx.save(known[0] | {"_secret": secret})
        else:
            tx.add(account, endpoint(told, now, secret))
