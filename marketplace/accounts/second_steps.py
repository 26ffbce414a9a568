"""The second step: codes of an authenticator app (TOTP, RFC 6238), and codes for when that is lost.

The app's secret is stored nowhere. It is derived from SECRET_KEY and a random salt, like a calendar's address, so a
leaked database makes no codes; a new SECRET_KEY ends every second step, and the recovery codes go on working.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import b32encode
from datetime import datetime
from hashlib import sha256

import pyotp
import segno

SALT_BYTES = 16
SECRET_BYTES = 20
"""160 bits, as RFC 4226 wants it: 32 letters and digits of base32."""
APP_DIGITS, STEP_SECONDS = 6, 30
TOLERANCE = 1
"""Steps by which the app's clock may be off, either way (RFC 6238, 5.2)."""
RECOVERY_CODES = 10
_RECOVERY_BYTES = 10


def new_salt() -> bytes:
    return secrets.token_bytes(SALT_BYTES)


def secret_of(secret_key: str, user_id: int, salt: bytes) -> str:
    """In base32, as apps take it."""
    key = hmac.digest(secret_key.encode(), b"office hours: second step", sha256)
    return b32encode(hmac.digest(key, f"{user_id}.".encode() + salt, sha256)[:SECRET_BYTES]).decode()


def step_of(code: str, secret: str, *, now: datetime, after: int = -1) -> int | None:
    """The step of 30 seconds that the code is of, if it is a present one and later than `after`; else None."""
    app, this = pyotp.TOTP(secret), int(now.timestamp()) // STEP_SECONDS
    near = range(this - TOLERANCE, this + TOLERANCE + 1)
    fitting = [step for step in near if hmac.compare_digest(app.at(step * STEP_SECONDS).encode(), code.encode())]
    return next((step for step in fitting if step > after), None)


def address_of(secret: str, *, account: str, site: str) -> str:
    """What the QR code says: `otpauth://totp/…`."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=site)


def picture_of(address: str) -> str:
    """A QR code as a `data:` image, black on white in either theme."""
    return str(segno.make(address, error="m").svg_data_uri(scale=5, border=4, dark="black", light="white"))


def recovery_codes() -> list[str]:
    """80 random bits each, so a plain hash of one gives nothing away: `abcd-efgh-ijkl-mnop`."""
    whole = [b32encode(secrets.token_bytes(_RECOVERY_BYTES)).decode().lower() for _ in range(RECOVERY_CODES)]
    return ["-".join(code[at : at + 4] for at in range(0, len(code), 4)) for code in whole]


def plain(code: str) -> str:
    """As it was meant, however it was grouped when it was typed."""
    return "".join(code.split()).replace("-", "").casefold()


def can_be_guessed(code: str) -> bool:
    """True for what may be a code of the app; nobody guesses a recovery code."""
    return len(plain(code)) <= APP_DIGITS


def fingerprint(code: str) -> bytes:
    """What the row of a recovery code holds."""
    return sha256(plain(code).encode()).digest()
