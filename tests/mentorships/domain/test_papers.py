from datetime import date

import pytest

from marketplace.mentorships.domain.papers import (
    Agreement,
    Change,
    Goal,
    Kind,
    Line,
    Plan,
    Step,
    body_of,
    changes,
    is_reordered,
)

MARCH = date(2027, 3, 30)
GOAL = Goal("I lead the redesign.", why="I like it.", measure="Designs of mine", was="0", wanted="1", by=MARCH)
PLAN = Plan((Step("one", "One page on the problem", MARCH), Step("two", "Three who disagree")))
AGREEMENT = Agreement(cadence="Every second Tuesday", ending="We say so.", review_on=MARCH)


@pytest.mark.parametrize(("kind", "body"), [(Kind.GOAL, GOAL), (Kind.PLAN, PLAN), (Kind.AGREEMENT, AGREEMENT)])
def test_what_is_kept_is_read_again_as_it_was(kind, body):
    assert body_of(kind, body.to_json()) == body


def test_what_says_the_same_has_no_changes():
    assert changes(PLAN.lines(), PLAN.lines()) == []
    assert not is_reordered(PLAN.lines(), PLAN.lines())


def test_of_a_plan_it_is_told_what_is_new_what_is_gone_and_what_is_said_otherwise():
    new = Plan((Step("one", "One page on the problem", date(2027, 4, 6)), Step("three", "Find a sponsor")))

    assert changes(PLAN.lines(), new.lines()) == [
        Change("step:one", Line("One page on the problem", MARCH), Line("One page on the problem", date(2027, 4, 6))),
        Change("step:three", Line(), Line("Find a sponsor")),
        Change("step:two", Line("Three who disagree"), Line()),
    ]


def test_another_order_is_told_though_no_step_says_anything_else():
    other = Plan(PLAN.steps[::-1])

    assert changes(PLAN.lines(), other.lines()) == []
    assert is_reordered(PLAN.lines(), other.lines())


def test_a_step_that_comes_or_goes_does_not_put_the_others_in_another_order():
    assert not is_reordered(PLAN.lines(), Plan((Step("zero", "Before all"), *PLAN.steps)).lines())


def test_of_a_goal_each_part_is_compared_by_itself():
    new = Goal("I lead the redesign.", why="I like it.", measure="Designs of mine", was="0", wanted="2", by=None)

    assert [(each.part, each.before, each.after) for each in changes(GOAL.lines(), new.lines())] == [
        ("wanted", Line("1"), Line("2")),
        ("by", Line(day=MARCH), Line()),
    ]
