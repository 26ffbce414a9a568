"""Writes docs/personal-data.md from what each feature says of its tables: `python -m tools.personal_data`."""

from __future__ import annotations

import marketplace.app  # noqa: F401  # every feature says what is whose
from marketplace.core.belongings import NOBODYS, AtClosing, Belonging, in_order
from marketplace.core.config import ROOT

PAGE = ROOT / "docs" / "personal-data.md"
CLOSING = {
    AtClosing.GOES: "is deleted",
    AtClosing.NAMELESS: "stays without names and words",
    AtClosing.STAYS: "stays",
}
INTRO = """# Personal data

What of each table belongs to a person, what of it is in the copy that everybody may take of all that is theirs (*Your
account*, “A copy of all that is yours”), and what becomes of it when they close their account. Each feature says it
beside its models, in `belongings.py`; a table or a column that nobody has decided about fails a test
(`tests/test_belongings.py`), and so does this page when it is not what they say. It is written by `make personal-data`.

What stays after closing is needed by the other side of a session, by the law (what was paid), or as a proof (what was
done on whom). The account itself is nameless then: “Former member” stands where the name was.
"""
NOBODYS_INTRO = """
## Nobody's

| table | why no row of it is in a copy |
|---|---|
"""


def as_page() -> str:
    theirs = "\n".join(_row(each) for each in in_order())
    ours = "\n".join(f"| `{table}` | {why} |" for table, why in sorted(NOBODYS.items()))
    head = "| table | in the copy | kept back | after closing |\n|---|---|---|---|"
    return f"{INTRO}\n## Somebody's\n\n{head}\n{theirs}\n{NOBODYS_INTRO}{ours}\n"


def _row(each: Belonging) -> str:
    reasons: dict[str, list[str]] = {}
    for column, reason in each.kept_back.items():
        reasons.setdefault(reason, []).append(column)
    kept = "; ".join(f"{_columns(columns)}: {reason}" for reason, columns in reasons.items())
    return f"| `{each.table.name}` | {_columns(each.shown)} | {kept} | {CLOSING[each.at_closing]} |"


def _columns(names: tuple[str, ...] | list[str]) -> str:
    return ", ".join(name.replace("_", " ") for name in names)


if __name__ == "__main__":
    PAGE.write_text(as_page(), "utf-8")
