-- Sixty mentors who work Monday to Friday from 08:00 to 18:00 UTC, 96,000 slots of theirs in random order, and a mentee
-- for each slot, since nobody may hold two unpaid times.
INSERT INTO users (email, password_hash, name, zone, verified_at, calendar_changed_at, created_at)
SELECT 'mentor' || n || '@example.org', '', 'Mentor Example', 'UTC', now(), now(), now() FROM generate_series(1, 60) n;
INSERT INTO mentor (id, slug, status, headline, how_i_work, city, zone, meeting_url)
SELECT id, 'mentor-' || id, 'approved', '', '', '', 'UTC', 'https://meet.example.org' FROM users;
INSERT INTO payout_account (mentor_id, stripe_account_id, transfers, created_at, looked_at)
SELECT id, 'acct_ready' || id, 'active', now(), now() FROM mentor;
INSERT INTO working_hours (mentor_id, weekday, minutes)
SELECT id, weekday, '{[480,1080)}' FROM mentor, generate_series(1, 5) weekday;
INSERT INTO boundaries (mentor_id, notice_minutes, horizon_days, buffer_before_minutes, buffer_after_minutes,
    sessions_a_day, sessions_a_week, minutes_a_day)
SELECT id, 60, 400, 5, 5, 50, 350, 1440 FROM mentor;
INSERT INTO offering (id, mentor_id, kind, title, summary, minutes, price_minor, currency)
SELECT id, id, 'session', 'Single session', '', 60, 7000, 'EUR' FROM mentor;

CREATE TABLE bench_slot AS
SELECT row_number() OVER (ORDER BY random()) AS id, mentor.id AS mentor_id,
    (day + make_interval(mins => 480 + 75 * place)) AT TIME ZONE 'UTC' AS starts_at
FROM mentor, generate_series(0, 7) place, (
    SELECT day FROM generate_series(current_date::timestamp + interval '2 days', current_date::timestamp + interval '390 days', interval '1 day') day
    WHERE extract(isodow FROM day) <= 5 LIMIT 200
) workdays;
ALTER TABLE bench_slot ADD PRIMARY KEY (id), ADD mentee_id bigint;
INSERT INTO users (email, password_hash, name, zone, verified_at, calendar_changed_at, created_at)
SELECT 'mentee' || id || '@example.org', '', 'Mentee Example', 'UTC', now(), now(), now() FROM bench_slot ORDER BY id;
UPDATE bench_slot SET mentee_id = users.id FROM users WHERE email = 'mentee' || bench_slot.id || '@example.org';
ANALYZE;
