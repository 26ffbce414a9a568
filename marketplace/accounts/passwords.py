"""Passwords as argon2id keeps them. An unknown account costs as much time as a wrong password."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from marketplace.accounts.credentials import normal_password


@dataclass(frozen=True, slots=True)
class Passwords:
    """`decoy` is the hash that is checked where there is no account."""

    hasher: PasswordHasher
    decoy: str

    def hash(self, password: str) -> str:
        return self.hasher.hash(normal_password(password))

    def fits(self, kept: str | None, password: str) -> bool:
        """Whether it is the password of the hash; never, but in the same time, for None."""
        try:
            fits = self.hasher.verify(kept if kept is not None else self.decoy, normal_password(password))
        except (VerificationError, InvalidHashError):
            return False
        return fits and kept is not None

    def outdated(self, kept: str) -> bool:
        """True when the hash was made with other parameters than today's."""
        return self.hasher.check_needs_rehash(kept)


@cache
def passwords(environment: str) -> Passwords:
    """argon2-cffi's own parameters (RFC 9106, low memory); in tests the cheapest ones that there are."""
    hasher = PasswordHasher(1, 8, 1) if environment == "test" else PasswordHasher()
    return Passwords(hasher, hasher.hash("nobody has this password"))
