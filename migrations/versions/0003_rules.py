"""The rules that the database keeps itself, whichever path a change takes."""

from alembic import op

revision = "0003"
down_revision = "0002"

OCCUPYING = "'held', 'awaiting_payment', 'confirmed', 'completed', 'no_show_mentee', 'no_show_mentor', 'no_show_both'"
SHOWN = (
    "'confirmed', 'completed', 'no_show_mentee', 'no_show_mentor', 'no_show_both',"
    " 'cancelled_by_mentee', 'cancelled_by_mentor', 'cancelled_by_operator'"
)

# Rule no_double_booking: an occupying booking has its rows in `occupancy`, whatever path made or moved it.
KEEP_OCCUPANCY = f"""
CREATE FUNCTION keep_occupancy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.status IN ({OCCUPYING}) AND OLD.status IN ({OCCUPYING})
       AND (NEW.starts_at, NEW.ends_at, NEW.mentor_id, NEW.mentee_id)
         = (OLD.starts_at, OLD.ends_at, OLD.mentor_id, OLD.mentee_id)
       AND (NEW.buffer_before_minutes, NEW.buffer_after_minutes) = (OLD.buffer_before_minutes, OLD.buffer_after_minutes)
    THEN RETURN NULL;
    END IF;
    DELETE FROM occupancy WHERE booking_id = NEW.id;
    IF NEW.status IN ({OCCUPYING}) THEN
        INSERT INTO occupancy (booking_id, user_id, span) VALUES
            (NEW.id, NEW.mentor_id, tstzrange(NEW.starts_at - make_interval(mins => NEW.buffer_before_minutes),
                                              NEW.ends_at + make_interval(mins => NEW.buffer_after_minutes))),
            (NEW.id, NEW.mentee_id, tstzrange(NEW.starts_at, NEW.ends_at));
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER keep_occupancy AFTER INSERT OR UPDATE ON booking FOR EACH ROW EXECUTE FUNCTION keep_occupancy();
"""

# Rule calendars_agree: what a calendar shows cannot change without both people's revision rising.
RAISE_REVISIONS = f"""
CREATE FUNCTION raise_calendar_revisions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.status, NEW.starts_at, NEW.ends_at, NEW.title, NEW.sequence, NEW.changed_at)
                          = (OLD.status, OLD.starts_at, OLD.ends_at, OLD.title, OLD.sequence, OLD.changed_at)
    THEN RETURN NULL;
    END IF;
    IF NEW.status IN ({SHOWN}) OR (TG_OP = 'UPDATE' AND OLD.status IN ({SHOWN})) THEN
        UPDATE users SET calendar_revision = calendar_revision + 1,
                         calendar_changed_at = greatest(calendar_changed_at + interval '1 second', NEW.changed_at)
        WHERE id IN (NEW.mentor_id, NEW.mentee_id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER raise_calendar_revisions AFTER INSERT OR UPDATE ON booking
    FOR EACH ROW EXECUTE FUNCTION raise_calendar_revisions();
"""

# Rule sold_is_frozen: what was agreed at the hold stands; the total is set once, at confirmation.
FREEZE_SALES = """
CREATE FUNCTION refuse_change_of_sale() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (to_jsonb(NEW) - ARRAY['status', 'total_minor', 'sold_at'])
        IS DISTINCT FROM (to_jsonb(OLD) - ARRAY['status', 'total_minor', 'sold_at'])
       OR (OLD.total_minor IS NOT NULL AND NEW.total_minor IS DISTINCT FROM OLD.total_minor)
    THEN RAISE EXCEPTION 'a sale does not change' USING ERRCODE = 'check_violation', CONSTRAINT = 'sold_is_frozen';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sold_is_frozen BEFORE UPDATE ON purchase FOR EACH ROW EXECUTE FUNCTION refuse_change_of_sale();
CREATE FUNCTION refuse_change_of_sold_session() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (to_jsonb(NEW) - 'booking_id') IS DISTINCT FROM (to_jsonb(OLD) - 'booking_id')
    THEN RAISE EXCEPTION 'a sale does not change' USING ERRCODE = 'check_violation', CONSTRAINT = 'sold_is_frozen';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sold_is_frozen BEFORE UPDATE OR DELETE ON purchase_session
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_sold_session();
"""


def upgrade() -> None:
    for rule in (KEEP_OCCUPANCY, RAISE_REVISIONS, FREEZE_SALES):
        op.execute(rule)


def downgrade() -> None:
    op.execute("DROP FUNCTION keep_occupancy, raise_calendar_revisions, refuse_change_of_sale CASCADE")
    op.execute("DROP FUNCTION refuse_change_of_sold_session CASCADE")
