"""The sums of a fee beside its rate: one for each currency that the site sells in. Versions keep the one they had."""

from alembic import op

revision = "0049"
down_revision = "0048"

# ALTER COLUMN writes the rows anew without asking the trigger that refuses changes: no version says anything else.
UP = """
ALTER TABLE fee_policy DROP CONSTRAINT fees_are_not_negative;
ALTER TABLE fee_policy
    ALTER COLUMN fixed_minor TYPE jsonb
        USING CASE WHEN fixed_minor > 0 THEN jsonb_build_object(currency, fixed_minor) ELSE '{}' END,
    ALTER COLUMN least_minor TYPE jsonb
        USING CASE WHEN least_minor > 0 THEN jsonb_build_object(currency, least_minor) ELSE '{}' END;
ALTER TABLE fee_policy DROP COLUMN currency;
"""
IS_SUMS = """jsonb_typeof({0}) = 'object'
    AND NOT jsonb_path_exists({0}, '$.keyvalue() ? (!(@.key like_regex "^[A-Z]{{3}}$"))')
    AND NOT jsonb_path_exists({0}, 'strict $.* ? (@.type() != "number" || @ < 0 || @ != @.floor())')"""

DOWN = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM fee_policy WHERE 1 < (
        SELECT count(*) FROM (SELECT jsonb_object_keys(fixed_minor) UNION SELECT jsonb_object_keys(least_minor)) AS said
    )) THEN
        RAISE EXCEPTION 'a fee has sums in several currencies, and before there was room for one';
    END IF;
END $$;
ALTER TABLE fee_policy DROP CONSTRAINT fixed_is_sums_by_currency, DROP CONSTRAINT least_is_sums_by_currency;
ALTER TABLE fee_policy ADD COLUMN currency text;
ALTER TABLE fee_policy DISABLE TRIGGER fee_policy_is_append_only;
UPDATE fee_policy SET currency = coalesce(
    (SELECT max(code) FROM jsonb_object_keys(fixed_minor || least_minor) AS code), 'EUR');
ALTER TABLE fee_policy ENABLE TRIGGER fee_policy_is_append_only;
ALTER TABLE fee_policy
    ALTER COLUMN currency SET NOT NULL,
    ALTER COLUMN fixed_minor TYPE bigint USING coalesce((fixed_minor ->> currency)::bigint, 0),
    ALTER COLUMN least_minor TYPE bigint USING coalesce((least_minor ->> currency)::bigint, 0);
ALTER TABLE fee_policy ADD CONSTRAINT fees_are_not_negative CHECK (fixed_minor >= 0 AND least_minor >= 0);
"""


def upgrade() -> None:
    op.execute(UP)
    for column in ("fixed", "least"):
        op.create_check_constraint(
            op.f(f"{column}_is_sums_by_currency"), "fee_policy", IS_SUMS.format(f"{column}_minor")
        )


def downgrade() -> None:
    op.execute(DOWN)
