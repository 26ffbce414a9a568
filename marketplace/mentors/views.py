"""Photos of mentors: kept in the database, and by whoever has seen them for as long as they like."""

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from marketplace.accounts.current import visitor
from marketplace.core.db import db
from marketplace.core.errors import NotFound
from marketplace.mentors.domain.states import PUBLIC
from marketplace.mentors.queries import photo_with

bp = Blueprint("mentors", __name__)
FOR_EVER = "private, max-age=31536000, immutable"
"""By browsers alone: each answer renews the reader's own cookie, which no cache in between may hand to others."""
POLICY = "default-src 'none'; sandbox"


@bp.get("/photos/<digest>-<any(large, small):size>.webp")
def photo(digest: str, size: str) -> ResponseReturnValue:
    """Of a mentor whose page is public; before and after that, the mentor and the operator alone see it."""
    found = photo_with(db.session(), digest, size)
    is_public = found.status in PUBLIC
    if not is_public:
        person = visitor()
        if person is None or (person.id != found.mentor_id and not person.is_operator):
            raise NotFound("There is no such photo.")
    answer = Response(found.picture, mimetype="image/webp")
    answer.headers["Cache-Control"] = FOR_EVER if is_public else "private, no-store"
    answer.headers["Content-Security-Policy"] = POLICY
    answer.set_etag(f"{digest}-{size}")
    return answer.make_conditional(request)
