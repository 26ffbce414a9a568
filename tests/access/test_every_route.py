"""Rule yours_only: every route × every role, generated from the URL map, answers as `expected.py` says. A route without
an entry there fails."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.core.config import Settings
from tests.access.expected import EXPECTED, ROLES
from tests.access.scene import Scene, scene

__all__ = ["scene"]


def routes(app: Flask) -> Iterator[tuple[str, str]]:
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule.endpoint, method


def test_every_route_has_an_entry_and_every_entry_a_route(app: Flask) -> None:
    assert set(routes(app)) == set(EXPECTED)


READ = [endpoint for endpoint, method in EXPECTED if method == "GET"]
SENT = [endpoint for endpoint, method in EXPECTED if method == "POST"]


@pytest.mark.parametrize("role", ROLES)
def test_each_role_reads_what_is_its_own(scene: Scene, role: str) -> None:
    found = {endpoint: scene.ask(role, endpoint, "GET") for endpoint in READ}

    assert found == {endpoint: EXPECTED[endpoint, "GET"][ROLES.index(role)] for endpoint in READ}


@pytest.mark.parametrize("endpoint", SENT)
def test_each_role_changes_what_is_its_own(scene: Scene, endpoint: str) -> None:
    found = {role: scene.ask(role, endpoint, "POST") for role in ROLES}

    assert found == dict(zip(ROLES, EXPECTED[endpoint, "POST"], strict=True))


@pytest.mark.parametrize("role", ["visitor", "mentee"])
def test_every_post_but_the_webhook_needs_the_token_against_forgery(session: Session, scene: Scene, role: str) -> None:
    before = session.scalars(select(User.zone)).all()
    session.commit()

    answers = {endpoint: scene.ask(role, endpoint, "POST", token=False) for endpoint in SENT}

    assert answers == dict.fromkeys(SENT, 400)
    assert session.scalars(select(User.zone)).all() == before


def test_the_demos_routes_exist_in_the_demo_alone(app: Flask, settings: Settings) -> None:
    assert not any(re.match(r"demo\b", endpoint) for endpoint, _ in routes(app))
