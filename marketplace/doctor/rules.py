"""One rule as the database can show it: a query for what breaks it, and what the line says."""

from dataclasses import dataclass

from sqlalchemy import BindParameter, TextClause, bindparam, text

from booking.domain.boundaries import Boundaries
from booking.domain.states import CANCELLED, IN_CALENDARS, LAPSED, NO_SHOW, OCCUPYING, PENDING
from marketplace.doctor.finding import Finding, Level, Patient, ok
from payments.domain.states import PAYABLE

SHOWN = 3
"""So many examples stand in the line; the rest is counted."""
_DEFAULTS = Boundaries()
_STATES = {
    "occupying": sorted(OCCUPYING),
    "not_confirmed": sorted(PENDING | LAPSED),
    "given_up": sorted(LAPSED | CANCELLED),
    "in_calendars": sorted(IN_CALENDARS | CANCELLED),
    "payable": sorted(PAYABLE),
    "missed": sorted(NO_SHOW),
}
_CAPS = {
    "sessions_a_day": _DEFAULTS.sessions_a_day,
    "sessions_a_week": _DEFAULTS.sessions_a_week,
    "minutes_a_day": _DEFAULTS.minutes_a_day,
}


@dataclass(frozen=True, slots=True)
class Rule:
    """`query` returns one text for each violation: a public id, or a few words. `level` is what a violation means.

    It may name lists of states (`:occupying`), the default caps, and `:now`.
    """

    number: int
    name: str
    holds: str
    broken: str
    query: str
    advice: str
    level: Level = Level.BROKEN

    def check(self, patient: Patient) -> Finding:
        moment = {"now": patient.now} if ":now" in self.query else {}
        found = list(patient.session.scalars(self._statement(), moment))
        label = f"rule {self.number} {self.name}"
        if not found:
            return ok(label, self.holds)
        more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
        says = f"{len(found)} × {self.broken}: {', '.join(found[:SHOWN])}{more}"
        return Finding(self.level, label, says, self.advice)

    def _statement(self) -> TextClause:
        named: list[BindParameter[object]] = [
            *(bindparam(name, states, expanding=True) for name, states in _STATES.items() if self._names(name)),
            *(bindparam(name, cap) for name, cap in _CAPS.items() if self._names(name)),
        ]
        return text(self.query).bindparams(*named)

    def _names(self, parameter: str) -> bool:
        return f":{parameter}" in self.query
