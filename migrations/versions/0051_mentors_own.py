"""What mentors keep for themselves: a journal, and whom they name where mentoring ends."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"

EMPTY = sa.text("''")


def upgrade() -> None:
    op.create_table(
        "journal_entry",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("mentor_id", sa.BigInteger(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("char_length(words) BETWEEN 1 AND 10000", name="entry_says_something"),
        sa.CheckConstraint("extract(day FROM month) = 1", name="a_month_begins_on_its_first"),
        sa.ForeignKeyConstraint(["mentor_id"], ["mentor.id"], name=op.f("fk_journal_entry_mentor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_entry")),
        sa.UniqueConstraint("public_id", name=op.f("uq_journal_entry_public_id")),
    )
    op.create_index("ix_journal_entry_mentor", "journal_entry", ["mentor_id", "id"])
    op.create_table(
        "referral",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("mentor_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("good_for", sa.Text(), nullable=False),
        sa.Column("where_to", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("note", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("char_length(name) BETWEEN 1 AND 120", name="referral_has_a_name"),
        sa.CheckConstraint("char_length(good_for) BETWEEN 1 AND 200", name="referral_says_what_for"),
        sa.CheckConstraint("char_length(where_to) <= 200", name="where_to_is_bounded"),
        sa.CheckConstraint("char_length(note) <= 1000", name="referral_note_is_bounded"),
        sa.ForeignKeyConstraint(["mentor_id"], ["mentor.id"], name=op.f("fk_referral_mentor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
        sa.UniqueConstraint("public_id", name=op.f("uq_referral_public_id")),
    )
    op.create_index("ix_referral_mentor", "referral", ["mentor_id", "id"])


def downgrade() -> None:
    op.drop_table("referral")
    op.drop_table("journal_entry")
