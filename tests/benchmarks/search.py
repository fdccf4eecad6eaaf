"""The embedded index at 100 k and 1 M records, each question beside the bare engine call, and the curve between."""

import itertools
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from time import perf_counter

from tantivy import Document, Occur
from tantivy import Query as Clause

from portal.kernel.search import Query, Step, Trend
from portal.kernel.search.embedded import EmbeddedIndex
from portal.kernel.search.generation import Generation, document_of
from tests.benchmarks import picture
from tests.benchmarks.corpus import FACETS, SCHEMA, records
from tests.benchmarks.harness import Result, absolute, latencies, rates

SIZES = (100_000, 250_000, 500_000, 1_000_000)
SAMPLES = 100
WORDS = "空气净化器"
PAIRS: list[str | tuple[int, str]] = ["空气", "气净", "净化", "化器"]
CHOSEN = {"district": frozenset({"120101", "120104"}), "outcome": frozenset({"settled"})}
FRESH = 100
BULK = 20_000
TERMS = {"size": 10_000, "segment_size": 10_000}
Work = Callable[[int], object]


def results() -> Iterator[Result]:
    """Bulk load, then every question at the smallest and the largest size, freshness, and growth."""
    with tempfile.TemporaryDirectory() as folder:
        yield _bulk(Path(folder) / "bulk")
        index = EmbeddedIndex(SCHEMA, Path(folder) / "grown")
        source, held = records(SIZES[-1]), 0
        curve: dict[str, list[tuple[int, float]]] = {}
        for size in SIZES:
            started = perf_counter()
            _grow(index, source, size - held)
            if size in (SIZES[0], SIZES[-1]):
                rate = (size - held) / (perf_counter() - started)
                yield absolute(
                    f"bulk load up to {size:,}", unit="/s", value=rate, floor=None, budget="beside the row above"
                )
            held = size
            for result in _questions(index, size):
                curve.setdefault(result.name.split(" of ")[0], []).append((size, result.value))
                if size in (SIZES[0], SIZES[-1]):
                    yield result
        yield _freshness(index)
        for name, points in curve.items():
            if name in ("by date", "by relevance, marked"):
                yield _growth(name, points)
        print(f"curve: {picture.draw(curve)}", file=sys.stderr)


def _bulk(folder: Path) -> Result:
    rows = list(records(BULK))
    index = EmbeddedIndex(SCHEMA, folder / "ours")
    bare = Generation(SCHEMA, folder / "bare")
    ready: list[Document] = [document_of(SCHEMA, bare.fields, row) for row in rows]

    def portal(turn: int) -> int:
        return index.replace_all(rows)

    def floor(turn: int) -> int:
        writer = bare.open()
        writer.delete_all_documents()
        for document in ready:
            writer.add_document(document)
        writer.commit()
        return len(ready)

    return rates(
        "bulk load into the index",
        unit="/s",
        portal=portal,
        floor=floor,
        budget="see bulk load of facts",
        value_at_least=0,
        rounds=3,
    )


def _grow(index: EmbeddedIndex, source: Iterator[dict[str, object]], count: int) -> None:
    rest = itertools.islice(source, count)
    while batch := list(itertools.islice(rest, 10_000)):
        index.put(batch)


def _questions(index: EmbeddedIndex, size: int) -> Iterator[Result]:
    fields = index._fields
    searcher = index._now.index.searcher()
    phrase = Clause.disjunction_max_query(
        [
            Clause.boost_query(Clause.phrase_query(fields, "t_shop", PAIRS), 2.0),
            Clause.phrase_query(fields, "t_summary", PAIRS),
        ]
    )
    everything = Clause.all_query()
    chosen = Clause.boolean_query(
        [
            (Occur.Must, Clause.term_set_query(fields, "f_district", sorted(CHOSEN["district"]))),
            (Occur.Must, Clause.term_set_query(fields, "f_outcome", sorted(CHOSEN["outcome"]))),
        ]
    )
    counts = {facet: {"terms": {"field": f"f_{facet}", **TERMS}} for facet in FACETS}
    narrowed = {
        "district": {"filter": "+f_outcome: IN [settled]", "aggs": {"v": counts["district"]}},
        "outcome": {"filter": "+f_district: IN [120101 120104]", "aggs": {"v": counts["outcome"]}},
        **{
            facet: {
                "filter": "+f_outcome: IN [settled] +f_district: IN [120101 120104]",
                "aggs": {"v": counts[facet]},
            }
            for facet in FACETS
            if facet not in CHOSEN
        },
    }
    months = {
        "months": {
            "histogram": {"field": "m_published_on", "interval": 1, "min_doc_count": 1},
            "aggs": {"by": {"terms": {"field": "f_problem", **TERMS}}},
        }
    }

    def counted_bare(_turn: int) -> None:
        searcher.search(chosen, limit=26, order_by_field="order", count=True)
        searcher.aggregate(everything, narrowed)

    def faceted_bare(_turn: int) -> None:
        searcher.search(everything, limit=26, order_by_field="order", count=True)
        searcher.aggregate(everything, counts)

    ask = partial(_asked, index)
    pairs: dict[str, tuple[Work, Work]] = {
        "by date": (
            ask(Query(WORDS)),
            lambda _turn: searcher.search(phrase, limit=26, order_by_field="order", count=True),
        ),
        "by relevance, marked": (
            ask(Query(WORDS, sort="relevance")),
            lambda _turn: searcher.search(phrase, limit=26, count=True),
        ),
        "six facets": (ask(Query(facets=FACETS)), faceted_bare),
        "six facets, two chosen": (ask(Query(facets=FACETS, filters=CHOSEN)), counted_bare),
        "60 months × 15 classes": (
            ask(Query(trend=Trend(Step.MONTH, by="problem"), size=0, facets=("outcome",))),
            lambda _turn: searcher.aggregate(everything, {**months, "outcome": counts["outcome"]}),
        ),
    }
    for name, (portal, floor) in pairs.items():
        yield latencies(
            f"{name} of {size:,}",
            portal=portal,
            floor=floor,
            budget="≤ 2 × the bare call",
            ratio_at_most=2,
            samples=SAMPLES,
        )


def _asked(index: EmbeddedIndex, query: Query) -> Work:
    return lambda _turn: index.query(query)


def _freshness(index: EmbeddedIndex) -> Result:
    """From the call that puts a record to the answer that shows it."""

    def portal(turn: int) -> None:
        place = FRESH + turn
        index.put([{"id": f"fresh{place}", "summary": f"新公示{place}号"}])
        assert index.count(Query(f'"新公示{place}号"')) == 1

    def floor(turn: int) -> None:
        index._now.open().add_document(document_of(SCHEMA, index._fields, {"id": f"bare{turn}"}))
        index._now.commit()

    found = latencies("", portal=portal, floor=floor, budget="", ratio_at_most=0, samples=FRESH, percentile=99)
    return absolute(
        f"new record visible among {SIZES[-1]:,}, p99",
        unit="ms",
        value=found.value,
        floor=found.floor,
        budget="≤ 1 s",
        at_most=1000,
    )


def _growth(name: str, points: list[tuple[int, float]]) -> Result:
    (_least, first), *_between, (_most, last) = points
    return absolute(
        f"{name}: growth 100 k → 1 M, p95",
        unit="×",
        value=last / first,
        floor=None,
        budget="≤ 4 × for ten times as many",
        at_most=4,
    )
