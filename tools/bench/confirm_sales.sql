-- Held sessions for the first `bench.sales` slots, each with its sale and a checkout that is open at Stripe.
INSERT INTO booking (public_id, mentor_id, mentee_id, offering_id, title, status, starts_at, ends_at,
    buffer_before_minutes, buffer_after_minutes, zone, local_start, local_end,
    envelope_weekdays, envelope_opens, envelope_closes, held_until, created_at, changed_at, uid)
SELECT 'sale-' || id, mentor_id, mentee_id, mentor_id, 'Single session', 'held', starts_at, starts_at + interval '1 hour',
    5, 5, 'UTC', starts_at AT TIME ZONE 'UTC', (starts_at + interval '1 hour') AT TIME ZONE 'UTC',
    '{1,2,3,4,5}', 480, 1080, now() + interval '35 minutes', now(), now(), 'sale-' || id
FROM bench_slot WHERE id <= current_setting('bench.sales')::bigint;
INSERT INTO purchase (public_id, mentee_id, mentor_id, offering_id, status, title, policy, currency, price_minor,
    fee_minor, fee_bp, fee_borne_by, gross_minor, created_at)
SELECT public_id, mentee_id, mentor_id, offering_id, 'unpaid', title, 'standard', 'EUR', 7000,
    1050, 1500, 'mentee', 8050, now()
FROM booking;
INSERT INTO purchase_session (purchase_id, position, booking_id, gross_minor, fee_minor, share_minor)
SELECT purchase.id, 1, booking.id, 8050, 1050, 7000 FROM purchase JOIN booking USING (public_id);
INSERT INTO stripe_command (kind, business_key, idempotency_key, params, status, first_sent_at, created_at)
SELECT 'checkout', public_id, public_id, '{}', 'done', now(), now() FROM purchase;
INSERT INTO payment (public_id, purchase_id, status, amount_minor, currency, expires_at, command_id, stripe_session_id,
    checkout_url, created_at, looked_at)
SELECT public_id, purchase.id, 'open', 8050, 'EUR', now() + interval '35 minutes', stripe_command.id, 'cs_' || public_id,
    'https://example.org', now(), now()
FROM purchase JOIN stripe_command ON business_key = public_id;
CREATE TABLE bench_sale AS
SELECT row_number() OVER (ORDER BY payment.id) - 1 AS id, booking.id AS booking_id, purchase.id AS purchase_id,
    payment.id AS payment_id, purchase.mentor_id, purchase.mentee_id
FROM payment JOIN purchase ON purchase.id = purchase_id JOIN booking ON booking.public_id = purchase.public_id;
ALTER TABLE bench_sale ADD PRIMARY KEY (id);
ANALYZE;
