"""Stripe's pages of lists: newest first, cursors are ids (https://docs.stripe.com/api/pagination)."""

from collections.abc import Sequence

from payments.sandbox.call import Call
from payments.sandbox.errors import ApiError, missing
from payments.sandbox.params import Kind, Range, Several, Text, Whole
from payments.sandbox.session_objects import public
from payments.sandbox.store import Body, Condition

EXPAND: dict[str, Kind] = {"expand": Several(Text())}
PAGING: dict[str, Kind] = {
    **EXPAND,
    "limit": Whole(least=1, most=100),
    "starting_after": Text(),
    "ending_before": Text(),
}
LISTING: dict[str, Kind] = {**PAGING, "created": Range()}
_COMPARED = {"gt": "created > ?", "gte": "created >= ?", "lt": "created < ?", "lte": "created <= ?"}


def found(call: Call, kind: str, object_id: str, param: str) -> Body:
    """The caller's own object. Raises 404 `resource_missing`."""
    body = call.tx.find(call.account, kind, object_id)
    if body is None:
        raise missing(kind, object_id, param)
    return body


def listed(call: Call, kind: str, url: str, where: Sequence[Condition] = ()) -> Body:
    """One page of the caller's objects; `ending_before` gives the page just above the cursor."""
    backwards = "ending_before" in call.params
    limit = call.params.get("limit", 10)
    conditions = [*where, *_cursor(call, kind), *_created(call)]
    rows = call.tx.page(call.account, kind, conditions, oldest_first=backwards, limit=limit + 1)
    data = [public(row) for row in rows[:limit]]
    return page_of(data[::-1] if backwards else data, url, has_more=len(rows) > limit)


def page_of(data: list[Body], url: str, *, has_more: bool = False) -> Body:
    return {"object": "list", "data": data, "has_more": has_more, "url": url}


def _cursor(call: Call, kind: str) -> list[Condition]:
    if {"starting_after", "ending_before"} <= call.params.keys():
        raise ApiError("You may only specify one of these parameters: starting_after, ending_before.")
    for param, condition in (("starting_after", "seq < ?"), ("ending_before", "seq > ?")):
        if param in call.params:
            position = call.tx.position(call.account, kind, call.params[param])
            if position is None:
                raise missing(kind, call.params[param], param)
            return [(condition, (position,))]
    return []


def _created(call: Call) -> list[Condition]:
    return [(_COMPARED[bound], (value,)) for bound, value in call.params.get("created", {}).items()]
