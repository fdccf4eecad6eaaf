"""The export streams: its first piece waits for nothing, and only one batch is ever held."""

import csv
import io
import tracemalloc
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.http import StreamingHttpResponse
from django.test import Client
from django.utils import translation

from portal.kernel import search
from publicity import labels
from publicity.selectors import register
from publicity.selectors.register import Filter
from publicity.services import exports
from tests.build import a_citizen, a_shop
from tests.build_register import a_public, indexed, settle

pytestmark = pytest.mark.django_db
MANY = 5000


def fill(number: int) -> None:
    index = search.get_index(register.INDEX)
    index.replace_all(indexed(place) for place in range(number))
    index.refresh()


class Counting:
    """Records, and how many of them have been asked for."""

    def __init__(self, records: Iterator[Mapping[str, Any]]) -> None:
        self.asked = 0
        self._records = records

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        for record in self._records:
            self.asked += 1
            yield record


def test_five_thousand_records_stream_in_batches_that_are_made_when_they_are_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fill(MANY)
    queries: list[int] = []
    ask = register._batch

    def counted(wanted: Filter) -> search.Page:
        queries.append(len(queries))
        return ask(wanted)

    monkeypatch.setattr(register, "_batch", counted)
    records = Counting(register.walk(who=a_citizen(), wanted=Filter()))
    pieces = exports.register_as_csv(records, labels.words())

    first = next(pieces)
    assert (records.asked, len(queries)) == (0, 1)
    assert first.startswith("\ufeff记录编号,")
    assert first.count("\n") == 1

    next(pieces)
    assert (records.asked, len(queries)) == (exports.ROWS_A_CHUNK, 1)

    rest = sum(piece.count("\n") for piece in pieces)
    assert rest == MANY - exports.ROWS_A_CHUNK
    assert len(queries) == MANY // register.BATCH


def test_the_memory_of_an_export_does_not_grow_with_its_length() -> None:
    def most_held(number: int) -> int:
        fill(number)
        words = labels.words()
        who = a_citizen()
        tracemalloc.start()
        for _piece in exports.register_as_csv(register.walk(who=who, wanted=Filter()), words):
            pass
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return peak

    most_held(600)
    short, long = most_held(1000), most_held(MANY)
    assert long < short * 1.3


def test_an_export_is_complete_and_of_the_same_records_as_the_list(client: Client) -> None:
    fill(1203)
    answer = client.get("/register.csv")
    assert isinstance(answer, StreamingHttpResponse)
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))

    assert len({row["记录编号"] for row in rows}) == len(rows) == 1203
    assert client.get("/api/v1/disclosures").json()["total"] == 1203
    assert rows[0]["区"] == "南开区"
    assert rows[0]["问题"] == "售后服务"
    assert rows[0]["商品或服务"] == ""
    days = [row["公示日期"] for row in rows]
    assert days == sorted(days, reverse=True)


def test_no_cell_is_a_formula(client: Client) -> None:
    a_public(shop=a_shop(name="=公式示例店"), summary="=SUM(A1) 开头的话也只是一句话，不会变成公式。")
    settle()
    text = b"".join(client.get("/register.csv").streaming_content).decode()  # type: ignore[attr-defined]
    assert "'=SUM(A1)" in text
    assert "'=公式示例店" in text


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_every_start_of_a_formula_is_made_harmless(start: str) -> None:
    assert exports.harmless(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize("value", ["1-1", "店=名", "", "0", "'=1"])
def test_other_cells_stay_as_they_are(value: str) -> None:
    assert exports.harmless(value) == value


def test_the_export_speaks_the_readers_language_even_when_it_is_read_later() -> None:
    fill(3)
    with translation.override("en"):
        pieces = exports.register_as_csv(register.walk(who=a_citizen(), wanted=Filter()), labels.words())
    text = "".join(pieces)
    assert "Nankai" in text
    assert "After-sale service" in text


def test_the_file_is_named_by_the_day_and_is_not_buffered(client: Client) -> None:
    answer = client.get("/register.csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="register-20')
    assert answer.headers["X-Accel-Buffering"] == "no"
