"""What every test gets: a clean cache, and the house's language and time zone."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.utils import translation


@pytest.fixture(autouse=True)
def _clean_house() -> Iterator[None]:
    cache.clear()
    with translation.override("zh-hans"):
        yield
    cache.clear()
