"""How a goal comes on, and what shows that a step is reached."""

from __future__ import annotations

from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from marketplace.core.errors import NotFound
from marketplace.mentorships.models.papers import Evidence, GoalScore
from marketplace.mentorships.services.once import write_once
from marketplace.mentorships.services.papers import Writer


def score(
    session: Session, writer: Writer, paper_id: int, *, day: date, confidence: int | None, attainment: int | None
) -> None:
    """The last word of a day counts; what is not said again stays as it was said that day."""
    said = {"confidence": confidence, "attainment": attainment}
    values = {name: value for name, value in said.items() if value is not None}
    row = {"paper_id": paper_id, "by_id": writer.user_id, "day": day, "at": writer.now, **values}
    keys = [GoalScore.paper_id, GoalScore.by_id, GoalScore.day]
    session.execute(
        insert(GoalScore).values(row).on_conflict_do_update(index_elements=keys, set_={"at": writer.now, **values})
    )


def show(session: Session, writer: Writer, *, form: str, step_key: str, words: str, link: str) -> None:
    """`form` names the form that was sent: sent twice, it is kept once."""
    row = {
        "mentorship_id": writer.mentorship.id,
        "step_key": step_key,
        "words": words,
        "link": link,
        "by_id": writer.user_id,
        "at": writer.now,
    }
    write_once(session, Evidence, form, row)


def take_back(session: Session, writer: Writer, public_id: str) -> None:
    """Either of the two. Raises NotFound for what is not theirs; what is gone already is gone."""
    of_it = Evidence.public_id == public_id
    owner = session.scalar(select(Evidence.mentorship_id).where(of_it))
    if owner is not None and owner != writer.mentorship.id:
        raise NotFound("There is nothing here.")
    session.execute(delete(Evidence).where(of_it))
