"""What a mentor's journal asks, a question for each month of the year."""

from __future__ import annotations

from datetime import date

from flask_babel import lazy_gettext as _

PROMPTS = (
    _("What do you want to be better at as a mentor this year, and how would somebody notice?"),
    _("Which of your own mentors do you think of most often, and what did they do that you do not?"),
    _("When did you last give advice where a question would have been better?"),
    _("What has changed in your field that you have only read about, and not tried with your own hands?"),
    _("Whose growth has surprised you, and what had you believed about them before?"),
    _("Which hour cost you the most strength, and what did it touch in you?"),
    _("What did you keep to yourself although it might have helped, and what held you back?"),
    _("What are you like as a mentor when you are tired, and who notices first?"),
    _("Which turn of your own way looks different to you now than when you tell of it?"),
    _("Where did you come to the end of what you can help with, and what did you do then?"),
    _("Which of your habits do your mentees take over, and do you want them to?"),
    _("What would you tell yourself of a year ago, and what do you let go of?"),
)
"""From January to December: the same month asks the same again, so that a year can be compared with the last."""


def prompt_of(month: date) -> str:
    return str(PROMPTS[month.month - 1])
