"""The operator reads profiles and decides, and the mentor is told."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.core.audit import AuditEntry
from marketplace.core.mail import MailRow
from marketplace.mentors.services.profile import save_story
from tests.conftest import TUESDAY
from tests.factories import make_mentor, make_offering, make_photo
from tests.jobs import run_jobs, sweep
from tests.mailbox import letters_kept, part
from tests.pages.reading import words
from tests.queries import queries_of
from tests.web import sign_in, submit

SATURDAY = TUESDAY + timedelta(days=4)


def applicant(session, slug="grace", **given):
    mentor = make_mentor(session, slug=slug, **{"status": "submitted", **given})
    session.commit()
    return mentor


def decide(client, action, slug="grace", **fields):
    return submit(client, f"/operator/mentors/{slug}", **{"action": action, "read": "0", **fields})


def status_of(session, mentor):
    session.expire_all()
    return mentor.status


def test_who_has_waited_longest_comes_first(client, session, olga):
    for name, days in (("Ada", 1), ("Grace", 3), ("Edsger", 2)):
        make_mentor(session, f"{name} Example", status="submitted", submitted_at=TUESDAY - timedelta(days=days))
    make_mentor(session, "Alan Example")
    session.commit()

    page = words(client.get("/operator/mentors"))

    assert page.index("Grace") < page.index("Edsger") < page.index("Ada")
    assert "Alan Example" not in page
    assert "Mentors (3)" in page


@pytest.mark.parametrize("state", ["draft", "submitted", "approved", "changes_wanted", "paused", "suspended"])
def test_a_list_shows_one_state(client, session, olga, state):
    for each in ("draft", "submitted", "approved", "changes_wanted", "paused", "suspended"):
        make_mentor(session, f"In{each.replace('_', '')} Example", status=each)
    session.commit()

    page = words(client.get(f"/operator/mentors?state={state}"))

    everybody = ("Indraft", "Insubmitted", "Inapproved", "Inchangeswanted", "Inpaused", "Insuspended")
    assert [name for name in everybody if name in page] == [f"In{state.replace('_', '')}"]


@pytest.mark.parametrize("state", ["nonsense", "", "submitted'--", "%00"])
def test_a_state_that_there_is_not_shows_who_waits(client, session, olga, state):
    applicant(session)

    answer = client.get(f"/operator/mentors?state={state}")

    assert answer.status_code == 200
    assert "Grace Example" in words(answer)


def test_nobody_waits(client, session, olga):
    page = words(client.get("/operator/mentors"))

    assert "Nobody is waiting." in page
    assert "Mentors (" not in page


def test_a_profile_reads_as_mentees_would_read_it_with_what_is_missing(client, session, olga):
    grace = applicant(session, story="## Before\n\nI **began**.", can_give=["An ear"], ways=["asks"])
    make_photo(session, grace)
    session.commit()

    page = client.get("/operator/mentors/grace")

    assert "<h3>Before</h3>" in page.text
    assert "<strong>began</strong>" in page.text
    assert "/photos/" in page.text
    assert all(told in words(page) for told in ("An ear", "I ask more than I tell", "Something to book missing"))


def test_approving_opens_the_page_and_tells_the_mentor(app, settings, client, session, olga):
    grace = applicant(session)

    answer = decide(client, "approve", reason="Welcome!")

    assert answer.status_code == 303
    assert status_of(session, grace) == "approved"
    assert client.get("/mentors/grace").status_code == 200
    run_jobs(app, settings)
    (letter,) = letters_kept(settings)
    assert letter["Subject"] == "You are a mentor at Office Hours now"
    for kind in ("plain", "html"):
        text = part(letter, kind)
        assert "Welcome!" in text
        assert "Something to book" in text
        assert "Working hours" not in text


@pytest.mark.parametrize(
    ("status", "action", "becomes", "subject"),
    [
        ("submitted", "ask_changes", "changes_wanted", "Your profile at Office Hours: something to change first"),
        ("approved", "suspend", "suspended", "Your page at Office Hours is suspended"),
        ("suspended", "lift", "approved", "Your page at Office Hours is no longer suspended"),
    ],
)
def test_every_other_decision_needs_a_reason_which_the_mentor_reads(
    app, settings, client, session, olga, status, action, becomes, subject
):
    grace = applicant(session, status=status)

    refused = decide(client, action, reason=" \n ")
    assert refused.status_code == 422
    assert "Write why: the mentor reads it." in words(refused)
    assert status_of(session, grace) == status

    decide(client, action, reason="Because of <this>.")

    assert status_of(session, grace) == becomes
    assert session.scalars(select(AuditEntry.reason)).all() == ["Because of <this>."]
    run_jobs(app, settings)
    (letter,) = letters_kept(settings)
    assert letter["Subject"] == subject
    assert "Because of <this>." in part(letter, "plain")
    assert "Because of &lt;this&gt;." in part(letter, "html")


@pytest.mark.parametrize("weekly", [None, {}], ids=["with working hours", "without any yet"])
def test_a_decision_on_a_saturday_is_told_on_monday_at_nine(app, settings, client, session, clock, olga, weekly):
    clock.set(SATURDAY)
    applicant(session, weekly=weekly)

    decide(client, "approve")

    due = session.scalars(select(MailRow.due_at)).one()
    assert due == (SATURDAY + timedelta(days=2)).replace(hour=8)
    run_jobs(app, settings)
    assert letters_kept(settings) == []
    clock.set(due + timedelta(minutes=1))
    sweep(app, "core:sweep_mail")
    run_jobs(app, settings)
    assert len(letters_kept(settings)) == 1


def test_a_letter_that_was_overtaken_by_another_decision_is_not_sent(app, settings, client, session, clock, olga):
    clock.set(SATURDAY)
    grace = applicant(session)
    decide(client, "approve")
    decide(client, "suspend", reason="A complaint.")
    clock.set(SATURDAY + timedelta(days=2, hours=4))

    sweep(app, "core:sweep_mail")
    run_jobs(app, settings)

    assert status_of(session, grace) == "suspended"
    assert [letter["Subject"] for letter in letters_kept(settings)] == ["Your page at Office Hours is suspended"]


def test_a_profile_that_was_changed_meanwhile_is_shown_again(client, session, olga):
    grace = applicant(session)
    save_story(session, grace.id, "Quite another story.", now=TUESDAY)
    session.commit()

    answer = decide(client, "approve")

    assert answer.status_code == 409
    assert "The profile has changed since you read it." in words(answer)
    assert "Quite another story." in words(answer)
    assert 'name="read" type="hidden" value="1"' in answer.text
    assert session.scalars(select(MailRow)).all() == []


def test_what_is_decided_already_is_told(client, session, olga):
    applicant(session, status="approved")

    answer = decide(client, "approve")

    assert answer.status_code == 409
    assert "something else has been decided meanwhile" in words(answer)


@pytest.mark.parametrize(
    "fields",
    [
        {"action": "resume"},
        {"action": "submit"},
        {"action": ""},
        {"action": "approve\0"},
        {"action": "suspend", "reason": "x" * 2001},
        {"action": "suspend", "reason": "a\0b"},
        {"action": "suspend", "reason": "\u202egnihton"},
        {"action": "suspend", "reason": "fine", "read": "x"},
        {"action": "approve", "read": ""},
    ],
)
def test_what_makes_no_sense_decides_nothing(client, session, olga, fields):
    grace = applicant(session)

    answer = decide(client, **{"reason": "", **fields})

    assert answer.status_code == 422
    assert status_of(session, grace) == "submitted"


@pytest.mark.parametrize("read", ["-1", "9" * 30])
def test_a_revision_that_nobody_can_have_read_approves_nothing(client, session, olga, read):
    grace = applicant(session)

    answer = decide(client, "approve", read=read)

    assert answer.status_code == 409
    assert status_of(session, grace) == "submitted"


def test_changes_of_who_is_approved_are_listed_until_they_are_read(client, session, olga):
    grace = applicant(session, status="approved")
    save_story(session, grace.id, "Quite another story.", now=TUESDAY)
    session.commit()

    before = words(client.get("/operator/mentors?state=changed"))
    page = words(client.get("/operator/mentors/grace"))
    submit(client, "/operator/mentors/grace/seen", page="/operator/mentors/grace", read="1")
    after = words(client.get("/operator/mentors?state=changed"))

    assert "Grace Example" in before
    assert "profile changed (Your story)" in page
    assert "I began as a **mathematician**." in page
    assert "Grace Example" not in after


def test_what_was_done_so_far_stands_on_the_page(client, session, olga):
    applicant(session)
    decide(client, "ask_changes", reason="Say more.")

    page = words(client.get("/operator/mentors/grace"))

    assert "changes asked of a mentor · Olga Example Say more." in page


def test_nobody_but_operators_is_told_that_there_is_such_a_page(app, session):
    grace = applicant(session)
    user = session.get_one(User, grace.id)
    session.commit()
    client = app.test_client()
    sign_in(client, user)

    assert client.get("/operator/mentors/grace").status_code == 404
    assert client.get("/operator/audit").status_code == 404


@pytest.mark.parametrize("path", ["/operator/mentors", "/operator/mentors/grace"])
def test_a_page_takes_few_queries_however_many_there_are(client, session, olga, path):
    grace = applicant(session)
    few = queries_of(client, path)
    for number in range(5):
        make_offering(session, make_mentor(session, f"Other{number} Example", status="submitted"))
        save_story(session, grace.id, f"Story {number}", now=TUESDAY)
    session.commit()

    assert len(few) <= 10, "\n\n".join(few)
    assert len(queries_of(client, path)) <= len(few) + 2  # names and changes are asked for once there is a history
