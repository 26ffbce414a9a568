-- A marketplace with :many mentors, in a few seconds: zones of four continents, three topics each, two offers each.
-- Tests of plans and the benchmark of search share it.
-- The rows of search are written once at the end instead of three times.
ALTER TABLE mentor DISABLE TRIGGER keep_search_at_insert_of_mentor;
ALTER TABLE mentor_topic DISABLE TRIGGER keep_search_at_insert_of_mentor_topic;
ALTER TABLE offering DISABLE TRIGGER keep_search_at_insert_of_offering;
CREATE TEMPORARY TABLE sample AS
SELECT number,
    (ARRAY['Europe/Amsterdam', 'Europe/Berlin', 'Africa/Nairobi', 'America/New_York', 'Asia/Kolkata', 'Asia/Tokyo'])
        [1 + number % 6] AS zone,
    (ARRAY['Grace', 'Edsger', 'Katherine', 'Asha', 'Wanjiru', 'Lúcia', 'Donald', 'Barbara', 'Søren', 'Ada'])
        [1 + number % 10] || ' ' || initcap(translate((number * 7919 % 100003)::text, '0123456789', 'aeiouklmnr'))
        AS name
FROM generate_series(1, :many) AS number;

INSERT INTO users (email, password_hash, name, zone, verified_at, calendar_changed_at, created_at)
    SELECT 'sample' || number || '@example.org', '', name, zone, now(), now(), now() FROM sample ORDER BY number;
ALTER TABLE sample ADD COLUMN id bigint;
UPDATE sample SET id = users.id FROM users WHERE users.email = 'sample' || number || '@example.org';

INSERT INTO mentor (id, slug, status, headline, how_i_work, city, zone, languages, meeting_url)
    SELECT id, 'sample-' || number, 'approved',
        'Helps engineers with the ' || (ARRAY['first', 'second', 'third', 'next'])[1 + number % 4] || ' step.',
        'We start from what you want to be able to do, and write down one thing that you will try.',
        (ARRAY['Utrecht', 'Berlin', 'Nairobi', 'Boston', 'Pune', 'Osaka'])[1 + number % 6], zone,
        CASE WHEN number % 3 = 0 THEN ARRAY['en', 'de'] WHEN number % 50 = 1 THEN ARRAY['en', 'nl'] ELSE ARRAY['en'] END,
        'https://meet.example.org/sample'
    FROM sample;
INSERT INTO payout_account (mentor_id, stripe_account_id, transfers, created_at, looked_at)
    SELECT id, 'acct_ready' || id, 'active', now(), now() FROM sample;

-- A hundred topics, those in front more frequent than those at the end.
CREATE TEMPORARY TABLE sample_topic AS
    SELECT topic, row_number() OVER () - 1 AS number FROM unnest(ARRAY[
        'Python', 'Data engineering', 'Testing', 'Leadership', 'Machine learning', 'Kubernetes',
        'Databases', 'Careers', 'Accessibility', 'Hiring', 'Payments', 'C++', 'Writing', 'Statistics',
        'Security', 'Networks', 'Electronics', 'Compilers', 'Licences', 'Interfaces', 'Rust', 'Haskell',
        'Elixir', 'Fortran', 'Ruby', 'Erlang', 'Clojure', 'Swift', 'Kotlin', 'Julia', 'Prolog', 'Lisp',
        'Linux', 'Android', 'Robotics', 'Radio', 'Satellites', 'Biology', 'Chemistry', 'Astronomy',
        'Physics', 'Geometry', 'Cryptography', 'Forensics', 'Privacy', 'Contracts', 'Budgets', 'Pricing',
        'Fundraising', 'Negotiation', 'Feedback', 'Delegation', 'Interviews', 'Salaries', 'Promotions',
        'Onboarding', 'Retrospectives', 'Estimates', 'Roadmaps', 'Strategy', 'Research', 'Prototypes',
        'Typography', 'Illustration', 'Animation', 'Photography', 'Video', 'Sound', 'Music', 'Speaking',
        'Journalism', 'Translation', 'Localisation', 'Dictionaries', 'Search engines', 'Recommendations',
        'Forecasting', 'Simulation', 'Optimisation', 'Scheduling', 'Logistics', 'Railways', 'Aviation',
        'Shipping', 'Farming', 'Energy', 'Batteries', 'Buildings', 'Bridges', 'Water', 'Hospitals',
        'Pharmacy', 'Insurance', 'Banking', 'Taxes', 'Elections', 'Libraries', 'Museums', 'Schools',
        'Universities'
    ]) AS topic;
INSERT INTO mentor_topic (mentor_id, position, name, reach, last_practised)
    SELECT id, step, topic, CASE step WHEN 0 THEN 'depth' ELSE 'breadth' END, 2026 - (sample.number + step) % 5
    FROM sample CROSS JOIN generate_series(0, 2) AS step
    JOIN sample_topic ON sample_topic.number =
        abs(hashint8(sample.number * 7 + step)) % 100 * (1 + abs(hashint8(sample.number + step)) % 2) / 2;

INSERT INTO offering (mentor_id, position, kind, title, summary, minutes, price_minor, currency)
    SELECT id, 0, 'session', 'Single session', '', 60, 4000 + (number % 60) * 100,
        (ARRAY['EUR', 'EUR', 'USD'])[1 + number % 3] FROM sample
    UNION ALL
    SELECT id, 1, 'fit_call', 'Fit call', '', 20, 0, (ARRAY['EUR', 'EUR', 'USD'])[1 + number % 3] FROM sample;

INSERT INTO working_hours (mentor_id, weekday, minutes)
    SELECT id, weekday, int4multirange(int4range(540, 720), int4range(780, 1020))
    FROM sample CROSS JOIN generate_series(1, 5) AS weekday;
INSERT INTO boundaries (mentor_id) SELECT id FROM sample;
ANALYZE;
SELECT refresh_mentor_search(ARRAY(SELECT id FROM sample));
ALTER TABLE mentor ENABLE TRIGGER keep_search_at_insert_of_mentor;
ALTER TABLE mentor_topic ENABLE TRIGGER keep_search_at_insert_of_mentor_topic;
ALTER TABLE offering ENABLE TRIGGER keep_search_at_insert_of_offering;
DROP TABLE sample, sample_topic;
ANALYZE;
