"""Which rules a page has: each loads the look of all pages, and a stylesheet of its own kind if it has one."""

import re

from marketplace.core.config import ROOT
from marketplace.core.trimming import classes_of

SHEETS = {file.name: classes_of(file.read_text()) for file in (ROOT / "static").glob("*.css")}
"""The classes that each knows."""
_LOADED = re.compile(r'<link rel="stylesheet" href="/static/([\w.-]+)')
_CLASSES = re.compile(r'\bclass="([^"]*)"')


def unstyled(html: str) -> set[str]:
    """Its classes that only stylesheets which it does not load know of. A page of somebody else's has none of ours."""
    loaded = [SHEETS[name] for name in _LOADED.findall(html) if name in SHEETS]
    used = {each for classes in _CLASSES.findall(html) for each in classes.split()}
    return (used & set().union(*SHEETS.values())) - set().union(*loaded) if loaded else set()
