"""What is limited about accounts, and by how much. Of tries to sign in, only those that fail count.

By the address that is typed, whether or not it has an account, and by the client; the client first, so that one who
has tried too often cannot go on locking other people out.
"""

from datetime import datetime, timedelta

from flask import request

from marketplace.core.limits import Limit, count, forget, give_back, network

QUARTER, HOUR, DAY = timedelta(minutes=15), timedelta(hours=1), timedelta(days=1)
SIGN_IN_BY_ADDRESS = Limit("sign-in:address", 10, QUARTER)
SIGN_IN_BY_CLIENT = Limit("sign-in:client", 50, QUARTER)
SIGN_UP_BY_CLIENT = Limit("sign-up:client", 30, HOUR)
CODE, CODE_IN_A_DAY = Limit("code", 5, QUARTER), Limit("code:day", 20, DAY)
"""Of a million codes three fit at any time: whoever knows the password guesses one within 45 years, on average."""
LETTER_BY_ADDRESS = Limit("letter:address", 5, HOUR)
LETTER_BY_CLIENT = Limit("letter:client", 30, HOUR)


def try_password(email: str, *, now: datetime) -> None:
    """Raises TooMany."""
    _count_client(SIGN_IN_BY_CLIENT, now)
    count(SIGN_IN_BY_ADDRESS, _folded(email), now=now)


def password_fitted(email: str) -> None:
    give_back(SIGN_IN_BY_ADDRESS, _folded(email))
    if client := _client():
        give_back(SIGN_IN_BY_CLIENT, client)


def forget_passwords_tried(email: str) -> None:
    """After a link in mail has shown whose address it is."""
    forget(SIGN_IN_BY_ADDRESS, _folded(email))


def try_code(user_id: int, *, now: datetime) -> None:
    """Raises TooMany."""
    for limit in (CODE, CODE_IN_A_DAY):
        count(limit, str(user_id), now=now)


def code_fitted(user_id: int) -> None:
    for limit in (CODE, CODE_IN_A_DAY):
        give_back(limit, str(user_id))


def try_sign_up(*, now: datetime) -> None:
    """Raises TooMany."""
    _count_client(SIGN_UP_BY_CLIENT, now)


def ask_for_letter(email: str, *, now: datetime) -> None:
    """Raises TooMany."""
    _count_client(LETTER_BY_CLIENT, now)
    count(LETTER_BY_ADDRESS, _folded(email), now=now)


def _count_client(limit: Limit, now: datetime) -> None:
    """Nobody is counted where it is unknown who asks: they would all be one."""
    if client := _client():
        count(limit, client, now=now)


def _client() -> str:
    return network(request.remote_addr)


def _folded(email: str) -> str:
    return email.strip().casefold()
