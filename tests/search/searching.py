"""Mentors to look for, and what a reader does to find them."""

import re
from html import unescape

from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from marketplace.mentors.models import Mentor, MentorTopic
from tests.factories import make_mentor, make_offering

STOCKHOLM = "zone=Europe/Stockholm"
_NAME_OF_A_CARD = re.compile(r'<a class="cover" href="/mentors/[^"]*">([^<]*)</a></h3>')


def make_bookable(session: Session, name: str = "Grace Example", *topics: str, **given: object) -> Mentor:
    """With one paid session of an hour at 70 euros, and these topics besides data engineering."""
    mentor = make_mentor(session, name, **given)  # type: ignore[arg-type]  # whatever the factory takes
    session.add_all(
        MentorTopic(mentor_id=mentor.id, position=place, name=topic, reach="depth", last_practised=2026)
        for place, topic in enumerate(topics, 1)
    )
    make_offering(session, mentor)
    return mentor


def found(answer: TestResponse) -> list[str]:
    """The names on the cards, in their order."""
    assert answer.status_code == 200
    return [unescape(name) for name in _NAME_OF_A_CARD.findall(answer.text)]


def search(client: FlaskClient, address: str = "") -> list[str]:
    return found(client.get(f"/search?{address}"))
