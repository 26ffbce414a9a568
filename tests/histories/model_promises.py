"""What must be true of the model after every move, and once all is quiet. The names are those of docs/testing.md."""

from collections import Counter
from copy import deepcopy
from datetime import timedelta
from fractions import Fraction

from booking.domain.outcomes import Decision, outcome
from booking.domain.states import CANCELLED, OCCUPYING, PENDING, TOOK_PLACE, BookingStatus
from payments.domain.states import PAYABLE, CommandStatus, PaymentStatus, RefundStatus
from tests.histories.model_books import WARNED
from tests.histories.model_play import MENTORS, Play
from tests.histories.model_rows import SHARE, Guards, Pay, Sale, starts_at
from tests.histories.moves import Move

ALL = Guards()
BOUGHT = {BookingStatus.CONFIRMED, *CANCELLED, *TOOK_PLACE}
MENTOR_MISSED = {BookingStatus.NO_SHOW_MENTOR, BookingStatus.NO_SHOW_BOTH}


def broken(moves: list[Move], seed: int, guards: Guards = ALL, *, ignoring: str = "nothing") -> list[str]:
    """The first promises that broke, but for those that begin with `ignoring`."""
    site = Play(seed, guards)
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


def _in_another_order(site: Play, other: Play) -> list[str]:
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


def state(site: Play) -> object:
    sales = [(each.id, each.status, each.booking in PENDING, each.booking in OCCUPYING) for each in site.rows.sales]
    pays = [(each.ref, each.status, each.paid) for each in site.rows.pays]
    return sales, pays, [(each.pay.ref, each.status) for each in site.rows.backs]


def at_every_moment(site: Play) -> list[str]:
    rows, stripe = site.rows, site.stripe
    taken: Counter[tuple[str, int, int]] = Counter()
    for sale in rows.sales:
        if sale.booking in OCCUPYING:
            kept = [sale.slot, *([each.slot] if (each := rows.proposed(sale)) else [])]
            taken.update(key for slot in kept for key in (("mentor", *slot), ("mentee", sale.mentee, slot[1])))
    payable = Counter(each.purchase for each in stripe.sessions.values() if stripe.is_payable(each))
    free = [each for each in payable if rows.sales[each].booking not in PENDING and not rows.sales[each].forgotten]
    mine = Counter(each.sale.id for each in rows.pays if each.status in PAYABLE)
    return [
        *(f"I1 {who} has {count} bookings" for who, count in taken.items() if count > 1),
        *(f"I4 {count} payable sessions of {purchase}" for purchase, count in payable.items() if count > 1),
        *(f"I4 {purchase} can be paid and its time is not held" for purchase in free),
        *(f"I4 {count} payable payments of {sale}" for sale, count in mine.items() if count > 1),
        *_too_early(site),
        *_used_once(site),
        *_whole(site),
        *(f"I10 {key} was used for two things" for key in stripe.misused),
    ]


def when_quiet(site: Play) -> list[str]:
    rows, stripe = site.rows, site.stripe
    waiting = [each.ref for each in rows.pays if each.status in PAYABLE]
    waiting += [f"sale {each.id}" for each in rows.sales if each.booking in PENDING or each.status == "unpaid"]
    waiting += [each.id for each in stripe.sessions.values() if stripe.is_payable(each)]
    return (
        [f"not quiet: {each}" for each in waiting]
        + _every_charge(site)
        + _every_refund(site)
        + _every_mentor(site)
        + _over(site)
    )


def _every_charge(site: Play) -> list[str]:
    wrong, bought = [], Counter[int]()
    for theirs in site.stripe.sessions.values():
        if not theirs.seen().is_paid:
            continue
        paid = theirs.amount - theirs.discount
        pay = next((each for each in site.rows.pays if each.session == theirs.id), None)
        if pay is None or pay.status is not PaymentStatus.PAID:
            wrong.append(f"I2 {theirs.id} is paid and we do not know it")
        elif site.rows.bought_nothing(pay):
            if _back(site, pay) + site.rows.lost(pay) != paid:
                wrong.append(f"I2 {theirs.id} was not given back once and in full")
        elif pay.sale.booking not in BOUGHT:
            # What cost nothing is owed nothing.
            wrong += [f"I2 {theirs.id} has neither booking nor refund"] if paid else []
        else:
            bought[pay.sale.id] += 1
            wrong += _is_right(site, pay)
            if (pay.sale.total or 0) * pay.sale.sessions != paid:
                wrong.append(f"I7 sale {pay.sale.id} has the total {pay.sale.total}")
    wrong += [f"I2 sale {sale} was paid {count} times" for sale, count in bought.items() if count > 1]
    sold = {each.origin.id for each in site.rows.sales if each.booking in BOUGHT}
    return wrong + [f"I2 sale {sale} was bought and not paid" for sale in sold - bought.keys()]


def _back(site: Play, pay: Pay, *, but: str = "") -> int:
    """What goes or went back by refunds, in whatever state, but for one reason."""
    counts = [each for each in site.rows.backs if each.pay is pay and each.status is not RefundStatus.COVERED]
    return sum(each.amount for each in counts if each.reason != but)


def _is_right(site: Play, pay: Pay) -> list[str]:
    """What is due has reached the mentee, by refunds or by a bank; by refunds alone no more than is due, and all
    together no more than was paid."""
    due, back = _due_of_all(site, pay.sale), _back(site, pay, but=WARNED)
    gone = site.rows.lost(pay) + _back(site, pay) - back
    if back <= due <= back + gone <= pay.paid:
        return []
    return [f"I2 of sale {pay.sale.id} {back} goes back and {gone} is gone, and {due} is due"]


def _due_of_all(site: Play, sale: Sale) -> int:
    """For each session of a sale, and for what went back unused."""
    used = sum(_due(each) + each.given for each in site.rows.sales if each.origin is sale)
    return used + sum(each.to_book and each.is_returned for each in sale.rows) * (sale.total or 0)


def _due(sale: Sale) -> int:
    """By what became of it."""
    if not sale.is_used:
        return 0
    total, at = sale.total or 0, sale.cancelled_at
    if at is None:
        return total if sale.booking in MENTOR_MISSED or sale.decision is Decision.ALL_BACK else 0
    late = sale.booking is BookingStatus.CANCELLED_BY_MENTEE and starts_at(sale.slot) - at < timedelta(hours=24)
    return round(total / 2) if late else total


def _every_refund(site: Play) -> list[str]:
    """I3: ours says what Stripe says; what a bank has given back instead never arrived from there."""
    wrong = []
    for back in site.rows.backs:
        there = site.stripe.refunds.get(str(back.there))
        refused = back.command.status is CommandStatus.REFUSED
        expected = RefundStatus.SUCCEEDED if there and there.status == "succeeded" else RefundStatus.FAILED
        if back.status is RefundStatus.COVERED and (there is None or there.status == "failed"):
            continue
        if refused or there is None or back.status is not expected:
            wrong.append(f"I3 refund of {back.pay.ref} is {back.status}, at Stripe {there and there.status}")
    return wrong


def _too_early(site: Play) -> list[str]:
    """I11: nothing is settled before both could say how it was."""
    return [
        f"I11 sale {sale.id} was settled before both were heard"
        for sale in site.rows.sales
        if sale.settled_at is not None and not outcome(sale.facts, sale.settled_at).is_final
    ]


def _used_once(site: Play) -> list[str]:
    """I15: each booking of a programme that was not called off is of one session that was bought, which nobody can book
    any more."""
    wrong = []
    for sale in site.rows.sales:
        rows = [each.to_book for each in sale.rows if each.used_by is sale]
        if sale.rows and sale.cancelled_at is None and rows != [False]:
            wrong.append(f"I15 session {sale.id} is {sale.booking}, and of {len(rows)} that were bought")
    return wrong


def _whole(site: Play) -> list[str]:
    """I15: at every moment what goes back of a programme is what is due, and with what is to be booked still it is no
    more than was paid. What a bank has, or gave, stands elsewhere."""
    wrong = []
    bought = [each for each in site.rows.sales if each.rows and each.first is None and each.status == "sold"]
    for sale, pay in [(each, site.rows.pay_that_bought(each)) for each in bought]:
        if pay is None or site.rows.is_gone(pay):
            continue
        back, due = _back(site, pay), _due_of_all(site, sale)
        open_ = sum(each.to_book and not each.is_returned for each in sale.rows) * (sale.total or 0)
        if back != due or back + open_ > pay.paid:
            wrong.append(f"I15 of sale {sale.id} {back} goes back, {due} is due, and {open_} is to be booked")
    return wrong


def _over(site: Play) -> list[str]:
    """I11: what is over has come to an end, or waits for an operator and for nobody else."""
    standing = {BookingStatus.CONFIRMED, BookingStatus.COMPLETED}
    over = [each for each in site.rows.sales if each.booking in standing and each.settled_at is None]
    return [f"I11 sale {each.id} is {each.booking}" for each in over if outcome(each.facts, site.rows.now).is_final]


def _every_mentor(site: Play) -> list[str]:
    """I12 and I14: by each session its share is earned, and at Stripe a mentor has all that, less their part of what
    was given back of it; who has more owes it, and then nothing is on its way to them."""
    wrong, earned, rounded = [], Counter[int](), Counter[int]()
    for sale in site.rows.sales:
        share = _share(sale)
        if sale.booking in BOUGHT and site.rows.shares.get(sale.id, 0) != share:
            wrong.append(f"I12 by sale {sale.id} {site.rows.shares.get(sale.id, 0)} is earned, and {share} is due")
        kept = (sale.total or 0) - _due(sale)
        earned[sale.slot[0]] += round(Fraction(share * (kept - sale.given), kept)) if kept else share
        rounded[sale.slot[0]] += bool(sale.given)
    for mentor in range(MENTORS):
        has, owed = site.stripe.has(mentor), site.rows.owed[mentor]
        if abs(has - owed - earned[mentor]) > rounded[mentor] or owed < 0:
            wrong.append(f"I14 mentor {mentor} has {has}, owes {owed}, and earned {earned[mentor]}")
    wrong += [
        f"I14 {site.rows.due(each)} of sale {each.id} does not go" for each in site.rows.sales if site.rows.due(each)
    ]
    return wrong


def _share(sale: Sale) -> int:
    if not sale.is_used:
        return 0
    if sale.cancelled_at is not None:
        late = sale.booking is BookingStatus.CANCELLED_BY_MENTEE
        late = late and starts_at(sale.slot) - sale.cancelled_at < timedelta(hours=24)
        return SHARE // 2 if late else 0
    came = sale.booking in TOOK_PLACE - MENTOR_MISSED and sale.decision is not Decision.ALL_BACK
    return SHARE if came and sale.settled_at is not None else 0
