"""What may happen, drawn from a seed. The real site and the model play the same histories."""

from dataclasses import dataclass
from random import Random

PHRASES = {
    "buy": 6,
    "buy pay": 9,
    "buy pay deliver run_jobs": 5,
    "buy near_end extend pay": 6,
    "buy near_end extend near_end extend": 2,
    "buy past_end sweep": 3,
    "buy near_end replace pay": 4,
    "buy reprice pay": 3,
    "buy forget pay poll": 3,
    "buy forget pause pay poll": 5,
    "buy forget pause pay deliver run_jobs settle_refund": 4,
    "fault buy come_back pay": 6,
    "fault give_back": 2,
    "plan_refund buy forget pause pay deliver run_jobs sweep settle_refund deliver": 5,
    "come_back": 3,
    "give_back": 4,
    "extend": 3,
    "replace": 4,
    "look": 5,
    "pay": 8,
    "settle": 4,
    "deliver run_jobs": 6,
    "deliver": 3,
    "run_jobs": 4,
    "sweep": 5,
    "poll": 3,
    "wait": 6,
    "near_end": 2,
    "past_end": 4,
    "pause": 3,
    "fault": 4,
    "settle_refund": 3,
}
"""What tends to follow what, by the same mentee, so that short histories get somewhere."""
CANCELS = 0.08
"""How often somebody cancels what stands, before any move; drawn apart, so that the other moves of a seed stay."""
OUTCOMES = {"let_end": 3, "say": 5, "decide": 2}
HAPPENS = 0.12
"""How often a session is over, somebody says how it was, or an operator decides; drawn apart too."""
MOVES = 0.08
"""How often somebody moves what stands, drawn apart as well."""
BANKS = {"dispute": 5, "bank_decides": 6, "warn": 1}
DISPUTES = 0.08
"""How often a bank takes a payment back or asks about it, decides, or warns of fraud; drawn apart as well."""
AFTERWARDS = {
    "propose answer": 6,
    "propose": 3,
    "answer": 3,
    "let_end past_window sweep give_money_back sweep": 4,
    "let_end past_window sweep sweep pay_out give_money_back sweep": 4,
    "give_money_back sweep": 4,
    "think": 3,
    "pay_out": 1,
    "exchange buy pay look": 2,
    "release": 2,
    "dispute poll answer_bank": 1,
    "answer_bank": 1,
}
FOLLOWS = 0.08
"""How often something of what comes after a sale happens: proposals, money that goes back after settling, a mentor who
cannot be paid, another currency, an answer to a bank; drawn apart too."""
PROGRAMMES = {
    "buy_programme pay look book_bought book_bought": 8,
    "buy_programme pay look book_bought cancel book_bought": 4,
    "buy_programme pay look cancel take_money": 2,
    "buy_programme reprice pay look book_bought": 2,
    "buy_programme pay look book_bought dispute poll": 2,
    "book_bought": 8,
    "book_bought let_end past_window sweep sweep": 4,
    "cancel book_bought": 3,
    "cancel take_money": 3,
    "end_programme sweep": 4,
    "book_bought end_programme": 2,
    "ask run_jobs": 1,
}
LASTS = 0.08
"""How often somebody does something about a programme; drawn apart too."""
SERIES = {
    "buy_programme pay look book_remaining": 6,
    "buy_programme pay look book_remaining cancel book_remaining": 4,
    "buy_programme pay look book_bought book_remaining": 2,
    "book_remaining": 5,
    "cancel book_remaining": 4,
    "book_remaining let_end past_window sweep sweep": 3,
    "book_remaining end_programme sweep": 2,
    "book_remaining dispute poll": 1,
}
REMAINS = 0.08
"""How often somebody books all that is left of a programme with one press; drawn apart too."""
DIES = 0.15
"""How often the process that acts is killed, and the latest of its commits and requests at which it is."""
LATEST_DEATH = 7


@dataclass(frozen=True, slots=True)
class Move:
    """The numbers choose among what there is when the move comes, so that any sub-history can be played too."""

    name: str
    who: int = 0
    which: int = 0
    how: int = 0
    dies_at: int | None = None


def history(seed: int, length: int) -> list[Move]:
    """Everything that may happen: about as many moves as if what comes afterwards, and programmes, never did."""
    found = with_banks(seed, with_outcomes(seed, drawn(seed, length * 5 // 8)))
    for drawn_apart, phrases, often in (
        ("afterwards", AFTERWARDS, FOLLOWS),
        ("programmes", PROGRAMMES, LASTS),
        ("series", SERIES, REMAINS),
    ):
        found = with_phrases(drawn_apart, phrases, often, seed, found)
    return found


def with_phrases(drawn_apart: str, phrases: dict[str, int], often: float, seed: int, moves: list[Move]) -> list[Move]:
    """The same, and in between these."""
    rng, found = Random(f"{drawn_apart} {seed}"), list[Move]()
    for move in moves:
        if rng.random() < often:
            [phrase] = rng.choices(list(phrases), weights=list(phrases.values()))
            who = rng.randrange(1000)
            found += [_move(rng, name, who) for name in phrase.split()]
        found.append(move)
    return found


def with_outcomes(seed: int, moves: list[Move]) -> list[Move]:
    """The same, and in between sessions come to their end."""
    rng, found = Random(f"outcomes {seed}"), list[Move]()
    for move in moves:
        while rng.random() < HAPPENS:
            [name] = rng.choices(list(OUTCOMES), weights=list(OUTCOMES.values()))
            found.append(_move(rng, name, rng.randrange(1000)))
        found.append(move)
    return found


def with_banks(seed: int, moves: list[Move]) -> list[Move]:
    """The same, and in between banks do what they do."""
    rng, found = Random(f"banks {seed}"), list[Move]()
    for move in moves:
        while rng.random() < DISPUTES:
            [name] = rng.choices(list(BANKS), weights=list(BANKS.values()))
            found.append(_move(rng, name, rng.randrange(1000)))
        found.append(move)
    return found


def drawn(seed: int, length: int) -> list[Move]:
    rng, moves = Random(seed), list[Move]()
    while len(moves) < length:
        [phrase] = rng.choices(list(PHRASES), weights=list(PHRASES.values()))
        who = rng.randrange(1000)
        moves += [_move(rng, name, who) for name in phrase.split()]
    return _mixed(seed, "moving", "move", MOVES, _mixed(seed, "cancelling", "cancel", CANCELS, moves[:length]))


def _mixed(seed: int, drawn_apart: str, name: str, often: float, moves: list[Move]) -> list[Move]:
    rng, found = Random(f"{drawn_apart} {seed}"), list[Move]()
    for move in moves:
        if rng.random() < often:
            found.append(_move(rng, name, rng.randrange(1000)))
        found.append(move)
    return found


def _move(rng: Random, name: str, who: int) -> Move:
    return Move(
        name,
        who=who,
        which=min(rng.randrange(1000), rng.randrange(1000)),
        how=rng.randrange(1000),
        dies_at=rng.randint(1, LATEST_DEATH) if rng.random() < DIES else None,
    )
