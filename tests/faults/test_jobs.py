"""What both houses promise of jobs: whatever dies wherever, every job is done once, none is lost, none doubled."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.faults.houses import Clustered, Embedded, House
from tests.faults.works.point import Point

HOUSES: dict[str, type[House]] = {"embedded": Embedded, "cluster": Clustered}
BATCH = (
    ("works.parent", "parent"),
    ("works.letter", "letter-1"),
    ("works.letter", "letter-2"),
    ("works.plain", "plain-1"),
    ("works.plain", "plain-2"),
    ("works.patient", "patient"),
    ("works.stumbling", "stumbling"),
    ("works.teller", "teller"),
)
FOLLOWERS = ("parent-child", "listener")
ONCE_EACH = dict.fromkeys([word for _name, word in BATCH] + list(FOLLOWERS), 1)


@pytest.fixture(scope="module", params=sorted(HOUSES))
def opened(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with HOUSES[request.param](tmp_path_factory.mktemp(request.param)) as running:
        yield running


@pytest.fixture
def house(opened: House) -> Iterator[House]:
    opened.ask("forget")
    yield opened
    opened.kill()


def assert_all_was_done_once(state: dict[str, Any]) -> None:
    assert state["effects"] == ONCE_EACH
    assert state["letters"] == {"letter-1": 1, "letter-2": 1}
    assert (state["open"], state["given_up"], state["leased"]) == (0, 0, 0)
    assert state["done"] == len(ONCE_EACH)


def test_every_job_is_done_once(house: House) -> None:
    house.owe(BATCH)
    house.start()

    state = house.until_done()

    assert_all_was_done_once(state)
    assert state["attempts"] == {"works.stumbling": 1}


@pytest.mark.parametrize("point", list(Point))
def test_a_worker_that_is_killed_loses_and_doubles_nothing(house: House, point: Point) -> None:
    house.owe(BATCH)
    house.die_at(point)
    house.start()
    house.until(house.has_died, f"killed {point}")
    assert house.state()["effects"] != ONCE_EACH, "everything was done before the kill"

    house.start()

    assert_all_was_done_once(house.until_done())


def test_sigterm_lets_the_job_in_hand_end_and_leaves_the_others_owed(house: House) -> None:
    slow = [("works.slow", f"slow-{number}") for number in range(6)]
    house.owe(slow)
    house.start()
    house.until(lambda: house.has_mark("slow"), "a job in hand")
    assert house.worker is not None

    assert house.worker.terminate() == 0

    ended = house.state()
    assert 1 <= ended["done"] < len(slow), "some were in hand, others were not"
    assert len(ended["effects"]) == ended["done"]
    assert (ended["leased"], ended["open"], ended["attempts"]) == (0, len(slow) - ended["done"], {})
    house.start()
    state = house.until_done()
    assert state["effects"] == dict.fromkeys([word for _name, word in slow], 1)
    assert state["attempts"] == {}


def test_a_receipt_overtakes_what_was_there_before(house: House) -> None:
    house.owe([("works.brief", f"brief-{number}") for number in range(150)])
    house.start()
    house.until(lambda: house.state()["done"] > 0, "a start")

    house.owe([("works.parent", "receipt")])
    house.until(lambda: "receipt" in house.state()["effects"], "the receipt")

    assert house.state()["open"] > 50


def test_a_broker_that_comes_back_empty_loses_and_doubles_nothing(house: House) -> None:
    words = [f"brief-{number}" for number in range(60)]
    house.start()
    house.owe([("works.brief", word) for word in words])
    house.until(lambda: house.state()["done"] >= 5, "jobs in flight")

    house.lose_the_broker()

    state = house.until_done()
    assert state["effects"] == dict.fromkeys(words, 1)
    assert (state["given_up"], state["done"]) == (0, len(words))
