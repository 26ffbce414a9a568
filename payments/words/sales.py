"""States of money, and ways in which news of them came, in words for people."""

from flask_babel import lazy_gettext as _

from marketplace.core import audit
from payments.domain.inbox import EventSource
from payments.domain.states import PaymentStatus

PAYMENTS = {
    PaymentStatus.UNSENT: _("unsent"),
    PaymentStatus.OPEN: _("open"),
    PaymentStatus.PROCESSING: _("processing"),
    PaymentStatus.PAID: _("paid"),
    PaymentStatus.EXPIRED: _("expired"),
    PaymentStatus.FAILED: _("failed"),
}
audit.names(
    {
        "payments:exchange_released": _("mentor to be paid, though another currency was settled"),
        "payments:refund_asked_again": _("refund asked of Stripe again"),
        "payments:refund_paid_by_hand": _("refund paid past Stripe"),
    }
)
SOURCES = {EventSource.WEBHOOK: _("by webhook"), EventSource.POLL: _("by poll")}

audit.names(
    {
        "payments:cancelled": _("session cancelled"),
        "payments:disputed": _("a bank disputes a payment, or has decided"),
        "payments:warned": _("a bank warned of fraud"),
        "payments:evidence_sent": _("evidence sent to a bank"),
        "payments:agenda_attached": _("agenda attached to a dispute"),
        "payments:words_attached": _("messages or notes attached to a dispute"),
        "payments:decided": _("decided what became of a session"),
        "payments:fee_changed": _("site’s fee changed"),
        "payments:gave_back": _("gave money back after settling"),
        "payments:transfer_asked_again": _("transfer asked of Stripe again"),
        "payments:transfer_by_hand": _("mentor paid past Stripe"),
    }
)


def payment_words(status: str) -> str:
    """Empty for the empty status of what needed no payment."""
    return str(PAYMENTS[PaymentStatus(status)]) if status else ""


def source_words(source: str) -> str:
    return str(SOURCES[EventSource(source)])
