"""What of a mentor's page is their own."""

from flask_babel import lazy_gettext as _

from marketplace.core.belongings import NUMBER, OF_THE_SITE, AtClosing, belongs
from marketplace.mentors.models import Mentor, MentorPhoto, MentorTopic, ProfileChange

belongs(
    Mentor,
    _("Your page as a mentor"),
    whose=lambda me: Mentor.id == me,
    shown="slug status headline story how_i_work ways can_give journey city country zone languages meeting_url "
    "can_be_paid reason free_again_on submitted_at approved_at",
    kept_back={NUMBER: "id", OF_THE_SITE: "suspended_from revision seen_revision"},
    at_closing=AtClosing.NAMELESS,
)
belongs(
    MentorTopic,
    _("Your topics"),
    whose=lambda me: MentorTopic.mentor_id == me,
    shown="name reach last_practised kept_fresh_on",
    kept_back={NUMBER: "id mentor_id position"},
    at_closing=AtClosing.GOES,
)
belongs(
    MentorPhoto,
    _("Your photo"),
    whose=lambda me: MentorPhoto.mentor_id == me,
    shown="alt large",
    kept_back={NUMBER: "mentor_id", OF_THE_SITE: "digest small"},
    at_closing=AtClosing.GOES,
)
belongs(
    ProfileChange,
    _("What you changed of your page"),
    whose=lambda me: ProfileChange.mentor_id == me,
    shown="changed_at before after",
    kept_back={NUMBER: "entry_id mentor_id"},
    at_closing=AtClosing.GOES,
)
