"""What search reads. Triggers write it (migration 0011), but for what depends on the clock (`services`)."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, SmallInteger, text
from sqlalchemy.dialects.postgresql import ARRAY, INT4MULTIRANGE, JSONB, TSVECTOR, Range
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from marketplace.accounts.models import User
from marketplace.core.db import Base
from marketplace.mentors.models import Mentor
from marketplace.search.domain.needs import MOST_NEEDS

NOTHING = text("'{}'")
NOT_LOOKED_AT = date.min
NEVER = date.max


class MentorSearch(Base):
    """One row for each mentor whose page is public. What stands in it says nothing that the page does not."""

    __tablename__ = "mentor_search"

    mentor_id: Mapped[int] = mapped_column(ForeignKey(Mentor.id, ondelete="CASCADE"), primary_key=True)
    listed: Mapped[bool] = mapped_column(server_default=text("false"))
    """Takes bookings and has something to book."""
    meets: Mapped[bool] = mapped_column(server_default=text("false"))
    """Has an own place to meet, and needs none of the site's."""
    names: Mapped[list[str]] = mapped_column(ARRAY(Text()), server_default=NOTHING)
    """The words of the name."""
    document: Mapped[str] = mapped_column(TSVECTOR, server_default="")
    """Everything that is read on the page, without positions: search asks who covers it, not how often it is said."""
    topics: Mapped[list[str]] = mapped_column(ARRAY(Text()), server_default=NOTHING)
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text()), server_default=NOTHING)
    forms: Mapped[list[str]] = mapped_column(ARRAY(Text()), server_default=NOTHING)
    """Kinds of what is for sale."""
    prices: Mapped[dict[str, int]] = mapped_column(JSONB, server_default=NOTHING)
    """The mentor's own lowest price, before the fee: by currency (`EUR`), and by kind and currency (`session EUR`)."""
    practised: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    """The year in which a topic was last practised; 0 if nobody knows."""

    free_on: Mapped[date] = mapped_column(server_default=text("'0001-01-01'"))
    """The day (in UTC) of the first free time when last looked at: NOT_LOOKED_AT yet, NEVER for who is full."""
    week: Mapped[list[Range[int]] | None] = mapped_column(INT4MULTIRANGE)
    """Working hours within the site's, as minutes of the week in UTC, when last looked at."""
    lot: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    """Drawn anew each day: who comes first among equals."""

    __table_args__ = (
        Index(
            "ix_mentor_search_words",
            "document",
            "names",
            "topics",
            "languages",
            "forms",
            postgresql_using="gin",
            postgresql_with={"fastupdate": "off"},
        ),
        Index(
            "ix_mentor_search_order",
            "free_on",
            text("practised DESC"),
            "lot",
            "mentor_id",
            postgresql_where=text("listed"),
        ),
    )


class MentorFree(Base):
    """When a mentor was free when last looked at: one row beside each row of `mentor_search`, as a trigger sees to.
    Others raise `mark` with whatever can change it (migration 0035)."""

    __tablename__ = "mentor_free"

    mentor_id: Mapped[int] = mapped_column(ForeignKey(MentorSearch.mentor_id, ondelete="CASCADE"), primary_key=True)
    free_at: Mapped[datetime | None] = mapped_column(server_default=text("'epoch'"))
    """The first time at which anything can begin: long ago for who was not looked at yet, None for who is full."""
    starts: Mapped[list[Range[int]]] = mapped_column(
        INT4MULTIRANGE, server_default=text("'{[-2147483648,2147483647)}'")
    )
    """In which minutes since 1970 the shortest session can begin, KNOWN_DAYS ahead; in all of them until looked at."""
    mark: Mapped[int] = mapped_column(server_default=text("0"))
    seen: Mapped[int] = mapped_column(server_default=text("'-1'"))
    """What `mark` was before the diary was read that the rest is from."""

    __table_args__ = (
        Index("ix_mentor_free_order", "free_at"),
        Index("ix_mentor_free_changed", "mentor_id", postgresql_where=text("mark <> seen")),
    )


class LookingFor(Base):
    """What a mentee needs, in their own words, and by which names of `Way` they like to work. Nobody else reads it."""

    __tablename__ = "looking_for"

    user_id: Mapped[int] = mapped_column(ForeignKey(User.id), primary_key=True)
    needs: Mapped[list[str]] = mapped_column(ARRAY(Text()))
    ways: Mapped[list[str]] = mapped_column(ARRAY(Text()), server_default=NOTHING)
    at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint(f"cardinality(needs) BETWEEN 1 AND {MOST_NEEDS}", name="somebody_needs_something"),
    )


class SearchWord(Base):
    """Words that mentors use: what a misspelled word is compared with. `stem` is what is left without its ending."""

    __tablename__ = "search_word"

    word: Mapped[str] = mapped_column(primary_key=True)
    stem: Mapped[str] = mapped_column(index=True)

    __table_args__ = (
        Index("ix_search_word_spelling", "word", postgresql_using="gist", postgresql_ops={"word": "gist_trgm_ops"}),
        Index("ix_search_word_beginning", "word", postgresql_ops={"word": "text_pattern_ops"}),
    )


class SearchChoice(Base):
    """What there is to choose from in the filters: languages that somebody speaks, currencies that somebody takes."""

    __tablename__ = "search_choice"

    kind: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)

    __table_args__ = (CheckConstraint("kind IN ('language', 'currency')", name="search_choice_is_known"),)
