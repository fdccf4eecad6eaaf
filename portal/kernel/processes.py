"""Further processes of a command. It imports no model, so that a fresh process can read it before Django is set up."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor


def pool(processes: int, *, database: str) -> ProcessPoolExecutor:
    """Fresh processes with Django set up, which read the database of that name as their parent does."""
    fresh = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(processes, mp_context=fresh, initializer=_set_up, initargs=(database,))


def _set_up(database: str) -> None:
    import django
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = database
    django.setup()
