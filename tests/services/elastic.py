"""Elasticsearch on loopback, from its own jars on Maven Central: assembled once, started, killed, stopped.

Needs Java 17 or newer and Maven. Run it by itself with `python -m tests.services.elastic FOLDER [NODES]`.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent / "elasticsearch"
VERSION = "8.19.0"
TRANSPORT = f"""description=transport
version={VERSION}
name=transport-netty4
java.version=17
elasticsearch.version={VERSION}
classname=org.elasticsearch.transport.netty4.Netty4Plugin
has.native.controller=false
"""
APART = ("netty-*.jar", "transport-netty4-*.jar", "elasticsearch-ssl-config-*.jar")


def url_or_skip() -> str:
    """The address of the server the run was given; without one the test is skipped, or fails where all must run."""
    url = os.environ.get("ELASTICSEARCH_URL", "")
    if not url and os.environ.get("CI") == "true" and os.environ.get("PORTAL_TEST_REAL"):
        pytest.fail("CI runs against every real server, and ELASTICSEARCH_URL is not set")
    if not url:
        pytest.skip("ELASTICSEARCH_URL is not set: Elasticsearch was left out")
    return url


def assemble(home: Path) -> None:
    """Fetch the jars with Maven and lay them out as the server wants them; does nothing where that was done."""
    descriptor = home / "modules" / "transport-netty4" / "plugin-descriptor.properties"
    if descriptor.exists():
        return
    for program in ("java", "mvn"):
        if shutil.which(program) is None:
            raise RuntimeError(f"Elasticsearch needs {program}: install default-jdk-headless and maven")
    for folder in (descriptor.parent, home / "config", home / "snapshots"):
        folder.mkdir(parents=True, exist_ok=True)
    fetch = ["mvn", "-q", "-B", "-Dstyle.color=never", "-f", str(SOURCE / "pom.xml"), "dependency:copy-dependencies"]
    subprocess.run([*fetch, f"-DoutputDirectory={home / 'lib'}"], check=True)
    for pattern in APART:
        for jar in (home / "lib").glob(pattern):
            shutil.move(jar, descriptor.parent / jar.name)
    descriptor.write_text(TRANSPORT)


@dataclass
class Node:
    """One running node."""

    name: str
    url: str
    process: subprocess.Popen[bytes]

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def _start(home: Path, number: int, nodes: int, port: int) -> Node:
    names = [f"n{n}" for n in range(nodes)]
    http, transport = port + number, port + 100 + number
    settings = {
        "node.name": names[number],
        "cluster.name": f"portal-{port}",
        "network.host": "127.0.0.1",
        "http.port": http,
        "transport.port": transport,
        "path.data": home / f"data-{port}" / names[number],
        "path.logs": home / f"logs-{port}" / names[number],
        "path.repo": home / "snapshots",
        "discovery.seed_hosts": ",".join(f"127.0.0.1:{port + 100 + n}" for n in range(nodes)),
        "cluster.initial_master_nodes": ",".join(names),
    }
    heap = "512m" if nodes == 1 else "256m"
    program = ["java", f"-Xms{heap}", f"-Xmx{heap}", "-cp", f"{home / 'lib'}/*", str(SOURCE / "SearchNode.java")]
    log = (home / f"{names[number]}-{port}.log").open("wb")
    process = subprocess.Popen(
        [*program, str(home), *(f"{key}={value}" for key, value in settings.items())],
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    return Node(names[number], f"http://127.0.0.1:{http}", process)


def _wait_until_green(started: list[Node], seconds: int) -> None:
    health = f"{started[0].url}/_cluster/health?wait_for_nodes={len(started)}&wait_for_status=green&timeout=1s"
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        gone = [node.name for node in started if node.process.poll() is not None]
        if gone:
            raise RuntimeError(f"Elasticsearch ended by itself: {', '.join(gone)}")
        try:
            with urllib.request.urlopen(health, timeout=3) as answer:
                if answer.status == 200:
                    return
        except OSError:
            pass
        time.sleep(0.5)
    raise RuntimeError(f"Elasticsearch was not ready within {seconds} s")


@contextmanager
def running(home: Path, *, nodes: int = 1, port: int = 9200) -> Iterator[list[Node]]:
    """One node or three, ready to be asked; stopped at the end. The data stays in *home*."""
    assemble(home)
    started: list[Node] = []
    try:
        started.extend(_start(home, number, nodes, port) for number in range(nodes))
        _wait_until_green(started, 120)
        yield started
    finally:
        for node in started:
            node.process.terminate()
        for node in started:
            try:
                node.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                node.kill()


if __name__ == "__main__":
    with running(Path(sys.argv[1]).resolve(), nodes=int(sys.argv[2]) if len(sys.argv) > 2 else 1) as cluster:
        print("\n".join(node.url for node in cluster), flush=True)
        signal.sigwait({signal.SIGINT, signal.SIGTERM})
