"""Before a fit call it is also asked why now."""

from alembic import op

revision = "0053"
down_revision = "0052"

KNOWN = "question_is_known"


def upgrade() -> None:
    op.drop_constraint(op.f(KNOWN), "booking_answer", type_="check")
    op.create_check_constraint(op.f(KNOWN), "booking_answer", "question IN ('better', 'why_now', 'tried', 'worth')")


def downgrade() -> None:
    op.execute("DELETE FROM booking_answer WHERE question = 'why_now'")
    op.drop_constraint(op.f(KNOWN), "booking_answer", type_="check")
    op.create_check_constraint(op.f(KNOWN), "booking_answer", "question IN ('better', 'tried', 'worth')")
