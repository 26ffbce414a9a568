"""What a request carries to the code that answers it."""

import secrets
import string
from dataclasses import dataclass
from typing import Any

from payments.sandbox.store import Tx

_ALPHABET = string.ascii_letters + string.digits


def new_id(prefix: str, length: int = 24) -> str:
    return f"{prefix}_" + "".join(secrets.choice(_ALPHABET) for _ in range(length))


@dataclass(frozen=True, slots=True)
class Origin:
    """Whose books change, when (seconds since 1970 by the stand-in's clock), and by which request, if by one."""

    account: str
    now: int
    request_id: str | None = None
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """One request to the API inside its transaction; `base_url` has no slash at its end."""

    tx: Tx
    origin: Origin
    params: dict[str, Any]
    base_url: str
    connected: str | None = None
    """The account of `Stripe-Account`, on whose behalf it is asked."""

    @property
    def account(self) -> str:
        return self.origin.account

    @property
    def now(self) -> int:
        return self.origin.now
