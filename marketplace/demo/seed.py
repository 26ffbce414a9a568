"""Puts the sample people into the database. Whoever is there already is left as they are, so it can run again."""

from datetime import datetime, timedelta
from secrets import token_hex

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from booking.domain.intervals import Interval
from booking.domain.zones import Journey
from booking.models.bookings import BoundaryRow, WorkingHours
from booking.models.days import ProtectedDay
from booking.queries.bookings import bookable_slots, envelope_of
from booking.services.busy_calendars import add
from booking.services.holidays import keep_holidays
from booking.services.journeys import travel
from marketplace.accounts.models import User
from marketplace.accounts.passwords import Passwords
from marketplace.accounts.queries import user_by_address
from marketplace.core.config import Settings
from marketplace.demo import words
from marketplace.demo.growth import grow
from marketplace.demo.people import ADA, ALAN, HEDY, MENTORS, OLGA, PASSWORD, Mentoring, Offer, Person
from marketplace.demo.portraits import portrait
from marketplace.demo.profiles import PROFILES
from marketplace.mentors.domain.states import MentorStatus
from marketplace.mentors.models import Mentor, MentorPhoto, MentorTopic
from marketplace.mentors.pictures import picture_of
from marketplace.offerings.models import Offering, OfferingKind
from payments.domain.payouts import Transfers
from payments.models.payouts import PayoutAccount
from payments.services.buy import Order, buy

FIRST_MEETING = "katherine-sample"
"""Whom Alan has a fit call with, so that nobody's pages are all empty."""


def seed(session: Session, *, settings: Settings, passwords: Passwords, now: datetime) -> list[str]:
    """The names of who was added. The caller commits."""
    hashed = passwords.hash(PASSWORD)
    everyone = (ADA, ALAN, HEDY, *(each.person for each in MENTORS), OLGA)
    added = {each.email: user for each in everyone if (user := _added(session, each, hashed, now))}
    for mentoring in MENTORS:
        if mentoring.person.email in added:
            _add_mentor(session, added[mentoring.person.email], mentoring, settings, now)
    session.flush()
    if ALAN.email in added:
        _book_fit_call(session, added[ALAN.email], settings, now)
    if HEDY.email in added:
        grow(session, added[HEDY.email], settings, now)
    return [user.name for user in added.values()]


def _added(session: Session, person: Person, password_hash: str, now: datetime) -> User | None:
    """None if the address has an account already."""
    if user_by_address(session, person.email):
        return None
    user = User(
        email=person.email,
        password_hash=password_hash,
        name=person.name,
        zone=person.zone,
        is_operator=person.is_operator,
        verified_at=now,
        calendar_changed_at=now,
        created_at=now,
    )
    session.add(user)
    session.flush()
    return user


def _add_mentor(session: Session, user: User, mentoring: Mentoring, settings: Settings, now: datetime) -> None:
    session.add(_mentor(user, mentoring, now))
    session.flush()
    minutes = [_range(span) for span in mentoring.hours]
    session.add_all(WorkingHours(mentor_id=user.id, weekday=day, minutes=minutes) for day in mentoring.weekdays)
    session.add(BoundaryRow(mentor_id=user.id, **mentoring.boundaries))
    session.add_all(ProtectedDay(mentor_id=user.id, weekday=day) for day in mentoring.protected)
    if mentoring.holidays_of:
        keep_holidays(session, user.id, *mentoring.holidays_of, worked=(), told=(), now=now)
    if mentoring.travels_to:
        first = (now + timedelta(weeks=3)).date()
        travel(session, user.id, Journey(first, first + timedelta(days=6), mentoring.travels_to), told=(), now=now)
    if mentoring.has_lunch and settings.busy_calendars_on_this_machine:
        for name, title in (("lunch", "Lunch and doctors"), ("old-job", "My old job")):
            address = f"{settings.public_url}/demo/calendars/{name}.ics"
            add(session, user.id, address, name=title, secret_key=settings.secret_key, now=now)
    session.add_all(
        MentorTopic(
            mentor_id=user.id,
            position=position,
            name=topic.name,
            reach=topic.reach,
            last_practised=now.year - topic.years_ago,
        )
        for position, topic in enumerate(mentoring.topics)
    )
    if PROFILES[mentoring.slug].portrait:
        session.add(_photo(user))
    session.add_all(_offering(user.id, position, offer) for position, offer in enumerate(mentoring.offers))
    if mentoring.status is not MentorStatus.SUBMITTED and not _at_stripe_itself(settings):
        session.add(_payout_account(user.id, now))


def _at_stripe_itself(settings: Settings) -> bool:
    """There nobody is known who has not been to Stripe's page; the stand-in knows ready accounts by their names."""
    return bool(settings.stripe_secret_key) and not settings.stripe_api_base


def _payout_account(mentor_id: int, now: datetime) -> PayoutAccount:
    return PayoutAccount(
        mentor_id=mentor_id,
        stripe_account_id=f"acct_ready{token_hex(8)}",
        transfers=Transfers.ACTIVE,
        created_at=now,
        looked_at=now,
    )


def _mentor(user: User, mentoring: Mentoring, now: datetime) -> Mentor:
    profile = PROFILES[mentoring.slug]
    decided = mentoring.status is not MentorStatus.SUBMITTED
    away = mentoring.free_again_in
    return Mentor(
        id=user.id,
        slug=mentoring.slug,
        status=mentoring.status,
        headline=mentoring.headline,
        story=profile.story,
        how_i_work=mentoring.how_i_work,
        ways=[str(way) for way in profile.ways],
        can_give=list(profile.can_give),
        journey=[{"year": now.year - years, "what": what} for years, what in profile.journey],
        city=mentoring.city,
        country=profile.country,
        zone=user.zone,
        languages=list(mentoring.languages),
        submitted_at=now,
        approved_at=now if decided else None,
        free_again_on=(now + away).astimezone(user.tz).date() if away else None,
    )


def _photo(user: User) -> MentorPhoto:
    picture = picture_of(portrait(user.name))
    alt = f"A drawing in the place of a photo of {user.name}: a round head before a hill"
    return MentorPhoto(
        mentor_id=user.id, digest=picture.digest(user.id), alt=alt, large=picture.large, small=picture.small
    )


def _offering(mentor_id: int, position: int, offer: Offer) -> Offering:
    return Offering(
        mentor_id=mentor_id,
        position=position,
        kind=offer.kind,
        title=offer.title,
        summary=offer.summary,
        included="\n".join(offer.included),
        minutes=offer.minutes,
        price_minor=offer.price_minor,
        currency=offer.currency,
        policy=offer.policy,
        sessions=offer.sessions,
        cadence_days=offer.cadence_days,
        milestones="\n".join(offer.milestones),
        pre_work="\n".join(offer.pre_work),
    )


def _range(span: str) -> Range[int]:
    """Minutes of the day of `09:00-12:30`."""
    start, end = (int(hours) * 60 + int(minutes) for hours, minutes in (at.split(":") for at in span.split("-")))
    return Range(start, end)


def _book_fit_call(session: Session, mentee: User, settings: Settings, now: datetime) -> None:
    """Through the front door, as anybody's booking; none when the site's hours leave the mentor no time."""
    offering = session.scalars(
        select(Offering)
        .join(Mentor, Mentor.id == Offering.mentor_id)
        .where(Mentor.slug == FIRST_MEETING, Offering.kind == OfferingKind.FIT_CALL)
    ).one()
    slots = bookable_slots(
        session,
        mentor_id=offering.mentor_id,
        minutes=offering.minutes,
        window=Interval(now, now + timedelta(days=14)),
        now=now,
        envelope=envelope_of(settings),
        mentee_id=mentee.id,
    )
    if slots:
        order = Order(mentee, offering.mentor_id, offering.id, slots[0].start, answers=words.BEFORE_THE_CALL)
        buy(session, order, now=now, settings=settings)
