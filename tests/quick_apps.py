"""Every test makes an application of its own; what is the same in all of them is compiled once in a process."""

from __future__ import annotations

from collections.abc import Callable
from types import CodeType
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule


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
_BUILDERS: dict[tuple[object, ...], Builder] = {}


class CompiledRule(Rule):
    """Werkzeug compiles a function or two for each address, which takes longer than all else in making an application.
    They depend on nothing but what the rule says."""

    def _compile_builder(self, append_unknown: bool = True) -> Builder:
        key = (self.rule, self.subdomain, self.host, repr(self.defaults), append_unknown)
        if key not in _BUILDERS:
            _BUILDERS[key] = super()._compile_builder(append_unknown)
        return _BUILDERS[key]


def make_applications_quick() -> None:
    options: dict[str, Any] = {**Flask.jinja_options, "bytecode_cache": CompiledTemplates()}
    Flask.jinja_options = options
    Flask.url_rule_class = CompiledRule
