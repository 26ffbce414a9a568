"""What a pair has written down, version by version, and how its goals and steps come on."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.accounts.models import User
from marketplace.core.db import Base, Json
from marketplace.mentorships.domain.papers import Kind
from marketplace.mentorships.models.pairs import Mentorship

KINDS = ", ".join(f"'{kind}'" for kind in sorted(Kind))


class Paper(Base):
    """An agreement and a plan at most for each pair, and any number of goals."""

    __tablename__ = "mentorship_paper"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    mentorship_id: Mapped[int] = mapped_column(ForeignKey(Mentorship.id), index=True)
    kind: Mapped[str]
    closed_as: Mapped[str | None]
    """Of a goal that is worked on no more: reached, or let go."""

    __table_args__ = (
        CheckConstraint(f"kind IN ({KINDS})", name="paper_kind_is_known"),
        CheckConstraint(
            "closed_as IS NULL OR (kind = 'goal' AND closed_as IN ('reached', 'dropped'))", name="only_goals_close"
        ),
        Index("one_paper_of_its_kind", "mentorship_id", "kind", unique=True, postgresql_where=text("kind <> 'goal'")),
    )


class PaperVersion(Base):
    """Never changed but for who agrees; its number is one more than that of the version it was made from."""

    __tablename__ = "mentorship_paper_version"

    paper_id: Mapped[int] = mapped_column(ForeignKey(Paper.id), primary_key=True)
    number: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    body: Mapped[Json]
    why: Mapped[str] = mapped_column(server_default=text("''"))
    by_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    at: Mapped[datetime]
    mentor_agreed_at: Mapped[datetime | None]
    mentee_agreed_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("number > 0", name="versions_count_from_one"),
        CheckConstraint("char_length(why) <= 1000", name="why_is_bounded"),
        CheckConstraint("num_nonnulls(mentor_agreed_at, mentee_agreed_at) > 0", name="who_writes_agrees"),
    )

    @property
    def is_agreed(self) -> bool:
        return self.mentor_agreed_at is not None and self.mentee_agreed_at is not None


class GoalScore(Base):
    """What one person says of a goal on one day of theirs; the last word of a day counts."""

    __tablename__ = "mentorship_goal_score"

    paper_id: Mapped[int] = mapped_column(ForeignKey(Paper.id), primary_key=True)
    by_id: Mapped[int] = mapped_column(ForeignKey(User.id), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    confidence: Mapped[int | None] = mapped_column(SmallInteger)
    attainment: Mapped[int | None] = mapped_column(SmallInteger)

    __table_args__ = (
        CheckConstraint("confidence BETWEEN 0 AND 10", name="confidence_is_out_of_ten"),
        CheckConstraint("attainment BETWEEN -2 AND 2", name="attainment_has_five_levels"),
        CheckConstraint("num_nonnulls(confidence, attainment) > 0", name="a_score_says_something"),
    )


class Evidence(Base):
    """What shows that a step of the plan is reached."""

    __tablename__ = "mentorship_evidence"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    mentorship_id: Mapped[int] = mapped_column(ForeignKey(Mentorship.id), index=True)
    step_key: Mapped[str]
    words: Mapped[str]
    link: Mapped[str] = mapped_column(server_default=text("''"))
    by_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("char_length(words) BETWEEN 1 AND 1000", name="evidence_says_something"),
        CheckConstraint("char_length(link) <= 500", name="evidence_link_is_bounded"),
    )
