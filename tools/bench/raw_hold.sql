-- What a hold writes, with nothing around it: for pgbench, which gives `base` and `clients`.
-- Each transaction takes a slot that no other takes; the database's own rules and triggers are at work as always.
\set n :n + 1
\set slot :base + :n * :clients + :client_id
BEGIN;
INSERT INTO booking (public_id, mentor_id, mentee_id, offering_id, title, status, starts_at, ends_at,
    buffer_before_minutes, buffer_after_minutes, zone, local_start, local_end,
    envelope_weekdays, envelope_opens, envelope_closes, held_until, created_at, changed_at, uid)
SELECT 'raw-' || id, mentor_id, mentee_id, mentor_id, 'Single session', 'held', starts_at, starts_at + interval '1 hour',
    5, 5, 'UTC', starts_at AT TIME ZONE 'UTC', (starts_at + interval '1 hour') AT TIME ZONE 'UTC',
    '{1,2,3,4,5}', 480, 1080, now() + interval '35 minutes', now(), now(), 'raw-' || id
FROM bench_slot WHERE id = :slot
RETURNING id AS booking, mentor_id AS mentor, mentee_id AS mentee \gset
INSERT INTO purchase (public_id, mentee_id, mentor_id, offering_id, status, title, policy, currency, price_minor,
    fee_minor, fee_bp, fee_borne_by, gross_minor, created_at)
VALUES ('raw-' || :slot, :mentee, :mentor, :mentor, 'unpaid', 'Single session', 'standard', 'EUR', 7000,
    1050, 1500, 'mentee', 8050, now())
RETURNING id AS purchase \gset
INSERT INTO purchase_session (purchase_id, position, booking_id, gross_minor, fee_minor, share_minor)
VALUES (:purchase, 1, :booking, 8050, 1050, 7000);
INSERT INTO stripe_command (kind, business_key, idempotency_key, params, created_at)
VALUES ('checkout', 'raw-' || :slot, 'raw-' || :slot, '{}', now())
RETURNING id AS command \gset
INSERT INTO payment (public_id, purchase_id, status, amount_minor, currency, expires_at, command_id, created_at,
    looked_at)
VALUES ('raw-' || :slot, :purchase, 'unsent', 8050, 'EUR', now() + interval '35 minutes', :command, now(), now());
COMMIT;
