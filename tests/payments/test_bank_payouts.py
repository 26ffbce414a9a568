"""What Stripe pays out to mentors' banks is kept as it says it, whoever asks and however often (rule events_once)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.dialects import postgresql

from marketplace.accounts.models import User
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.mail import MailRow
from marketplace.core.money import Money
from payments.domain.bank_payouts import LOOK_AGAIN_AFTER, WATCHED_FOR, BankPayoutState, BankPayoutStatus
from payments.models.bank_payouts import BankPayout
from payments.models.payouts import PayoutAccount
from payments.queries.bank_payouts import look_from, mentors_to_look_at, sent_back, states_of
from payments.services import bank_payouts as service
from payments.services.bank_payouts import keep_bank_payouts, note_bank_look
from payments.words.bank_payouts import WHY, what_happened, why_words
from tests.factories import make_mentor
from tests.queries import count_queries

PAID, FAILED, IN_TRANSIT = BankPayoutStatus.PAID, BankPayoutStatus.FAILED, BankPayoutStatus.IN_TRANSIT
CANCELED = BankPayoutStatus.CANCELED
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@pytest.fixture
def grace(session):
    mentor = make_mentor(session)
    session.commit()
    return mentor


def says(status, number=1, *, ago=timedelta(0), currency="EUR", **given):
    """As Stripe would of one that it made so long ago."""
    failed = {"failure_code": "account_closed", "failure_message": "The bank account has been closed."}
    fields = {"failure_code": None, "failure_message": None} | (failed if status is FAILED else {}) | given
    at = utcnow() - ago
    return BankPayoutState(f"po_{number}", status, Money(7000, currency), at.date(), made_at=at, **fields)


@pytest.fixture
def keep(session, grace):
    def kept(*states, fetch):
        keep_bank_payouts(session, grace.id, states, fetch=fetch, now=utcnow())
        session.commit()

    return kept


def known(session, mentor):
    found = states_of(session, mentor.id)
    session.rollback()
    return found


def letters(session):
    found = session.scalars(select(MailRow.key).where(MailRow.fact == service.SENT_BACK).order_by(MailRow.id)).all()
    session.rollback()
    return found


def test_looking_twice_leaves_the_same_rows_and_one_letter(session, grace, keep):
    for fetch in (1, 2, 2, 3):
        keep(says(PAID, 1), says(FAILED, 2), fetch=fetch)

    assert known(session, grace) == {"po_1": PAID, "po_2": FAILED}
    assert letters(session) == ["po_2"]


@pytest.mark.parametrize(
    ("told", "stands"),
    [
        pytest.param([(1, IN_TRANSIT), (2, PAID)], PAID, id="it arrives"),
        pytest.param([(2, PAID), (1, IN_TRANSIT)], PAID, id="an older look answers late"),
        pytest.param([(1, PAID), (2, FAILED)], FAILED, id="a bank sends back what had arrived"),
        pytest.param([(2, FAILED), (1, PAID)], FAILED, id="and an older look does not undo that"),
        pytest.param([(1, FAILED), (2, PAID)], PAID, id="whatever Stripe says now is so"),
    ],
)
def test_whoever_asked_later_is_believed_in_whatever_order_answers_come(session, grace, keep, told, stands):
    for fetch, status in told:
        keep(says(status), fetch=fetch)

    assert known(session, grace) == {"po_1": stands}
    assert letters(session) == ["po_1" for _, status in told if status is FAILED]


def test_each_that_is_sent_back_is_told_of_once_even_if_it_comes_and_goes(session, grace, keep):
    for fetch, status in enumerate([FAILED, PAID, FAILED], start=1):
        keep(says(status), says(FAILED, 2), fetch=fetch)

    assert letters(session) == ["po_1", "po_2"]


def test_what_was_sent_back_waits_until_stripe_pays_out_anew(session, grace, keep):
    keep(says(FAILED, 1, ago=3 * DAY), says(FAILED, 2, ago=2 * DAY), fetch=1)
    waiting = [each.stripe_payout_id for each in sent_back(session, grace.id)]
    keep(says(IN_TRANSIT, 3, ago=DAY), fetch=2)

    assert waiting == ["po_2"]
    assert sent_back(session, grace.id) == sent_back(session) == []


def test_neither_another_currency_nor_one_that_was_called_off_ends_the_wait(session, grace, keep):
    keep(says(FAILED, 1, ago=3 * DAY), says(PAID, 2, currency="USD"), says(CANCELED, 3), fetch=1)

    assert [each.stripe_payout_id for each in sent_back(session, grace.id)] == ["po_1"]


def test_another_mentors_and_those_of_who_has_left_are_not_among_them(session, grace, keep):
    edsger = make_mentor(session, "Edsger Example")
    keep(says(FAILED), fetch=1)

    assert sent_back(session, edsger.id) == []
    gone = {"closed_at": utcnow(), "password_hash": "", "verified_at": None}
    session.execute(update(User).where(User.id == grace.id).values(**gone))
    assert sent_back(session) == []


def sent(session, mentor, *, ago, number=1):
    """Something was transferred to them; of what it was for, nothing matters here."""
    session.execute(text("SET LOCAL session_replication_role = replica"))
    session.execute(
        text(
            "INSERT INTO transfer (booking_id, payment_id, mentor_id, status, amount_minor, currency, command_id,"
            " stripe_transfer_id, created_at, looked_at, sent_at)"
            " VALUES (:number, 1, :mentor, 'sent', 7000, 'EUR', :number, :name, :at, :at, :at)"
        ),
        {"mentor": mentor.id, "at": utcnow() - ago, "number": number, "name": f"tr_{number}"},
    )
    session.commit()


def looked(session, mentor, *, ago):
    note_bank_look(session, mentor.id, now=utcnow() - ago)
    session.commit()


@pytest.mark.parametrize(
    ("sent_ago", "looked_ago", "made", "due"),
    [
        pytest.param(None, None, None, False, id="nothing was ever sent to them"),
        pytest.param(MINUTE, None, None, True, id="something was, and nobody has looked"),
        pytest.param(MINUTE, LOOK_AGAIN_AFTER - MINUTE, None, False, id="a look every few hours is enough"),
        pytest.param(DAY, LOOK_AGAIN_AFTER, None, True, id="Stripe takes its time to pay out"),
        pytest.param(WATCHED_FOR + DAY, DAY, None, False, id="nothing has moved for long"),
        pytest.param(WATCHED_FOR + DAY, DAY, (IN_TRANSIT, WATCHED_FOR + DAY), True, id="but one is on its way since"),
        pytest.param(WATCHED_FOR + DAY, DAY, (PAID, DAY), True, id="what has arrived may be sent back"),
        pytest.param(WATCHED_FOR + DAY, DAY, (PAID, WATCHED_FOR + DAY), False, id="for a time"),
    ],
)
def test_whom_the_sweep_looks_at(session, grace, keep, sent_ago, looked_ago, made, due):
    if sent_ago:
        sent(session, grace, ago=sent_ago)
    if made:
        keep(says(made[0], ago=made[1]), fetch=1)
    if looked_ago:
        looked(session, grace, ago=looked_ago)

    assert mentors_to_look_at(session, utcnow()) == ([grace.id] if due else [])


@pytest.mark.parametrize("change", [{"transfers": "gone"}, {"stripe_account_id": None, "transfers": "unknown"}])
def test_whom_stripe_does_not_know_is_not_asked_about(session, grace, change):
    sent(session, grace, ago=DAY)
    session.execute(text("INSERT INTO stripe_command (kind, business_key, idempotency_key, params, created_at)"
                         " VALUES ('account', 'a', 'a', '{}', now())"))  # fmt: skip
    session.execute(text("UPDATE payout_account SET command_id = (SELECT min(id) FROM stripe_command)"))
    session.execute(update(PayoutAccount).values(**change))

    assert mentors_to_look_at(session, utcnow()) == []


def test_stripe_is_asked_for_all_that_may_have_changed_and_at_first_for_everything(session, grace, keep):
    never = look_from(session, grace.id, utcnow())
    keep(says(PAID, 1, ago=DAY), fetch=1)
    lately = look_from(session, grace.id, utcnow())
    keep(says(IN_TRANSIT, 2, ago=60 * DAY), fetch=2)
    since_unfinished = look_from(session, grace.id, utcnow())

    assert never is None
    assert lately == pytest.approx(utcnow() - WATCHED_FOR, abs=MINUTE)
    assert since_unfinished == pytest.approx(utcnow() - 60 * DAY, abs=MINUTE)


def test_a_worker_that_was_away_for_months_misses_none(session, grace, keep, clock):
    keep(says(PAID), fetch=1)
    made_at = utcnow()
    clock.advance(100 * DAY)
    looked(session, grace, ago=timedelta(0))

    since = look_from(session, grace.id, utcnow())

    assert since is not None
    assert since < made_at


def at_once(app, *acts):
    """Each on a connection of its own, all writing before any commits."""
    barrier = Barrier(len(acts))

    def run(act):
        with app.app_context():
            barrier.wait(timeout=10)
            act(db.session())
            db.session.commit()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [task.exception() for task in [pool.submit(run, act) for act in acts]]


def test_two_workers_at_once_leave_one_row_and_one_letter(app, session, grace):
    mentor_id = grace.id

    def keeps(fetch, status):
        return lambda its: keep_bank_payouts(its, mentor_id, [says(status)], fetch=fetch, now=utcnow())

    failures = at_once(app, keeps(5, FAILED), keeps(6, FAILED), keeps(4, PAID), keeps(3, IN_TRANSIT))

    assert failures == [None] * 4
    assert known(session, grace) == {"po_1": FAILED}
    assert letters(session) == ["po_1"]


def test_without_the_guards_two_workers_break_or_the_older_answer_stands(app, session, grace, monkeypatch):
    """The control: rows that are added without a look at what is there, and answers without their number."""

    plain, mentor_id = postgresql.Insert.on_conflict_do_update, grace.id
    monkeypatch.setattr(
        postgresql.Insert, "on_conflict_do_update", lambda new, **given: plain(new, **{**given, "where": None})
    )
    for fetch, status in ((6, FAILED), (5, PAID)):
        keep_bank_payouts(session, mentor_id, [says(status)], fetch=fetch, now=utcnow())
        session.commit()
    assert known(session, grace) == {"po_1": PAID}
    monkeypatch.setattr(postgresql.Insert, "on_conflict_do_update", lambda new, **_given: new)

    def keeps(its):
        keep_bank_payouts(its, mentor_id, [says(PAID, 2)], fetch=7, now=utcnow())

    assert sorted(type(each).__name__ for each in at_once(app, keeps, keeps)) == ["IntegrityError", "NoneType"]


def test_each_usual_reason_is_said_in_plain_words(app):
    for code in WHY:
        said = why_words(row(failure_code=code, failure_message="In Stripe's words."))

        assert said.endswith(".")
        assert "_" not in said
        assert "Stripe's words" not in said


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"failure_code": "moon_too_low", "failure_message": "The moon is low."}, "Stripe says: “The moon is low.”"),
        ({"failure_code": "moon_too_low"}, "Stripe says: “moon too low”"),
        ({}, "The bank does not say why."),
    ],
)
def test_what_has_no_words_of_ours_is_a_quote(app, given, said):
    assert why_words(row(**given)) == said


def test_what_stripe_could_not_take_from_the_bank_is_not_said_to_be_on_the_way_there(app):
    assert "paid €70.00 out to your bank" in what_happened(row())
    assert "was to take €70.00 from your bank account" in what_happened(row(amount_minor=-7000))


def row(**given):
    fields = {"status": "failed", "amount_minor": 7000, "currency": "EUR", "arrives_on": date(2026, 12, 3)}
    return BankPayout(**{**fields, "made_at": utcnow(), **given})


def test_many_payouts_are_kept_with_as_many_statements_as_one(session, grace, keep):
    asked = []
    for many in (1, 100):
        with count_queries() as each:
            keep(*(says(PAID, number, ago=number * DAY) for number in range(many)), fetch=many)
        asked.append(len(each))

    assert asked[0] == asked[1]
    assert len(known(session, grace)) == 100
