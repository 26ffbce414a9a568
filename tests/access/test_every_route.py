"""Rule yours_only: every route × every role, generated from the URL map. A route without an entry here fails.

The table says which status each role gets; roles that do not own what the address names come first, the owner last, so
that a refused request can be seen to have changed nothing for the next one.
"""

import re
from collections.abc import Iterator
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
from marketplace.mentors.models import Mentor
from marketplace.mentorships.domain.papers import Goal, Kind, Plan, Step
from marketplace.mentorships.models.pairs import Mentorship
from marketplace.mentorships.services.journal import write_entry
from marketplace.mentorships.services.messages import send
from marketplace.mentorships.services.papers import Writer, write
from marketplace.mentorships.services.referrals import Named, add_referral
from marketplace.mentorships.services.reports import About, report
from payments.disputing import Disputing
from payments.domain.withdrawal import VERSION
from payments.models.sales import Payment
from payments.services.buy import Order
from payments.services.inbox import receive
from payments.stripe_api.gateway import StripeGateway
from payments.till import Till
from tests.factories import make_mentor, make_offering, make_photo, make_programme, make_user
from tests.pages.sales import make_sale
from tests.payments.conftest import TEN
from tests.stripe_side import StripeSide
from tests.web import csrf, sign_in

ROLES = ("visitor", "other mentee", "other mentor", "operator", "mentor", "mentee")

ANYBODY = (200,) * 6
SIGNED_IN = (302, 200, 200, 200, 200, 200)
NOT_FOUND = (404,) * 6
BOTH_PEOPLE = (302, 404, 404, 404, 200, 200)
THE_MENTEE = (302, 404, 404, 404, 404, 200)
MENTORS = (302, 404, 200, 404, 200, 404)
NOTHING_TYPED = (302, 404, 422, 404, 422, 404)
WHAT_IS_THERE = (302, 404, 303, 404, 303, 404)
OPERATOR = (302, 404, 404, 200, 404, 404)

EXPECTED: dict[tuple[str, str], tuple[int, ...]] = {
    ("pages.home", "GET"): ANYBODY,
    ("pages.mentor", "GET"): ANYBODY,
    ("pages.reviews", "GET"): ANYBODY,
    ("pages.robots", "GET"): ANYBODY,
    ("pages.manifest", "GET"): ANYBODY,
    ("pages.session", "GET"): BOTH_PEOPLE,
    ("pages.agenda", "POST"): (302, 404, 404, 404, 403, 303),
    ("pages.move", "GET"): (302, 404, 404, 404, 403, 200),
    ("pages.move_now", "POST"): (302, 404, 404, 404, 403, 303),  # no time: back to the page
    ("pages.propose", "GET"): (302, 404, 404, 404, 200, 403),
    ("pages.propose_now", "POST"): (302, 404, 404, 404, 303, 403),  # no time: back to the page
    ("pages.proposal", "GET"): (302, 404, 404, 404, 303, 303),  # nothing is proposed
    ("pages.accept", "POST"): (302, 404, 404, 404, 403, 303),
    ("pages.take_back", "POST"): (302, 404, 404, 404, 403, 303),
    ("pages.withdraw", "POST"): (302, 404, 404, 404, 303, 403),
    ("pages.receipt", "GET"): THE_MENTEE,
    ("pages.sessions", "GET"): SIGNED_IN,
    ("pages.week", "GET"): MENTORS,
    ("search.results", "GET"): ANYBODY,
    ("search.how_we_rank", "GET"): ANYBODY,
    ("search.suggested", "GET"): SIGNED_IN,
    ("search.say_needs", "POST"): (302, 422, 422, 422, 422, 422),  # an empty form
    ("payments.withdrawal", "GET"): ANYBODY,
    ("payments.propose_series", "GET"): SIGNED_IN,
    ("payments.receipt_at_stripe", "GET"): (302, 404, 404, 404, 404, 303),  # on to Stripe
    ("desk.home", "GET"): SIGNED_IN,
    ("desk.beginning", "GET"): (200, 200, 303, 200, 303, 200),  # who is a mentor has begun
    ("desk.begin", "POST"): (302, 303, 303, 303, 303, 303),
    ("desk.profile", "GET"): MENTORS,
    ("desk.basics", "GET"): MENTORS,
    ("desk.basics", "POST"): NOTHING_TYPED,
    ("desk.story", "GET"): MENTORS,
    ("desk.story", "POST"): WHAT_IS_THERE,
    ("desk.ways", "GET"): MENTORS,
    ("desk.ways", "POST"): WHAT_IS_THERE,
    ("desk.topics", "GET"): MENTORS,
    ("desk.topics", "POST"): NOTHING_TYPED,
    ("desk.journey", "GET"): MENTORS,
    ("desk.journey", "POST"): WHAT_IS_THERE,
    ("desk.photo", "GET"): MENTORS,
    ("desk.photo", "POST"): (302, 404, 422, 404, 303, 404),  # Grace has one already
    ("desk.remove", "POST"): WHAT_IS_THERE,
    ("desk.submit", "POST"): (302, 404, 409, 404, 409, 404),  # both are approved already
    ("desk.withdraw", "POST"): (302, 404, 409, 404, 409, 404),
    ("desk.pause", "POST"): WHAT_IS_THERE,
    ("desk.topics_kept", "POST"): WHAT_IS_THERE,
    ("desk.resume", "POST"): WHAT_IS_THERE,
    ("mentors.photo", "GET"): ANYBODY,
    ("mentorships.index", "GET"): SIGNED_IN,
    ("mentorships.page", "GET"): BOTH_PEOPLE,
    ("mentorships.messages", "GET"): BOTH_PEOPLE,
    ("mentorships.send", "POST"): (302, 404, 404, 404, 422, 422),  # nothing typed
    ("mentorships.no_answer", "POST"): (302, 404, 404, 404, 303, 404),
    ("mentorships.for_the_bank", "GET"): BOTH_PEOPLE,
    ("mentorships.attach_for_the_bank", "POST"): (302, 404, 404, 404, 422, 422),  # nothing ticked
    ("mentorships.report", "GET"): BOTH_PEOPLE,
    ("mentorships.send_report", "POST"): (302, 404, 404, 404, 422, 422),  # an empty form
    ("mentorships.review", "GET"): BOTH_PEOPLE,
    ("mentorships.write_review", "POST"): (302, 404, 404, 404, 422, 422),
    ("mentorships.answer_review", "POST"): (302, 404, 404, 404, 422, 404),
    ("mentorships.change_thread", "POST"): (302, 404, 404, 404, 303, 303),
    ("mentorships.change", "POST"): (302, 404, 404, 404, 303, 303),
    ("mentorships.let_rest", "POST"): (302, 404, 404, 404, 409, 409),  # they have met once
    ("mentorships.end", "GET"): BOTH_PEOPLE,
    ("mentorships.end_now", "POST"): (302, 404, 404, 404, 409, 409),  # no sum that a page has said
    ("mentorships.end_with", "GET"): (302, 404, 404, 404, 303, 303),
    ("pages.onwards", "GET"): THE_MENTEE,
    ("pages.take", "POST"): (302, 404, 404, 404, 404, 404),  # to no mentor
    ("pages.leave", "POST"): (302, 404, 404, 404, 404, 303),
    ("mentorships.agreement", "GET"): BOTH_PEOPLE,
    ("mentorships.edit_agreement", "GET"): BOTH_PEOPLE,
    ("mentorships.edit_agreement", "POST"): (302, 404, 404, 404, 422, 422),  # an empty form
    ("mentorships.new_goal", "GET"): BOTH_PEOPLE,
    ("mentorships.goal", "GET"): BOTH_PEOPLE,
    ("mentorships.edit_goal", "GET"): BOTH_PEOPLE,
    ("mentorships.edit_goal", "POST"): (302, 404, 404, 404, 303, 303),  # nothing typed, nothing changed
    ("mentorships.score_goal", "POST"): (302, 404, 404, 404, 422, 422),
    ("mentorships.close", "POST"): (302, 404, 404, 404, 303, 303),
    ("mentorships.plan", "GET"): BOTH_PEOPLE,
    ("mentorships.edit_plan", "GET"): BOTH_PEOPLE,
    ("mentorships.edit_plan", "POST"): (302, 404, 404, 404, 422, 422),
    ("mentorships.add_evidence", "POST"): (302, 404, 404, 404, 404, 404),  # of no step
    ("mentorships.remove_evidence", "POST"): (302, 404, 404, 404, 303, 303),  # it is gone already
    ("mentorships.notebook", "GET"): BOTH_PEOPLE,
    ("mentorships.keep_shared", "POST"): (302, 404, 404, 404, 303, 303),
    ("mentorships.keep_own", "POST"): (302, 404, 404, 404, 303, 303),
    ("mentorships.settle", "POST"): (302, 404, 404, 404, 303, 303),  # it is gone already
    ("mentorships.heard", "POST"): (302, 404, 404, 404, 404, 404),  # it was no session for listening
    ("mentorships.add_action", "POST"): (302, 404, 404, 404, 422, 422),  # an empty form
    ("mentorships.change_action", "POST"): (302, 404, 404, 404, 404, 404),  # there is none
    ("mentorships.make_check_in", "GET"): (302, 404, 404, 404, 403, 200),
    ("mentorships.make_check_in", "POST"): (302, 404, 404, 404, 403, 422),
    ("mentorships.have_seen", "POST"): (302, 404, 404, 404, 303, 403),
    ("mentorships.fit", "GET"): BOTH_PEOPLE,
    ("mentorships.answer_fit", "POST"): (302, 404, 404, 404, 303, 303),  # nothing is asked
    ("mentorships.leave_fit", "POST"): (302, 404, 404, 404, 303, 303),
    ("mentorships.portfolio", "GET"): THE_MENTEE,
    ("mentorships.portfolio_file", "GET"): THE_MENTEE,
    ("mentorships.portfolio_page", "GET"): THE_MENTEE,
    ("mentorships.agree_to", "POST"): (302, 404, 404, 404, 303, 303),
    ("mentorships.journal", "GET"): MENTORS,
    ("mentorships.write_entry", "POST"): NOTHING_TYPED,
    ("mentorships.entry", "GET"): (302, 404, 404, 404, 200, 404),  # Grace's own
    ("mentorships.change_entry", "POST"): (302, 404, 404, 404, 422, 404),
    ("mentorships.remove_entry", "POST"): WHAT_IS_THERE,
    ("mentorships.beyond", "GET"): MENTORS,
    ("mentorships.add_referral", "POST"): NOTHING_TYPED,
    ("mentorships.referral", "GET"): (302, 404, 404, 404, 200, 404),  # Grace's own
    ("mentorships.change_referral", "POST"): (302, 404, 404, 404, 422, 404),
    ("mentorships.remove_referral", "POST"): WHAT_IS_THERE,
    ("hours.week", "GET"): MENTORS,
    ("hours.week", "POST"): MENTORS,  # no button was pressed: the page again
    ("hours.dates", "GET"): MENTORS,
    ("hours.dates", "POST"): MENTORS,
    ("hours.remove_dates", "POST"): (302, 404, 404, 404, 404, 404),  # none has been set
    ("hours.time_off", "GET"): MENTORS,
    ("hours.time_off", "POST"): MENTORS,
    ("hours.remove_time_off", "POST"): (302, 404, 303, 404, 404, 404),  # Edsger's
    ("hours.protected", "GET"): MENTORS,
    ("hours.protected", "POST"): MENTORS,
    ("hours.give_up", "POST"): (302, 404, 404, 404, 404, 404),  # none is protected
    ("hours.holidays", "GET"): MENTORS,
    ("hours.holidays", "POST"): MENTORS,
    ("hours.travel", "GET"): MENTORS,
    ("hours.travel", "POST"): MENTORS,
    ("hours.stay", "POST"): (302, 404, 404, 404, 404, 404),  # nobody travels
    ("hours.boundaries", "GET"): MENTORS,
    ("hours.boundaries", "POST"): MENTORS,
    ("hours.preview", "GET"): MENTORS,
    ("hours.load", "GET"): MENTORS,
    ("hours.close_week", "POST"): WHAT_IS_THERE,
    ("hours.open_week", "POST"): (302, 404, 409, 404, 409, 404),  # it is open
    ("offerings.index", "GET"): MENTORS,
    ("offerings.new", "GET"): MENTORS,
    ("offerings.new", "POST"): (302, 404, 422, 404, 422, 404),  # an empty form
    ("offerings.edit", "GET"): (302, 404, 404, 404, 200, 404),
    ("offerings.edit", "POST"): (302, 404, 404, 404, 303, 404),  # nothing typed, nothing changed
    ("offerings.arrange", "POST"): (302, 404, 404, 404, 303, 404),
    ("payouts.page", "GET"): MENTORS,
    ("payouts.begin", "POST"): WHAT_IS_THERE,  # on to Stripe
    ("payouts.again", "GET"): (302, 404, 303, 404, 303, 404),
    ("payouts.back", "GET"): (302, 404, 303, 404, 303, 404),
    ("earnings.page", "GET"): MENTORS,
    ("earnings.lines", "GET"): MENTORS,
    ("operator.home", "GET"): OPERATOR,
    ("operator.bookings", "GET"): OPERATOR,
    ("operator.booking", "GET"): OPERATOR,
    ("operator.cancel", "GET"): OPERATOR,
    ("operator.cancel_now", "POST"): (302, 404, 404, 422, 404, 404),  # no reason
    ("operator.disputes", "GET"): OPERATOR,
    ("operator.dispute", "GET"): OPERATOR,
    ("operator.preview_evidence", "POST"): OPERATOR,
    ("operator.send_evidence", "POST"): (302, 404, 404, 409, 404, 404),  # not what was read
    ("operator.claims", "GET"): OPERATOR,
    ("operator.claim", "GET"): OPERATOR,
    ("operator.rule", "POST"): (302, 404, 404, 422, 404, 404),  # nothing decided
    ("operator.reports", "GET"): OPERATOR,
    ("operator.report", "GET"): OPERATOR,
    ("operator.settle_report", "POST"): (302, 404, 404, 422, 404, 404),  # nothing said
    ("operator.mentors", "GET"): OPERATOR,
    ("operator.mentor", "GET"): OPERATOR,
    ("operator.decide", "POST"): (302, 404, 404, 422, 404, 404),  # no decision
    ("operator.seen", "POST"): (302, 404, 404, 303, 404, 404),
    ("operator.audit", "GET"): OPERATOR,
    ("operator.fit", "GET"): OPERATOR,
    ("operator.events", "GET"): OPERATOR,
    ("operator.event", "GET"): OPERATOR,
    ("operator.replay_event", "POST"): (302, 404, 404, 303, 404, 404),
    ("operator.park_event", "POST"): (302, 404, 404, 303, 404, 404),
    ("operator.books", "GET"): OPERATOR,
    ("operator.books_file", "GET"): OPERATOR,
    ("operator.fees", "GET"): OPERATOR,
    ("operator.change_fees", "POST"): OPERATOR,  # no button was pressed: the page again
    ("operator.mentor_fee", "GET"): OPERATOR,
    ("operator.change_mentor_fee", "POST"): OPERATOR,
    ("operator.give_back", "GET"): OPERATOR,
    ("operator.give_back_now", "POST"): (302, 404, 404, 422, 404, 404),  # no sum, no reason
    ("operator.transfers", "GET"): OPERATOR,
    ("operator.transfer_again", "POST"): (302, 404, 404, 409, 404, 404),  # Stripe refuses nothing
    ("operator.transfer_by_hand", "POST"): (302, 404, 404, 422, 404, 404),  # nothing said
    ("operator.exchanges", "GET"): OPERATOR,
    ("operator.release", "POST"): (302, 404, 404, 404, 404, 404),  # there is none
    ("operator.reconcile", "GET"): OPERATOR,
    ("operator.reconcile_now", "POST"): (302, 404, 404, 303, 404, 404),
    ("operator.refunds", "GET"): OPERATOR,
    ("operator.refund_again", "POST"): (302, 404, 404, 404, 404, 404),  # there is none
    ("operator.refund_by_hand", "POST"): (302, 404, 404, 422, 404, 404),  # nothing said
    ("accounts.account", "GET"): SIGNED_IN,
    ("accounts.account", "POST"): (302, 303, 303, 303, 303, 303),  # their own account, whatever is sent
    ("accounts.forgotten", "GET"): ANYBODY,
    ("accounts.forgotten", "POST"): (422,) * 6,
    ("accounts.forgotten_sent", "GET"): ANYBODY,
    ("accounts.reset", "GET"): (410,) * 6,  # a forged link
    ("accounts.reset", "POST"): (410,) * 6,
    ("accounts.change_password", "GET"): SIGNED_IN,
    ("accounts.change_password", "POST"): (302, 422, 422, 422, 422, 422),  # an empty form
    ("accounts.sign_in_code", "GET"): (303,) * 6,  # nobody who has given a password alone
    ("accounts.sign_in_code", "POST"): (303,) * 6,
    ("accounts.second_step", "GET"): (302, 303, 303, 303, 303, 303),  # nobody has one yet
    ("accounts.set_up_second_step", "GET"): SIGNED_IN,
    ("accounts.set_up_second_step", "POST"): (302, 422, 422, 422, 422, 422),  # an empty form
    ("accounts.renew_recovery_codes", "POST"): (302, 303, 303, 303, 303, 303),
    ("accounts.turn_off_second_step", "POST"): (302, 303, 303, 303, 303, 303),
    ("accounts.own_copy", "GET"): SIGNED_IN,
    ("accounts.own_copy_archive", "GET"): SIGNED_IN,
    ("accounts.close_account", "GET"): SIGNED_IN,
    ("accounts.close_account", "POST"): (302, 422, 422, 422, 422, 422),  # without the tick
    ("accounts.change_address", "GET"): SIGNED_IN,
    ("accounts.change_address", "POST"): (302, 422, 422, 422, 422, 422),  # an empty form
    ("accounts.forget_new_address", "POST"): (302, 303, 303, 303, 303, 303),  # their own
    ("accounts.move_address", "GET"): (410,) * 6,  # a forged link
    ("accounts.confirm_address", "POST"): (410,) * 6,
    ("accounts.move_back", "GET"): (410,) * 6,
    ("accounts.take_back", "POST"): (410,) * 6,
    ("accounts.confirm_password", "GET"): SIGNED_IN,
    ("accounts.confirm_password", "POST"): (302, 422, 422, 422, 422, 422),
    ("accounts.check_mail", "GET"): ANYBODY,
    ("accounts.language", "POST"): (422,) * 6,  # no language
    ("accounts.resend", "POST"): (422,) * 6,  # an empty form
    ("accounts.sign_ins", "GET"): SIGNED_IN,
    ("accounts.end_sign_in", "POST"): (302, 404, 404, 404, 404, 303),  # one of Ada's
    ("accounts.end_other_sign_ins", "POST"): (302, 303, 303, 303, 303, 303),  # their own
    ("accounts.sign_in", "GET"): (200, 303, 303, 303, 303, 303),
    ("accounts.sign_in", "POST"): (422,) * 6,
    ("accounts.sign_out", "POST"): (303,) * 6,
    ("accounts.sign_up", "GET"): (200, 303, 303, 303, 303, 303),
    ("accounts.sign_up", "POST"): (422,) * 6,
    ("accounts.verify_page", "GET"): (410,) * 6,  # a forged link
    ("accounts.verify", "POST"): (410,) * 6,
    ("accounts.zone", "POST"): (422,) * 6,  # no zone
    ("calendar.index", "GET"): SIGNED_IN,
    ("calendar.feed", "GET"): NOT_FOUND,  # a wrong secret
    ("calendar.make", "POST"): (302, 422, 422, 422, 422, 422),  # nothing is chosen
    ("calendar.options", "POST"): (302, 404, 404, 404, 404, 404),  # it is nobody's
    ("calendar.rotate", "POST"): (302, 404, 404, 404, 404, 404),
    ("calendar.remove", "POST"): (302, 404, 404, 404, 404, 404),
    ("calendar.session_ics", "GET"): BOTH_PEOPLE,
    ("calendar.busy", "GET"): SIGNED_IN,
    ("calendar.add_busy", "POST"): (302, 422, 422, 422, 422, 422),  # no address
    ("calendar.rename_busy", "POST"): (302, 404, 404, 404, 404, 404),  # it is nobody's
    ("calendar.read_busy", "POST"): (302, 404, 404, 404, 404, 404),
    ("calendar.remove_busy", "POST"): (302, 404, 404, 404, 404, 404),
    ("payments.hold", "POST"): (302, 409, 409, 409, 422, 303),  # the time is Ada's; Grace cannot book herself
    ("payments.go_on", "GET"): (302, 404, 404, 404, 404, 303),
    ("payments.returned", "GET"): THE_MENTEE,
    ("payments.cancelled", "GET"): THE_MENTEE,
    ("payments.give_back", "POST"): (302, 404, 404, 404, 404, 303),
    ("payments.cancel", "GET"): BOTH_PEOPLE,
    ("payments.attach_agenda", "POST"): (302, 404, 404, 404, 409, 409),  # there is no agenda
    ("payments.how_it_was", "GET"): BOTH_PEOPLE,
    ("payments.say_how_it_was", "POST"): (302, 404, 404, 404, 422, 422),  # nothing said
    ("payments.cancel_now", "POST"): (302, 404, 404, 404, 409, 409),  # no sum that a page has said
    ("pages.programme", "GET"): BOTH_PEOPLE,
    ("pages.book_bought", "GET"): (302, 404, 404, 404, 403, 200),
    ("pages.book_bought_now", "POST"): (302, 404, 404, 404, 403, 303),  # no time chosen
    ("pages.rest", "GET"): (302, 404, 404, 404, 403, 200),
    ("pages.rest_now", "POST"): (302, 404, 404, 404, 403, 303),  # no times chosen
    ("payments.end", "GET"): BOTH_PEOPLE,
    ("payments.end_now", "POST"): (302, 404, 404, 404, 409, 409),  # no sum that a page has said
    ("payments.money_back", "POST"): (302, 404, 404, 404, 404, 303),  # it is not cancelled
    ("payments.extend", "POST"): (302, 404, 404, 404, 404, 303),
    ("webhooks.stripe_event", "POST"): (400,) * 6,  # unsigned
    ("health.alive", "GET"): ANYBODY,
    ("health.ready", "GET"): ANYBODY,
    ("bootstrap.static", "GET"): ANYBODY,
    ("static", "GET"): ANYBODY,
    ("favicon", "GET"): ANYBODY,
}

PROGRAMMES = (
    "pages.programme",
    "pages.book_bought",
    "pages.book_bought_now",
    "pages.rest_now",
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
            "pages.rest": {"public_id": self.programme.public_id, "start": instant(IN_TWO_WEEKS + timedelta(days=14))},
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


def routes(app: Flask) -> Iterator[tuple[str, str]]:
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule.endpoint, method


def test_every_route_has_an_entry_and_every_entry_a_route(app: Flask) -> None:
    assert set(routes(app)) == set(EXPECTED)


READ = [endpoint for endpoint, method in EXPECTED if method == "GET"]
SENT = [endpoint for endpoint, method in EXPECTED if method == "POST"]


@pytest.mark.parametrize("role", ROLES)
def test_each_role_reads_what_is_its_own(scene: Scene, role: str) -> None:
    found = {endpoint: scene.ask(role, endpoint, "GET") for endpoint in READ}

    assert found == {endpoint: EXPECTED[endpoint, "GET"][ROLES.index(role)] for endpoint in READ}


@pytest.mark.parametrize("endpoint", SENT)
def test_each_role_changes_what_is_its_own(scene: Scene, endpoint: str) -> None:
    found = {role: scene.ask(role, endpoint, "POST") for role in ROLES}

    assert found == dict(zip(ROLES, EXPECTED[endpoint, "POST"], strict=True))


@pytest.mark.parametrize("role", ["visitor", "mentee"])
def test_every_post_but_the_webhook_needs_the_token_against_forgery(session: Session, scene: Scene, role: str) -> None:
    before = session.scalars(select(User.zone)).all()
    session.commit()

    answers = {endpoint: scene.ask(role, endpoint, "POST", token=False) for endpoint in SENT}

    assert answers == dict.fromkeys(SENT, 400)
    assert session.scalars(select(User.zone)).all() == before


def test_the_demos_routes_exist_in_the_demo_alone(app: Flask, settings: Settings) -> None:
    assert not any(re.match(r"demo\b", endpoint) for endpoint, _ in routes(app))
