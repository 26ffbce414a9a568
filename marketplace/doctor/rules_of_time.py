"""Rules 1, 2, 3, 11 and 12: who is where when, and who hears of it."""

from booking.queries.outside import OUTSIDE
from marketplace.doctor.finding import Level
from marketplace.doctor.rules import Rule

NEVER_BY_ITSELF = "No path of this site can do that. Look at what changed the rows, before anything else is changed."

OVERLAPS = """
    SELECT DISTINCT least(x.public_id, y.public_id) || ' with ' || greatest(x.public_id, y.public_id)
    FROM occupancy a
    JOIN occupancy b ON b.user_id = a.user_id AND b.span && a.span AND b.booking_id > a.booking_id
    JOIN booking x ON x.id = a.booking_id
    JOIN booking y ON y.id = b.booking_id
"""
OCCUPANCY_IS_ANOTHER = """
    SELECT b.public_id FROM booking b
    LEFT JOIN LATERAL (
        SELECT count(*) AS rows, count(*) FILTER (WHERE
            (o.user_id = b.mentee_id AND o.span = tstzrange(b.starts_at, b.ends_at)) OR
            (o.user_id = b.mentor_id AND o.span = tstzrange(
                b.starts_at - make_interval(mins => b.buffer_before_minutes),
                b.ends_at + make_interval(mins => b.buffer_after_minutes)))
        ) AS fitting
        FROM occupancy o WHERE o.booking_id = b.id AND NOT o.is_proposed
    ) o ON true
    CROSS JOIN LATERAL (SELECT CASE WHEN b.status IN :occupying THEN 2 ELSE 0 END AS rows) due
    WHERE o.rows <> due.rows OR o.fitting <> due.rows
"""
PROPOSED_IS_ANOTHER = """
    SELECT b.public_id FROM booking b
    LEFT JOIN move_proposal p ON p.booking_id = b.id AND p.status = 'open'
    LEFT JOIN LATERAL (
        SELECT count(*) AS rows, count(*) FILTER (WHERE
            (o.user_id = b.mentee_id AND o.span = tstzrange(p.starts_at, p.ends_at)) OR
            (o.user_id = b.mentor_id AND o.span = tstzrange(
                p.starts_at - make_interval(mins => p.buffer_before_minutes),
                p.ends_at + make_interval(mins => p.buffer_after_minutes)))
        ) AS fitting
        FROM occupancy o WHERE o.booking_id = b.id AND o.is_proposed
    ) o ON true
    CROSS JOIN LATERAL (SELECT CASE WHEN p.id IS NULL THEN 0 ELSE 2 END AS rows) due
    WHERE o.rows <> due.rows OR o.fitting <> due.rows OR (p.id IS NOT NULL AND b.status <> 'confirmed')
"""
MOVED_ELSEWHERE = """
    SELECT DISTINCT b.public_id FROM booking b
    JOIN (
        SELECT booking_id, sequence, from_starts_at, to_starts_at,
               lead(sequence) OVER later AS next_sequence, lead(from_starts_at) OVER later AS next_starts_at
        FROM booking_move WINDOW later AS (PARTITION BY booking_id ORDER BY sequence)
    ) m ON m.booking_id = b.id
    WHERE m.to_starts_at <> coalesce(m.next_starts_at, b.starts_at)
       OR m.sequence >= coalesce(m.next_sequence, b.sequence + 1)
    ORDER BY b.public_id
"""
OVER_THE_CAPS = """
    WITH taken AS (
        SELECT m.slug, b.id AS booking_id, b.local_start, b.local_end, b.ends_at,
               coalesce(c.sessions_a_day, :sessions_a_day) AS day_cap,
               coalesce(c.sessions_a_week, :sessions_a_week) AS week_cap,
               coalesce(c.minutes_a_day, :minutes_a_day) AS minutes_cap
        FROM (
            SELECT id, mentor_id, local_start, local_end, ends_at FROM booking WHERE status IN :occupying
            UNION ALL
            SELECT x.id, x.mentor_id, p.local_start, p.local_end, p.ends_at
            FROM move_proposal p JOIN booking x ON x.id = p.booking_id WHERE p.status = 'open'
        ) b
        JOIN mentor m ON m.id = b.mentor_id LEFT JOIN boundaries c ON c.mentor_id = b.mentor_id
    ),
    a_day AS (SELECT DISTINCT ON (booking_id, local_start::date) * FROM taken),
    a_week AS (SELECT DISTINCT ON (booking_id, date_trunc('week', local_start)) * FROM taken)
    SELECT slug || ' on ' || to_char(local_start, 'YYYY-MM-DD') FROM a_day
    GROUP BY slug, to_char(local_start, 'YYYY-MM-DD'), day_cap, minutes_cap
    HAVING max(ends_at) >= :now
       AND (count(*) > day_cap OR sum(extract(epoch FROM local_end - local_start)) / 60 > minutes_cap)
    UNION ALL
    SELECT slug || ' in the week of ' || to_char(date_trunc('week', local_start), 'YYYY-MM-DD') FROM a_week
    GROUP BY slug, date_trunc('week', local_start), week_cap
    HAVING max(ends_at) >= :now AND count(*) > week_cap
"""
CALENDAR_BEHIND = """
    SELECT b.public_id FROM booking b JOIN users u ON u.id IN (b.mentor_id, b.mentee_id)
    WHERE b.status IN :in_calendars
    GROUP BY b.public_id, b.changed_at
    HAVING min(u.calendar_changed_at) < b.changed_at OR min(u.calendar_revision) = 0
"""
SENT_TOO_EARLY = """
    SELECT fact || ' ' || key FROM mail_outbox WHERE status = 'sent' AND closed_at < due_at ORDER BY id
"""
SENT_TOO_LATE = """
    SELECT fact || ' ' || key FROM mail_outbox
    WHERE status = 'sent' AND due_at > created_at AND closed_at > due_at + interval '1 hour'
      AND closed_at > CAST(:now AS timestamptz) - interval '7 days' ORDER BY id
"""

RULES = (
    Rule(
        1,
        "no_double_booking",
        "nobody is in two sessions at once",
        "two sessions of one person overlap",
        OVERLAPS,
        f"{NEVER_BY_ITSELF} Is the constraint no_double_booking there? Then call both people.",
    ),
    Rule(
        1,
        "no_double_booking",
        "every session that takes up time has its two rows, and no other has any",
        "a session without its rows in occupancy, or with wrong ones",
        OCCUPANCY_IS_ANOTHER,
        f"{NEVER_BY_ITSELF} Is the trigger keep_occupancy there? UPDATE booking of the same row makes the rows anew.",
    ),
    Rule(
        1,
        "no_double_booking",
        "every time that is proposed for a session is kept for both, and no other is",
        "a proposed time that is not kept for its two people, or kept for nothing",
        PROPOSED_IS_ANOTHER,
        f"{NEVER_BY_ITSELF} Is the trigger keep_proposed_occupancy there?",
    ),
    Rule(
        2,
        "business_hours_only",
        "every session lies in the envelope that it was judged by, at the local times that it keeps",
        "a session outside its envelope, or whose local times are not those of its instants",
        OUTSIDE,
        "The clock changes of a zone may have been decided anew since. Agree on the time with both people.",
    ),
    Rule(
        3,
        "caps_hold",
        "no day and no week ahead is over its mentor’s present caps",
        "a day or week over its mentor’s present caps",
        OVER_THE_CAPS,
        "Caps that were lowered after the booking change no session: nothing to do if that is so.",
        Level.ATTENTION,
    ),
    Rule(
        11,
        "calendars_agree",
        "every change to a session has raised the revision of both calendars",
        "a session that changed after its people’s calendars last did",
        CALENDAR_BEHIND,
        f"{NEVER_BY_ITSELF} Is the trigger raise_calendar_revisions there? Raise users.calendar_revision by hand.",
    ),
    Rule(
        11,
        "calendars_agree",
        "every moved session is where its last move led, each move under a SEQUENCE of its own",
        "a session whose time is not that of its last move",
        MOVED_ELSEWHERE,
        NEVER_BY_ITSELF,
    ),
    Rule(
        12,
        "quiet_hours",
        "no letter went out before it was due",
        "a letter was sent before it was due",
        SENT_TOO_EARLY,
        NEVER_BY_ITSELF,
    ),
    Rule(
        12,
        "quiet_hours",
        "no letter that had to wait for working time went out more than an hour late this week",
        "a letter that had to wait went out more than an hour late, perhaps in quiet time again",
        SENT_TOO_LATE,
        "The worker or the mail server was away. Keep a worker running.",
        Level.ATTENTION,
    ),
)
