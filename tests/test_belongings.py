"""Nothing that the database keeps is handed out, kept back or kept for ever without a decision about it."""

from sqlalchemy import ForeignKeyConstraint

import marketplace.app  # noqa: F401  # every feature says what is whose
from marketplace.accounts.own_copy import PEOPLE
from marketplace.core.belongings import BELONGINGS, NOBODYS, AtClosing, in_order
from marketplace.core.db import Base
from tools.personal_data import PAGE, as_page


def test_every_table_is_somebodys_or_nobodys_and_says_why():
    tables = {table.name for table in Base.metadata.sorted_tables}

    assert tables == BELONGINGS.keys() | NOBODYS.keys()
    assert not BELONGINGS.keys() & NOBODYS.keys()
    assert all(NOBODYS.values())


def test_every_column_is_in_the_copy_or_kept_back_for_a_reason():
    for each in BELONGINGS.values():
        decided = [*each.shown, *each.kept_back]
        assert sorted(decided) == sorted(column.name for column in each.table.columns), each.table.name
        assert all(each.kept_back.values())


def test_no_bare_number_of_the_database_is_in_the_copy():
    """What points elsewhere points to a person or to what has a name in addresses."""
    named = PEOPLE | {name for name, each in BELONGINGS.items() if "public_id" in each.shown}
    for each in BELONGINGS.values():
        for column in (each.table.c[name] for name in each.shown):
            assert all(key.column.table.name in named for key in column.foreign_keys), (
                f"{each.table.name}.{column.name}"
            )


def test_what_proves_who_somebody_is_is_never_in_the_copy():
    for each in BELONGINGS.values():
        assert not [name for name in each.shown if any(word in name for word in ("sha256", "hash", "token", "salt"))]


def test_what_goes_with_an_account_is_pointed_to_by_nothing_that_stays():
    going = {each.table for each in BELONGINGS.values() if each.at_closing is AtClosing.GOES}
    for table in Base.metadata.sorted_tables:
        keys = [key for key in table.constraints if isinstance(key, ForeignKeyConstraint)]
        assert table in going or not [key for key in keys if key.referred_table in going], table.name


def test_a_person_comes_before_what_they_have_and_letters_last():
    order = [each.table.name for each in in_order()]

    assert order[0] == "users"
    assert order.index("mentor") < order.index("booking") < order.index("purchase") < order.index("payment")
    assert set(order[-2:]) == {"mail_outbox", "audit_entry"}
    assert sorted(order) == sorted(BELONGINGS)


def test_the_page_about_it_says_what_is_decided():
    assert PAGE.read_text("utf-8") == as_page(), "run `make personal-data`"
