"""How far the database's tables are, beside what this version of the code needs."""

from functools import cache

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from marketplace.core.config import ROOT


@cache
def newest() -> frozenset[str]:
    """The heads of the migrations that came with the code."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return frozenset(ScriptDirectory.from_config(config).get_heads())


def present(connection: Connection) -> frozenset[str]:
    """What the database says of itself; empty for one without tables."""
    return frozenset(MigrationContext.configure(connection).get_current_heads())
