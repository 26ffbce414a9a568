"""What a mentee may put into a portfolio beside what is always in it. Pure."""

from enum import StrEnum


class Extra(StrEnum):
    """What is in it only if it is chosen."""

    AGREEMENT = "agreement"
    CHECK_INS = "check_ins"
    NOTES = "notes"
    ACTIONS = "actions"
    MENTORS_NUMBERS = "mentors_numbers"
    """How sure the mentor was of a goal: another person's opinion."""
