"""Bootstrap's stylesheet without the rules for what no page of ours has: an eighth of it is left.

A rule stays if every class that it names is a word of a template or of the script. That keeps a few too many (a word
of a sentence may be a class as well) and none too few, as long as Bootstrap's classes are written out there:
`alert-danger`, not `alert-` with something behind it.
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from importlib.resources import files

from marketplace.core.config import ROOT

_SOURCE = files("flask_bootstrap") / "static" / "bootstrap5" / "css" / "bootstrap.min.css"
_REMARK = re.compile(r"/\*.*?\*/|@charset[^;]*;", re.DOTALL)
# A head and what stands in its braces, which in @media are rules with braces of their own.
_BLOCK = re.compile(r"([^{}]+)\{((?:[^{}]|\{[^{}]*\})*)\}")
_BETWEEN_SELECTORS = re.compile(r",(?![^(]*\))")
_WITHOUT = re.compile(r":not\([^)]*\)")
_CLASS = re.compile(r"\.([a-zA-Z_][\w-]*)")
_WORD = re.compile(r"[\w-]+")


def bootstrap() -> str:
    """What is left of it for the pages of this site."""
    return trimmed(whole_bootstrap(), words_of_pages())


def whole_bootstrap() -> str:
    return _REMARK.sub("", _SOURCE.read_text("utf-8"))


def words_of_pages() -> set[str]:
    sources = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "static").glob("*.js")]
    return {word for source in sources for word in _WORD.findall(source.read_text("utf-8"))}


def trimmed(styles: str, words: AbstractSet[str]) -> str:
    """The rules that can apply where all classes are among these words."""
    return "".join(_kept(head, body, words) for head, body in _BLOCK.findall(styles))


def _kept(head: str, body: str, words: AbstractSet[str]) -> str:
    if head.startswith(("@media", "@supports")):
        inside = trimmed(body, words)
        return f"{head}{{{inside}}}" if inside else ""
    if head.startswith("@"):
        return f"{head}{{{body}}}"
    selectors = [each for each in _BETWEEN_SELECTORS.split(head) if classes_of(each) <= words]
    return f"{','.join(selectors)}{{{body}}}" if selectors else ""


def classes_of(selector: str) -> set[str]:
    """What an element or its neighbours must have; not what they must not."""
    return set(_CLASS.findall(_WITHOUT.sub("", selector)))
