"""Accounts: who signed in where, limits, second steps, and what a person wishes."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

COLUMNS_OF_USERS = (
    "calendar_by",
    "new_email",
    "second_step_salt",
    "second_step_used",
    "suspended_at",
    "closed_at",
    "terms_version",
    "terms_accepted_at",
)
CHECKS_OF_USERS = {
    "calendar_by_is_known": "calendar_by IN ('both', 'feed', 'mail')",
    "second_step_is_whole": "(second_step_salt IS NULL) = (second_step_used IS NULL)",
    "terms_have_version_and_time": "(terms_version IS NULL) = (terms_accepted_at IS NULL)",
    "closed_accounts_hold_nothing": "closed_at IS NULL OR (password_hash = '' AND verified_at IS NULL"
    " AND new_email IS NULL AND second_step_salt IS NULL AND quiet_from IS NULL)",
}


def upgrade() -> None:
    op.add_column("users", sa.Column("calendar_by", sa.Text(), server_default="both", nullable=False))
    op.add_column("users", sa.Column("new_email", sa.Text(), nullable=True))
    op.add_column("users", sa.Column("second_step_salt", sa.LargeBinary(), nullable=True))
    op.add_column("users", sa.Column("second_step_used", sa.BigInteger(), nullable=True))
    op.add_column("users", sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("users", sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("users", sa.Column("terms_version", sa.Text(), nullable=True))
    op.add_column("users", sa.Column("terms_accepted_at", sa.DateTime(timezone=True), nullable=True))
    for name, condition in CHECKS_OF_USERS.items():
        op.create_check_constraint(name, "users", condition)
    op.create_table(
        "sign_in",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("token_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("browser", sa.Text(), nullable=False),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proved_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sign_in_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("public_id", name=op.f("uq_sign_in_public_id")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_sign_in_token_sha256")),
    )
    op.create_index(op.f("ix_sign_in_user_id"), "sign_in", ["user_id"])
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("code_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_recovery_code_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("user_id", "code_sha256", name=op.f("uq_recovery_code_user_id_code_sha256")),
    )
    op.create_table(
        "attempts",
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("who_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("tries", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("scope", "who_sha256", name=op.f("pk_attempts")),
    )


def downgrade() -> None:
    for table in ("attempts", "recovery_code", "sign_in"):
        op.drop_table(table)
    for name in CHECKS_OF_USERS:
        op.drop_constraint(name, "users")
    for name in COLUMNS_OF_USERS:
        op.drop_column("users", name)
