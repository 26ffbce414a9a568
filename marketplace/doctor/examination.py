"""All checks in their order. What one cannot look at is a finding too, and stops no other."""

from collections.abc import Iterator

from sqlalchemy.exc import SQLAlchemyError

from marketplace.doctor import rules_of_money, rules_of_time
from marketplace.doctor.finding import Check, Finding, Level, Patient
from marketplace.doctor.parts import PARTS, account_events, database, mail, stripe_key, tables, webhook_endpoint
from marketplace.doctor.tax import currencies, tax
from marketplace.doctor.waiting import WAITING, books_balance, final_is_settled, paid_or_refunded

RULES = (*rules_of_time.RULES, *rules_of_money.RULES)
_BY_OTHER_MEANS: list[tuple[int, Check]] = [(4, paid_or_refunded), (4, final_is_settled), (6, books_balance)]
BY_NUMBER = sorted([*_BY_OTHER_MEANS, *((rule.number, rule.check) for rule in RULES)], key=lambda numbered: numbered[0])
WITHOUT_DATABASE = (mail, stripe_key, webhook_endpoint, account_events, tax, currencies)


def examine(patient: Patient) -> Iterator[Finding]:
    found = _asked("database", database, patient)
    yield found
    if found.level is Level.BROKEN:
        yield from (_asked(check.__name__, check, patient) for check in WITHOUT_DATABASE)
        return
    yield from (_asked(check.__name__, check, patient) for check in (*PARTS, tax, currencies))
    if tables(patient).level is Level.BROKEN:
        yield Finding(Level.ATTENTION, "rules", "not looked at before the tables are those of this version")
        return
    yield from (_asked(check.__name__, check, patient) for check in WAITING)
    yield from (_asked(f"rule {number}", check, patient) for number, check in BY_NUMBER)


def _asked(name: str, check: Check, patient: Patient) -> Finding:
    try:
        return check(patient)
    except SQLAlchemyError as failure:
        reason = str(getattr(failure, "orig", None) or failure).strip().splitlines()[0]
        return Finding(
            Level.BROKEN, name, f"could not be looked at: {reason}", "Is the database there, and is it ours?"
        )
    finally:
        patient.session.rollback()
