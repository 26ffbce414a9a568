"""Stripe Tax: set here and not set up there, it collects nothing, and nobody is told."""

from marketplace.core.errors import GatewayUnavailable
from marketplace.doctor.finding import Finding, Level, Patient, ok
from payments.stripe_gateway import StripeGateway, StripeRefused

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
