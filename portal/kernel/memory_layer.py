"""The channel layer of the embedded portal: in memory, and cheap with a thousand rooms."""

import time

from channels.layers import InMemoryChannelLayer

SWEEP_EVERY = 5.0


class MemoryChannelLayer(InMemoryChannelLayer):  # type: ignore[misc]
    """Channels' own in-memory layer, which looks for expired messages at most every five seconds.

    The original looks through every channel on every operation, so that its cost grows with the number of open rooms.
    """

    _swept_at = 0.0

    def _clean_expired(self) -> None:
        now = time.monotonic()
        if now - self._swept_at >= SWEEP_EVERY:
            self._swept_at = now
            super()._clean_expired()
