"""Published records into database and index at once, beside the slower of the two alone."""

import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from time import perf_counter

from portal.kernel import clock, search
from portal.kernel.search.generation import Generation, document_of
from publicity.models import CaseFact, Disclosure
from publicity.selectors import register
from tests.benchmarks import records
from tests.benchmarks.harness import Result, absolute

COUNT = 20_000
BUDGET = 0.6


def results() -> Iterator[Result]:
    """Records a second: what `records.publish` loads and the rebuild reads, against the slower of the two stores."""
    with tempfile.TemporaryDirectory() as folder:
        records.publish(1)
        started = perf_counter()
        records.publish(COUNT)
        ours = COUNT / (perf_counter() - started)
        database = _database_alone()
        index = _index_alone(Path(folder))
    slower = min(database, index)
    yield absolute(
        "bulk load of facts, database and index",
        unit="/s",
        value=ours,
        floor=slower,
        budget="≥ 0.6 of the slower store",
        at_least=BUDGET * slower,
    )


def _database_alone() -> float:
    rows = list(Disclosure.objects.select_related("fact"))
    facts = [row.fact for row in rows]
    Disclosure.objects.all().delete()
    CaseFact.objects.all().delete()
    later = clock.now() - timedelta(days=1)
    for row in rows:
        row.published_at = later
    started = perf_counter()
    CaseFact.objects.bulk_create(facts, batch_size=500)
    Disclosure.objects.bulk_create(rows, batch_size=500)
    return len(rows) / (perf_counter() - started)


def _index_alone(folder: Path) -> float:
    schema = search.get_index(register.INDEX).schema
    bare = Generation(schema, folder / "bare")
    ready = [document_of(schema, bare.fields, record) for record in register.all_records()]
    started = perf_counter()
    writer = bare.open()
    for document in ready:
        writer.add_document(document)
    writer.commit()
    return len(ready) / (perf_counter() - started)
