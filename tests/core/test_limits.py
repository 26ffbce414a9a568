"""How often something may be tried, by many at once too."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select, text

from marketplace.core import limits
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.errors import TooMany
from marketplace.core.limits import AttemptRow, Limit, count, forget, give_back, network
from tests.jobs import sweep

QUARTER = timedelta(minutes=15)
SECOND = timedelta(seconds=1)
LIMIT = Limit("of a test", 3, QUARTER)
TEN = Limit("of a race", 10, QUARTER)
AT_ONCE = 16


def tried(limit: Limit, who: str, times: int, now) -> int:
    """How many of them got through."""
    through = 0
    for _ in range(times):
        try:
            count(limit, who, now=now)
        except TooMany:
            continue
        through += 1
    return through


def test_so_many_tries_are_let_through_and_no_more(app, clock):
    assert tried(LIMIT, "ada", 5, clock.now()) == 3


def test_who_tried_too_often_is_told_how_long_to_wait(app, clock):
    began = clock.now()
    tried(LIMIT, "ada", 3, began)

    with pytest.raises(TooMany) as refused:
        count(LIMIT, "ada", now=began + timedelta(minutes=4, seconds=30))

    assert refused.value.retry_after == timedelta(minutes=10, seconds=30)
    assert str(refused.value) == "That was tried too often. Please try again in 11 min."


@pytest.mark.parametrize(
    ("later", "through"),
    [pytest.param(QUARTER - SECOND, 0, id="just before its end"), pytest.param(QUARTER, 3, id="at its end")],
)
def test_a_window_ends_so_long_after_the_first_try(app, clock, later, through):
    began = clock.now()
    count(LIMIT, "ada", now=began)
    tried(LIMIT, "ada", 4, began + QUARTER / 2)

    assert tried(LIMIT, "ada", 4, began + later) == through


def test_each_person_and_each_kind_has_a_count_of_its_own(app, clock):
    tried(LIMIT, "ada", 4, clock.now())

    assert tried(LIMIT, "alan", 1, clock.now()) == 1
    assert tried(Limit("of another test", 3, QUARTER), "ada", 1, clock.now()) == 1


def test_what_is_given_back_does_not_count(app, clock):
    for _ in range(9):
        count(LIMIT, "ada", now=clock.now())
        give_back(LIMIT, "ada")

    assert tried(LIMIT, "ada", 5, clock.now()) == 3


def test_giving_back_more_than_was_counted_wins_nothing(app, clock):
    count(LIMIT, "ada", now=clock.now())
    for _ in range(9):
        give_back(LIMIT, "ada")

    assert tried(LIMIT, "ada", 5, clock.now()) == 3


def test_who_is_forgotten_begins_anew(app, clock):
    tried(LIMIT, "ada", 9, clock.now())

    forget(LIMIT, "ada")

    assert tried(LIMIT, "ada", 5, clock.now()) == 3


def test_a_count_stays_whatever_becomes_of_the_request(app, session, clock):
    session.execute(text("SELECT 1"))
    tried(LIMIT, "ada", 3, clock.now())

    session.rollback()

    assert tried(LIMIT, "ada", 1, clock.now()) == 0


def test_who_tried_cannot_be_read_from_the_table(app, session, clock):
    count(LIMIT, "ada@example.org", now=clock.now())

    [row] = session.execute(text("SELECT attempts::text FROM attempts")).scalars()
    assert "ada" not in row


def test_what_counts_no_more_is_swept(app, session, clock):
    count(LIMIT, "ada", now=clock.now())
    clock.advance(timedelta(minutes=10))
    count(LIMIT, "alan", now=clock.now())
    clock.advance(timedelta(minutes=6))

    sweep(app, "core:forget_attempts")

    assert len(session.scalars(select(AttemptRow)).all()) == 1


@pytest.mark.parametrize(
    ("address", "stands_for"),
    [
        pytest.param("203.0.113.7", "203.0.113.7", id="IPv4"),
        pytest.param("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64", id="IPv6 by its network"),
        pytest.param("2001:db8:1:2:ffff::", "2001:db8:1:2::/64", id="a neighbour in it"),
        pytest.param("2001:db8:1:3::1", "2001:db8:1:3::/64", id="another network"),
        pytest.param("::ffff:203.0.113.7", "203.0.113.7", id="IPv4 in the clothes of IPv6"),
        pytest.param("fe80::1%eth0", "fe80::/64", id="with a scope"),
        pytest.param(None, "", id="unknown"),
        pytest.param("unix:", "", id="no address"),
    ],
)
def test_who_counts_as_one_visitor(address, stands_for):
    assert network(address) == stands_for


def let_through(app: Flask, one_try: Callable[[], None]) -> int:
    """Of many at one moment, each with a connection of its own."""
    together = Barrier(AT_ONCE)

    def one(_: int) -> bool:
        with app.app_context():
            together.wait()
            try:
                one_try()
            except TooMany:
                return False
            return True

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return sum(pool.map(one, range(AT_ONCE)))


@pytest.mark.parametrize("before", [0, 1], ids=["the first tries", "a count that is there already"])
def test_of_many_at_once_no_more_than_the_limit_get_through(app, clock, before):
    tried(TEN, "ada", before, clock.now())

    assert let_through(app, lambda: count(TEN, "ada", now=utcnow())) == TEN.most - before


def test_many_at_once_after_a_window_share_the_next_one(app, clock):
    tried(TEN, "ada", 12, clock.now())
    clock.advance(QUARTER)

    assert let_through(app, lambda: count(TEN, "ada", now=utcnow())) == TEN.most


def test_control_who_looks_first_and_writes_then_lets_all_of_them_through(app, clock):
    count(TEN, "ada", now=clock.now())
    all_have_looked = Barrier(AT_ONCE)

    def look_and_write() -> None:
        with db.engine.begin() as connection:
            tries = connection.execute(select(AttemptRow.tries)).scalar_one()
        all_have_looked.wait()
        if tries >= TEN.most:
            raise TooMany("Too often.", retry_after=QUARTER)
        limits.count(Limit(TEN.scope, AT_ONCE + 1, QUARTER), "ada", now=utcnow())

    assert let_through(app, look_and_write) == AT_ONCE
