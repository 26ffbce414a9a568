-- What fills the weeks of the mentors of mentors.sql: public holidays and days of their own, time off, other hours on some
-- dates, journeys, and ten sessions or so in the next six weeks, with one mentee for each mentor.
CREATE TEMPORARY TABLE sample AS
SELECT mentor.id, mentor.zone, row_number() OVER (ORDER BY mentor.id) AS number
FROM mentor WHERE slug LIKE 'sample-%';

INSERT INTO holiday_choice (mentor_id, country, known_until, edition)
    SELECT id, 'NL', current_date + 430, 'sample' FROM sample;
INSERT INTO holiday (mentor_id, day)
    SELECT id, current_date + 3 + 31 * step + (number % 7)::int FROM sample CROSS JOIN generate_series(0, 13) AS step;
INSERT INTO protected_day (mentor_id, weekday) SELECT id, 3 FROM sample WHERE number % 4 = 0;
INSERT INTO protected_day (mentor_id, day) SELECT id, current_date + 8 + (number % 9)::int FROM sample;
INSERT INTO time_off (mentor_id, span)
    SELECT id, tsrange(current_date + away * interval '1 day', current_date + (away + 5) * interval '1 day')
    FROM sample CROSS JOIN LATERAL (VALUES (18 + number % 9), (120 + number % 60)) AS span (away);
INSERT INTO date_override (mentor_id, day, minutes)
    SELECT id, current_date + 5 + (number % 5)::int + 20 * step, int4multirange(int4range(600, 900))
    FROM sample CROSS JOIN generate_series(0, 1) AS step;
INSERT INTO journey (mentor_id, days, zone)
    SELECT id, daterange(current_date + 10, current_date + 14), 'Asia/Singapore' FROM sample WHERE number % 10 = 0;

INSERT INTO users (email, password_hash, name, zone, verified_at, calendar_changed_at, created_at)
    SELECT 'mentee' || number || '@example.org', '', 'Ada Example', zone, now(), now(), now() FROM sample;
-- Of what follows from a booking, only whose time it takes, and all at once: row by row takes ten times as long.
ALTER TABLE booking DISABLE TRIGGER USER;
ALTER TABLE occupancy DISABLE TRIGGER USER;
INSERT INTO booking (public_id, uid, mentor_id, mentee_id, offering_id, title, status, starts_at, ends_at,
        buffer_before_minutes, buffer_after_minutes, zone, local_start, local_end, envelope_weekdays, envelope_opens,
        envelope_closes, confirmed_at, created_at, changed_at)
    SELECT 'sample' || sample.id || '-' || day, 'sample' || sample.id || '-' || day || '@office-hours', sample.id,
        mentee.id, offering.id, offering.title, 'confirmed', wall AT TIME ZONE sample.zone,
        (wall + interval '1 hour') AT TIME ZONE sample.zone, 10, 10, sample.zone, wall, wall + interval '1 hour',
        '{1,2,3,4,5}', 480, 1080, now(), now(), now()
    FROM sample
    JOIN users AS mentee ON mentee.email = 'mentee' || sample.number || '@example.org'
    JOIN offering ON offering.mentor_id = sample.id AND offering.kind = 'session'
    CROSS JOIN generate_series(1, 42) AS day
    CROSS JOIN LATERAL (VALUES (
        (current_date + day)::timestamp + make_interval(hours => (ARRAY[9, 11, 14, 16])[1 + (sample.number + day) % 4])
    )) AS session (wall)
    WHERE (sample.number + day) % 3 = 0 AND extract(isodow FROM wall) < 6;
INSERT INTO occupancy (booking_id, user_id, span)
    SELECT id, mentor_id, tstzrange(starts_at - interval '10 minutes', ends_at + interval '10 minutes') FROM booking
    UNION ALL SELECT id, mentee_id, tstzrange(starts_at, ends_at) FROM booking;
ALTER TABLE booking ENABLE TRIGGER USER;
ALTER TABLE occupancy ENABLE TRIGGER USER;
DROP TABLE sample;
ANALYZE;
