"""Secrets of people that the site has to read again: sealed, so that a leaked database or a backup opens nothing.

AES-256-GCM under a key for one purpose alone, made from SECRET_KEY. What is sealed for one owner does not open for
another, so nobody who can write rows makes the site read somebody else's.
"""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES, TAG_BYTES = 12, 16


class DoesNotOpen(Exception):
    """It was sealed with another SECRET_KEY or for another owner, or is not whole."""


def seal(secret: str, *, secret_key: str, purpose: str, owner: int) -> bytes:
    """Another each time, also of the same."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(_key(secret_key, purpose)).encrypt(nonce, secret.encode(), _whose(owner))


def unseal(sealed: bytes, *, secret_key: str, purpose: str, owner: int) -> str:
    """Raises DoesNotOpen."""
    nonce, rest = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    try:
        return AESGCM(_key(secret_key, purpose)).decrypt(nonce, rest, _whose(owner)).decode()
    except (InvalidTag, ValueError):
        raise DoesNotOpen from None


def fingerprint(secret: str, *, secret_key: str, purpose: str) -> bytes:
    """The same each time, by which one is known again and nobody learns it."""
    return hmac.digest(_key(secret_key, f"{purpose}, known again"), secret.encode(), sha256)


def _key(secret_key: str, purpose: str) -> bytes:
    return hmac.digest(secret_key.encode(), f"office hours: {purpose}".encode(), sha256)


def _whose(owner: int) -> bytes:
    return str(owner).encode()
