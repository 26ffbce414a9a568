"""Every test makes an application of its own; what is the same in all of them is compiled once in a process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import CodeType, MethodType
from typing import Any, cast

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import BaseConverter, Rule
from werkzeug.routing.rules import RulePart


class CompiledTemplates(BytecodeCache):
    """By file and content, as Jinja's own caches on disk are."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None, "Jinja keeps what it has compiled"
        self._kept[bucket.key, bucket.checksum] = bucket.code


Builder = Callable[..., tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Compiled:
    """What werkzeug finds out of a rule's words, and the two functions that it writes to make addresses of them."""

    parts: list[RulePart]
    trace: list[tuple[bool, str]]
    converters: dict[str, BaseConverter]
    arguments: set[str]
    build: Builder
    build_unknown: Builder


_COMPILED: dict[tuple[object, ...], Compiled] = {}


class CompiledRule(Rule):
    """Reading its rules, and compiling two functions for each, takes longer than all else in making an application. It
    depends on nothing but what the rule says."""

    def compile(self) -> None:
        key = (self.rule, self.subdomain, self.host, repr(self.defaults), self.merge_slashes, self.is_leaf)
        if key not in _COMPILED:
            super().compile()
            written = [cast("MethodType", each).__func__ for each in (self._build, self._build_unknown)]
            _COMPILED[key] = Compiled(self._parts, self._trace, self._converters, self.arguments, *written)
            return
        known = _COMPILED[key]
        self._parts, self._trace, self._converters = known.parts, known.trace, known.converters
        self.arguments = set(known.arguments)
        self._build, self._build_unknown = known.build.__get__(self), known.build_unknown.__get__(self)


def make_applications_quick() -> None:
    options: dict[str, Any] = {**Flask.jinja_options, "bytecode_cache": CompiledTemplates()}
    Flask.jinja_options = options
    Flask.url_rule_class = CompiledRule
