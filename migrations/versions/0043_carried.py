"""What a mentee takes along to another mentor."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0043"
down_revision = "0042"

RANDOM_ID = "left(replace(gen_random_uuid()::text, '-', ''), 12)"  # 48 random bits
NOT_BOOKED = "'held', 'awaiting_payment', 'expired', 'released'"
MOST_GOALS = 12
# After `begin_mentorship`: triggers of one kind run in the order of their names. Goals come as drafts of the mentee, to
# be agreed to anew; those that find no room stay where they are.
TAKE_ALONG = f"""
CREATE FUNCTION take_along() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    carried mentorship_carried; pair bigint; room bigint; body jsonb; paper bigint;
BEGIN
    FOR carried IN
        SELECT * FROM mentorship_carried
        WHERE mentee_id = NEW.mentee_id AND mentor_id = NEW.mentor_id AND used_at IS NULL ORDER BY id FOR UPDATE
    LOOP
        SELECT id INTO STRICT pair FROM mentorship
        WHERE mentor_id = NEW.mentor_id AND mentee_id = NEW.mentee_id FOR NO KEY UPDATE;
        SELECT greatest({MOST_GOALS} - count(*), 0) INTO room FROM mentorship_paper
        WHERE mentorship_id = pair AND kind = 'goal' AND closed_as IS NULL;
        FOR body IN
            SELECT value FROM jsonb_array_elements(carried.goals) WITH ORDINALITY AS goal (value, number)
            ORDER BY number LIMIT room
        LOOP
            INSERT INTO mentorship_paper (public_id, mentorship_id, kind)
            VALUES ({RANDOM_ID}, pair, 'goal') RETURNING id INTO paper;
            INSERT INTO mentorship_paper_version (paper_id, number, body, by_id, at, mentee_agreed_at)
            VALUES (paper, 1, body, NEW.mentee_id, NEW.confirmed_at, NEW.confirmed_at);
        END LOOP;
        UPDATE mentorship_carried SET used_at = NEW.confirmed_at WHERE id = carried.id;
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER take_along_with_booking AFTER INSERT ON booking
    FOR EACH ROW WHEN (NEW.confirmed_at IS NOT NULL AND NEW.status NOT IN ({NOT_BOOKED}))
    EXECUTE FUNCTION take_along();
CREATE TRIGGER take_along AFTER UPDATE OF status ON booking
    FOR EACH ROW WHEN (NEW.status = 'confirmed' AND OLD.status <> 'confirmed') EXECUTE FUNCTION take_along();
"""


def upgrade() -> None:
    op.create_table(
        "mentorship_carried",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("from_id", sa.BigInteger(), nullable=False),
        sa.Column("mentor_id", sa.BigInteger(), nullable=False),
        sa.Column("mentee_id", sa.BigInteger(), nullable=False),
        sa.Column("brief", postgresql.JSONB(), nullable=False),
        sa.Column("goals", postgresql.JSONB(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("jsonb_typeof(goals) = 'array'", name="carried_goals_are_a_list"),
        sa.CheckConstraint("brief <> '{}'::jsonb OR goals <> '[]'::jsonb", name="something_is_carried"),
        sa.ForeignKeyConstraint(["from_id"], ["mentorship.id"], name=op.f("fk_mentorship_carried_from_id")),
        sa.ForeignKeyConstraint(["mentor_id"], ["mentor.id"], name=op.f("fk_mentorship_carried_mentor_id")),
        sa.ForeignKeyConstraint(["mentee_id"], ["users.id"], name=op.f("fk_mentorship_carried_mentee_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentorship_carried")),
        sa.UniqueConstraint("from_id", "mentor_id", name="carried_once_to_each"),
    )
    op.create_index("ix_mentorship_carried_pair", "mentorship_carried", ["mentee_id", "mentor_id"])
    op.execute(TAKE_ALONG)


def downgrade() -> None:
    op.execute("DROP TRIGGER take_along ON booking")
    op.execute("DROP TRIGGER take_along_with_booking ON booking")
    op.execute("DROP FUNCTION take_along")
    op.drop_table("mentorship_carried")
