"""What of accounts, letters and the log is a person's own."""

from flask_babel import lazy_gettext as _

from marketplace.accounts.models import RecoveryCode, SignIn, User
from marketplace.core.audit import AuditEntry
from marketplace.core.belongings import NUMBER, OF_THE_SITE, OPENS, OPERATORS, AtClosing, belongs, nobodys
from marketplace.core.limits import AttemptRow
from marketplace.core.mail import MailRow

belongs(
    User,
    _("You"),
    whose=lambda me: User.id == me,
    shown="email name zone locale is_operator verified_at quiet_from quiet_until calendar_by wants_reminders "
    "wants_check_ins new_email suspended_at closed_at terms_version terms_accepted_at created_at",
    kept_back={
        NUMBER: "id",
        OPENS: "password_hash second_step_salt second_step_used",
        OF_THE_SITE: "calendar_revision calendar_changed_at",
    },
    at_closing=AtClosing.NAMELESS,
)
belongs(
    SignIn,
    _("Where you are signed in"),
    whose=lambda me: SignIn.user_id == me,
    shown="browser system created_at last_seen_at proved_at",
    kept_back={NUMBER: "id user_id", OPENS: "public_id token_sha256"},
    at_closing=AtClosing.GOES,
)
belongs(
    RecoveryCode,
    _("Recovery codes"),
    whose=lambda me: RecoveryCode.user_id == me,
    shown="used_at",
    kept_back={NUMBER: "id user_id", OPENS: "code_sha256"},
    at_closing=AtClosing.GOES,
)
belongs(
    MailRow,
    _("Letters to you"),
    whose=lambda me: MailRow.user_id == me,
    shown="fact created_at due_at status closed_at subject text",
    kept_back={
        NUMBER: "id user_id",
        OPENS: "arguments",
        OF_THE_SITE: "key sequence leased_until attempts",
    },
    at_closing=AtClosing.NAMELESS,
)
belongs(
    AuditEntry,
    _("What was done on you"),
    whose=lambda me: AuditEntry.about_id == me,
    shown="at what subject reason",
    kept_back={NUMBER: "id about_id", OPERATORS: "actor_id", OF_THE_SITE: "detail"},
    at_closing=AtClosing.STAYS,
)
nobodys(AttemptRow, "counts of tries under hashes that nobody can be found by; they end within a day")
