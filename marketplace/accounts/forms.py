"""The forms about accounts. What they hold is judged by `credentials`; they put the sentence beside the field."""

from collections.abc import Callable

from wtforms import EmailField, Field, HiddenField, PasswordField, SelectField, StringField, ValidationError
from wtforms.validators import InputRequired

from marketplace.accounts.credentials import clean_address, clean_name, clean_password
from marketplace.accounts.models import User
from marketplace.accounts.services import Applicant
from marketplace.accounts.zones import known_zone, zone_choices
from marketplace.core.errors import RuleBroken
from marketplace.core.forms import Form


def _judged(clean: Callable[[str], str], field: Field) -> None:
    try:
        field.data = clean(field.data or "")
    except RuleBroken as broken:
        raise ValidationError(str(broken)) from broken


class SignUpForm(Form):
    """`zone` is what the browser says; a wrong one counts as none."""

    name = StringField("Your name")
    email = EmailField("Mail address")
    password = PasswordField("Password")
    zone = HiddenField()

    def validate_name(self, field: Field) -> None:
        _judged(clean_name, field)

    def validate_email(self, field: Field) -> None:
        _judged(clean_address, field)

    def validate_password(self, field: Field) -> None:
        _judged(lambda typed: clean_password(typed, address=self.email.data or ""), field)

    def applicant(self, otherwise: str) -> Applicant:
        """With the zone that the browser named, or `otherwise`. Only of a valid form."""
        zone = known_zone(self.zone.data) or otherwise
        return Applicant(email=self.email.data, password=self.password.data, name=self.name.data, zone=zone)


class SignInForm(Form):
    email = EmailField("Mail address", [InputRequired("Enter your mail address.")])
    password = PasswordField("Password", [InputRequired("Enter your password.")])

    def refuse(self) -> None:
        """One sentence for an unknown address and a wrong password."""
        self.form_errors.append("That address and password do not go together. Check both and try again.")


class ResendForm(Form):
    email = EmailField("Mail address")

    def validate_email(self, field: Field) -> None:
        _judged(clean_address, field)


class AccountForm(Form):
    name = StringField("Your name")
    zone = SelectField("Time zone")

    def offer_zones(self, user: User) -> None:
        """The usual ones, and the one that the account has if it is unusual."""
        self.zone.choices = sorted({*zone_choices(), user.zone})

    def validate_name(self, field: Field) -> None:
        _judged(clean_name, field)
