"""Search over people and topics: one row for each mentor whose page is public, kept by triggers.

Whatever changes a name, a profile, its topics or what is for sale goes through one of the triggers, so that no path can
forget the row. `mentor_search` has the reasons for what it holds; docs/adr/0012-search-rows.md those for the triggers.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"

EXTENSIONS = ("pg_trgm", "unaccent")
"""Trusted, like btree_gist: the owner of a database may add them."""

# Both what is written and what is typed go through this: “Søren” and “soren”, “C++” and “c++” become the same words.
# Names of techniques whose signs the parser would drop are spelled out first.
SEARCH_TEXT = r"""
CREATE FUNCTION search_text(said text) RETURNS text LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$
    SELECT btrim(regexp_replace(
        regexp_replace(
            regexp_replace(
                regexp_replace(lower(unaccent(said)), '([a-z])\+\+', '\1plusplus', 'g'),
                '([a-z])#', '\1sharp', 'g'),
            '(^|[^a-z0-9])\.([a-z])', '\1dot\2', 'g'),
        '[\s!-/:-@\[-`{-~]+', ' ', 'g'))
$$;
"""

# What the row of each of these mentors has to say. The name is kept unstemmed too: nobody is called “Jame”.
ROW = """
CREATE FUNCTION mentor_search_of(wanted bigint[]) RETURNS TABLE (
    mentor_id bigint, listed boolean, meets boolean, names text[], document tsvector, words text[], topics text[],
    languages text[], forms text[], prices jsonb, practised smallint
) LANGUAGE sql STABLE AS $$
    SELECT mentor.id,
        mentor.status = 'approved' AND cardinality(sold.forms) > 0,
        mentor.meeting_url IS NOT NULL,
        string_to_array(search_text(users.name), ' '),
        strip(to_tsvector('simple', search_text(users.name))
            || to_tsvector('english', page.said)),
        string_to_array(page.said, ' '),
        known.names, mentor.languages, sold.forms, sold.prices, known.practised
    FROM mentor
    JOIN users ON users.id = mentor.id
    CROSS JOIN LATERAL (
        SELECT coalesce(array_agg(search_text(name) ORDER BY position), '{}') AS names,
            string_agg(name, ' ') AS said, coalesce(max(last_practised), 0::smallint) AS practised
        FROM mentor_topic WHERE mentor_topic.mentor_id = mentor.id
    ) AS known
    CROSS JOIN LATERAL (
        SELECT coalesce(array_agg(DISTINCT kind), '{}') AS forms, string_agg(title, ' ') AS titles,
            coalesce((
                SELECT jsonb_object_agg(said, least_minor) FROM (
                    SELECT said, min(price_minor) AS least_minor
                    FROM offering AS priced
                    CROSS JOIN LATERAL (
                        VALUES (kind || ' ' || currency), (CASE WHEN price_minor > 0 THEN currency END)
                    ) AS key (said)
                    WHERE priced.mentor_id = mentor.id AND active AND said IS NOT NULL GROUP BY said
                ) AS cheapest
            ), '{}') AS prices
        FROM offering WHERE offering.mentor_id = mentor.id AND active
    ) AS sold
    CROSS JOIN LATERAL (
        SELECT string_agg(step ->> 'what', ' ') AS steps FROM jsonb_array_elements(mentor.journey) AS step
    ) AS way
    CROSS JOIN LATERAL search_text(concat_ws(' ',
        users.name, known.said, mentor.headline, mentor.city, sold.titles, array_to_string(mentor.can_give, ' '),
        mentor.how_i_work, mentor.story, way.steps
    )) AS page (said)
    WHERE mentor.id = ANY (wanted) AND mentor.status IN ('approved', 'paused')
        AND users.closed_at IS NULL AND users.suspended_at IS NULL
$$;
"""

# The row is there and locked before anything is read: two changes of one mentor come one after the other, and the later
# one reads what the earlier one wrote. In order of id, so that two long lists cannot lock each other out.
REFRESH = """
CREATE FUNCTION refresh_mentor_search(changed bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    new_words text[];
BEGIN
    INSERT INTO mentor_search (mentor_id) SELECT id FROM mentor WHERE id = ANY (changed) ORDER BY id
        ON CONFLICT (mentor_id) DO NOTHING;
    PERFORM FROM mentor_search WHERE mentor_id = ANY (changed) ORDER BY mentor_id FOR UPDATE;
    WITH found AS MATERIALIZED (SELECT * FROM mentor_search_of(changed)), dropped AS (
        DELETE FROM mentor_search WHERE mentor_id = ANY (changed) AND mentor_id NOT IN (SELECT mentor_id FROM found)
    ), written AS (
        UPDATE mentor_search SET
            listed = found.listed, meets = found.meets, names = found.names, document = found.document,
            topics = found.topics, languages = found.languages, forms = found.forms, prices = found.prices,
            practised = found.practised
        FROM found WHERE mentor_search.mentor_id = found.mentor_id
    )
    SELECT array_agg(said.word) FROM (SELECT DISTINCT unnest(words) AS word FROM found) AS said
        WHERE length(said.word) > 2 AND NOT EXISTS (SELECT FROM search_word WHERE search_word.word = said.word)
            AND numnode(plainto_tsquery('english', said.word)) > 0
        INTO new_words;
    INSERT INTO search_choice (kind, value)
        SELECT 'language', language FROM mentor_search, unnest(languages) AS language WHERE mentor_id = ANY (changed)
        UNION
        SELECT 'currency', currency FROM offering WHERE mentor_id = ANY (changed) AND active AND price_minor > 0
        ORDER BY 1, 2
        ON CONFLICT (kind, value) DO NOTHING;
    IF new_words IS NOT NULL THEN
        -- Who adds words waits for others that do: the same words in another order would be a deadlock.
        PERFORM pg_advisory_xact_lock(hashtext('search_word'));
        INSERT INTO search_word (word, stem)
            SELECT said, (tsvector_to_array(to_tsvector('english', said)))[1] FROM unnest(new_words) AS said
            ON CONFLICT (word) DO NOTHING;
    END IF;
END $$;
"""

# A table of transitions has the rows of one statement and of one kind of change, so there are three triggers a table.
CHANGES = {
    "mentor": "id",
    "mentor_topic": "mentor_id",
    "offering": "mentor_id",
}
KINDS = {
    "insert": ("REFERENCING NEW TABLE AS after", "SELECT {key} FROM after"),
    "update": (
        "REFERENCING OLD TABLE AS before NEW TABLE AS after",
        "SELECT {key} FROM before UNION SELECT {key} FROM after",
    ),
    "delete": ("REFERENCING OLD TABLE AS before", "SELECT {key} FROM before"),
}
KEEP = """
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM refresh_mentor_search(ARRAY({changed}));
    RETURN NULL;
END $$;
CREATE TRIGGER {name} AFTER {kind} ON {table} {tables} FOR EACH STATEMENT EXECUTE FUNCTION {name}();
"""
# Bookings change rows of `users` all the time, so this one looks at what it needs.
KEEP_PEOPLE = """
CREATE FUNCTION keep_search_of_user() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM refresh_mentor_search(ARRAY[NEW.id]);
    RETURN NULL;
END $$;
CREATE TRIGGER keep_search_of_user AFTER UPDATE OF name, closed_at, suspended_at ON users FOR EACH ROW
    WHEN ((NEW.name, NEW.closed_at, NEW.suspended_at) IS DISTINCT FROM (OLD.name, OLD.closed_at, OLD.suspended_at))
    EXECUTE FUNCTION keep_search_of_user();
"""


def upgrade() -> None:
    for extension in EXTENSIONS:
        op.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    create_tables()
    for function in (SEARCH_TEXT, ROW, REFRESH, KEEP_PEOPLE, *keeping()):
        op.execute(function)
    op.execute("SELECT refresh_mentor_search(ARRAY(SELECT id FROM mentor))")


def keeping() -> list[str]:
    return [
        KEEP.format(name=trigger(table, kind), table=table, kind=kind, tables=tables, changed=changed.format(key=key))
        for table, key in CHANGES.items()
        for kind, (tables, changed) in KINDS.items()
    ]


def trigger(table: str, kind: str) -> str:
    return f"keep_search_at_{kind}_of_{table}"


def create_tables() -> None:
    op.create_table(
        "mentor_search",
        sa.Column("mentor_id", sa.BigInteger(), nullable=False),
        sa.Column("listed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("meets", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("names", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("document", postgresql.TSVECTOR(), server_default="", nullable=False),
        sa.Column("topics", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("languages", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("forms", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("prices", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("practised", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("free_on", sa.Date(), server_default=sa.text("'0001-01-01'"), nullable=False),
        sa.Column("week", postgresql.INT4MULTIRANGE(), nullable=True),
        sa.Column("lot", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.ForeignKeyConstraint(
            ["mentor_id"], ["mentor.id"], name=op.f("fk_mentor_search_mentor_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("mentor_id", name=op.f("pk_mentor_search")),
    )
    op.create_index(
        "ix_mentor_search_words",
        "mentor_search",
        ["document", "names", "topics", "languages", "forms"],
        postgresql_using="gin",
        postgresql_with={"fastupdate": "off"},  # read a thousand times for each time it is written
    )
    op.create_index(
        "ix_mentor_search_order",
        "mentor_search",
        ["free_on", sa.text("practised DESC"), "lot", "mentor_id"],
        postgresql_where=sa.text("listed"),
    )
    op.create_table(
        "search_word",
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("stem", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_search_word")),
    )
    op.create_index("ix_search_word_stem", "search_word", ["stem"])
    op.create_index(
        "ix_search_word_spelling",
        "search_word",
        ["word"],
        postgresql_using="gist",
        postgresql_ops={"word": "gist_trgm_ops"},
    )
    op.create_index("ix_search_word_beginning", "search_word", ["word"], postgresql_ops={"word": "text_pattern_ops"})
    op.create_table(
        "search_choice",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('language', 'currency')", name=op.f("search_choice_is_known")),
        sa.PrimaryKeyConstraint("kind", "value", name=op.f("pk_search_choice")),
    )


def downgrade() -> None:
    op.execute("DROP FUNCTION keep_search_of_user CASCADE")
    for table in CHANGES:
        for kind in KINDS:
            op.execute(f"DROP FUNCTION {trigger(table, kind)} CASCADE")
    op.execute("DROP FUNCTION refresh_mentor_search, mentor_search_of")
    op.drop_table("search_choice")
    op.drop_table("search_word")
    op.drop_table("mentor_search")
    op.execute("DROP FUNCTION search_text")
    for extension in reversed(EXTENSIONS):
        op.execute(f"DROP EXTENSION {extension}")
