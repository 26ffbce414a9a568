"""What search says to people."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from marketplace.mentors.domain.profile import Way
from marketplace.search.domain.matching import Reason
from marketplace.search.domain.ranking import COMMON_DAYS, Step

WITHIN = {
    3: _("within 3 days"),
    7: _("within a week"),
    14: _("within two weeks"),
}
BY_TIME = "time"
SORTS = {
    "": _("What fits best first"),
    BY_TIME: _("The next free time first"),
}
STEPS = {
    Step.NEEDS: (
        _("What you look for"),
        _(
            "Whoever covers more of what you typed or chose comes first. A need is covered if the mentor’s page says "
            "it: it makes no difference where, or how often."
        ),
    ),
    Step.FIRST_TIME: (
        _("When you can meet"),
        _(
            "Whoever is free on an earlier day within your working day comes first, looking %(days)s days ahead. "
            "Whoever is free only outside it comes after them. The day counts and not the hour, and a mentor’s notice "
            "is part of it: nobody gains by answering at night.",
            days=COMMON_DAYS,
        ),
    ),
    Step.FRESHNESS: (
        _("What is fresh"),
        _("Whoever has practised one of their topics more recently, by the year that they give, comes first."),
    ),
    Step.LOT: (
        _("A lot, drawn anew each day"),
        _(
            "Among equals a lot decides, for each mentor one a day. Nothing above takes time to collect, so a mentor "
            "who is new today has the same chance as one who has been here for years."
        ),
    ),
}
WAYS_WANTED = {
    Way.ASKS: _("asks more than they tell"),
    Way.LISTENS: _("listens, and does not judge"),
    Way.PLANS: _("writes a plan with me"),
    Way.EXERCISES: _("sets something to try between sessions"),
    Way.READS: _("reads what I wrote before we meet"),
    Way.PAIRS: _("works with me at a shared screen"),
    Way.PRACTISES: _("practises with me what is ahead"),
    Way.FRANK: _("says plainly what they see"),
}
"""What a mentee can wish for, each with what mentors say of themselves (`mentors.words.WAYS`)."""
MATCHED = {
    Reason.NEEDS: (_("What you need"), _("Whoever covers more of what you have named comes first.")),
    Reason.WAYS: (
        _("How you like to work"),
        _("Then whoever works in more of the ways that you have ticked."),
    ),
    Reason.TIME: (
        _("When you can meet"),
        _(
            "Then whoever is free on an earlier day within your working day, looking %(days)s days ahead. The day "
            "counts, not how many times somebody has free.",
            days=COMMON_DAYS,
        ),
    ),
    Reason.FRESHNESS: (_("What is fresh"), _("Then whoever has practised one of their topics more recently.")),
    Reason.LOT: (_("A lot, drawn anew each day"), _("Among equals, as in the search.")),
}
