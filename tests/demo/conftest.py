"""The application as the demo runs it, with the sample people in its database."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from marketplace.accounts.passwords import passwords
from marketplace.app import create_app
from marketplace.core.clock import utcnow
from marketplace.core.config import Settings
from marketplace.core.db import db
from marketplace.demo.seed import seed
from tests.web import Browser


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, demo=True)


@pytest.fixture
def seeded(session: Session, settings: Settings) -> Session:
    seed(session, settings=settings, passwords=passwords("test"), now=utcnow())
    db.session.commit()
    return session


@pytest.fixture
def another_app() -> Iterator[Callable[[Settings], Flask]]:
    """Makes an application with other settings over the same database."""
    made: list[Flask] = []

    def make(settings: Settings) -> Flask:
        app = create_app(settings)
        app.test_client_class = Browser
        made.append(app)
        return app

    yield make
    for app in made:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
