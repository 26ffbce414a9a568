"""The sample people: who they are, when they work and what they offer. Nobody here is real."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from marketplace.demo import words
from marketplace.mentors.domain.states import MentorStatus
from marketplace.offerings.models import OfferingKind

PASSWORD = "correct horse battery staple"  # noqa: S105 - of people who do not exist
WEEKDAYS = (1, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True)
class Person:
    """`about` says in a few words who that is, for whoever looks for somebody to sign in as."""

    email: str
    name: str
    zone: str
    about: LazyString
    is_operator: bool = False


@dataclass(frozen=True, slots=True)
class Topic:
    """`years_ago` is when it was last practised, counted back from the year in which it is seeded."""

    name: str
    reach: str
    years_ago: int = 0


@dataclass(frozen=True, slots=True)
class Offer:
    """`price_minor` in cents, before the site's fee."""

    title: str
    summary: str
    minutes: int
    price_minor: int
    currency: str
    policy: str = "standard"
    included: tuple[str, ...] = ()
    kind: OfferingKind = OfferingKind.SESSION
    sessions: int = 1
    cadence_days: int | None = None
    milestones: tuple[str, ...] = ()
    pre_work: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mentoring:
    """What makes a person a mentor. `hours` are the same on all `weekdays` (1 is Monday), in the person's zone."""

    person: Person
    slug: str
    headline: str
    how_i_work: str
    city: str
    languages: tuple[str, ...]
    topics: tuple[Topic, ...]
    hours: tuple[str, ...]
    offers: tuple[Offer, ...]
    weekdays: tuple[int, ...] = WEEKDAYS
    boundaries: Mapping[str, int] = field(default_factory=dict)
    """Columns of `boundaries` that differ from the site's defaults."""
    protected: tuple[int, ...] = ()
    """Weekdays on which nothing is ever offered."""
    holidays_of: tuple[str, str] | None = None
    """A country, and a region or nothing, whose public holidays are days off."""
    travels_to: str = ""
    """A zone in which they live for a week, from three weeks ahead."""
    has_lunch: bool = False
    """A busy calendar of theirs says so; another one has gone."""
    status: MentorStatus = MentorStatus.APPROVED
    free_again_in: timedelta | None = None


def fit_call(currency: str) -> Offer:
    summary = "To see whether we fit"
    return Offer("Fit call", summary, 20, 0, currency, "flexible", kind=OfferingKind.FIT_CALL)


def session(price_minor: int, currency: str, summary: str, policy: str = "standard", *, minutes: int = 60) -> Offer:
    return Offer("Single session", summary, minutes, price_minor, currency, policy)


ADA = Person("ada@example.org", "Ada Example", "Europe/Stockholm", _("a mentee in Stockholm"))
ALAN = Person("alan@example.org", "Alan Example", "America/New_York", _("a mentee in New York"))
HEDY = Person("hedy@example.org", "Hedy Sample", "Europe/Vienna", _("a mentee in Vienna, for some weeks now"))
GRACE = Person("grace@example.org", "Grace Example", "Europe/Amsterdam", _("a mentor in Utrecht"))
EDSGER = Person("edsger@example.org", "Edsger Example", "Europe/Berlin", _("a mentor in Berlin"))
KATHERINE = Person("katherine@example.org", "Katherine Sample", "America/New_York", _("a mentor in Philadelphia"))
ASHA = Person("asha@example.org", "Asha Sample", "Asia/Kolkata", _("a mentor in Pune"))
WANJIRU = Person("wanjiru@example.org", "Wanjiru Example", "Africa/Nairobi", _("a mentor in Nairobi"))
LUCIA = Person("lucia@example.org", "Lúcia Sample", "America/Sao_Paulo", _("a mentor in São Paulo"))
DONALD = Person("donald@example.org", "Donald Sample", "Europe/London", _("a mentor in Leeds"))
BARBARA = Person("barbara@example.org", "Barbara Example", "Europe/Lisbon", _("a mentor in Porto, on a break"))
RADIA = Person("radia@example.org", "Radia Sample", "Europe/Dublin", _("who would like to be a mentor, in Cork"))
OLGA = Person("olga@example.org", "Olga Example", "Europe/Amsterdam", _("the operator of this site"), is_operator=True)

MENTORS = (
    Mentoring(
        GRACE,
        slug="grace-example",
        headline="Helps engineers grow from senior to staff without burning out.",
        how_i_work=words.GRACE,
        city="Utrecht",
        languages=("en", "nl"),
        topics=(Topic("Data engineering", "depth"), Topic("Career steps", "breadth"), Topic("Python", "depth")),
        hours=("09:00-12:30", "13:30-16:30"),
        offers=(
            fit_call("EUR"),
            session(70_00, "EUR", "One question that you bring"),
            Offer(
                "Design review",
                "What you are about to build, on paper",
                90,
                120_00,
                "EUR",
                "firm",
                included=("Up to six pages, read before we meet", "My notes on the same day"),
            ),
            Offer(
                "From senior to staff",
                "Three months, one step at a time",
                60,
                390_00,
                "EUR",
                included=("Six sessions, about every two weeks", "What you write before each, read by me"),
                kind=OfferingKind.PROGRAMME,
                sessions=6,
                cadence_days=14,
                milestones=(
                    "You can say in two sentences what staff means where you work",
                    "You lead one thing that reaches past your own team",
                    "Somebody else carries on what you have begun",
                ),
                pre_work=(
                    "What you did this month, in ten lines",
                    "One decision that you would like to have made differently",
                ),
            ),
        ),
        boundaries={"horizon_days": 100},
    ),
    Mentoring(
        EDSGER,
        slug="edsger-example",
        headline="For people who want to write less code, and be surer of it.",
        how_i_work=words.EDSGER,
        city="Berlin",
        languages=("en", "de", "nl"),
        topics=(Topic("Software design", "depth"), Topic("Testing", "depth", 1), Topic("Teaching", "breadth", 4)),
        hours=("10:00-12:00", "14:00-17:30"),
        offers=(fit_call("EUR"), session(85_00, "EUR", "At a shared screen or on paper", "firm")),
        boundaries={"notice_minutes": 48 * 60, "sessions_a_day": 2, "sessions_a_week": 8},
        has_lunch=True,
    ),
    Mentoring(
        KATHERINE,
        slug="katherine-sample",
        headline="From scientist to machine learning engineer, one honest step at a time.",
        how_i_work=words.KATHERINE,
        city="Philadelphia",
        languages=("en",),
        topics=(Topic("Machine learning", "depth"), Topic("Statistics", "depth"), Topic("Interviews", "breadth", 2)),
        hours=("08:30-12:00", "13:00-17:00"),
        offers=(
            fit_call("USD"),
            session(95_00, "USD", "Your project or your next step", "flexible"),
            Offer("Practice interview", "45 minutes to practise, 30 to talk about it", 75, 130_00, "USD"),
        ),
        boundaries={"notice_minutes": 2 * 60},
    ),
    Mentoring(
        ASHA,
        slug="asha-sample",
        headline="Accessible interfaces, and the courage to argue for them.",
        how_i_work=words.ASHA,
        city="Pune",
        languages=("en", "hi", "mr"),
        topics=(Topic("Accessibility", "depth"), Topic("Front-end architecture", "depth", 1), Topic("CSS", "depth")),
        hours=("10:00-13:00", "14:30-18:00"),
        offers=(fit_call("EUR"), session(45_00, "EUR", "A page of yours, used together", "flexible", minutes=50)),
        boundaries={"step_minutes": 30},
        protected=(5,),
    ),
    Mentoring(
        WANJIRU,
        slug="wanjiru-example",
        headline="Your first year as a tech lead, with somebody who remembers hers.",
        how_i_work=words.WANJIRU,
        city="Nairobi",
        languages=("en", "sw"),
        topics=(Topic("Leading a team", "depth"), Topic("Payments", "depth", 1), Topic("Hiring", "breadth")),
        hours=("08:00-12:00", "13:00-16:00"),
        holidays_of=("KE", ""),
        travels_to="Europe/London",
        offers=(
            fit_call("USD"),
            session(60_00, "USD", "What happened in your team this week"),
            Offer(
                "An hour of being heard",
                "For what you cannot say at work",
                60,
                60_00,
                "USD",
                kind=OfferingKind.LISTENING,
            ),
        ),
        boundaries={"notice_minutes": 12 * 60, "minutes_a_day": 180},
    ),
    Mentoring(
        LUCIA,
        slug="lucia-sample",
        headline="Operating what you build, and sleeping at night.",
        how_i_work=words.LUCIA,
        city="São Paulo",
        languages=("en", "pt", "es"),
        topics=(Topic("Reliability", "depth"), Topic("Kubernetes", "breadth", 1), Topic("On-call", "depth")),
        hours=("09:00-12:00", "13:30-17:00"),
        weekdays=(1, 3, 5),
        offers=(fit_call("USD"), session(55_00, "USD", "Bring an incident if you have one")),
    ),
    Mentoring(
        DONALD,
        slug="donald-sample",
        headline="Technical writing that people finish reading.",
        how_i_work=words.DONALD,
        city="Leeds",
        languages=("en",),
        topics=(
            Topic("Technical writing", "depth"),
            Topic("Open source", "breadth"),
            Topic("Giving talks", "depth", 3),
        ),
        hours=("09:30-15:00",),
        weekdays=(2, 3, 4),
        offers=(fit_call("GBP"), session(50_00, "GBP", "Your draft, sentence by sentence", "firm", minutes=45)),
        boundaries={"buffer_before_minutes": 15, "buffer_after_minutes": 15},
    ),
    Mentoring(
        BARBARA,
        slug="barbara-example",
        headline="Distributed systems for people who were told they are too hard.",
        how_i_work=words.BARBARA,
        city="Porto",
        languages=("en", "pt"),
        topics=(Topic("Distributed systems", "depth"), Topic("Databases", "depth", 1)),
        hours=("09:00-13:00",),
        offers=(fit_call("EUR"), session(80_00, "EUR", "One system, drawn until it is simple")),
        status=MentorStatus.PAUSED,
        free_again_in=timedelta(days=70),
    ),
    Mentoring(
        RADIA,
        slug="radia-sample",
        headline="Networks, and staying calm while they are down.",
        how_i_work=words.RADIA,
        city="Cork",
        languages=("en", "ga"),
        topics=(Topic("Networks", "depth"), Topic("Finding faults", "depth"), Topic("First job", "breadth", 2)),
        hours=("09:00-13:00",),
        offers=(fit_call("EUR"), session(40_00, "EUR", "60 minutes; bring a trace if you have one", "flexible")),
        status=MentorStatus.SUBMITTED,
    ),
)
SIGN_INS = (ADA, ALAN, HEDY, *(mentoring.person for mentoring in MENTORS), OLGA)
