"""Mentors apply: their story, what they wish to give, their photo, how they were judged; and who did what."""

import sqlalchemy as sa
from alembic import op
from babel import Locale
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"

NEW_CHECKS = {
    "country_is_a_code": "country ~ '^[A-Z]{2}$'",
    "languages_are_codes": "array_to_string(languages, ',', '-') ~ '^([a-z]{2,3}(,[a-z]{2,3})*)?$'",
    "journey_is_a_list": "jsonb_typeof(journey) = 'array'",
    "submitted_at_a_time": "status <> 'submitted' OR submitted_at IS NOT NULL",
    "suspended_from_a_state": "(status = 'suspended') = (suspended_from IS NOT NULL)",
    "mentors_are_told_why": "status NOT IN ('changes_wanted', 'suspended') OR reason <> ''",
    "who_is_there_is_not_away": "free_again_on IS NULL OR status <> 'approved'",
}

# Who did what stays: what turns out otherwise is a new entry.
AUDIT_IS_APPEND_ONLY = """
CREATE FUNCTION refuse_change_of_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was done stays written' USING ERRCODE = 'check_violation', CONSTRAINT = 'audit_is_append_only';
END $$;
CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_audit();
CREATE TRIGGER audit_is_never_emptied BEFORE TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_audit();
"""


def new_columns() -> list[sa.Column]:
    return [
        sa.Column("story", sa.Text(), server_default="", nullable=False),
        sa.Column("ways", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("can_give", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("journey", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("suspended_from", sa.Text(), nullable=True),
        sa.Column("free_again_on", sa.Date(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("seen_revision", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
    ]


def upgrade() -> None:
    for column in new_columns():
        op.add_column("mentor", column)
    complete_old_rows()
    for name, rule in NEW_CHECKS.items():
        op.create_check_constraint(op.f(name), "mentor", rule)
    op.create_index("ix_mentor_queue", "mentor", ["status", "submitted_at"])
    op.create_table(
        "mentor_photo",
        sa.Column("mentor_id", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("alt", sa.Text(), nullable=False),
        sa.Column("large", sa.LargeBinary(), nullable=False),
        sa.Column("small", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("btrim(alt) <> ''", name=op.f("photo_is_described")),
        sa.ForeignKeyConstraint(["mentor_id"], ["mentor.id"], name=op.f("fk_mentor_photo_mentor_id")),
        sa.PrimaryKeyConstraint("mentor_id", name=op.f("pk_mentor_photo")),
        sa.UniqueConstraint("digest", name=op.f("uq_mentor_photo_digest")),
    )
    create_audit()


def complete_old_rows() -> None:
    """What the new checks ask of rows from before, and languages as codes instead of English names."""
    op.execute("UPDATE mentor SET submitted_at = now() WHERE status = 'submitted'")
    op.execute("UPDATE mentor SET suspended_from = 'approved' WHERE status = 'suspended'")
    op.execute(
        "UPDATE mentor SET reason = 'The reason was not written down.' WHERE status IN ('changes_wanted', 'suspended')"
    )
    rename_languages({name.lower(): code for code, name in english_names().items()})


def rename_languages(to: dict[str, str]) -> None:
    """Those that have no other name are left out."""
    connection = op.get_bind()
    for mentor_id, languages in connection.execute(sa.text("SELECT id, languages FROM mentor")).all():
        renamed = [to[language.lower()] for language in languages if language.lower() in to]
        connection.execute(
            sa.text("UPDATE mentor SET languages = :renamed WHERE id = :id"), {"renamed": renamed, "id": mentor_id}
        )


def english_names() -> dict[str, str]:
    return {code: name for code, name in Locale("en").languages.items() if len(code) <= 3}


def create_audit() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("about_id", sa.BigInteger(), nullable=True),
        sa.Column("subject", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint("what ~ '^[a-z_]+:[a-z_]+$'", name=op.f("deed_has_a_name")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    op.create_index("ix_audit_entry_about", "audit_entry", ["about_id", "id"])
    op.create_index("ix_audit_entry_actor", "audit_entry", ["actor_id", "id"])
    op.create_index("ix_audit_entry_what", "audit_entry", ["what", "id"])
    op.execute(AUDIT_IS_APPEND_ONLY)


def downgrade() -> None:
    op.drop_table("audit_entry")
    op.execute("DROP FUNCTION refuse_change_of_audit")
    op.drop_table("mentor_photo")
    op.drop_index("ix_mentor_queue", "mentor")
    for name in NEW_CHECKS:
        op.drop_constraint(op.f(name), "mentor")
    rename_languages(english_names())
    for column in reversed(new_columns()):
        op.drop_column("mentor", column.name)
