"""The reader's working hours, kept in a cookie: once told, they are taken until others are."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, request

from marketplace.core.http import settings
from marketplace.search.domain.working_day import Hours, remembered

COOKIE = "hours"
KEPT = timedelta(days=365)


def usual_hours() -> Hours:
    return remembered(request.cookies.get(COOKIE, ""))


def remember(answer: Response, hours: Hours) -> None:
    secure = settings().public_url.startswith("https://")
    answer.set_cookie(COOKIE, hours.to_remember(), max_age=KEPT, httponly=True, samesite="Lax", secure=secure)
