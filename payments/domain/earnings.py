"""What a mentor has earned, in sums by month. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from marketplace.core.money import Money
from payments.domain.fees import an_hour


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of a share: what the mentor has less of it after all, and how much of that was gone already, so that
    they owe it; what was kept of it for what they owed; and what was sent."""

    taken: Money
    owed: Money
    kept: Money
    sent: Money


@dataclass(frozen=True, slots=True)
class EarnedLine:
    """One session that earned something: it took place, the mentee did not come, or it was cancelled late. `earned_at`
    is when that became final; `paid_at` when something of it was last sent, None before."""

    public_id: str
    title: str
    mentee: str
    starts_at: datetime
    minutes: int
    paid: Money
    """By the mentee for this session, with fee, tax and discount, before anything of it went back."""
    discount: Money
    """What was off the listed price."""
    site: Money
    """The site's part of what was kept; negative where it bears more of the discount than that."""
    share: Money
    """As it was settled."""
    earned_at: datetime
    paid_at: datetime | None
    transfer: str | None
    """Stripe's id of the last one."""
    moved: Moved

    @property
    def earned(self) -> Money:
        """After what was taken back."""
        return self.share - self.moved.taken

    @property
    def on_the_way(self) -> Money:
        return self.earned + self.moved.owed - self.moved.kept - self.moved.sent

    @property
    def added(self) -> Money:
        """What the site gave of its own, so that the mentor's share stays whole."""
        return Money(max(-self.site.minor, 0), self.site.currency)


@dataclass(frozen=True, slots=True)
class Month:
    """earned + owed = on_the_way + transferred + kept: what was sent and is taken back is owed, and what was owed
    is kept of what was earned later."""

    first: date
    earned: Money
    on_the_way: Money
    transferred: Money
    owed: Money
    kept: Money
    sessions: int


@dataclass(frozen=True, slots=True)
class Earnings:
    """In one currency; months without a session between the first and the last are there, so that a chart is true."""

    months: tuple[Month, ...]
    earned: Money
    on_the_way: Money
    transferred: Money
    owed: Money
    kept: Money
    hourly: Money
    """For each real hour: the sessions and the minutes around each."""


def earnings(lines: Iterable[EarnedLine], zone: ZoneInfo, *, around: int) -> list[Earnings]:
    """By currency. A line counts in the month in which it was earned, on the mentor's clock; `around` are the minutes
    that each session takes before and after it."""
    by_currency: defaultdict[str, list[EarnedLine]] = defaultdict(list)
    for line in lines:
        by_currency[line.share.currency].append(line)
    return [_in_one(by_currency[each], zone, around) for each in sorted(by_currency)]


def _in_one(lines: list[EarnedLine], zone: ZoneInfo, around: int) -> Earnings:
    by_month: defaultdict[date, list[EarnedLine]] = defaultdict(list)
    for line in lines:
        by_month[line.earned_at.astimezone(zone).date().replace(day=1)].append(line)
    months = tuple(_month(first, by_month.get(first, []), lines[0].share.currency) for first in _every(by_month))
    whole = _month(min(by_month), lines, lines[0].share.currency)
    worked = sum(line.minutes + around for line in lines)
    sums = (whole.earned, whole.on_the_way, whole.transferred, whole.owed, whole.kept)
    return Earnings(months, *sums, an_hour(whole.earned, worked))


def _month(first: date, lines: list[EarnedLine], currency: str) -> Month:
    def total(of: Iterable[Money]) -> Money:
        return sum(of, Money(0, currency))

    return Month(
        first,
        earned=total(line.earned for line in lines),
        on_the_way=total(line.on_the_way for line in lines),
        transferred=total(line.moved.sent for line in lines),
        owed=total(line.moved.owed for line in lines),
        kept=total(line.moved.kept for line in lines),
        sessions=len(lines),
    )


def _every(months: Iterable[date]) -> Iterable[date]:
    known = sorted(months)
    month = known[0]
    while month <= known[-1]:
        yield month
        month = month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)
