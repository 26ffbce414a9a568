"""Sessions outside the boundaries that they were judged by, as the database reads its rows now. There must be none."""

from sqlalchemy import text
from sqlalchemy.orm import Session

_OUTSIDE = """
    local_start <> (starts_at AT TIME ZONE zone) OR local_end <> (ends_at AT TIME ZONE zone)
    OR extract(isodow FROM local_start) <> ALL (envelope_weekdays)
    OR extract(hour FROM local_start) * 60 + extract(minute FROM local_start) < envelope_opens
    OR extract(epoch FROM local_end - date_trunc('day', local_start)) / 60 > envelope_closes
"""
OUTSIDE = f"""
    SELECT public_id FROM booking WHERE {_OUTSIDE}
    UNION ALL
    SELECT public_id FROM move_proposal WHERE status = 'open' AND ({_OUTSIDE})
    ORDER BY public_id
"""  # noqa: S608  only constants
"""Public ids, of open proposals too. Checks keep rows so when they are written; the clock changes of a zone may be
decided anew afterwards."""
_COUNT = text(f"SELECT count(*) FROM ({OUTSIDE}) AS outside")  # noqa: S608  only constants


def outside_count(session: Session) -> int:
    return int(session.execute(_COUNT).scalar_one())
