import re

import pytest

from marketplace.core.config import ROOT
from marketplace.mentorships.domain.visibility import MATRIX, Access, Role, Thing, access
from tests.test_docs import table_rows

BEYOND = {Thing.REPORTED: {Role.OPERATOR}, Thing.ATTACHED: {Role.OPERATOR}, Thing.REVIEW_OF_MENTOR: set(Role)}
"""What is there to be read by others."""
WRITTEN = {Access.NOTHING: "–", Access.READ: "read", Access.WRITE: "write"}


def test_the_documents_have_the_same_table():
    rows = [row for row in table_rows((ROOT / "docs" / "mentorships.md").read_text()) if len(row) == len(Role) + 1]

    assert rows[0] == ["what", *Role]
    assert rows[1:] == [[str(thing), *(WRITTEN[access(role, thing)] for role in Role)] for thing in Thing]


@pytest.mark.parametrize("thing", Thing)
def test_nobody_but_the_two_people_knows_of_anything(thing):
    given = {role for role in Role if access(role, thing) is not Access.NOTHING}

    assert given
    assert given <= {Role.MENTOR, Role.MENTEE} | BEYOND.get(thing, set())
    assert set(MATRIX) == set(Thing)


def test_every_thing_has_a_name_of_its_own():
    assert len({re.sub(r"\W", "", thing) for thing in Thing}) == len(Thing)
