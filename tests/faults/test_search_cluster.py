"""One of three Elasticsearch nodes is killed while records are put and found: none is lost and the rest go on."""

import secrets
import time
from collections.abc import Iterator

import pytest
from elasticsearch import ApiError, TransportError

from portal.bootstrap.testing import SERVICES
from portal.kernel.search import Query, Schema
from portal.kernel.search.elastic import ElasticIndex
from tests.services import elastic
from tests.services.machine import free_port

SCHEMA = Schema("nodes", text=("summary",), facets=("half",))
PATIENCE = 60.0
PUT = 40


@pytest.fixture
def nodes() -> Iterator[list[elastic.Node]]:
    with elastic.running(SERVICES / "elasticsearch", nodes=3, port=free_port()) as cluster:
        yield cluster


def _put_until_taken(index: ElasticIndex, record: dict[str, str], until: float) -> None:
    while True:
        try:
            index.put([record])
            return
        except (ApiError, TransportError, RuntimeError):
            assert time.monotonic() < until, "the nodes that are left did not take over"
            time.sleep(0.2)


def test_what_was_taken_before_and_after_a_node_dies_is_found(nodes: list[elastic.Node]) -> None:
    index = ElasticIndex(SCHEMA, ",".join(node.url for node in nodes), prefix=f"test-{secrets.token_hex(4)}")
    index.replace_all([])
    until = time.monotonic() + PATIENCE
    for number in range(PUT):
        if number == PUT // 2:
            nodes[0].kill()
        _put_until_taken(index, {"id": f"r{number}", "summary": "退款", "half": str(2 * number // PUT)}, until)

    index.refresh()
    page = index.query(Query("退款", facets=("half",), size=PUT))
    assert page.total == PUT
    assert page.facets["half"] == {"0": PUT // 2, "1": PUT // 2}
    assert {hit.id for hit in page.hits} == {f"r{number}" for number in range(PUT)}
