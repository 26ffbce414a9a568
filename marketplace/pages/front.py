"""The first page: the mentors who come first for this reader, and topics to begin with."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from marketplace.core.config import Settings
from marketplace.search.domain.wish import Wish
from marketplace.search.reader import Reader
from marketplace.search.results import Card, find

CARDS, TOPICS = 9, 8


@dataclass(frozen=True, slots=True)
class Front:
    """`count` mentors can be booked, or more than that. `topics` are some of what those on the page speak about."""

    cards: list[Card]
    topics: list[str]
    count: int
    is_more: bool


def front(session: Session, reader: Reader, settings: Settings) -> Front:
    found = find(session, Wish(), reader, settings)
    firsts = (topic.name for card in found.cards for topic in card.mentor.topics[:1])
    seconds = (topic.name for card in found.cards for topic in card.mentor.topics[1:2])
    topics = list(dict.fromkeys((*firsts, *seconds)))
    return Front(found.cards[:CARDS], topics[:TOPICS], found.count, found.is_more)
