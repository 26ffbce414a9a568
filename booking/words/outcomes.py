"""What was said of a session and what became of it, as sentences for its people and for an operator."""

from flask_babel import gettext as _

from booking.domain.outcomes import Said, Side
from booking.domain.states import BookingStatus


def said_words(said: Said, *, by_reader: bool, name: str) -> str:
    """For one of the two; `name` is the other one."""
    if by_reader:
        return {
            Said.OTHER_MISSING: _("You said that %(name)s did not come.", name=name),
            Said.WAS_MISSING: _("You said that you did not come."),
            Said.TOOK_PLACE: _("You said that it took place."),
            Said.PROBLEM: _("You reported a problem."),
        }[said]
    return {
        Said.OTHER_MISSING: _("%(name)s says that you did not come.", name=name),
        Said.WAS_MISSING: _("%(name)s says that they did not come themselves.", name=name),
        Said.TOOK_PLACE: _("%(name)s says that it took place.", name=name),
        Said.PROBLEM: _("%(name)s reports a problem.", name=name),
    }[said]


def said_to_operator(said: Said, name: str, other: str) -> str:
    """`name` is who says it."""
    return {
        Said.OTHER_MISSING: _("%(name)s says that %(other)s did not come.", name=name, other=other),
        Said.WAS_MISSING: _("%(name)s says that they did not come themselves.", name=name),
        Said.TOOK_PLACE: _("%(name)s says that it took place.", name=name),
        Said.PROBLEM: _("%(name)s reports a problem.", name=name),
    }[said]


def became_words(status: BookingStatus, side: Side, name: str) -> str:
    """For the one on that side; `name` is the other one."""
    mine = BookingStatus.NO_SHOW_MENTEE if side is Side.MENTEE else BookingStatus.NO_SHOW_MENTOR
    if status is BookingStatus.NO_SHOW_BOTH:
        return _("Neither of you came.")
    if status is BookingStatus.COMPLETED:
        return _("It took place.")
    return _("You did not come.") if status is mine else _("%(name)s did not come.", name=name)
