"""Rule yours_only, over HTTP: every row of the one table that says who may see and change what of a mentorship."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from sqlalchemy import select, text

from booking.domain.states import BookingStatus
from booking.models.bookings import Booking, BookingAnswer
from marketplace.core.clock import utcnow
from marketplace.core.ids import public_id as drawn_id
from marketplace.mentorships.domain.papers import Agreement, Goal, Kind, Plan, Step
from marketplace.mentorships.domain.sessions import Heard, Part
from marketplace.mentorships.domain.visibility import Access, Role, Thing, access
from marketplace.mentorships.models.pairs import Mentorship
from marketplace.mentorships.models.reviews import Review
from marketplace.mentorships.services.actions import Intent, intend
from marketplace.mentorships.services.check_ins import answer_heard, check_in
from marketplace.mentorships.services.for_the_bank import attach_chosen
from marketplace.mentorships.services.journal import write_entry
from marketplace.mentorships.services.messages import send
from marketplace.mentorships.services.notes import Draft, Writing, keep
from marketplace.mentorships.services.papers import Writer, write
from marketplace.mentorships.services.referrals import Named, add_referral
from marketplace.mentorships.services.reports import About, report
from marketplace.mentorships.services.scores import show
from payments.models.disputes import Dispute
from payments.models.sales import Payment, PurchaseSession
from tests.factories import make_mentor, make_offering, make_user
from tests.mentorships.conftest import NEXT_TUESDAY, WEEK
from tests.pages.sales import make_sale
from tests.web import csrf, sign_in

GOAL, STEP, AGAIN, REPORT, ENTRY, NAMED = (letter * 12 for letter in "gsnrjk")
KEPT_IN = [
    "mentorship",
    "mentorship_paper_version",
    "mentorship_goal_score",
    "mentorship_evidence",
    "session_note",
    "action_item",
    "check_in",
    "heard_answer",
    "fit_check",
    "mentorship_carried",
    "message",
    "thread_side",
    "answer_wanted",
    "review",
    "report",
    "dispute_attachment",
    "journal_entry",
    "referral",
]


@dataclass(frozen=True, slots=True)
class Probe:
    """Where a thing is read and by which words, and what is sent to change it; `{at}` is the mentorship's page. `desk`
    is where operators read it, if that is elsewhere."""

    page: str
    words: str
    sent_to: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    desk: str = ""


NOTES, HEARD = "/sessions/s3/notes", "/sessions/heard/notes"
FOR_THE_BANK = "{at}/sessions/s1/for-the-bank"
FIT = {"number": "3", "person": "4"}
PROBES = {
    Thing.PAGE: Probe("{at}", "So far"),
    Thing.BRIEF: Probe("{at}", "Leading without a title"),
    Thing.AGREEMENT: Probe(
        "{at}/agreement", "Every second blue moon", "{at}/agreement/edit", {"base": "1", "cadence": "Weekly"}
    ),
    Thing.GOAL: Probe(f"{{at}}/goals/{GOAL}", "I lead the redesign", f"{{at}}/goals/{GOAL}/score", {"confidence": "7"}),
    Thing.PLAN: Probe(
        "{at}/plan",
        "One page on it",
        "{at}/plan/edit",
        {"base": "1", "why": "So.", "steps-0-key": STEP, "steps-0-words": "Two"},
    ),
    Thing.EVIDENCE: Probe(
        "{at}", "Here it lies", "{at}/plan/evidence", {"form": AGAIN, "step": STEP, "words": "Here."}
    ),
    Thing.SHARED_NOTE: Probe(NOTES, "Both may know", NOTES, {"options": "More", "form": AGAIN}),
    Thing.MENTORS_NOTE: Probe(NOTES, "Grace alone", f"{NOTES}/own", {"mentors_own": "More", "base-mentors_own": "1"}),
    Thing.MENTEES_NOTE: Probe(NOTES, "Ada alone", f"{NOTES}/own", {"mentees_own": "More", "base-mentees_own": "1"}),
    Thing.ACTION: Probe("{at}", "Ask Anna soon", "{at}/actions", {"form": AGAIN, "words": "More", "owner": "{ada}"}),
    Thing.SEEN: Probe("{at}", "A slow week", "{at}/check-ins/seen"),
    Thing.CHECK_IN: Probe("{at}", "A slow week", "{at}/check-in", {"progress": "9"}),
    Thing.HEARD: Probe(HEARD, "I was, once", "/sessions/heard/heard", {"answer": "no"}),
    Thing.FIT: Probe(
        "{at}/fit", "nobody who runs this site", "{at}/fit", dict.fromkeys(("heard", "goal", "way"), "4") | FIT
    ),
    Thing.CARRYING: Probe("{at}/onwards", "Three in ten", "{at}/onwards", {"brief": "y", "to": "{edsger}"}),
    Thing.PORTFOLIO: Probe("{at}/portfolio?with=notes&with=check_ins&with=actions", "Both may know"),
    Thing.NO_ANSWER: Probe("{at}/messages", "Nothing to answer", "{at}/messages/no-answer"),
    Thing.MESSAGE: Probe(
        "{at}/messages", "Between the two of us", "{at}/messages", {"form": AGAIN, "words": "And more."}
    ),
    Thing.BLOCK: Probe("{at}/messages", "I want no messages here", "{at}/messages/block"),
    Thing.FOR_THE_BANK: Probe(FOR_THE_BANK, "Between the two of us", FOR_THE_BANK, {"chosen": f"message-{'m' * 12}"}),
    Thing.ATTACHED: Probe("/sessions/s1", "Let a bank read it", desk="/operator/disputes/du_1"),
    Thing.REPORT: Probe("{at}/report", "only what you write here", "{at}/report", {"form": AGAIN, "reason": "So."}),
    Thing.REPORTED: Probe(f"/operator/reports/{REPORT}", "Between the two of us"),
    Thing.REVIEW: Probe("{at}/review", "Under which name", "{at}/review", {"words": "Good.", "shown_as": "named"}),
    Thing.REVIEW_OF_MENTOR: Probe("/mentors/{grace}", "Once all may read it"),
    Thing.REVIEW_OF_MENTEE: Probe("{at}/review", "Prepared, says Edsger"),
    Thing.ANSWER: Probe("{barbaras}/review", "Your answer", "{barbaras}/review/answer", {"words": "Thank you."}),
    Thing.JOURNAL: Probe(f"/journal/{ENTRY}", "I talk too much", f"/journal/{ENTRY}", {"words": "Less.", "base": "1"}),
    Thing.REFERRAL: Probe(
        f"/where-mentoring-ends/{NAMED}",
        "A quiet doctor",
        f"/where-mentoring-ends/{NAMED}",
        {"name": "A quiet doctor", "good_for": "sleep"},
    ),
    Thing.STANDING: Probe("{at}", "How you go on", "{at}/paused"),
}


@pytest.fixture
def people(session, pair, grace, ada, graces_account):
    """Everything that there is to be read has been written."""
    listening = make_offering(session, grace, kind="listening", title="To be heard")
    heard, _ = make_sale(
        session, listening, ada, NEXT_TUESDAY - 4 * WEEK, status=BookingStatus.COMPLETED, public_id="heard"
    )
    fit_call(session, grace, ada)
    booking = session.execute(text("SELECT id FROM booking WHERE public_id = 's3'")).scalar_one()
    mentee, now = Writer(pair, ada.id, utcnow()), utcnow()
    write(session, mentee, Kind.AGREEMENT, Agreement("Every second blue moon"), base=0)
    write(session, mentee, Kind.GOAL, Goal("I lead the redesign."), base=0, goal=GOAL)
    write(session, mentee, Kind.PLAN, Plan((Step(STEP, "One page on it"),)), base=0)
    show(session, mentee, form="e" * 12, step_key=STEP, words="Here it lies.", link="")
    for person, part, words in (
        (ada, Part.GOAL, "Both may know"),
        (graces_account, Part.MENTORS_OWN, "Grace alone"),
        (ada, Part.MENTEES_OWN, "Ada alone"),
    ):
        keep(session, Writing(booking, person.id, "w" * 12, now), [Draft(part, words, "", 0)])
    intend(session, mentee, Intent("Ask Anna soon", ada.id), form="a" * 12)
    check_in(session, mentee, today=now.date(), progress=2, is_stuck=False, words="A slow week")
    send(session, mentee, "Between the two of us.", form="m" * 12)
    send(session, mentee, "Let a bank read it.", form="b" * 12)
    disputed(session, pair, ada)
    answer_heard(session, heard.id, mentee, Heard.PARTLY, "I was, once")
    alan, edsger = make_user(session, "Alan Example"), make_mentor(session, "Edsger Example", slug="edsger")
    write_entry(session, grace.id, "I talk too much.", today=now.date(), form=ENTRY, now=now)
    add_referral(session, grace.id, Named("A quiet doctor", "grief"), form=NAMED, now=now)
    session.flush()
    report(session, Writer(pair, grace.id, now), About(message="m" * 12), "It is rude.", form=REPORT)
    barbara, katherine = make_user(session, "Barbara Example"), make_mentor(session, "Katherine Example")
    of_barbara = review_of(session, grace, barbara, barbara.id, "Once all may read it.")
    review_of(session, katherine, ada, katherine.id, "Prepared, says Edsger.")
    session.commit()
    return {
        "barbaras": f"/mentorships/{of_barbara.public_id}",
        Role.OTHER_MENTEE: alan,
        Role.OTHER_MENTOR: make_user_of(session, edsger),
        Role.OPERATOR: make_user(session, "Olga Example", is_operator=True),
        Role.MENTOR: graces_account,
        Role.MENTEE: ada,
    }


def fit_call(session, grace, ada):
    """With what was answered before it."""
    offering = make_offering(session, grace, kind="fit_call")
    begins = NEXT_TUESDAY - 5 * WEEK
    call, _ = make_sale(session, offering, ada, begins, status=BookingStatus.COMPLETED, public_id="fit")
    session.add(BookingAnswer(booking_id=call.id, question="better", answer="Leading without a title"))


def disputed(session, pair, ada):
    """A bank asks about the first session, and Ada has let it read one message."""
    booking = session.scalars(select(Booking).where(Booking.public_id == "s1")).one()
    sold = select(PurchaseSession.purchase_id).where(PurchaseSession.booking_id == booking.id).scalar_subquery()
    session.add(
        Dispute(
            payment_id=session.scalars(select(Payment.id).where(Payment.purchase_id == sold)).one(),
            stripe_dispute_id="du_1",
            status="warning_needs_response",
            reason="general",
            amount_minor=8050,
            currency="EUR",
            taken_minor=0,
            returned_minor=0,
            fee_minor=0,
            fee_currency="EUR",
            opened_at=utcnow(),
            looked_at=utcnow(),
        )
    )
    session.flush()
    attach_chosen(session, pair, booking, [f"message-{'b' * 12}"], person_id=ada.id, now=utcnow())


def review_of(session, mentor, mentee, by_id, words):
    """Long enough ago to be published."""
    make_sale(session, make_offering(session, mentor, title="Of another pair"), mentee, NEXT_TUESDAY - 9 * WEEK)
    pair = session.scalars(
        select(Mentorship).where(Mentorship.mentor_id == mentor.id, Mentorship.mentee_id == mentee.id)
    ).one()
    at = utcnow() - 2 * WEEK
    kept = {"words": words, "is_named": True, "at": at, "changed_at": at}
    session.add(Review(public_id=drawn_id(), mentorship_id=pair.id, by_id=by_id, **kept))
    return pair


def make_user_of(session, mentor):
    session.refresh(mentor, ["user"])
    return mentor.user


def everything(session):
    session.rollback()
    return {name: sorted(map(str, session.execute(text(f"SELECT to_jsonb(t) FROM {name} t")))) for name in KEPT_IN}


def test_every_thing_is_probed():
    assert set(PROBES) == set(Thing)


@pytest.mark.parametrize("role", Role)
def test_each_role_reads_and_changes_what_the_table_says(app, session, pair, grace, ada, people, role):
    client = app.test_client()
    session.commit()
    if role is not Role.VISITOR:
        sign_in(client, people[role])
    token = csrf(client, "/sign-in" if role is Role.VISITOR else "/account")
    names = {
        "at": f"/mentorships/{pair.public_id}",
        "ada": str(ada.id),
        "edsger": "edsger",
        "grace": grace.slug,
        "barbaras": people["barbaras"],
    }
    found = {}

    for thing, probe in PROBES.items():
        page = probe.desk if probe.desk and role is Role.OPERATOR else probe.page
        reads = probe.words in client.get(page.format(**names)).text
        before = everything(session)  # after it was read: whoever reads a message has read it
        fields = {name: value.format(**names) for name, value in probe.fields.items()}
        if probe.sent_to:
            client.post(probe.sent_to.format(**names), data={"csrf_token": token, **fields})
        changes = everything(session) != before
        found[thing] = Access.WRITE if changes else Access.READ if reads else Access.NOTHING

    assert found == {thing: access(role, thing) for thing in PROBES}
