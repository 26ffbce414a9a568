"""What the two say of each other: blind, then public; answered once; hidden only by who runs the site."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from booking.domain.states import BookingStatus
from marketplace.accounts.models import User
from marketplace.core.audit import AuditEntry
from marketplace.core.clock import utcnow
from marketplace.mentorships.domain.reviews import BLIND, published_at
from marketplace.mentorships.models.pairs import Mentorship
from marketplace.mentorships.models.reviews import Review
from marketplace.mentorships.queries.reviews import PER_PAGE, of_mentor
from marketplace.mentorships.services.reviews import ask_for_reviews
from tests.factories import make_mentor, make_offering, make_user
from tests.jobs import run_jobs, sweep
from tests.mailbox import letters_kept
from tests.mentorships.conftest import NEXT_TUESDAY, WEEK
from tests.mentorships.test_messages import at, said
from tests.pages.reading import words
from tests.pages.sales import make_sale
from tests.queries import count_queries
from tests.web import submit

DAY = timedelta(days=1)


def write(client, pair, text, **fields):
    url = f"{at(pair)}/review"
    return submit(client, url, words=text, **{"shown_as": "named", **fields})


def public(client, grace):
    return words(client.get(f"/mentors/{grace.slug}"))


def test_it_is_read_by_nobody_before_both_have_written(app, pair, grace, adas, graces):
    stranger = app.test_client()
    assert write(adas, pair, "She asks until it is clear.", helped_with="Saying no").status_code == 303

    assert "She asks" not in words(graces.get(f"{at(pair)}/review")) + public(stranger, grace)
    assert write(graces, pair, "Comes prepared.").status_code == 303

    assert "She asks until it is clear. Ada, 1 Dec 2026 · It helped with: Saying no" in public(stranger, grace)
    assert "She asks until it is clear." in words(graces.get(f"{at(pair)}/review"))
    assert "Comes prepared." in words(adas.get(f"{at(pair)}/review"))
    assert "Comes prepared." not in public(stranger, grace)


def test_one_alone_is_changed_for_seven_days_and_then_public_for_good(app, pair, grace, adas, graces, clock):
    stranger = app.test_client()
    write(adas, pair, "Good.")
    clock.advance(DAY)
    write(adas, pair, "She asks until it is clear.", shown_as="nameless")
    assert "It is published on Tue 8 Dec, 09:00" in words(adas.get(f"{at(pair)}/review"))

    clock.advance(6 * DAY)

    assert "She asks until it is clear. A mentee, 1 Dec 2026" in public(stranger, grace)
    for client in (adas, graces):
        late = submit(client, f"{at(pair)}/review", page="/account", words="Too late.", shown_as="named")
        assert late.status_code == 409
    assert "Too late." not in public(stranger, grace)


@pytest.mark.parametrize("kind", ["session", "fit_call", "listening"])
def test_one_writes_after_two_sessions_or_one_of_being_listened_to(session, client_of, ada, kind):
    offering = make_offering(session, make_mentor(session, "Edsger Example"), kind=kind)
    make_sale(session, offering, ada, NEXT_TUESDAY - WEEK, status=BookingStatus.COMPLETED)
    session.flush()
    other = session.scalars(select(Mentorship).where(Mentorship.mentor_id == offering.mentor_id)).one()
    client = client_of(ada)

    page = words(client.get(f"{at(other)}/review"))

    assert ("Your words" in page) is (kind == "listening")


def test_the_mentor_answers_once(app, pair, grace, adas, graces, clock):
    write(adas, pair, "She asks until it is clear.")
    page, url = f"{at(pair)}/review", f"{at(pair)}/review/answer"
    assert submit(graces, url, page=page, words="Before it is published.").status_code == 404
    clock.advance(BLIND)

    empty = submit(graces, url, page=page, words="")
    answers = [submit(graces, url, page=page, words=text).status_code for text in ("Thank you.", "And more.")]

    assert empty.status_code == 422
    assert answers == [303, 409]
    shown = public(app.test_client(), grace)
    assert "Grace Example answers Thank you." in shown
    assert "And more." not in shown


def test_mentors_whom_a_mentee_books_read_what_other_mentors_wrote(session, client_of, pair, ada, adas, graces):
    write(graces, pair, "Comes prepared.")
    write(adas, pair, "She asks.")
    edsger = make_mentor(session, "Edsger Example")
    make_sale(session, make_offering(session, edsger), ada, NEXT_TUESDAY + DAY)
    session.flush()
    theirs = session.scalars(select(Mentorship).where(Mentorship.mentor_id == edsger.id)).one()
    edsgers = client_of(session.get_one(User, edsger.id))

    assert "What other mentors wrote about Ada Example Comes prepared. Grace," in words(
        edsgers.get(f"{at(theirs)}/review")
    )


def test_a_mentors_page_takes_as_many_queries_for_many_reviews_as_for_one(
    app, session, offering, pair, grace, ada, clock
):
    session.add(review_of(pair, ada, "The first"))
    session.commit()
    stranger = app.test_client()
    with count_queries() as few:
        stranger.get(f"/mentors/{grace.slug}")
    for number in range(PER_PAGE + 1):
        alan = make_user(session, f"Alan Example {number}")
        make_sale(session, offering, alan, NEXT_TUESDAY + (number + 1) * WEEK)
        session.flush()
        theirs = session.scalars(select(Mentorship).where(Mentorship.mentee_id == alan.id)).one()
        session.add(review_of(theirs, alan, f"Review {number}."))
    session.commit()

    with count_queries() as many:
        page = words(stranger.get(f"/mentors/{grace.slug}"))

    assert len(many) == len(few)
    assert page.count("Review ") == 3
    assert f"All {PER_PAGE + 2}" in page
    last = words(stranger.get(f"/mentors/{grace.slug}/reviews?page=2"))
    assert "The first" in last
    assert last.count("Review ") == 1


def review_of(pair, person, text):
    return Review(
        public_id=f"r{pair.id}-{person.id}",
        mentorship_id=pair.id,
        by_id=person.id,
        words=text,
        is_named=True,
        at=utcnow() - BLIND - timedelta(hours=1 if "first" not in text else 2),
        changed_at=utcnow(),
    )


@pytest.mark.parametrize("hours", [(0,), (0, 30), (30, 0), (0, 200), (0, 168)])
def test_the_list_says_what_the_rule_says(session, pair, grace, ada, graces_account, hours):
    times = [utcnow() + timedelta(hours=each) for each in hours]
    for person, when in zip((ada, graces_account), times, strict=False):
        row = review_of(pair, person, "So.")
        row.at = when
        session.add(row)
    session.flush()
    due = published_at(times)
    assert due is not None

    assert of_mentor(session, grace.id, due - timedelta(seconds=1)) == ([], 0)
    assert of_mentor(session, grace.id, due)[1] == 1


def test_both_are_asked_once_a_day_after_they_have_met_often_enough(app, settings, session, pair, adas, clock):
    write(adas, pair, "She asks.")
    for _ in "12":
        sweep(app, "mentorships:reviews", "core:sweep_mail")
        run_jobs(app, settings)
        clock.advance(timedelta(hours=2))

    assert [str(letter["Subject"]) for letter in letters_kept(settings)] == ["How was it with Ada Example?"]
    assert ask_for_reviews(session, utcnow()) == 0


def test_only_what_is_reported_is_read_by_who_runs_the_site_and_that_stands_in_the_log(
    session, client_of, pair, grace, ada, graces_account, graces
):
    said(session, pair, ada, "This is rude ", 1)
    said(session, pair, ada, "This is private ", 2)
    olga = make_user(session, "Olga Example", is_operator=True)
    operators = client_of(olga)
    thread = graces.get(f"{at(pair)}/messages").text
    (link,) = [part for part in thread.split('"') if "report?message=This" in part and part.endswith("1")]
    assert "This is rude" in words(graces.get(link))
    assert submit(graces, link, reason="").status_code == 422
    assert submit(graces, link, reason="Nobody talks to me like that.").status_code == 303

    assert "1 report to be read" in words(operators.get("/operator"))
    (row,) = [part for part in operators.get("/operator/reports").text.split('"') if "/operator/reports/" in part]
    page = words(operators.get(row))

    assert "Nobody talks to me like that." in page
    assert "This is rude" in page
    assert "This is private" not in page
    assert submit(operators, row, why="I have written to Ada.").status_code == 303
    entries = session.scalars(select(AuditEntry).where(AuditEntry.what.like("mentorships:%")).order_by(AuditEntry.id))
    found = [(each.what, each.actor_id, each.about_id) for each in entries]
    assert found[:2] == [
        ("mentorships:reported", graces_account.id, ada.id),
        ("mentorships:read_report", olga.id, ada.id),
    ]
    assert found[-1] == ("mentorships:settled_report", olga.id, ada.id)


def test_a_reported_review_is_hidden_with_a_reason(app, session, client_of, pair, grace, adas, graces, clock):
    write(adas, pair, "She is a fraud.")
    clock.advance(BLIND)
    olga = make_user(session, "Olga Example", is_operator=True)
    (link,) = [part for part in graces.get(f"{at(pair)}/review").text.split('"') if "report?review=" in part]
    assert submit(graces, link, reason="That is not true.").status_code == 303
    operators = client_of(olga)
    (row,) = [part for part in operators.get("/operator/reports").text.split('"') if "/operator/reports/" in part]

    assert submit(operators, row, hides="y", why="An accusation without a ground.").status_code == 303

    assert "She is a fraud." not in public(app.test_client(), grace)
    assert "hidden by those who run this site" in words(adas.get(f"{at(pair)}/review"))
    deeds = session.execute(select(AuditEntry.what, AuditEntry.reason).order_by(AuditEntry.id.desc())).first()
    assert deeds == ("mentorships:hid_review", "An accusation without a ground.")


def test_nobody_reports_what_they_cannot_read_or_wrote_themselves(session, pair, ada, adas, graces):
    said(session, pair, ada, "My own words ", 1)
    session.commit()

    for query in ("message=My%20own%20wor1", "message=none", "review=none"):
        assert adas.get(f"{at(pair)}/report?{query}").status_code == 404
