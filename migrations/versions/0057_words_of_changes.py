"""What a mentor changed of a page stands beside the log, which outlives the account, and goes with the account; no entry
of the log has a name that is made of a person's."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0057"
down_revision = "0056"

CHANGED = "mentors:profile_changed"
MOVED_OUT = f"""
INSERT INTO profile_change (entry_id, mentor_id, changed_at, before, after)
SELECT entry.id, mentor.id, entry.at, entry.detail -> 'before', entry.detail -> 'after'
FROM audit_entry entry
JOIN mentor ON mentor.id = entry.about_id
JOIN users ON users.id = mentor.id AND users.closed_at IS NULL
WHERE entry.what = '{CHANGED}'
"""
WITHOUT_WORDS = f"""
UPDATE audit_entry
SET detail = jsonb_build_object(
    'section', detail -> 'section',
    'fields', (SELECT coalesce(jsonb_agg(field ORDER BY field), '[]') FROM jsonb_object_keys(detail -> 'after') field)
)
WHERE what = '{CHANGED}'
"""
WITHOUT_NAMES = "UPDATE audit_entry SET subject = '' WHERE what LIKE 'mentors:%' OR what = 'payments:fee_changed'"
MOVED_BACK = f"""
UPDATE audit_entry entry
SET detail = jsonb_build_object(
    'section', entry.detail -> 'section',
    'before', coalesce((SELECT before FROM profile_change WHERE entry_id = entry.id), '{{}}'),
    'after', coalesce((SELECT after FROM profile_change WHERE entry_id = entry.id), '{{}}')
)
WHERE entry.what = '{CHANGED}'
"""


def upgrade() -> None:
    op.create_table(
        "profile_change",
        sa.Column("entry_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("mentor_id", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("before", JSONB(), nullable=False),
        sa.Column("after", JSONB(), nullable=False),
        sa.ForeignKeyConstraint(["mentor_id"], ["mentor.id"], name=op.f("fk_profile_change_mentor_id_mentor")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_profile_change")),
    )
    op.create_index(op.f("ix_profile_change_mentor_id"), "profile_change", ["mentor_id"])
    op.execute(MOVED_OUT)
    _rewritten(WITHOUT_WORDS, WITHOUT_NAMES)


def downgrade() -> None:
    """Without the names: addresses of mentors may have changed since."""
    _rewritten(MOVED_BACK)
    op.drop_table("profile_change")


def _rewritten(*statements: str) -> None:
    """The one time that the log is changed: what stands there should never have."""
    op.execute("ALTER TABLE audit_entry DISABLE TRIGGER audit_is_append_only")
    for statement in statements:
        op.execute(statement)
    op.execute("ALTER TABLE audit_entry ENABLE TRIGGER audit_is_append_only")
