"""One of everything that an address can name, and the people who ask for it."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from booking.domain.outcomes import Said, Side
from booking.models.days import TimeOff
from booking.services.outcomes import bring_forward, say
from marketplace.accounts.agents import Agent
from marketplace.accounts.models import User
from marketplace.accounts.services import sign_ins
from marketplace.core.clock import utcnow
from marketplace.core.config import Settings
from marketplace.core.formats import instant
from marketplace.core.money import Money
from marketplace.mentors.models import Mentor
from marketplace.mentorships.domain.papers import Goal, Kind, Plan, Step
from marketplace.mentorships.models.pairs import Mentorship
from marketplace.mentorships.services.journal import write_entry
from marketplace.mentorships.services.messages import send
from marketplace.mentorships.services.papers import Writer, write
from marketplace.mentorships.services.referrals import Named, add_referral
from marketplace.mentorships.services.reports import About, report
from payments.disputing import Disputing
from payments.domain.bank_payouts import BankPayoutState, BankPayoutStatus
from payments.domain.withdrawal import VERSION
from payments.models.sales import Payment
from payments.services.bank_payouts import keep_bank_payouts
from payments.services.buy import Order
from payments.services.inbox import receive
from payments.stripe_api.gateway import StripeGateway
from payments.till import Till
from tests.factories import make_mentor, make_offering, make_photo, make_programme, make_user
from tests.pages.sales import make_sale
from tests.payments.conftest import TEN
from tests.stripe_side import StripeSide
from tests.web import csrf, sign_in

PROGRAMMES = (
    "pages.programme",
    "pages.book_bought",
    "pages.book_bought_now",
    "pages.remaining_now",
    "payments.end",
    "payments.end_now",
    "mentorships.end_with",
)
IN_TWO_WEEKS = TEN + timedelta(days=14)
OF_A_PAIR = [
    f"mentorships.{name}"
    for name in (
        "page",
        "agreement",
        "edit_agreement",
        "new_goal",
        "plan",
        "edit_plan",
        "add_evidence",
        "add_action",
        "make_check_in",
        "have_seen",
        "let_rest",
        "end",
        "end_now",
        "fit",
        "answer_fit",
        "leave_fit",
        "messages",
        "send",
        "no_answer",
        "report",
        "send_report",
        "review",
        "write_review",
        "answer_review",
        "portfolio",
        "portfolio_file",
        "portfolio_page",
    )
]
OF_A_SESSION = [f"mentorships.{name}" for name in ("notebook", "keep_shared", "keep_own", "heard")]
OF_A_GOAL = [f"mentorships.{name}" for name in ("goal", "edit_goal", "score_goal")]


class Scene:
    """Ada has a confirmed session with Grace, and holds another time that she has not paid for. They do not agree on
    what became of a third, the day before."""

    def __init__(self, app: Flask, session: Session, settings: Settings, stripe_side: StripeSide) -> None:
        self.app = app
        grace, edsger = make_mentor(session), make_mentor(session, "Edsger Example", zone="Africa/Nairobi")
        self.people = {
            "mentee": make_user(session, "Ada Example"),
            "other mentee": make_user(session, "Alan Example"),
            "mentor": session.get_one(User, grace.id),
            "other mentor": session.get_one(User, edsger.id),
            "operator": make_user(session, "Olga Example", is_operator=True),
        }
        self.mentor: Mentor = grace
        self.offering = make_offering(session, grace)
        self.photo = make_photo(session, grace)
        self.away = TimeOff(mentor_id=edsger.id, span=Range(datetime(2027, 1, 4), datetime(2027, 1, 5)))  # noqa: DTZ001
        session.add(self.away)
        session.commit()
        till = Till(session, StripeGateway(settings), settings, utcnow())
        first = till.buy(Order(self.people["mentee"], grace.id, self.offering.id, TEN))
        assert first.payment is not None
        till.open_checkout(first.payment.id)
        stripe_side.pay(str(session.scalar(select(Payment.stripe_session_id))))
        till.look(first.payment.id)
        self.confirmed = first.booking
        intent = session.scalar(select(Payment.stripe_payment_intent_id))
        course = make_programme(session, grace, position=1)
        _, self.programme = make_sale(session, course, self.people["mentee"], IN_TWO_WEEKS)
        session.commit()
        self.dispute = stripe_side.post(f"/_sandbox/payments/{intent}/dispute")["dispute"]["id"]
        Disputing(session, StripeGateway(settings), utcnow()).look(self.dispute)
        sent_back = BankPayoutState(
            "po_1", BankPayoutStatus.FAILED, Money(7000, "EUR"), TEN.date(), "no_account", None, TEN
        )
        keep_bank_payouts(session, grace.id, [sent_back], fetch=1, now=utcnow())
        self.event_id = "evt_of_nobody"
        receive(
            session.connection(),
            event_id=self.event_id,
            event_type="refund.updated",
            object_id="re_of_nobody",
            api_version=None,
            livemode=False,
            created_at=TEN,
            body={},
            now=TEN,
        )
        self.over, _ = make_sale(session, self.offering, self.people["mentee"], utcnow() - timedelta(days=1))
        for side, said, person in (
            (Side.MENTEE, Said.OTHER_MISSING, self.over.mentee_id),
            (Side.MENTOR, Said.TOOK_PLACE, self.over.mentor_id),
        ):
            say(session, self.over, side=side, person_id=person, said=said, words="It is so.", now=utcnow())
        bring_forward(session, self.over, now=utcnow())
        self.mentorship = session.scalars(select(Mentorship)).one()
        ada = Writer(self.mentorship, self.people["mentee"].id, utcnow())
        self.goal = write(session, ada, Kind.GOAL, Goal("I lead the redesign."), base=0, goal="a" * 12)
        write(session, ada, Kind.PLAN, Plan((Step("b" * 12, "One page on the problem"),)), base=0)
        grace_writes = Writer(self.mentorship, grace.id, utcnow())
        send(session, ada, "Which of the two?", form="m" * 12)
        report(session, grace_writes, About(message="m" * 12), "It is rude.", form="r" * 12)
        write_entry(session, grace.id, "I talk too much.", today=TEN.date(), form="j" * 12, now=utcnow())
        named = Named("Anna Example", "contracts", "anna@example.org", "She is fast.")
        add_referral(session, grace.id, named, form="k" * 12, now=utcnow())
        self.sign_in = sign_ins.add(
            session,
            self.people["mentee"].id,
            token="elsewhere",
            agent=Agent("Firefox", "Linux"),
            proved=True,
            now=utcnow(),
        )
        self.held = till.buy(Order(self.people["mentee"], grace.id, self.offering.id, TEN + timedelta(days=1)))
        session.commit()

    def values(self, endpoint: str) -> dict[str, str]:
        pair = {"public_id": self.mentorship.public_id}
        return {
            "payments.withdrawal": {"version": VERSION},
            "mentors.photo": {"digest": self.photo.digest, "size": "small"},
            **dict.fromkeys(OF_A_PAIR, pair),
            **dict.fromkeys(("pages.onwards", "pages.take"), pair),
            "pages.leave": {"slug": self.mentor.slug, **pair},
            "mentorships.for_the_bank": {"booking_id": self.confirmed.public_id, **pair},
            "mentorships.attach_for_the_bank": {"booking_id": self.confirmed.public_id, **pair},
            "mentorships.change": {"standing": "completed", **pair},
            "mentorships.change_thread": {"act": "block", **pair},
            "mentorships.change_action": {"action_id": "none", "act": "done", **pair},
            **{name: {"public_id": self.confirmed.public_id} for name in OF_A_SESSION},
            "mentorships.settle": {
                "public_id": self.confirmed.public_id,
                "part": "goal",
                "form": "none",
                "act": "drop",
            },
            "mentorships.agree_to": {"paper_id": self.goal.public_id, "number": "1", **pair},
            "mentorships.remove_evidence": {"evidence_id": "none", **pair},
            **{name: {"goal_id": self.goal.public_id, **pair} for name in OF_A_GOAL},
            "mentorships.close": {"goal_id": self.goal.public_id, "closed_as": "reached", **pair},
            **{f"mentorships.{name}_entry": {"public_id": "j" * 12} for name in ("change", "remove")},
            **{f"mentorships.{name}_referral": {"public_id": "k" * 12} for name in ("change", "remove")},
            "mentorships.entry": {"public_id": "j" * 12},
            "mentorships.referral": {"public_id": "k" * 12},
            "pages.mentor": {"slug": self.mentor.slug},
            "payments.propose_series": {
                "slug": self.mentor.slug,
                "offering": str(self.programme.offering_id),
                "start": instant(TEN),
            },
            "pages.reviews": {"slug": self.mentor.slug},
            **{name: {"public_id": "r" * 12} for name in ("operator.report", "operator.settle_report")},
            "offerings.new": {"kind": "session"},
            "offerings.edit": {"offering_id": str(self.offering.id)},
            "offerings.arrange": {"offering_id": str(self.offering.id), "act": "up"},
            "pages.session": {"public_id": self.confirmed.public_id},
            "pages.agenda": {"public_id": self.confirmed.public_id},
            "pages.move": {"public_id": self.confirmed.public_id},
            "pages.move_now": {"public_id": self.confirmed.public_id},
            "pages.propose": {"public_id": self.confirmed.public_id},
            "pages.propose_now": {"public_id": self.confirmed.public_id},
            "pages.proposal": {"public_id": self.confirmed.public_id},
            "pages.accept": {"public_id": self.confirmed.public_id},
            "pages.take_back": {"public_id": self.confirmed.public_id},
            "pages.withdraw": {"public_id": self.confirmed.public_id},
            "payments.receipt_at_stripe": {"public_id": self.confirmed.public_id},
            "pages.receipt": {"public_id": self.confirmed.public_id},
            "calendar.session_ics": {"public_id": self.confirmed.public_id},
            "calendar.feed": {"secret": "a" * 32},
            "calendar.options": {"feed_id": "999999"},
            "calendar.rotate": {"feed_id": "999999"},
            "calendar.remove": {"feed_id": "999999"},
            "calendar.rename_busy": {"calendar_id": "999999"},
            "calendar.read_busy": {"calendar_id": "999999"},
            "calendar.remove_busy": {"calendar_id": "999999"},
            "operator.booking": {"public_id": self.confirmed.public_id},
            "operator.mentor": {"slug": self.mentor.slug},
            "operator.decide": {"slug": self.mentor.slug},
            "operator.books_file": {"month": "2026-12", "form": "csv"},
            "operator.mentor_fee": {"slug": self.mentor.slug},
            "operator.change_mentor_fee": {"slug": self.mentor.slug},
            "operator.seen": {"slug": self.mentor.slug},
            "hours.remove_time_off": {"away_id": str(self.away.id)},
            "hours.stay": {"journey_id": "999"},
            "operator.event": {"event_id": self.event_id},
            "operator.replay_event": {"event_id": self.event_id},
            "operator.park_event": {"event_id": self.event_id},
            "accounts.end_sign_in": {"sign_in_id": self.sign_in.public_id},
            "operator.release": {"payment_id": "999"},
            "operator.refund_again": {"refund_id": "999"},
            "operator.refund_by_hand": {"refund_id": "999"},
            "accounts.reset": {"token": "forged"},
            "accounts.move_address": {"token": "forged"},
            "accounts.confirm_address": {"token": "forged"},
            "accounts.move_back": {"token": "forged"},
            "accounts.take_back": {"token": "forged"},
            "accounts.verify": {"token": "forged"},
            "accounts.verify_page": {"token": "forged"},
            "payments.cancel": {"public_id": self.confirmed.public_id},
            "payments.cancel_now": {"public_id": self.confirmed.public_id},
            "payments.money_back": {"public_id": self.confirmed.public_id},
            **{name: {"public_id": self.programme.public_id} for name in PROGRAMMES},
            "pages.remaining": {
                "public_id": self.programme.public_id,
                "start": instant(IN_TWO_WEEKS + timedelta(days=14)),
            },
            "payments.attach_agenda": {"public_id": self.confirmed.public_id},
            "operator.dispute": {"dispute_id": self.dispute},
            "operator.preview_evidence": {"dispute_id": self.dispute},
            "operator.send_evidence": {"dispute_id": self.dispute},
            "payments.how_it_was": {"public_id": self.over.public_id},
            "payments.say_how_it_was": {"public_id": self.over.public_id},
            "operator.claim": {"public_id": self.over.public_id},
            "operator.rule": {"public_id": self.over.public_id},
            "operator.cancel": {"public_id": self.confirmed.public_id},
            "operator.give_back": {"public_id": self.confirmed.public_id},
            "operator.give_back_now": {"public_id": self.confirmed.public_id},
            "operator.transfer_again": {"public_id": self.confirmed.public_id},
            "operator.transfer_by_hand": {"public_id": self.confirmed.public_id},
            "operator.cancel_now": {"public_id": self.confirmed.public_id},
            "payments.hold": {"slug": self.mentor.slug},
            "bootstrap.static": {"filename": "css/bootstrap.min.css"},
            "static": {"filename": "officehours.css"},
        }.get(endpoint, {"purchase_id": self.held.purchase.public_id} if endpoint.startswith("payments.") else {})

    def form(self, endpoint: str) -> dict[str, str]:
        start = instant(self.held.booking.starts_at)
        return {"offering": str(self.offering.id), "start": start} if endpoint == "payments.hold" else {}

    def client(self, role: str) -> FlaskClient:
        client = self.app.test_client()
        if role != "visitor":
            sign_in(client, self.people[role])
        return client

    def path(self, endpoint: str) -> str:
        with self.app.test_request_context():
            return self.app.url_for(endpoint, **self.values(endpoint))  # type: ignore[arg-type]

    def ask(self, role: str, endpoint: str, method: str, *, token: bool = True) -> int:
        client, path = self.client(role), self.path(endpoint)
        if method == "GET":
            with client.get(path) as answer:
                return answer.status_code
        fields = self.form(endpoint)
        if token:
            fields["csrf_token"] = csrf(client, "/sign-in" if role == "visitor" else "/account")
        return client.post(path, data=fields).status_code


@pytest.fixture
def scene(app: Flask, session: Session, settings: Settings, stripe_side: StripeSide) -> Scene:
    return Scene(app, session, settings, stripe_side)
