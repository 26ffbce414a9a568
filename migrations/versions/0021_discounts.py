"""Discount and tax of a sale are frozen when it is paid, for all of it and for each of its sessions."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

ACCOUNTS = (
    "mentee_prepaid",
    "mentor_payable",
    "refunds_in_flight",
    "refunds_owed",
    "site_bank",
    "site_fees",
    "stripe_clearing",
    "stripe_fees",
)
ON_TOP = "CASE WHEN tax_included THEN 0 ELSE tax_minor END"
FREEZE = """
CREATE OR REPLACE FUNCTION refuse_change_of_sale() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE later text[] := ARRAY['status', 'total_minor', 'sold_at', 'discount_minor', 'tax_minor'];
BEGIN
    IF (to_jsonb(NEW) - later) IS DISTINCT FROM (to_jsonb(OLD) - later)
       OR (OLD.total_minor IS NOT NULL AND (NEW.total_minor, NEW.discount_minor, NEW.tax_minor)
           IS DISTINCT FROM (OLD.total_minor, OLD.discount_minor, OLD.tax_minor))
    THEN RAISE EXCEPTION 'a sale does not change' USING ERRCODE = 'check_violation', CONSTRAINT = 'sold_is_frozen';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION refuse_change_of_sold_session() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE later text[] := ARRAY['booking_id', 'discount_minor', 'tax_minor'];
BEGIN
    IF TG_OP = 'DELETE' OR (to_jsonb(NEW) - later) IS DISTINCT FROM (to_jsonb(OLD) - later)
       OR ((NEW.discount_minor, NEW.tax_minor) IS DISTINCT FROM (OLD.discount_minor, OLD.tax_minor)
           AND EXISTS (SELECT FROM purchase WHERE id = OLD.purchase_id AND total_minor IS NOT NULL))
    THEN RAISE EXCEPTION 'a sale does not change' USING ERRCODE = 'check_violation', CONSTRAINT = 'sold_is_frozen';
    END IF;
    RETURN NEW;
END $$;
"""
BEFORE = """
CREATE OR REPLACE FUNCTION refuse_change_of_sale() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (to_jsonb(NEW) - ARRAY['status', 'total_minor', 'sold_at'])
        IS DISTINCT FROM (to_jsonb(OLD) - ARRAY['status', 'total_minor', 'sold_at'])
       OR (OLD.total_minor IS NOT NULL AND NEW.total_minor IS DISTINCT FROM OLD.total_minor)
    THEN RAISE EXCEPTION 'a sale does not change' USING ERRCODE = 'check_violation', CONSTRAINT = 'sold_is_frozen';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION refuse_change_of_sold_session() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (to_jsonb(NEW) - 'booking_id') IS DISTINCT FROM (to_jsonb(OLD) - 'booking_id')
    THEN RAISE EXCEPTION 'a sale does not change' USING ERRCODE = 'check_violation', CONSTRAINT = 'sold_is_frozen';
    END IF;
    RETURN NEW;
END $$;
"""


def upgrade() -> None:
    none = sa.text("0")
    op.add_column("purchase", sa.Column("tax_included", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    for table in ("purchase", "purchase_session"):
        for name in ("discount_minor", "tax_minor"):
            op.add_column(table, sa.Column(name, sa.BigInteger(), server_default=none, nullable=False))
    op.execute(FREEZE)
    take_over()
    for table, name in (("purchase", "discount_and_tax_are_sane"), ("purchase_session", "parts_are_sane")):
        sane = "discount_minor BETWEEN 0 AND gross_minor AND tax_minor >= 0"
        op.create_check_constraint(op.f(name), table, sane)
    total = f"total_minor = gross_minor - discount_minor + {ON_TOP}"
    op.create_check_constraint(op.f("total_is_gross_less_discount_with_tax"), "purchase", total)
    know((*ACCOUNTS, "site_discounts", "tax_payable"))


def take_over() -> None:
    """Of what was sold before: what is missing from the price was a discount, and what is more was tax. Each such sale
    has one session."""
    for table in ("purchase", "purchase_session"):
        op.execute(f"ALTER TABLE {table} DISABLE TRIGGER sold_is_frozen")
    op.execute(
        "UPDATE purchase SET discount_minor = greatest(gross_minor - total_minor, 0),"
        " tax_minor = greatest(total_minor - gross_minor, 0) WHERE total_minor <> gross_minor"
    )
    op.execute(
        "UPDATE purchase_session s SET discount_minor = p.discount_minor, tax_minor = p.tax_minor FROM purchase p"
        " WHERE p.id = s.purchase_id AND s.position = 1 AND p.total_minor <> p.gross_minor"
    )
    for table in ("purchase", "purchase_session"):
        op.execute(f"ALTER TABLE {table} ENABLE TRIGGER sold_is_frozen")


def downgrade() -> None:
    know(ACCOUNTS)
    op.execute(BEFORE)
    for name in ("total_is_gross_less_discount_with_tax", "discount_and_tax_are_sane"):
        op.drop_constraint(op.f(name), "purchase", type_="check")
    op.drop_constraint(op.f("parts_are_sane"), "purchase_session", type_="check")
    for table in ("purchase", "purchase_session"):
        for name in ("discount_minor", "tax_minor"):
            op.drop_column(table, name)
    op.drop_column("purchase", "tax_included")


def know(accounts: tuple[str, ...]) -> None:
    listed = ", ".join(repr(account) for account in sorted(accounts))
    op.drop_constraint(op.f("ledger_account_is_known"), "ledger_entry", type_="check")
    op.create_check_constraint(op.f("ledger_account_is_known"), "ledger_entry", f"account IN ({listed})")
