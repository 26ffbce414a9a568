"""Policies as sentences with real dates, and what is asked before a fit call, on pages and in letters alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from booking.domain.fit_calls import Question
from booking.domain.free_again import FreeAgain
from booking.domain.policy import CancellationPolicy
from booking.domain.states import BookingStatus
from booking.domain.zones import Zones
from booking.models.bookings import Booking
from booking.models.moves import BookingMove
from marketplace.core import formats

QUESTIONS = {
    Question.BETTER: lazy_gettext("What do you want to get better at?"),
    Question.WHY_NOW: lazy_gettext("Why now?"),
    Question.TRIED: lazy_gettext("What have you tried?"),
    Question.WORTH: lazy_gettext("What would make this call worth it?"),
}

WEEK = 7


def policy_example(policy: str, starts_at: datetime, zone: tzinfo) -> str:
    """What the policy would mean for a session at that time, as dates."""
    return _(
        "Booked for %(start)s: all back until %(limit)s, half until it begins, nothing after that.",
        start=formats.local(starts_at, zone),
        limit=formats.local(CancellationPolicy.named(policy).free_until(starts_at), zone),
    )


def free_again_words(again: FreeAgain) -> str:
    """Empty if nobody knows."""
    if again.on and again.opens_on:
        day, opens = formats.day(again.on), formats.day(again.opens_on)
        return _("free again from %(day)s, to be booked from %(opens)s", day=day, opens=opens)
    if again.on:
        return _("free again from %(day)s", day=formats.day(again.on))
    if again.after:
        return _("free again after %(day)s", day=formats.full_date(again.after))
    return ""


@dataclass(frozen=True, slots=True)
class Answered:
    """`asked` is in the language being spoken, the answer in the mentee's own words."""

    question: Question
    asked: str
    answer: str


def answered(answers: Mapping[Question, str]) -> list[Answered]:
    return [Answered(question, str(QUESTIONS[question]), answer) for question, answer in answers.items()]


def who_cancelled(booking: Booking, reader_id: int, other_name: str) -> str:
    """Who called the session off, for one of its two people; `other_name` is the other one."""
    if booking.state is BookingStatus.CANCELLED_BY_OPERATOR and booking.cancelled_by is None:
        return _(
            "The site has cancelled this session, since the bank of the card that paid for it wants the money back."
        )
    if booking.state is BookingStatus.CANCELLED_BY_OPERATOR:
        return _("The site has cancelled this session.")
    if booking.cancelled_by == reader_id:
        return _("You have cancelled this session.")
    return _("%(name)s has cancelled this session.", name=other_name)


def who_moved(move: BookingMove, reader_id: int, other_name: str) -> str:
    """Who moved the session, for one of its two people; `other_name` is the other one."""
    if move.moved_by == reader_id:
        return _("You have moved this session.")
    return _("%(name)s has moved this session.", name=other_name)


def policy_words(policy: str, starts_at: datetime, zone: tzinfo, now: datetime) -> str:
    """What cancelling gives back, as dates, and until when a mentee may move. Exactly at the limit is still free,
    exactly at the start is too late."""
    free_until = CancellationPolicy.named(policy).free_until(starts_at)
    if now <= free_until:
        return _("Free to cancel or move until %(when)s; half back after that.", when=formats.local(free_until, zone))
    if now < starts_at:
        return _("Half back if cancelled before %(when)s; nothing after that.", when=formats.local(starts_at, zone))
    return _("It is too late to cancel.")


def cadence_words(first: datetime, zones: Zones, days: int) -> str:
    """How often a series is, such as `every Tuesday at 10:00` on the mentor's clock."""
    zone = zones.on(zones.day_of(first))
    weekday, at = formats.weekday(first.astimezone(zone).isoweekday()), formats.clock_time(first, zone)
    if days == WEEK:
        return _("every %(weekday)s at %(time)s", weekday=weekday, time=at)
    if days % WEEK == 0:
        return _("%(weekday)s at %(time)s, every %(weeks)s weeks", weekday=weekday, time=at, weeks=days // WEEK)
    if days == 1:
        return _("every day at %(time)s", time=at)
    return _("every %(days)s days at %(time)s", days=days, time=at)
