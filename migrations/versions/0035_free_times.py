"""When mentors were free when last looked at, and a mark that is raised by whatever can change it.

The mark is a number and no flag, so that a look takes away no change that it has not seen. Whoever changes something
waits for nobody: rows are only locked for a moment, and by who looks only if nobody else has them.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0035"
down_revision = "0034"

# What decides when a mentor is free, and which column names the mentor.
CHANGES = {
    "occupancy": "user_id",
    "busy_time": "user_id",
    "working_hours": "mentor_id",
    "date_override": "mentor_id",
    "time_off": "mentor_id",
    "protected_day": "mentor_id",
    "holiday": "mentor_id",
    "journey": "mentor_id",
    "boundaries": "mentor_id",
    "offering": "mentor_id",
    "mentor": "id",
}
KINDS = {
    "insert": ("REFERENCING NEW TABLE AS after", "SELECT {key} FROM after"),
    "update": (
        "REFERENCING OLD TABLE AS before NEW TABLE AS after",
        "SELECT {key} FROM before UNION SELECT {key} FROM after",
    ),
    "delete": ("REFERENCING OLD TABLE AS before", "SELECT {key} FROM before"),
}
BESIDE = """
CREATE FUNCTION add_free_times() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO mentor_free (mentor_id) SELECT mentor_id FROM after ON CONFLICT (mentor_id) DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER add_free_times AFTER INSERT ON mentor_search REFERENCING NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION add_free_times();
INSERT INTO mentor_free (mentor_id) SELECT mentor_id FROM mentor_search;
"""
MARK = """
CREATE FUNCTION mark_free_times(changed bigint[]) RETURNS void LANGUAGE sql AS $$
    UPDATE mentor_free SET mark = mark + 1 FROM (
        SELECT mentor_id FROM mentor_free WHERE mentor_id = ANY (changed) ORDER BY mentor_id FOR NO KEY UPDATE
    ) AS locked WHERE mentor_free.mentor_id = locked.mentor_id
$$;
"""
NOTE = """
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM mark_free_times(ARRAY({changed}));
    RETURN NULL;
END $$;
CREATE TRIGGER {name} AFTER {kind} ON {table} {tables} FOR EACH STATEMENT EXECUTE FUNCTION {name}();
"""


def upgrade() -> None:
    op.create_table(
        "mentor_free",
        sa.Column("mentor_id", sa.BigInteger(), nullable=False),
        sa.Column("free_at", sa.DateTime(timezone=True), server_default=sa.text("'epoch'"), nullable=True),
        sa.Column(
            "starts",
            postgresql.INT4MULTIRANGE(),
            server_default=sa.text("'{[-2147483648,2147483647)}'"),
            nullable=False,
        ),
        sa.Column("mark", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("seen", sa.BigInteger(), server_default=sa.text("'-1'"), nullable=False),
        sa.ForeignKeyConstraint(
            ["mentor_id"], ["mentor_search.mentor_id"], name=op.f("fk_mentor_free_mentor_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("mentor_id", name=op.f("pk_mentor_free")),
    )
    op.create_index("ix_mentor_free_order", "mentor_free", ["free_at"])
    op.create_index("ix_mentor_free_changed", "mentor_free", ["mentor_id"], postgresql_where=sa.text("mark <> seen"))
    op.execute(BESIDE)
    op.execute(MARK)
    for name, table, kind in triggers():
        tables, changed = KINDS[kind]
        key = CHANGES[table]
        op.execute(NOTE.format(name=name, table=table, kind=kind, tables=tables, changed=changed.format(key=key)))


def triggers() -> list[tuple[str, str, str]]:
    """Name, table and kind. A mentor who goes takes the row along, so that there is nothing to mark."""
    kinds = [(table, kind) for table in CHANGES for kind in KINDS if (table, kind) != ("mentor", "delete")]
    return [(f"mark_free_times_at_{kind}_of_{table}", table, kind) for table, kind in kinds]


def downgrade() -> None:
    for name, _table, _kind in triggers():
        op.execute(f"DROP FUNCTION {name} CASCADE")
    op.execute("DROP FUNCTION mark_free_times")
    op.execute("DROP FUNCTION add_free_times CASCADE")
    op.drop_table("mentor_free")
