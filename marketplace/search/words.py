"""What search says to people."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

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
