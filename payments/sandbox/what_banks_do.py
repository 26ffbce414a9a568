"""Routes of /_sandbox for what banks do about a payment: dispute it, decide, warn of fraud."""

from flask import Blueprint
from werkzeug.wrappers import Response as AnyResponse

from payments.sandbox import disputes, fraud_warnings
from payments.sandbox.call import Origin
from payments.sandbox.changing import changed
from payments.sandbox.errors import refused
from payments.sandbox.params import Text, Whole
from payments.sandbox.parts import Parts
from payments.sandbox.session_objects import public
from payments.sandbox.store import Body, Tx
from payments.sandbox.told import done, names, told


def add_to(bp: Blueprint, parts: Parts) -> None:
    @bp.post("/payments/<intent_id>/dispute")
    def dispute(intent_id: str) -> AnyResponse:
        """Of all that is left of the payment, or of `amount`."""
        kind = told("kind", Text(one_of=disputes.KINDS), "chargeback")
        reason = told("reason", Text(one_of=disputes.REASONS), "fraudulent")
        amount = told("amount", Whole(least=1)) if names("amount") else None

        def change(tx: Tx, origin: Origin, intent: Body) -> Body:
            return disputes.open_dispute(tx, origin, _charge(tx, intent), kind, reason, amount)

        return done(dispute=public(changed(parts, "payment_intent", intent_id, change)))

    @bp.post("/disputes/<dispute_id>/decide")
    def decide(dispute_id: str) -> AnyResponse:
        decision = told("decision", Text(one_of=disputes.DECISIONS))

        def change(tx: Tx, origin: Origin, body: Body) -> Body:
            return disputes.decide(tx, origin, body, decision)

        return done(dispute=public(changed(parts, "dispute", dispute_id, change)))

    @bp.post("/payments/<intent_id>/warn")
    def warn(intent_id: str) -> AnyResponse:
        fraud_type = told("fraud_type", Text(one_of=fraud_warnings.FRAUD_TYPES), "made_with_stolen_card")

        def change(tx: Tx, origin: Origin, intent: Body) -> Body:
            return fraud_warnings.warn(tx, origin, _charge(tx, intent), fraud_type)

        return done(warning=public(changed(parts, "payment_intent", intent_id, change)))


def _charge(tx: Tx, intent: Body) -> Body:
    row = tx.row(intent["latest_charge"]) if intent["latest_charge"] else None
    if row is None:
        raise refused(f"The payment {intent['id']} has no charge.")
    return row[1]
