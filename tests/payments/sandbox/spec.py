"""Stripe's OpenAPI document as a judge: what of an object, or of a request's form, does not fit it.

OpenAPI 3.0 is turned into JSON Schema Draft 4: `nullable` becomes a choice with null, and an object that lists its
properties may have no other unless it says so, since Stripe lists all that it sends and takes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from jsonschema import Draft4Validator
from jsonschema.exceptions import ValidationError
from referencing import Registry
from referencing.jsonschema import DRAFT4

from payments.sandbox.form import Tree, pairs, tree
from tools.stripe_spec import stripe_spec

Json = dict[str, Any]
_BASE = "urn:stripe"
_SCHEMAS = ("components", "schemas")
_NEW_SESSION = ("paths", "/v1/checkout/sessions", "post", "requestBody", "content", "application/x-www-form-urlencoded")


@dataclass(frozen=True)
class Difference:
    """What the library's version has and the document's has not: a further property, or a further word of a list."""

    at: tuple[str, ...]
    adds: str
    word: bool = False


# The library speaks 2026-10-28.endive, the document 2026-08-26.dahlia. `source` is in both and left out of the latter.
_SESSION = (*_SCHEMAS, "checkout.session", "properties")
_FORM = (*_NEW_SESSION, "schema", "properties")
DIFFERENCES = (
    Difference(_SESSION, "allowed_payment_method_types"),
    Difference((*_SESSION, "locale", "enum"), "hi-IN", word=True),
    Difference((*_SCHEMAS, "charge", "properties"), "source"),
    Difference((*_SCHEMAS, "dispute_evidence_details", "properties"), "submission_method"),
    Difference((*_SCHEMAS, "payment_intent", "properties"), "source"),
    Difference((*_FORM, "locale", "enum"), "hi-IN", word=True),
    Difference((*_FORM, "excluded_payment_method_types", "items", "enum"), "paypay", word=True),
    Difference((*_FORM, "excluded_payment_method_types", "items", "enum"), "sequra", word=True),
)


def _converted(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_converted(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {name: _converted(inner) for name, inner in schema.items() if name != "nullable"}
    if isinstance(schema.get("properties"), dict) and "additionalProperties" not in schema:
        kept["additionalProperties"] = False
    return {"anyOf": [kept, {"type": "null"}]} if schema.get("nullable") is True else kept


@dataclass(frozen=True)
class Spec:
    document: Json
    registry: Registry[Any]

    def wrong(self, schema: Json, value: object) -> list[str]:
        """One line for each thing that does not fit; `schema` may point into the document."""
        judge = Draft4Validator(_rooted(schema), registry=self.registry)
        return sorted({line for error in judge.iter_errors(value) for line in _told(error)})

    def wrong_object(self, body: Json) -> list[str]:
        """Judged as what its `object` says that it is; lists by their own shape and item by item."""
        if "error" in body:
            return self.wrong(_named("error"), body)
        if body["object"] == "list":
            return self.wrong(_LIST, body) + [line for each in body["data"] for line in self.wrong_object(each)]
        name = f"deleted_{body['object']}" if body.get("deleted") else body["object"]
        return self.wrong(_named(name), body)

    def wrong_event(self, event: Json) -> list[str]:
        """The envelope, and what it is about, which the document itself leaves open."""
        return self.wrong_object(event) + self.wrong_object(event["data"]["object"])

    def wrong_request(self, method: str, path: str, query: str, form: str) -> list[str]:
        """Raises LookupError for an address that Stripe does not have."""
        operation = self.operation(method, path)
        content = operation["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
        asked = {each["name"]: each["schema"] for each in operation.get("parameters", []) if each["in"] == "query"}
        must = [each["name"] for each in operation.get("parameters", []) if each["in"] == "query" and each["required"]]
        queried = {"type": "object", "properties": asked, "additionalProperties": False}
        parts = ((queried | {"required": must} if must else queried, query), (content, form))
        return [line for schema, fields in parts for line in self.wrong(schema, self.decoded(schema, fields))]

    def decoded(self, schema: Json, fields: str) -> Any:
        return self._coerced(schema, dict(tree(pairs(fields))))

    def operation(self, method: str, path: str) -> Json:
        """Raises LookupError for an address that Stripe does not have."""
        for known, operations in self.document["paths"].items():
            if re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", known), path) and method.lower() in operations:
                found: Json = operations[method.lower()]
                return found
        raise LookupError(f"Stripe has no {method} {path}")

    def _coerced(self, schema: Json, raw: Tree) -> Any:
        """A form knows only text: the schema says which text is a number, which tree a list."""
        if "anyOf" in schema:
            readings = [self._coerced(each, raw) for each in schema["anyOf"]]
            fitting = (each for each in readings if not self.wrong(schema, each))
            return next(fitting, readings[0])
        if isinstance(raw, str):
            return _scalar(schema.get("type", "string"), raw)
        if schema.get("type") == "array" and all(key.isdigit() for key in raw):
            return [self._coerced(schema["items"], raw[key]) for key in sorted(raw, key=int)]
        inner = schema.get("properties", {})
        return {key: self._coerced(inner.get(key, {}), value) for key, value in raw.items()}


_LIST = {
    "type": "object",
    "properties": {
        "object": {"enum": ["list"]},
        "data": {"type": "array", "items": {"type": "object"}},
        "has_more": {"type": "boolean"},
        "url": {"type": "string", "pattern": "^/v1/"},
    },
    "required": ["data", "has_more", "object", "url"],
    "additionalProperties": False,
}


def _named(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _rooted(schema: Json) -> Json:
    """The same with its references made whole, so that they lead into the document."""
    if isinstance(schema, dict):
        return {
            key: f"{_BASE}{value}" if key == "$ref" and str(value).startswith("#") else _rooted(value)
            for key, value in schema.items()
        }
    return [_rooted(each) for each in schema] if isinstance(schema, list) else schema


def _scalar(kind: str, text: str) -> object:
    if kind == "integer" and re.fullmatch(r"-?\d+", text):
        return int(text)
    if kind == "number" and re.fullmatch(r"-?\d+(\.\d+)?", text):
        return float(text)
    if kind == "boolean" and text in {"true", "false"}:
        return text == "true"
    return text


def _told(error: ValidationError) -> Iterator[str]:
    """Of a choice only the branch that the value comes closest to, without the other half of `nullable`."""
    branches: dict[int, list[ValidationError]] = {}
    for inner in error.context or []:
        branches.setdefault(int(inner.schema_path[0]), []).append(inner)
    if not branches:
        place = ".".join("[]" if isinstance(step, int) else step for step in error.absolute_path)
        yield f"{place}: {error.message[:160]}"
        return
    kinds = {
        number: [each for each in told if each.validator == "type" and not each.path]
        for number, told in branches.items()
    }
    closest = min(branches, key=lambda number: (len(kinds[number]), len(branches[number])))
    for inner in branches[closest]:
        yield from _told(inner)


@cache
def spec(without: Difference | None = None) -> Spec:
    """The document and all that the library's version adds, `without` one of these."""
    raw = stripe_spec()
    for difference in DIFFERENCES:
        if difference != without:
            _add(raw, difference)
    document = _converted(raw)
    return Spec(document, Registry().with_resource(_BASE, DRAFT4.create_resource(document)))


def _add(document: Json, difference: Difference) -> None:
    place: Any = document
    for step in difference.at:
        place = place[step]
    if difference.word:
        place.append(difference.adds)
    else:
        place[difference.adds] = {}
