"""The site's fee in versions: decided ahead, for everybody or for one mentor, and never for what is sold (rule 9)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from marketplace.core.audit import AuditEntry
from marketplace.core.clock import utcnow
from marketplace.core.db import violated
from marketplace.core.money import Money
from marketplace.doctor.finding import Level, Patient
from marketplace.doctor.waiting import fees
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
    "fixed_eur": "0.30",
    "least_eur": "2",
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
    decision = Decision(rule=rule, starts_at=starts_at, reason="Agreed", operator_id=olga.id)
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


@pytest.fixture
def sells_in_both(app, settings):
    """The site sells in dollars too, and its fee is decided for both."""
    app.extensions["settings"] = replace(settings, currencies=("EUR", "USD"))


BOTH = {"fixed_usd": "0.35", "least_usd": "2.50"}


@pytest.mark.parametrize(
    ("currency", "own", "fee"),
    [
        pytest.param("EUR", None, 730, id="euros"),
        pytest.param("USD", None, 735, id="dollars"),
        pytest.param("USD", {"fixed_eur": "1", "fixed_usd": "2"}, 900, id="dollars, with a fee of the mentor's own"),
        pytest.param("USD", {"least_eur": "0", "least_usd": "12"}, 1200, id="dollars, and no less than the least"),
        pytest.param("EUR", {"least_eur": "0", "least_usd": "12"}, 730, id="euros, where there is no least"),
    ],
)
def test_a_sale_has_the_sums_in_its_own_currency_and_keeps_them(
    client, session, till, ada, hour, grace, olga, sells_in_both, currency, own, fee
):
    assert press(client, **BOTH).status_code == 303
    if own:
        assert press(client, f"/operator/mentors/{grace.slug}/fee", **(BOTH | own)).status_code == 303
    session.execute(text(f"UPDATE offering SET currency = '{currency}'"))
    session.commit()
    session.expire_all()

    sale = till().buy(Order(ada, hour.mentor_id, hour.id, TEN))
    press(client, f"/operator/mentors/{grace.slug}/fee", **BOTH, rate="50")

    kept = reread(session, sale).purchase
    assert (kept.currency, kept.fee_minor, kept.gross_minor) == (currency, fee, 7000 + fee)
    assert kept.fee_policy_id == decided(session)[-2].id


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        pytest.param(
            {"fixed_usd": ""}, "And for each session, in USD: Say it in USD too, 0 if there is none.", id="one"
        ),
        pytest.param({"least_eur": " "}, "At least, in EUR: Say it in EUR too, 0 if there is none.", id="the first"),
        pytest.param({"least_usd": "1.005"}, "At least, in USD: The price has to be a multiple of $0.01.", id="wrong"),
    ],
)
def test_a_currency_that_is_left_out_is_asked_for_by_name(client, session, olga, sells_in_both, typed, told):
    answer = press(client, **BOTH | typed)

    assert answer.status_code == 422
    assert told in words(answer)
    assert 'value="0.30"' in answer.text
    assert decided(session) == []


def test_who_says_none_in_a_currency_and_who_says_no_sums_at_all_are_both_understood(
    client, session, olga, sells_in_both
):
    press(client, fixed_usd="0", least_eur="", least_usd="")
    press(client, fixed_eur="", fixed_usd="", least_eur="", least_usd="")

    first, second = decided(session)
    assert (first.fixed_minor, first.least_minor) == ({"EUR": 30, "USD": 0}, {})
    assert (second.fixed_minor, second.least_minor) == ({}, {})
    page = client.get(PAGE)
    assert "10% on top of the mentor’s price, and €0.30 or $0.00 for each session;" in words(page)


def test_a_currency_that_the_site_sells_in_only_since_then_is_named_by_its_page_and_by_the_doctor(
    client, app, session, settings, olga
):
    press(client)
    both = replace(settings, currencies=("EUR", "USD"))
    before = fees(Patient(session, settings, utcnow()))

    app.extensions["settings"] = both

    assert "It says nothing of USD, which the site sells in as well" in words(client.get(PAGE))
    found = fees(Patient(session, both, utcnow()))
    assert (before.level, found.level) == (Level.OK, Level.ATTENTION)
    assert "says none in USD" in found.says


@pytest.mark.parametrize(
    "sums",
    ["[30]", "30", '{"EUR": "30"}', '{"EUR": -1}', '{"EUR": 0.5}', '{"eur": 30}', '{"EUR": null}', '{"EUR": [1]}'],
)
def test_nothing_but_sums_by_currency_is_kept(session, grace, olga, sums):
    policy = decide(session, grace, LOWER, olga)
    session.execute(text("ALTER TABLE fee_policy DISABLE TRIGGER fee_policy_is_append_only"))

    with pytest.raises(IntegrityError) as refused:
        session.execute(text(f"UPDATE fee_policy SET least_minor = '{sums}' WHERE id = {policy.id}"))

    assert violated(refused.value) == "least_is_sums_by_currency"


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
    press(client, page, rate="5", rate_from_4th="5", rate_from_10th="5", fixed_eur="", least_eur="")
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
        pytest.param({"fixed_eur": "0.305"}, "The price has to be a multiple of €0.01.", id="half a cent"),
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


def test_a_version_of_before_keeps_its_sums_in_the_currency_that_it_had(app, session, settings, grace, olga):
    decide(session, None, LOWER, olga)
    decide(session, grace, replace(LOWER, fixed=(Money(30, "USD"),), least=(Money(90, "USD"),)), olga)
    downgrade(revision="0048")
    before = session.execute(text("SELECT fixed_minor, least_minor, currency FROM fee_policy ORDER BY id")).all()
    session.rollback()

    upgrade(revision="0049")

    assert before == [(0, 0, "EUR"), (30, 90, "USD")]
    assert [(each.fixed_minor, each.least_minor) for each in decided(session)] == [({}, {}), ({"USD": 30}, {"USD": 90})]
    assert fee_rule_of(session, grace.id, settings, utcnow()).fixed == (Money(30, "USD"),)
