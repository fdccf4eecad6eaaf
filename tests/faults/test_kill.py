"""`kill -9` with twenty acknowledged filings and twenty jobs in flight: nothing lost, nothing doubled."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.faults.outside import COUNT, MAKE_CLIENT, file, run
from tests.services.portal import Portal
from tests.shell.commands import PASSWORD, portal

FILINGS = 20
PATIENCE = 90.0


@pytest.fixture
def house(tmp_path: Path) -> Portal:
    (tmp_path / "data").mkdir()
    made = Portal(tmp_path, PORTAL_ORIGIN="http://127.0.0.1:8000", PORTAL_ADMIN_PASSWORD=PASSWORD)
    assert portal("portal", "init", "--username", "root", environment=made.environment).returncode == 0
    return made


def test_what_was_acknowledged_survives_and_is_done_once(house: Portal) -> None:
    token = run(house, MAKE_CLIENT, "TOKEN")
    with house:
        with ThreadPoolExecutor(8) as crowd:
            acknowledged = list(crowd.map(lambda place: file(house, token, place), range(FILINGS)))
        house.kill()
        in_flight = json.loads(run(house, COUNT, "STATE"))
        assert in_flight["open_jobs"] >= FILINGS, "the kill came after the work was done"

        house.start()
        again = [file(house, token, place) for place in range(FILINGS)]
        state = _until_nothing_is_owed(house)

    assert sorted(acknowledged) == sorted(state["numbers"])
    assert again == acknowledged
    assert [int(number[-6:]) for number in sorted(state["numbers"])] == list(range(1, FILINGS + 1))
    assert state["filed"] == [1] * FILINGS
    assert state["receipts"] == [1] * FILINGS
    assert state["made"] == FILINGS
    assert state["messages"] == [1] * FILINGS
    assert state["given_up"] == 0
    assert state["broken"] == []


def _until_nothing_is_owed(house: Portal) -> dict[str, Any]:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        state: dict[str, Any] = json.loads(run(house, COUNT, "STATE"))
        if state["open_jobs"] == 0:
            return state
        time.sleep(1)
    pytest.fail("work was still owed")
