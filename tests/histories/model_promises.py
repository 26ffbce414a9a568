"""What must be true of the model after every move, and once all is quiet. The names are those of docs/testing.md."""

from collections import Counter
from copy import deepcopy
from datetime import timedelta

from booking.domain.states import CANCELLED, OCCUPYING, PENDING, BookingStatus
from payments.domain.states import PAYABLE, CommandStatus, PaymentStatus, RefundStatus
from tests.histories.model_play import ModelSite
from tests.histories.model_rows import START, Guards, Pay, starts_at
from tests.histories.moves import Move

ALL = Guards()


def broken(moves: list[Move], seed: int, guards: Guards = ALL, *, ignoring: str = "nothing") -> list[str]:
    """The first promises that broke, but for those that begin with `ignoring`."""
    site = ModelSite(seed, guards)
    for number, move in enumerate(moves):
        site.play(move)
        if found := [line for line in at_every_moment(site) if not line.startswith(ignoring)]:
            return [f"after {number} {move}: {line}" for line in found]
    site.going.clear()
    other = deepcopy(site)
    site.settle_down()
    found = [*at_every_moment(site), *when_quiet(site)]
    if not any(sale.forgotten for sale in site.rows.sales):
        found += _in_another_order(site, other)
    return [line for line in found if not line.startswith(ignoring)]


def _in_another_order(site: ModelSite, other: ModelSite) -> list[str]:
    """I5 and I9: what is told in another order, and twice, ends the same; and told once more it changes nothing."""
    before = state(site)
    other.stripe.faults.clear()
    told = list(other.stripe.sessions) * 2
    other.rng.shuffle(told)
    other.finish(other.till.look_at_session(each) for each in told)
    other.settle_down()
    lines = [] if state(other) == before else [f"I5 {before} and {state(other)}"]
    site.finish(site.till.look_at_session(each) for each in reversed(site.stripe.sessions))
    return [*lines, *([] if state(site) == before else [f"I9 {before} became {state(site)}"])]


def state(site: ModelSite) -> object:
    sales = [(each.id, each.status, each.booking in PENDING, each.booking in OCCUPYING) for each in site.rows.sales]
    pays = [(each.ref, each.status, each.paid) for each in site.rows.pays]
    return sales, pays, [(each.pay.ref, each.status) for each in site.rows.backs]


def at_every_moment(site: ModelSite) -> list[str]:
    rows, stripe = site.rows, site.stripe
    taken: Counter[tuple[str, int, int]] = Counter()
    for sale in rows.sales:
        if sale.booking in OCCUPYING:
            taken.update([("mentor", *sale.slot), ("mentee", sale.mentee, sale.slot[1])])
    payable = Counter(each.purchase for each in stripe.sessions.values() if stripe.is_payable(each))
    free = [each for each in payable if rows.sales[each].booking not in PENDING and not rows.sales[each].forgotten]
    mine = Counter(each.sale.id for each in rows.pays if each.status in PAYABLE)
    return [
        *(f"I1 {who} has {count} bookings" for who, count in taken.items() if count > 1),
        *(f"I4 {count} payable sessions of {purchase}" for purchase, count in payable.items() if count > 1),
        *(f"I4 {purchase} can be paid and its time is not held" for purchase in free),
        *(f"I4 {count} payable payments of {sale}" for sale, count in mine.items() if count > 1),
        *(f"I10 {key} was used for two things" for key in stripe.misused),
    ]


def when_quiet(site: ModelSite) -> list[str]:
    rows, stripe = site.rows, site.stripe
    waiting = [each.ref for each in rows.pays if each.status in PAYABLE]
    waiting += [f"sale {each.id}" for each in rows.sales if each.booking in PENDING or each.status == "unpaid"]
    waiting += [each.id for each in stripe.sessions.values() if stripe.is_payable(each)]
    return [f"not quiet: {each}" for each in waiting] + _every_charge(site) + _every_refund(site)


def _every_charge(site: ModelSite) -> list[str]:
    wrong, bought = [], Counter[int]()
    for theirs in site.stripe.sessions.values():
        if not theirs.seen().is_paid:
            continue
        pay = next((each for each in site.rows.pays if each.session == theirs.id), None)
        backs = [each for each in site.rows.backs if each.pay is pay and each.reason != "cancelled"]
        if pay is None or pay.status is not PaymentStatus.PAID:
            wrong.append(f"I2 {theirs.id} is paid and we do not know it")
        elif backs:
            if [each.amount for each in backs] != [theirs.amount - theirs.discount]:
                wrong.append(f"I2 {theirs.id} was not given back once and in full")
        elif pay.sale.booking not in {BookingStatus.CONFIRMED, *CANCELLED}:
            # What cost nothing is owed nothing.
            wrong += [f"I2 {theirs.id} has neither booking nor refund"] if theirs.amount != theirs.discount else []
        else:
            bought[pay.sale.id] += 1
            wrong += _cancelled(site, pay)
            if pay.sale.total != theirs.amount - theirs.discount:
                wrong.append(f"I7 sale {pay.sale.id} has the total {pay.sale.total}")
    wrong += [f"I2 sale {sale} was paid {count} times" for sale, count in bought.items() if count > 1]
    sold = {each.id for each in site.rows.sales if each.booking in {BookingStatus.CONFIRMED, *CANCELLED}}
    return wrong + [f"I2 sale {sale} was bought and not paid" for sale in sold - bought.keys()]


def _cancelled(site: ModelSite, pay: Pay) -> list[str]:
    """What was bought and is called off: what is due goes back, once."""
    sale, total = pay.sale, pay.sale.total or 0
    sent = [each.amount for each in site.rows.backs if each.pay is pay]
    late = sale.booking is BookingStatus.CANCELLED_BY_MENTEE and sale.cancelled_at is not None
    late = late and starts_at(sale.slot) - (sale.cancelled_at or START) < timedelta(hours=24)
    back = 0 if sale.cancelled_at is None else round(total / 2) if late else total
    due = [back] if back else []
    return [] if sent == due else [f"I2 of sale {sale.id} {sent} goes back, and {due} is due"]


def _every_refund(site: ModelSite) -> list[str]:
    wrong = []
    for back in site.rows.backs:
        there = site.stripe.refunds.get(str(back.there))
        refused = back.command.status is CommandStatus.REFUSED
        expected = RefundStatus.SUCCEEDED if there and there.status == "succeeded" else RefundStatus.FAILED
        if refused or there is None or back.status is not expected:
            wrong.append(f"I3 refund of {back.pay.ref} is {back.status}, at Stripe {there and there.status}")
    return wrong
