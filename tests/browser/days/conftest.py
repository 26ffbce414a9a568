"""A site of its own for tests in which whole days pass: nobody here counts on a date."""

from collections.abc import Iterator

import pytest

from marketplace.core.embedded_postgres import Cluster
from tests.browser.conftest import database_of_a_stage
from tools.shots.stage import Stage, staged


@pytest.fixture(scope="package")
def stage_url(cluster: Cluster, template: str) -> Iterator[str]:
    with database_of_a_stage(cluster, template) as url:
        yield url


@pytest.fixture(scope="package")
def stage(stage_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A test begins where the one before has left it, on whatever day."""
    with staged(tmp_path_factory.mktemp("stage"), stage_url) as running:
        yield running
