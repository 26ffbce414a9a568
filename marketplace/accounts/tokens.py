"""The links that prove an address: signed, good for a while by our own clock, and nowhere stored."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from datetime import timedelta
from typing import ClassVar, TypeVar

from itsdangerous import BadData, SignatureExpired, TimestampSigner, URLSafeTimedSerializer

from marketplace.core.clock import utcnow
from marketplace.core.errors import NotFound

VALID_FOR = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Proof:
    """What a link says. Each kind has a `SALT` of its own, so that none can be taken for another."""

    SALT: ClassVar[str]
    VALID_FOR: ClassVar[timedelta]

    user_id: int


@dataclass(frozen=True, slots=True)
class Claim(Proof):
    """That the holder reads the mail of `email`; `onward` is the path of ours they were on the way to, or empty."""

    SALT = "accounts:verify"
    VALID_FOR = VALID_FOR

    email: str
    onward: str


@dataclass(frozen=True, slots=True)
class Reset(Proof):
    """That the holder may choose a new password while the account's `state` is this one."""

    SALT = "accounts:reset"
    VALID_FOR = timedelta(hours=1)

    state: str


@dataclass(frozen=True, slots=True)
class Half(Proof):
    """That this browser has given the password while the account's `state` is this one. In a cookie, not in a link."""

    SALT = "accounts:half"
    VALID_FOR = timedelta(minutes=10)

    state: str


@dataclass(frozen=True, slots=True)
class Move(Proof):
    """That the holder reads the mail of `new`, to which the account of `old` is to be moved."""

    SALT = "accounts:move"
    VALID_FOR = timedelta(days=1)

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Undo(Move):
    """That the holder reads the mail of `old`, from which the account was moved to `new`."""

    SALT = "accounts:undo"
    VALID_FOR = VALID_FOR


Kind = TypeVar("Kind", bound=Proof)


class LinkVoid(NotFound):
    """Not a link that we made, or for a state that the account no longer has."""


class LinkExpired(LinkVoid):
    """Ours, but too old."""

    def __init__(self, proof: Proof) -> None:
        hours = proof.VALID_FOR // timedelta(hours=1)
        super().__init__("This link is too old: it was good for %(hours)s h.", hours=hours)
        self.proof = proof


class _ByOurClock(TimestampSigner):
    def get_timestamp(self) -> int:
        return int(utcnow().timestamp())


def make(proof: Proof, *, secret_key: str) -> str:
    return str(_serializer(type(proof), secret_key).dumps(astuple(proof)))


def read(kind: type[Kind], token: str, *, secret_key: str) -> Kind:
    """Raises LinkExpired, which carries what the link said, or LinkVoid."""
    serializer = _serializer(kind, secret_key)
    try:
        return kind(*serializer.loads(token, max_age=int(kind.VALID_FOR.total_seconds())))
    except SignatureExpired as late:
        if late.payload is None:
            raise LinkVoid("This link is not complete.") from late
        raise LinkExpired(kind(*serializer.load_payload(late.payload))) from late
    except BadData as wrong:
        raise LinkVoid("This link is not complete.") from wrong


def _serializer(kind: type[Proof], secret_key: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret_key, salt=kind.SALT, signer=_ByOurClock)
