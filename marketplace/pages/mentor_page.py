"""The page on which a mentee chooses an offering, a day and a time: everything it shows, gathered in a few reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from booking import hours
from booking.domain.boundaries import BEYOND_EVERY_HORIZON
from booking.domain.diary import Diary
from booking.domain.intervals import Interval
from booking.domain.recurrence import WeeklyHours
from booking.domain.slots import Slot
from booking.domain.zones import Journey, Zones
from booking.queries.bookings import diary, envelope_of
from booking.services.fit_calls import NoFitCall, require_fit_call
from booking.words.bookings import cadence_words, policy_words
from marketplace.accounts.models import User
from marketplace.core import formats
from marketplace.core.config import Settings
from marketplace.core.money import Money
from marketplace.mentors.domain.states import MentorStatus
from marketplace.mentors.models import Mentor
from marketplace.mentors.queries import mentor_by_slug
from marketplace.mentorships.first_agree import FirstAgree, first_agree
from marketplace.offerings.models import Offering, OfferingKind
from marketplace.offerings.queries import offerings_for_sale
from marketplace.offerings.words import KindWords, kind_words
from marketplace.pages.asked import Asked
from marketplace.pages.queries import HeldTime, held_time
from marketplace.pages.times import Times, times_of
from payments.domain.fees import Lines, total
from payments.domain.withdrawal import EU, is_early
from payments.forms.checkout import FitCallForm
from payments.queries.fees import fee_for


@dataclass(frozen=True, slots=True)
class Offer:
    """`rows` are the prices of its sessions, one each."""

    offering: Offering
    rows: tuple[Lines, ...]

    @property
    def lines(self) -> Lines:
        """Of all of it."""
        return total(self.rows)

    @property
    def each(self) -> str:
        """What one session costs, in a sum or in the two between which they lie."""
        sums = sorted({row.gross.minor for row in self.rows})
        lowest, highest = (formats.money(Money(minor, self.offering.currency)) for minor in (sums[0], sums[-1]))
        return lowest if lowest == highest else _("%(lowest)s to %(highest)s", lowest=lowest, highest=highest)

    @property
    def kind(self) -> KindWords:
        return kind_words(self.offering.kind)

    @property
    def included(self) -> list[str]:
        return self.offering.included.splitlines()


@dataclass(frozen=True, slots=True)
class MentorPage:
    """`closed` says why nothing can be booked here at all; then there are no times. `refusal` says why the reader
    cannot have the fit call that is chosen; `questions` are asked before one."""

    mentor: Mentor
    zone: ZoneInfo
    zones: Zones
    asked: Asked
    hours: str
    overlap: str
    offers: list[Offer]
    offer: Offer | None
    closed: str
    times: Times | None
    held: HeldTime | None
    policy: str
    refusal: NoFitCall | None
    questions: FitCallForm | None
    first_agree: FirstAgree | None
    is_early: bool
    """What is chosen begins before the right to withdraw would end, so that has to be asked for."""
    cadence: str
    """How often a series would be that begins with what is chosen, if that is one of a programme."""

    def mentors_zone(self, start: datetime) -> ZoneInfo:
        """By whose clocks the mentor lives at that time."""
        return self.zones.on(self.zones.day_of(start))

    def journeys(self, now: datetime) -> list[Journey]:
        """The mentor's present one and those to come."""
        return [each for each in self.zones.journeys if each.last >= self.zones.day_of(now)]

    @property
    def others(self) -> list[Offer]:
        """What is not free."""
        return [offer for offer in self.offers if not offer.offering.is_fit_call]

    def link(self, anchor: str = "when", **changes: Any) -> str:
        """This page with the offering and zone that were asked for, and other choices as given."""
        kept = {"offering": self.offer.offering.id if self.offer else None, "zone": self.asked.zone}
        return url_for("pages.mentor", slug=self.mentor.slug, **{**kept, **changes}, _anchor=anchor)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks at the page, in which zone, and when."""

    user: User | None
    zone: ZoneInfo
    now: datetime

    @property
    def id(self) -> int | None:
        return self.user.id if self.user else None


def mentor_page(session: Session, slug: str, asked: Asked, reader: Reader, settings: Settings) -> MentorPage:
    """Raises NotFound."""
    mentor = mentor_by_slug(session, slug, viewer_id=reader.id)
    offers = _offers(session, mentor, reader, settings)
    offer = _asked_for(offers, asked.offering)
    envelope = envelope_of(settings)
    around = Interval(reader.now, reader.now + BEYOND_EVERY_HORIZON)
    found = diary(session, mentor_id=mentor.id, mentee_id=reader.id, around=around, envelope=envelope)
    weekly = hours.within(found.schedule.usual_week, envelope)
    held = held_time(session, reader.user.id, reader.now) if reader.user else None
    asked = _without_own_hold(asked, held, mentor, reader.zone)
    slots = found.bookable(minutes=offer.offering.minutes, window=around, now=reader.now) if offer else []
    closed = why_closed(
        mentor,
        slots,
        minutes=offer.offering.minutes if offer else None,
        has_hours=bool(weekly),
        found=found,
        settings=settings,
        now=reader.now,
    )
    times = None
    if offer and not closed:
        times = times_of(found, slots, asked, reader.zone, minutes=offer.offering.minutes, now=reader.now)
    return MentorPage(
        mentor=mentor,
        zone=reader.zone,
        zones=found.schedule.zones,
        asked=asked,
        hours=hours.in_words(weekly),
        overlap=hours.overlap_in_words(_overlap(weekly, mentor, reader)),
        offers=offers,
        offer=offer,
        closed=closed,
        times=times,
        held=held,
        policy=_policy(offer, times, reader),
        refusal=_refusal(session, offer, reader),
        questions=FitCallForm() if offer and offer.offering.is_fit_call else None,
        first_agree=_first_agree(session, offer, times, reader),
        is_early=settings.withdrawal == EU and _is_early(offer, times, reader),
        cadence=_cadence(offer, times, found.schedule.zones),
    )


def _refusal(session: Session, offer: Offer | None, reader: Reader) -> NoFitCall | None:
    """What booking it would be refused with, so that nobody chooses a time for nothing."""
    if offer is None or reader.user is None:
        return None
    try:
        require_fit_call(session, offer.offering, reader.user.id, reader.now)
    except NoFitCall as refusal:
        return refusal
    return None


def _first_agree(session: Session, offer: Offer | None, times: Times | None, reader: Reader) -> FirstAgree | None:
    if offer is None or reader.user is None or times is None or times.chosen is None or not offer.lines.gross:
        return None
    return first_agree(session, offer.offering.mentor_id, reader.user.id)


def _without_own_hold(asked: Asked, held: HeldTime | None, mentor: Mentor, zone: ZoneInfo) -> Asked:
    """The time that the reader holds is not free, but it is not gone either: only its day opens."""
    if held is None or (held.mentor_id, held.starts_at) != (mentor.id, asked.start):
        return asked
    return replace(asked, start=None, day=asked.day or held.starts_at.astimezone(zone).date())


def why_closed(
    mentor: Mentor,
    slots: list[Slot],
    *,
    minutes: int | None,
    has_hours: bool,
    found: Diary,
    settings: Settings,
    now: datetime,
) -> str:
    """Why no time of this mentor can be booked, in a sentence or two; empty if some can. `minutes` is how long the
    session would be, None if there is nothing to book."""
    if mentor.state is not MentorStatus.APPROVED:
        return _why_not_there(mentor, now)
    name = mentor.user.name
    if not mentor.meets_at(settings.meeting_url):
        return _("%(name)s has not said yet where sessions take place, so nothing can be booked.", name=name)
    if minutes is None:
        return _("%(name)s offers nothing to book at the moment.", name=name)
    if not has_hours:
        return _("%(name)s has not set any working hours yet, so there are no times to choose from.", name=name)
    if not slots:
        left_out = [_("Times at which your own calendars say that you are busy are left out.")] * bool(
            found.mentee_away
        )
        return " ".join((_all_taken(found, name), *_first_time_after(found, minutes, now), *left_out))
    return ""


def _all_taken(found: Diary, name: str) -> str:
    return ngettext(
        "All of %(name)s’s times in the next %(num)s day are taken or off. A new day opens every morning.",
        "All of %(name)s’s times in the next %(num)s days are taken or off. A new day opens every morning.",
        found.schedule.boundaries.horizon.days,
        name=name,
    )


def _first_time_after(found: Diary, minutes: int, now: datetime) -> Iterator[str]:
    """In a sentence, if it is known; the horizon is all that keeps it from being booked."""
    again = found.free_again(minutes=minutes, now=now)
    if again.on and again.opens_on:
        first, opens = formats.long_day(again.on), formats.long_day(again.opens_on)
        yield _(
            "The first free time after that is on %(first)s; it can be booked from %(opens)s.", first=first, opens=opens
        )


def _why_not_there(mentor: Mentor, now: datetime) -> str:
    """Of a mentor who is not approved; all but the first two of these only the mentor can read."""
    who, day = mentor.user.name, mentor.free_again_on
    if mentor.state is MentorStatus.PAUSED and day and day > now.astimezone(mentor.tz).date():
        told = _(
            "%(name)s takes no new bookings at the moment, and is free again from %(day)s. "
            "Sessions that are booked already take place.",
            name=who,
            day=formats.long_day(day),
        )
    elif mentor.state is MentorStatus.PAUSED:
        told = _("%(name)s takes no new bookings at the moment. Sessions that are booked already take place.", name=who)
    elif mentor.state is MentorStatus.SUSPENDED:
        told = _("This page is suspended: nobody else sees it, and nothing can be booked.")
    else:
        told = _("This page is not public yet, so nothing can be booked.")
    return str(told)


def _offers(session: Session, mentor: Mentor, reader: Reader, settings: Settings) -> list[Offer]:
    offerings = offerings_for_sale(session, [mentor.id])
    fee = fee_for(session, mentor_id=mentor.id, mentee_id=reader.id, settings=settings, now=reader.now)
    return [Offer(offering, tuple(fee.rows(offering.price, offering.sessions))) for offering in offerings]


def _asked_for(offers: list[Offer], offering_id: int | None) -> Offer | None:
    """The one asked for, else the first session, else the first of all."""
    sessions = [offer for offer in offers if offer.offering.kind == OfferingKind.SESSION]
    named = [offer for offer in offers if offer.offering.id == offering_id]
    return next(iter([*named, *sessions, *offers]), None)


def _overlap(weekly: WeeklyHours, mentor: Mentor, reader: Reader) -> list[timedelta]:
    today = reader.now.astimezone(mentor.tz).date()
    return hours.overlap(weekly, mentor.tz, reader.zone, today - timedelta(days=today.weekday()))


def _is_early(offer: Offer | None, times: Times | None, reader: Reader) -> bool:
    if offer is None or times is None or times.chosen is None:
        return False
    zone = reader.user.tz if reader.user else reader.zone
    return is_early(offer.lines.gross, times.chosen.start, now=reader.now, zone=zone)


def _policy(offer: Offer | None, times: Times | None, reader: Reader) -> str:
    if offer is None or times is None or times.chosen is None or not offer.lines.gross:
        return ""
    return policy_words(offer.offering.policy, times.chosen.start, reader.zone, reader.now)


def _cadence(offer: Offer | None, times: Times | None, zones: Zones) -> str:
    days = offer.offering.cadence_days if offer else None
    return cadence_words(times.chosen.start, zones, days) if days and times and times.chosen else ""
