"""States of an index that readers by relevance go on reading while it changes."""

import secrets
import threading
import time

import tantivy

from portal.kernel.search.port import SNAPSHOT_SECONDS

MOST = 200


class Snapshots:
    """Searchers kept for a while under a token."""

    def __init__(self) -> None:
        self._held: dict[str, tuple[float, tantivy.Searcher]] = {}
        self._lock = threading.Lock()

    def hold(self, searcher: tantivy.Searcher) -> str:
        """Keep *searcher* for the pages that follow and answer its token."""
        token, now = secrets.token_hex(8), time.monotonic()
        with self._lock:
            self._forget(now)
            self._held[token] = (now + SNAPSHOT_SECONDS, searcher)
        return token

    def of(self, token: str) -> tantivy.Searcher | None:
        """What *token* names, unless its time is over."""
        with self._lock:
            self._forget(time.monotonic())
            held = self._held.get(token)
        return held[1] if held else None

    def _forget(self, now: float) -> None:
        gone = [token for token, (until, _searcher) in self._held.items() if until < now]
        gone += list(self._held)[: max(0, len(self._held) - len(gone) - MOST + 1)]
        for token in gone:
            self._held.pop(token, None)
