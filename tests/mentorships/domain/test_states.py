import pytest

from marketplace.mentorships.domain.states import MOVES, Stage, Standing, stage


@pytest.mark.parametrize(
    ("standing", "met", "agreed", "found"),
    [
        pytest.param(Standing.OPEN, 0, False, Stage.PROPOSED, id="booked, and not met yet"),
        pytest.param(Standing.OPEN, 1, False, Stage.TRIAL, id="met once"),
        pytest.param(Standing.OPEN, 2, False, Stage.ACTIVE, id="met twice"),
        pytest.param(Standing.OPEN, 0, True, Stage.ACTIVE, id="agreed before they met"),
        pytest.param(Standing.PAUSED, 0, False, Stage.PAUSED, id="what was decided comes first"),
        pytest.param(Standing.COMPLETED, 9, True, Stage.COMPLETED, id="completed"),
        pytest.param(Standing.ENDED, 9, True, Stage.ENDED, id="ended"),
    ],
)
def test_where_they_stand_follows_from_what_was_decided_and_from_what_has_happened(standing, met, agreed, found):
    assert stage(standing, met=met, agreed=agreed) is found


def test_from_every_stage_something_can_be_decided_and_never_what_stands():
    assert set(MOVES) == set(Stage)
    assert all(MOVES[each] and str(each) not in MOVES[each] for each in Stage)


def test_what_is_over_can_only_begin_again():
    assert [MOVES[each] for each in (Stage.COMPLETED, Stage.ENDED)] == [{Standing.OPEN}] * 2


def test_only_what_is_under_way_can_rest():
    assert [each for each in Stage if Standing.PAUSED in MOVES[each]] == [Stage.ACTIVE]
