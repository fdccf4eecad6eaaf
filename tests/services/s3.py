"""An S3-compatible store of our own for the length of a test: s3proxy over a folder. Standard library only."""

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.services.machine import install_missing
from tests.services.server import Server

ARTIFACT = "org.gaul:s3proxy:2.7.0:jar:jar-with-dependencies"
CACHE = Path(tempfile.gettempdir()) / "portal-s3proxy"
TEN_YEARS = 10 * 365 * 24 * 3600
"""Tests travel in time; the store must not mind."""
KEY, SECRET, BUCKET = "portal", "only-for-tests", "files"


def jar() -> Path:
    """The program, fetched with Maven where it is not there yet."""
    found = sorted(CACHE.glob("s3proxy*.jar"))
    if not found:
        install_missing(java="default-jdk-headless", mvn="maven")
        if shutil.which("mvn") is None:
            raise RuntimeError("s3proxy needs java and mvn: install default-jdk-headless and maven")
        fetch = ["mvn", "-q", "-B", "-Dstyle.color=never", "dependency:copy", f"-Dartifact={ARTIFACT}"]
        done = subprocess.run([*fetch, f"-DoutputDirectory={CACHE}"], capture_output=True, text=True, check=False)
        found = sorted(CACHE.glob("s3proxy*.jar"))
        if not found:
            raise RuntimeError(f"s3proxy could not be fetched: {done.stdout.strip()[-300:]}")
    return found[0]


class S3(Server):
    """One store on loopback with one bucket; a context manager."""

    name = "S3"
    patience = 40.0

    @property
    def url(self) -> str:
        """What `S3_URL` is set to."""
        return f"http://{KEY}:{SECRET}@127.0.0.1:{self.port}/{BUCKET}"

    def command(self) -> Sequence[str]:
        (self.folder / "data" / BUCKET).mkdir(parents=True, exist_ok=True)
        settings = self.folder / "s3.conf"
        settings.write_text(
            "\n".join(
                [
                    f"s3proxy.endpoint=http://127.0.0.1:{self.port}",
                    "s3proxy.authorization=aws-v2-or-v4",
                    f"s3proxy.identity={KEY}",
                    f"s3proxy.credential={SECRET}",
                    f"s3proxy.maximum-timeskew={TEN_YEARS}",
                    "jclouds.provider=filesystem-nio2",
                    "jclouds.identity=local",
                    "jclouds.credential=local",
                    f"jclouds.filesystem.basedir={self.folder / 'data'}",
                ]
            )
        )
        return ["java", "-Xmx256m", "-jar", str(jar()), "--properties", str(settings)]
