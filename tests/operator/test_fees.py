"""The site's fee in versions: decided ahead, for everybody or for one mentor, and never for what is sold (rule 9)."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from marketplace.core.audit import AuditEntry
from marketplace.core.clock import utcnow
from marketplace.core.db import violated
from marketplace.mentors.models import Mentor
from payments.domain.fees import FeeRule
from payments.models.fees import FeePolicy
from payments.models.sales import Purchase
from payments.queries.fees import fee_rule_of, fee_rules, next_change
from payments.services.buy import Order, PriceChanged
from payments.services.change_fee import Decision, NotAhead, change_fee
from tests.pages.reading import words
from tests.payments.conftest import TEN
from tests.payments.test_till import reread
from tests.web import csrf

PAGE = "/operator/fees"
TYPED = {
    "rate": "10",
    "rate_from_4th": "8",
    "rate_from_10th": "7.5",
    "fixed": "0.30",
    "least": "2",
    "borne_by": "mentee",
    "first_day": "",
    "reason": "A lighter fee for everybody",
    "act": "keep",
}
LOWER = FeeRule(500, 500, 500, "mentee")


def press(client, page=PAGE, **fields):
    return client.post(page, data={"csrf_token": csrf(client, page), **TYPED, **fields})


def decided(session):
    session.rollback()
    return session.scalars(select(FeePolicy).order_by(FeePolicy.id)).all()


def decide(session, mentor, rule, olga, *, starts_at=None, now=None):
    decision = Decision(rule=rule, currency="EUR", starts_at=starts_at, reason="Agreed", operator_id=olga.id)
    policy = change_fee(session, mentor, decision, now=now or utcnow())
    session.commit()
    return policy


@pytest.fixture
def grace(session, hour):
    return session.get_one(Mentor, hour.mentor_id)


def test_a_new_fee_is_for_whoever_buys_from_then_on_and_names_its_version(client, session, till, ada, hour, olga):
    assert press(client).status_code == 303
    [policy] = decided(session)

    sale = till().buy(Order(ada, hour.mentor_id, hour.id, TEN))

    assert (sale.purchase.fee_bp, sale.purchase.fee_minor, sale.purchase.gross_minor) == (1000, 730, 7730)
    assert sale.purchase.fee_policy_id == policy.id


def test_what_is_held_keeps_the_fee_that_it_was_held_under(client, session, till, bought, olga):
    press(client)

    purchase = reread(session, bought).purchase

    assert (purchase.fee_minor, purchase.gross_minor, purchase.fee_policy_id) == (1050, 8050, None)


def test_who_looks_at_the_old_price_is_told_of_the_new_one_before_anything_is_held(
    session, till, ada, hour, grace, olga
):
    seen = hour.price + hour.price.percent(1500)
    decide(session, None, LOWER, olga)

    with pytest.raises(PriceChanged):
        till().buy(Order(ada, hour.mentor_id, hour.id, TEN, seen=seen))

    assert session.scalars(select(Purchase)).all() == []


def test_a_fee_decided_ahead_begins_at_midnight_in_the_operators_zone(client, session, settings, grace, clock, olga):
    olga.zone = "Europe/Berlin"
    session.commit()
    day = (clock.now() + timedelta(days=30)).date()

    assert press(client, first_day=day.isoformat()).status_code == 303

    [policy] = decided(session)
    begins = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=1)  # winter in Berlin
    assert policy.starts_at == begins
    before, after = (
        fee_rule_of(session, grace.id, settings, at) for at in (begins - timedelta(microseconds=1), begins)
    )
    assert (before.rate_bp, after.rate_bp) == (1500, 1000)
    ahead = next_change(session, grace.id, settings, clock.now())
    assert ahead is not None
    assert (ahead[0], ahead[1].rate_bp) == (begins, 1000)


def test_a_mentors_own_fee_counts_before_the_sites_until_it_is_ended(client, session, settings, grace, hour, olga):
    page = f"/operator/mentors/{grace.slug}/fee"
    press(client, page, rate="5", rate_from_4th="5", rate_from_10th="5", fixed="", least="")
    assert fee_rules(session, settings, utcnow()).of(grace.id).rate_bp == 500
    assert fee_rules(session, settings, utcnow()).of(grace.id + 1).rate_bp == 1500

    assert client.post(page, data={"csrf_token": csrf(client, page), "act": "end", "reason": "Over"}).status_code == 303

    session.rollback()
    assert fee_rule_of(session, grace.id, settings, utcnow()).rate_bp == 1500


def test_of_two_that_begin_together_the_later_decision_counts(session, settings, grace, olga):
    starts_at = utcnow() + timedelta(days=3)
    decide(session, None, LOWER, olga, starts_at=starts_at)
    decide(session, None, FeeRule(900, 900, 900, "mentor"), olga, starts_at=starts_at)

    assert fee_rule_of(session, grace.id, settings, starts_at).rate_bp == 900


def test_search_and_the_mentors_page_show_what_each_mentors_fee_makes_of_the_price(client, session, grace, hour, olga):
    decide(session, grace, LOWER, olga)

    assert "€73.50 is all you pay" in words(client.get(f"/mentors/{grace.slug}"))
    found, missed = (words(client.get(f"/search?price={most}&currency=EUR")) for most in ("73.50", "73.49"))
    assert "€73.50" in found
    assert "Grace Example" in found
    assert "Grace Example" not in missed


def test_nothing_is_decided_before_the_sums_were_asked_to_be_kept(client, session, olga):
    shown = press(client, act="sums")

    assert shown.status_code == 200
    assert "€80.00 €88.30 €80.00 €8.30 from the 4th €86.70" in words(shown)
    assert decided(session) == []


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        pytest.param({"rate": "a tenth"}, "A number from 0 to 100, such as 12.5.", id="no number"),
        pytest.param({"rate": "101"}, "A number from 0 to 100, such as 12.5.", id="more than all"),
        pytest.param({"rate": "10.123"}, "A number from 0 to 100, such as 12.5.", id="finer than we count"),
        pytest.param(
            {"rate_from_4th": "11"}, "The rate may fall the more often a pair meets, and never rise.", id="rises"
        ),
        pytest.param({"fixed": "0.305"}, "The price has to be a multiple of €0.01.", id="half a cent"),
        pytest.param({"first_day": "yesterday"}, "Write a date, such as", id="no date"),
        pytest.param({"first_day": "2020-01-01"}, "Choose a day that is still to come", id="in the past"),
        pytest.param({"first_day": "0001-01-01"}, "Choose a day that is still to come", id="before all clocks"),
        pytest.param({"first_day": "9999-12-31"}, "Choose a day that is still to come", id="at the end of time"),
        pytest.param({"reason": ""}, "Say why: it is kept with the change.", id="no reason"),
        pytest.param({"borne_by": "nobody"}, "Choose who bears it.", id="forged"),
    ],
)
def test_what_is_wrong_is_told_beside_the_field_and_nothing_is_lost(client, session, olga, typed, told):
    answer = press(client, **typed)

    page = words(answer)
    assert (answer.status_code, told in page) == (422, True)
    [(name, value)] = typed.items()
    assert name == "borne_by" or f'value="{value}"' in answer.text
    assert decided(session) == []


def test_no_fee_begins_before_it_is_decided(session, grace, olga):
    with pytest.raises(NotAhead):
        decide(session, grace, LOWER, olga, starts_at=utcnow() - timedelta(seconds=1))

    policy = decide(session, grace, LOWER, olga)
    session.execute(text("ALTER TABLE fee_policy DISABLE TRIGGER fee_policy_is_append_only"))
    with pytest.raises(IntegrityError) as refused:
        session.execute(text(f"UPDATE fee_policy SET starts_at = created_at - interval '1 s' WHERE id = {policy.id}"))
    assert violated(refused.value) == "fees_change_ahead"


@pytest.mark.parametrize(
    "attempt",
    [
        pytest.param("UPDATE fee_policy SET rate_bp = 0, rate_bp_from_4th = 0, rate_bp_from_10th = 0", id="changed"),
        pytest.param("DELETE FROM fee_policy", id="deleted"),
        pytest.param("TRUNCATE fee_policy CASCADE", id="emptied"),
    ],
)
def test_a_decided_fee_stays_written(session, grace, olga, attempt):
    decide(session, grace, LOWER, olga)

    with pytest.raises(IntegrityError) as refused:
        session.execute(text(attempt))

    assert violated(refused.value) == "fee_policy_is_append_only"


def test_who_decided_what_and_why_is_in_the_log(client, session, olga):
    press(client)

    session.rollback()
    entry = session.scalars(select(AuditEntry).where(AuditEntry.what == "payments:fee_changed")).one()
    assert (entry.actor_id, entry.reason) == (olga.id, TYPED["reason"])
    assert entry.detail["rule"]["rate_bp"] == 1000


@pytest.mark.parametrize("page", [PAGE, "/operator/mentors/{slug}/fee"])
def test_a_fee_is_only_changed_by_who_gave_their_password_just_now(client, session, grace, clock, olga, page):
    token = csrf(client, PAGE)
    clock.advance(timedelta(minutes=16))

    answer = client.post(page.format(slug=grace.slug), data={"csrf_token": token, **TYPED})

    assert "/account/confirm" in answer.location
    assert decided(session) == []
