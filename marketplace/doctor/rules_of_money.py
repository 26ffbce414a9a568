"""Rules 4, 5, 7 and 9: what was paid, and what came of it. Rule 6 is the ledger's own to check."""

from marketplace.doctor.rules import Rule
from marketplace.doctor.rules_of_time import NEVER_BY_ITSELF

SOLD_WITHOUT_PAYMENT = """
    SELECT p.public_id FROM purchase p
    WHERE p.status = 'sold' AND p.gross_minor > 0 AND NOT EXISTS (
        SELECT FROM payment y WHERE y.purchase_id = p.id AND y.status = 'paid' AND NOT EXISTS (
            SELECT FROM refund r WHERE r.payment_id = y.id AND r.reason IN ('late', 'second', 'wrong_sum')))
"""
RELEASED_WHILE_PAYABLE = """
    SELECT b.public_id FROM booking b
    JOIN purchase_session s ON s.booking_id = b.id
    JOIN payment y ON y.purchase_id = s.purchase_id
    WHERE b.status IN :given_up AND y.status IN :payable
"""
WENT_BACK = """
    SELECT 'session ' || public_id FROM booking WHERE status IN :not_confirmed AND confirmed_at IS NOT NULL
    UNION ALL
    SELECT 'payment ' || public_id FROM payment WHERE status <> 'paid' AND paid_minor IS NOT NULL
    UNION ALL
    SELECT 'refund ' || stripe_refund_id FROM refund WHERE status = 'owed' AND stripe_refund_id IS NOT NULL
"""
FINAL_OUT_OF_NOTHING = """
    SELECT b.public_id FROM booking b
    LEFT JOIN LATERAL (
        SELECT count(*) FILTER (WHERE c.said <> 'problem') AS words, count(DISTINCT c.side) AS sides,
               count(*) FILTER (WHERE c.said = 'problem') AS problems
        FROM booking_claim c WHERE c.booking_id = b.id
    ) said ON true
    WHERE b.settled_at IS NOT NULL AND b.decision IS NULL AND (
        (b.status IN :missed AND said.words = 0) OR said.problems > 0
        OR (b.settled_at < b.ends_at + interval '48 hours' AND said.sides < 2))
"""
DONE_TWICE = """
    SELECT 'payment ' || y.public_id FROM payment y JOIN refund r ON r.payment_id = y.id
    WHERE r.status NOT IN ('covered', 'failed') AND y.paid_minor IS NOT NULL
    GROUP BY y.public_id, y.paid_minor HAVING sum(r.amount_minor) > y.paid_minor
"""
FETCHED_IN_THE_FUTURE = """
    WITH last AS (SELECT CASE WHEN is_called THEN last_value ELSE 0 END AS number FROM stripe_fetch_number)
    SELECT 'payment ' || public_id FROM payment, last WHERE last_fetch > last.number
    UNION ALL
    SELECT 'refund ' || coalesce(stripe_refund_id, refund.id::text) FROM refund, last WHERE last_fetch > last.number
    UNION ALL
    SELECT 'dispute ' || stripe_dispute_id FROM dispute, last WHERE last_fetch > last.number
"""
DOES_NOT_ADD_UP = """
    SELECT p.public_id FROM purchase p
    LEFT JOIN LATERAL (
        SELECT count(*) AS sessions, sum(gross_minor) AS gross, sum(fee_minor) AS fee, sum(share_minor) AS share,
               sum(discount_minor) AS discount, sum(tax_minor) AS tax
        FROM purchase_session s WHERE s.purchase_id = p.id
    ) s ON true
    WHERE s.sessions = 0 OR (s.gross, s.fee, s.share) <> (p.gross_minor, p.fee_minor, p.gross_minor - p.fee_minor)
       OR (s.discount, s.tax) <> (p.discount_minor, p.tax_minor)
       OR p.gross_minor <> p.price_minor + CASE p.fee_borne_by WHEN 'mentee' THEN p.fee_minor ELSE 0 END
"""

TRANSFERRED_TOO_MUCH = """
    SELECT 'payment ' || y.public_id FROM payment y
    JOIN LATERAL (
        SELECT coalesce(sum(amount_minor + netted_minor), 0)
            - (SELECT coalesce(sum(amount_minor - payable_minor), 0) FROM taken_back WHERE payment_id = y.id) AS sent
        FROM transfer WHERE payment_id = y.id
    ) t ON t.sent > 0
    WHERE t.sent > coalesce(y.paid_minor, 0)
        - (SELECT coalesce(sum(amount_minor), 0) FROM refund
            WHERE payment_id = y.id AND status <> 'covered' AND reason <> 'warning')
        + (SELECT coalesce(sum(e.amount_minor), 0) FROM ledger_entry e
            JOIN ledger_transaction l ON l.id = e.transaction_id
            WHERE l.payment_id = y.id AND e.account IN ('site_fees', 'site_discounts', 'tax_payable'))
"""

TAKEN_BACK_TWICE = """
    SELECT 'mentor ' || p.mentor_id || ' ' || e.currency FROM ledger_entry e
    JOIN ledger_transaction l ON l.id = e.transaction_id
    JOIN payment y ON y.id = l.payment_id
    JOIN purchase p ON p.id = y.purchase_id
    WHERE e.account = 'mentor_receivable'
    GROUP BY p.mentor_id, e.currency HAVING sum(e.amount_minor) < 0
    UNION ALL
    SELECT 'transfer ' || coalesce(t.stripe_transfer_id, t.id::text) FROM transfer t
    JOIN transfer_reversal r ON r.transfer_id = t.id AND r.status <> 'left'
    GROUP BY t.id HAVING sum(r.amount_minor) > t.amount_minor
"""
REFUNDED_WHILE_DISPUTED = """
    SELECT 'payment ' || y.public_id FROM payment y JOIN dispute d ON d.payment_id = y.id
    JOIN refund r ON r.payment_id = y.id AND r.stripe_refund_id IS NOT NULL
    JOIN stripe_command c ON c.id = r.command_id
    WHERE c.first_sent_at > d.taken_at AND (d.decided_at IS NULL OR c.first_sent_at < d.decided_at)
"""
TRANSFERRED_WHILE_DISPUTED = """
    SELECT 'payment ' || y.public_id FROM payment y JOIN dispute d ON d.payment_id = y.id
    JOIN transfer t ON t.payment_id = y.id AND t.stripe_transfer_id IS NOT NULL
    JOIN stripe_command c ON c.id = t.command_id
    WHERE c.first_sent_at > d.opened_at + interval '1 minute'
      AND (d.decided_at IS NULL OR c.first_sent_at < d.decided_at)
"""

RULES = (
    Rule(
        4,
        "paid_or_refunded",
        "everything that was sold was paid",
        "a purchase is sold, and no payment stands for it",
        SOLD_WITHOUT_PAYMENT,
        f"{NEVER_BY_ITSELF} Look for its payment at Stripe by the purchase’s id.",
    ),
    Rule(
        4,
        "paid_or_refunded",
        "what became of every session was said, decided, or waited for",
        "a session is final that nobody said was missed, that was not waited for, or whose problem nobody decided",
        FINAL_OUT_OF_NOTHING,
        f"{NEVER_BY_ITSELF} Ask both of its people; what has been paid wrongly is booked back.",
    ),
    Rule(
        5,
        "no_release_while_payable",
        "no time was given back that can still be paid for",
        "a time was given back while its payment is still payable",
        RELEASED_WHILE_PAYABLE,
        "flask reconcile ends the checkout at Stripe, or takes the money and gives it back.",
    ),
    Rule(
        7,
        "events_once",
        "nothing that was final went back",
        "a state went back",
        WENT_BACK,
        NEVER_BY_ITSELF,
    ),
    Rule(
        7,
        "events_once",
        "no payment was given back more than once",
        "more was given back than was paid",
        DONE_TWICE,
        f"{NEVER_BY_ITSELF} Compare with the payment at Stripe.",
    ),
    Rule(
        7,
        "events_once",
        "no fetch is numbered higher than the last one drawn",
        "a row holds the number of a fetch that has not begun, so that news of it is ignored",
        FETCHED_IN_THE_FUTURE,
        "A backup was restored in part. SELECT setval('stripe_fetch_number', …) to the highest last_fetch.",
    ),
    Rule(
        4,
        "paid_or_refunded",
        "no money was given back while a bank had it",
        "a refund was sent while a bank had the money of its payment",
        REFUNDED_WHILE_DISPUTED,
        f"{NEVER_BY_ITSELF} Tell the bank of the refund, at the dispute in Stripe’s dashboard.",
    ),
    Rule(
        6,
        "books_balance",
        "no mentor was paid out of a payment that was disputed just then",
        "a transfer was sent while its payment was disputed",
        TRANSFERRED_WHILE_DISPUTED,
        f"{NEVER_BY_ITSELF} Compare with the dispute at Stripe.",
    ),
    Rule(
        9,
        "sold_is_frozen",
        "the sessions of every purchase add up to it",
        "a purchase whose sessions do not add up to it",
        DOES_NOT_ADD_UP,
        f"{NEVER_BY_ITSELF} Are the triggers sold_is_frozen there?",
    ),
    Rule(
        6,
        "books_balance",
        "no mentor was paid more than is left of a payment after refunds, tax and fee, but for what they owe back",
        "more was transferred than is left of a payment",
        TRANSFERRED_TOO_MUCH,
        f"{NEVER_BY_ITSELF} Compare with the payment’s transfer_group at Stripe.",
    ),
    Rule(
        6,
        "books_balance",
        "what mentors owe was taken back or kept once",
        "more was taken back from a mentor, or kept, than was owed",
        TAKEN_BACK_TWICE,
        f"{NEVER_BY_ITSELF} Compare the mentor’s transfers and their reversals at Stripe.",
    ),
)
