"""A profile is kept part by part; what others have read already is written down before and after."""

from dataclasses import replace

import pytest
from sqlalchemy import select, text

from marketplace.core.audit import AuditEntry
from marketplace.mentors.domain.profile import Basics, Reach, Step, Topic, Way, Ways
from marketplace.mentors.models import ProfileChange
from marketplace.mentors.pictures import Picture
from marketplace.mentors.queries import own_profile
from marketplace.mentors.services.photo import remove_photo, save_photo
from marketplace.mentors.services.profile import save_basics, save_journey, save_story, save_topics, save_ways
from tests.conftest import TUESDAY
from tests.factories import make_mentor
from tests.jobs import waiting_jobs

BASICS = Basics("Helps.", "Cork", "IE", "Europe/Dublin", ["en", "ga"], "https://meet.example.org/radia")
PICTURE = Picture(large=b"large", small=b"small")


def photo_of(session, mentor):
    found = own_profile(session, mentor.id).photo
    assert found is not None
    return found


def entries(session):
    return list(session.scalars(select(AuditEntry).order_by(AuditEntry.id)))


@pytest.fixture
def grace(session):
    return make_mentor(session)


def test_each_part_is_kept_as_it_was_written(session, grace):
    save_basics(session, grace.id, BASICS, now=TUESDAY)
    save_story(session, grace.id, "It began **so**.", now=TUESDAY)
    save_ways(session, grace.id, Ways([Way.ASKS, Way.FRANK], "I ask.", ["An ear"]), now=TUESDAY)
    save_journey(session, grace.id, [Step(2001, "Began"), Step(1999, "Before that")], now=TUESDAY)
    save_topics(session, grace.id, [Topic("B", Reach.BREADTH, None), Topic("A", Reach.DEPTH, 2020)], now=TUESDAY)
    session.commit()
    session.expire_all()

    kept = own_profile(session, grace.id)
    assert (kept.headline, kept.city, kept.country, kept.zone) == ("Helps.", "Cork", "IE", "Europe/Dublin")
    assert (kept.languages, kept.meeting_url) == (["en", "ga"], "https://meet.example.org/radia")
    assert (kept.story, kept.ways, kept.how_i_work) == ("It began **so**.", ["asks", "frank"], "I ask.")
    assert kept.can_give == ["An ear"]
    assert kept.steps == [Step(2001, "Began"), Step(1999, "Before that")]
    assert [(topic.name, topic.reach, topic.last_practised) for topic in kept.topics] == [
        ("B", "breadth", None),
        ("A", "depth", 2020),
    ]


def test_a_change_that_others_have_read_before_is_written_down(session, grace):
    save_story(session, grace.id, "Another story.", now=TUESDAY)

    (entry,) = entries(session)
    assert (entry.what, entry.actor_id, entry.about_id) == ("mentors:profile_changed", grace.id, grace.id)
    assert (entry.subject, entry.detail) == ("", {"section": "story", "fields": ["story"]})
    change = session.get_one(ProfileChange, entry.id)
    assert (change.mentor_id, change.changed_at) == (grace.id, TUESDAY)
    assert (change.before, change.after) == (
        {"story": "I began as a **mathematician**."},
        {"story": "Another story."},
    )
    assert grace.revision == 1


def test_words_of_a_change_are_in_no_table_that_is_never_changed(session, grace):
    """They go with the account, and the log does not."""
    save_story(session, grace.id, "A story that I may take back.", now=TUESDAY)
    session.flush()

    log = session.execute(text("SELECT string_agg(to_jsonb(audit_entry)::text, ' ') FROM audit_entry")).scalar_one()
    assert "profile_changed" in log
    assert [word for word in ("take back", "mathematician", grace.slug) if word in log] == []


def test_a_draft_is_nobodys_business(session):
    draft = make_mentor(session, status="draft")

    save_story(session, draft.id, "Another story.", now=TUESDAY)

    assert entries(session) == []
    assert draft.revision == 1


def test_saving_what_is_there_already_changes_nothing(session, grace):
    for _ in range(2):
        save_basics(session, grace.id, BASICS, now=TUESDAY)
        save_topics(session, grace.id, [Topic("A", Reach.DEPTH, 2020)], now=TUESDAY)
        save_photo(session, grace.id, PICTURE, alt="Grace", now=TUESDAY)

    assert grace.revision == 3
    assert [entry.detail["section"] for entry in entries(session)] == ["basics", "topics", "photo"]


def test_only_what_changed_is_written_down(session, grace):
    save_basics(session, grace.id, BASICS, now=TUESDAY)
    save_basics(session, grace.id, replace(BASICS, city="Galway"), now=TUESDAY)

    entry = entries(session)[-1]
    change = session.get_one(ProfileChange, entry.id)
    assert entry.detail == {"section": "basics", "fields": ["city"]}
    assert (change.before, change.after) == ({"city": "Cork"}, {"city": "Galway"})


def test_calendars_learn_of_another_meeting_link_and_of_nothing_else(app, session, grace):
    save_basics(session, grace.id, BASICS, now=TUESDAY)
    save_basics(session, grace.id, replace(BASICS, city="Galway"), now=TUESDAY)
    save_basics(session, grace.id, replace(BASICS, meeting_url=""), now=TUESDAY)
    session.commit()

    assert waiting_jobs(app) == [("booking:show_changes", {"user_id": grace.id})] * 2
    assert grace.meeting_url is None


def test_another_photo_takes_the_place_of_the_first_under_another_address(session, grace):
    save_photo(session, grace.id, PICTURE, alt="Grace", now=TUESDAY)
    first = photo_of(session, grace).digest

    save_photo(session, grace.id, Picture(b"other", b"o"), alt="Grace laughing", now=TUESDAY)

    kept = photo_of(session, grace)
    assert (kept.alt, kept.large) == ("Grace laughing", b"other")
    assert kept.digest != first


def test_the_words_of_a_photo_change_without_another_file(session, grace):
    save_photo(session, grace.id, PICTURE, alt="Grace", now=TUESDAY)

    save_photo(session, grace.id, None, alt="Grace laughing", now=TUESDAY)

    kept = photo_of(session, grace)
    assert (kept.alt, kept.large) == ("Grace laughing", b"large")


def test_words_without_a_photo_are_of_no_use(session, grace):
    save_photo(session, grace.id, None, alt="Grace", now=TUESDAY)

    assert own_profile(session, grace.id).photo is None


def test_a_removed_photo_is_gone(session, grace):
    save_photo(session, grace.id, PICTURE, alt="Grace", now=TUESDAY)

    remove_photo(session, grace.id, now=TUESDAY)
    remove_photo(session, grace.id, now=TUESDAY)

    assert own_profile(session, grace.id).photo is None
    assert len(entries(session)) == 2


def test_two_people_with_one_picture_have_two_addresses():
    assert PICTURE.digest(1) != PICTURE.digest(2)
