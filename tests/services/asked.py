"""Whether real servers were asked for; where they were, one that does not start fails the test."""

import os

import pytest


def only_when_asked(what: str) -> None:
    """Skip the test unless this is a run with `--real`."""
    if not os.environ.get("PORTAL_TEST_REAL"):
        pytest.skip(f"{what}: add --real")
