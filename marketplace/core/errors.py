"""Refusals by kind. Each carries a sentence for the person who asked; `core.http` maps the kinds to statuses once."""

from datetime import timedelta


class DomainError(Exception):
    """What was asked cannot be done, and the message says why in plain words.

    The sentence is English with `%(name)s` for each value, so that `core.language.spoken` can say it in another
    language; `str()` of it is the English sentence with its values.
    """

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(sentence % values if values else sentence)
        self.sentence = sentence
        self.values = values


class NotFound(DomainError):
    """There is no such thing, or it is not yours to know of."""


class NotAllowed(DomainError):
    """It exists, and you may not do this with it."""


class Conflict(DomainError):
    """Someone or something else was there first."""


class RuleBroken(DomainError):
    """A rule of the marketplace forbids it."""


class GatewayUnavailable(DomainError):
    """A service outside (Stripe, mail) did not answer in time; nothing is lost and it is tried again."""


class TooMany(DomainError):
    """It was tried too often; `retry_after` is how long to wait."""

    def __init__(self, sentence: str, *, retry_after: timedelta, **values: object) -> None:
        super().__init__(sentence, **values)
        self.retry_after = retry_after
