"""New passwords, and showing that one knows the old one."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import EmailField, Field, PasswordField
from wtforms.validators import InputRequired

from marketplace.accounts.credentials import clean_address, clean_password
from marketplace.core.forms import Form, judged


class ForgottenForm(Form):
    email = EmailField(_("Mail address"))

    def validate_email(self, field: Field) -> None:
        judged(clean_address, field)


class NewPasswordForm(Form):
    """For the account with that address, which is no password."""

    password = PasswordField(_("New password"))

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address

    def validate_password(self, field: Field) -> None:
        judged(lambda typed: clean_password(typed, address=self.address), field)


class PasswordForm(Form):
    """Shows once more who it is."""

    current = PasswordField(_("Your password"), [InputRequired(_("Enter your password."))])

    def refuse(self) -> None:
        self.current.errors = [gettext("That is not your password.")]


class ChangePasswordForm(NewPasswordForm):
    current = PasswordField(_("Your password until now"), [InputRequired(_("Enter your password."))])

    def refuse(self) -> None:
        self.current.errors = [gettext("That is not your password.")]
