"""Where mentoring ends: how it shows, how to say so, and whom to name. In general words: no organisation and no number
is right in every country."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString


@dataclass(frozen=True, slots=True)
class Beyond:
    """`shows`: what a mentor hears; `say`: words to begin with; `name`: who can help."""

    title: LazyString
    shows: LazyString
    say: LazyString
    name: LazyString


BEYOND = (
    Beyond(
        _("Danger now"),
        _("Somebody may hurt themselves or another person, or is being hurt."),
        _("“I am worried about you, and this is more than I can hold alone. Let us get help now. Where are you?”"),
        _("The local emergency number of the place where they are. Stay with them until somebody has answered."),
    ),
    Beyond(
        _("Health, and a crisis"),
        _("Sleep, appetite or hope are gone for weeks, they drink more, or a grief fills every session."),
        _("“This matters more than our plan. I am no doctor, and you deserve one. Who could you call first?”"),
        _("Their doctor, a therapist, a crisis line of their country, and people who are close to them."),
    ),
    Beyond(
        _("The law"),
        _("A contract, a dismissal, a visa, a quarrel with an employer: anything that has a deadline."),
        _("“I can tell you what happened to me, and not what your rights are. Let somebody read it before you sign.”"),
        _("A lawyer of that field, a union, a works council, a public advice centre."),
    ),
    Beyond(
        _("Money"),
        _("Debts, taxes, whether to borrow or to invest, a business that may fail."),
        _("“I would be guessing with your money. Let us find somebody who answers for what they advise.”"),
        _("A tax adviser, a debt advice service, an adviser who is paid by the hour and not by what they sell."),
    ),
    Beyond(
        _("Harm at work"),
        _("Harassment, discrimination, bullying, or an order to do something unlawful."),
        _("“I believe you. What happens next is yours to decide, and I can help you to find who has to act.”"),
        _("Whoever their employer names for complaints, a union, an equality body, a lawyer. Notes with dates help."),
    ),
    Beyond(
        _("Not your ground"),
        _("It is mentoring, and you answer out of books, or three sessions have brought nothing."),
        _("“You need somebody who has done this. I would rather look for them with you than guess.”"),
        _("Another mentor, here or elsewhere. Ending without fault gives back what was paid for sessions not used."),
    ),
)
