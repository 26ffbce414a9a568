"""What a mentor keeps for themselves: a journal, and whom they name where mentoring ends."""

from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from marketplace.core.clock import utcnow
from marketplace.mentorships.closing import forget_own_words
from marketplace.mentorships.models.own import JournalEntry, Referral
from marketplace.mentorships.queries.own import PER_PAGE
from marketplace.mentorships.services.journal import write_entry
from marketplace.mentorships.services.referrals import MOST_REFERRALS, ListFull, Named, add_referral
from marketplace.mentorships.words.own import PROMPTS
from tests.pages.reading import words
from tests.queries import count_queries
from tests.web import csrf, sign_in

ENTRY, NAMED = "j" * 12, "k" * 12


@pytest.fixture
def client(client_of, graces_account):
    return client_of(graces_account)


@pytest.fixture
def entry(session, grace):
    write_entry(session, grace.id, "I talk too much.", today=utcnow().date(), form=ENTRY, now=utcnow())
    session.commit()
    return f"/journal/{ENTRY}"


def posted(client, path, **fields):
    return client.post(path, data={"csrf_token": csrf(client, "/account"), **fields}, follow_redirects=True)


def test_each_month_asks_something_else_and_older_entries_stand_beside_what_was_asked_then(
    client, graces_account, clock
):
    posted(client, "/journal", words="The first one.")
    clock.advance(timedelta(days=31))
    sign_in(client, graces_account)
    page = words(client.get("/journal"))

    told = ["January 2027:", str(PROMPTS[0]), "December 2026", str(PROMPTS[11]), "The first one."]
    places = [page.index(each) for each in told]
    assert places == sorted(places)


def test_the_month_is_that_of_the_mentors_clock(client, session, graces_account, clock):
    graces_account.zone = "Pacific/Kiritimati"
    session.commit()
    clock.advance(timedelta(days=30, hours=15 - utcnow().hour))
    sign_in(client, graces_account)
    posted(client, "/journal", words="It is January here.")

    assert session.scalars(select(JournalEntry.month)).one().isoformat() == "2027-01-01"


def test_an_entry_sent_twice_is_one(client, session):
    for _ in range(2):
        posted(client, "/journal", words="Once.", form=ENTRY)

    assert session.scalars(select(JournalEntry.words)).all() == ["Once."]


def test_an_entry_changed_in_two_tabs_shows_both_texts_and_the_next_press_keeps_what_was_typed(client, session, entry):
    posted(client, entry, words="From the first tab.", base="1")
    answer = posted(client, entry, words="From the second tab.", base="1")

    assert answer.status_code == 409
    assert "What is kept now From the first tab." in words(answer)
    assert "From the second tab.</textarea>" in answer.text
    assert session.scalars(select(JournalEntry.words)).all() == ["From the first tab."]

    session.rollback()
    posted(client, entry, words="Both.", base="2")

    assert session.scalars(select(JournalEntry.words)).all() == ["Both."]


def test_what_cannot_be_kept_stays_in_the_field(client, session, entry):
    for path in ("/journal", entry):
        answer = posted(client, path, words="x" * 10_001, base="1")
        assert answer.status_code == 422
        assert "Use at most 10000 characters; these are 10001." in words(answer)
        assert f"{'x' * 10_001}</textarea>" in answer.text

    assert session.scalars(select(JournalEntry.words)).all() == ["I talk too much."]


def test_an_entry_is_removed_by_its_mentor_alone_and_for_good(app, client, session, entry, ada):
    posted(client, f"{entry}/remove")

    assert session.scalars(select(JournalEntry)).all() == []
    assert client.get(entry).status_code == 404


def test_a_long_journal_comes_a_page_at_a_time_in_the_same_number_of_statements(client, session, grace, entry):
    with count_queries() as few:
        client.get("/journal")
    for number in range(PER_PAGE):
        write_entry(session, grace.id, f"Thought {number}.", today=utcnow().date(), form=f"{number:012}", now=utcnow())
    session.commit()

    with count_queries() as many:
        newest = words(client.get("/journal"))
    earlier = words(client.get("/journal?before=" + "0" * 12))

    assert len(many) == len(few)
    assert "Thought 19." in newest
    assert "Earlier entries" in newest
    assert "I talk too much." not in newest
    assert "I talk too much." in earlier
    assert "Thought" not in earlier


def test_what_is_copied_of_a_reference_has_no_note(client):
    answer = posted(
        client, "/where-mentoring-ends", name="Anna", good_for="contracts", where_to="anna@example.org", note="Fast."
    )

    assert 'value="Anna: contracts (anna@example.org)"' in answer.text
    assert "For yourself: Fast." in words(answer)


def test_a_reference_is_changed_and_taken_off_the_list(client, session, grace):
    add_referral(session, grace.id, Named("Anna", "contracts"), form=NAMED, now=utcnow())
    session.commit()

    posted(client, f"/where-mentoring-ends/{NAMED}", name="Anna B", good_for="visas", where_to="", note="")
    assert session.execute(select(Referral.name, Referral.good_for)).one() == ("Anna B", "visas")
    posted(client, f"/where-mentoring-ends/{NAMED}/remove")

    assert session.scalars(select(Referral)).all() == []


def test_a_list_that_is_full_says_so_and_keeps_what_was_typed(client, session, grace):
    for number in range(MOST_REFERRALS):
        add_referral(session, grace.id, Named(f"Anna {number}", "law"), form=f"{number:012}", now=utcnow())
    session.commit()

    answer = posted(client, "/where-mentoring-ends", name="One more", good_for="law")

    assert answer.status_code == 422
    assert "You keep 100 references" in words(answer)
    assert 'value="One more"' in answer.text
    with pytest.raises(ListFull):
        add_referral(session, grace.id, Named("One more", "law"), form=NAMED, now=utcnow())


def test_the_mentor_finds_both_from_the_pairs_and_from_a_session_and_the_mentee_finds_neither(app, client, pair, ada):
    hers = app.test_client()
    sign_in(hers, ada)

    for path in ("/mentorships", "/sessions/s3"):
        assert "Where mentoring ends" in words(client.get(path))
        assert "Where mentoring ends" not in words(hers.get(path))
    assert "Your journal" in words(client.get("/mentorships"))


def test_it_is_in_the_own_copy_and_goes_with_the_account(client, session, grace, entry):
    add_referral(session, grace.id, Named("Anna", "contracts", note="Fast."), form=NAMED, now=utcnow())
    session.commit()
    with ZipFile(BytesIO(client.get("/account/copy.zip").data)) as archive:
        copy = archive.read("everything.json").decode()
    assert "I talk too much." in copy
    assert "Fast." in copy

    forget_own_words(session, grace.id, utcnow())

    assert session.scalars(select(JournalEntry)).all() == []
    assert session.scalars(select(Referral)).all() == []
