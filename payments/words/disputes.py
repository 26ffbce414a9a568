"""What banks do about a payment, as plain sentences. They accuse nobody: often a card was stolen, or a name on a
statement was not known again."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext

from marketplace.core import formats
from marketplace.core.money import Money
from payments.domain.attachments import AttachedKind
from payments.domain.disputes import CHARGEBACKS, INQUIRIES, OPEN, DisputeStatus
from payments.models.disputes import Dispute

STATUSES = {
    DisputeStatus.WARNING_NEEDS_RESPONSE: lazy_gettext("the bank asks"),
    DisputeStatus.WARNING_UNDER_REVIEW: lazy_gettext("the bank asks, and reads the answer"),
    DisputeStatus.WARNING_CLOSED: lazy_gettext("the bank asks no more"),
    DisputeStatus.NEEDS_RESPONSE: lazy_gettext("to be answered"),
    DisputeStatus.UNDER_REVIEW: lazy_gettext("the bank reads the answer"),
    DisputeStatus.WON: lazy_gettext("won: the money is back"),
    DisputeStatus.LOST: lazy_gettext("lost: the mentee has the money"),
    DisputeStatus.PREVENTED: lazy_gettext("ended before it began"),
}
REASONS = {
    "bank_cannot_process": lazy_gettext("the bank cannot process the payment"),
    "check_returned": lazy_gettext("a cheque was returned"),
    "credit_not_processed": lazy_gettext("a refund that was expected did not come"),
    "customer_initiated": lazy_gettext("the card holder has objected"),
    "debit_not_authorized": lazy_gettext("the debit was not allowed"),
    "duplicate": lazy_gettext("it was paid twice"),
    "fraudulent": lazy_gettext("the card holder says that they did not pay this"),
    "general": lazy_gettext("no particular reason"),
    "incorrect_account_details": lazy_gettext("the account’s details are not right"),
    "insufficient_funds": lazy_gettext("there was not enough on the account"),
    "noncompliant": lazy_gettext("a rule of the card network was not kept"),
    "product_not_received": lazy_gettext("what was paid for did not come"),
    "product_unacceptable": lazy_gettext("what was paid for was not as described"),
    "subscription_canceled": lazy_gettext("it was charged after it had been cancelled"),
    "unrecognized": lazy_gettext("the card holder does not know the name on the statement"),
}


FIELDS = {
    "product_description": lazy_gettext("What was sold"),
    "service_date": lazy_gettext("Date of the session"),
    "customer_name": lazy_gettext("Name of the mentee"),
    "customer_email_address": lazy_gettext("Mail address of the mentee"),
    "access_activity_log": lazy_gettext("What happened, in order"),
    "cancellation_policy_disclosure": lazy_gettext("The policy, and how it was shown"),
    "refund_refusal_explanation": lazy_gettext("What went back, and why no more"),
    "uncategorized_text": lazy_gettext("Our words and the letters that were sent"),
}
"""Stripe's fields of evidence, as an operator reads them."""


def status_words(status: str) -> str:
    return str(STATUSES[DisputeStatus(status)])


def reason_words(reason: str) -> str:
    """Stripe may have a new one some day."""
    return str(REASONS.get(reason, reason.replace("_", " ")))


def all_back_words(paid: Money) -> str:
    return _(
        "All that you paid goes back to the card or account that you paid with: %(sum)s. Banks take 5 to 10 days.",
        sum=formats.money(paid),
    )


def given_by_bank_words(paid: Money) -> str:
    return _("Your bank has given you the money back: %(sum)s. Nothing more is to be done.", sum=formats.money(paid))


def waits_words(back: Money) -> str:
    return _(
        "You get %(sum)s back. Your bank has your payment just now, so it waits until the bank has decided.",
        sum=formats.money(back),
    )


def nothing_earned_words() -> str:
    return _("The mentee gets all back, so you earn nothing for it.")


def attached_words(kinds: Sequence[str]) -> str:
    """`the shared notes and 2 messages`: what was attached at once, without a word of it."""
    messages = sum(kind == AttachedKind.MESSAGE for kind in kinds)
    said = [_("the agenda")] if AttachedKind.AGENDA in kinds else []
    said += [_("the shared notes")] if AttachedKind.NOTES in kinds else []
    said += [ngettext("%(num)s message", "%(num)s messages", messages)] if messages else []
    return formats.listed(said)


def for_mentor(dispute: Dispute) -> list[str]:
    """What happened, and what it means for them."""
    amount = formats.money(dispute.amount)
    if dispute.state in INQUIRIES:
        return [
            _("The bank of the card that paid for this session asks about the payment of %(sum)s.", sum=amount),
            _("No money has moved. Until the bank is done asking, nothing more of it is sent to you."),
        ]
    if dispute.state in CHARGEBACKS:
        return [
            _("The bank of the card that paid for this session has taken the payment of %(sum)s back.", sum=amount),
            _(
                "We answer the bank with what we know. Until it has decided, which can take three months, what you "
                "earn by this session waits. A session that is still to come stands."
            ),
        ]
    if dispute.state is DisputeStatus.LOST:
        return [
            _("The bank has decided that the payment of %(sum)s stays with the mentee.", sum=amount),
            _("What you have earned by a session that took place is yours all the same: the site bears the loss."),
        ]
    return [
        _("The bank is done: the payment of %(sum)s stands.", sum=amount),
        _("What waited is sent to you now."),
    ]


def for_operator(dispute: Dispute) -> list[str]:
    lines = [
        _(
            "Payment of %(sum)s: %(status)s. The reason that the bank gives: %(reason)s.",
            sum=formats.money(dispute.amount),
            status=status_words(dispute.status),
            reason=reason_words(dispute.reason),
        )
    ]
    if dispute.state in OPEN and dispute.due_by is not None:
        lines.append(_("An answer has to be there by %(when)s.", when=formats.local_with_zone(dispute.due_by, "UTC")))
    return lines


def for_page(disputes: Sequence[Dispute], *, is_mentees: bool) -> str:
    """One sentence on the session's page about the newest of them; empty when there is none."""
    if not disputes:
        return ""
    dispute = disputes[-1]
    amount = formats.money(dispute.amount)
    return _for_mentee(dispute, amount) if is_mentees else " ".join(for_mentor(dispute))


def _for_mentee(dispute: Dispute, amount: str) -> str:
    if dispute.state in INQUIRIES:
        return _(
            "Your bank has asked us about your payment of %(sum)s. If you know the payment, please tell your bank so; "
            "if something was wrong, write to us.",
            sum=amount,
        )
    if dispute.state in CHARGEBACKS:
        return _(
            "Your bank has taken back your payment of %(sum)s, and decides who gets it. Until then we cannot refund "
            "anything of it; whatever we owe you waits, and nothing is lost.",
            sum=amount,
        )
    if dispute.state is DisputeStatus.LOST:
        return _("Your bank has given you %(sum)s back, so we owe you nothing more of it.", sum=amount)
    return _("Your bank is done with your payment of %(sum)s: it stands.", sum=amount)
