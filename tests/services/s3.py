"""An S3-compatible store of our own for the length of a test: s3proxy over a folder. Standard library only."""

import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.services.machine import free_port, install_missing

ARTIFACT = "org.gaul:s3proxy:2.7.0:jar:jar-with-dependencies"
CACHE = Path(tempfile.gettempdir()) / "portal-s3proxy"
PATIENCE = 40.0
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


class S3:
    """One store on loopback with one bucket; a context manager."""

    def __init__(self) -> None:
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="portal-s3-"))
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """What `S3_URL` is set to."""
        return f"http://{KEY}:{SECRET}@127.0.0.1:{self.port}/{BUCKET}"

    def start(self) -> Self:
        """Fetch it where it is missing, start it and wait until it answers."""
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
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                ["java", "-Xmx256m", "-jar", str(jar()), "--properties", str(settings)], stdout=log, stderr=log
            )
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self._process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), 0.5).close()
                return self
            except OSError:
                time.sleep(0.1)
        raise RuntimeError(f"s3proxy did not start: {(self.folder / 'log').read_text()[-800:]}")

    def kill(self) -> None:
        """`kill -9`; `start` brings it back with what it stored."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def stop(self) -> None:
        """End it and forget its data."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
