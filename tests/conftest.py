"""What every test gets, and what a run leaves out by its database."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.utils import translation
from hypothesis import settings as properties
from pytest_django.plugin import DjangoDbBlocker

from portal.kernel import search
from portal.kernel.calendars import book, workdays
from publicity import sql

ONLY_ON = ("sqlite", "postgres")

properties.register_profile("untimed", deadline=None)
properties.load_profile("untimed")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect the tests that are about the other database."""
    engine = "sqlite" if "sqlite" in settings.DATABASES["default"]["ENGINE"] else "postgres"
    others = [name for name in ONLY_ON if name != engine]
    left_out = [item for item in items if any(item.get_closest_marker(name) for name in others)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="session")
def django_db_use_migrations() -> bool:
    """SQLite's tables are made from the models, in a third of the time; PostgreSQL's by the migrations.

    That the migrations say what the models say, and run on SQLite, is what `tests/shell/test_migrations.py` proves.
    """
    return connection.vendor != "sqlite"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Take the append-only triggers off: tests that tamper are about what `check` finds, and flushing deletes rows.

    Tests about the triggers put them back for themselves; `tests/shell/test_migrations.py` proves that a migrated
    database has them.
    """
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for table in ("kernel_event", "kernel_anchor", "kernel_accessrecord", "kernel_lawversion", "mediation_entry"):
            for verb in ("update", "delete"):
                place = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}{place}")
        for statement in sql.undo(connection.vendor):
            cursor.execute(statement)


@pytest.fixture(autouse=True)
def _clean_house() -> Iterator[None]:
    for cache in caches.all(initialized_only=True):
        cache.clear()
    search.forget()
    workdays.forget()
    book.forget()
    with translation.override("zh-hans"):
        yield
