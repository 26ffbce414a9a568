"""What mentors offer, what mentees ask for when they book, and what both accepted."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

ONE_FIT_CALL = "kind = 'fit_call' AND active"


def upgrade() -> None:
    op.add_column("booking", sa.Column("agenda", sa.Text(), nullable=True))
    op.create_check_constraint("agenda_is_bounded", "booking", "char_length(agenda) BETWEEN 1 AND 2000")
    offer_three_kinds()
    ask_before_fit_calls()


def downgrade() -> None:
    op.drop_table("booking_answer")
    offer_two_kinds()
    op.drop_column("booking", "agenda")


def offer_three_kinds() -> None:
    op.drop_constraint(op.f("offering_kind_is_known"), "offering")
    op.create_check_constraint(
        op.f("offering_kind_is_known"), "offering", "kind IN ('fit_call', 'listening', 'session')"
    )
    op.add_column("offering", sa.Column("included", sa.Text(), server_default="", nullable=False))
    op.execute(
        f"UPDATE offering SET active = false WHERE {ONE_FIT_CALL} AND EXISTS (SELECT FROM offering first"
        f" WHERE first.mentor_id = offering.mentor_id AND first.kind = 'fit_call' AND first.active"
        f" AND (first.position, first.id) < (offering.position, offering.id))"
    )
    op.create_index(
        "one_fit_call_on_offer", "offering", ["mentor_id"], unique=True, postgresql_where=sa.text(ONE_FIT_CALL)
    )


def offer_two_kinds() -> None:
    """A listening session is a session to who knows no better."""
    op.drop_index("one_fit_call_on_offer", "offering")
    op.drop_column("offering", "included")
    op.drop_constraint(op.f("offering_kind_is_known"), "offering")
    op.execute("UPDATE offering SET kind = 'session' WHERE kind = 'listening'")
    op.create_check_constraint(op.f("offering_kind_is_known"), "offering", "kind IN ('fit_call', 'session')")


def ask_before_fit_calls() -> None:
    op.create_table(
        "booking_answer",
        sa.Column("booking_id", sa.BigInteger(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.CheckConstraint("question IN ('better', 'tried', 'worth')", name=op.f("question_is_known")),
        sa.CheckConstraint("btrim(answer) <> ''", name=op.f("answer_says_something")),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_booking_answer_booking_id")),
        sa.PrimaryKeyConstraint("booking_id", "question", name=op.f("pk_booking_answer")),
    )
