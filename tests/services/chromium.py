"""The browser of the journeys: Debian's Chromium with Chinese fonts. Standard library only."""

import shutil
from pathlib import Path

from tests.services.machine import apt_install, may_install

FONTS = Path("/usr/share/fonts/opentype/noto")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def binary() -> str | None:
    """The browser on this machine."""
    return shutil.which("chromium")


def install() -> str | None:
    """The browser, fetched from Debian with its fonts when it is missing and may be installed."""
    missing = [] if binary() else ["chromium"]
    if not list(FONTS.glob("*CJK*")):
        missing.append("fonts-noto-cjk")
    if missing and may_install():
        apt_install(*missing)
    return binary()
