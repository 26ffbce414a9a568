"""The ways that money goes: each may die at any point, and is watched for its locks."""

from dataclasses import dataclass

from tests.races import acts, against_stripe, banks, earning, exchanging, later, programmes, series
from tests.races.acts import Act


@dataclass(frozen=True, slots=True)
class Flow:
    """`run` is what may die at any point: a process or two. `before` is what others have done, `after` what Ada does
    when it has died, and `ends` how it may end for her: sold, refunded or free (of cost, and the time too)."""

    name: str
    before: Act
    run: Act
    ends: str
    after: Act = acts.nothing


EARNING = [
    Flow("pay the mentor by sweep", earning.one_earned, earning.pay_by_sweep, ends="sold"),
    Flow(
        "pay the mentor against a doubt",
        earning.one_earned,
        against_stripe.meet_a_doubt_over_the_transfer,
        after=against_stripe.the_doubt_is_gone,
        ends="sold",
    ),
    Flow(
        "pay the mentor out of an empty balance",
        earning.released,
        earning.pays(0),
        after=earning.fill_and_wait,
        ends="sold",
    ),
    Flow("give back before the transfer", earning.one_earned, earning.give_back_and_send, ends="sold or refunded"),
    Flow("give back after the transfer", earning.one_paid, earning.give_back_and_take_back, ends="sold or refunded"),
    Flow(
        "take back against a 500",
        earning.given_back,
        earning.meet_a_500_over_the_reversal,
        after=against_stripe.recover,
        ends="refunded",
    ),
    Flow(
        "take back from an empty balance",
        earning.given_back_and_gone,
        earning.take_back,
        after=earning.the_other_is_paid,
        ends="refunded",
    ),
    Flow("keep what is owed of what comes next", earning.owes, earning.pays(1), ends="refunded"),
    Flow("book what Stripe exchanges", earning.exchanged, acts.sweep_then("payments:book_fee"), ends="sold"),
    Flow(
        "pay what was exchanged",
        earning.sell_exchanged_with_a_balance,
        earning.release_and_pay,
        after=earning.release,
        ends="sold",
    ),
]
EXCHANGED = [
    Flow("give back what was exchanged", exchanging.called_off, later.send_refund, ends="refunded"),
    Flow(
        "a bank takes what was exchanged, and gives it back",
        exchanging.disputed,
        exchanging.learn_that_a_bank_took_and_gave_it,
        ends="sold",
    ),
]
BANKS = [
    Flow(
        "a bank takes what the mentor has",
        banks.dispute_of(banks.paid_from_a_full_balance),
        banks.learn_and_take_back,
        after=banks.decide("lost"),
        ends="sold",
    ),
    Flow("a bank decides for the mentee", banks.lost(acts.sell), acts.told_of(banks.CLOSED), ends="sold"),
    Flow(
        "a bank decides for the site",
        banks.won(banks.called_off_while_disputed),
        banks.learn_and_send(banks.CLOSED),
        ends="refunded",
    ),
    Flow(
        "a bank decides what the mentor has",
        banks.won(banks.taken_back_while_disputed),
        banks.learn_and_pay_again,
        ends="sold",
    ),
    Flow("a bank warns", banks.warned, banks.learn_and_send(banks.WARNED), ends="refunded"),
    Flow(
        "hand in evidence against a 500",
        banks.known_dispute_of(acts.sell),
        banks.answer_against_a_500,
        after=banks.recover_and_win,
        ends="sold",
    ),
]
PROGRAMMES = [
    Flow("buy a programme and open the checkout", programmes.offer, programmes.hold, ends="free"),
    Flow("confirm a programme", programmes.hold_and_pay, acts.look, ends="sold"),
    Flow("book what was bought, and again", programmes.buy, programmes.book_and_book_again, ends="sold"),
    Flow(
        "book what is left as a series, and one of it again",
        programmes.buy,
        programmes.book_what_is_left_and_one_again,
        ends="sold",
    ),
    Flow(
        "take the money for one of a programme",
        programmes.buy,
        programmes.call_off_and_take_the_money,
        ends="sold or refunded",
    ),
    Flow("end a programme", programmes.begin, programmes.end_and_send, ends="sold or refunded"),
    Flow(
        "a bank decides about a programme",
        banks.lost(programmes.buy),
        acts.told_of(banks.CLOSED),
        ends="sold",
    ),
]
SERIES = [
    Flow("buy a series, and come back to pay", series.offered, series.buy, after=series.bought_and_paid, ends="sold"),
    Flow("confirm a series by webhook", series.offered_and_paid, acts.told_of(acts.COMPLETED), ends="sold"),
    Flow("expire a series by sweep", series.offered_and_over, acts.sweep_then("payments:look"), ends="free"),
    Flow("extend a series", series.in_its_last_minutes, acts.extend, ends="free"),
]
FLOWS = [
    Flow("buy and open the checkout", acts.nothing, acts.buy, ends="free"),
    Flow("buy, and come back to pay", acts.nothing, acts.buy, after=acts.buy_and_pay, ends="sold"),
    Flow("buy what an overdue hold occupies", acts.buy_and_wait(acts.OVER), acts.lost_to_alan, ends="free"),
    Flow(
        "open the checkout against a 500",
        acts.hold_only,
        against_stripe.meet_a_500,
        after=against_stripe.recover,
        ends="free",
    ),
    Flow("open the checkout too late", acts.hold_and_wait, acts.look, ends="free"),
    Flow("confirm by webhook", acts.buy_and_pay, acts.told_of(acts.COMPLETED), ends="sold"),
    Flow(
        "confirm by webhook against a 500",
        acts.buy_and_pay,
        against_stripe.fail_over_an_event,
        after=against_stripe.recover,
        ends="sold",
    ),
    Flow("confirm what was never stored", acts.lose_the_session_and_pay, acts.told_of(acts.COMPLETED), ends="sold"),
    Flow("confirm by the return page", acts.buy_and_pay, acts.look, ends="sold"),
    Flow("expire by sweep", acts.buy_and_wait(acts.OVER), acts.sweep_then("payments:look"), ends="free"),
    Flow("give back", acts.buy, acts.give_back, ends="free"),
    Flow("give back, and pay if one still can", acts.buy, acts.give_back, after=acts.pay, ends="sold or free"),
    Flow("give back before it was sent", acts.hold_only, acts.give_back, ends="free"),
    Flow("extend", acts.buy_and_wait(acts.LAST_MINUTES), acts.extend, ends="free"),
    Flow(
        "extend, and pay what one can",
        acts.buy_and_wait(acts.LAST_MINUTES),
        acts.extend,
        after=acts.pay,
        ends="sold or free",
    ),
    Flow("replace", acts.buy, acts.replace, ends="free"),
    Flow("replace, and pay what one can", acts.buy, acts.replace, after=acts.pay, ends="sold or free"),
    Flow("pay too late", acts.pay_too_late, acts.told_of(acts.COMPLETED), ends="refunded"),
    Flow("send the refund", acts.owe_refund, lambda world: acts.work(world, "payments:send_refund"), ends="refunded"),
    Flow(
        "send the refund against a 500",
        acts.owe_refund,
        against_stripe.meet_a_500_over_the_refund,
        after=against_stripe.recover,
        ends="refunded",
    ),
    Flow(
        "send the refund against a bank",
        acts.owe_refund,
        against_stripe.meet_a_bank_over_the_refund,
        after=against_stripe.the_bank_gives_way,
        ends="refunded",
    ),
    Flow("be told of the refund", acts.refund, acts.told_of("refund."), ends="refunded"),
    Flow("cancel late", acts.sell_an_hour_before, later.cancel_and_send(later.ADA_CANCELS), ends="sold or refunded"),
    Flow(
        "cancel as the mentor",
        acts.sell_an_hour_before,
        later.cancel_and_send(later.GRACE_CANCELS),
        ends="sold or refunded",
    ),
    Flow("move, and cancel there", acts.sell, later.move_and_cancel, ends="sold or refunded"),
    Flow(
        "accept a proposal, and cancel there", later.sell_and_propose, later.accept_and_cancel, ends="sold or refunded"
    ),
    Flow("take all back", later.sell_and_propose, later.take_back_and_send, ends="sold or refunded"),
    Flow("send the half", later.cancel_late, later.send_refund, ends="refunded"),
    Flow(
        "send the half against a 500",
        later.cancel_late,
        against_stripe.meet_a_500_over_the_refund,
        after=against_stripe.recover,
        ends="refunded",
    ),
    Flow("complete and settle by sweep", later.over, later.complete_and_settle, ends="sold"),
    Flow(
        "settle what was missed by sweep",
        later.missed_without_an_answer,
        later.cancel_and_send(acts.sweep_then("payments:bring_forward")),
        ends="refunded",
    ),
    Flow(
        "admit that one did not come",
        later.missed,
        later.cancel_and_send(later.GRACE_WAS_MISSING),
        ends="sold or refunded",
    ),
    Flow(
        "decide where two contradict", later.contradicted, later.cancel_and_send(later.FOR_ADA), ends="sold or refunded"
    ),
    Flow("book the fee", acts.sell, acts.sweep_then("payments:book_fee"), ends="sold"),
    Flow("propose, withdraw, and let lapse", acts.sell, later.propose_twice, ends="sold"),
    *SERIES,
    *EARNING,
    *EXCHANGED,
    *BANKS,
    *PROGRAMMES,
]
FLOW = {flow.name: flow for flow in FLOWS}
