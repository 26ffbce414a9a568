"""`expand[]`: ids in an answer become the objects they name (https://docs.stripe.com/api/expanding_objects)."""

from payments.sandbox.call import Call
from payments.sandbox.errors import ApiError
from payments.sandbox.listing import page_of
from payments.sandbox.session_objects import public
from payments.sandbox.store import Body, equals

_BY_ID = {
    "checkout.session": {"payment_intent", "invoice"},
    "payment_intent": {"latest_charge"},
    "charge": {"payment_intent", "balance_transaction"},
    "refund": {"payment_intent", "charge", "balance_transaction", "failure_balance_transaction"},
    "balance_transaction": {"source"},
    "dispute": {"charge", "payment_intent"},
    "radar.early_fraud_warning": {"charge", "payment_intent"},
    "transfer": {"balance_transaction", "source_transaction"},
    "transfer_reversal": {"balance_transaction", "transfer"},
}
_DEEPEST = 4


def expanded(call: Call, answer: Body) -> Body:
    """The answer with every path of the call's `expand` filled in; a null stays null, and what is left out stays so."""
    for path in call.params.get("expand", []):
        steps = path.split(".")
        if len(steps) > _DEEPEST:
            raise ApiError(f"You cannot expand more than {_DEEPEST} levels of a property.", param="expand")
        _expand(call, answer, steps, path)
    return answer


def _expand(call: Call, at: Body, steps: list[str], path: str) -> None:
    if not steps:
        return
    step, rest = steps[0], steps[1:]
    if at.get("object") == "list" and step == "data":
        for each in at["data"]:
            _expand(call, each, rest, path)
        return
    if isinstance(at.get(step), str) or at.get(step) is None:
        loaded = _loaded(call, at, step, path)
        if loaded is not None or step in at:
            at[step] = loaded
    if isinstance(at.get(step), dict):
        _expand(call, at[step], rest, path)


def _loaded(call: Call, at: Body, step: str, path: str) -> Body | None:
    kind = at.get("object", "")
    if (kind, step) == ("checkout.session", "line_items"):
        return line_items(call, at["id"])
    if (kind, step) == ("charge", "refunds"):
        refunds = call.tx.page(call.account, "refund", [equals("charge", at["id"])])
        return page_of([public(each) for each in refunds], f"/v1/charges/{at['id']}/refunds")
    if step not in _BY_ID.get(kind, set()):
        raise ApiError(f"This property cannot be expanded ({path}).", param="expand")
    row = call.tx.row(at[step]) if at.get(step) else None
    return public(row[1]) if row else None


def line_items(call: Call, session_id: str) -> Body:
    row = call.tx.row(session_id)
    items = row[1]["_line_items"] if row else []
    return page_of([public(item) for item in items], f"/v1/checkout/sessions/{session_id}/line_items")
