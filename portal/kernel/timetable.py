"""What runs by the clock, in one table for the embedded portal and the cluster alike.

Only work that belongs to no row stands here. Work of the domain that comes back, such as a record that expires, is owed
in the ledger for its own moment, so that it survives every restart and is done once.
"""

from dataclasses import dataclass
from importlib import import_module


@dataclass(frozen=True)
class Entry:
    """One thing done every so many seconds by *work* (module:function), which may run twice or late without harm."""

    name: str
    every: float
    work: str

    def run(self) -> None:
        """Do it now."""
        module, function = self.work.split(":")
        getattr(import_module(module), function)()


ENTRIES = (
    Entry("sweep", 1.0, "portal.kernel.jobs:sweep"),
    Entry("anchor", 300.0, "portal.kernel.anchors:keep_up"),
    Entry("forget_looks", 3600.0, "portal.kernel.access_retention:forget_old"),
)


def entry(name: str) -> Entry:
    """The entry of that name; KeyError when there is none."""
    return {one.name: one for one in ENTRIES}[name]
