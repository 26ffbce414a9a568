"""What the two write down together: versions, who agrees, and two who write at once."""

import threading
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.errors import NotFound
from marketplace.core.ids import public_id
from marketplace.mentorships.domain.papers import MOST_GOALS, Agreement, Goal, Kind, Plan, Step
from marketplace.mentorships.domain.states import Stage
from marketplace.mentorships.models.pairs import Mentorship
from marketplace.mentorships.models.papers import Paper, PaperVersion
from marketplace.mentorships.queries.pairs import pair_of
from marketplace.mentorships.queries.papers import Written, papers_and_corrections, papers_of, revisions_of, scores_of
from marketplace.mentorships.services.papers import PaperChanged, TooManyGoals, Writer, agree, close_goal, write
from marketplace.mentorships.services.scores import score
from tests.factories import make_user
from tests.mentorships.conftest import NEXT_TUESDAY
from tests.pages.sales import make_sale

PLAN = Plan((Step("a" * 12, "One page"), Step("b" * 12, "Three people")))
OTHER = Plan((Step("a" * 12, "One page"), Step("c" * 12, "A sponsor first")))


def by(pair, person):
    return Writer(pair, person.id, utcnow())


def plan_of(session, pair) -> Written:
    plan = papers_of(session, pair.id).plan
    assert plan is not None
    return plan


def versions(session):
    return session.scalars(select(PaperVersion).order_by(PaperVersion.paper_id, PaperVersion.number)).all()


def test_each_correction_of_a_plan_keeps_its_why_and_what_it_changed(session, pair, ada, graces_account):
    write(session, by(pair, graces_account), Kind.PLAN, PLAN, base=0)
    write(session, by(pair, ada), Kind.PLAN, OTHER, base=1, why="The team has changed.")

    plan = plan_of(session, pair)
    newest, first = revisions_of(session, plan.paper)
    assert plan.plan == OTHER
    assert newest.version.why == "The team has changed."
    assert [each.after.text or each.before.text for each in newest.changes] == ["A sponsor first", "Three people"]
    assert first.changes == []
    _, corrections = papers_and_corrections(session, pair.id)
    assert [revision.version.number for _, revision in corrections] == [2]


def test_what_is_sent_twice_is_one_version(session, pair, ada):
    for _ in range(2):
        write(session, by(pair, ada), Kind.PLAN, PLAN, base=0)

    assert [version.number for version in versions(session)] == [1]


def test_a_version_made_from_an_older_one_overwrites_nothing(session, pair, ada, graces_account):
    write(session, by(pair, ada), Kind.PLAN, PLAN, base=0)
    write(session, by(pair, graces_account), Kind.PLAN, OTHER, base=1)

    with pytest.raises(PaperChanged):
        write(session, by(pair, ada), Kind.PLAN, Plan(PLAN.steps[:1]), base=1)

    assert plan_of(session, pair).plan == OTHER


def test_of_two_who_write_at_one_moment_one_is_told(app, session, pair, ada, graces_account):
    """Each in a transaction of its own, from the same version."""
    write(session, by(pair, ada), Kind.PLAN, PLAN, base=0)
    session.commit()
    both, told = threading.Barrier(2), []

    def attempt(person, body):
        with Session(db.engine) as own:
            row = own.get_one(Mentorship, pair.id)
            both.wait()
            try:
                write(own, by(row, person), Kind.PLAN, body, base=1)
                own.commit()
                told.append("kept")
            except PaperChanged:
                told.append("told")

    engine_of_here = db.engine
    assert engine_of_here is not None
    bodies = [(ada, OTHER), (graces_account, Plan(PLAN.steps[:1]))]

    def in_context(*given):
        with app.app_context():
            attempt(*given)

    threads = [threading.Thread(target=in_context, args=each) for each in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(told) == ["kept", "told"]
    assert session.scalar(select(func.count()).select_from(PaperVersion)) == 2


def test_a_goal_is_agreed_once_both_have_said_so_and_waits_again_when_it_changes(session, pair, ada, graces_account):
    paper = write(session, by(pair, ada), Kind.GOAL, Goal("I lead."), base=0, goal=public_id())
    (goal,) = papers_of(session, pair.id).goals
    before = goal.is_agreed
    agree(session, by(pair, graces_account), paper.id, number=1)
    agreed = goal.is_agreed
    write(session, by(pair, ada), Kind.GOAL, Goal("I lead it."), base=1, goal=paper.public_id)

    (goal,) = papers_of(session, pair.id).goals
    assert (before, agreed, goal.is_agreed) == (False, True, False)


def test_nobody_agrees_to_what_they_have_not_read(session, pair, ada, graces_account):
    paper = write(session, by(pair, ada), Kind.AGREEMENT, Agreement("Weekly"), base=0)
    write(session, by(pair, ada), Kind.AGREEMENT, Agreement("Daily"), base=1)

    with pytest.raises(PaperChanged):
        agree(session, by(pair, graces_account), paper.id, number=1)


def test_an_agreement_of_both_makes_a_mentorship_active(session, offering, graces_account):
    alan = make_user(session, "Alan Example")
    make_sale(session, offering, alan, NEXT_TUESDAY + timedelta(hours=3))
    row = session.scalars(select(Mentorship).where(Mentorship.mentee_id == alan.id)).one()
    paper = write(session, by(row, alan), Kind.AGREEMENT, Agreement("Weekly"), base=0)
    before = pair_of(session, row.public_id, alan.id, utcnow()).stage

    agree(session, by(row, graces_account), paper.id, number=1)

    assert before is Stage.PROPOSED
    assert pair_of(session, row.public_id, alan.id, utcnow()).stage is Stage.ACTIVE


def test_a_goal_of_another_pair_is_not_found(session, pair, ada, offering):
    alan = make_user(session, "Alan Example")
    make_sale(session, offering, alan, NEXT_TUESDAY + timedelta(hours=3))
    others = session.scalars(select(Mentorship).where(Mentorship.mentee_id == alan.id)).one()
    paper = write(session, by(others, alan), Kind.GOAL, Goal("Mine."), base=0, goal=public_id())

    with pytest.raises(NotFound):
        write(session, by(pair, ada), Kind.GOAL, Goal("Yours."), base=1, goal=paper.public_id)


def test_open_goals_are_bounded_and_a_closed_one_makes_room(session, pair, ada):
    for number in range(MOST_GOALS):
        last = write(session, by(pair, ada), Kind.GOAL, Goal(f"Goal {number}"), base=0, goal=public_id())
    with pytest.raises(TooManyGoals):
        write(session, by(pair, ada), Kind.GOAL, Goal("One more"), base=0, goal=public_id())

    close_goal(session, by(pair, ada), last, "reached")
    write(session, by(pair, ada), Kind.GOAL, Goal("One more"), base=0, goal=public_id())

    with pytest.raises(TooManyGoals):
        close_goal(session, by(pair, ada), last, None)


def test_the_last_word_of_a_day_counts(session, pair, ada):
    paper = write(session, by(pair, ada), Kind.GOAL, Goal("I lead."), base=0, goal=public_id())
    day = date(2026, 12, 1)
    for confidence, attainment in ((3, -2), (5, None), (None, -1)):
        score(session, by(pair, ada), paper.id, day=day, confidence=confidence, attainment=attainment)

    assert [(each.confidence, each.attainment) for each in scores_of(session, pair.id)] == [(5, -1)]
    assert session.scalar(select(func.count()).select_from(Paper)) == 1
