"""The jobs of accounts."""

from marketplace.accounts.services.new_password import ask_for_reset
from marketplace.accounts.services.sign_ins import forget_idle
from marketplace.accounts.services.verify import send_again
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.jobs import sweep, task


@task("accounts:send_again")
def send_verification_again(email: str, onward: str) -> None:
    """In a job, so that the one who asks cannot tell from the time whether there is an account."""
    send_again(db.session(), email, onward=onward, now=utcnow())
    db.session.commit()


@task("accounts:send_reset")
def send_reset(email: str) -> None:
    """In a job for the same reason."""
    ask_for_reset(db.session(), email, now=utcnow())
    db.session.commit()


@sweep("accounts:forget_sign_ins", cron="41 3 * * *")
def forget_sign_ins() -> None:
    forget_idle(db.session(), now=utcnow())
    db.session.commit()
