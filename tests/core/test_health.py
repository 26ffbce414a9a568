"""What a balancer asks: /healthz and /readyz."""

import logging
from dataclasses import replace

import pytest
from flask_migrate import downgrade, upgrade

from marketplace.app import create_app
from marketplace.core.db import db
from tests.queries import count_queries


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_site_that_works_says_so_without_a_cookie(client, path):
    answer = client.get(path)

    assert (answer.status_code, answer.text) == (200, "ok\n")
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"


def test_being_alive_needs_no_database(client):
    with count_queries() as statements:
        client.get("/healthz")

    assert statements == []


def test_without_its_database_it_is_alive_and_not_ready(settings):
    nowhere = settings.database_url.replace("/test_", "/gone_")
    app = create_app(replace(settings, database_url=nowhere))

    with app.app_context():
        client = app.test_client()
        found = client.get("/healthz").status_code, client.get("/readyz").status_code
        db.engine.dispose()

    assert found == (200, 503)


def test_it_is_not_ready_before_the_tables_are_those_of_this_version(app, client):
    downgrade(revision="-1")
    before = client.get("/readyz")
    upgrade()

    assert (before.status_code, "flask db upgrade" in before.text) == (503, True)
    assert client.get("/readyz").status_code == 200


@pytest.mark.parametrize("name", ["gunicorn.access", "werkzeug"])
@pytest.mark.parametrize(
    ("path", "kept"), [("/healthz", False), ("/readyz", False), ("/healthz/more", True), ("/", True)]
)
def test_the_access_log_is_not_filled_with_them(app, caplog, name, path, kept):
    with caplog.at_level(logging.INFO, logger=name):
        logging.getLogger(name).info('127.0.0.1 - - "%s" %s -', f"GET {path} HTTP/1.1", 200)

    assert bool(caplog.records) is kept
