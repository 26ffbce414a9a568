"""Mentors who are suggested to one mentee, each with the reasons: search, ordered by what fits that person."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from booking.queries.bookings import envelope_of
from marketplace.core import language
from marketplace.core.config import Settings
from marketplace.mentors.domain.profile import Way
from marketplace.mentors.models import Mentor
from marketplace.search import queries
from marketplace.search.asking import codes_by_name
from marketplace.search.domain.matching import SUGGESTED, Match, in_order, shared_ways
from marketplace.search.domain.wish import Wish
from marketplace.search.judging import Candidate, judged, look_at
from marketplace.search.looking_for import Looking
from marketplace.search.queries import Asker
from marketplace.search.reader import Reader
from marketplace.search.reading import read_needs
from marketplace.search.results import Card, card_of
from payments.queries.fees import fee_rules


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`match` has the reasons; `of` is how many needs were named."""

    card: Card
    match: Match
    of: int


def suggestions(
    session: Session,
    looking: Looking,
    reader: Reader,
    settings: Settings,
    *,
    but: Collection[int] = (),
    most: int = SUGGESTED,
) -> list[Suggestion]:
    """Nobody for who has named no need, and never the reader. `but` are left out. In the same number of queries for
    any number of mentors: those who cover most are looked at together, as a search does."""
    needs = read_needs(session, looking.needs, codes_by_name(_languages(session), language.current()))
    if not needs or reader.user_id is None:
        return []
    wish = Wish(needs=needs)
    met = queries.sessions_of(session, reader.user_id)
    asker = Asker(reader, fee_rules(session, settings, reader.now), met, site_meets=bool(settings.meeting_url))
    found, _is_more = queries.pool(session, wish, asker)
    found = [each for each in found if each.mentor_id not in {reader.user_id, *but}]
    world = look_at(session, (each.mentor_id for each in found), reader, envelope_of(settings))
    candidates = judged(world, found, wish, asker).candidates
    mentors = queries.mentors(session, [each.found.mentor_id for each in candidates])
    matched = [(each, _match(each, mentors[each.found.mentor_id], looking)) for each in candidates]
    best = sorted(matched, key=lambda pair: in_order(pair[1]))[:most]
    return [
        Suggestion(_card(each, mentors[each.found.mentor_id], wish, reader), match, len(needs)) for each, match in best
    ]


def _match(candidate: Candidate, mentor: Mentor, looking: Looking) -> Match:
    place = candidate.place
    ways = shared_ways(looking.ways, map(Way, mentor.ways))
    return Match(place.covered, ways, place.first_common, place.first, place.practised, place.lot)


def _card(candidate: Candidate, mentor: Mentor, wish: Wish, reader: Reader) -> Card:
    """With times within the reader's working day, if there are any."""
    common = replace(wish, in_hours=candidate.place.first_common is not None)
    return card_of(candidate, mentor, common, reader)


def _languages(session: Session) -> tuple[str, ...]:
    return tuple(queries.choices(session)["language"])
