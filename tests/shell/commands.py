"""Running `python -m portal` as somebody at a keyboard would, in folders of the test's own."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from portal.bootstrap.environment import DEMO_SWITCH, REAL_SETTINGS, ROOT

PASSWORD = "correct horse battery staple"


def clean_environment(folder: Path, **settings: str) -> dict[str, str]:
    """The environment of a machine on which nothing of the portal is set, but for *settings*."""
    strangers = {*REAL_SETTINGS, DEMO_SWITCH, "DJANGO_SETTINGS_MODULE", "PORTAL_LOG_LEVEL"}
    kept = {name: value for name, value in os.environ.items() if name not in strangers}
    return {**kept, "DATA_DIR": str(folder / "data"), "KEYS_FILE": str(folder / "keys" / "ring.json"), **settings}


def portal(*arguments: str, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )
