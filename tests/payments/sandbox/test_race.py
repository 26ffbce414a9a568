"""Pay and expire at the same moment: one of them wins. The control run shows that the writer's lock is what decides."""

import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
import stripe

from payments.sandbox.call import Call, Origin
from payments.sandbox.checkout import create_session, expire_session
from payments.sandbox.errors import ApiError
from payments.sandbox.paying import Outcome, pay
from payments.sandbox.store import Body, Store, Tx
from tests.payments.sandbox.tools import of_amount

NOW = 1_800_000_000
ORIGIN = Origin("sk_test_race", NOW)


@dataclass(frozen=True, slots=True)
class MeetingTx(Tx):
    """After reading it waits for the other to have read too, for a moment."""

    barrier: threading.Barrier

    def row(self, object_id: str) -> tuple[str, Body] | None:
        read = super(MeetingTx, self).row(object_id)
        with suppress(threading.BrokenBarrierError):
            self.barrier.wait(0.5)
        return read


class MeetingStore(Store):
    def __init__(self, path: Path, *, guarded: bool) -> None:
        super().__init__(path)
        self.path, self.guarded, self.barrier = path, guarded, threading.Barrier(2)

    @contextmanager
    def writing(self) -> Iterator[Tx]:
        if self.guarded:
            with super().writing() as tx:
                yield MeetingTx(tx.db, self.barrier)
            return
        with closing(sqlite3.connect(self.path, timeout=30, isolation_level=None)) as db:
            db.row_factory = sqlite3.Row
            yield MeetingTx(db, self.barrier)


def open_session(path: Path) -> str:
    price = of_amount(8050)
    params = {"line_items": price, "success_url": "http://127.0.0.1:9/", "mode": "payment"}
    with closing(Store(path)) as store, store.writing() as tx:
        return str(create_session(Call(tx, ORIGIN, params, "http://127.0.0.1:9"))["id"])


@pytest.mark.parametrize(
    ("guarded", "winners"),
    [pytest.param(True, 1, id="one wins"), pytest.param(False, 2, id="control: without the lock both think so")],
)
def test_pay_and_expire_cannot_both_win(tmp_path, guarded, winners):
    session_id = open_session(tmp_path / "state.sqlite")
    store = MeetingStore(tmp_path / "state.sqlite", guarded=guarded)

    def paid() -> bool:
        return pay(store, session_id, NOW)[0] is Outcome.PAID

    def expired() -> bool:
        try:
            with store.writing() as tx:
                expire_session(Call(tx, ORIGIN, {}, ""), session_id)
        except ApiError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        won = [pool.submit(act) for act in (paid, expired)]

    store.close()

    assert sum(each.result() for each in won) == winners


@pytest.mark.parametrize(
    ("late", "outcome", "status"),
    [
        pytest.param(-1, Outcome.PAID, "complete", id="a second before"),
        pytest.param(0, Outcome.NOT_OPEN, "expired", id="at the very end"),
    ],
)
def test_the_end_of_a_session_holds_even_before_anyone_has_noticed_it(tmp_path, late, outcome, status):
    session_id = open_session(tmp_path / "state.sqlite")
    with closing(Store(tmp_path / "state.sqlite")) as store:
        result, body = pay(store, session_id, NOW + 24 * 60 * 60 + late)

    assert body is not None
    assert (result, body["status"]) == (outcome, status)


def test_over_http_too_exactly_one_of_pay_and_expire_wins(client, make_session, control):
    def expire(session_id: str) -> bool:
        try:
            return bool(client.v1.checkout.sessions.expire(session_id).status == "expired")
        except stripe.InvalidRequestError:
            return False

    with ThreadPoolExecutor(2) as pool:
        for _ in range(20):
            made = make_session()
            paid, expired = pool.submit(control.pay, made.id), pool.submit(expire, made.id)

            assert (paid.result() == "paid") != expired.result()

            after = client.v1.checkout.sessions.retrieve(made.id)
            assert after.status == ("expired" if expired.result() else "complete")
            assert after.payment_status == ("unpaid" if expired.result() else "paid")


def test_two_presses_of_pay_take_the_money_once(client, make_session, control):
    made = make_session()

    with ThreadPoolExecutor(8) as pool:
        results = sorted(pool.map(lambda _: control.pay(made.id), range(8)))

    assert results == ["not_open"] * 7 + ["paid"]
    assert len(client.v1.balance_transactions.list().data) == 1


def test_refunds_at_once_never_give_back_more_than_was_paid(client, make_paid):
    paid = make_paid()

    def refund(_: int) -> int:
        try:
            return int(client.v1.refunds.create({"payment_intent": paid.payment_intent, "amount": 3000}).amount)
        except stripe.InvalidRequestError:
            return 0

    with ThreadPoolExecutor(8) as pool:
        given_back = sum(pool.map(refund, range(8)))

    assert given_back == 6000
