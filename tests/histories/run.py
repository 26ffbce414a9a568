"""Play a history on the real site to its end, and say which promises it broke."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.doctor.examination import BY_NUMBER
from marketplace.doctor.finding import Level, Patient
from payments.models.sales import StripeEvent
from payments.reconciling.lines import Line, Result
from payments.reconciling.run import reconcile
from payments.services.inbox import replay
from tests.histories import promises, promises_of_time
from tests.histories.moves import Move
from tests.histories.site import Site
from tests.stripe_side import StripeSide

Promise = Callable[[Session, StripeSide, set[str]], list[str]]
IDLE = {
    *("let_end", "wait", "near_end", "past_end", "past_window", "fault", "plan_refund"),
    *("dispute", "bank_decides", "warn", "think", "pay_out", "exchange"),
}
"""After these nothing of ours is otherwise than before."""
PAST_HOLDS = timedelta(minutes=40)
ROUNDS = [PAST_HOLDS, timedelta(hours=13), timedelta(hours=13)]
"""What waits longest is an event's next try: twelve hours."""


class Ending(StrEnum):
    """Who tells us at last what we do not know yet."""

    WEBHOOKS = "webhooks"
    POLLING = "polling"
    RECONCILING = "reconciling"
    """`flask reconcile` once, before any worker."""


def broken(site: Site, moves: Sequence[Move], ending: Ending) -> list[str]:
    """The first promises that broke, after which move."""
    for number, move in enumerate(moves):
        site.play(move)
        if move.name not in IDLE and (found := _checked(site, promises.at_every_moment)):
            return [f"after {number} {move}: {line}" for line in found]
    settle_down(site, ending)
    return _checked(site, promises.when_quiet, quiet=True) or _examined(site) or _fate(site) or _repeated(site)


def settle_down(site: Site, ending: Ending) -> None:
    """Nothing goes wrong any more; slow payments and refunds come to their ends; the clock runs on."""
    site.fate.silent = 0
    site.stripe.post("/_sandbox/faults/disarm")
    site.play(Move("settle", how=1))
    site.end_disputes()
    for number in range(len(site.wares)):
        site.play(Move("think", who=number))
    for refund in site.stripe.refunds():
        if refund["status"] == "pending":
            site.stripe.post(f"/_sandbox/refunds/{refund['id']}/settle", outcome="succeed")
    if ending is Ending.RECONCILING:
        site.clock.advance(PAST_HOLDS)
        reconciled(site)
        site.play(Move("sweep"))
        site.play(Move("release"))
        site.clock.advance(PAST_HOLDS)
        site.play(Move("sweep"))
        return
    if ending is Ending.WEBHOOKS:
        site.send(site.stripe.events()[::-1])
    for pause in ROUNDS:
        site.clock.advance(pause)
        site.play(Move("poll"))
        site.play(Move("sweep"))
        site.play(Move("release"))
    site.play(Move("sweep"))  # what the last one settled is paid by this one


def reconciled(site: Site) -> list[str]:
    """What it could not heal, but for refunds that the bank sent back: those are for a person."""
    with site.app.app_context():
        lines = list(reconcile(site.till()))
    return [f"{line.thing} {line.says}" for line in lines if line.result is Result.LEFT and not _is_for_people(line)]


def _is_for_people(line: Line) -> bool:
    """What a bank has sent back or keeps, and what the operator has put there."""
    return any(words in line.says for words in ("bank", "charged back", "knows nothing of it"))


def _checked(site: Site, promise: Promise, *, quiet: bool = False) -> list[str]:
    with site.app.app_context():
        session = db.session()
        found = promises_of_time.at_every_moment(session, site.seen) + promise(session, site.stripe, site.forgotten)
        return found + (promises_of_time.when_quiet(session) if quiet else [])


def _examined(site: Site) -> list[str]:
    """What `flask reconcile` and `flask doctor` find once all is quiet."""
    left = [f"reconcile: {line}" for line in reconciled(site)]
    with site.app.app_context():
        patient = Patient(db.session(), site.settings, utcnow())
        found = [check(patient) for _, check in BY_NUMBER]
    return left + [f"doctor: {each.check}: {each.says}" for each in found if each.level is Level.BROKEN]


def _fate(site: Site) -> list[str]:
    with site.app.app_context():
        used = promises.keys(db.session(), site.fate.posted)
    return [*used, *site.fate.forbidden, *(f"I8 in a transaction: {asked}" for asked in site.fate.in_transaction)]


def _repeated(site: Site) -> list[str]:
    """I5 and I9: every event once more, in another order, twice; and then the whole inbox: nothing changes."""
    with site.app.app_context():
        before, posted = promises.state(db.session(), site.stripe), len(site.fate.posted)
    site.send(site.stripe.events() * 2)
    site.play(Move("run_jobs"))
    with site.app.app_context():
        for event_id in db.session.scalars(select(StripeEvent.id).order_by(StripeEvent.id)).all():
            replay(db.session(), event_id, now=utcnow())
        db.session.commit()
    site.play(Move("run_jobs"))
    with site.app.app_context():
        after = promises.state(db.session(), site.stripe)
    return [] if (before, posted) == (after, len(site.fate.posted)) else [f"I5 {before} became {after}"]
