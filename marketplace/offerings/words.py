"""What each kind of offering is, said honestly: a mentee should know before paying what will not happen, too."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString

from marketplace.core import formats
from marketplace.offerings.models import Offering, OfferingKind


@dataclass(frozen=True, slots=True)
class KindWords:
    """`name` in a word or two; `listed` the same within a list or a sentence, with what it costs if that is nothing;
    `promise` to the mentee, as a sentence. All are said in the language being spoken."""

    name: LazyString
    listed: LazyString
    promise: LazyString


KINDS = {
    OfferingKind.FIT_CALL: KindWords(
        lazy_gettext("Fit call"),
        lazy_gettext("fit call, free"),
        lazy_gettext("Free, to find out whether you two fit. If not, that is normal, and nobody needs a reason."),
    ),
    OfferingKind.LISTENING: KindWords(
        lazy_gettext("Listening session"),
        lazy_gettext("listening session"),
        lazy_gettext("You are listened to and not judged. No advice unless you ask for it, no tasks, no score."),
    ),
    OfferingKind.PROGRAMME: KindWords(
        lazy_gettext("Programme"),
        lazy_gettext("programme"),
        lazy_gettext(
            "Several sessions towards something, bought as one. You book them one after the other; you may end it at "
            "any time without a reason, and what is unused goes back."
        ),
    ),
    OfferingKind.SESSION: KindWords(
        lazy_gettext("Session"),
        lazy_gettext("single session"),
        lazy_gettext("You bring a question, and your mentor works on it with you and says what they think."),
    ),
}


def offer_length(offering: Offering) -> str:
    """`60 minutes`, or `6 sessions of 60 minutes`."""
    length = formats.length(offering.minutes)
    if not offering.is_programme:
        return length
    return str(_("%(number)s sessions of %(length)s", number=offering.sessions, length=length))


def kind_words(kind: str) -> KindWords:
    return KINDS[OfferingKind(kind)]
