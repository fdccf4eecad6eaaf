"""Running `python -m portal` as somebody at a keyboard would."""

import subprocess
import sys
from collections.abc import Mapping

from portal.bootstrap.environment import ROOT

PASSWORD = "correct horse battery staple"


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
