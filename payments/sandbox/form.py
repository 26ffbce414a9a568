"""Stripe's form encoding: `a[b]=1`, `a[0][b]=1` and `a[]=1` become nested dictionaries."""

import json
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl

from payments.sandbox.errors import ApiError

Tree = str | dict[str, "Tree"]

_KEY = re.compile(r"^([^\[\]]+)((?:\[[^\[\]]*\])*)$")


def pairs(encoded: str) -> list[tuple[str, str]]:
    """The fields of a form body or a query string, in their order; empty values are kept."""
    return parse_qsl(encoded, keep_blank_values=True)


def flat(encoded: str) -> list[tuple[str, str]]:
    """The same of a JSON body, as the v2 API takes them; null is as good as nothing."""
    try:
        told = json.loads(encoded or "{}")
    except ValueError:
        raise ApiError("The body is no valid JSON.", code="invalid_json") from None
    if not isinstance(told, dict):
        raise ApiError("The body has to be a JSON object.", code="invalid_json")
    return [field for name, value in told.items() for field in _flat(name, value)]


def _flat(name: str, value: Any) -> list[tuple[str, str]]:
    if isinstance(value, dict | list):
        inner = value.items() if isinstance(value, dict) else enumerate(value)
        return [field for key, each in inner for field in _flat(f"{name}[{key}]", each)]
    if value is None:
        return []
    return [(name, json.dumps(value) if isinstance(value, bool) else str(value))]


def tree(fields: Iterable[tuple[str, str]]) -> dict[str, Tree]:
    """Nests the fields; list positions become the keys "0", "1", …"""
    root: dict[str, Tree] = {}
    for name, value in fields:
        _plant(root, name, value)
    return root


def _plant(root: dict[str, Tree], name: str, value: str) -> None:
    match = _KEY.match(name)
    if match is None:
        raise ApiError(f"Invalid request (check unmatched brackets): {name}", param=name)
    path = [match[1], *re.findall(r"\[([^\[\]]*)\]", match[2])]
    branch = root
    for part in path[:-1]:
        below = branch.setdefault(part or str(len(branch)), {})
        if isinstance(below, str):
            raise ApiError(f"Invalid object: {name}", param=name)
        branch = below
    branch[path[-1] or str(len(branch))] = value
