"""Asks Stripe for what a command wants: once in effect, however often it is asked and wherever a process dies."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from sqlalchemy.orm import Session

from marketplace.core.db import Json
from payments.domain.checkout import CheckoutState
from payments.domain.commands import Approach
from payments.domain.disputes import DisputeState
from payments.domain.payouts import AccountState
from payments.domain.refunds import RefundState
from payments.domain.states import CommandStatus
from payments.domain.transfers import ReversalState, TransferState
from payments.services.commands import Attempt, begin, close, renew, spoil
from payments.stripe_api.gateway import StripeBroke, StripeRefused

State = TypeVar("State", CheckoutState, RefundState, AccountState, TransferState, ReversalState, DisputeState)


class Outbox:
    """Commits before and after each call, and never has a transaction open during one."""

    def __init__(self, session: Session, now: datetime) -> None:
        self.session, self.now = session, now

    def perform(
        self,
        command_id: int,
        *,
        send: Callable[[Json, str], State],
        look_up: Callable[[], State | None],
        passes: Callable[[str], bool] = lambda _code: False,
    ) -> State | None:
        """Ask Stripe for what a command wants, once in effect however often it is asked.

        None if it was withdrawn or is refused for good, and where `passes` says of Stripe's word for a refusal that it
        does: then it waits. Raises GatewayUnavailable: then it is asked again.
        """
        attempt = self._begun(command_id)
        while attempt.how is Approach.LOOK_UP:
            if (found := look_up()) is not None:
                return self._answered(command_id, found)
            attempt = self._renewed(command_id, attempt.key)
        if attempt.how is Approach.NOTHING:
            return look_up()
        try:
            answer = send(attempt.params, attempt.key)
        except StripeBroke:
            spoil(self.session, command_id, attempt.key)
            self.session.commit()
            raise
        except StripeRefused as refused:
            if attempt.again:
                self._distrust(command_id, attempt.key)
                return self.perform(command_id, send=send, look_up=look_up, passes=passes)
            if passes(refused.code):
                return self._put_off(command_id, attempt.key, look_up())
            return self._refused(command_id, refused, look_up())
        # To a key that it knows Stripe repeats its first answer: what became of the thing since is not in it.
        fresh = look_up() if attempt.again else None
        return self._answered(command_id, fresh or answer)

    def _answered(self, command_id: int, answer: State) -> State:
        close(self.session, command_id, CommandStatus.DONE)
        self.session.commit()
        return answer

    def _distrust(self, command_id: int, key: str) -> None:
        """To a key that it knows Stripe repeats its refusal too, also when the reason is long gone: a transfer to who
        can be paid by now, a reversal that the balance covers again. What it says to a new key counts."""
        spoil(self.session, command_id, key)
        self.session.commit()

    def _refused(self, command_id: int, refused: StripeRefused, found: State | None) -> State | None:
        """Perhaps an earlier try arrived, and only its answer was lost."""
        status = CommandStatus.REFUSED if found is None else CommandStatus.DONE
        close(self.session, command_id, status, error=str(refused))
        self.session.commit()
        return found

    def _put_off(self, command_id: int, key: str, found: State | None) -> State | None:
        """The next try has another key."""
        if found is not None:
            return self._answered(command_id, found)
        self._distrust(command_id, key)
        return None

    def _begun(self, command_id: int) -> Attempt:
        attempt = begin(self.session, command_id, now=self.now)
        self.session.commit()
        return attempt

    def _renewed(self, command_id: int, key: str) -> Attempt:
        attempt = renew(self.session, command_id, key, now=self.now)
        self.session.commit()
        return attempt
