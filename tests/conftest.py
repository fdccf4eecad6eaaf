"""What every test gets, and what a run leaves out by its database."""

from collections.abc import Iterator
from importlib.util import find_spec

import pytest
from django.conf import settings
from django.core.cache import cache
from django.utils import translation

from portal.kernel import search
from portal.kernel.calendars import workdays

ONLY_ON = ("sqlite", "postgres")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect the tests that are about the other database."""
    engine = "sqlite" if "sqlite" in settings.DATABASES["default"]["ENGINE"] else "postgres"
    others = [name for name in ONLY_ON if name != engine]
    left_out = [item for item in items if any(item.get_closest_marker(name) for name in others)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="session")
def django_db_use_migrations(request: pytest.FixtureRequest) -> bool:
    """Build the tables by the migrations where there are any."""
    return not request.config.getvalue("nomigrations") and find_spec("portal.kernel.migrations") is not None


@pytest.fixture(autouse=True)
def _clean_house() -> Iterator[None]:
    cache.clear()
    search.forget()
    workdays.forget()
    with translation.override("zh-hans"):
        yield
