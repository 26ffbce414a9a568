"""The jobs of accounts."""

from marketplace.accounts.services import send_again
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.jobs import task


@task("accounts:send_again")
def send_verification_again(email: str, onward: str) -> None:
    """In a job, so that the one who asks cannot tell from the time whether there is an account."""
    send_again(db.session(), email, onward=onward, now=utcnow())
    db.session.commit()
