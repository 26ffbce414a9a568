-- A mentor who has given, or is to give, :many sessions of an hour, two a day from 80 days ago on, to one mentee.
INSERT INTO users (email, password_hash, name, zone, verified_at, calendar_changed_at, created_at)
SELECT name || '@example.org', '', initcap(name) || ' Example', zone, now(), now(), now()
FROM (VALUES ('grace', 'Europe/Amsterdam'), ('ada', 'America/New_York')) people (name, zone);
INSERT INTO mentor (id, slug, status, headline, how_i_work, city, zone, meeting_url)
SELECT id, 'grace', 'approved', '', '', '', 'UTC', 'https://meet.example.org' FROM users WHERE email = 'grace@example.org';
INSERT INTO offering (mentor_id, kind, title, summary, minutes, price_minor, currency)
SELECT id, 'session', 'Single session', '', 60, 7000, 'EUR' FROM mentor;
INSERT INTO booking (public_id, uid, mentor_id, mentee_id, offering_id, title, status, starts_at, ends_at,
    buffer_before_minutes, buffer_after_minutes, zone, local_start, local_end, envelope_weekdays, envelope_opens,
    envelope_closes, confirmed_at, created_at, changed_at)
SELECT 'session' || n, 'uid' || n || '@office-hours', mentor.id, ada.id, offering.id, 'Single session', 'confirmed',
    wall AT TIME ZONE 'UTC', (wall + interval '1 hour') AT TIME ZONE 'UTC', 0, 0, 'UTC', wall, wall + interval '1 hour',
    '{1,2,3,4,5,6,7}', 0, 1440, now(), now(), now()
FROM mentor, offering, users ada, (
    SELECT n, current_date::timestamp - interval '80 days' + make_interval(days => n / 2, hours => 9 + 3 * (n % 2)) AS wall
    FROM generate_series(0, :many - 1) n
) sessions
WHERE ada.email = 'ada@example.org';
