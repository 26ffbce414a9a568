"""Refusals by kind. Each carries a sentence for the person who asked; `core.http` maps the kinds to statuses once."""


class DomainError(Exception):
    """What was asked cannot be done, and the message says why in plain words."""


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
