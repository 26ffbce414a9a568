"""Routes of /_sandbox for what buyers, banks and the tax office do: payments, refunds, discounts, late bookings."""

from flask import Blueprint
from werkzeug.wrappers import Response as AnyResponse

from payments.sandbox import accounts, discounts, paying, payouts, plans, refund_outcomes, settling, what_banks_do
from payments.sandbox.call import Origin
from payments.sandbox.changing import changed
from payments.sandbox.currencies import check_currency, check_total
from payments.sandbox.errors import ApiError, refused
from payments.sandbox.params import Number, Text, Whole, words
from payments.sandbox.parts import Parts
from payments.sandbox.plans import About
from payments.sandbox.pricing import priced
from payments.sandbox.session_objects import automatic_tax, public
from payments.sandbox.store import Body, Tx
from payments.sandbox.tax import registration
from payments.sandbox.told import done, names, told, whose

PRESSES = words("paid declined insufficient_funds slow 3ds_yes 3ds_no")
REFUND_PLANS = words("pending insufficient_funds failed")
FAILURES = words("declined expired_or_canceled_card insufficient_funds lost_or_stolen_card merchant_request unknown")
_LONGEST_SECONDS = 30 * 24 * 60 * 60
_TIMES = Whole(least=1, most=100)


def add_to(bp: Blueprint, parts: Parts) -> None:
    _add_sessions(bp, parts)
    _add_refunds(bp, parts)
    _add_accounts(bp, parts)
    what_banks_do.add_to(bp, parts)

    @bp.post("/balance_transactions/late")
    def book_late() -> AnyResponse:
        """The next `times` payments: null for so many `reads` of the charge, or for `seconds` of the movable clock."""
        given = names("reads", "seconds")
        if len(given) != 1:
            raise ApiError("Give reads or seconds.", code="parameter_missing", param="reads")
        [unit] = given
        outcome = {unit: told(unit, Whole(least=1, most=_LONGEST_SECONDS))}
        _plan(parts, About.BOOKING, outcome)
        return done(late=outcome)

    @bp.post("/balance_transactions/exchange")
    def exchange() -> AnyResponse:
        """The next `times` payments are settled in that `currency`, at so much of it for one unit."""
        outcome = {
            "currency": check_currency(told("currency", Text()), "currency"),
            "rate": told("rate", Number(most=1000)),
        }
        _plan(parts, About.EXCHANGE, outcome)
        return done(exchange=outcome)

    @bp.post("/balance_transactions/exchange_back")
    def exchange_back() -> AnyResponse:
        """The next `times` that something of such a payment goes back, or comes back again, at so much for one unit."""
        outcome = {"rate": told("rate", Number(most=1000))}
        _plan(parts, About.EXCHANGE_BACK, outcome)
        return done(exchange_back=outcome)


def _add_accounts(bp: Blueprint, parts: Parts) -> None:
    @bp.post("/accounts/<account_id>")
    def think(account_id: str) -> AnyResponse:
        """What Stripe knows and thinks of somebody who is to be paid, from now on."""
        given = told("given", Text(one_of=frozenset(accounts.GIVEN)))
        with parts.store.writing() as tx:
            origin = Origin(whose(), int(parts.clock.now()))
            found = accounts.account_with(tx, origin.account, account_id, origin.now)
            return done(account=public(accounts.give(tx, origin, found, given)))

    @bp.post("/accounts/<account_id>/payouts")
    def pay_out(account_id: str) -> AnyResponse:
        """All that is on their balance goes to their bank, as Stripe does by itself; `failed`: the bank sends it
        back, for a `reason`."""
        outcome, code = _payout_outcome()
        with parts.store.writing() as tx:
            origin = Origin(whose(), int(parts.clock.now()))
            found = accounts.account_with(tx, origin.account, account_id, origin.now)
            made = payouts.pay_out(tx, origin, found["id"], outcome, code)
            return done(payouts=[public(each) for each in made])

    @bp.post("/payouts/<payout_id>")
    def settle_payout(payout_id: str) -> AnyResponse:
        """What becomes of one that was made before: one that was paid may be sent back days later."""
        outcome, code = _payout_outcome()

        def change(tx: Tx, origin: Origin, body: Body) -> Body:
            return payouts.become(tx, origin, body, outcome, code)

        return done(payout=public(changed(parts, "payout", payout_id, change)))


def _payout_outcome() -> tuple[str, str]:
    outcome = told("outcome", Text(one_of=payouts.OUTCOMES), "paid")
    return outcome, told("reason", Text(one_of=frozenset(payouts.FAILURES)), "account_closed")


def _add_sessions(bp: Blueprint, parts: Parts) -> None:
    @bp.post("/sessions/<session_id>/pay")
    def pay(session_id: str) -> AnyResponse:
        """Presses the page's button; `result` says what became of it."""
        outcome, body = press(parts, session_id, told("outcome", Text(one_of=PRESSES), "paid"))
        return done(result=outcome.value, session=public(body) if body else None)

    @bp.post("/sessions/<session_id>/settle")
    def settle(session_id: str) -> AnyResponse:
        """A slow payment succeeds or fails at last."""
        change = settling.fail if _fails() else settling.succeed
        return done(session=public(changed(parts, "checkout.session", session_id, change)))

    @bp.post("/sessions/<session_id>/discount")
    def discount(session_id: str) -> AnyResponse:
        """A coupon made for this open session: `percent_off`, or `amount_off` in its currency."""
        given = {
            "percent_off": told("percent_off", Number(most=100)) if names("percent_off") else None,
            "amount_off": told("amount_off", Whole(least=1)) if names("amount_off") else None,
        }
        known = {name: value for name, value in given.items() if value is not None}
        if len(known) != 1:
            raise ApiError("Give percent_off or amount_off.", code="parameter_missing", param="percent_off")

        def change(tx: Tx, origin: Origin, body: Body) -> Body:
            off = tx.add(origin.account, discounts.coupon(known | {"currency": body["currency"]}, origin.now))
            return tx.save(discounts.discounted(_open(body), off))

        return done(session=public(changed(parts, "checkout.session", session_id, change)))

    @bp.post("/sessions/<session_id>/tax")
    def tax(session_id: str) -> AnyResponse:
        """Tax on top of this open session, in minor units, as automatic tax would add it."""
        amount = told("amount", Whole(least=0))

        def change(tx: Tx, _: Origin, body: Body) -> Body:
            return tx.save(_taxed(body, amount))

        return done(session=public(changed(parts, "checkout.session", session_id, change)))

    @bp.post("/tax/registrations")
    def register() -> AnyResponse:
        """As an operator does in the dashboard."""
        country = told("country", Text(limit=2))
        with parts.store.writing() as tx:
            made = tx.add(whose(), registration(country, int(parts.clock.now())))
        return done(registration=public(made))


def _add_refunds(bp: Blueprint, parts: Parts) -> None:
    @bp.post("/refunds/next")
    def plan_refunds() -> AnyResponse:
        """What the next `times` refunds are at once."""
        outcome = told("outcome", Text(one_of=REFUND_PLANS))
        _plan(parts, About.REFUND, {"outcome": outcome})
        return done(outcome=outcome)

    @bp.post("/refunds/<refund_id>/settle")
    def settle_refund(refund_id: str) -> AnyResponse:
        """A pending one succeeds or fails; one that succeeded may still fail, days later."""
        if not _fails():
            return done(refund=public(changed(parts, "refund", refund_id, refund_outcomes.succeed)))
        reason = told("reason", Text(one_of=FAILURES), "lost_or_stolen_card")

        def fail(tx: Tx, origin: Origin, made: Body) -> Body:
            return refund_outcomes.fail(tx, origin, made, reason)

        return done(refund=public(changed(parts, "refund", refund_id, fail)))


def press(parts: Parts, session_id: str, button: str) -> tuple[paying.Outcome, Body | None]:
    store, now = parts.store, int(parts.clock.now())
    match button:
        case "declined":
            return paying.decline(store, session_id, now)
        case "insufficient_funds":
            return paying.decline(store, session_id, now, "insufficient_funds")
        case "slow":
            return paying.pay_slowly(store, session_id, now)
        case "3ds_yes" | "3ds_no":
            asked = paying.ask_bank(store, session_id, now)
            if asked[0] is not paying.Outcome.ASKED:
                return asked
            answer = paying.refuse_bank if button == "3ds_no" else paying.pay_authenticated
            return answer(store, session_id, now)
    return paying.pay(store, session_id, now)


def forget_plans(parts: Parts, account: str) -> None:
    with parts.store.writing() as tx:
        plans.forget(tx, account)


def _plan(parts: Parts, about: About, outcome: Body) -> None:
    with parts.store.writing() as tx:
        plans.arm(tx, whose(), about, outcome, told("times", _TIMES, "1"))


def _fails() -> bool:
    return bool(told("outcome", Text(one_of=words("succeed fail"))) == "fail")


def _taxed(body: Body, amount: int) -> Body:
    taxed = priced(_open(body), discount=body["total_details"]["amount_discount"], tax=amount)
    check_total(taxed["amount_total"], taxed["currency"])
    return taxed | {"automatic_tax": automatic_tax(enabled=True)}


def _open(body: Body) -> Body:
    if body["status"] != "open":
        raise refused(f"The session {body['id']} is {body['status']}, not open.")
    return body
