"""Settings are checked at start, and what is wrong is said with what to set."""

import dataclasses
from pathlib import Path

import pytest

from marketplace.core.config import ROOT, Settings, SettingsError, variable

PRODUCTION = {
    "OFFICE_HOURS_ENV": "production",
    "DATABASE_URL": "postgresql://u:p@db.example.org/officehours",
    "SECRET_KEY": "k" * 40,
    "PUBLIC_URL": "https://mentors.example.org",
    "STRIPE_SECRET_KEY": "sk_live_x",
    "STRIPE_WEBHOOK_SECRET": "whsec_x",
    "SMTP_URL": "smtp://u:p@mail.example.org:587",
}


def test_a_complete_production_is_accepted() -> None:
    settings = Settings.from_env(PRODUCTION)

    assert settings.production
    assert settings.database_url == "postgresql+psycopg://u:p@db.example.org/officehours"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        pytest.param({"DATABASE_URL": ""}, "DATABASE_URL", id="the embedded database"),
        pytest.param({"SECRET_KEY": ""}, "SECRET_KEY", id="no secret key"),
        pytest.param({"SECRET_KEY": "short"}, "SECRET_KEY", id="a short secret key"),
        pytest.param({"PUBLIC_URL": "http://mentors.example.org"}, "PUBLIC_URL", id="plain http"),
        pytest.param({"CLOCK_OFFSET_FILE": "/tmp/offset"}, "CLOCK_OFFSET_FILE", id="a movable clock"),  # noqa: S108
        pytest.param({"STRIPE_API_BASE": "http://127.0.0.1:12111"}, "STRIPE_API_BASE", id="the stand-in for Stripe"),
        pytest.param({"STRIPE_SECRET_KEY": ""}, "STRIPE_SECRET_KEY", id="no key of Stripe"),
        pytest.param({"SMTP_URL": ""}, "SMTP_URL", id="no mail server"),
        pytest.param({"DEMO": "1"}, "DEMO", id="the demo"),
        pytest.param({"TERMS_URL": "https://example.org/terms"}, "TERMS_VERSION", id="terms without a version"),
    ],
)
def test_production_refuses(change: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        Settings.from_env(PRODUCTION | change)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OFFICE_HOURS_ENV", "staging"),
        ("PUBLIC_URL", "mentors.example.org"),
        ("DATABASE_URL", "sqlite:///x.db"),
        ("SMTP_URL", "mail.example.org"),
        ("DEFAULT_ZONE", "Mars/Olympus"),
        ("FEE_BP", "15%"),
        ("FEE_BP", "10001"),
        ("FEE_BORNE_BY", "nobody"),
        ("ENVELOPE_OPENS", "8 o'clock"),
        ("ENVELOPE_OPENS", "19:00"),
        ("ENVELOPE_WEEKDAYS", "1,8"),
        ("DEMO", "yes"),
        ("CURRENCIES", "EUR;USD"),
        ("CURRENCIES", "EUR,"),
    ],
)
def test_a_value_that_cannot_be_read_is_named_with_a_hint(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.from_env({name: value})


def test_a_site_sells_in_one_currency_or_in_several_each_once() -> None:
    assert Settings().currencies == ("EUR",)
    several = Settings.from_env({"CURRENCIES": "USD, EUR,USD"})
    assert (several.currencies, several.currency) == (("USD", "EUR"), "USD")


def test_settings_are_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Settings().fee_bp = 0  # type: ignore[misc]


def test_every_setting_stands_in_the_documentation() -> None:
    documented = Path(ROOT / "docs" / "settings.md").read_text()

    missing = [
        name for field in dataclasses.fields(Settings) if f"`{(name := variable(field.name))}`" not in documented
    ]
    assert missing == []
