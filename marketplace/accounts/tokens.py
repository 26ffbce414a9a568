"""The link that proves an address: signed, good for three days by our own clock, and nowhere stored."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from datetime import timedelta

from itsdangerous import BadData, SignatureExpired, TimestampSigner, URLSafeTimedSerializer

from marketplace.core.clock import utcnow
from marketplace.core.errors import NotFound

VALID_FOR = timedelta(days=3)
_SALT = "accounts:verify"


@dataclass(frozen=True, slots=True)
class Claim:
    """That the holder reads the mail of `email`; `onward` is the path of ours they were on the way to, or empty."""

    user_id: int
    email: str
    onward: str


class LinkVoid(NotFound):
    """Not a link that we made, or for an address that the account no longer has."""


class LinkExpired(LinkVoid):
    """Ours, but too old."""

    def __init__(self, claim: Claim) -> None:
        super().__init__("This link is more than three days old.")
        self.claim = claim


class _ByOurClock(TimestampSigner):
    def get_timestamp(self) -> int:
        return int(utcnow().timestamp())


def make(claim: Claim, *, secret_key: str) -> str:
    return str(_serializer(secret_key).dumps(astuple(claim)))


def read(token: str, *, secret_key: str) -> Claim:
    """Raises LinkExpired, which carries the claim, or LinkVoid."""
    try:
        return Claim(*_serializer(secret_key).loads(token, max_age=int(VALID_FOR.total_seconds())))
    except SignatureExpired as late:
        if late.payload is None:
            raise LinkVoid("This link is not complete.") from late
        raise LinkExpired(Claim(*_serializer(secret_key).load_payload(late.payload))) from late
    except BadData as wrong:
        raise LinkVoid("This link is not complete.") from wrong


def _serializer(secret_key: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret_key, salt=_SALT, signer=_ByOurClock)
