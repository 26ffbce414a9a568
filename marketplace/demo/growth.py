"""Some weeks of two mentorships, so that what grows there can be seen, and a third that ended after its fit call. All
began in the past."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from booking.domain.intervals import Interval
from booking.domain.states import BookingStatus
from booking.models.bookings import Booking
from booking.models.reminders import Reminder
from booking.queries.bookings import bookable_slots, envelope_of
from marketplace.accounts.models import User
from marketplace.core.config import Settings
from marketplace.core.ids import public_id
from marketplace.core.mail import MailRow
from marketplace.demo import words
from marketplace.demo.talk import talk
from marketplace.mentors.domain.profile import Way
from marketplace.mentors.models import Mentor
from marketplace.mentorships.domain.fit import Item
from marketplace.mentorships.domain.papers import Agreement, Goal, Kind, Plan, Step
from marketplace.mentorships.domain.sessions import Part
from marketplace.mentorships.domain.states import Standing
from marketplace.mentorships.models.pairs import Mentorship
from marketplace.mentorships.services.actions import Intent, intend, mark
from marketplace.mentorships.services.check_ins import check_in, see
from marketplace.mentorships.services.fit import say_fit
from marketplace.mentorships.services.notes import Draft, Writing, keep
from marketplace.mentorships.services.papers import Writer, agree, write
from marketplace.mentorships.services.scores import score, show
from marketplace.mentorships.services.standing import decide
from marketplace.offerings.models import Offering, OfferingKind
from marketplace.search.looking_for import Looking, look_for
from payments.services.buy import Order, buy

WEEK = timedelta(weeks=1)
SETTLED_AFTER = timedelta(hours=48)
PARTED_FROM, PARTED_AGO = "donald-sample", timedelta(weeks=8)
PARTED_GOAL = "I give a talk that people remember."
PARTED_NEEDS = Looking(("Giving talks", "Teaching", "Leading a team", "Accessibility"), (Way.ASKS, Way.PRACTISES))


@dataclass(frozen=True, slots=True)
class Said:
    """One week: progress, how sure they are, how far, stuck or not, in a line."""

    progress: int
    confidence: int
    attainment: int
    is_stuck: bool
    words: str


@dataclass(frozen=True, slots=True)
class Story:
    """`corrected` comes in the week of that number, counted from 0, with its why."""

    mentor: str
    goal: Goal
    steps: tuple[str, ...]
    corrected: tuple[str, ...]
    why: str
    week: int
    said: tuple[Said, ...]
    note: str
    action: tuple[str, str]


DESIGN = Story(
    "grace-example",
    Goal(
        "I lead the redesign of our data platform.",
        why="I review others’ designs all day. I want to own one, end to end.",
        measure="Designs that I own",
        was="none",
        wanted="one, in use",
        levels=(
            "I still only review.",
            "I own a part of somebody else’s.",
            "I own one, and it is decided.",
            "It is in use.",
            "Another team has taken it over.",
        ),
    ),
    ("One page on the problem", "Three people who disagree with it", "A first version that two teams use"),
    ("One page on the problem", "A sponsor first", "A first version that two teams use"),
    "The team has changed; the goal stays, and without a sponsor nobody will read the page.",
    3,
    (
        Said(3, 3, -2, False, "I have begun the page."),
        Said(5, 4, -2, False, "The page exists."),
        Said(4, 3, -2, True, "Two of the three have left the team."),
        Said(6, 6, -1, False, "Anna wants to hear more."),
        Said(7, 7, -1, False, "Anna is the sponsor."),
    ),
    "The page is too long for the people it is for.",
    ("Anna opens her calendar on Monday", "I ask for 20 minutes"),
)
INTERVIEW = Story(
    "katherine-sample",
    Goal("I get through a machine learning interview.", measure="Practice interviews", was="0", wanted="5"),
    ("The list of topics", "Two practice interviews", "A real one"),
    ("The list of topics", "Two practice interviews", "One with a stranger", "A real one"),
    "It went well with people I know, and that is not the same.",
    2,
    (
        Said(4, 5, -2, False, "The list is longer than I thought."),
        Said(4, 4, -1, False, "One practice interview."),
        Said(3, 4, -1, True, "I froze when I had to write on a board."),
    ),
    "Say what you think while you think it.",
    ("I do not know the answer", "I say what I would look up"),
)


def grow(session: Session, mentee: User, settings: Settings, now: datetime) -> None:
    """What there is no time for in the site's hours is left out."""
    for story in (DESIGN, INTERVIEW):
        began = now - (len(story.said) + 1) * WEEK
        met = _met(session, mentee, story.mentor, settings, began)
        if met is not None:
            _written(session, met, story, now)
    _parted(session, mentee, settings, now)


def _parted(session: Session, mentee: User, settings: Settings, now: datetime) -> None:
    """It did not fit, as three in ten do not; what was wanted is still wanted."""
    met = _met(session, mentee, PARTED_FROM, settings, now - PARTED_AGO)
    if met is None:
        return
    pair = (Mentorship.mentor_id == met.mentor_id, Mentorship.mentee_id == met.mentee_id)
    row = session.scalars(select(Mentorship).where(*pair)).one()
    mine = Writer(row, mentee.id, met.ends_at)
    write(session, mine, Kind.GOAL, Goal(PARTED_GOAL, was="never", wanted="once"), base=0, goal=public_id())
    say_fit(session, mine, 1, {Item.HEARD: 3, Item.GOAL: 4, Item.WAY: 1, Item.PERSON: 1})
    decide(session, row.public_id, Standing.ENDED, by_id=mentee.id, now=met.ends_at + timedelta(days=1))
    look_for(session, mentee.id, PARTED_NEEDS, now)


def _met(session: Session, mentee: User, slug: str, settings: Settings, began: datetime) -> Booking | None:
    """A fit call through the front door, as it was then. Of what is past nobody is told any more."""
    offering = session.scalars(
        select(Offering)
        .join(Mentor, Mentor.id == Offering.mentor_id)
        .where(Mentor.slug == slug, Offering.kind == OfferingKind.FIT_CALL)
    ).one()
    slots = bookable_slots(
        session,
        mentor_id=offering.mentor_id,
        minutes=offering.minutes,
        window=Interval(began, began + WEEK),
        now=began,
        envelope=envelope_of(settings),
        mentee_id=mentee.id,
    )
    if not slots:
        return None
    order = Order(mentee, offering.mentor_id, offering.id, slots[0].start, answers=words.BEFORE_THE_CALL)
    booking = buy(session, order, now=began, settings=settings).booking
    session.execute(delete(MailRow).where(MailRow.key == booking.public_id))
    session.execute(delete(Reminder).where(Reminder.booking_id == booking.id))
    booking.status, booking.completed_at = BookingStatus.COMPLETED, booking.ends_at
    booking.settled_at = booking.ends_at + SETTLED_AFTER
    session.flush()
    return booking


def _written(session: Session, met: Booking, story: Story, now: datetime) -> None:
    pair = (Mentorship.mentor_id == met.mentor_id, Mentorship.mentee_id == met.mentee_id)
    row = session.scalars(select(Mentorship).where(*pair)).one()
    mentee, mentor = (Writer(row, person, met.ends_at) for person in (met.mentee_id, met.mentor_id))
    last = (now + 8 * WEEK).date()
    agreement = Agreement(
        "Every second week, an hour",
        channels="Mail. No chat.",
        reply="Within two working days",
        confidential="Names of colleagues stay here.",
        ending="When the goal is reached, or when one of us says that it does not help.",
        review_on=last,
    )
    for writer, other, kind, body in (
        (mentor, mentee, Kind.AGREEMENT, agreement),
        (mentee, mentor, Kind.GOAL, replace(story.goal, by=last)),
    ):
        paper = write(session, writer, kind, body, base=0, goal=public_id() if kind is Kind.GOAL else "")
        agree(session, other, paper.id, number=1)
    _planned(session, row, story, now)
    for each, person in ((mentee, 4), (mentor, 3)):
        say_fit(session, each, 1, {Item.HEARD: 4, Item.GOAL: 3, Item.WAY: 3, Item.PERSON: person})
    for number, said in enumerate(story.said):
        at = now - (len(story.said) - number) * WEEK
        _week(session, row, paper.id, said, at)
    see(session, Writer(row, met.mentor_id, now - WEEK))
    keep(session, Writing(met.id, met.mentor_id, public_id(), met.ends_at), [Draft(Part.REALITY, story.note, "", 0)])
    _to_do(session, row, story, now)
    talk(session, row, story.mentor, now)


def _planned(session: Session, row: Mentorship, story: Story, now: datetime) -> None:
    keys = {words: public_id() for words in story.steps + story.corrected}
    first = now - len(story.said) * WEEK

    def plan(steps: tuple[str, ...]) -> Plan:
        due = [(first + (2 + 3 * number) * WEEK).date() for number in range(len(steps))]
        return Plan(tuple(Step(keys[words], words, day) for words, day in zip(steps, due, strict=True)))

    write(session, Writer(row, row.mentee_id, first), Kind.PLAN, plan(story.steps), base=0)
    turned = Writer(row, row.mentee_id, first + story.week * WEEK)
    write(session, turned, Kind.PLAN, plan(story.corrected), base=1, why=story.why)
    reached = Writer(row, row.mentee_id, first + WEEK)
    show(session, reached, form=public_id(), step_key=keys[story.steps[0]], words="It is written down.", link="")


def _week(session: Session, row: Mentorship, goal: int, said: Said, at: datetime) -> None:
    mentee, mentor = Writer(row, row.mentee_id, at), Writer(row, row.mentor_id, at + timedelta(hours=1))
    check_in(session, mentee, today=at.date(), progress=said.progress, is_stuck=said.is_stuck, words=said.words)
    score(session, mentee, goal, day=at.date(), confidence=said.confidence, attainment=said.attainment)
    score(session, mentor, goal, day=at.date(), confidence=min(said.confidence + 1, 10), attainment=None)


def _to_do(session: Session, row: Mentorship, story: Story, now: datetime) -> None:
    mentee = Writer(row, row.mentee_id, now - 2 * WEEK)
    cue, what = story.action
    intend(session, mentee, Intent(what, row.mentee_id, cue, (now + WEEK).date()), form=public_id())
    done = public_id()
    intend(session, mentee, Intent(story.steps[0], row.mentee_id), form=done)
    mark(session, mentee, done, done=True)
