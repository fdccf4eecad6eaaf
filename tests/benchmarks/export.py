"""The register as CSV, beside writing the same rows with `csv` alone."""

import csv
import io
from collections.abc import Iterator

from django.test import Client

from tests.benchmarks import records
from tests.benchmarks.harness import Result, rates

RECORDS = 20_000


def results() -> Iterator[Result]:
    """Rows a second."""
    records.publish(RECORDS)
    client = Client()
    answer = client.get("/register.csv")
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode())))  # type: ignore[attr-defined]

    def portal(turn: int) -> int:
        parts = client.get("/register.csv").streaming_content  # type: ignore[attr-defined]
        assert sum(len(bytes(part)) for part in parts) > RECORDS
        return RECORDS

    def floor(turn: int) -> int:
        csv.writer(io.StringIO()).writerows(rows)
        return RECORDS

    yield rates(
        "CSV export, rows",
        unit="/s",
        portal=portal,
        floor=floor,
        budget="≥ 0.5, or 25,000/s",
        ratio_at_least=0.5,
        value_at_least=25_000,
    )
