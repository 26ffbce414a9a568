"""Notes lose nothing: two who write at once, what is sent twice, and what comes late."""

import threading

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking.models.bookings import Booking
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.mentorships.domain.sessions import LONGEST_NOTE, STEPS, Part, own_part
from marketplace.mentorships.domain.visibility import Role
from marketplace.mentorships.models.sessions import NoteAside, SessionNote
from marketplace.mentorships.queries.sessions import notes_of
from marketplace.mentorships.services.notes import Draft, NoteFull, Writing, drop_aside, keep, put_together

ADAS, GRACES = "a" * 12, "g" * 12


@pytest.fixture
def booking(session, pair):
    return session.scalars(select(Booking).where(Booking.public_id == "s3")).one()


def draft(words, *, was="", base=0, part=Part.GOAL):
    return Draft(part, words, was, base)


def by(booking, person, form):
    return Writing(booking.id, person.id, form, utcnow())


def note(session, part=Part.GOAL):
    return session.scalars(select(SessionNote).where(SessionNote.part == part)).one()


def asides(session):
    return session.scalars(select(NoteAside).order_by(NoteAside.form)).all()


def test_each_change_is_a_new_version(session, booking, ada):
    first = keep(session, by(booking, ada, ADAS), [draft("One")])
    second = keep(session, by(booking, ada, ADAS), [draft("One, two", was="One", base=1)])

    assert [each.version for each in first + second] == [1, 2]
    assert note(session).words == "One, two"


def test_what_is_sent_twice_is_kept_once(session, booking, ada):
    """The answer to the first was lost, so the browser asks again."""
    for _ in range(2):
        (kept,) = keep(session, by(booking, ada, ADAS), [draft("One")])

    assert (kept.version, kept.is_aside) == (1, False)
    assert asides(session) == []


def test_an_older_version_overwrites_nothing_and_both_texts_are_kept(session, booking, ada, graces_account):
    keep(session, by(booking, ada, ADAS), [draft("Ada’s")])

    (kept,) = keep(session, by(booking, graces_account, GRACES), [draft("Grace’s")])

    assert kept.is_aside
    assert note(session).words == "Ada’s"
    assert [(each.words, each.by_id) for each in asides(session)] == [("Grace’s", graces_account.id)]


def test_going_on_on_the_same_page_goes_on_beside(session, booking, ada, graces_account):
    keep(session, by(booking, ada, ADAS), [draft("Ada’s")])
    for words in ("Gra", "Grace’s"):
        keep(session, by(booking, graces_account, GRACES), [draft(words)])
    keep(session, by(booking, graces_account, "h" * 12), [draft("In another tab")])

    assert [each.words for each in asides(session)] == ["Grace’s", "In another tab"]


def test_who_changed_nothing_in_a_part_is_in_nobodys_way(session, booking, ada, graces_account):
    """One form has all parts: that which was left as it was is not a text of theirs."""
    keep(session, by(booking, ada, ADAS), [draft("One")])
    keep(session, by(booking, ada, ADAS), [draft("Two", was="One", base=1)])

    (kept,) = keep(session, by(booking, graces_account, GRACES), [draft("One", was="One", base=1)])

    assert not kept.is_aside
    assert note(session).words == "Two"
    assert asides(session) == []


def test_two_texts_are_put_together_and_then_are_one(session, booking, ada, graces_account):
    keep(session, by(booking, ada, ADAS), [draft("Ada’s")])
    keep(session, by(booking, graces_account, GRACES), [draft("Grace’s")])

    for _ in range(2):
        put_together(session, by(booking, ada, ADAS), Part.GOAL, GRACES)

    assert note(session).words == "Ada’s\n\nGrace’s"
    assert note(session).version == 2
    assert asides(session) == []


def test_a_text_that_is_let_go_leaves_the_note_alone(session, booking, ada, graces_account):
    keep(session, by(booking, ada, ADAS), [draft("Ada’s")])
    keep(session, by(booking, graces_account, GRACES), [draft("Grace’s")])

    drop_aside(session, booking.id, Part.GOAL, GRACES)

    assert (note(session).words, asides(session)) == ("Ada’s", [])


def test_two_texts_that_do_not_fit_together_are_both_kept(session, booking, ada, graces_account):
    keep(session, by(booking, ada, ADAS), [draft("a" * LONGEST_NOTE)])
    keep(session, by(booking, graces_account, GRACES), [draft("b")])

    with pytest.raises(NoteFull):
        put_together(session, by(booking, ada, ADAS), Part.GOAL, GRACES)

    assert len(note(session).words) == LONGEST_NOTE
    assert [each.words for each in asides(session)] == ["b"]


@pytest.mark.parametrize("role", [Role.MENTOR, Role.MENTEE])
def test_nobody_reads_what_the_other_one_wrote_for_themselves(session, booking, ada, graces_account, role):
    for person, form, whose in ((ada, ADAS, Role.MENTEE), (graces_account, GRACES, Role.MENTOR)):
        for words in ("Mine.", "Mine, too."):
            keep(
                session,
                by(booking, person, form if words == "Mine." else form[::-1].upper()),
                [draft(words, part=own_part(whose))],
            )

    read = notes_of(session, booking.id, role)

    assert set(read.by_part) == {own_part(role)}
    assert {each.part for each in read.asides} == {own_part(role)}


def written_at_one_moment(app, session, booking, people, save):
    """Each in a transaction of its own, both from the empty page."""
    session.commit()
    both = threading.Barrier(len(people))

    def write(person, form):
        with app.app_context(), Session(db.engine) as own:
            both.wait()
            save(own, Writing(booking.id, person.id, form, utcnow()), person.name)
            own.commit()

    threads = [threading.Thread(target=write, args=each) for each in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    session.expire_all()
    return {each.words for each in session.scalars(select(SessionNote))}, {each.words for each in asides(session)}


def test_of_two_who_save_at_one_moment_nobody_loses_a_word(app, session, booking, ada, graces_account):
    people = [(ada, ADAS), (graces_account, GRACES)]

    notes, beside = written_at_one_moment(
        app, session, booking, people, lambda own, writing, words: keep(own, writing, [draft(words)])
    )

    assert notes | beside == {"Ada Example", "Grace Example"}
    assert len(notes) == len(beside) == 1


def test_without_the_version_one_of_the_two_is_lost(app, session, booking, ada, graces_account):
    """The control: who saves without naming what it was made from overwrites the other one."""
    keep(session, by(booking, ada, ADAS), [draft("", was="something", base=0)])

    def overwrite(own, writing, words):
        own.execute(update(SessionNote).where(SessionNote.booking_id == writing.booking_id).values(words=words))

    notes, beside = written_at_one_moment(app, session, booking, [(ada, ADAS), (graces_account, GRACES)], overwrite)

    assert len(notes | beside) == 1


def test_the_steps_are_those_that_both_write():
    assert [step for step in Part if step not in STEPS] == [own_part(Role.MENTOR), own_part(Role.MENTEE)]
