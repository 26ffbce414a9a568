"""What every page of payments stands in."""

from flask import Blueprint
from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.accounts.zones import viewer_zone
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.http import settings
from marketplace.mentors.models import Mentor
from payments.stripe_api.gateway import StripeGateway
from payments.till import Till

bp = Blueprint("payments", __name__)


def till() -> Till:
    return Till(db.session(), StripeGateway(settings()), settings(), utcnow())


def with_mentor(mentor: Mentor) -> dict[str, object]:
    """What a page about buying from a mentor shows of them."""
    name = db.session.scalar(select(User.name).where(User.id == mentor.id))
    return {"mentor": mentor, "mentor_name": name, "zone": viewer_zone()}
