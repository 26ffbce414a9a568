"""The promises of the real site can be broken: a short history, and one guard off, in which the harm shows."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from booking.models.bookings import Booking
from marketplace.core.db import db
from payments.models.sales import PurchaseSession
from payments.paying import Paying
from payments.queries import settling as settle_queries
from payments.services import book_bought, end_programme, give_back
from payments.services.programme_rows import ProgrammeRows
from tests.histories.at_stripe import OurStripe
from tests.histories.dying import mortal
from tests.histories.moves import Move
from tests.histories.run import Ending, broken
from tests.histories.site import Site

pytestmark = pytest.mark.slow
SOLD = [Move("buy"), Move("pay"), Move("look")]
BOUGHT = [Move("buy_programme", how=2), Move("pay"), Move("look")]
EARNED = [*SOLD, Move("let_end"), Move("past_window"), Move("sweep")]


@dataclass(frozen=True)
class Harm:
    """`off` takes the guard away; `says` is what the promises then say."""

    moves: list[Move]
    off: Callable[[pytest.MonkeyPatch], None]
    says: str


def whoever_asks_can_be_paid(patched: pytest.MonkeyPatch) -> None:
    patched.setattr(Paying, "_can_be_paid", lambda *_: True)


def nobody_asks_the_bank(patched: pytest.MonkeyPatch) -> None:
    patched.setattr(Paying, "_is_disputed", lambda *_: False)


def the_site_bears_what_is_given_back(patched: pytest.MonkeyPatch) -> None:
    patched.setattr(give_back, "take_back", lambda *_arguments, **_more: None)


def proposals_keep_nothing(_: pytest.MonkeyPatch) -> None:
    with db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE move_proposal DISABLE TRIGGER USER"))


def what_was_booked_is_to_be_booked_still(patched: pytest.MonkeyPatch) -> None:
    def use(_session: Session, part: PurchaseSession, booking: Booking) -> None:
        part.booking_id = booking.id

    patched.setattr(book_bought, "use", use)


def what_was_called_off_goes_back_unasked(patched: pytest.MonkeyPatch) -> None:
    unused = settle_queries._unused
    patched.setattr(settle_queries, "_unused", lambda row: settle_queries._used(row) if row.id else unused(row))


def what_is_unused_stays_when_it_ends(patched: pytest.MonkeyPatch) -> None:
    def close(_session: Session, rows: ProgrammeRows, *, by: int | None, now: datetime) -> None:
        rows.programme.ended_at, rows.programme.ended_by, rows.programme.ask_at = now, by, None

    patched.setattr(end_programme, "close_programme", close)


HARMS = {
    "sent to whom Stripe does not pay": Harm(
        [*EARNED, Move("think", how=1), Move("sweep")], whoever_asks_can_be_paid, "I14"
    ),
    "sent while a bank asks": Harm(
        [*EARNED, Move("dispute"), Move("sweep")], nobody_asks_the_bank, "I14 a transfer went out"
    ),
    "given back by the site alone": Harm(
        [*EARNED, Move("sweep"), Move("give_money_back")], the_site_bears_what_is_given_back, "I6"
    ),
    "proposed and not kept": Harm([*SOLD, Move("propose", how=2)], proposals_keep_nothing, "I13 the time of 1"),
    "booked and still to be booked": Harm(
        [*BOUGHT, Move("book_bought", how=4)], what_was_booked_is_to_be_booked_still, "and its session is used again"
    ),
    "gone back and still to be booked": Harm(
        [*BOUGHT, Move("cancel"), Move("sweep")], what_was_called_off_goes_back_unasked, "I15"
    ),
    "ended and kept": Harm([*BOUGHT, Move("end_programme")], what_is_unused_stays_when_it_ends, "I15 session 2"),
}


@pytest.mark.parametrize("name", HARMS)
def test_with_its_guard_off_a_promise_is_broken(app, settings, clock, monkeypatch, name):
    harm = HARMS[name]
    with mortal() as fate:
        site = Site(app, settings, clock, OurStripe(settings), fate)
        harm.off(monkeypatch)

        found = broken(site, harm.moves, Ending.POLLING)

    assert any(harm.says in line for line in found), found


@pytest.mark.parametrize("name", HARMS)
def test_with_all_guards_on_the_same_history_breaks_none(app, settings, clock, name):
    with mortal() as fate:
        site = Site(app, settings, clock, OurStripe(settings), fate)

        assert broken(site, HARMS[name].moves, Ending.POLLING) == []
