"""Identifiers that people see: random, so that counting does not find a neighbour's."""

import secrets
from base64 import b32encode


def public_id() -> str:
    """Twelve characters of a to z and 2 to 7 (60 random bits): easy to read out, safe in any address."""
    return b32encode(secrets.token_bytes(8)).decode().lower()[:12]
