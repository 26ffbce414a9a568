"""The composition root: settings in, a wired application out."""

import os
from datetime import timedelta

from flask import Flask
from flask_bootstrap import Bootstrap5
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from booking import belongings as booking_belongings  # noqa: F401  # registers what is whose
from booking import closing as booking_closing  # noqa: F401  # registers what keeps an account open
from booking import mails as booking_mails  # noqa: F401  # registers how letters about bookings are worded
from booking import tasks as booking_tasks  # noqa: F401  # registers the jobs
from booking.busy import pages as busy_pages  # noqa: F401  # it puts pages on the blueprint
from booking.feeds import pages as feed_pages  # noqa: F401  # it too
from booking.feeds import views as feed_views
from marketplace import cli
from marketplace.accounts import belongings as accounts_belongings  # noqa: F401
from marketplace.accounts import views as accounts_views
from marketplace.accounts.current import login_manager
from marketplace.accounts.languages import chosen_language, language_of
from marketplace.core import assets, development, health, http, language, packing, single_statements
from marketplace.core.clock import CLOCK
from marketplace.core.config import ROOT, Settings
from marketplace.core.db import db
from marketplace.demo import views as demo_views
from marketplace.demo.commands import seed_demo
from marketplace.desk import views as desk_views
from marketplace.mentors import belongings as mentors_belongings  # noqa: F401
from marketplace.mentors import closing as mentors_closing  # noqa: F401
from marketplace.mentors import views as mentors_views
from marketplace.mentorships import belongings as mentorships_belongings  # noqa: F401
from marketplace.mentorships import closing as mentorships_closing  # noqa: F401
from marketplace.mentorships import mails as mentorships_mails  # noqa: F401
from marketplace.mentorships import tasks as mentorships_tasks  # noqa: F401
from marketplace.mentorships import views as mentorships_views
from marketplace.offerings import belongings as offerings_belongings  # noqa: F401
from marketplace.offerings import closing as offerings_closing  # noqa: F401
from marketplace.operator import views as operator_views
from marketplace.pages import (
    context,
    move_views,  # noqa: F401  # it puts a page on the blueprint
    onward_views,  # noqa: F401  # it too
    programme_views,  # noqa: F401  # it too
    proposal_views,  # noqa: F401  # it too
    remaining_views,  # noqa: F401  # it too
)
from marketplace.pages import views as pages_views
from marketplace.search import belongings as search_belongings  # noqa: F401
from marketplace.search import suggesting_views  # noqa: F401  # it puts a page on the blueprint
from marketplace.search import tasks as search_tasks  # noqa: F401  # registers the jobs
from marketplace.search import views as search_views
from payments import belongings as payments_belongings  # noqa: F401
from payments import closing as payments_closing  # noqa: F401
from payments import mails as payments_mails  # noqa: F401
from payments import tasks as payments_tasks  # noqa: F401  # registers the jobs
from payments import views as payments_views
from payments import webhooks

csrf = CSRFProtect()
BLUEPRINTS = (
    accounts_views.bp,
    feed_views.bp,
    pages_views.bp,
    mentors_views.bp,
    search_views.bp,
    mentorships_views.bp,
    *desk_views.BLUEPRINTS,
    operator_views.bp,
    payments_views.bp,
    webhooks.bp,
)


def create_app(settings: Settings | None = None) -> Flask:
    """Raises SettingsError in plain words when a setting is missing or wrong."""
    settings = settings or Settings.from_env(os.environ)
    settings.check()
    settings = development.completed(settings)
    app = Flask(
        "marketplace",
        root_path=str(ROOT),
        instance_path=str(settings.instance.resolve()),
        static_url_path="/static",
        static_folder=None,
    )
    app.config.from_mapping(flask_config(settings))
    app.extensions["settings"] = settings
    CLOCK.follow(settings.clock_offset_file)
    db.init_app(app)
    single_statements.init_app(app)
    Migrate(app, db, directory=str(ROOT / "migrations"))
    csrf.init_app(app)
    login_manager.init_app(app)
    Bootstrap5(app)
    language.init_app(app, chosen_language, language_of)
    packing.init_app(app)
    assets.init_app(app)
    http.init_app(app)
    health.init_app(app)
    context.init_app(app)
    cli.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    csrf.exempt(webhooks.bp)
    app.cli.add_command(seed_demo)
    if settings.demo:
        app.register_blueprint(demo_views.bp)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def flask_config(settings: Settings) -> dict[str, object]:
    secure = settings.public_url.startswith("https://")
    return {
        "SECRET_KEY": settings.secret_key,
        "TESTING": settings.environment == "test",
        "MAX_CONTENT_LENGTH": 1024 * 1024,
        "SESSION_COOKIE_NAME": "__Host-officehours" if secure else "officehours",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": timedelta(days=30),
        "WTF_CSRF_TIME_LIMIT": None,
        "BOOTSTRAP_SERVE_LOCAL": True,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": {
            "pool_size": 8,
            "max_overflow": 8,
            "pool_pre_ping": True,
            "connect_args": {
                "connect_timeout": 5,
                "options": "-c timezone=UTC -c lock_timeout=10s -c statement_timeout=30s"
                " -c idle_in_transaction_session_timeout=60s"
                " -c random_page_cost=1.1",  # what is read often is in memory: PostgreSQL assumes a turning disk
            },
        },
    }
