from dataclasses import replace

import pytest
from sqlalchemy import func, select

from marketplace.accounts.models import User
from marketplace.app import create_app
from marketplace.core.config import SettingsError
from marketplace.core.db import db
from marketplace.demo.people import SIGN_INS


@pytest.fixture
def production(settings):
    return replace(
        settings,
        environment="production",
        demo=False,
        public_url="https://mentors.example.org",
        clock_offset_file=None,
        stripe_api_base="",
        stripe_secret_key="sk_live_1",
        stripe_webhook_secret="whsec_1",
        smtp_url="smtp://mail.example.org",
    )


def test_the_command_adds_the_sample_people(app, session):
    result = app.test_cli_runner().invoke(args=["seed-demo"])

    assert result.exit_code == 0, result.output
    assert "Added Ada Example" in result.output
    assert session.scalar(select(func.count()).select_from(User)) == len(SIGN_INS)


def test_the_command_says_so_when_there_is_nothing_to_add(app):
    app.test_cli_runner().invoke(args=["seed-demo"])

    result = app.test_cli_runner().invoke(args=["seed-demo"])

    assert result.output.strip() == "All sample people are there already."


def test_production_takes_no_sample_people(production, another_app):
    app = another_app(production)

    result = app.test_cli_runner().invoke(args=["seed-demo"])

    assert result.exit_code == 1
    assert "not for production" in result.output
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(User)) == 0


def test_production_refuses_to_be_a_demo(production):
    with pytest.raises(SettingsError, match="DEMO must not be set in production"):
        create_app(replace(production, demo=True))
