"""Promotion codes of the demo, made at the stand-in once."""

from typing import Any, cast

from stripe import StripeClient

from tools.demo.place import STRIPE_KEY

CODES = {"WELCOME": 20, "GUEST": 100}
"""Percent off."""


def make_codes(stripe_url: str) -> None:
    client = StripeClient(STRIPE_KEY, base_addresses=cast("Any", {"api": stripe_url})).v1
    known = {each.code for each in client.promotion_codes.list({"limit": 100})}
    for code, percent in CODES.items():
        if code not in known:
            off = client.coupons.create({"percent_off": percent})
            client.promotion_codes.create({"code": code, "promotion": {"type": "coupon", "coupon": off.id}})
