"""Stripe Tax: set here and not set up there, it collects nothing, and nobody is told."""

from marketplace.core.errors import GatewayUnavailable
from marketplace.doctor.finding import Finding, Level, Patient, ok
from payments.stripe_api.gateway import StripeGateway, StripeRefused

NAME = "tax"


def tax(patient: Patient) -> Finding:
    patient.session.rollback()
    if patient.settings.tax == "none":
        return ok(NAME, "none is added, since TAX is not set")
    if not patient.settings.stripe_secret_key:
        return Finding(Level.ATTENTION, NAME, "not looked at without a key")
    try:
        collects = StripeGateway(patient.settings).collects_tax()
    except (GatewayUnavailable, StripeRefused):
        return Finding(Level.ATTENTION, NAME, "not looked at, since Stripe did not say")
    if not collects:
        says = "TAX is set, and Stripe has no active registration: it collects nothing, and says so to nobody"
        return Finding(Level.ATTENTION, NAME, says, "Add a registration in Stripe’s dashboard, or unset TAX.")
    return ok(NAME, "Stripe Tax has an active registration")


def currencies(patient: Patient) -> Finding:
    """What is sold in another currency is exchanged by Stripe, and mentors' shares of it wait for an operator."""
    patient.session.rollback()
    name, sold = "currency", patient.settings.currencies
    if not patient.settings.stripe_secret_key:
        return Finding(Level.ATTENTION, name, "not looked at without a key")
    try:
        settled = StripeGateway(patient.settings).settled_currencies()
    except (GatewayUnavailable, StripeRefused):
        return Finding(Level.ATTENTION, name, "not looked at, since Stripe did not say")
    ours = ", ".join(sold)
    if strange := settled - set(sold):
        says = f"the site sells in {ours}, and Stripe has settled payments in {', '.join(sorted(strange))}"
        advice = (
            "Add a bank account for each currency at Stripe, or set CURRENCIES. The page of exchanges has the rest."
        )
        return Finding(Level.ATTENTION, name, says, advice)
    return ok(name, f"Stripe settles in {', '.join(sorted(settled))}" if settled else "Stripe has settled nothing yet")
