"""What of a mentorship is a person's own: what both can read belongs to both of its people, the rest to one of them."""

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, Select, or_, select

from booking.models.bookings import Booking
from marketplace.core.belongings import NUMBER, OF_THE_SITE, WORKED_OUT, AtClosing, belongs, nobodys
from marketplace.mentorships.domain.sessions import STEPS, Part
from marketplace.mentorships.models.carried import Carried
from marketplace.mentorships.models.fit import FitCheck
from marketplace.mentorships.models.messages import AnswerWanted, Message, ThreadSide
from marketplace.mentorships.models.own import JournalEntry, Referral
from marketplace.mentorships.models.pairs import Mentorship, StandingChange
from marketplace.mentorships.models.papers import Evidence, GoalScore, Paper, PaperVersion
from marketplace.mentorships.models.reviews import Report, Review
from marketplace.mentorships.models.sessions import ActionItem, CheckIn, HeardAnswer, NoteAside, SessionNote


def _ours(me: int) -> ColumnElement[bool]:
    return or_(Mentorship.mentor_id == me, Mentorship.mentee_id == me)


def _of_our_pairs(me: int) -> Select[int]:
    return select(Mentorship.id).where(_ours(me))


def _of_our_papers(me: int) -> Select[int]:
    return select(Paper.id).where(Paper.mentorship_id.in_(_of_our_pairs(me)))


def _readable(table: type[SessionNote] | type[NoteAside], me: int) -> ColumnElement[bool]:
    """The steps of their sessions, and their own words; never the other one's own."""
    as_mentee = select(Booking.id).where(Booking.mentee_id == me)
    as_mentor = select(Booking.id).where(Booking.mentor_id == me)
    return or_(
        table.booking_id.in_(as_mentee) & table.part.in_([*STEPS, Part.MENTEES_OWN]),
        table.booking_id.in_(as_mentor) & table.part.in_([*STEPS, Part.MENTORS_OWN]),
    )


belongs(
    Mentorship,
    _("Your mentorships"),
    whose=_ours,
    shown="public_id mentor_id mentee_id began_at standing since back_on",
    kept_back={NUMBER: "id", OF_THE_SITE: "reviews_asked_at next_look_at"},
    at_closing=AtClosing.STAYS,
)
belongs(
    StandingChange,
    _("How they went"),
    whose=lambda me: StandingChange.mentorship_id.in_(_of_our_pairs(me)),
    shown="mentorship_id at standing by_id",
    kept_back={NUMBER: "id"},
    at_closing=AtClosing.STAYS,
)
belongs(
    Paper,
    _("What you have agreed, your goals and plans"),
    whose=lambda me: Paper.mentorship_id.in_(_of_our_pairs(me)),
    shown="public_id mentorship_id kind closed_as",
    kept_back={NUMBER: "id"},
    at_closing=AtClosing.STAYS,
)
belongs(
    PaperVersion,
    _("How they were written"),
    whose=lambda me: PaperVersion.paper_id.in_(_of_our_papers(me)),
    shown="paper_id number body why by_id at mentor_agreed_at mentee_agreed_at",
    kept_back={},
    at_closing=AtClosing.STAYS,
)
belongs(
    GoalScore,
    _("How far your goals are"),
    whose=lambda me: GoalScore.paper_id.in_(_of_our_papers(me)),
    shown="paper_id by_id day at confidence attainment",
    kept_back={},
    at_closing=AtClosing.STAYS,
)
belongs(
    Evidence,
    _("What shows that a step is reached"),
    whose=lambda me: Evidence.mentorship_id.in_(_of_our_pairs(me)),
    shown="mentorship_id words link by_id at",
    kept_back={NUMBER: "id public_id", OF_THE_SITE: "step_key"},
    at_closing=AtClosing.STAYS,
)
belongs(
    ActionItem,
    _("What you will do"),
    whose=lambda me: ActionItem.mentorship_id.in_(_of_our_pairs(me)),
    shown="mentorship_id owner_id booking_id words cue due made_by_id made_at done_at",
    kept_back={NUMBER: "id public_id"},
    at_closing=AtClosing.STAYS,
)
belongs(
    CheckIn,
    _("Your weeks"),
    whose=lambda me: CheckIn.mentorship_id.in_(select(Mentorship.id).where(Mentorship.mentee_id == me)),
    shown="mentorship_id week progress is_stuck words at seen_at",
    kept_back={},
    at_closing=AtClosing.GOES,
)
belongs(
    SessionNote,
    _("Notes of your sessions"),
    whose=lambda me: _readable(SessionNote, me),
    shown="booking_id part words by_id at",
    kept_back={OF_THE_SITE: "version"},
    at_closing=AtClosing.NAMELESS,
)
belongs(
    NoteAside,
    _("Notes that are still to be put together"),
    whose=lambda me: _readable(NoteAside, me),
    shown="booking_id part words by_id at",
    kept_back={OF_THE_SITE: "form"},
    at_closing=AtClosing.NAMELESS,
)
belongs(
    HeardAnswer,
    _("Whether you were heard"),
    whose=lambda me: HeardAnswer.booking_id.in_(select(Booking.id).where(Booking.mentee_id == me)),
    shown="booking_id answer words at",
    kept_back={},
    at_closing=AtClosing.GOES,
)
belongs(
    FitCheck,
    _("Whether you fit"),
    whose=lambda me: FitCheck.by_id == me,
    shown="mentorship_id number by_id at heard goal way person",
    kept_back={},
    at_closing=AtClosing.GOES,
)
belongs(
    Carried,
    _("What you take along to another mentor"),
    whose=lambda me: Carried.mentee_id == me,
    shown="from_id mentor_id mentee_id brief goals at used_at",
    kept_back={NUMBER: "id"},
    at_closing=AtClosing.GOES,
)
belongs(
    Message,
    _("Messages"),
    whose=lambda me: Message.mentorship_id.in_(_of_our_pairs(me)),
    shown="public_id mentorship_id words by_id at",
    kept_back={NUMBER: "id"},
    at_closing=AtClosing.STAYS,
)
belongs(
    ThreadSide,
    _("Whose messages you have blocked"),
    whose=lambda me: ThreadSide.user_id == me,
    shown="mentorship_id blocked_at",
    kept_back={OF_THE_SITE: "user_id read_to"},
    at_closing=AtClosing.GOES,
)
nobodys(AnswerWanted, WORKED_OUT)
belongs(
    Review,
    _("What you have written about others"),
    whose=lambda me: Review.by_id == me,
    shown="public_id mentorship_id words helped_with is_named at changed_at answer answered_at hidden_at",
    kept_back={NUMBER: "id", OF_THE_SITE: "by_id"},
    at_closing=AtClosing.NAMELESS,
)
belongs(
    Report,
    _("What you have reported"),
    whose=lambda me: Report.by_id == me,
    shown="public_id mentorship_id about_id message_id review_id reason at settled_at",
    kept_back={NUMBER: "id", OF_THE_SITE: "by_id"},
    at_closing=AtClosing.STAYS,
)
belongs(
    JournalEntry,
    _("Your journal"),
    whose=lambda me: JournalEntry.mentor_id == me,
    shown="public_id month words at changed_at",
    kept_back={NUMBER: "id", OF_THE_SITE: "mentor_id version"},
    at_closing=AtClosing.GOES,
)
belongs(
    Referral,
    _("Whom you name where mentoring ends"),
    whose=lambda me: Referral.mentor_id == me,
    shown="public_id name good_for where_to note at",
    kept_back={NUMBER: "id", OF_THE_SITE: "mentor_id"},
    at_closing=AtClosing.GOES,
)
