"""What of sales and of money is a person's own. A sale belongs to both of its people, a payment to who paid, and what
is paid out to the mentor."""

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, or_, select

from booking.belongings import of_session
from marketplace.core.belongings import NUMBER, OF_THE_SITE, OPERATORS, AtClosing, belongs, nobodys
from payments.models.bank_payouts import BankPayout
from payments.models.disputes import Dispute, DisputeAttachment
from payments.models.exchanges import Exchange, ExchangedLater
from payments.models.fees import FeePolicy
from payments.models.ledger import LedgerEntry, LedgerTransaction
from payments.models.payouts import PayoutAccount, Transfer
from payments.models.polls import PollState, ReconcileRun
from payments.models.programmes import Programme, SessionBefore
from payments.models.returns import GivenBack, TakenBack, TransferReversal
from payments.models.sales import Payment, Purchase, PurchaseSession, Refund, StripeCommand, StripeEvent

OF_THE_BOOKS = "the site’s own books: sums under numbers, of which the sales and payments are in the copy"


def _paid_by(payment_id: ColumnElement[int], me: int) -> ColumnElement[bool]:
    theirs = select(Payment.id).join(Purchase, Purchase.id == Payment.purchase_id).where(Purchase.mentee_id == me)
    return payment_id.in_(theirs)


def _sold(me: int) -> ColumnElement[bool]:
    return or_(Purchase.mentor_id == me, Purchase.mentee_id == me)


belongs(
    Purchase,
    _("What was bought and sold"),
    whose=_sold,
    shown="public_id mentor_id mentee_id status title policy currency price_minor fee_minor fee_bp fee_borne_by "
    "gross_minor tax_included discount_minor tax_minor total_minor withdrawal_version early_asked_at withdrawal_until "
    "created_at sold_at",
    kept_back={NUMBER: "id offering_id fee_policy_id"},
    at_closing=AtClosing.STAYS,
)
belongs(
    PurchaseSession,
    _("Its sums, by session"),
    whose=lambda me: PurchaseSession.purchase_id.in_(select(Purchase.id).where(_sold(me))),
    shown="purchase_id position booking_id gross_minor fee_minor share_minor discount_minor tax_minor to_book "
    "returned_at",
    kept_back={},
    at_closing=AtClosing.STAYS,
)
belongs(
    Programme,
    _("The course of a programme, as it was sold"),
    whose=lambda me: Programme.purchase_id.in_(select(Purchase.id).where(_sold(me))),
    shown="purchase_id minutes cadence_days milestones pre_work early_asked_at ended_at ended_by",
    kept_back={OF_THE_SITE: "ask_at asked"},
    at_closing=AtClosing.STAYS,
)
belongs(
    SessionBefore,
    _("Sessions of a programme that were called off and booked again"),
    whose=lambda me: of_session(SessionBefore.booking_id.expression, me),
    shown="booking_id",
    kept_back={NUMBER: "purchase_id position"},
    at_closing=AtClosing.STAYS,
)
belongs(
    Payment,
    _("Your payments"),
    whose=lambda me: Payment.purchase_id.in_(select(Purchase.id).where(Purchase.mentee_id == me)),
    shown="public_id purchase_id status amount_minor currency paid_minor created_at expires_at paid_at "
    "stripe_session_id stripe_payment_intent_id",
    kept_back={
        NUMBER: "id command_id",
        OF_THE_SITE: "checkout_url last_fetch looked_at stripe_fee_minor stripe_fee_currency",
    },
    at_closing=AtClosing.STAYS,
)
belongs(
    Refund,
    _("What went back to you"),
    whose=lambda me: _paid_by(Refund.payment_id.expression, me),
    shown="payment_id status reason booking_id amount_minor currency stripe_refund_id created_at sent_at by_hand_at "
    "by_hand_how",
    kept_back={NUMBER: "id command_id", OPERATORS: "by_hand_by", OF_THE_SITE: "last_fetch looked_at"},
    at_closing=AtClosing.STAYS,
)
belongs(
    GivenBack,
    _("What an operator gave back"),
    whose=lambda me: of_session(GivenBack.booking_id.expression, me),
    shown="booking_id number amount_minor currency reason given_at",
    kept_back={NUMBER: "id refund_id", OPERATORS: "given_by"},
    at_closing=AtClosing.STAYS,
)
belongs(
    Dispute,
    _("Payments that your bank disputed"),
    whose=lambda me: _paid_by(Dispute.payment_id.expression, me),
    shown="payment_id status reason amount_minor currency opened_at due_by decided_at",
    kept_back={
        NUMBER: "id stripe_dispute_id evidence_command_id",
        OPERATORS: "evidence_by evidence_at",
        OF_THE_SITE: "taken_minor taken_at returned_minor lost_minor fee_minor fee_currency last_fetch looked_at "
        "submissions",
    },
    at_closing=AtClosing.STAYS,
)
belongs(
    DisputeAttachment,
    _("What was attached for a bank"),
    whose=lambda me: of_session(DisputeAttachment.booking_id.expression, me),
    shown="booking_id kind person_id words written_by written_at attached_at",
    kept_back={NUMBER: "dispute_id source"},
    at_closing=AtClosing.STAYS,
)
belongs(
    PayoutAccount,
    _("Where you are paid"),
    whose=lambda me: PayoutAccount.mentor_id == me,
    shown="stripe_account_id transfers wants created_at",
    kept_back={NUMBER: "mentor_id command_id", OF_THE_SITE: "last_fetch looked_at bank_looked_at"},
    at_closing=AtClosing.STAYS,
)
belongs(
    Transfer,
    _("What was paid out to you"),
    whose=lambda me: Transfer.mentor_id == me,
    shown="booking_id number status amount_minor netted_minor currency stripe_transfer_id created_at sent_at "
    "by_hand_at by_hand_how",
    kept_back={NUMBER: "id payment_id mentor_id command_id", OPERATORS: "by_hand_by", OF_THE_SITE: "looked_at"},
    at_closing=AtClosing.STAYS,
)
belongs(
    BankPayout,
    _("What Stripe paid out to your bank"),
    whose=lambda me: BankPayout.mentor_id == me,
    shown="stripe_payout_id status amount_minor currency arrives_on failure_code failure_message made_at",
    kept_back={NUMBER: "mentor_id", OF_THE_SITE: "last_fetch looked_at"},
    at_closing=AtClosing.STAYS,
)
belongs(
    TakenBack,
    _("What you earned less, afterwards"),
    whose=lambda me: TakenBack.mentor_id == me,
    shown="booking_id against amount_minor payable_minor currency taken_at",
    kept_back={NUMBER: "id payment_id mentor_id", OF_THE_SITE: "business_key"},
    at_closing=AtClosing.STAYS,
)
belongs(
    TransferReversal,
    _("What was asked back of what was paid out"),
    whose=lambda me: TransferReversal.transfer_id.in_(select(Transfer.id).where(Transfer.mentor_id == me)),
    shown="status amount_minor currency stripe_reversal_id created_at made_at",
    kept_back={NUMBER: "id transfer_id taken_back_id command_id", OF_THE_SITE: "looked_at"},
    at_closing=AtClosing.STAYS,
)
belongs(
    FeePolicy,
    _("The fee agreed with you"),
    whose=lambda me: FeePolicy.mentor_id == me,
    shown="starts_at follows_site rate_bp rate_bp_from_4th rate_bp_from_10th fixed_minor least_minor borne_by",
    kept_back={NUMBER: "id mentor_id", OPERATORS: "reason created_by created_at"},
    at_closing=AtClosing.STAYS,
)
nobodys(LedgerTransaction, OF_THE_BOOKS)
nobodys(LedgerEntry, OF_THE_BOOKS)
nobodys(Exchange, OF_THE_BOOKS)
nobodys(ExchangedLater, OF_THE_BOOKS)
nobodys(StripeCommand, "what Stripe is asked, made of what is in the copy")
nobodys(StripeEvent, "what Stripe has told; the words go after 90 days, and what follows from it is in the copy")
nobodys(PollState, OF_THE_SITE)
nobodys(ReconcileRun, "the site’s own books held against Stripe; gone after 90 days")
