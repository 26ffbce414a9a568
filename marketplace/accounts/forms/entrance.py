"""Signing up and in, with a second step where there is one."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, EmailField, Field, HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired

from marketplace.accounts.credentials import clean_address, clean_name, clean_password
from marketplace.accounts.services.sign_up import Applicant
from marketplace.accounts.zones import known_zone
from marketplace.core.forms import Form, judged


class SignUpForm(Form):
    """`zone` is what the browser says; a wrong one counts as none."""

    name = StringField(_("Your name"))
    email = EmailField(_("Mail address"))
    password = PasswordField(_("Password"))
    accept_terms = BooleanField(_("I accept the terms"), [InputRequired(_("Accept the terms to go on."))])
    zone = HiddenField()

    def __init__(self, *, with_terms: bool) -> None:
        """Without terms there is nothing to accept."""
        super().__init__()
        if not with_terms:
            del self.accept_terms

    def validate_name(self, field: Field) -> None:
        judged(clean_name, field)

    def validate_email(self, field: Field) -> None:
        judged(clean_address, field)

    def validate_password(self, field: Field) -> None:
        judged(lambda typed: clean_password(typed, address=self.email.data or ""), field)

    def applicant(self, *, otherwise: str, locale: str, terms_version: str) -> Applicant:
        """With the zone that the browser named, or `otherwise`. Only of a valid form, which accepts the terms if there
        are any."""
        return Applicant(
            email=self.email.data,
            password=self.password.data,
            name=self.name.data,
            zone=known_zone(self.zone.data) or otherwise,
            locale=locale,
            terms_version=terms_version,
        )


class SignInForm(Form):
    email = EmailField(_("Mail address"), [InputRequired(_("Enter your mail address."))])
    password = PasswordField(_("Password"), [InputRequired(_("Enter your password."))])

    def refuse(self) -> None:
        """One sentence for an unknown address and a wrong password."""
        self.form_errors.append(gettext("That address and password do not go together. Check both and try again."))


class CodeForm(Form):
    code = StringField(_("Code"), [InputRequired(_("Enter the code."))])

    def refuse(self) -> None:
        self.code.errors = [gettext("This code is wrong, too old, or was used before.")]


class ResendForm(Form):
    email = EmailField(_("Mail address"))

    def validate_email(self, field: Field) -> None:
        judged(clean_address, field)
