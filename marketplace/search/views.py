"""Finding a mentor, and in which order they are listed."""

from __future__ import annotations

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue

from marketplace.accounts.current import visitor
from marketplace.accounts.zones import viewer_zone, zone_choices
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.http import canonical, settings
from marketplace.core.paging import page_number
from marketplace.search.asking import asked
from marketplace.search.domain import matching, ranking
from marketplace.search.domain.needs import LONGEST_TEXT
from marketplace.search.remembering import remember, usual_hours
from marketplace.search.results import find
from marketplace.search.words import MATCHED, STEPS

bp = Blueprint("search", __name__)


@bp.get("/search")
def results() -> ResponseReturnValue:
    person = visitor()
    usual = usual_hours()
    asking = asked(
        db.session(),
        request.args,
        user_id=person.id if person else None,
        zone=viewer_zone(),
        usual=usual,
        now=utcnow(),
    )
    found = find(db.session(), asking.wish, asking.reader, settings(), number=page_number())
    is_the_list = not (asking.given or found.number > 1 or asking.form.errors)
    page = render_template(
        "pages/search.html",
        asking=asking,
        found=found,
        zone=asking.reader.zone,
        zones=zone_choices(),
        longest=LONGEST_TEXT,
        ranking=ranking,
        canonical=canonical("search.results") if is_the_list else None,
    )
    answer = make_response(page)
    if asking.form.tells_hours and asking.reader.day.hours != usual:
        remember(answer, asking.reader.day.hours)
    return answer


@bp.get("/how-we-rank")
def how_we_rank() -> ResponseReturnValue:
    steps = [STEPS[step] for step in ranking.STEPS]
    matched = [MATCHED[reason] for reason in matching.STEPS]
    return render_template(
        "pages/ranking.html", steps=steps, matched=matched, ranking=ranking, canonical=canonical("search.how_we_rank")
    )
