"""What a session costs after a discount and with tax, which is added on top or found in the price."""

from collections.abc import Sequence

from payments.sandbox.store import Body


def shared_out(total: int, weights: Sequence[int]) -> list[int]:
    """Splits in proportion, each part rounded down; what is left over goes to the first."""
    whole = sum(weights)
    parts = [total * weight // whole if whole else 0 for weight in weights]
    if parts:
        parts[0] += total - sum(parts)
    return parts


def priced(body: Body, *, discount: int, tax: int) -> Body:
    """The session with both sums spread over its lines; nothing left to pay is `no_payment_required`."""
    items = body["_line_items"]
    discounts = shared_out(discount, [item["amount_subtotal"] for item in items])
    before_tax = [item["amount_subtotal"] - off for item, off in zip(items, discounts, strict=True)]
    taxes = shared_out(tax, before_tax)
    lines = [
        item
        | {
            "amount_discount": off,
            "amount_tax": levied,
            "amount_total": item["amount_subtotal"] - off + _on_top(item, levied),
        }
        for item, off, levied in zip(items, discounts, taxes, strict=True)
    ]
    total = sum(line["amount_total"] for line in lines)
    return body | {
        "amount_total": total,
        "payment_status": "unpaid" if total else "no_payment_required",
        "total_details": {"amount_discount": discount, "amount_shipping": 0, "amount_tax": tax},
        "_line_items": lines,
    }


def _on_top(item: Body, levied: int) -> int:
    return 0 if item["price"]["tax_behavior"] == "inclusive" else levied
