"""Of search one thing is somebody's: what they need. The rest is worked out."""

from flask_babel import lazy_gettext as _

from marketplace.core.belongings import WORKED_OUT, AtClosing, belongs, nobodys
from marketplace.search.models import LookingFor, MentorFree, MentorSearch, SearchChoice, SearchWord

nobodys(MentorSearch, WORKED_OUT)
nobodys(MentorFree, WORKED_OUT)
nobodys(SearchWord, "the words of all pages together, without whose they are")
nobodys(SearchChoice, "what the filters offer, without whose it is")
belongs(
    LookingFor,
    _("What you look for"),
    whose=lambda me: LookingFor.user_id == me,
    shown="user_id needs ways at",
    kept_back={},
    at_closing=AtClosing.GOES,
)
