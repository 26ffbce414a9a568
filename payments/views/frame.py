"""What every page of payments stands in."""

from flask import Blueprint

from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.http import settings
from payments.stripe_api.gateway import StripeGateway
from payments.till import Till

bp = Blueprint("payments", __name__)


def till() -> Till:
    return Till(db.session(), StripeGateway(settings()), settings(), utcnow())
