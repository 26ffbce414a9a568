"""The address of a busy calendar as its row keeps it: sealed for its owner, and opened only to ask its server."""

from __future__ import annotations

from booking.domain.busy import Trouble, Unreadable
from marketplace.core.sealing import DoesNotOpen, fingerprint, seal, unseal

PURPOSE = "busy calendar"


def sealed(address: str, *, secret_key: str, user_id: int) -> bytes:
    return seal(address, secret_key=secret_key, purpose=PURPOSE, owner=user_id)


def known_by(address: str, *, secret_key: str) -> bytes:
    return fingerprint(address, secret_key=secret_key, purpose=PURPOSE)


def opened(address: bytes, *, secret_key: str, user_id: int) -> str:
    """Raises Unreadable, after SECRET_KEY has changed."""
    try:
        return unseal(address, secret_key=secret_key, purpose=PURPOSE, owner=user_id)
    except DoesNotOpen:
        raise Unreadable(Trouble.SEALED) from None
