"""Coupons and promotion codes, and what they take off a session (https://docs.stripe.com/api/coupons)."""

from typing import Any

from payments.sandbox.call import Call, Origin, new_id
from payments.sandbox.currencies import check_currency, check_total, step
from payments.sandbox.errors import ApiError, missing, refused
from payments.sandbox.listing import EXPAND, LISTING, found, listed
from payments.sandbox.params import Flag, Group, Metadata, Number, Text, Whole, words
from payments.sandbox.pricing import priced
from payments.sandbox.store import Body, Tx, equals

CREATE_COUPON = Group(
    {
        **EXPAND,
        "name": Text(limit=40),
        "percent_off": Number(most=100),
        "amount_off": Whole(least=1),
        "currency": Text(),
        "duration": Text(one_of=words("once forever")),
        "max_redemptions": Whole(least=1),
        "redeem_by": Whole(),
        "metadata": Metadata(),
    }
)
_PROMOTION = Group({"type": Text(one_of=words("coupon")), "coupon": Text()}, words("type"))
CREATE_CODE = Group(
    {
        **EXPAND,
        "promotion": _PROMOTION,
        "code": Text(limit=500),
        "active": Flag(),
        "expires_at": Whole(),
        "max_redemptions": Whole(least=1),
        "metadata": Metadata(),
    },
    words("promotion"),
)
LIST_CODES = Group({**LISTING, "active": Flag(), "code": Text()})


def create_coupon(call: Call) -> Body:
    given = {"percent_off", "amount_off"} & call.params.keys()
    if len(given) != 1:
        raise ApiError("Must provide exactly one of percent_off or amount_off.", code="parameter_missing")
    if "amount_off" in given:
        if "currency" not in call.params:
            raise ApiError("Must provide currency with amount_off.", code="parameter_missing", param="currency")
        check_currency(call.params["currency"], "currency")
    return call.tx.add(call.account, coupon(call.params, call.now))


def coupon(told: dict[str, Any], now: int) -> Body:
    return {
        "id": new_id("co", 8)[3:],
        "object": "coupon",
        "amount_off": told.get("amount_off"),
        "created": now,
        "currency": told["currency"].lower() if "currency" in told else None,
        "duration": told.get("duration", "once"),
        "duration_in_months": None,
        "livemode": False,
        "max_redemptions": told.get("max_redemptions"),
        "metadata": told.get("metadata", {}),
        "name": told.get("name"),
        "percent_off": told.get("percent_off"),
        "redeem_by": told.get("redeem_by"),
        "times_redeemed": 0,
        "valid": True,
    }


def retrieve_coupon(call: Call, coupon: str) -> Body:
    return found(call, "coupon", coupon, "coupon")


def create_code(call: Call) -> Body:
    """A code is the account's own: another active one with the same letters is refused."""
    off = call.params["promotion"].get("coupon", "")
    found(call, "coupon", off, "promotion[coupon]")
    code = call.params.get("code", new_id("code", 8)[5:].upper())
    if active_code(call.tx, call.account, code):
        raise refused("An active promotion code with that code already exists.", param="code")
    made = {
        "id": new_id("promo"),
        "object": "promotion_code",
        "active": call.params.get("active", True),
        "code": code,
        "created": call.now,
        "customer": None,
        "customer_account": None,
        "expires_at": call.params.get("expires_at"),
        "livemode": False,
        "max_redemptions": call.params.get("max_redemptions"),
        "metadata": call.params.get("metadata", {}),
        "promotion": {"coupon": off, "type": "coupon"},
        "restrictions": {"first_time_transaction": False, "minimum_amount": None, "minimum_amount_currency": None},
        "times_redeemed": 0,
    }
    return call.tx.add(call.account, made)


def retrieve_code(call: Call, promotion_code: str) -> Body:
    return found(call, "promotion_code", promotion_code, "promotion_code")


def list_codes(call: Call) -> Body:
    where = [equals(name, call.params[name]) for name in ("active", "code") if name in call.params]
    return listed(call, "promotion_code", "/v1/promotion_codes", where)


def active_code(tx: Tx, account: str, code: str) -> Body | None:
    """Capital and small letters are one, as at Stripe."""
    known = tx.page(account, "promotion_code", [equals("active", True)])
    return next((each for each in known if each["code"].lower() == code.lower()), None)


def asked_for(call: Call, body: Body) -> Body:
    """The new session with the discount of its parameters. Raises ApiError for what Stripe refuses."""
    asked = call.params.get("discounts", [])
    if asked and call.params.get("allow_promotion_codes"):
        raise ApiError("You may only specify one of these parameters: allow_promotion_codes, discounts.")
    if len(asked) > 1 or any(len(each) != 1 for each in asked):
        raise ApiError("A session takes one discount: a coupon or a promotion code.", param="discounts")
    if not asked:
        return body
    code = None
    if "promotion_code" in asked[0]:
        code = found(call, "promotion_code", asked[0]["promotion_code"], "discounts[0][promotion_code]")
    off = found(call, "coupon", code["promotion"]["coupon"] if code else asked[0]["coupon"], "discounts[0][coupon]")
    return discounted(body, off, code)


def by_code(tx: Tx, origin: Origin, body: Body, code: str) -> Body | None:
    """What typing a code on the page makes of the session; None if there is no such code, or no more."""
    known = active_code(tx, origin.account, code)
    off = tx.find(origin.account, "coupon", known["promotion"]["coupon"]) if known else None
    if known is None or off is None or not off["valid"]:
        return None
    ends = [each for each in (known["expires_at"], off["redeem_by"]) if each is not None]
    return None if any(end <= origin.now for end in ends) else discounted(body, off, known)


def discounted(body: Body, off: Body, code: Body | None = None) -> Body:
    """Never more than the session costs; what is left must be nothing or a sum that Stripe takes."""
    subtotal, currency = body["amount_subtotal"], body["currency"]
    if off["currency"] not in {None, currency}:
        raise refused(f"The coupon {off['id']} is in {off['currency']}, the session in {currency}.")
    percent = off["percent_off"]
    unit = step(currency)
    less = min(subtotal, off["amount_off"]) if percent is None else round(subtotal * percent / (100 * unit)) * unit
    left = priced(body, discount=less, tax=body["total_details"]["amount_tax"])
    check_total(left["amount_total"], currency)
    return left | {"discounts": [{"coupon": off["id"], "promotion_code": code["id"] if code else None}]}


def redeem(tx: Tx, done: Body) -> None:
    """Counts the discounts of a completed session; one that was used as often as it may be is used up."""
    given = [each[name] for each in done["discounts"] for name in ("coupon", "promotion_code") if each[name]]
    for object_id in given:
        row = tx.row(object_id)
        if row is None:
            raise missing("coupon", object_id, "discounts")
        used = row[1]["times_redeemed"] + 1
        still = "valid" if row[1]["object"] == "coupon" else "active"
        spent = used == row[1]["max_redemptions"]
        tx.save(row[1] | {"times_redeemed": used, still: row[1][still] and not spent})
