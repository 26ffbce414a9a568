"""What a buyer keeps: the address of a receipt, and an invoice where the shop asked for one."""

from payments.sandbox.call import new_id
from payments.sandbox.listing import page_of
from payments.sandbox.store import Body

_NONE_OF = ("amount_overpaid", "amount_paid_off_stripe", "amount_remaining", "amount_shipping", "attempt_count")
_NONE_YET = ("post_payment_credit_notes_amount", "pre_payment_credit_notes_amount", "starting_balance")


def address(base_url: str, object_id: str) -> str:
    return f"{base_url}/receipts/{object_id}"


def invoice(done: Body, now: int) -> Body:
    """Paid, of a session that is complete."""
    number, total = new_id("in"), done["amount_total"]
    return {
        "id": number,
        "object": "invoice",
        **dict.fromkeys((*_NONE_OF, *_NONE_YET), 0),
        "amount_due": total,
        "amount_paid": total,
        "attempted": True,
        "auto_advance": False,
        "automatic_tax": done["automatic_tax"] | {"disabled_reason": None},
        "collection_method": "charge_automatically",
        "created": now,
        "currency": done["currency"],
        "customer": new_id("cus"),
        "default_tax_rates": [],
        "discounts": [],
        "hosted_invoice_url": address(done["_base_url"], number),
        "issuer": {"type": "self"},
        "lines": page_of([], f"/v1/invoices/{number}/lines"),
        "livemode": False,
        "payment_settings": dict.fromkeys(("default_mandate", "payment_method_options", "payment_method_types")),
        "period_end": now,
        "period_start": now,
        "status": "paid",
        "status_transitions": {
            "finalized_at": now,
            "marked_uncollectible_at": None,
            "paid_at": now,
            "voided_at": None,
        },
        "subtotal": done["amount_subtotal"],
        "total": total,
    }
