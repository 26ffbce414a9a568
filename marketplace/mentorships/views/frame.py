"""What the pages of a mentorship share: whose it is, and what they may do there."""

from __future__ import annotations

from flask import Blueprint

from marketplace.accounts.current import signed_in
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.errors import NotAllowed, NotFound
from marketplace.mentorships.domain.visibility import Access, Thing, access
from marketplace.mentorships.queries.pairs import Pair, pair_of
from marketplace.mentorships.words.pairs import CLOSED, PULSES, STAGES, part_words

bp = Blueprint("mentorships", __name__)


@bp.app_template_filter("signed")
def signed(number: int) -> str:
    """`+1`, `0`, `−1`."""
    return f"{number:+d}".replace("-", "−") if number else "0"


@bp.context_processor
def words() -> dict[str, object]:
    return {"stage_words": STAGES, "part_words": part_words, "pulse_words": PULSES, "closed_words": CLOSED}


def mine(public_id: str, thing: Thing, wanted: Access = Access.READ) -> Pair:
    """Raises NotFound for who may not know of it, NotAllowed for who may read and not write."""
    me = signed_in().id
    pair = pair_of(db.session(), public_id, me, utcnow())
    given = access(pair.role_of(me), thing)
    if given is Access.NOTHING:
        raise NotFound("There is nothing here.")
    if given < wanted:
        raise NotAllowed("Only the other one of you can do this.")
    return pair
