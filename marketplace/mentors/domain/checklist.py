"""What is missing until a mentor can be booked: one list for the mentor and for the operator. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from marketplace.mentors.domain.states import PUBLIC, MentorStatus


class Point(StrEnum):
    """In the order in which one would do them."""

    VERIFIED = "verified"
    BASICS = "basics"
    STORY = "story"
    WAYS = "ways"
    TOPICS = "topics"
    JOURNEY = "journey"
    GIFTS = "gifts"
    PHOTO = "photo"
    MEETING = "meeting"
    OFFERING = "offering"
    HOURS = "hours"
    PAYOUTS = "payouts"
    APPROVAL = "approval"
    PRESENCE = "presence"


class Need(StrEnum):
    """What a point is for: asking for approval, being booked, being booked for money, or a better page."""

    APPLY = "apply"
    BE_BOOKED = "be_booked"
    SELL = "sell"
    SHINE = "shine"


NEEDS = {
    Point.VERIFIED: Need.APPLY,
    Point.BASICS: Need.APPLY,
    Point.STORY: Need.APPLY,
    Point.WAYS: Need.APPLY,
    Point.TOPICS: Need.APPLY,
    Point.JOURNEY: Need.SHINE,
    Point.GIFTS: Need.SHINE,
    Point.PHOTO: Need.SHINE,
    Point.MEETING: Need.BE_BOOKED,
    Point.OFFERING: Need.BE_BOOKED,
    Point.PAYOUTS: Need.BE_BOOKED,
    Point.HOURS: Need.BE_BOOKED,
    Point.APPROVAL: Need.BE_BOOKED,
    Point.PRESENCE: Need.BE_BOOKED,
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a mentor. `has_basics`: headline, place and at least one language; `can_meet`: an address of
    their own or the site's; `has_hours`: some that the site lets be booked; `offers_free` and `sells`: something free,
    and something that costs, is on offer."""

    status: MentorStatus
    verified: bool
    has_basics: bool
    has_story: bool
    has_ways: bool
    has_topics: bool
    has_journey: bool
    has_gifts: bool
    has_photo: bool
    can_meet: bool = False
    offers_free: bool = False
    sells: bool = False
    can_be_paid: bool = False
    has_hours: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    point: Point
    done: bool
    need: Need


def checklist(facts: Facts) -> list[Item]:
    """That somebody is not on a break is no news, and left out; as is getting paid, of who sells nothing."""
    done = {
        Point.VERIFIED: facts.verified,
        Point.BASICS: facts.has_basics,
        Point.STORY: facts.has_story,
        Point.WAYS: facts.has_ways,
        Point.TOPICS: facts.has_topics,
        Point.JOURNEY: facts.has_journey,
        Point.GIFTS: facts.has_gifts,
        Point.PHOTO: facts.has_photo,
        Point.MEETING: facts.can_meet,
        Point.OFFERING: facts.offers_free or facts.sells,
        Point.PAYOUTS: facts.can_be_paid,
        Point.HOURS: facts.has_hours,
        Point.APPROVAL: facts.status in PUBLIC,
        Point.PRESENCE: facts.status is not MentorStatus.PAUSED,
    }
    shown = {**dict.fromkeys(Point, True), Point.PRESENCE: not done[Point.PRESENCE], Point.PAYOUTS: facts.sells}
    return [Item(point, done[point], _need(point, facts)) for point in Point if shown[point]]


def _need(point: Point, facts: Facts) -> Need:
    """Who can be booked for what is free can be booked."""
    return Need.SELL if point is Point.PAYOUTS and facts.offers_free else NEEDS[point]


def missing(items: Iterable[Item], need: Need) -> list[Point]:
    return [item.point for item in items if item.need is need and not item.done]
