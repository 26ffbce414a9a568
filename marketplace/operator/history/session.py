"""What happened to a session, as sentences for the operator. All times are UTC."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from booking.domain.outcomes import Decision, Said, Side
from booking.domain.proposals import ProposalStatus
from booking.domain.states import BookingStatus
from booking.words.outcomes import said_to_operator
from marketplace.core import formats
from marketplace.operator.history.rows import Rows, Told
from payments.words.outcomes import DECISIONS

PROPOSALS = {
    ProposalStatus.ACCEPTED: lazy_gettext("The mentee accepts the proposed time."),
    ProposalStatus.ELSEWHERE: lazy_gettext("The mentee chooses another time than the proposed one."),
    ProposalStatus.TAKEN_BACK: lazy_gettext("The mentee takes all back instead of the proposed time."),
    ProposalStatus.WITHDRAWN: lazy_gettext("The mentor withdraws the proposal."),
    ProposalStatus.LAPSED: lazy_gettext("Nobody has answered the proposal in time: the old time stands."),
    ProposalStatus.OVERTAKEN: lazy_gettext("The session is called off, and the proposal with it."),
}
FINAL = {
    BookingStatus.COMPLETED: lazy_gettext("It is final: the session took place."),
    BookingStatus.NO_SHOW_MENTEE: lazy_gettext("It is final: the mentee did not come."),
    BookingStatus.NO_SHOW_MENTOR: lazy_gettext("It is final: the mentor did not come."),
    BookingStatus.NO_SHOW_BOTH: lazy_gettext("It is final: neither of the two came."),
}


def told(rows: Rows) -> Iterator[Told]:
    yield from _until_it_is_booked(rows)
    yield from _its_time(rows)
    yield from _its_end(rows)


def _until_it_is_booked(rows: Rows) -> Iterator[Told]:
    booking = rows.booking
    when = formats.dated(booking.starts_at if not rows.moves else rows.moves[0].from_starts_at, "UTC")
    mentee = rows.names[booking.mentee_id]
    if booking.held_until is None:
        yield booking.created_at, _("%(name)s books %(when)s.", name=mentee, when=when)
    else:
        until = formats.dated(booking.held_until, "UTC")
        yield (
            booking.created_at,
            _("%(when)s is held for %(name)s, until %(until)s.", when=when, name=mentee, until=until),
        )
    if booking.released_at is not None:
        yield booking.released_at, _("The hold is over, and the time is free again.")
    if booking.confirmed_at is not None:
        yield booking.confirmed_at, _("The session is confirmed.")


def _its_time(rows: Rows) -> Iterator[Told]:
    for move in rows.moves:
        yield (
            move.moved_at,
            _(
                "%(name)s moves it from %(old)s to %(new)s.",
                name=rows.names[move.moved_by],
                old=formats.dated(move.from_starts_at, "UTC"),
                new=formats.dated(move.to_starts_at, "UTC"),
            ),
        )
    for proposal in rows.proposals:
        yield (
            proposal.proposed_at,
            _(
                "%(name)s proposes %(when)s. An answer is waited for until %(until)s.",
                name=rows.names[rows.booking.mentor_id],
                when=formats.dated(proposal.starts_at, "UTC"),
                until=formats.dated(proposal.expires_at, "UTC"),
            ),
        )
        if proposal.closed_at is not None:
            yield proposal.closed_at, str(PROPOSALS[proposal.state])


def _its_end(rows: Rows) -> Iterator[Told]:
    booking = rows.booking
    by_side = {Side.MENTEE: rows.names[booking.mentee_id], Side.MENTOR: rows.names[booking.mentor_id]}
    if booking.cancelled_at is not None:
        who = rows.names.get(booking.cancelled_by or 0, "")
        by_operator = booking.state is BookingStatus.CANCELLED_BY_OPERATOR
        words = (
            _("%(name)s takes all back, since another time was proposed.", name=who)
            if booking.took_all_back
            else _("%(name)s cancels the session.", name=who)
        )
        yield booking.cancelled_at, words, (booking.cancel_reason or "") if by_operator else ""
    if booking.completed_at is not None:
        yield booking.completed_at, _("The session’s end has passed.")
    for claim in rows.claims:
        side = Side(claim.side)
        says = said_to_operator(Said(claim.said), by_side[side], by_side[side.other])
        yield claim.said_at, says, claim.words or ""
    if booking.decided_at is not None and booking.decision is not None:
        who = rows.names.get(booking.decided_by or 0, "")
        what = DECISIONS[Decision(booking.decision)]
        yield (
            booking.decided_at,
            _("%(name)s decides: %(what)s.", name=who, what=what),
            booking.decision_reason or "",
        )
    if booking.settled_at is not None:
        yield booking.settled_at, str(FINAL[booking.state])
