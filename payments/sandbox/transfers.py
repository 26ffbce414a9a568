"""Transfers to recipients, and reversals: what is there to give, and what may be taken back."""

from payments.sandbox import events, payouts
from payments.sandbox.accounts import account_with
from payments.sandbox.call import Call, new_id
from payments.sandbox.currencies import shown
from payments.sandbox.errors import ApiError, refused
from payments.sandbox.listing import EXPAND, LISTING, PAGING, found, listed, page_of
from payments.sandbox.money_objects import balance_transaction
from payments.sandbox.params import Group, Metadata, Text, Whole, words
from payments.sandbox.session_objects import public
from payments.sandbox.store import Body, equals

URL = "/v1/transfers"
CREATE_TRANSFER = Group(
    {
        **EXPAND,
        "amount": Whole(least=1),
        "currency": Text(),
        "destination": Text(),
        "description": Text(),
        "metadata": Metadata(),
        "source_transaction": Text(),
        "transfer_group": Text(),
    },
    words("currency destination"),
)
LIST_TRANSFERS = Group({**LISTING, "destination": Text(), "transfer_group": Text()})
CREATE_REVERSAL = Group({**EXPAND, "amount": Whole(least=1), "description": Text(), "metadata": Metadata()})
LIST_REVERSALS = Group(PAGING)


def create_transfer(call: Call) -> Body:
    told = call.params
    if "amount" not in told and not _has_source(call):
        raise ApiError("Missing required param: amount.", code="parameter_missing", param="amount")
    account = account_with(call.tx, call.account, told["destination"], call.now)
    if account["_status"] != "active":
        wrong = (
            "Your destination account needs to have at least one of the following capabilities enabled: transfers, "
            "crypto_transfers, legacy_payments"
        )
        raise refused(wrong, code="insufficient_capabilities_for_transfer")
    charged = found(call, "charge", told["source_transaction"], "source_transaction") if _has_source(call) else None
    amount = int(told["amount"] if "amount" in told or charged is None else charged["amount"])
    _require_money(call, charged, amount)
    group = told.get("transfer_group") or (charged["transfer_group"] if charged else None)
    made = _transfer(call, amount, group or (f"group_{charged['id']}" if charged else None))
    booked = call.tx.add(call.account, balance_transaction(made, -amount, 0, call.now))
    made = call.tx.add(call.account, made | {"balance_transaction": booked["id"]})
    events.record(call.tx, call.origin, "transfer.created", with_reversals(call, made))
    return with_reversals(call, made)


def _has_source(call: Call) -> bool:
    return "source_transaction" in call.params


def _require_money(call: Call, charged: Body | None, amount: int) -> None:
    """Of a charge at most what it brought, however full the balance is; else at most what is available."""
    currency = call.params["currency"].lower()
    if charged is not None:
        settled = call.tx.find(call.account, "balance_transaction", charged["balance_transaction"] or "")
        if (settled or charged)["currency"] != currency:
            raise refused("The currency of source_transaction's balance transaction is another one.", param="currency")
        made = call.tx.page(call.account, "transfer", [equals("source_transaction", charged["id"])])
        left = charged["amount"] - sum(each["amount"] for each in made)
        if amount > left:
            wrong = f"The transfers of this charge may not exceed it: {shown(left, currency)} are left of it."
            raise refused(wrong, param="amount")
        return
    booked = call.tx.page(call.account, "balance_transaction", [equals("currency", currency)])
    if amount > sum(each["net"] for each in booked):
        wrong = (
            "You have insufficient available funds in your Stripe account. Try adding funds directly to your available "
            "balance by creating Charges using the 4000000000000077 test card."
        )
        raise refused(wrong, code="balance_insufficient")


def _transfer(call: Call, amount: int, group: str | None) -> Body:
    told = call.params
    return {
        "id": new_id("tr"),
        "object": "transfer",
        "amount": amount,
        "amount_reversed": 0,
        "balance_transaction": None,
        "created": call.now,
        "currency": told["currency"].lower(),
        "description": told.get("description"),
        "destination": told["destination"],
        "destination_payment": new_id("py"),
        "livemode": False,
        "metadata": told.get("metadata", {}),
        "reversed": False,
        "source_transaction": told.get("source_transaction"),
        "source_type": "card",
        "transfer_group": group,
    }


def with_reversals(call: Call, transfer: Body) -> Body:
    made = call.tx.page(call.account, "transfer_reversal", [equals("transfer", transfer["id"])])
    url = f"{URL}/{transfer['id']}/reversals"
    return public(transfer) | {"reversals": page_of([public(each) for each in made], url)}


def retrieve_transfer(call: Call, transfer: str) -> Body:
    return with_reversals(call, found(call, "transfer", transfer, "transfer"))


def list_transfers(call: Call) -> Body:
    where = [equals(name, call.params[name]) for name in ("destination", "transfer_group") if name in call.params]
    page = listed(call, "transfer", URL, where)
    return page | {"data": [with_reversals(call, each) for each in page["data"]]}


def create_reversal(call: Call, transfer: str) -> Body:
    """At most what was transferred and not reversed yet, and what the recipient still has on their balance."""
    body = found(call, "transfer", transfer, "transfer")
    left = body["amount"] - body["amount_reversed"]
    amount = call.params.get("amount", left)
    if not left or amount > left:
        wrong = f"Reversal amount ({shown(amount, body['currency'])}) is greater than unreversed amount on transfer"
        raise refused(f"{wrong} ({shown(left, body['currency'])})", param="amount")
    if amount > payouts.on_balance(call.tx, call.account, body["destination"], body["currency"]):
        raise refused(
            "The connected account does not have sufficient funds to cover this reversal.", code="balance_insufficient"
        )
    made = {
        "id": new_id("trr"),
        "object": "transfer_reversal",
        "amount": amount,
        "balance_transaction": None,
        "created": call.now,
        "currency": body["currency"],
        "destination_payment_refund": new_id("pyr"),
        "metadata": call.params.get("metadata", {}),
        "source_refund": None,
        "transfer": body["id"],
    }
    booked = call.tx.add(call.account, balance_transaction(made, amount, 0, call.now, "transfer_refund"))
    made = call.tx.add(call.account, made | {"balance_transaction": booked["id"]})
    total = body["amount_reversed"] + amount
    after = call.tx.save(body | {"amount_reversed": total, "reversed": total == body["amount"]})
    events.record(call.tx, call.origin, "transfer.reversed", with_reversals(call, after))
    return public(made)


def list_reversals(call: Call, transfer: str) -> Body:
    found(call, "transfer", transfer, "transfer")
    return listed(call, "transfer_reversal", f"{URL}/{transfer}/reversals", [equals("transfer", transfer)])
