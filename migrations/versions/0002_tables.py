"""The tables: people, offerings, hours, bookings, money, mail."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute("CREATE SEQUENCE stripe_fetch_number")
    op.create_table(
        "mail_outbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("fact", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("arguments", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("status IN ('waiting', 'sent', 'dropped')", name=op.f("mail_status_is_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_outbox")),
    )
    op.create_index(
        "ix_mail_outbox_due", "mail_outbox", ["due_at"], unique=False, postgresql_where=sa.text("status = 'waiting'")
    )
    op.create_index("one_mail_per_fact", "mail_outbox", ["fact", "key", "user_id", "sequence"], unique=True)
    op.create_table(
        "stripe_event",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("object_id", sa.Text(), nullable=False),
        sa.Column("api_version", sa.Text(), nullable=True),
        sa.Column("livemode", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("status", sa.Text(), server_default="new", nullable=False),
        sa.Column("processed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("status IN ('new', 'done', 'parked')", name=op.f("event_status_is_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stripe_event")),
    )
    op.create_index(op.f("ix_stripe_event_object_id"), "stripe_event", ["object_id"], unique=False)
    op.create_index(
        "ix_stripe_event_waiting",
        "stripe_event",
        ["received_at"],
        unique=False,
        postgresql_where=sa.text("status = 'new'"),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), server_default="en", nullable=False),
        sa.Column("is_operator", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("quiet_from", sa.SmallInteger(), nullable=True),
        sa.Column("quiet_until", sa.SmallInteger(), nullable=True),
        sa.Column("calendar_revision", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("calendar_changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("email LIKE '%%_@_%%' AND email = btrim(email)", name=op.f("email_looks_like_one")),
        sa.CheckConstraint("(quiet_from IS NULL) = (quiet_until IS NULL)", name=op.f("quiet_hours_have_both_ends")),
        sa.CheckConstraint(
            "quiet_from BETWEEN 0 AND 1439 AND quiet_until BETWEEN 0 AND 1440",
            name=op.f("quiet_hours_are_minutes_of_a_day"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
    )
    op.create_index("one_account_per_address", "users", [sa.literal_column("lower(email)")], unique=True)
    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("rotation", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("secret_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("with_join_link", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("last_read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("scope IN ('mentor', 'mentee')", name=op.f("feed_scope_is_known")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_calendar_feed_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("secret_sha256", name=op.f("uq_calendar_feed_secret_sha256")),
    )
    op.create_index(op.f("ix_calendar_feed_user_id"), "calendar_feed", ["user_id"], unique=False)
    op.create_index("one_feed_per_scope", "calendar_feed", ["user_id", "scope"], unique=True)
    op.create_table(
        "mentor",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default="draft", nullable=False),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("how_i_work", sa.Text(), nullable=False),
        sa.Column("city", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("languages", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("meeting_url", sa.Text(), nullable=True),
        sa.CheckConstraint("meeting_url LIKE 'https://%%'", name=op.f("meeting_url_is_https")),
        sa.CheckConstraint("slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name=op.f("slug_is_plain")),
        sa.CheckConstraint(
            "status IN ('draft', 'submitted', 'approved', 'changes_wanted', 'paused', 'suspended')",
            name=op.f("mentor_status_is_known"),
        ),
        sa.ForeignKeyConstraint(["id"], ["users.id"], name=op.f("fk_mentor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentor")),
        sa.UniqueConstraint("slug", name=op.f("uq_mentor_slug")),
    )
    op.create_table(
        "boundaries",
        sa.Column("mentor_id", sa.BigInteger(), nullable=False),
        sa.Column("notice_minutes", sa.BigInteger(), server_default=sa.text("1440"), nullable=False),
        sa.Column("horizon_days", sa.SmallInteger(), server_default=sa.text("60"), nullable=False),
        sa.Column("step_minutes", sa.SmallInteger(), server_default=sa.text("15"), nullable=False),
        sa.Column("buffer_before_minutes", sa.SmallInteger(), server_default=sa.text("10"), nullable=False),
        sa.Column("buffer_after_minutes", sa.SmallInteger(), server_default=sa.text("10"), nullable=False),
        sa.Column("sessions_a_day", sa.SmallInteger(), server_default=sa.text("5"), nullable=False),
        sa.Column("sessions_a_week", sa.SmallInteger(), server_default=sa.text("20"), nullable=False),
        sa.Column("minutes_a_day", sa.SmallInteger(), server_default=sa.text("300"), nullable=False),
        sa.CheckConstraint(
            "buffer_before_minutes BETWEEN 0 AND 240 AND buffer_after_minutes BETWEEN 0 AND 240",
            name=op.f("buffers_are_sane"),
        ),
        sa.CheckConstraint("horizon_days BETWEEN 1 AND 400", name=op.f("horizon_is_bounded")),
        sa.CheckConstraint("notice_minutes >= 60", name=op.f("notice_is_an_hour_at_least")),
        sa.CheckConstraint(
            "sessions_a_day >= 1 AND sessions_a_week >= 1 AND minutes_a_day BETWEEN 1 AND 1440",
            name=op.f("caps_are_sane"),
        ),
        sa.CheckConstraint("step_minutes BETWEEN 5 AND 240", name=op.f("step_is_sane")),
        sa.ForeignKeyConstraint(["mentor_id"], ["mentor.id"], name=op.f("fk_boundaries_mentor_id")),
        sa.PrimaryKeyConstraint("mentor_id", name=op.f("pk_boundaries")),
    )
    op.create_table(
        "date_override",
        sa.Column("mentor_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("minutes", postgresql.INT4MULTIRANGE(), nullable=False),
        sa.CheckConstraint("minutes <@ int4range(0, 1440)", name=op.f("override_lies_within_a_day")),
        sa.ForeignKeyConstraint(["mentor_id"], ["mentor.id"], name=op.f("fk_date_override_mentor_id")),
        sa.PrimaryKeyConstraint("mentor_id", "day", name=op.f("pk_date_override")),
    )
    op.create_table(
        "mentor_topic",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("mentor_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("reach", sa.Text(), nullable=False),
        sa.Column("last_practised", sa.SmallInteger(), nullable=True),
        sa.CheckConstraint("reach IN ('depth', 'breadth')", name=op.f("reach_is_depth_or_breadth")),
        sa.ForeignKeyConstraint(["mentor_id"], ["mentor.id"], name=op.f("fk_mentor_topic_mentor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentor_topic")),
    )
    op.create_index(op.f("ix_mentor_topic_mentor_id"), "mentor_topic", ["mentor_id"], unique=False)
    op.create_table(
        "offering",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("mentor_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("minutes", sa.SmallInteger(), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("policy", sa.Text(), server_default="standard", nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.CheckConstraint("(kind = 'fit_call') = (price_minor = 0)", name=op.f("only_a_fit_call_is_free")),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("currency_is_a_code")),
        sa.CheckConstraint("kind IN ('fit_call', 'session')", name=op.f("offering_kind_is_known")),
        sa.CheckConstraint("policy IN ('flexible', 'standard', 'firm')", name=op.f("policy_is_a_preset")),
        sa.CheckConstraint("minutes BETWEEN 10 AND 240", name=op.f("session_length_is_sane")),
        sa.CheckConstraint("price_minor >= 0", name=op.f("price_is_not_negative")),
        sa.ForeignKeyConstraint(["mentor_id"], ["mentor.id"], name=op.f("fk_offering_mentor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offering")),
    )
    op.create_index(op.f("ix_offering_mentor_id"), "offering", ["mentor_id"], unique=False)
    op.create_table(
        "time_off",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("mentor_id", sa.BigInteger(), nullable=False),
        sa.Column("span", postgresql.TSRANGE(), nullable=False),
        sa.CheckConstraint(
            "NOT isempty(span) AND lower(span) IS NOT NULL AND upper(span) IS NOT NULL",
            name=op.f("time_off_has_both_ends"),
        ),
        sa.ForeignKeyConstraint(["mentor_id"], ["mentor.id"], name=op.f("fk_time_off_mentor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_time_off")),
    )
    op.create_index(op.f("ix_time_off_mentor_id"), "time_off", ["mentor_id"], unique=False)
    op.create_table(
        "working_hours",
        sa.Column("mentor_id", sa.BigInteger(), nullable=False),
        sa.Column("weekday", sa.SmallInteger(), nullable=False),
        sa.Column("minutes", postgresql.INT4MULTIRANGE(), nullable=False),
        sa.CheckConstraint("minutes <@ int4range(0, 1440)", name=op.f("hours_lie_within_a_day")),
        sa.CheckConstraint("weekday BETWEEN 1 AND 7", name=op.f("weekday_is_iso")),
        sa.ForeignKeyConstraint(["mentor_id"], ["mentor.id"], name=op.f("fk_working_hours_mentor_id")),
        sa.PrimaryKeyConstraint("mentor_id", "weekday", name=op.f("pk_working_hours")),
    )
    op.create_table(
        "booking",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("mentor_id", sa.BigInteger(), nullable=False),
        sa.Column("mentee_id", sa.BigInteger(), nullable=False),
        sa.Column("offering_id", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("buffer_before_minutes", sa.SmallInteger(), nullable=False),
        sa.Column("buffer_after_minutes", sa.SmallInteger(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("local_start", sa.DateTime(), nullable=False),
        sa.Column("local_end", sa.DateTime(), nullable=False),
        sa.Column("envelope_weekdays", postgresql.ARRAY(sa.SmallInteger()), nullable=False),
        sa.Column("envelope_opens", sa.SmallInteger(), nullable=False),
        sa.Column("envelope_closes", sa.SmallInteger(), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint(
            "extract(isodow FROM local_start) = ANY (envelope_weekdays) AND extract(hour FROM local_start) * 60 + extract(minute FROM local_start) >= envelope_opens AND (extract(epoch FROM local_end - date_trunc('day', local_start)) / 60) <= envelope_closes",
            name=op.f("business_hours_only"),
        ),
        sa.CheckConstraint("status <> 'confirmed' OR confirmed_at IS NOT NULL", name=op.f("confirmed_at_a_time")),
        sa.CheckConstraint(
            "status IN ('awaiting_payment', 'cancelled_by_mentee', 'cancelled_by_mentor', 'cancelled_by_operator', 'completed', 'confirmed', 'expired', 'held', 'no_show_both', 'no_show_mentee', 'no_show_mentor', 'released')",
            name=op.f("booking_status_is_known"),
        ),
        sa.CheckConstraint("status NOT IN ('held') OR held_until IS NOT NULL", name=op.f("a_hold_ends")),
        sa.CheckConstraint(
            "local_start = (starts_at AT TIME ZONE zone) AND local_end = (ends_at AT TIME ZONE zone)",
            name=op.f("local_times_are_of_the_instants"),
        ),
        sa.CheckConstraint("mentor_id <> mentee_id", name=op.f("nobody_mentors_themselves")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("session_has_a_length")),
        sa.ForeignKeyConstraint(["mentee_id"], ["users.id"], name=op.f("fk_booking_mentee_id")),
        sa.ForeignKeyConstraint(["mentor_id"], ["mentor.id"], name=op.f("fk_booking_mentor_id")),
        sa.ForeignKeyConstraint(["offering_id"], ["offering.id"], name=op.f("fk_booking_offering_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking")),
        sa.UniqueConstraint("public_id", name=op.f("uq_booking_public_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_booking_uid")),
    )
    op.create_index("ix_booking_mentee_starts", "booking", ["mentee_id", "starts_at"], unique=False)
    op.create_index("ix_booking_mentor_starts", "booking", ["mentor_id", "starts_at"], unique=False)
    op.create_index(op.f("ix_booking_offering_id"), "booking", ["offering_id"], unique=False)
    op.create_index(
        "ix_booking_overdue", "booking", ["held_until"], unique=False, postgresql_where=sa.text("status = 'held'")
    )
    op.create_table(
        "purchase",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("mentee_id", sa.BigInteger(), nullable=False),
        sa.Column("mentor_id", sa.BigInteger(), nullable=False),
        sa.Column("offering_id", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("fee_minor", sa.BigInteger(), nullable=False),
        sa.Column("fee_bp", sa.SmallInteger(), nullable=False),
        sa.Column("fee_borne_by", sa.Text(), nullable=False),
        sa.Column("gross_minor", sa.BigInteger(), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sold_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(status = 'sold') = (sold_at IS NOT NULL)", name=op.f("sold_at_a_time")),
        sa.CheckConstraint("(status = 'sold') = (total_minor IS NOT NULL)", name=op.f("sold_for_a_sum")),
        sa.CheckConstraint(
            "gross_minor = price_minor + CASE fee_borne_by WHEN 'mentee' THEN fee_minor ELSE 0 END",
            name=op.f("gross_is_price_and_fee"),
        ),
        sa.CheckConstraint("status IN ('lapsed', 'sold', 'unpaid')", name=op.f("purchase_status_is_known")),
        sa.CheckConstraint("mentor_id <> mentee_id", name=op.f("nobody_buys_from_themselves")),
        sa.CheckConstraint(
            "price_minor >= 0 AND fee_minor >= 0 AND gross_minor >= 0", name=op.f("sums_are_not_negative")
        ),
        sa.ForeignKeyConstraint(["mentee_id"], ["users.id"], name=op.f("fk_purchase_mentee_id")),
        sa.ForeignKeyConstraint(["mentor_id"], ["mentor.id"], name=op.f("fk_purchase_mentor_id")),
        sa.ForeignKeyConstraint(["offering_id"], ["offering.id"], name=op.f("fk_purchase_offering_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase")),
        sa.UniqueConstraint("public_id", name=op.f("uq_purchase_public_id")),
    )
    op.create_index(op.f("ix_purchase_mentee_id"), "purchase", ["mentee_id"], unique=False)
    op.create_index(op.f("ix_purchase_mentor_id"), "purchase", ["mentor_id"], unique=False)
    op.create_index(op.f("ix_purchase_offering_id"), "purchase", ["offering_id"], unique=False)
    op.create_index(
        "one_unpaid_purchase", "purchase", ["mentee_id"], unique=True, postgresql_where=sa.text("status = 'unpaid'")
    )
    op.create_table(
        "occupancy",
        sa.Column("booking_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("span", postgresql.TSTZRANGE(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("user_id"), "="), (sa.column("span"), "&&"), using="gist", name="no_double_booking"
        ),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking.id"], name=op.f("fk_occupancy_booking_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_occupancy_user_id")),
        sa.PrimaryKeyConstraint("booking_id", "user_id", name=op.f("pk_occupancy")),
    )
    op.create_table(
        "payment",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("purchase_id", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("params", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("stripe_session_id", sa.Text(), nullable=True),
        sa.Column("stripe_payment_intent_id", sa.Text(), nullable=True),
        sa.Column("checkout_url", sa.Text(), nullable=True),
        sa.Column("paid_minor", sa.BigInteger(), nullable=True),
        sa.Column("last_fetch", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(status = 'paid') = (paid_at IS NOT NULL)", name=op.f("paid_at_a_time")),
        sa.CheckConstraint(
            "status IN ('expired', 'failed', 'open', 'paid', 'processing', 'unsent')",
            name=op.f("payment_status_is_known"),
        ),
        sa.CheckConstraint(
            "status IN ('unsent', 'expired') OR stripe_session_id IS NOT NULL", name=op.f("sent_has_an_id")
        ),
        sa.CheckConstraint("amount_minor > 0", name=op.f("stripe_is_asked_for_something")),
        sa.ForeignKeyConstraint(["purchase_id"], ["purchase.id"], name=op.f("fk_payment_purchase_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_payment_idempotency_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_payment_public_id")),
        sa.UniqueConstraint("stripe_payment_intent_id", name=op.f("uq_payment_stripe_payment_intent_id")),
        sa.UniqueConstraint("stripe_session_id", name=op.f("uq_payment_stripe_session_id")),
    )
    op.create_index(
        "ix_payment_payable",
        "payment",
        ["looked_at"],
        unique=False,
        postgresql_where=sa.text("status IN ('open', 'processing', 'unsent')"),
    )
    op.create_index(op.f("ix_payment_purchase_id"), "payment", ["purchase_id"], unique=False)
    op.create_index(
        "one_payable_payment",
        "payment",
        ["purchase_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('open', 'processing', 'unsent')"),
    )
    op.create_table(
        "purchase_session",
        sa.Column("purchase_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("booking_id", sa.BigInteger(), nullable=True),
        sa.Column("gross_minor", sa.BigInteger(), nullable=False),
        sa.Column("fee_minor", sa.BigInteger(), nullable=False),
        sa.Column("share_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("gross_minor = fee_minor + share_minor", name=op.f("gross_is_fee_and_share")),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_purchase_session_booking_id")),
        sa.ForeignKeyConstraint(["purchase_id"], ["purchase.id"], name=op.f("fk_purchase_session_purchase_id")),
        sa.PrimaryKeyConstraint("purchase_id", "position", name=op.f("pk_purchase_session")),
        sa.UniqueConstraint("booking_id", name=op.f("uq_purchase_session_booking_id")),
    )
    op.create_table(
        "refund",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("payment_id", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("stripe_refund_id", sa.Text(), nullable=True),
        sa.Column("last_fetch", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("status = 'owed' OR stripe_refund_id IS NOT NULL", name=op.f("sent_refund_has_an_id")),
        sa.CheckConstraint("status IN ('failed', 'owed', 'sent', 'succeeded')", name=op.f("refund_status_is_known")),
        sa.CheckConstraint("amount_minor > 0", name=op.f("refund_is_something")),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_refund_payment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_refund_idempotency_key")),
        sa.UniqueConstraint("stripe_refund_id", name=op.f("uq_refund_stripe_refund_id")),
    )
    op.create_index(op.f("ix_refund_payment_id"), "refund", ["payment_id"], unique=False)
    op.create_index(
        "ix_refund_unsettled",
        "refund",
        ["looked_at"],
        unique=False,
        postgresql_where=sa.text("status IN ('owed', 'sent')"),
    )
    op.create_index("one_refund_per_reason", "refund", ["payment_id", "reason"], unique=True)


def downgrade() -> None:
    for table in (
        "refund",
        "purchase_session",
        "payment",
        "occupancy",
        "purchase",
        "booking",
        "working_hours",
        "time_off",
        "offering",
        "mentor_topic",
        "date_override",
        "boundaries",
        "mentor",
        "calendar_feed",
        "users",
        "stripe_event",
        "mail_outbox",
    ):
        op.drop_table(table)
    op.execute("DROP SEQUENCE stripe_fetch_number")
