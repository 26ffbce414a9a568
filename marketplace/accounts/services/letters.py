"""The letters that accounts cause. All of them are security mail: due at once, whatever the reader's quiet hours."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.accounts.queries import letter_key, letters_since
from marketplace.core import mail

VERIFY, ALREADY_HERE, RESET = "accounts:verify", "accounts:already_here", "accounts:reset"
NEW_ADDRESS, ADDRESS_ASKED, ADDRESS_MOVED = "accounts:new_address", "accounts:address_asked", "accounts:address_moved"
NEWS, CLOSED = "accounts:news", "accounts:closed"
LETTERS_AN_HOUR = 5


class News(StrEnum):
    """What has become of an account, told to its address."""

    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - no secret
    PASSWORD_RESET = "password_reset"  # noqa: S105
    SECOND_STEP_ON = "second_step_on"
    SECOND_STEP_OFF = "second_step_off"
    RECOVERY_CODE_USED = "recovery_code_used"
    CODES_GUESSED = "codes_guessed"


def write(session: Session, fact: str, user: User, *, onward: str, now: datetime) -> None:
    """Strangers can make us write these, so one letter a minute and a few an hour are enough."""
    if letters_since(session, fact, user.id, now - timedelta(hours=1)) < LETTERS_AN_HOUR:
        mail.post(session, fact, key=letter_key(now), user_id=user.id, now=now, onward=onward)


def tell(session: Session, news: News, user: User, *, now: datetime, once_a_day: bool = False) -> None:
    """Each time that it happens, or once for all times of a day (UTC)."""
    when = now.date() if once_a_day else now
    mail.post(session, NEWS, key=f"{news} {when.isoformat()}", user_id=user.id, now=now, news=news)


def tell_address(session: Session, fact: str, user_id: int, *, to: str, old: str, new: str, now: datetime) -> None:
    """About moving from `old` to `new`, to either of them."""
    side = "new" if to == new else "old"
    mail.post(session, fact, key=f"{side} {now.isoformat()}", user_id=user_id, now=now, to=to, old=old, new=new)
