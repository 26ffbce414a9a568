"""What of hours, sessions and calendars is a person's own. A session belongs to both of its people."""

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, or_, select

from booking.models.bookings import Booking, BookingAnswer, BoundaryRow, DateOverride, Occupancy, WorkingHours
from booking.models.busy import BusyCalendar, BusyTime
from booking.models.claims import BookingClaim
from booking.models.days import Holiday, HolidayChoice, JourneyRow, ProtectedDay, TimeOff
from booking.models.feeds import CalendarFeed
from booking.models.moves import BookingMove, MoveProposal
from booking.models.reminders import Reminder
from booking.words.bookings import QUESTIONS
from marketplace.core.belongings import NUMBER, OF_THE_SITE, OPENS, OPERATORS, WORKED_OUT, AtClosing, belongs, nobodys


def of_session(booking_id: ColumnElement[int], me: int) -> ColumnElement[bool]:
    """Of a row about a session: it is mine as a mentor or as a mentee."""
    return booking_id.in_(select(Booking.id).where(or_(Booking.mentor_id == me, Booking.mentee_id == me)))


belongs(
    Booking,
    _("Your sessions"),
    whose=lambda me: or_(Booking.mentor_id == me, Booking.mentee_id == me),
    shown="public_id mentor_id mentee_id title status starts_at ends_at zone agenda created_at confirmed_at "
    "released_at cancelled_at cancelled_by cancel_reason took_all_back completed_at settled_at decision decided_at "
    "decision_reason",
    kept_back={
        NUMBER: "id offering_id",
        OF_THE_SITE: "buffer_before_minutes buffer_after_minutes local_start local_end envelope_weekdays "
        "envelope_opens envelope_closes held_until settle_at changed_at uid sequence",
        OPERATORS: "decided_by",
    },
    at_closing=AtClosing.STAYS,
)
belongs(
    BookingAnswer,
    _("What was answered before a fit call"),
    whose=lambda me: of_session(BookingAnswer.booking_id.expression, me),
    shown="booking_id question answer",
    kept_back={},
    at_closing=AtClosing.STAYS,
    says={"question": {str(question): words for question, words in QUESTIONS.items()}},
)
belongs(
    BookingMove,
    _("How sessions were moved"),
    whose=lambda me: of_session(BookingMove.booking_id.expression, me),
    shown="booking_id moved_at moved_by from_starts_at from_ends_at to_starts_at to_ends_at reason",
    kept_back={NUMBER: "id", OF_THE_SITE: "sequence"},
    at_closing=AtClosing.STAYS,
)
belongs(
    MoveProposal,
    _("Other times that were proposed"),
    whose=lambda me: of_session(MoveProposal.booking_id.expression, me),
    shown="booking_id status starts_at ends_at reason proposed_at expires_at closed_at",
    kept_back={
        NUMBER: "id public_id",
        OF_THE_SITE: "zone local_start local_end buffer_before_minutes buffer_after_minutes envelope_weekdays "
        "envelope_opens envelope_closes",
    },
    at_closing=AtClosing.STAYS,
)
belongs(
    BookingClaim,
    _("What was said about sessions"),
    whose=lambda me: of_session(BookingClaim.booking_id.expression, me),
    shown="booking_id person_id said words said_at",
    kept_back={NUMBER: "id", OF_THE_SITE: "side"},
    at_closing=AtClosing.STAYS,
)
belongs(
    CalendarFeed,
    _("Your calendar addresses"),
    whose=lambda me: CalendarFeed.user_id == me,
    shown="name scope with_join_link with_cancelled last_read_at last_read_by created_at",
    kept_back={NUMBER: "id user_id", OPENS: "secret_sha256 rotation", OF_THE_SITE: "last_read_revision"},
    at_closing=AtClosing.GOES,
)
belongs(
    BusyCalendar,
    _("Your busy calendars"),
    whose=lambda me: BusyCalendar.user_id == me,
    shown="name host created_at answered_at events unread unzoned failing_since trouble status told_at",
    kept_back={
        NUMBER: "id user_id",
        OPENS: "sealed_address known_by",
        OF_THE_SITE: "next_read_at reads asked_at whole_at zone etag last_modified failures outages",
    },
    at_closing=AtClosing.GOES,
)
belongs(
    BusyTime,
    _("When your busy calendars say that you are busy"),
    whose=lambda me: BusyTime.user_id == me,
    shown="span",
    kept_back={NUMBER: "calendar_id user_id"},
    at_closing=AtClosing.GOES,
)
belongs(
    WorkingHours,
    _("Your working hours, in minutes of the day"),
    whose=lambda me: WorkingHours.mentor_id == me,
    shown="weekday minutes",
    kept_back={NUMBER: "mentor_id"},
    at_closing=AtClosing.GOES,
)
belongs(
    DateOverride,
    _("Hours of single dates, in minutes of the day"),
    whose=lambda me: DateOverride.mentor_id == me,
    shown="day minutes",
    kept_back={NUMBER: "mentor_id"},
    at_closing=AtClosing.GOES,
)
belongs(
    BoundaryRow,
    _("Your boundaries"),
    whose=lambda me: BoundaryRow.mentor_id == me,
    shown="notice_minutes horizon_days step_minutes buffer_before_minutes buffer_after_minutes sessions_a_day "
    "sessions_a_week minutes_a_day",
    kept_back={NUMBER: "mentor_id"},
    at_closing=AtClosing.GOES,
)
belongs(
    TimeOff,
    _("Your time off"),
    whose=lambda me: TimeOff.mentor_id == me,
    shown="span closes_week",
    kept_back={NUMBER: "id mentor_id"},
    at_closing=AtClosing.GOES,
)
belongs(
    JourneyRow,
    _("Your journeys"),
    whose=lambda me: JourneyRow.mentor_id == me,
    shown="days zone",
    kept_back={NUMBER: "id mentor_id"},
    at_closing=AtClosing.GOES,
)
belongs(
    ProtectedDay,
    _("Days without sessions"),
    whose=lambda me: ProtectedDay.mentor_id == me,
    shown="weekday day",
    kept_back={NUMBER: "id mentor_id"},
    at_closing=AtClosing.GOES,
)
belongs(
    HolidayChoice,
    _("Whose public holidays you keep"),
    whose=lambda me: HolidayChoice.mentor_id == me,
    shown="country region",
    kept_back={NUMBER: "mentor_id", OF_THE_SITE: "known_until edition"},
    at_closing=AtClosing.GOES,
)
belongs(
    Holiday,
    _("Your public holidays"),
    whose=lambda me: Holiday.mentor_id == me,
    shown="day is_worked",
    kept_back={NUMBER: "mentor_id"},
    at_closing=AtClosing.GOES,
)
nobodys(Occupancy, WORKED_OUT)
nobodys(Reminder, WORKED_OUT)
