"""Every parameter of a Checkout Session, made once at the hold and stored, so that each retry asks for the same."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.models.bookings import Booking
from marketplace.accounts.models import User
from marketplace.core import formats
from marketplace.core.config import Settings
from marketplace.core.db import Json
from marketplace.core.language import LANGUAGES, speaking
from payments.models.sales import Purchase

# They complete unpaid and settle days later: a slot cannot wait for them.
SLOW_METHODS = [
    "acss_debit",
    "au_becs_debit",
    "bacs_debit",
    "boleto",
    "customer_balance",
    "konbini",
    "multibanco",
    "nz_bank_account",
    "oxxo",
    "payto",
    "sepa_debit",
    "sofort",
    "us_bank_account",
]


NO_TAX = "none"


def checkout_params(
    session: Session,
    mentee: User,
    purchase: Purchase,
    bookings: Sequence[Booking],
    reference: str,
    settings: Settings,
) -> Json:
    """`reference` is the payment's public id: by it a session is found again when its id was never stored."""
    booking = bookings[0]
    assert booking.held_until is not None
    mentor_name = session.execute(select(User.name).where(User.id == booking.mentor_id)).scalar_one()
    here = f"{settings.public_url}/checkout/{purchase.public_id}"
    ours = {"payment": reference, "purchase": purchase.public_id, "booking": booking.public_id}
    params: Json = {
        "mode": "payment",
        "line_items": _line_items(purchase, bookings, mentor_name, mentee, settings),
        # The braces stay literal: Stripe puts the session's id there.
        "success_url": f"{here}/return?session_id={{CHECKOUT_SESSION_ID}}",
        "cancel_url": f"{here}/cancel",
        "locale": mentee.locale if mentee.locale in LANGUAGES else "auto",
        "customer_email": mentee.email,
        "client_reference_id": purchase.public_id,
        "metadata": ours,
        "payment_intent_data": {"metadata": ours, "transfer_group": purchase.public_id},
        "expires_at": int(booking.held_until.timestamp()),
        "excluded_payment_method_types": SLOW_METHODS,
    }
    if settings.promotion_codes:
        params["allow_promotion_codes"] = True
    if settings.tax != NO_TAX:
        params |= {"automatic_tax": {"enabled": True}, "billing_address_collection": "required"}
    if settings.invoices:
        params["invoice_creation"] = {"enabled": True}
    return params


def _line_items(
    purchase: Purchase, bookings: Sequence[Booking], mentor_name: str, mentee: User, settings: Settings
) -> list[dict[str, object]]:
    """Said in the mentee's language, as Stripe shows them."""
    with speaking(mentee.locale):
        first = bookings[0].starts_at
        when = f"{formats.dated_day(first, mentee.zone)}, {formats.clock_time(first, mentee.zone)} ({mentee.zone})"
        if len(bookings) > 1:
            when = _("%(number)s sessions from %(when)s", number=len(bookings), when=when)
        name = _("%(title)s with %(name)s, %(when)s", title=purchase.title, name=mentor_name, when=when)
        fee_name = _("%(site)s fee", site=settings.site_name)
    fee_on_top = purchase.fee_minor if purchase.fee_borne_by == "mentee" else 0
    items = [_item(purchase, purchase.gross_minor - fee_on_top, name, settings)]
    if fee_on_top:
        items.append(_item(purchase, fee_on_top, fee_name, settings))
    return items


def _item(purchase: Purchase, minor: int, name: str, settings: Settings) -> dict[str, object]:
    """Where the tax stands was frozen with the sale, whatever the settings say by now."""
    product: dict[str, object] = {"name": name}
    price: dict[str, object] = {"currency": purchase.currency.lower(), "unit_amount": minor, "product_data": product}
    if settings.tax != NO_TAX:
        price["tax_behavior"] = "inclusive" if purchase.tax_included else "exclusive"
        if settings.tax_code:
            product["tax_code"] = settings.tax_code
    return {"price_data": price, "quantity": 1}
