"""Settings: read from the environment once, checked at start, frozen, and passed in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale

Value = TypeVar("Value")
ROOT = Path(__file__).resolve().parents[2]


class SettingsError(Exception):
    """A setting is missing or wrong. The message says what to set, and to what."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that an operator can decide; docs/settings.md has a line for each."""

    environment: str = "development"
    site_name: str = "Office Hours"
    public_url: str = "http://127.0.0.1:8000"
    secret_key: str = ""
    database_url: str = ""
    instance: Path = ROOT / "instance"
    clock_offset_file: Path | None = None
    demo: bool = False
    trusted_proxies: int = 0
    require_operator_second_step: bool | None = None

    stripe_secret_key: str = ""
    stripe_webhook_secret: str = ""
    stripe_accounts_webhook_secret: str = ""
    stripe_api_base: str = ""

    smtp_url: str = ""
    mail_from: str = "Office Hours <office-hours@localhost>"
    meeting_url: str = ""
    default_zone: str = "Europe/Amsterdam"
    busy_calendar_minutes: int = 15
    busy_calendar_kilobytes: int = 2048
    busy_calendars_on_this_machine: bool = False

    terms_url: str = ""
    terms_version: str = ""
    privacy_url: str = ""
    imprint_url: str = ""

    currencies: tuple[str, ...] = ("EUR",)
    fee_bp: int = 1500
    fee_bp_from_4th: int = 1200
    fee_bp_from_10th: int = 1000
    fee_borne_by: str = "mentee"
    promotion_codes: bool = False
    withdrawal: str = "none"
    tax: str = "none"
    tax_code: str = ""
    invoices: bool = False

    fit_band: tuple[int, int] = (20, 40)

    envelope_weekdays: frozenset[int] = frozenset({1, 2, 3, 4, 5})
    envelope_opens: int = 8 * 60
    envelope_closes: int = 18 * 60

    @property
    def production(self) -> bool:
        return self.environment == "production"

    @property
    def currency(self) -> str:
        """The first, which the sums of the site's own fee are in."""
        return self.currencies[0]

    @property
    def operators_need_second_step(self) -> bool:
        """In production, unless it is said otherwise."""
        return self.production if self.require_operator_second_step is None else self.require_operator_second_step

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Settings:
        """Raises SettingsError, naming the variable and what it should hold."""
        given = {
            field.name: _parsed(field.name, raw, environ)
            for field in fields(cls)
            if (raw := environ.get(variable(field.name))) not in (None, "")
        }
        settings = cls(**given)  # type: ignore[arg-type]  # each value was made by its own parser
        settings.check()
        return settings

    def check(self) -> None:
        if self.environment not in {"production", "development", "test"}:
            raise SettingsError("OFFICE_HOURS_ENV must be production, development or test.")
        if self.fee_borne_by not in {"mentee", "mentor"}:
            raise SettingsError("FEE_BORNE_BY must be mentee or mentor.")
        if self.tax not in {"none", "exclusive", "inclusive"}:
            raise SettingsError("TAX must be none, exclusive or inclusive.")
        if self.withdrawal not in {"none", "eu"}:
            raise SettingsError("WITHDRAWAL must be none or eu.")
        if not 0 <= self.envelope_opens < self.envelope_closes <= 24 * 60:
            raise SettingsError("ENVELOPE_OPENS must come before ENVELOPE_CLOSES, both as HH:MM up to 24:00.")
        if self.demo and self.production:
            raise SettingsError("DEMO must not be set in production: it lets anyone sign in and move the clock.")
        if bool(self.terms_url) != bool(self.terms_version):
            raise SettingsError("Set TERMS_URL and TERMS_VERSION together: who signs up accepts that version of them.")
        if self.production:
            self._check_production()

    def _check_production(self) -> None:
        if not self.database_url:
            raise SettingsError("Set DATABASE_URL to a PostgreSQL 15 server; the embedded one is for trying out.")
        if len(self.secret_key) < 32:
            raise SettingsError("Set SECRET_KEY to at least 32 random characters and keep it: feeds depend on it.")
        if urlsplit(self.public_url).scheme != "https":
            raise SettingsError("Set PUBLIC_URL to the site's https:// address.")
        if self.clock_offset_file is not None:
            raise SettingsError("Unset CLOCK_OFFSET_FILE: a production clock does not move.")
        if self.busy_calendars_on_this_machine:
            raise SettingsError("Unset BUSY_CALENDARS_ON_THIS_MACHINE: strangers could look around in your network.")
        if self.stripe_api_base:
            raise SettingsError("Unset STRIPE_API_BASE: production speaks to Stripe itself.")
        if not self.stripe_secret_key or not self.stripe_webhook_secret:
            raise SettingsError("Set STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET from your Stripe dashboard.")
        if not self.smtp_url:
            raise SettingsError("Set SMTP_URL, for example smtp://user:password@mail.example.org:587.")


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return "OFFICE_HOURS_ENV" if name == "environment" else name.upper()


def _parsed(name: str, raw: str, environ: Mapping[str, str]) -> object:
    parse = _PARSERS.get(name, str)
    try:
        return parse(raw)
    except (ValueError, ZoneInfoNotFoundError) as wrong:
        hint = _HINTS.get(name, "see docs/settings.md")
        raise SettingsError(
            f"{variable(name)} is “{environ[variable(name)]}”, which cannot be read: {hint}."
        ) from wrong


def _url(raw: str) -> str:
    parts = urlsplit(raw)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise ValueError(raw)
    return raw.rstrip("/")


def _database_url(raw: str) -> str:
    scheme, _, rest = raw.partition("://")
    if scheme not in {"postgres", "postgresql", "postgresql+psycopg"} or not rest:
        raise ValueError(raw)
    return f"postgresql+psycopg://{rest}"


def _smtp_url(raw: str) -> str:
    if urlsplit(raw).scheme not in {"smtp", "smtps"} or not urlsplit(raw).hostname:
        raise ValueError(raw)
    return raw


def _minute_of_day(raw: str) -> int:
    hours, _, minutes = raw.partition(":")
    minute = int(hours) * 60 + int(minutes or 0)
    if not 0 <= minute <= 24 * 60 or int(minutes or 0) > 59:
        raise ValueError(raw)
    return minute


def _weekdays(raw: str) -> frozenset[int]:
    days = frozenset(int(day) for day in raw.split(","))
    if not days <= frozenset(range(1, 8)):
        raise ValueError(raw)
    return days


def _percent_band(raw: str) -> tuple[int, int]:
    """`20-40`"""
    low, high = (int(part) for part in raw.split("-"))
    if not 0 <= low <= high <= 100:
        raise ValueError(raw)
    return low, high


def _at_least_one(raw: str) -> int:
    if int(raw) < 1:
        raise ValueError(raw)
    return int(raw)


def _basis_points(raw: str) -> int:
    if not 0 <= int(raw) <= 10_000:
        raise ValueError(raw)
    return int(raw)


def _currencies(raw: str) -> tuple[str, ...]:
    codes = tuple(dict.fromkeys(code.strip() for code in raw.split(",")))
    if not set(codes) <= set(Locale("en").currencies):
        raise ValueError(raw)
    return codes


def _flag(raw: str) -> bool:
    if raw not in {"0", "1"}:
        raise ValueError(raw)
    return raw == "1"


def _tax_code(raw: str) -> str:
    if not raw.startswith("txcd_") or not raw.removeprefix("txcd_").isdigit():
        raise ValueError(raw)
    return raw


def _zone(raw: str) -> str:
    return ZoneInfo(raw).key


_PARSERS: dict[str, Callable[[str], object]] = {
    "public_url": _url,
    "stripe_api_base": _url,
    "meeting_url": _url,
    "terms_url": _url,
    "privacy_url": _url,
    "imprint_url": _url,
    "database_url": _database_url,
    "smtp_url": _smtp_url,
    "instance": Path,
    "clock_offset_file": Path,
    "demo": _flag,
    "require_operator_second_step": _flag,
    "promotion_codes": _flag,
    "invoices": _flag,
    "tax_code": _tax_code,
    "trusted_proxies": int,
    "default_zone": _zone,
    "busy_calendar_minutes": _at_least_one,
    "busy_calendar_kilobytes": _at_least_one,
    "busy_calendars_on_this_machine": _flag,
    "currencies": _currencies,
    "fee_bp": _basis_points,
    "fee_bp_from_4th": _basis_points,
    "fee_bp_from_10th": _basis_points,
    "fit_band": _percent_band,
    "envelope_weekdays": _weekdays,
    "envelope_opens": _minute_of_day,
    "envelope_closes": _minute_of_day,
}
_HINTS = {
    "public_url": "an address such as https://mentors.example.org",
    "stripe_api_base": "an address such as http://127.0.0.1:12111",
    "meeting_url": "an address such as https://meet.example.org/office-hours",
    "database_url": "an address such as postgresql://user:password@host/officehours",
    "smtp_url": "an address such as smtp://user:password@mail.example.org:587",
    "demo": "1 or 0",
    "require_operator_second_step": "1 or 0",
    "promotion_codes": "1 or 0",
    "invoices": "1 or 0",
    "tax_code": "a tax code of Stripe such as txcd_20030000",
    "trusted_proxies": "how many proxies stand in front, such as 1",
    "default_zone": "a time zone's name such as Europe/Amsterdam",
    "busy_calendar_minutes": "a number of minutes such as 15",
    "busy_calendar_kilobytes": "a number of kilobytes such as 2048",
    "busy_calendars_on_this_machine": "1 or 0",
    "currencies": "codes of currencies in capitals with commas, such as EUR,USD",
    "fee_bp": "hundredths of a percent from 0 to 10000",
    "fee_bp_from_4th": "hundredths of a percent from 0 to 10000",
    "fee_bp_from_10th": "hundredths of a percent from 0 to 10000",
    "fit_band": "two percentages such as 20-40",
    "envelope_weekdays": "numbers from 1 (Monday) to 7 (Sunday) with commas, such as 1,2,3,4,5",
    "envelope_opens": "a time such as 08:00",
    "envelope_closes": "a time such as 18:00",
}
