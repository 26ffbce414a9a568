"""What became of a payout to a mentor's bank, and why one did not arrive, as plain sentences."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from marketplace.core import formats
from payments.domain.bank_payouts import BankPayoutStatus
from payments.models.bank_payouts import BankPayout

LABELS = {
    BankPayoutStatus.PENDING: (lazy_gettext("on its way"), "near"),
    BankPayoutStatus.IN_TRANSIT: (lazy_gettext("on its way"), "near"),
    BankPayoutStatus.PAID: (lazy_gettext("arrived"), "on"),
    BankPayoutStatus.FAILED: (lazy_gettext("did not arrive"), "off"),
    BankPayoutStatus.CANCELED: (lazy_gettext("called off at Stripe"), ""),
}
WHY = {
    "account_closed": lazy_gettext("The bank account is closed."),
    "account_frozen": lazy_gettext("The bank account is frozen."),
    "bank_account_restricted": lazy_gettext(
        "The bank account does not take every kind of payment, and not this one. Usually it is a savings account."
    ),
    "bank_ownership_changed": lazy_gettext(
        "The bank has been taken over by another one, so the details of the account are not right any more."
    ),
    "could_not_process": lazy_gettext("The bank could not process the payment. It does not say why."),
    "debit_not_authorized": lazy_gettext(
        "The bank does not let Stripe take back what your account there owes. Ask your bank to allow debits by Stripe."
    ),
    "declined": lazy_gettext("The bank has declined the payment. Only your bank can say why."),
    "incorrect_account_holder_address": lazy_gettext(
        "The address of the account’s holder is not the one that the bank has."
    ),
    "incorrect_account_holder_name": lazy_gettext("The name of the account’s holder is not the one that the bank has."),
    "incorrect_account_holder_tax_id": lazy_gettext(
        "The tax number of the account’s holder is not the one that the bank has."
    ),
    "incorrect_account_type": lazy_gettext("The kind of account that Stripe was told is not the right one."),
    "insufficient_funds": lazy_gettext("There was too little on your account at Stripe when it was to be paid out."),
    "invalid_account_number": lazy_gettext("The number of the bank account (IBAN) is not right."),
    "invalid_account_number_length": lazy_gettext("The number of the bank account is too long or too short."),
    "invalid_currency": lazy_gettext("The bank account does not take this currency."),
    "no_account": lazy_gettext(
        "The bank knows no account with these details: the number or the name is probably not right."
    ),
    "unsupported_card": lazy_gettext("The bank does not take payments to this card any more."),
}
"""By Stripe's code (https://docs.stripe.com/api/payouts/failures, November 2026)."""


@dataclass(frozen=True, slots=True)
class PayoutWords:
    label: str
    tone: str
    when: str
    """The day that matters."""


def payout_words(payout: BankPayout) -> PayoutWords:
    label, tone = LABELS[payout.state]
    return PayoutWords(str(label), tone, _when(payout))


def _when(payout: BankPayout) -> str:
    """Days as they stand at Stripe: a bank has no hours."""
    day = formats.full_date(payout.arrives_on)
    match payout.state:
        case BankPayoutStatus.PAID:
            return day
        case BankPayoutStatus.FAILED | BankPayoutStatus.CANCELED:
            return formats.full_date(payout.made_at, "UTC")
    return _("expected on %(day)s", day=day)


def what_happened(payout: BankPayout) -> str:
    """Of one that did not arrive, with what it means."""
    day, amount = formats.full_date(payout.made_at, "UTC"), formats.money(payout.moved)
    if payout.amount_minor < 0:
        return _(
            "On %(day)s Stripe was to take %(sum)s from your bank account, which your account at Stripe owes. "
            "That did not work.",
            day=day,
            sum=amount,
        )
    return _(
        "On %(day)s Stripe paid %(sum)s out to your bank, and it did not arrive. Nothing is lost: the money is on your "
        "account at Stripe.",
        day=day,
        sum=amount,
    )


def why_words(payout: BankPayout) -> str:
    """Why that was. What we have no words for is said in Stripe's, as a quote."""
    known = WHY.get(payout.failure_code or "")
    if known is not None:
        return str(known)
    said = payout.failure_message or (payout.failure_code or "").replace("_", " ")
    return _("Stripe says: “%(words)s”", words=said) if said else _("The bank does not say why.")
