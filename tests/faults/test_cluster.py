"""Embedded and cluster are one program: the same filing through PostgreSQL, Redis and processes of their own."""

import json
import time
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from tests.faults.outside import COUNT, MAKE_CLIENT, file, run
from tests.services.cluster import Cluster

pytestmark = pytest.mark.xdist_group("cluster")

FILINGS = 5
PATIENCE = 60.0


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with Cluster(tmp_path_factory.mktemp("cluster")) as running:
        yield running


def _health(address: str) -> dict[str, Any]:
    with urllib.request.urlopen(f"{address}/health", timeout=10) as answer:
        found: dict[str, Any] = json.load(answer)
        return found


def test_both_sides_are_well(cluster: Cluster) -> None:
    for address in (cluster.address, cluster.live_address):
        health = _health(address)
        assert health["ok"] is True
        assert health["parts"]["database"] == {"ok": True, "engine": "postgresql"}


def test_what_the_web_takes_in_the_worker_finishes_once(cluster: Cluster) -> None:
    token = run(cluster, MAKE_CLIENT, "TOKEN")

    numbers = [file(cluster, token, place) for place in range(FILINGS)]

    state = _until_nothing_is_owed(cluster)
    assert sorted(state["numbers"]) == sorted(numbers)
    assert state["receipts"] == [1] * FILINGS
    assert state["made"] == FILINGS
    assert state["given_up"] == 0
    assert state["broken"] == []


def _until_nothing_is_owed(cluster: Cluster) -> dict[str, Any]:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        state: dict[str, Any] = json.loads(run(cluster, COUNT, "STATE"))
        if state["open_jobs"] == 0:
            return state
        time.sleep(1)
    pytest.fail(f"work was still owed\n{cluster.said()}")
