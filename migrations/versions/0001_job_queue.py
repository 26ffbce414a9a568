"""The job queue's own tables, as procrastinate 3.10 makes them, and the extensions that the rules need.

A newer procrastinate brings SQL of its own for the difference: it becomes a migration here (docs/adr).
"""

from alembic import op
from procrastinate.schema import SchemaManager

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    connection = op.get_bind().connection.driver_connection
    # Without parameters, so that psycopg takes the many statements and their percent signs as they are.
    connection.execute(SchemaManager.get_schema())


def downgrade() -> None:
    op.execute(DROP_EVERYTHING_OF_THE_QUEUE)
    op.execute("DROP EXTENSION btree_gist")


DROP_EVERYTHING_OF_THE_QUEUE = """
DO $$
DECLARE thing record;
BEGIN
    FOR thing IN SELECT tablename AS name FROM pg_tables WHERE tablename LIKE 'procrastinate%' AND schemaname = 'public'
    LOOP EXECUTE format('DROP TABLE %I CASCADE', thing.name); END LOOP;
    FOR thing IN SELECT oid::regprocedure AS name FROM pg_proc
        WHERE proname LIKE 'procrastinate%' AND pronamespace = 'public'::regnamespace
    LOOP EXECUTE format('DROP FUNCTION %s CASCADE', thing.name); END LOOP;
    FOR thing IN SELECT typname AS name FROM pg_type
        WHERE typname LIKE 'procrastinate%' AND typnamespace = 'public'::regnamespace AND typtype IN ('e', 'c')
    LOOP EXECUTE format('DROP TYPE IF EXISTS %I CASCADE', thing.name); END LOOP;
END $$
"""
