"""What happens at Stripe: people pay there, banks answer late, and requests meet faults."""

from typing import Any

import requests

from tests.histories.dying import Fate
from tests.histories.moves import Move
from tests.stripe_side import StripeSide

PRESSES = ["paid", "paid", "paid", "paid", "paid", "slow", "slow", "declined", "3ds_no"]
FAULTS = ["500_before", "500_after_commit", "lock_timeout", "rate_limit", "cut_after_commit", "silence"]
PATHS = ["/v1/checkout/sessions", "/v1/refunds", "/v1/"]
DECIDED = {"won", "lost", "warning_closed", "prevented"}
DECISIONS = ["won", "lost", "closed", "chargeback"]
THOUGHTS = ["everything", "papers_are_wanted", "rejected", "everything", "papers_are_read"]
TRANSFERS, REFUNDS = "/v1/transfers", "/v1/refunds"
REFUND_PLANS = ["pending", "failed", "insufficient_funds"]


class OurStripe(StripeSide):
    """Without what the operator has put on the balance, of which the site knows nothing."""

    def sessions(self) -> list[Any]:
        return [each for each in super().sessions() if each["metadata"]]

    def events(self, prefix: str = "") -> list[Any]:
        return [each for each in super().events(prefix) if _is_ours(each["data"]["object"])]


def _is_ours(told: dict[str, Any]) -> bool:
    return told["object"] != "checkout.session" or bool(told["metadata"])


class AtStripe:
    def __init__(self, stripe: StripeSide, fate: Fate) -> None:
        self.stripe, self.fate = stripe, fate
        self.unpayable: set[str] = set()

    def accounts(self) -> list[str]:
        """Of the mentors, at Stripe."""
        raise NotImplementedError

    def pay(self, move: Move) -> None:
        """From any tab that was ever open."""
        sessions = self.stripe.sessions()
        if sessions:
            chosen = sessions[0 if move.who % 2 else move.which % len(sessions)]
            self.stripe.pay(chosen["id"], PRESSES[move.how % len(PRESSES)])

    def settle(self, move: Move) -> None:
        for found in self.stripe.sessions():
            if (found["status"], found["payment_status"]) == ("complete", "unpaid"):
                self._press(f"sessions/{found['id']}/settle", outcome="succeed" if move.how % 3 else "fail")

    def reprice(self, move: Move) -> None:
        for found in self.stripe.sessions()[:1]:
            if move.how % 2:
                self._press(f"sessions/{found['id']}/discount", percent_off=(100, 25, 10)[move.which % 3])
            else:
                self._press(f"sessions/{found['id']}/tax", amount=777)

    def fault(self, move: Move) -> None:
        fault = FAULTS[move.how % len(FAULTS)]
        if fault == "silence":
            self.fate.silent = 1 + move.which % 5
        else:
            path = PATHS[move.who % len(PATHS)]
            self._press("faults", fault=fault, path=path, method="POST", times=1 + move.which % 3)

    def plan_refund(self, move: Move) -> None:
        self._press("refunds/next", outcome=REFUND_PLANS[move.how % len(REFUND_PLANS)], times=1)

    def settle_refund(self, move: Move) -> None:
        refunds = self.stripe.refunds()
        if refunds:
            chosen = refunds[move.which % len(refunds)]["id"]
            self._press(f"refunds/{chosen}/settle", outcome="succeed" if move.how % 2 else "fail")

    def dispute(self, move: Move) -> None:
        """Of any payment that was ever made: what is left of it is taken, or asked about first."""
        if intents := self._paid():
            kind = ("chargeback", "inquiry")[move.how % 3 == 0]
            self._press(f"payments/{intents[move.which % len(intents)]}/dispute", kind=kind)

    def bank_decides(self, move: Move) -> None:
        disputes = self.stripe.get("/v1/disputes", limit=100)["data"]
        if disputes:
            chosen, decision = disputes[move.which % len(disputes)], DECISIONS[move.how % len(DECISIONS)]
            self._press(f"disputes/{chosen['id']}/decide", decision=decision)

    def warn(self, move: Move) -> None:
        if intents := self._paid():
            self._press(f"payments/{intents[move.which % len(intents)]}/warn")

    def think(self, move: Move) -> None:
        """Stripe knows more or less of a mentor than before, and may not pay them."""
        accounts = self.accounts()
        account, thought = accounts[move.who % len(accounts)], THOUGHTS[move.how % len(THOUGHTS)]
        self._press(f"accounts/{account}", given=thought)
        (self.unpayable.discard if thought == "everything" else self.unpayable.add)(account)

    def pay_out(self, move: Move) -> None:
        """What a mentor has on their balance goes to their bank, and cannot be taken back there any more."""
        accounts = self.accounts()
        self._press(f"accounts/{accounts[move.who % len(accounts)]}/payouts")

    def exchange(self, _: Move) -> None:
        """What is paid next is settled in another currency."""
        self._press("balance_transactions/exchange", currency="usd", rate="1.085")

    def forbidden(self, url: str, told: dict[str, str]) -> list[str]:
        """I14: nothing is sent to whom Stripe does not pay just now, nor out of a payment that a bank has, or asks
        about; and nothing is refunded of what a bank has."""
        if url.endswith(TRANSFERS):
            unpayable = told["destination"] in self.unpayable
            disputed = self._intent_of(told["transfer_group"]) in self._disputed("")
            return [f"I14 a transfer went out: {told}"] if unpayable or disputed else []
        if url.endswith(REFUNDS) and told["payment_intent"] in self._disputed("warning"):
            return [f"I14 a refund went out: {told}"]
        return []

    def _intent_of(self, payment: str) -> str | None:
        found = [each for each in self.stripe.sessions() if each["metadata"].get("payment") == payment]
        return found[0]["payment_intent"] if found else None

    def _disputed(self, but: str) -> set[str]:
        """Payments of which a dispute is open, but those of which the status begins so."""
        disputes = self.stripe.get("/v1/disputes", limit=100)["data"]
        undecided = [each for each in disputes if each["status"] not in DECIDED]
        return {each["payment_intent"] for each in undecided if not but or not each["status"].startswith(but)}

    def end_disputes(self) -> None:
        """Every bank decides at last, this way or that."""
        for number, each in enumerate(self.stripe.get("/v1/disputes", limit=100)["data"]):
            decision = "closed" if each["status"].startswith("warning") else ("won", "lost")[number % 2]
            self._press(f"disputes/{each['id']}/decide", decision=decision)

    def _paid(self) -> list[str]:
        return [each["payment_intent"] for each in self.stripe.sessions() if each["payment_intent"]]

    def _press(self, lever: str, /, **form: str | int) -> None:
        try:
            self.stripe.post(f"/_sandbox/{lever}", **form)
        except requests.HTTPError as refused:
            if refused.response.status_code >= 500:
                raise
