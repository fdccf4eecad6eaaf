"""Django's SQLite backend with one process-wide lock for writers.

SQLite lets one connection write at a time and makes the others poll; with many threads in one process some of them
starve. Here a writer waits for a lock of the process before its `BEGIN IMMEDIATE` and gives it back when its
transaction ends, so writers of this process queue and never fail. Readers outside a transaction take no lock. Other
processes on the same file are still kept apart by SQLite itself.
"""

import threading
from collections import defaultdict
from sqlite3 import ProgrammingError
from typing import Any

from django.db.backends.sqlite3 import base as sqlite3
from django.db.utils import OperationalError

WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE", "CREATE", "ALTER", "DROP", "REINDEX", "VACUUM")
LONGEST_WAIT = 30.0

_locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)


class Cursor(sqlite3.SQLiteCursorWrapper):
    """A cursor that queues for the write lock before a write outside a transaction."""

    wrapper: "DatabaseWrapper"

    def execute(self, query: Any, params: Any = None) -> Any:
        with self.wrapper.writing(str(query)):
            return super().execute(query, params)

    def executemany(self, query: Any, param_list: Any) -> Any:
        with self.wrapper.writing(str(query)):
            return super().executemany(query, param_list)


class _Writing:
    """Holds the write lock around one statement where the statement needs it."""

    def __init__(self, wrapper: "DatabaseWrapper", is_write: bool) -> None:
        self.wrapper = wrapper
        self.is_write = is_write

    def __enter__(self) -> None:
        if self.is_write:
            self.wrapper.hold_write_lock()

    def __exit__(self, *failure: object) -> None:
        self.wrapper.release_write_lock()


class DatabaseWrapper(sqlite3.DatabaseWrapper):
    """A connection whose transactions are IMMEDIATE and queue on the lock of their database file."""

    holds_write_lock = False

    def get_connection_params(self) -> dict[str, Any]:
        params: dict[str, Any] = super().get_connection_params()
        self.transaction_mode = "IMMEDIATE"
        return params

    def create_cursor(self, name: str | None = None) -> Any:
        cursor = self.connection.cursor(factory=Cursor)
        cursor.wrapper = self
        return cursor

    def writing(self, query: str) -> _Writing:
        """A context for running *query*."""
        word = query.lstrip()[:10].upper()
        return _Writing(self, word.startswith(WRITES) and not self.connection.in_transaction)

    def hold_write_lock(self) -> None:
        """Queue for the write lock; OperationalError after half a minute, as SQLite itself would say."""
        if self.holds_write_lock:
            return
        if not _locks[str(self.settings_dict["NAME"])].acquire(timeout=LONGEST_WAIT):
            raise OperationalError("database is locked")
        self.holds_write_lock = True

    def release_write_lock(self) -> None:
        """Give the lock back unless a transaction is still open."""
        if self.holds_write_lock and not (self.connection is not None and self._is_in_transaction()):
            self.holds_write_lock = False
            _locks[str(self.settings_dict["NAME"])].release()

    def _is_in_transaction(self) -> bool:
        try:
            return bool(self.connection.in_transaction)
        except ProgrammingError:
            return False

    def _start_transaction_under_autocommit(self) -> None:
        self.hold_write_lock()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        finally:
            self.release_write_lock()

    def _commit(self) -> None:
        try:
            super()._commit()  # type: ignore[misc]
        finally:
            self.release_write_lock()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self.release_write_lock()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self.release_write_lock()
