"""What a parameter may be: each kind reads the raw text and raises Stripe's refusal."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit

from payments.sandbox.errors import ApiError
from payments.sandbox.form import Tree


def words(text: str) -> frozenset[str]:
    """The names in a text, for sets of them that fill lines."""
    return frozenset(text.split())


class Kind(Protocol):
    def read(self, raw: Tree, name: str) -> Any: ...


@dataclass(frozen=True, slots=True)
class Text:
    """A string that is not empty. `is_url` and `is_email` ask for that form."""

    limit: int = 5000
    one_of: frozenset[str] = frozenset()
    is_url: bool = False
    is_email: bool = False

    def read(self, raw: Tree, name: str) -> str:
        if not isinstance(raw, str):
            raise ApiError(f"Invalid string: {raw}", code="parameter_invalid_string", param=name)
        if not raw:
            raise ApiError(
                f"You passed an empty string for '{name}'. We assume empty values are an attempt to unset a parameter; "
                f"however '{name}' cannot be unset. You should remove '{name}' from your request or supply a non-empty "
                "value.",
                code="parameter_invalid_empty",
                param=name,
            )
        if len(raw) > self.limit:
            raise ApiError(
                f"Invalid string: {raw[:20]}…; must be at most {self.limit} characters",
                code="parameter_invalid_string",
                param=name,
            )
        self._refuse_wrong_form(raw, name)
        return raw

    def _refuse_wrong_form(self, raw: str, name: str) -> None:
        if self.one_of and raw not in self.one_of:
            raise ApiError(f"Invalid {name}: must be one of {', '.join(sorted(self.one_of))}", param=name)
        if self.is_url and (urlsplit(raw).scheme not in {"http", "https"} or not urlsplit(raw).hostname):
            raise ApiError("Not a valid URL", code="url_invalid", param=name)
        if self.is_email and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", raw):
            raise ApiError(f"Invalid email address: {raw}", code="email_invalid", param=name)


@dataclass(frozen=True, slots=True)
class Whole:
    """An integer not below `least`, nor above `most`."""

    least: int | None = None
    most: int | None = None

    def read(self, raw: Tree, name: str) -> int:
        if not isinstance(raw, str) or not re.fullmatch(r"-?\d{1,18}", raw):
            raise ApiError(f"Invalid integer: {raw}", code="parameter_invalid_integer", param=name)
        value = int(raw)
        if self.least is not None and value < self.least:
            wrong = f"This value must be greater than or equal to {self.least}."
            raise ApiError(wrong, code="parameter_invalid_integer", param=name)
        if self.most is not None and value > self.most:
            wrong = f"This value must be less than or equal to {self.most} (it currently is '{value}')."
            raise ApiError(wrong, code="parameter_invalid_integer", param=name)
        return value


@dataclass(frozen=True, slots=True)
class Number:
    """A decimal above 0 and not above `most`."""

    most: float

    def read(self, raw: Tree, name: str) -> float:
        if not isinstance(raw, str) or not re.fullmatch(r"\d{1,9}(\.\d{1,4})?", raw):
            raise ApiError(f"Invalid decimal: {raw}", param=name)
        value = float(raw)
        if not 0 < value <= self.most:
            raise ApiError(f"This value must be greater than 0 and at most {self.most:g}.", param=name)
        return value


@dataclass(frozen=True, slots=True)
class Flag:
    """true or false."""

    def read(self, raw: Tree, name: str) -> bool:
        if raw not in ("true", "false"):
            raise ApiError(f"Invalid boolean: {raw}", param=name)
        return raw == "true"


@dataclass(frozen=True, slots=True)
class Metadata:
    """At most 50 pairs, keys of 40 and values of 500 characters (https://docs.stripe.com/api/metadata)."""

    def read(self, raw: Tree, name: str) -> dict[str, str]:
        if not isinstance(raw, dict):
            raise ApiError("Invalid object", param=name)
        if len(raw) > 50:
            raise ApiError("Metadata can have at most 50 keys.", param=name)
        return {key: self._value(key, value, name) for key, value in raw.items() if value != ""}

    def _value(self, key: str, value: Tree, name: str) -> str:
        if not isinstance(value, str):
            raise ApiError("Metadata values must be strings.", param=f"{name}[{key}]")
        if len(key) > 40:
            raise ApiError(f"Metadata keys must be at most 40 characters, got {len(key)}.", param=name)
        if len(value) > 500:
            wrong = f"Metadata values must be at most 500 characters, got {len(value)}."
            raise ApiError(wrong, param=f"{name}[{key}]")
        return value


@dataclass(frozen=True, slots=True)
class Several:
    """A list of one kind."""

    of: Kind

    def read(self, raw: Tree, name: str) -> list[Any]:
        if not isinstance(raw, dict) or not all(key.isdigit() for key in raw):
            raise ApiError("Invalid array", param=name)
        return [self.of.read(raw[key], f"{name}[{key}]") for key in sorted(raw, key=int)]


@dataclass(frozen=True, slots=True)
class Group:
    """An object with known fields; any other is refused, as Stripe does."""

    fields: Mapping[str, Kind]
    required: frozenset[str] = frozenset()

    def read(self, raw: Tree, name: str) -> dict[str, Any]:
        if not isinstance(raw, dict):
            raise ApiError("Invalid object", param=name)
        for key in raw:
            if key not in self.fields:
                wrong = inside(name, key)
                raise ApiError(f"Received unknown parameter: {wrong}", code="parameter_unknown", param=wrong)
        for key in sorted(self.required):
            if key not in raw:
                wrong = inside(name, key)
                raise ApiError(f"Missing required param: {wrong}.", code="parameter_missing", param=wrong)
        return {key: self.fields[key].read(value, inside(name, key)) for key, value in raw.items()}


@dataclass(frozen=True, slots=True)
class Range:
    """A number, or any of gt, gte, lt and lte; read as those four."""

    def read(self, raw: Tree, name: str) -> dict[str, int]:
        if isinstance(raw, str):
            exact = Whole().read(raw, name)
            return {"gte": exact, "lte": exact}
        return Group(dict.fromkeys(("gt", "gte", "lt", "lte"), Whole())).read(raw, name)


def inside(outer: str, key: str) -> str:
    return f"{outer}[{key}]" if outer else key
