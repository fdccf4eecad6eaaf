"""The index in Elasticsearch at 100 k records, each question beside the same call sent bare.

It asks the cluster of ELASTICSEARCH_URL; without one it starts a node of its own.
"""

import os
import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from time import perf_counter
from typing import Any

from elasticsearch import Elasticsearch

from portal.kernel.search import Query, Step, Trend
from portal.kernel.search.elastic import ElasticIndex
from tests.benchmarks.corpus import FACETS, SCHEMA, records
from tests.benchmarks.harness import Result, absolute, latencies
from tests.services import elastic

SIZE = 100_000
SAMPLES = 100
FRESH = 30
WORDS = "空气净化器"
PHRASE = "空气 气净 净化 化器"
Work = Callable[[int], object]


def results() -> Iterator[Result]:
    """Load, every question, and how soon a new record is seen by whoever asks."""
    with ExitStack() as stack:
        url = os.environ.get("ELASTICSEARCH_URL", "")
        if not url:
            home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            url = stack.enter_context(elastic.running(home, port=9400))[0].url
        index = ElasticIndex(SCHEMA, url, prefix=f"bench-{secrets.token_hex(4)}")
        stack.callback(index.drop)
        started = perf_counter()
        index.replace_all(records(SIZE))
        rate = SIZE / (perf_counter() - started)
        yield absolute(
            f"Elasticsearch: bulk load of {SIZE:,}", unit="/s", value=rate, floor=None, budget="no budget", at_least=0
        )
        yield from _questions(index, Elasticsearch(url))
        yield _freshness(index)


def _questions(index: ElasticIndex, client: Elasticsearch) -> Iterator[Result]:
    words = {
        "dis_max": {
            "queries": [{"match_phrase": {"t_shop": PHRASE}}, {"match_phrase": {"t_summary": PHRASE}}],
        }
    }
    counts = {facet: {"terms": {"field": f"f_{facet}", "size": 10_000}} for facet in FACETS}
    months = {
        "months": {
            "date_histogram": {"field": "d_published_on", "calendar_interval": "month"},
            "aggs": {"by": {"terms": {"field": "f_problem", "size": 10_000}}},
        }
    }

    def bare(**body: Any) -> Work:
        return lambda _turn: client.search(index=index.alias, track_total_hits=True, **body)

    newest: list[dict[str, str]] = [{"order": "desc"}]
    pairs: dict[str, tuple[Query, Work]] = {
        "by date": (Query(WORDS), bare(query=words, sort=newest, size=26)),
        "by relevance, marked": (Query(WORDS, sort="relevance"), bare(query=words, size=26)),
        "six facets": (Query(facets=FACETS), bare(sort=newest, size=26, aggs=counts)),
        "60 months × 15 classes": (Query(trend=Trend(Step.MONTH, by="problem"), size=0), bare(size=0, aggs=months)),
    }
    for name, (query, floor) in pairs.items():
        yield latencies(
            f"Elasticsearch: {name} of {SIZE:,}",
            portal=lambda _turn, query=query: index.query(query),  # type: ignore[misc]
            floor=floor,
            budget="≤ 2 × the bare call",
            ratio_at_most=2,
            samples=SAMPLES,
        )


def _freshness(index: ElasticIndex) -> Result:
    waits = []
    for turn in range(FRESH):
        started = perf_counter()
        index.put([{"id": f"fresh{turn}", "summary": f"新公示{turn}号"}])
        while not index.count(Query(f'"新公示{turn}号"')):
            pass
        waits.append((perf_counter() - started) * 1000)
    return absolute(
        "Elasticsearch: new record visible, slowest",
        unit="ms",
        value=max(waits),
        floor=None,
        budget="≤ 1 s",
        at_most=1000,
    )
