-- What a confirmation writes, with nothing around it: for pgbench, which gives `base` and `clients`.
-- Each transaction takes a sale that no other takes; the database's own rules and triggers are at work as always.
-- Colons are written as chr(58): pgbench would take them for names of its own.
\set sale :base + :n * :clients + :client_id
\set n :n + 1
BEGIN;
SELECT booking_id AS booking, purchase_id AS purchase, payment_id AS payment, mentor_id AS mentor, mentee_id AS mentee
FROM bench_sale WHERE id = :sale \gset
UPDATE payment SET status = 'paid', stripe_payment_intent_id = 'raw-' || :sale, paid_minor = 8050, last_fetch = 1,
    looked_at = now(), paid_at = now()
WHERE id = :payment;
INSERT INTO ledger_transaction (kind, business_key, payment_id, booked_at)
VALUES ('payment_received', 'raw-' || :sale, :payment, now())
RETURNING id AS entry \gset
INSERT INTO ledger_entry (transaction_id, position, account, amount_minor, currency)
VALUES (:entry, 1, 'stripe_clearing', 8050, 'EUR'), (:entry, 2, 'mentee_prepaid', -8050, 'EUR');
UPDATE booking SET status = 'confirmed', confirmed_at = now(), changed_at = now() WHERE id = :booking;
UPDATE purchase SET status = 'sold', total_minor = 8050, sold_at = now() WHERE id = :purchase;
INSERT INTO mail_outbox (fact, key, user_id, sequence, arguments, created_at, due_at)
VALUES (concat('booking', chr(58), 'booked'), 'raw-' || :sale, :mentee, 0, '{}', now(), now())
RETURNING id AS letter \gset
SELECT procrastinate_defer_jobs_v1(ARRAY[ROW('default', concat('core', chr(58), 'send_mail'), 0, NULL, NULL,
    jsonb_build_object('mail_id', :letter::bigint), NULL)::procrastinate_job_to_defer_v1]);
INSERT INTO mail_outbox (fact, key, user_id, sequence, arguments, created_at, due_at)
VALUES (concat('booking', chr(58), 'booked'), 'raw-' || :sale, :mentor, 0, '{}', now(), now() + interval '1 day');
COMMIT;
