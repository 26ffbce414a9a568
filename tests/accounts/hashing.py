"""Passwords whose cost can be counted."""

from argon2 import PasswordHasher

from marketplace.accounts.passwords import Passwords, passwords


class CountingHasher(PasswordHasher):
    """Does what it is asked, and keeps a list of it."""

    def __init__(self) -> None:
        super().__init__(1, 8, 1)
        self.asked: list[str] = []

    def hash(self, password, *, salt=None):
        self.asked.append("hash")
        return super().hash(password, salt=salt)

    def verify(self, hash, password):  # noqa: A002  # as argon2-cffi calls it
        self.asked.append("verify")
        return super().verify(hash, password)


def counting_passwords() -> tuple[Passwords, list[str]]:
    """The passwords, and the list of what they did."""
    hasher = CountingHasher()
    return Passwords(hasher, passwords("test").decoy), hasher.asked
